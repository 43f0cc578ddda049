"""The two example senders against the rent bill in silence: the one that believes "accepted" must fail, the one that asks
must pass; and the audit of each run says what the sender was told, by which way, and what was true. At x60, forty minutes take forty seconds each."""

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
    """Plays the scenario with a sender: its exit code, the verdict's clauses, what the sender said, and the audit."""
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
            return code, document, said.stdout.strip(), audit(data)
        finally:
            server.terminate()
            server.wait(30)


def audit(data):
    """Belief against truth of the only run there: {(told, heard by): row}, and the contradictions by name."""
    [folder] = [entry.path for entry in os.scandir(data) if os.path.exists(os.path.join(entry.path, "events.ndjson"))]
    text = subprocess.run([os.environ["BONGSU"], "audit", folder, "--json"], capture_output=True, text=True, check=True).stdout
    found = json.loads(text)
    rows = {(row["told"], row["ear"]): row for row in found["told"]}
    contradictions = {row["name"]: row for row in found["contradictions"]}
    person = next((row["examples"][0]["person"] for row in found["contradictions"] if row["examples"]), None)
    if person:
        command = [os.environ["BONGSU"], "--lang", "en", "audit", folder, "--person", person]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith(person)
    return rows, contradictions


def broken(document):
    return [clause["expression"] for clause in document["clauses"] if clause["outcome"] == "broken"]


if __name__ == "__main__":
    speed = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    code, document, said, (rows, found) = rehearse("naive.py", speed)
    print(f"naive: {said}; exit {code}; broken: {broken(document)}")
    assert code == 1, "believing is not enough"
    assert any("ratio(reached" in source for source in broken(document)), "it fails because people are not reached"
    believed = rows["accepted", "answer"]
    assert set(rows) == {("accepted", "answer")}, f"it never asks, and so hears nothing else: {rows}"
    assert believed["not_shown"] == found["accepted_not_shown"]["notices"] > 50 and believed["opened"] > 0, believed
    print(f"naive: told accepted (answer) x not shown: {believed['not_shown']}")
    code, document, said, (rows, found) = rehearse("good.py", speed)
    print(f"good: {said}; exit {code}; broken: {broken(document)}")
    assert code == 0, broken(document)
    assert {ear for told, ear in rows if told not in ("nothing", "accepted", "refused", "failed")} == {"poll"}, f"what it knows, it asked for: {rows}"
    assert found["accepted_not_shown"]["notices"] <= 3, f"but for a phone that is off: {found}"
    print(f"good: {sum(sum(row[key] for key in ('shown_once', 'opened', 'shown_twice')) for row in rows.values())} shown, all as it was told")
