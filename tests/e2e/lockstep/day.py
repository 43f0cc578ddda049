"""A day in lock-step: senders in Python and in Node sleep 24 hours of the simulation and then act, at that very instant.
Each run takes seconds, comes to its verdict, and replays to the same bytes; an application that is killed while it
holds time does not freeze a run."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).absolute().parent
CLIENTS = HERE.parents[2] / "fixtures/clients"
BONGSU = os.environ["BONGSU"]
SECONDS_MAX = 20
SENDERS = {"python": [sys.executable, HERE / "sender.py"], "node": ["node", HERE / "sender.mjs"]}

sys.path.insert(0, str(CLIENTS / "python"))

from bongsu_clock import Clock, RunEnded  # noqa: E402


def call(base, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def base_of(server):
    ready = server.stdout.readline()
    assert ready.startswith("listening on http://127.0.0.1:"), ready
    return ready.split()[-1]


def events(folder):
    return [json.loads(line) for line in (folder / "events.ndjson").read_text().splitlines()]


def a_day(name, folder):
    """`bongsu run --clock lockstep` with a sender beside it, and what the folder says afterwards."""
    begun = time.monotonic()
    command = [BONGSU, "run", HERE / "day.yaml", "--clock", "lockstep", "--listen", "127.0.0.1:0", "--report", folder]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        sender = subprocess.run(SENDERS[name], env={**os.environ, "BONGSU_URL": base_of(run)}, stdout=subprocess.PIPE,
                                text=True, timeout=120, check=True)
        report, _ = run.communicate(timeout=60)
    finally:
        run.kill()
    took = time.monotonic() - begun
    assert run.returncode == 0, f"{name}: exit {run.returncode}\n{report}"
    told = json.loads(sender.stdout)
    expected = {"now": 86400.0, "time": "2026-03-03T09:00:00+09:00", "seen": [0, 21600, 43200, 64800], "bills": 20, "ended": True}
    assert {**expected, **told} == {**told, **expected} and told["reminded"] > 0, told
    made = [event["t"] for event in events(folder) if event["event"] == "created"]
    assert made == [0] * 20 + [86_400_000_000] * told["reminded"], made
    again = subprocess.run([BONGSU, "replay", folder, "--lang", "en"], stdout=subprocess.PIPE, text=True, check=True)
    assert again.stdout.startswith("equal: "), again.stdout
    assert took < SECONDS_MAX, f"{name}: a day took {took:.1f} s"
    print(f"lockstep: a day of {name} in {took:.1f} s, {told['reminded']} reminded; {again.stdout.strip()}")


def the_dead_are_dropped(base):
    """A process that is killed while it works: the run goes on without it, and says so."""
    call(base, "POST", "/v1/runs", {"scenario": (HERE / "day.yaml").read_text(), "clock": "lockstep"})
    code = "import sys; from bongsu_clock import Clock; w = Clock(sys.argv[1], 'victim').working(); w.__enter__(); print('held', flush=True); sys.stdin.read()"
    path = {**os.environ, "PYTHONPATH": str(CLIENTS / "python")}
    victim = subprocess.Popen([sys.executable, "-c", code, base], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=path)
    assert victim.stdout.readline() == "held\n"
    survivor = Clock(base, "survivor")
    woken = []
    thread = threading.Thread(target=lambda: woken.append(survivor.sleep(3600)))
    thread.start()
    while len(call(base, "GET", "/v1/clock/leases")["leases"]) < 2:
        pass
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    begun = time.monotonic()
    thread.join(timeout=30)
    took = time.monotonic() - begun
    standing = call(base, "GET", "/v1/clock/leases")
    assert woken == [None] and 5 < took < 20, f"{woken} after {took:.1f} s"
    assert [(gone["name"], gone["why"], gone["at_us"]) for gone in standing["gone"]][:1] == [("victim", "dropped", 0)], standing
    survivor.close()
    while call(base, "GET", "/v1/runs/r1")["state"] != "ended":
        pass
    print(f"lockstep: a dead application was dropped after {took:.1f} s, and the run came to its end")


def a_webhook_holds_time(base):
    """A server's thread that works in `working()` holds time although everybody else sleeps."""
    call(base, "POST", "/v1/reset")
    call(base, "POST", "/v1/runs", {"scenario": (HERE / "day.yaml").read_text(), "clock": "lockstep"})
    order, begun, gate = [], threading.Event(), threading.Event()
    with Clock(base, "app") as clock:
        def serve():
            with clock.working():
                begun.set()
                gate.wait()
                order.append(("served", clock.now()))
        server = threading.Thread(target=serve, name="webhook")
        server.start()
        begun.wait()
        waker = threading.Thread(target=lambda: (idle_is_seen(base, "app"), gate.set()))
        waker.start()
        clock.sleep(60)
        order.append(("slept", clock.now()))
        server.join()
        waker.join()
        assert order == [("served", 0.0), ("slept", 60.0)], order
        try:
            clock.sleep_until(1e9)
            raise AssertionError("no run is that long")
        except RunEnded:
            pass
    print("lockstep: time stood while a webhook was served")


def idle_is_seen(base, name):
    while not any(row["name"] == name and row["state"] == "idle" for row in call(base, "GET", "/v1/clock/leases")["leases"]):
        pass


def the_same_program_by_the_real_clock(base):
    """The helpers wait for a run that is not in lock-step as long as its clock takes."""
    call(base, "POST", "/v1/reset")
    call(base, "POST", "/v1/runs", {"scenario": (HERE / "day.yaml").read_text(), "clock": "x1000"})
    begun, clock = time.monotonic(), Clock(base, "app")
    before = clock.now()
    clock.sleep(1000)
    assert clock.now() - before >= 1000 and 0.9 < time.monotonic() - begun < 10
    code = f"""import {{ Clock }} from {json.dumps(str(CLIENTS / "node/bongsu-clock.mjs"))};
        const clock = await Clock.connect({{ url: {json.dumps(base)} }});
        const before = clock.now(); await clock.sleep(1000);
        if (clock.now() - before < 1000) throw new Error(`${{before}} ${{clock.now()}}`);"""
    subprocess.run(["node", "--input-type=module", "-e", code], check=True, timeout=60)
    print("lockstep: the same programs wait for a real clock")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        for name in SENDERS:
            a_day(name, Path(scratch) / name)
        server = subprocess.Popen([BONGSU, "serve", "--listen", "127.0.0.1:0", "--data", Path(scratch) / "data"],
                                  stdout=subprocess.PIPE, text=True)
        try:
            base = base_of(server)
            the_dead_are_dropped(base)
            a_webhook_holds_time(base)
            the_same_program_by_the_real_clock(base)
        finally:
            server.terminate()
            ended = server.wait(timeout=60)
        assert ended == 0, f"the server ended with {ended}"
        for folder in (Path(scratch) / "data").glob("*-r[12]-*"):
            again = subprocess.run([BONGSU, "replay", folder, "--lang", "en"], stdout=subprocess.PIPE, text=True, check=True)
            assert re.match(r"equal: \d+ events", again.stdout), again.stdout


main()
