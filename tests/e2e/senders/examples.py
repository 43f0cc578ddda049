"""The two example senders against the rent bill in silence: the one that believes "accepted" must fail, the one that asks
must pass. At x60, forty minutes take forty seconds each."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request

SENDERS = os.path.join(os.path.dirname(__file__), "..", "..", "..", "fixtures", "senders")


def ask(url, body=None):
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode())
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def rehearse(sender, speed):
    """Plays the scenario with a sender: its exit code, the verdict's clauses, and what the sender said."""
    with tempfile.TemporaryDirectory() as data:
        server = subprocess.Popen(
            [os.environ["BONGSU"], "serve", "--listen", "127.0.0.1:0", "--data", data], stdout=subprocess.PIPE, text=True
        )
        try:
            base = server.stdout.readline().split()[-1]
            run = ask(f"{base}/v1/runs", {"scenario": "rehearse/rent-bill", "clock": f"x{speed}"})["id"]
            said = subprocess.run(
                [sys.executable, os.path.join(SENDERS, sender), base], capture_output=True, text=True, timeout=180
            )
            assert said.returncode == 0, said.stderr
            code = subprocess.run([sys.executable, os.path.join(SENDERS, "verdict.py"), base], timeout=180).returncode
            document = ask(f"{base}/v1/runs/{run}/verdict")
            return code, document, said.stdout.strip()
        finally:
            server.terminate()
            server.wait(30)


def broken(document):
    return [clause["expression"] for clause in document["clauses"] if clause["outcome"] == "broken"]


if __name__ == "__main__":
    speed = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    code, document, said = rehearse("naive.py", speed)
    print(f"naive: {said}; exit {code}; broken: {broken(document)}")
    assert code == 1, "believing is not enough"
    assert any("ratio(reached" in source for source in broken(document)), "it fails because people are not reached"
    code, document, said = rehearse("good.py", speed)
    print(f"good: {said}; exit {code}; broken: {broken(document)}")
    assert code == 0, broken(document)
