"""Every contradiction between belief and truth that `bongsu audit` names, each made by a careless sender outside: a
hand-written SOLAPI client in lock-step, a fault, and what the audit says of it afterwards."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).absolute().parents[3]
sys.path[:0] = [str(ROOT / "fixtures/senders"), str(ROOT / "fixtures/clients/python")]

from bongsu_clock import Clock, RunEnded  # noqa: E402
from solapi_http import Refused, Solapi, Unknown  # noqa: E402

BONGSU = os.environ["BONGSU"]
HOMES = 3
SCENARIO = """
scenario: careless
clock: {{ start: "2026-11-02T10:00:00+09:00", stop: 26h }}
sender: {{ drive: external, speaks: "solapi@4" }}
channels:
  lh: {{ name: "LH", search_id: "@lh" }}
people:
  homes: {{ count: {homes}, kakao: {{ {kakao}: 100% }}, phone: {{ powered: {on}%, dark: {off}% }}, reads: {{ after: 1m }} }}
notices:
  rent:
    alimtalk: {{ template: RENT, text: "[LH] 모의 임대료 안내" }}
    lms: {{ title: "LH 안내", text: "[LH] 모의 임대료 안내" }}
    route: [{{ try: alimtalk, until: delivered, within: 60s }}, {{ try: lms }}]
timeline:
  - {{ at: 0s, send: rent, to: everybody }}
  {fault}
expect:
  - {{ must: no_double_fallback }}
