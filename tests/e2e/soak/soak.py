"""A soak: `bongsu serve --data` with phones that come and go, faults, API readers and hostile bytes, for so many minutes.

    python tests/e2e/soak/soak.py [MINUTES]        ten, if nothing is said; CI takes one

One live run follows the other: short ones, and now and then one of fifty seconds, long enough for peers that went
half-open to be found out. Phones of all kinds are on the line all the time: some leave politely, some break off, some stop
reading, some talk nonsense. Every ten seconds it prints what the server holds; at the end the slope of its resident memory
(least squares over everything after the warm-up), and fails if that is more than SLOPE_MAX, if a half-open peer was kept
longer than FREED_WITHIN, if descriptors stay behind, or if the server does not end in good order.
"""

import asyncio
import json
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import websockets

MINUTES = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
PHONES = 300
SHORT_S, LONG_S = 6, 50
EVERY_S = 10
FREED_WITHIN = 35.0
# KiB a minute. A server that kept one session of each that came and went here would grow by far more; see docs/performance.md.
SLOPE_MAX = 1_024.0 if MINUTES >= 5 else 8_192.0
# The allocator's own pools grow until every thread has done everything once.
WARM_UP = 0.3
SCENARIO = """
scenario: soak
clock: { stop: 1h }
people: { residents: { count: 300, groups: { senior: 20% } } }
notices:
  soaked:
    alimtalk: { template: SOAK, text: "[OO구청] 모의 알림입니다" }
    sms: { text: "[OO구청] 모의 알림입니다" }
    route: [{ try: alimtalk, until: delivered, within: 60s }, { try: sms, until: delivered, within: 60s }]
timeline:
  - { at: 1s, send: soaked, to: everybody, over: 50s }
  - { at: 20s, send: soaked, to: everybody, over: 15m }
  - { at: 40s, fault: planned, network: mobile, kind: latency, add: "uniform(1s, 5s)", for: 30s }
expect:
  - { must: "ratio(reached) >= 1%", why: somebody hears }
"""
HOSTILE = [b"GET /v1/runs HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00", b"GET /ws/kakao HTTP/1.1\r\nHost: localhost\r\n\r\n",
           b"POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n{", b"\r\n" * 40]


