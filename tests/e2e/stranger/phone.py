"""A phone of somebody else's making: PyPI's `websockets` against `bongsu serve`, by docs/protocol.md alone.

Asserts what a civic-tech team would rely on: the ready line, a notice and its receipt, the line that really breaks when
kakao goes down, the handshake that is really refused, the other network that stays up, catch-up after the outage without
gap or double, and the verdict over HTTP.
"""

import asyncio
import json
import os
import subprocess
import urllib.error
import urllib.request

import websockets

SCENARIO = """
scenario: stranger
clock: { stop: 10m }
timeline:
  - { at: 2s, send: "[OO구청] 모의 알림입니다", to: 4 people, over: 40s }
  - { at: 15s, fault: blackout, network: kakao, kind: down, for: 15s }
expect:
  - { must: "ratio(reached) >= 1%", why: somebody hears }
"""
PHONES = [f"010-0000-000{n}" for n in range(4)]
PATIENCE = 30


def call(base, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        assert error.headers["content-type"] == "application/problem+json", error.headers
        return error.code, json.loads(error.read())


class Phone:
    """All four phones on one line of one network."""

    def __init__(self, base, network):
        self.url = base.replace("http", "ws") + f"/ws/{network}"
        self.seen = []
        self.since = None

    async def connect(self):
        self.line = await websockets.connect(self.url, subprotocols=["bongsu.v1"], open_timeout=PATIENCE)
        assert self.line.subprotocol == "bongsu.v1"
        hello = {"type": "hello", "phones": PHONES}
        if self.since is not None:
            hello["since"] = self.since
        await self.line.send(json.dumps(hello))
        welcome = json.loads(await asyncio.wait_for(self.line.recv(), PATIENCE))
        assert welcome["type"] == "welcome" and welcome["heartbeat_ms"] > 0, welcome
        if self.since is None:
            self.since = welcome["seq"]

    async def listen(self):
        """Takes notices until the line breaks; answers how it broke."""
        try:
            async for text in self.line:
                frame = json.loads(text)
                assert frame["type"] == "notice", frame
                assert "모의" in frame["text"], frame
                assert set(frame["to"]) <= set(PHONES), frame
                assert frame["seq"] > self.since, "in order, none twice"
                self.since = frame["seq"]
                self.seen.append(frame)
                await self.line.send(json.dumps({"type": "receipt", "delivered": [frame["attempt"]]}))
        except websockets.ConnectionClosedError as broken:
            return broken
        return None


async def play(base):
    status, run = call(base, "POST", "/v1/runs", {"scenario": SCENARIO, "clock": "x3", "phones": "outside"})
    assert status == 201, run
    kakao, mobile = Phone(base, "kakao"), Phone(base, "mobile")
    await asyncio.gather(kakao.connect(), mobile.connect())
    other = asyncio.create_task(mobile.listen())

    broken = await asyncio.wait_for(kakao.listen(), PATIENCE)
    assert broken is not None and broken.rcvd is None, "severed: no close frame says goodbye"
    assert kakao.seen, "notices came before the outage"
    try:
        await kakao.connect()
        raise AssertionError("kakao is down, and yet it let a phone in")
    except websockets.InvalidStatus as refused:
        assert refused.response.status_code == 503, refused
    status, problem = call(base, "GET", f"/v1/inbox?phone={PHONES[0]}&network=kakao&since=0")
    assert status == 503, problem
    assert not other.done(), "the mobile network stays up"

    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await kakao.connect()
                break
            except (websockets.InvalidStatus, OSError):
                await asyncio.sleep(0.2)
    again = asyncio.create_task(kakao.listen())
    async with asyncio.timeout(PATIENCE):
        while {to for frame in kakao.seen + mobile.seen for to in frame["to"]} != set(PHONES):
            await asyncio.sleep(0.1)

    status, _ = call(base, "POST", "/v1/runs/current/stop", {})
    assert status in (200, 202, 204), status
    number = run["id"]
    status, verdict = call(base, "GET", f"/v1/runs/{number}/verdict")
    assert status == 200 and verdict["verdict"] == "STOPPED", verdict
    for task in (again, other):
        task.cancel()
    attempts = [frame["attempt"] for frame in kakao.seen]
    assert len(attempts) == len(set(attempts)), f"none twice: {attempts}"
    print(f"kakao brought {len(kakao.seen)}, mobile {len(mobile.seen)} of 4 notices; "
          "severed, refused, back, caught up")


def main():
    server = subprocess.Popen([os.environ["BONGSU"], "serve", "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    try:
        ready = server.stdout.readline()
        assert ready.startswith("listening on http://127.0.0.1:"), ready
        asyncio.run(play(ready.split()[-1]))
    finally:
        server.terminate()
        code = server.wait(timeout=PATIENCE)
    assert code == 0, f"the server ended with {code}"


main()
