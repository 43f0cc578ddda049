"""SOLAPI's own clients, from PyPI and npm, unmodified, against `bongsu serve`.

Asserts what a team would rely on: one message and a thousand in one call, the status that is asked for, the webhook that
comes, the text instead of the alimtalk and its switch, and what each client does when the platform answers 503, takes
the message and breaks the line, answers too late, falls silent, or when a report does not get through.
"""

import http.server
import json
import os
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import httpx
from solapi import SolapiMessageService
from solapi.error.MessageNotReceiveError import MessageNotReceivedError
from solapi.model import KakaoOption, RequestMessage
from solapi.model.request.groups.get_groups import GetGroupsRequest
from solapi.model.request.messages.get_messages import GetMessagesRequest
from solapi.model.webhook.group_report import GroupReportPayload
from solapi.model.webhook.single_report import SingleReportPayload

HERE = Path(__file__).absolute().parent
PATIENCE = 40
STRANGER = "01000001000"
SCENARIO = """
scenario: outside
clock: {{ start: "2026-11-02T10:00:00+09:00", stop: 12h }}
sender: {{ drive: external, speaks: "solapi@4", receipts_to: "{sink}" }}
channels:
  lh: {{ name: "LH", search_id: "@lh" }}
people:
  users: {{ count: 1000, kakao: {{ active: 100% }}, phone: {{ powered: 100% }} }}
  strangers: {{ count: 10, kakao: {{ none: 100% }}, phone: {{ powered: 100% }} }}
notices:
  rent:
    vars: {{ 이름: person.name, 기한: "date(+10d)" }}
    alimtalk: {{ template: KA01TP_RENT, text: "[LH] #{{이름}}님 납부기한 #{{기한}}" }}
    lms: {{ title: "LH 안내", text: "[LH] #{{이름}}님 납부기한 #{{기한}}" }}
    route:
      - {{ try: alimtalk, until: delivered, within: 60s }}
      - {{ try: lms, until: delivered, within: 10m }}
timeline: [{fault}]
"""


