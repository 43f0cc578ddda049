"""A hand-written NHN Cloud sender in Python against bongsu: every path that it has, and every fault that it meets."""

import json
import time
from datetime import datetime, timedelta

from nhn_sender import NhnSender
from outside_kit import KEY, SECRET, Stage, phone, said, until

RESEND = {"isResend": True, "resendSendNo": "0212345678"}


def request_of(answer):
    status, _, body = answer
    assert status == 200 and body["header"]["isSuccessful"], answer
    return body["message"]["requestId"]


def settled(sender, request, seq=1):
    return until(lambda: sender.message(request, seq), lambda row: row["messageStatus"] is not None)


def dates(request, which):
    """The days around a request, whose id begins with its own, as a question names them."""
    day = datetime.strptime(request[:8], "%Y%m%d")
    begins, ends = (day + timedelta(days=days) for days in (-1, 2))
    return f"start{which}Date={begins:%Y-%m-%d}%2000:00&end{which}Date={ends:%Y-%m-%d}%2000:00"


def play(stage):
    sender = NhnSender(stage.host, KEY, SECRET)

    request = request_of(sender.send([phone(1)]))
    row = settled(sender, request)
    assert (row["messageStatus"], row["resultCode"], row["resendStatus"]) == ("COMPLETED", "1000", "RSC01"), row
    said(f"single: {request} is {row['messageStatus']} {row['resultCode']}")

    def told():
        hooks = [hook for _, body in stage.sink.taken for hook in json.loads(body)["hooks"]]
        return [hook for hook in hooks if hook["requestId"] == request]
    hook = until(told, bool)[0]
    assert hook["resultCode"] == "1000" and hook["recipientNo"] == phone(1), hook
    headers = stage.sink.taken[0][0]
    assert {k.lower(): v for k, v in headers.items()}["x-toast-webhook-signature"] == SECRET, headers
    said("webhook: MESSAGE_RESULT_UPDATE came, with its signature")

    begun = time.monotonic()
    request = request_of(sender.send([phone(n) for n in range(1000)]))
    took = time.monotonic() - begun
    path = f"/messages?requestId={request}&pageSize=1000&messageStatus=COMPLETED"
    done = until(lambda: sender.bizmessage("GET", path)[2]["messageSearchResultResponse"],
                 lambda page: page["totalCount"] == 1000)
    assert len(done["messages"]) == 1000
    said(f"1,000 recipients: accepted in {took * 1000:.0f} ms, all COMPLETED")

    status, _, body = sender.send([phone(n) for n in range(1001)])
    assert (status, body["header"]["resultCode"]) == (200, -2004), body
    _, _, body = NhnSender(stage.host, KEY, "wrong").send([phone(1)])
    assert body["header"]["resultCode"] == -1001, body
    _, _, body = NhnSender(stage.host, "wrong", SECRET).send([phone(1)])
    assert body["header"]["resultCode"] == -1000, body
    _, _, body = sender.send(["01023456789", phone(2)])
    assert [row["resultCode"] for row in body["message"]["sendResults"]] == [4, 0], body
    said("bad input: 1,001 recipients -2004, secret -1001, app key -1000, a number that could be dialled 4")

    request_of(sender.send([phone(3)], key="bill-3"))
    _, _, body = sender.send([phone(3)], key="bill-3")
    assert body["header"]["resultCode"] == -1005, body
    said("idempotency: the same key again is -1005")

    with stage.fault("sleepers", kind="refuse", code=3018):
        off = request_of(sender.send([phone(4)]))
        on = request_of(sender.send([phone(5)], resend=RESEND))
        row = settled(sender, off)
        assert (row["messageStatus"], row["resultCode"], row["resendStatus"]) == ("FAILED", "3018", "RSC01"), row
        row = until(lambda: sender.message(on), lambda row: row["resendStatus"] == "RSC04")
        assert (row["messageStatus"], row["resultCode"], row["resendResultCode"]) == ("FAILED", "3018", "1000"), row
        path = f"/sms/v3.0/appKeys/{KEY}/sender/sms/{row['resendRequestId']}?recipientSeq=1"
        text = sender.call("GET", path)[2]["body"]["data"]
        assert text["msgStatus"] == "3", text
        said(f"fallback off: 3018 RSC01; on: RSC04, the text message is {row['resendRequestId']}")
        _, _, body = sender.send([phone(6)], resend={"isResend": True})
        assert body["message"]["sendResults"][0]["resultCode"] == -2502, body
        wanted = {"senderKey": "a" * 40, "isResend": True, "resendSendNo": "0212345678"}
        assert sender.bizmessage("POST", "/failback", wanted)[2]["header"]["isSuccessful"]
        default = request_of(sender.send([phone(6)]))
        until(lambda: sender.message(default), lambda row: row["resendStatus"] == "RSC04")
        sender.bizmessage("POST", "/failback", {**wanted, "isResend": False})
        own = sender.text([phone(4)], "[OO구청] 임대료 안내")[2]["body"]["data"]
        path = f"/sms/v3.0/appKeys/{KEY}/sender/sms/{own['requestId']}?recipientSeq=1"
        until(lambda: sender.call("GET", path)[2]["body"]["data"], lambda row: row["msgStatus"] == "3")
        said("the profile's default falls back without a word; the sender's own text message arrives")

    with stage.fault("gone", kind="down"):
        status, headers, body = sender.send([phone(7)], key="bill-7")
        assert status == 503 and headers["retry-after"] == "5" and body["header"]["resultCode"] == -9998, body
    request_of(sender.send([phone(7)], key="bill-7"))
    said("503: Retry-After 5, and the key is free for the next try")

    with stage.fault("reset", kind="accept_then", then="reset"):
        try:
            sender.send([phone(8)], key="bill-8")
            raise AssertionError("the connection should break")
        except ConnectionResetError:
            pass
    _, _, body = sender.send([phone(8)], key="bill-8")
    assert body["header"]["resultCode"] == -1005, body
    year = "startRequestDate=2026-01-01%2000:00&endRequestDate=2026-12-31%2000:00"
    assert sender.bizmessage("GET", f"/messages?{year}")[2]["header"]["resultCode"] == 4, "more than thirty days"
    path = f"/messages?recipientNo={phone(8)}&{dates(request, 'Request')}"
    rows = sender.bizmessage("GET", path + "&pageSize=1000")[2]["messageSearchResultResponse"]["messages"]
    assert len(rows) == 2, f"the thousand's and the one whose answer was lost: {rows}"
    said("reset after accept: RST, the key is used up, and the message is there")

    with stage.fault("late", kind="accept_then", then="answer(180s)"):
        begun = time.monotonic()
        try:
            sender.send([phone(9)])
            raise AssertionError("the sender's five seconds should be over first")
        except TimeoutError:
            pass
        gave_up = time.monotonic() - begun
        patient = NhnSender(stage.host, KEY, SECRET, timeout=30)
        begun = time.monotonic()
        request_of(patient.send([phone(9)]))
        assert time.monotonic() - begun > 5, "it does take six seconds"
    said(f"answer after 6 s: given up after {gave_up:.1f} s by one, {time.monotonic() - begun:.1f} s for a patient one")

    with stage.fault("quiet", kind="silence"):
        request = request_of(sender.send([phone(10)], resend=RESEND))
        row = settled(sender, request)
        assert (row["resultCode"], row["resendStatus"]) == ("3005", "RSC02"), row
    said("silence: accepted, then 3005, and no fallback: 3005 is no failure")

    with stage.fault("deaf", kind="loss", legs=["receipt"]):
        request = request_of(sender.send([phone(11)], resend=RESEND))
        row = settled(sender, request)
        assert (row["resultCode"], row["resendStatus"]) == ("3005", "RSC02"), row
    said("receipts lost: shown on the phone, 3005 for the sender")

    span = dates(request, "Update")
    count = sender.bizmessage("GET", f"/message-results/count?{span}")[2]["totalCount"]
    assert count > 1000, count
    said(f"message-results/count: {count}")


def main():
    stage = Stage(lambda _headers, _body: {})
    try:
        play(stage)
    finally:
        stage.end()


main()