"""


def bills(off=True):
    options = {"pfId": "KA01PFlh", "templateId": "RENT", "disableSms": off}
    return [{"to": f"0100000{n:04}", "from": "0212345678", "kakaoOptions": options} for n in range(HOMES)]


def texts():
    words = "[LH] 모의 임대료 안내입니다. 이달 말까지 내 주시기 바라며, 자세한 것은 관리사무소에 물어 주십시오. 고맙습니다."
    return [{"to": f"0100000{n:04}", "from": "0212345678", "subject": "LH 안내", "text": words} for n in range(HOMES)]


def believes(client, _clock):
    client.send(bills())


def asks(client, clock):
    group = client.send(bills())["groupInfo"]["groupId"]
    clock.sleep(600)
    client.status(group)


def gives_up(client, _clock):
    try:
        client.send(bills())
        raise AssertionError("the line breaks")
    except Unknown:
        pass


def tries_again(client, _clock):
    for _ in range(2):
        gives_up(client, _clock)


def does_both(client, clock):
    """The alimtalk failed as far as it knows, so it sends a text, and never asks about that one."""
    group = client.send(bills())["groupInfo"]["groupId"]
    clock.sleep(600)
    client.status(group)
    client.send(texts())


def texts_into_the_dark(client, _clock):
    client.send(texts())


def falls_back_beside_the_vendor(client, clock):
    """The vendor was never told not to, so it sends a text at once; and the application sends its own a minute later."""
    client.send(bills(off=False))
    clock.sleep(61)
    client.send(texts())


def calls_seldom(client, clock):
    for home in bills():
        client.send([home])
        clock.sleep(6)


def names_a_wrong_template(client, clock):
    """It never looks at what it is answered: a template that there is not, three times; then a key that nobody has."""
    for _ in range(3):
        wrong = [{**home, "kakaoOptions": {**home["kakaoOptions"], "templateId": "RENT2"}} for home in bills()]
        assert len(client.send(wrong)["failedMessageList"]) == HOMES
        clock.sleep(600)
    stranger = Solapi(client.base, secret="wrong")
    try:
        stranger.send(bills())
        raise AssertionError("nobody has this key")
    except Refused as refused:
        assert "SignatureDoesNotMatch" in str(refused), refused


FAULT = "- {{ at: 0s, fault: fog, network: kakao, for: 20h, {} }}".format
# What is found, what the sender does, the world in which it does so, and how all three homes stand: told, heard by, truth.
CASES = [
    ("accepted_not_shown", believes, {"fault": FAULT("kind: silence, recover: drop")}, ("accepted", "answer", "not_shown")),
    ("delivered_not_shown", asks, {"fault": FAULT("kind: lie, as: delivered")}, ("delivered", "poll", "not_shown")),
    ("failed_but_shown", gives_up, {"fault": FAULT("kind: accept_then, then: reset")}, ("nothing", None, "opened")),
    ("shown_twice", tries_again, {"fault": FAULT("kind: accept_then, then: reset")}, ("nothing", None, "shown_twice")),
    ("silent_fallback", does_both, {"kakao": "none"}, ("accepted", "answer", "opened")),
    ("paid_unseen", texts_into_the_dark, {"on": 0, "off": 100}, ("accepted", "answer", "not_shown")),
]


def audited(act, world, folder):
    """A run with that sender, and the audit of it."""
    text = SCENARIO.format(**{"homes": HOMES, "kakao": "active", "on": 100, "off": 0, "fault": "", **world})
    file = folder.with_suffix(".yaml")
    file.write_text(text)
    command = [BONGSU, "run", file, "--clock", "lockstep", "--listen", "127.0.0.1:0", "--report", folder, "-q"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        base = run.stdout.readline().split()[-1]
        with Clock(base, act.__name__) as clock:
            act(Solapi(base), clock)
            try:
                clock.sleep(10 ** 6)
            except RunEnded:
                pass
        run.communicate(timeout=60)
    finally:
        run.kill()
    audit = subprocess.run([BONGSU, "audit", folder, "--json"], capture_output=True, text=True, check=True)
    [double] = json.loads((folder / "verdict.json").read_text())["clauses"]
    return json.loads(audit.stdout), double["outcome"]


def main():
    with tempfile.TemporaryDirectory() as scratch:
        for name, act, world, (told, ear, truth) in CASES:
            folder = Path(scratch) / name
            audit, _ = audited(act, world, folder)
            [row] = audit["told"]
            assert (row["told"], row["ear"], row[truth]) == (told, ear, HOMES), f"{name}: {row}"
            found = {found["name"]: found for found in audit["contradictions"]}[name]
            assert found["notices"] == len(found["examples"]) == HOMES, f"{name}: {audit}"
            person = found["examples"][0]["person"]
            shown = subprocess.run([BONGSU, "--lang", "en", "audit", folder], capture_output=True, text=True, check=True).stdout
            assert f"bongsu audit {folder} --person {person}\n" in shown, shown
            life = subprocess.run([BONGSU, "audit", folder, "--person", person], capture_output=True, text=True, check=True).stdout
            assert life.startswith(person), life
            print(f"belief: {name}: {HOMES} told {told} ({ear}) x {truth}", flush=True)
        manners(Path(scratch))


def manners(scratch):
    """Who falls back beside the vendor breaks the promise; who calls as seldom as a limit asks gets everybody through."""
    world = {"fault": FAULT("kind: refuse, code: 3018")}
    audit, double = audited(falls_back_beside_the_vendor, world, scratch / "both")
    assert double == "broken", "vendor and sender both fell back"
    assert [row["shown_twice"] for row in audit["told"]] == [HOMES], audit
    world = {"fault": FAULT('kind: throttle, legs: [submit], rate: 1/s, over: "429"')}
    audit, double = audited(calls_seldom, world, scratch / "seldom")
    assert double == "held" and [row["opened"] for row in audit["told"]] == [HOMES], audit
    folder = scratch / "wrong"
    audit, _ = audited(names_a_wrong_template, {}, folder)
    assert [(row["told"], row["ear"], row["not_shown"]) for row in audit["told"]] == [("refused", "answer", HOMES)], audit
    assert audit["requests_refused"] == [{"by": "solapi", "code": "SignatureDoesNotMatch", "count": 1}], audit
    missed = json.loads((folder / "verdict.json").read_text())["missed"]
    assert [row["reason"]["en"] for row in missed["reasons"]] == ["refused"], missed
    life = subprocess.run([BONGSU, "--lang", "en", "audit", folder, "--person", "010-0000-0001"], capture_output=True, text=True, check=True).stdout
    assert life.count("not taken (solapi 1042)") == 3 and "The provider did not take a request for it: solapi 1042" in life, life
    print("belief: a wrong template: told refused (answer), and told so in the story", flush=True)
    print("belief: both fell back: broken; one call every 6 s under 1/s: all shown", flush=True)


main()
