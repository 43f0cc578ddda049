"""A sender that bills everybody, sleeps a day, and reminds whoever has not opened the bill. Beside it a thread looks
every six hours. Prints what it saw as JSON."""

import json
import os
import sys
import threading
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).absolute().parents[3] / "fixtures/clients/python"))

from bongsu_clock import Clock, RunEnded  # noqa: E402

URL = os.environ["BONGSU_URL"]
DAY_S = 24 * 3600


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def look(clock, seen, holds):
    with clock.working():
        holds.set()
        seen.extend(clock.every(6 * 3600, times=4))


with Clock(URL, "sender.py") as clock:
    seen = []
    with clock.working():
        holds = threading.Event()
        looking = threading.Thread(target=look, args=(clock, seen, holds), name="look")
        looking.start()
        # A thread that has no lease yet is nobody whom time would wait for.
        holds.wait()
        phones = [f"010-0000-{number:04}" for number in range(20)]
        bills = call("POST", "/v1/notices", {"kind": "bill", "to": phones})["notices"]
    clock.sleep(DAY_S)
    looking.join()
    late = call("GET", "/v1/notices?query=kind:bill+-state:opened")["notices"]
    reminded = call("POST", "/v1/notices", {"kind": "reminder", "to": [bill["to"] for bill in late]})["notices"]
    told = {"now": clock.now(), "time": clock.datetime().isoformat(), "seen": seen, "bills": len(bills)}
    told["reminded"] = len(reminded)
    try:
        clock.sleep(30 * DAY_S)
        raise AssertionError("the run goes no further than its end")
    except RunEnded:
        told["ended"] = True
print(json.dumps(told))