class Soak:
    def __init__(self, base, pid):
        self.base, self.pid, self.dice = base, pid, random.Random(20221015)
        self.over = asyncio.Event()
        self.calls = ThreadPoolExecutor(8)
        self.counts = dict.fromkeys(["runs", "sessions", "notices", "submitted", "refused", "reads", "streams", "faults", "hostile"], 0)
        self.freed = []
        self.long = asyncio.Event()

    def fetch(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    async def call(self, method, path, body=None):
        status, text = await asyncio.get_running_loop().run_in_executor(self.calls, self.fetch, method, path, body)
        assert status < 500 or status == 503, f"{method} {path}: {status} {text[:200]}"
        return status, text

    async def rest(self, seconds):
        """Waits, but not beyond the end."""
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except TimeoutError:
            pass

    async def runs(self):
        """One run after the other; every tenth is long."""
        number = 0
        while not self.over.is_set():
            long = number % 10 == 1
            status, text = await self.call("POST", "/v1/runs", {"scenario": SCENARIO, "clock": "x20", "seed": number})
            assert status == 201, text
            self.counts["runs"] += 1
            if long:
                self.long.set()
            await self.rest(LONG_S if long else SHORT_S)
            self.long.clear()
            # What ended is kept, up to a bound that ten minutes do not reach: so it is forgotten at once.
            status, text = await self.call("POST", "/v1/reset", {})
            assert status == 200, text
            number += 1

    async def phone(self, number):
        dice = random.Random(number)
        numbers = [f"010-0000-{n:04}" for n in range(number * 3, number * 3 + 3)]
        network = dice.choice(["kakao", "kakao", "mobile"])
        while not self.over.is_set():
            try:
                url = self.base.replace("http", "ws") + f"/ws/{network}"
                line = await websockets.connect(url, subprotocols=["bongsu.v1"], open_timeout=20, close_timeout=2,
                                                ping_interval=None, max_queue=256)
            except (websockets.WebSocketException, OSError, TimeoutError):
                self.counts["refused"] += 1
                await self.rest(dice.uniform(0.2, 1))
                continue
            self.counts["sessions"] += 1
            await self.talk(line, {"type": "hello", "phones": numbers, "since": dice.choice([None, 0])}, dice)

    async def talk(self, line, hello, dice):
        """Takes notices for a while, then leaves in one of the ways in which phones leave."""
        until = time.monotonic() + dice.uniform(0.3, 6)
        try:
            await line.send(json.dumps(hello))
            while not self.over.is_set() and (left := until - time.monotonic()) > 0:
                frame = json.loads(await asyncio.wait_for(line.recv(), left))
                if frame["type"] == "notice":
                    self.counts["notices"] += 1
                    receipt = {"type": "receipt", "delivered": [frame["attempt"]]}
                    await line.send(json.dumps(receipt))
        except TimeoutError:
            pass
        except websockets.ConnectionClosed:
            return
        way = dice.choice(["close", "close", "abort", "abort", "nonsense", "stall"])
        try:
            if way == "nonsense":
                await line.send("{")
            elif way == "stall":
                line.transport.pause_reading()
                await self.rest(dice.uniform(1, 4))
        except websockets.ConnectionClosed:
            return
        if way in ("abort", "stall"):
            line.transport.abort()
        else:
            await line.close()

    async def half_open(self, number):
        """A peer that is gone without a word, as a phone in a tunnel, on the network that no fault is about: the server
        must let go of it by itself."""
        host, port = self.base.removeprefix("http://").split(":")
        while not self.over.is_set():
            await self.rest(0.1)
            if not self.long.is_set():
                continue
            try:
                reader, writer = await asyncio.open_connection(host, int(port))
                writer.write(handshake("mail") + masked(json.dumps({"type": "hello", "phones": [f"010-0000-{number:04}"]})))
                await asyncio.wait_for(reader.readuntil(b'"welcome"'), 10)
            except (asyncio.IncompleteReadError, OSError, TimeoutError):
                continue
            begun = time.monotonic()
            try:
                # Reads, so that the end is seen, and answers nothing, not even a ping.
                while await asyncio.wait_for(reader.read(4096), FREED_WITHIN + 5):
                    pass
            except ConnectionResetError:
                pass
            except TimeoutError:
                self.freed.append(FREED_WITHIN + 5)
            if self.long.is_set():
                self.freed.append(time.monotonic() - begun)
            writer.close()
            while self.long.is_set():
                await self.rest(0.1)

    async def hostile(self):
        host, port = self.base.removeprefix("http://").split(":")
        while not self.over.is_set():
            try:
                _, writer = await asyncio.open_connection(host, int(port))
                writer.write(self.dice.choice(HOSTILE))
                await self.rest(self.dice.uniform(0, 2))
                # Some go with a reset.
                if self.dice.random() < 0.5:
                    linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.close()
            except OSError:
                pass
            self.counts["hostile"] += 1

    async def faults(self):
        kinds = [{"kind": "down"}, {"kind": "down", "how": "hang"}, {"kind": "silence", "recover": "flush 50/s"},
                 {"kind": "sever"}, {"kind": "refuse", "share": "80%"}, {"kind": "login"}, {"kind": "loss", "share": "30%"}]
        number = 0
        while not self.over.is_set():
            number += 1
            network = self.dice.choice(["kakao", "kakao", "mobile"])
            fault = {"fault": f"soak-{number}", "network": network, "for": "20s", **self.dice.choice(kinds)}
            status, _ = await self.call("POST", "/v1/faults", fault)
            self.counts["faults"] += status in (200, 201)
            await self.rest(self.dice.uniform(0.5, 1.5))
            await self.call("DELETE", "/v1/faults")
            await self.rest(self.dice.uniform(0.5, 2))

    async def reader(self):
        paths = ["/v1/runs", "/v1/runs/current", "/metrics", "/v1/notices?query=state:reached&limit=50", "/v1/people?limit=20",
                 "/v1/wait?event=shown&timeout_ms=200", "/v1/inbox?phone=010-0000-0007", "/openapi.json",
                 "/v1/runs/current/events?since=0&limit=500", "/v1/people/010-0000-0009", "/v1/faults", "/"]
        while not self.over.is_set():
            await self.call("GET", self.dice.choice(paths))
            self.counts["reads"] += 1
            await self.rest(0.05)

    async def streams(self):
        """Readers of the event stream that leave without a word."""
        host, port = self.base.removeprefix("http://").split(":")
        while not self.over.is_set():
            path = self.dice.choice(["/v1/events/stream?since=0", "/v1/runs/current/live"])
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            self.counts["streams"] += bool(await reader.read(20_000))
            await self.rest(self.dice.uniform(0, 2))
            writer.transport.abort()

    async def submit(self):
        """Somebody's own system, which sends notices in batches."""
        while not self.over.is_set():
            to = [f"010-0000-{self.dice.randrange(PHONES):04}" for _ in range(10)]
            status, _ = await self.call("POST", "/v1/notices", {"kind": "soaked", "to": to})
            self.counts["submitted"] += 10 * (status < 300)
            await self.rest(0.3)

    def rss(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    async def watch(self, seconds):
        begun, samples = time.monotonic(), []
        while (passed := time.monotonic() - begun) < seconds:
            await asyncio.sleep(min(EVERY_S, seconds - passed))
            passed = time.monotonic() - begun
            samples.append((passed / 60, self.rss()))
            counts = ", ".join(f"{number} {what}" for what, number in self.counts.items())
            print(f"{passed:5.0f} s  {samples[-1][1]:7} KiB  {self.descriptors():4} descriptors  {counts}", flush=True)
        self.over.set()
        return samples

    async def play(self):
        before = self.descriptors()
        tasks = [self.runs(), self.faults(), *(self.phone(n) for n in range(PHONES // 3)), *(self.reader() for _ in range(3)),
                 *(self.streams() for _ in range(3)), self.submit(),
                 *(self.hostile() for _ in range(4)), *(self.half_open(n * 7) for n in range(10))]
        tasks = [asyncio.create_task(task) for task in tasks]
        watching = asyncio.create_task(self.watch(MINUTES * 60))
        done, _ = await asyncio.wait([*tasks, watching], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {watching}:
            task.result()
        samples = await watching
        await asyncio.wait_for(asyncio.gather(*tasks), 60)
        self.calls.shutdown()
        # What has ended is let go of within moments; nothing but the listener and the journal stays.
        for _ in range(100):
            if self.descriptors() <= before + 4:
                break
            await asyncio.sleep(0.1)
        return samples, before, self.descriptors()


def handshake(network):
    return (f"GET /ws/{network} HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Protocol: bongsu.v1\r\n\r\n").encode()


def masked(text):
    payload = text.encode()
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def slope(samples):
    """KiB a minute, least squares, over what comes after the warm-up."""
    last = samples[-1][0]
    kept = [(x, y) for x, y in samples if x >= last * WARM_UP]
    middle_x, middle_y = (sum(column) / len(kept) for column in zip(*kept))
    return (sum((x - middle_x) * (y - middle_y) for x, y in kept) / sum((x - middle_x) ** 2 for x, _ in kept)), len(kept)


def main():
    with tempfile.TemporaryDirectory() as data:
        command = [os.environ["BONGSU"], "serve", "--listen", "127.0.0.1:0", "--data", data, "--keep-runs", "8"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            ready = server.stdout.readline()
            assert ready.startswith("listening on http://127.0.0.1:"), ready
            soak = Soak(ready.split()[-1], server.pid)
            samples, before, after = asyncio.run(soak.play())
            assert server.poll() is None, "the server is gone"
        finally:
            server.terminate()
            code = server.wait(timeout=30)
    assert code == 0, f"the server ended with {code}"
    per_minute, points = slope(samples)
    print(f"resident memory: {samples[-1][1]} KiB at the end, {per_minute:+.0f} KiB a minute over the last {points} samples "
          f"(at most {SLOPE_MAX:.0f})")
    freed = [f"{seconds:.1f}" for seconds in sorted(soak.freed)]
    print(f"half-open peers let go of after {freed[0] if freed else '-'} to {freed[-1] if freed else '-'} s, {len(freed)} of them")
    print(f"descriptors: {before} before, {after} after")
    assert all(soak.counts.values()), f"something never happened: {soak.counts}"
    assert freed and max(soak.freed) <= FREED_WITHIN, f"kept too long: {freed}"
    assert after <= before + 4, "descriptors stay behind"
    assert per_minute <= SLOPE_MAX, "memory grows"


main()
