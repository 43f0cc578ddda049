"""Every client by every way in that it has, unmodified: SOLAPI's own for Python and Node, Bizgo's own, and hand-written
NHN Cloud senders in both, at the vendors' own names over TLS; those in Node through `node --import` as well. Each sends
one message and asks until it has arrived. Needs root, for `unshare`: the names are those of a private network.

Called again with `inside`, it is the part that runs there; with the name of a client, that client."""

import http.client
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).absolute().parent
sys.path.insert(0, str(HERE.parent / "attach"))
import private  # noqa: E402

PATIENCE = 40
KEY, SECRET = "bongsu-test-key", "bongsu-test-secret"
HOSTS = {"solapi": "api.solapi.com", "nhn": "kakaotalk-bizmessage.api.nhncloudservice.com", "bizgo": "mars.ibapi.kr"}
SCENARIO = """
scenario: attached
clock: { start: "2026-11-02T10:00:00+09:00", stop: 8h }
sender: { drive: external }
channels:
  lh: { name: "LH", search_id: "@lh" }
people:
  users: { count: 100, kakao: { active: 100% }, phone: { powered: 100% } }
notices:
  rent: { alimtalk: { template: RENT01, text: "[LH] #{이름}님, 임대료 #{금액}원" }, vars: { 이름: person.name, 금액: "won(1000..2000)" } }
timeline: []
"""
WORDS = {"이름": "홍길동", "금액": "1,500"}


def until(ask, wanted):
    end = time.monotonic() + PATIENCE
    while not wanted(found := ask()):
        assert time.monotonic() < end, f"still {found}"
        time.sleep(0.1)
    return found


def solapi(to):
    from solapi import SolapiMessageService
    from solapi.model import KakaoOption, RequestMessage

    service = SolapiMessageService(KEY, SECRET)
    options = KakaoOption(pf_id="KA01PFlh", template_id="RENT01", variables=WORDS)
    group = service.send(RequestMessage(to=to, from_="0212345678", kakao_options=options)).group_info.group_id
    ask = lambda: next(iter(service.get_group_messages(group).message_list.values())).status_code
    return until(ask, lambda code: code not in ("2000", "3000"))


def bizgo(to):
    from bizgo import Bizgo
    from bizgo.models import AlimtalkMessage, Destination

    client = Bizgo(api_key=KEY)
    message = AlimtalkMessage(sender_key="b" * 40, template_code="RENT01", send_type="template")
    sent = client.send.omni(to=[Destination(to=to, replace_words=WORDS)], messages=[message])
    return until(lambda: client.reports.inquiry(sent.msg_keys[0]), bool)[0].report_code


def nhn(to):
    def call(method, path, body=None):
        line = http.client.HTTPSConnection(HOSTS["nhn"], timeout=10, context=ssl.create_default_context())
        headers = {"X-Secret-Key": SECRET, "Content-Type": "application/json;charset=UTF-8"}
        line.request(method, f"/alimtalk/v2.3/appkeys/{KEY}{path}", body and json.dumps(body).encode(), headers)
        return json.loads(line.getresponse().read())["message"]

    row = {"recipientNo": to, "templateParameter": WORDS}
    body = {"senderKey": "a" * 40, "templateCode": "RENT01", "recipientList": [row]}
    request = call("POST", "/messages", body)["requestId"]
    return until(lambda: call("GET", f"/messages/{request}/1"), lambda row: row["resultCode"])["resultCode"]


PYTHON = {"solapi": (solapi, "4000"), "bizgo": (bizgo, "10000"), "nhn": (nhn, "1000")}
NODE = {"solapi": "4000", "nhn": "1000"}


def inside(scratch):
    with private.served(scratch, HOSTS.values(), end_within=PATIENCE) as (plain, tls):
        body = json.dumps({"scenario": SCENARIO, "clock": "x60"}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{plain}/v1/runs", body, {"content-type": "application/json"}), timeout=30)
        play(plain, tls / "ca.pem")


def play(plain, authority):
    """All at once, each for a person of its own; what has no way in is told as failed by its own code."""
    redirect = ["--import", HERE.parents[2] / "fixtures/attach/redirect.mjs"]
    started = []

    def start(told, wanted, command, **variables):
        to = f"0100000{len(started):04}"
        one = subprocess.Popen([*map(str, command), to], env={**os.environ, **variables}, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        started.append((told, wanted, one))

    for name, (_, code) in PYTHON.items():
        start(f"{name} in Python, TLS", code, [sys.executable, __file__, name], SSL_CERT_FILE=str(authority))
    for name, code in NODE.items():
        script = HERE / "attached.mjs"
        start(f"{name} in Node, TLS", code, ["node", script, name], NODE_EXTRA_CA_CERTS=str(authority))
        start(f"{name} in Node, --import", code, ["node", *redirect, script, name], BONGSU_URL=plain)
    start("solapi in Node without the authority", None, ["node", HERE / "attached.mjs", "solapi"])
    for told, wanted, one in started:
        out, err = one.communicate(timeout=PATIENCE + 20)
        if wanted is None:
            assert one.returncode != 0, f"{told}: it should not have got through: {out}"
            print(f"attached: {told}: refused")
            continue
        assert (one.returncode, out.strip()) == (0, wanted), f"{told}: {out}{err}"
        print(f"attached: {told}: {wanted}")


if sys.argv[1:2] == ["inside"]:
    inside(Path(sys.argv[2]))
elif len(sys.argv) == 3:
    print(PYTHON[sys.argv[1]][0](sys.argv[2]))
else:
    private.outside(__file__, HOSTS.values())
