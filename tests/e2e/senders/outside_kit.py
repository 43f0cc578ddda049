"""What tests of senders share: a server, a scenario for applications outside, faults, and a sink for webhooks."""

import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import time

PATIENCE = 60
KEY, SECRET = "bongsu-test-key", "bongsu-test-secret"
# x30: a platform's three minutes of waiting for a receipt are six seconds here, and so is an answer after 180 s.
SPEED = 30
SCENARIO = """
scenario: outside
clock: { start: "2026-03-03T10:00:00+09:00", stop: 8h }
sender: { drive: external, receipts_to: "http://127.0.0.1:%d/hook" }
people:
  tenants: { count: 1200, kakao: { active: 100%% }, phone: { powered: 100%% }, reads: { after: 1h } }
notices:
  rent:
    vars: { 이름: person.name, 금액: "won(100000..200000)" }
    alimtalk: { template: RENT01, text: "[OO구청] #{이름}님, 임대료 #{금액}원을 내 주십시오." }
    lms: "[OO구청] 임대료 안내"
    sms: "[OO구청] 임대료 안내"
    route: [{ try: alimtalk }, { try: lms }]
timeline:
  - { at: 7h, send: rent, to: 1 people }
"""


class Sink:
    """An application's webhook address. `answer` gives the answer's body for a request."""

    def __init__(self, answer):
        self.taken = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                said = json.dumps(answer(self.headers, body)).encode()
                outer.taken.append((dict(self.headers), body))
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                """A caller that had no more patience has hung up; what it sent comes again."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Stage:
    """A server with a run that goes on."""

    def __init__(self, answer, flags=(), scenario=None, speed=SPEED):
        self.sink = Sink(answer)
        self.process = subprocess.Popen([os.environ["BONGSU"], "serve", "--listen", "127.0.0.1:0", *flags],
                                        stdout=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline()
        assert ready.startswith("listening on http://127.0.0.1:"), ready
        self.base = ready.split()[-1]
        self.host = self.base.removeprefix("http://")
        if "--smtp-listen" in flags:
            mails = self.process.stdout.readline()
            host, port = mails.removeprefix("listening on smtp://").split(",")[0].rsplit(":", 1)
            self.smtp = (host, int(port))
        scenario = SCENARIO % self.sink.port if scenario is None else scenario
        self.call("POST", "/v1/runs", {"scenario": scenario, "clock": f"x{speed}"})

    def call(self, method, path, body=None):
        line = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        headers = {"content-type": "application/json"}
        line.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = line.getresponse()
        text = answer.read()
        line.close()
        assert answer.status < 300, (method, path, answer.status, text)
        return json.loads(text) if text else None

    def fault(self, name, **row):
        """A fault that lasts as long as the `with` block."""
        return Fault(self, {"fault": name, "network": "kakao", "until": "lifted", **row})

    def count(self, event):
        """Events of a kind so far."""
        seen, since = 0, 0
        while True:
            page = self.call("GET", f"/v1/runs/current/events?since={since}&limit=1000")
            if not page["events"]:
                return seen
            seen += sum(row["event"] == event for row in page["events"])
            since = page["next"] if "next" in page else page["events"][-1]["seq"]

    def end(self):
        self.process.terminate()
        code = self.process.wait(timeout=PATIENCE)
        assert code == 0, f"the server ended with {code}"


class Fault:
    def __init__(self, stage, row):
        self.stage, self.row = stage, row

    def __enter__(self):
        self.stage.call("POST", "/v1/faults", self.row)

    def __exit__(self, *_):
        self.stage.call("DELETE", f"/v1/faults/{self.row['fault']}")


def until(what, wanted, patience=PATIENCE):
    """Asks again until the answer is wanted."""
    end = time.monotonic() + patience
    while True:
        found = what()
        if wanted(found):
            return found
        assert time.monotonic() < end, f"still {found}"
        time.sleep(0.1)


def phone(number):
    return f"0100000{number:04}"


def said(line):
    print(line)
    sys.stdout.flush()
