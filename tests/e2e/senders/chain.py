"""A chain "not opened for 24 hours, then a text message" with SOLAPI's own clients in lock-step: each day takes seconds,
passes, replays to the same bytes, and the audit tells what the client heard and how."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).absolute().parent
BONGSU = os.environ["BONGSU"]
SECONDS_MAX = 20
REDIRECT = HERE.parents[2] / "fixtures/attach/redirect.mjs"
CLIENTS = {
    "python": [sys.executable, HERE / "chain_solapi.py"],
    "node": ["node", "--import", REDIRECT, HERE / "chain_solapi.mjs"],
}


def bongsu(*words):
    return subprocess.run([BONGSU, *map(str, words)], stdout=subprocess.PIPE, text=True, check=True).stdout


def a_day(name, folder):
    begun = time.monotonic()
    command = [BONGSU, "run", HERE / "chain.yaml", "--clock", "lockstep", "--listen", "127.0.0.1:0", "--report", folder]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        base = run.stdout.readline().split()[-1]
        sender = subprocess.run(CLIENTS[name], env={**os.environ, "BONGSU_URL": base}, capture_output=True, text=True,
                                timeout=120, check=False)
        assert sender.returncode == 0, sender.stderr
        report, _ = run.communicate(timeout=60)
    finally:
        run.kill()
    took = time.monotonic() - begun
    assert run.returncode == 0, f"{name}: exit {run.returncode}\n{report}"
    told = json.loads(sender.stdout)
    assert told["codes"] == told["texts"] == ["4000"] and told["asked"] == 20 and told["ended"], told
    assert told["late"] == told["sent"] > 0 and told["at"] == 86_400, told
    fell = [row for row in map(json.loads, (folder / "events.ndjson").read_text().splitlines()) if row["event"] == "fell_back"]
    assert [row["t"] for row in fell] == [86_400_000_000] * told["late"], fell
    assert {row["cause"] for row in fell} == {"not_opened"}, fell
    assert bongsu("replay", folder, "--lang", "en").startswith("equal: ")
    audit = json.loads(bongsu("audit", folder, "--json"))
    assert {row["ear"] for row in audit["told"]} == {"poll"}, audit["told"]
    assert took < SECONDS_MAX, f"{name}: a day took {took:.1f} s"
    print(f"chain: a day of SOLAPI's client for {name} in {took:.1f} s, {told['late']} of 20 got a text message", flush=True)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        for name in CLIENTS:
            a_day(name, Path(scratch) / name)


main()
