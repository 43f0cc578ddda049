"""The native API against a stranger's fuzzer: Schemathesis reads /openapi.json and asks whatever that allows, and more.

A live run goes on beside it, started again whenever the fuzzer has stopped or reset it. Then /metrics is read by the
parser of the Prometheus client, and the server must still end in good order.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

HERE = Path(__file__).absolute().parent
SCENARIO = """
scenario: fuzzed
clock: { stop: 1h }
people: { residents: { count: 50, groups: { senior: 20% } } }
timeline:
  - { at: 0s, send: "[OO구청] 모의 알림입니다", to: everybody, over: 40m }
  - { at: 1m, fault: blackout, network: kakao, kind: down, for: 5m }
"""
SECONDS = os.environ.get("BONGSU_FUZZ_SECONDS", "45")


def call(base, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def keep_running(base, over):
    # Every other one in lock-step, where leases mean something; one that nobody moves ends with the next reset or stop.
    for clock in itertools.cycle(["x20", "lockstep"]):
        status = 409
        while status != 201:
            if over.wait(0.3):
                return
            status, _ = call(base, "POST", "/v1/runs", {"scenario": SCENARIO, "clock": clock})


def fuzz(base):
    command = [
        str(Path(sys.executable).absolute().parent / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"),
        "run", base + "/openapi.json", "--max-time", SECONDS, "--phases", "coverage,fuzzing", "--max-examples", "60",
        "--seed", "20221015", "--no-color", "--warnings", "off",
    ]
    # It keeps what it found beside where it runs; a test begins without a memory.
    with tempfile.TemporaryDirectory() as nowhere:
        return subprocess.run(command, check=False, cwd=nowhere).returncode


def metrics(base):
    status, page = call(base, "GET", "/metrics")
    assert status == 200, page
    families = {family.name: family for family in text_string_to_metric_families(page)}
    asked = sum(sample.value for sample in families["bongsu_http_requests"].samples)
    assert asked > 300, f"the fuzzer asked {asked} times only"
    broken = [s for s in families["bongsu_http_requests"].samples if s.labels["status"] == "5xx"]
    memory = families["process_resident_memory_bytes"].samples[0].value
    assert memory < 500 << 20, f"{memory} bytes after it"
    print(f"{asked:.0f} requests, {sum(s.value for s in broken):.0f} of them answered 5xx, {memory / 2**20:.0f} MiB")


def main():
    server = subprocess.Popen([os.environ["BONGSU"], "serve", "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    try:
        ready = server.stdout.readline()
        assert ready.startswith("listening on http://127.0.0.1:"), ready
        base = ready.split()[-1]
        over = threading.Event()
        keeper = threading.Thread(target=keep_running, args=(base, over))
        keeper.start()
        try:
            code = fuzz(base)
        finally:
            over.set()
            keeper.join()
        assert server.poll() is None, "the server is gone"
        metrics(base)
    finally:
        server.terminate()
        ended = server.wait(timeout=60)
    assert ended == 0, f"the server ended with {ended}"
    assert code == 0, "the fuzzer found failures, see above"


main()
