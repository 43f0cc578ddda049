"""PyPI's `bizgo-sdk-comm`, unmodified, against bongsu: it takes an address of this machine as its `base_url`."""

import time

from bizgo import APIError, Bizgo, webhooks
from bizgo.models import AlimtalkMessage, Destination, MmsMessage

from outside_kit import KEY, SECRET, Stage, phone, said, until

WORDS = {"이름": "홍길동", "금액": "120,000"}


def alimtalk(**more):
    return AlimtalkMessage(sender_key="b" * 40, template_code="RENT01", send_type="template", **more)


def lms():
    return MmsMessage(from_="0212345678", title="임대료", text="[OO구청] #{이름}님, 임대료 #{금액}원")


def to(*numbers):
    return [Destination(to=phone(n), replace_words=WORDS) for n in numbers]


def play(stage, receiver):
    client = Bizgo(api_key=KEY, base_url=stage.base)

    def report(key):
        return until(lambda: client.reports.inquiry(key), bool)[0]

    sent = client.send.omni(to=to(1), messages=[alimtalk()], ref="bill-1")
    assert not sent.failed and len(sent.msg_keys) == 1, sent
    found = report(sent.msg_keys[0])
    assert (found.report_code, found.service_type, found.ref) == ("10000", "ALIMTALK", "bill-1"), found
    said(f"single: {sent.msg_keys[0]} -> {found.report_code} {found.report_text}")
    until(lambda: receiver.keys, lambda keys: sent.msg_keys[0] in keys)
    said("webhook: verified by the SDK's own receiver and acknowledged")

    begun = time.monotonic()
    many = client.send.bulk(to=to(*range(1000)), messages=[alimtalk(), lms()], idempotency_key_prefix="rent")
    assert many.ok and len(many.msg_keys) == 1000, many.errors
    said(f"1,000 recipients in five requests: accepted in {time.monotonic() - begun:.1f} s (the SDK's own limit: 200/s)")
    again = client.send.bulk(to=to(*range(1000)), messages=[alimtalk(), lms()], idempotency_key_prefix="rent")
    assert len(again.duplicates) == 1000 and not again.msg_keys, again
    said("the same keys again: 1,000 duplicates (A301), nothing sent")

    bad = client.send.omni(to=[Destination(to="01023456789", replace_words=WORDS)], messages=[alimtalk()])
    assert bad.failed[0].code == "A306", bad
    for key, code in (("wrong", "A401"),):
        try:
            Bizgo(api_key=key, base_url=stage.base).send.omni(to=to(2), messages=[alimtalk()])
            raise AssertionError("expected a refusal")
        except APIError as error:
            assert error.code == code, error
    said("bad input: a number that could be dialled A306, a key that nobody has A401")

    with stage.fault("sleepers", kind="refuse", code=3018):
        off = client.send.omni(to=to(2), messages=[alimtalk()])
        on = client.send.omni(to=to(3), messages=[alimtalk(), lms()])
        assert report(off.msg_keys[0]).report_code == "3018"
        found = report(on.msg_keys[0])
        assert (found.report_code, found.service_type) == ("10000", "MMS"), found
    said("fallback off: 3018; on: 10000 by MMS")

    with stage.fault("gone", kind="down"):
        try:
            client.send.omni(to=to(4), messages=[alimtalk()])
            raise AssertionError("expected a refusal")
        except APIError as error:
            assert (error.http_status, error.code) == (503, "A920"), error
            said(f"503: {error}")

    refused = stage.count("unanswered")
    with stage.fault("reset", kind="accept_then", then="reset"):
        try:
            client.send.omni(to=to(5), messages=[alimtalk()])
            raise AssertionError("expected a broken line")
        except Exception as error:
            said(f"reset after accept, no key: {type(error).__name__}: {error}")
        keyed = client.send.omni(to=to(6), messages=[alimtalk()], idempotency_key="bill-6")
        assert [row.code for row in keyed.destinations] == ["A301"], keyed
    assert stage.count("unanswered") == refused + 2
    said("reset after accept, with a key: the SDK tries again and hears A301: two broken lines, two messages")

    with stage.fault("late", kind="accept_then", then="answer(180s)"):
        begun = time.monotonic()
        late = client.send.omni(to=to(7), messages=[alimtalk()])
        took = time.monotonic() - begun
        assert late.msg_keys and took > 5, took
    said(f"answer after {took:.1f} s: the SDK waits (its own time-out is 30 s)")

    with stage.fault("quiet", kind="silence"):
        pushed = client.send.omni(to=to(8), messages=[alimtalk(), lms()])
        polled = client.send.omni(to=to(9), messages=[alimtalk(response_method="polling", timeout="60"), lms()])
        assert report(pushed.msg_keys[0]).report_code == "10000", "push believes without a receipt"
        assert report(polled.msg_keys[0]).report_code == "ME09"
    said("silence: push says 10000 though nothing is shown, polling says ME09 after 60 s")

    with stage.fault("deaf", kind="loss", legs=["receipt"]):
        deaf = client.send.omni(to=to(10), messages=[alimtalk(response_method="polling", timeout="60")])
        assert report(deaf.msg_keys[0]).report_code == "ME09"
    said("receipts lost: ME09, and yet on the phone")


def poll_only(stage):
    """What no webhook took: the sink refuses, so reports are polled and acknowledged."""
    client = Bizgo(api_key=KEY, base_url=stage.base)
    sent = client.send.omni(to=to(*range(150)), messages=[alimtalk()])
    seen = set()

    def poll():
        batch = client.reports.poll()
        again = client.reports.poll()
        if not batch.empty:
            assert {row.msg_key for row in batch.reports} <= {row.msg_key for row in again.reports}, "not acknowledged"
            seen.update(row.msg_key for row in again.reports)
            client.reports.ack(again.report_id)
        return len(seen & set(sent.msg_keys))
    until(poll, lambda count: count == 150)
    assert client.reports.poll().empty
    said("polling: 150 reports, each again until it is acknowledged, then none")


class Receiver:
    """An application's own webhook: the SDK verifies, the key is repeated."""

    def __init__(self, takes):
        self.keys, self.takes = set(), takes
        self.receiver = webhooks.WebhookReceiver(secret=SECRET)

    def __call__(self, headers, body):
        found = self.receiver.report(headers, body)
        if not self.takes:
            return {}
        self.keys.add(found.msg_key)
        return self.receiver.ack(found.msg_key)


def main():
    for takes in (True, False):
        receiver = Receiver(takes)
        stage = Stage(receiver)
        try:
            play(stage, receiver) if takes else poll_only(stage)
        finally:
            stage.end()


main()
