"""Clocks that jump under `bongsu serve`, by an hour and by a day, with Debian's libfaketime.

First the wall clock, forwards and back, as when somebody sets it or a time server does: nobody may notice. Then the clock
that only counts, as when a machine was suspended: simulated time follows it, lines that were silent for so long are cut,
and phones come back and catch up without gap or double. In the end the run's folder replays to the same bytes.
"""

import asyncio
import glob
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from email.utils import parsedate_to_datetime
from pathlib import Path

import websockets

LIBRARIES = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
SCENARIO = """
scenario: jumps
clock: { stop: 40h }
people: { residents: { count: 4 } }
notices:
  note: { alimtalk: { template: NOTE, text: "[OO구청] 모의 알림입니다" } }
timeline:
  - { at: 30m, send: note, to: everybody }
  - { at: 20h, send: note, to: everybody }
"""
PHONES = [f"010-0000-000{n}" for n in range(4)]
PATIENCE = 30
HOUR, DAY = 3_600, 86_400


class Server:
    def __init__(self, folder, data, wall_only):
        self.offset = folder / "offset"
        self.set(0)
        environment = {**os.environ, "LD_PRELOAD": LIBRARIES[0], "FAKETIME_TIMESTAMP_FILE": str(self.offset), "FAKETIME_NO_CACHE": "1"}
        if wall_only:
            environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
        command = [os.environ["BONGSU"], "serve", "--listen", "127.0.0.1:0", "--data", str(data), "--keep", "30d"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        ready = self.process.stdout.readline()
        assert ready.startswith("listening on http://127.0.0.1:"), ready
        self.base = ready.split()[-1]

    def set(self, seconds):
        # In one piece: the library may read it at any instant.
        fresh = self.offset.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.rename(self.offset)

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"null")

    def wall_s(self):
        """What the server takes for the time of day, against ours."""
        with urllib.request.urlopen(self.base + "/healthz", timeout=PATIENCE) as answer:
            return parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time()

    def at_s(self):
        return self.call("GET", "/v1/clock")["at_us"] / 1e6

    def end(self):
        self.process.terminate()
        code = self.process.wait(timeout=PATIENCE)
        assert code == 0, f"the server ended with {code}"


class Phone:
    """All four phones on one line, which comes back when it breaks."""

    def __init__(self, base):
        self.url, self.since, self.seen, self.lines = base.replace("http", "ws") + "/ws/kakao", 0, [], 0

    async def live(self):
        while True:
            try:
                async with websockets.connect(self.url, subprotocols=["bongsu.v1"], ping_interval=None) as line:
                    await line.send(json.dumps({"type": "hello", "phones": PHONES, "since": self.since}))
                    assert json.loads(await line.recv())["type"] == "welcome"
                    self.lines += 1
                    async for text in line:
                        frame = json.loads(text)
                        assert frame["type"] == "notice" and frame["seq"] == self.since + 1, frame
                        self.since = frame["seq"]
                        self.seen.append((frame["attempt"], *frame["to"]))
                        await line.send(json.dumps({"type": "receipt", "delivered": [frame["attempt"]]}))
            except (websockets.WebSocketException, OSError):
                await asyncio.sleep(0.1)


async def until(what, holds):
    for _ in range(PATIENCE * 10):
        if holds():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"not in time: {what}")


async def wall(server):
    """The wall clock jumps: simulated time goes on as if nothing were, and so do the lines."""
    server.call("POST", "/v1/runs", {"scenario": SCENARIO, "clock": "real", "phones": "outside"})
    phone = Phone(server.base)
    living = asyncio.create_task(phone.live())
    await until("a session", lambda: phone.lines == 1)
    farthest = 0
    for offset in [HOUR, 0, -HOUR, DAY, -DAY, 0]:
        before, farthest = server.at_s(), max(farthest, offset)
        server.set(offset)
        # The date of an answer never goes back, so that only jumps ahead of all others can be seen in it.
        await until("the wall clock jumps", lambda: abs(server.wall_s() - farthest) < PATIENCE)
        await until("time goes on", lambda: server.at_s() > before + 0.2)
        assert server.at_s() < before + PATIENCE, f"simulated time jumped from {before} to {server.at_s()}"
    assert phone.lines == 1 and not living.done(), "the line was cut"
    living.cancel()
    server.call("POST", "/v1/runs/current/stop", {})
    assert [run["state"] for run in server.call("GET", "/v1/runs")["runs"]] == ["ended"]


async def counted(server):
    """The counting clock jumps: simulated time follows, and who was silent that long comes back."""
    server.call("POST", "/v1/runs", {"scenario": SCENARIO, "clock": "real", "phones": "outside"})
    phone = Phone(server.base)
    living = asyncio.create_task(phone.live())
    await until("a session", lambda: phone.lines == 1)
    server.set(HOUR)
    await until("an hour passes", lambda: server.at_s() >= HOUR)
    await until("the first notices", lambda: len(phone.seen) == 4)
    server.set(HOUR + DAY)
    await until("a day passes", lambda: server.at_s() >= HOUR + DAY)
    await until("the second notices", lambda: len(phone.seen) == 8)
    assert len(set(phone.seen)) == 8 and not living.done(), phone.seen
    living.cancel()
    server.call("POST", "/v1/runs/current/stop", {})
    print(f"8 notices over {phone.lines} lines, none twice, through a jump of an hour and one of a day")


def main():
    assert LIBRARIES, "needs Debian's libfaketime: apt-get install libfaketime"
    for play, wall_only in [(wall, True), (counted, False)]:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            server = Server(Path(folder), data, wall_only)
            try:
                asyncio.run(asyncio.wait_for(play(server), 4 * PATIENCE))
            finally:
                server.end()
            [run] = [path.parent for path in data.glob("*/run.json")]
            subprocess.run([os.environ["BONGSU"], "replay", str(run)], check=True, stdout=subprocess.DEVNULL)
    print("the wall clock jumped by an hour and a day, both ways, and nobody noticed; both runs replay to the same bytes")


main()