class Sink(http.server.BaseHTTPRequestHandler):
    """The application's end of the webhooks; refuses the first `deaf` of them."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.calls.append((self.headers["x-solapi-event"], json.loads(body)))
        self.send_response(500 if len(self.server.calls) <= self.server.deaf else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def call(base, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.loads(answer.read() or b"null")


def until(what, get, good):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = get()
        if good(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come; last: {found}")


class Stage:
    """A run for one case."""

    def __init__(self, base, sink, fault="", clock="x30", deaf=0):
        self.base, self.sink = base, sink
        sink.calls, sink.deaf = [], deaf
        text = SCENARIO.format(sink=f"http://127.0.0.1:{sink.server_port}/hook", fault=fault)
        call(base, "POST", "/v1/runs", {"scenario": text, "clock": clock})
        self.python = SolapiMessageService("bongsu-test-key", "bongsu-test-secret")
        self.python.base_url = base

    def __enter__(self):
        return self

    def __exit__(self, *_):
        call(self.base, "POST", "/v1/runs/current/stop", {})

    def node(self, *words):
        env = {**os.environ, "BONGSU_URL": self.base}
        command = ["node", "--import", str(HERE.parents[2] / "fixtures/attach/redirect.mjs"), str(HERE / "solapi_node.mjs"), *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def messages(self, **asked):
        return self.python.get_messages(GetMessagesRequest(limit=500, **asked)).message_list

    def done(self, message):
        """A message, once it is neither taken nor on its way."""
        get = lambda: self.messages(message_id=message)[message]
        return until("an end", get, lambda found: found.status_code not in ("2000", "3000"))

    def reports(self, event):
        return [row for name, rows in self.sink.calls if name == event for row in rows]


def alimtalk(to, **options):
    kakao = KakaoOption(pf_id="KA01PFlh", template_id="KA01TP_RENT",
                        variables={"이름": "홍길동", "기한": "2026-12-31"}, **options)
    return RequestMessage(to=to, from_="02-1234-5678", kakao_options=kakao)


def number(n):
    return f"010-0000-{n:04}"


def plain(stage):
    sent = stage.python.send(alimtalk(number(1)))
    count = sent.group_info.count
    assert (count.total, count.registered_success, count.registered_failed) == (1, 1, 0), sent
    message = next(iter(stage.python.get_group_messages(sent.group_info.group_id).message_list))
    assert stage.done(message).status_code == "4000"
    singles = until("a SINGLE-REPORT", lambda: stage.reports("SINGLE-REPORT"), bool)
    report = SingleReportPayload.model_validate(singles).root[0].data
    assert (report.message_id, report.status_code, report.to) == (message, "4000", "01000000001"), report
    groups = until("a GROUP-REPORT", lambda: stage.reports("GROUP-REPORT"), bool)
    report = GroupReportPayload.model_validate(groups).root[0].data
    assert (report.status, report.count.sent_success) == ("COMPLETE", 1), report
    assert stage.python.get_group(sent.group_info.group_id).status == "COMPLETE"
    listed = stage.python.get_groups(GetGroupsRequest(group_id=sent.group_info.group_id))
    assert list(listed.group_list) == [sent.group_info.group_id], listed
    assert 0 < stage.python.get_balance().balance < 10_000_000
    try:
        stage.python.send(alimtalk("010-1999-9999"))
        raise AssertionError("nobody has that number")
    except MessageNotReceivedError as error:
        assert error.failed_messages[0].status_code == "1058", error.failed_messages

    sent = stage.node("send", "01000000002")
    assert sent["ok"]["groupInfo"]["count"]["total"] == 1, sent
    message = sent["ok"]["messageList"][0]["messageId"]
    listed = until("4000", lambda: stage.node("list", sent["ok"]["groupInfo"]["groupId"])["ok"]["messageList"],
                   lambda rows: rows[message]["statusCode"] == "4000")
    assert listed[message]["status"] == "COMPLETE", listed
    steps = stage.node("steps", "01000000003")
    assert steps["ok"]["added"]["errorCount"] == "0" and len(steps["ok"]["list"]["messageList"]) == 1, steps
    assert stage.node("group", steps["ok"]["id"])["ok"]["count"]["total"] == 1
    account = stage.node("account")
    assert account["ok"]["templates"]["templateList"][0]["templateId"] == "KA01TP_RENT", account
    assert account["ok"]["channels"]["channelList"][0]["searchId"] == "@lh", account
    return "single, status, reports, groups, balance, templates"


def thousand(stage):
    began = time.monotonic()
    sent = stage.python.send([alimtalk(number(n)) for n in range(1_000)])
    python_s = time.monotonic() - began
    assert sent.group_info.count.registered_success == 1_000, sent.group_info.count
    again = stage.node("many", "1000")
    assert again["ok"]["groupInfo"]["count"]["registeredSuccess"] == 1_000, again
    told = lambda: {row["data"]["messageId"] for row in stage.reports("SINGLE-REPORT")}
    until("2,000 reports", told, lambda ids: len(ids) == 2_000)
    return f"1,000 in one call: Python {python_s * 1000:.0f} ms, Node {again['ms']} ms; 2,000 webhooks"


def fallback(stage):
    on = stage.python.send(alimtalk(STRANGER))
    off = stage.python.send(alimtalk(STRANGER, disable_sms=True))
    ids = [next(iter(stage.python.get_group_messages(sent.group_info.group_id).message_list)) for sent in (on, off)]
    replaced, failed = map(stage.done, ids)
    assert (str(replaced.type), replaced.status_code) == ("SMS", "4000"), replaced
    assert (str(failed.type), failed.status_code) == ("ATA", "3104"), failed
    count = stage.python.get_group(on.group_info.group_id).count
    assert (count.sent_replacement, count.sent_success) == (1, 1), count
    on, off = stage.node("send", STRANGER), stage.node("send", STRANGER, "off")
    for sent, code, replaced in ((on, "4000", True), (off, "3104", False)):
        group = sent["ok"]["groupInfo"]["groupId"]
        row = until(code, lambda: next(iter(stage.node("list", group)["ok"]["messageList"].values())),
                    lambda row: row["statusCode"] == code)
        assert bool(row["replacement"]) == replaced, row
    return "the text went out where it was not switched off; 3104 where it was"


def refused(stage):
    try:
        stage.python.send(alimtalk(number(1)))
        raise AssertionError("the platform is out")
    except Exception as error:
        assert error.args[0] == "UnknownError" and "ServiceUnavailable" in error.args[1], error
    sent = stage.node("send", "01000000002")
    assert "error" in sent, sent
    return f"Python: bare Exception; Node: {sent['tag'] or sent['error']} after {sent['ms']} ms"


def broken(stage):
    try:
        stage.python.send(alimtalk(number(1)))
        raise AssertionError("the line breaks")
    except httpx.ReadError:
        pass
    assert len(stage.messages(to="01000000001")) == 1, "taken all the same"
    sent = stage.node("send", "01000000002")
    assert "error" in sent, sent
    copies = len(stage.messages(to="01000000002"))
    assert copies == 4, f"Node posts four times, and four are taken: {copies}"
    return f"Python: ReadError, 1 taken; Node: {sent['tag'] or sent['error']}, {copies} taken"


def late(stage):
    began = time.monotonic()
    try:
        stage.python.send(alimtalk(number(1)))
        raise AssertionError("six seconds are too late")
    except httpx.ReadTimeout:
        python_s = time.monotonic() - began
    assert len(stage.messages(to="01000000001")) == 1, "taken all the same"
    sent = stage.node("send", "01000000002")
    assert sent["ok"]["groupInfo"]["count"]["total"] == 1 and sent["ms"] >= 5_900, sent
    return f"Python: ReadTimeout after {python_s:.1f} s, 1 taken; Node waited {sent['ms']} ms"


def silent(stage):
    sent = stage.python.send(alimtalk(number(1)))
    message = next(iter(stage.python.get_group_messages(sent.group_info.group_id).message_list))
    other = stage.node("send", "01000000002")["ok"]["messageList"][0]["messageId"]
    codes = [stage.done(id).status_code for id in (message, other)]
    assert codes == ["3040", "3040"], codes
    count = stage.python.get_group(sent.group_info.group_id).count
    assert (count.sent_success, count.sent_replacement) == (0, 0), "nobody knows, so nothing is sent instead"
    return f"accepted, and long after {codes}"


def unacknowledged(stage):
    sent = stage.python.send(alimtalk(number(1)))
    message = next(iter(stage.python.get_group_messages(sent.group_info.group_id).message_list))
    told = stage.done(message).status_code
    other = stage.node("send", "01000000002")["ok"]["messageList"][0]["messageId"]
    assert stage.done(other).status_code == told, told
    return f"acknowledgements do not arrive: {told}"


def lost(stage):
    sent = stage.python.send(alimtalk(number(1)))
    singles = until("a third try", lambda: stage.reports("SINGLE-REPORT"), lambda rows: len(rows) >= 3)
    assert len({row["data"]["messageId"] for row in singles}) == 1, singles
    assert stage.python.get_group(sent.group_info.group_id).count.sent_success == 1, "who asks is told"
    return f"a report that was refused came {len(singles)} times"


CASES = [
    (plain, {}),
    (thousand, {}),
    (fallback, {}),
    (refused, {"fault": "{ at: 0s, fault: out, network: kakao, kind: down, for: 6h }"}),
    (broken, {"fault": "{ at: 0s, fault: cut, network: kakao, kind: accept_then, then: reset, for: 6h }"}),
    (late, {"fault": "{ at: 0s, fault: slow, network: kakao, kind: accept_then, then: answer(6s), for: 6h }",
            "clock": "real"}),
    (silent, {"fault": "{ at: 0s, fault: hush, network: kakao, kind: silence, for: 6h }"}),
    (unacknowledged, {"fault": "{ at: 0s, fault: deaf, network: kakao, kind: loss, legs: [receipt], for: 6h }"}),
    # A single and a group report take turns: the third single is the fifth call.
    (lost, {"deaf": 4, "clock": "x300"}),
]


def main():
    sink = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    server = subprocess.Popen([os.environ["BONGSU"], "serve", "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    try:
        ready = server.stdout.readline()
        assert ready.startswith("listening on http://127.0.0.1:"), ready
        for case, how in CASES:
            with Stage(ready.split()[-1], sink, **how) as stage:
                print(f"{case.__name__}: {case(stage)}", flush=True)
    finally:
        server.terminate()
        code = server.wait(timeout=PATIENCE)
    assert code == 0, f"the server ended with {code}"


main()
