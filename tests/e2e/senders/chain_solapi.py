"""PyPI's `solapi`, unmodified: an alimtalk for everybody, the status of each, a day of sleep, and a text message for
whoever has not opened it. Who opened is what the team's own site knows, here bongsu's list of notices."""

import json
import os
import sys
import urllib.request
from pathlib import Path

from solapi import SolapiMessageService
from solapi.model import KakaoOption, RequestMessage
from solapi.model.request.messages.get_messages import GetMessagesRequest

sys.path.insert(0, str(Path(__file__).absolute().parents[3] / "fixtures/clients/python"))

from bongsu_clock import Clock, RunEnded  # noqa: E402

URL = os.environ["BONGSU_URL"]
DAY_S = 24 * 3600
service = SolapiMessageService("bongsu-test-key", "bongsu-test-secret")
service.base_url = URL


def bill(number):
    words = {"이름": "홍길동", "기한": "2026-11-12"}
    options = KakaoOption(pf_id="KA01PFlh", template_id="KA01TP_RENT", variables=words, disable_sms=True)
    return RequestMessage(to=f"0100000{number:04}", from_="0212345678", kakao_options=options)


def reminder(to):
    text = "[LH] 고지서를 아직 열지 않으셨습니다. 이달 말까지 내 주시기 바랍니다. 문의는 관리사무소로 해 주십시오."
    return RequestMessage(to=to, from_="0212345678", subject="LH 안내", text=text)


def unopened():
    with urllib.request.urlopen(f"{URL}/v1/notices?query=-state:opened&limit=100", timeout=30) as answer:
        return [row["to"].replace("-", "") for row in json.load(answer)["notices"]]


with Clock(URL, "solapi") as clock:
    group = service.send([bill(number) for number in range(20)]).group_info.group_id
    clock.sleep(600)
    listed = service.get_messages(GetMessagesRequest(group_id=group, limit=100)).message_list
    codes = sorted({row.status_code for row in listed.values()})
    clock.sleep_until(DAY_S)
    late = unopened()
    sent = service.send([reminder(to) for to in late]).group_info.count.registered_success
    told = {"codes": codes, "asked": len(listed), "late": len(late), "sent": sent, "at": clock.now()}
    clock.sleep(600)
    told["texts"] = sorted({row.status_code for row in service.get_messages(GetMessagesRequest(limit=100)).message_list.values()})
    try:
        clock.sleep(30 * DAY_S)
    except RunEnded:
        told["ended"] = True
print(json.dumps(told))
