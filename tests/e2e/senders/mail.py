"""Python's `smtplib` against bongsu: mails as a fallback, faults of the mail network, bad input; and a sender that falls back
to e-mail by itself, to be judged by what people saw."""

import http.client
import json
import smtplib
import socket
import time
from email.header import Header
from email.message import EmailMessage
from email.mime.text import MIMEText

from outside_kit import KEY, SECRET, Stage, phone, said, until

DOMAIN = "mail.bongsu.test"
FROM = "office@agency.test"


def address(number):
    return f"{phone(number)}@{DOMAIN}"


def bill(charset="utf-8", text="[LH] 12월 임대료를 내 주십시오.", subject="임대료 안내"):
    mail = MIMEText(text, "plain", charset)
    mail["Subject"] = Header(subject, charset)
    mail["From"], mail["To"] = FROM, f"everybody@{DOMAIN}"
    return wired(mail)


def both():
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "임대료 안내", FROM
    mail.set_content("[LH] 글로만 된 안내")
    mail.add_alternative("<p>[LH] <b>꾸민</b> 안내</p>", subtype="html")
    return wired(mail)


def wired(mail):
    """As it goes over the line: smtplib sends bytes as they are, and LF alone ends no line of a mail."""
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def client(stage, timeout=20):
    host, port = stage.smtp
    return smtplib.SMTP(host, port, local_hostname="sender.test", timeout=timeout)


def refused(act, *kinds):
    try:
        act()
    except kinds as error:
        return error
    raise AssertionError("expected a refusal")


def code_of(error):
    """The code and sentence of an error of smtplib."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))
    return error.smtp_code, error.smtp_error


def inbox(stage, number):
    """What a person's phone showed, and the words."""
    found = stage.call("GET", f"/v1/runs/current/people/010-0000-{number:04}")
    shown = [row["attempt"] for row in found["events"] if row["event"] == "shown"]
    return [row["words"] for row in found["messages"] if row["attempt"] in shown]


def good(stage):
    with client(stage) as line:
        line.login(KEY, SECRET)
        for number, mail in ((1, bill()), (2, bill("euc-kr")), (3, both())):
            assert line.sendmail(FROM, [address(number)], mail) == {}
    expected = {1: "[LH] 12월 임대료를 내 주십시오.", 2: "[LH] 12월 임대료를 내 주십시오.", 3: "[LH] 글로만 된 안내"}
    for number, text in expected.items():
        got = until(lambda: inbox(stage, number), bool)[0]
        assert got["title"] == "임대료 안내" and text in got["text"], got
    said("single: UTF-8, EUC-KR in base64 and multipart/alternative are on the phones as they were written")

    before = stage.count("accepted")
    with client(stage) as line:
        begun = time.monotonic()
        turned = line.sendmail(FROM, [address(number) for number in range(100, 201)], bill())
        took = time.monotonic() - begun
    assert list(turned) == [address(200)] and turned[address(200)][0] == 452, turned
    assert stage.count("accepted") == before + 100
    said(f"101 recipients: 100 taken in {took:.2f} s, the last one 452: {turned[address(200)][1].decode()}")


def faults(stage):
    with stage.fault("gone", network="mail", kind="down"):
        error = refused(lambda: client(stage), smtplib.SMTPConnectError)
        assert error.smtp_code == 421, error
    said(f"down: {error.smtp_code} {error.smtp_error.decode()}")

    with stage.fault("nobody", network="mail", kind="refuse", code=9550):
        with client(stage) as line:
            code, words = code_of(refused(lambda: line.sendmail(FROM, [address(5)], bill()), smtplib.SMTPDataError))
    assert code == 550, (code, words)
    said(f"refuse 9550: {code} {words.decode()}")

    taken = stage.count("unanswered")
    with stage.fault("reset", network="mail", kind="accept_then", then="reset"):
        error = refused(lambda: client(stage).sendmail(FROM, [address(6)], bill()),
                        smtplib.SMTPServerDisconnected, ConnectionResetError)
    until(lambda: inbox(stage, 6), bool)
    assert stage.count("unanswered") == taken + 1
    said(f"reset after the dot: {type(error).__name__}, and the mail is on the phone")

    with stage.fault("late", network="mail", kind="accept_then", then="answer(180s)"):
        begun = time.monotonic()
        with client(stage) as line:
            line.sendmail(FROM, [address(7)], bill())
        took = time.monotonic() - begun
        assert took > 5, took
        error = refused(lambda: client(stage, 1).sendmail(FROM, [address(8)], bill()), TimeoutError, OSError)
    said(f"slow answer: 250 after {took:.1f} s; a client with a second's patience: {type(error).__name__}")

    with stage.fault("quiet", network="mail", kind="silence"):
        with client(stage) as line:
            line.sendmail(FROM, [address(9)], bill())
        time.sleep(1)
        assert inbox(stage, 9) == []
    said("silence: 250, and nothing on the phone")

    with stage.fault("hang", network="mail", kind="down", how="hang"):
        error = refused(lambda: client(stage, 1), TimeoutError, OSError)
    said(f"hang: {type(error).__name__}")


def bad(stage):
    with client(stage) as line:
        for to, code in ((f"{phone(9999)}@{DOMAIN}", 550), (f"01023456789@{DOMAIN}", 550), ("someone@example.com", 550)):
            found, words = code_of(refused(lambda: line.sendmail(FROM, [to], bill()), smtplib.SMTPRecipientsRefused))
            assert found == code, (to, found)
            said(f"to {to[-20:]}: {found} {words.decode()}")
        large = bill(text="가" * 600_000)
        found, _ = code_of(refused(lambda: line.sendmail(FROM, [address(1)], large), smtplib.SMTPSenderRefused))
        assert found == 552
        line.rset()
        line.mail(FROM), line.rcpt(address(1))
        assert line.docmd("DATA")[0] == 354
        line.send(b"x" * 1_200_000 + b"\r\n.\r\n")
        assert line.getreply()[0] == 552
        said("too large: 552 by its SIZE, and 552 after the dot")
        line.mail(FROM), line.rcpt(address(1))
        assert line.docmd("DATA")[0] == 354
        before = stage.count("accepted")
        line.send(b"Subject: a\r\n\r\nb\n.\nMAIL FROM:<x@y.test>\nRCPT TO:<" + address(2).encode() + b">\nDATA\nz\r\n.\r\n")
        code, words = line.getreply()
        assert code == 554, (code, words)
        assert line.noop()[0] == 250 and stage.count("accepted") == before
        said(f"smuggled: {code} {words.decode()}; nothing was taken and the line goes on")
    raw = socket.create_connection(stage.smtp, timeout=20)
    raw.sendall(bytes(range(256)) * 40 + b"\r\n" * 60)
    heard = b""
    while chunk := raw.recv(4096):
        heard += chunk
    assert heard.rstrip().splitlines()[-1].startswith(b"421 4.7.0"), heard[-200:]
    said("garbage: twenty errors, then 421 and the end")
    with client(stage) as line:
        line.ehlo(), line.mail(FROM), line.rcpt(address(11))
        line.docmd("DATA")
        for piece in (bill() + b"\r\n.").split(b"\r\n"):
            line.send(piece + b"\r\n")
            time.sleep(0.1)
        assert line.getreply()[0] == 250
    said("slow body: taken when it is whole")


RENT = """
scenario: mail-fallback
clock: { start: "2026-03-03T10:00:00+09:00", stop: 20m }
sender: { drive: external }
people:
  tenants: { count: 50, kakao: { active: 100%%, inactive: 0%% }, phone: { powered: 100%% }, reads: { after: 1m } }
media:
  email: { returned: 0%% }
notices:
  rent:
    alimtalk: { template: RENT01, text: "[LH] 임대료를 내 주십시오." }
    email: { title: "임대료 안내", text: "[LH] 임대료를 내 주십시오." }
    route: [{ try: alimtalk }, { try: email }]
timeline:
  - { at: 1s, send: rent, to: everybody }
  - { at: 0s, fault: blackout, network: kakao, kind: down, for: 20m }
%s
expect:
  - { must: "ratio(reached) >= 90%%" }
  - { sometimes: "count(reached_by{medium=email}) >= 1" }
"""
QUIET = "  - { at: 0s, fault: lost-mail, network: mail, kind: silence, for: 20m, recover: drop }"


def own_fallback(extra):
    """Alimtalk by NHN's contract; a call that fails means a mail. What the verdict says in the end."""
    stage = Stage(lambda *_: {}, ["--smtp-listen", "127.0.0.1:0"], RENT % extra, 60)
    try:
        by_mail = 0
        for number in range(50):
            body = {"senderKey": "b" * 40, "templateCode": "RENT01", "recipientList": [{"recipientNo": phone(number)}]}
            line = http.client.HTTPConnection(stage.host, timeout=20)
            line.request("POST", f"/alimtalk/v2.3/appkeys/{KEY}/messages", json.dumps(body),
                         {"content-type": "application/json", "x-secret-key": SECRET})
            if line.getresponse().status == 503:
                with client(stage) as mails:
                    mails.sendmail(FROM, [address(number)], bill(text="[LH] 임대료를 내 주십시오."))
                by_mail += 1
        assert by_mail == 50, by_mail
        return until(lambda: stage.call("GET", "/v1/runs/r1"), lambda run: run["state"] == "ended")["id"], stage
    except BaseException:
        stage.end()
        raise


def judged(extra):
    """The verdict, what the sender was told to be accepted, and what was shown."""
    run, stage = own_fallback(extra)
    try:
        events = stage.call("GET", f"/v1/runs/{run}/events?since=0&limit=1000")["events"]
        count = lambda kind: sum(row["event"] == kind for row in events)
        return stage.call("GET", f"/v1/runs/{run}/verdict"), count("accepted"), count("shown")
    finally:
        stage.end()


def main():
    stage = Stage(lambda *_: {}, ["--smtp-listen", "127.0.0.1:0"])
    try:
        for part in (good, faults, bad):
            part(stage)
    finally:
        stage.end()
    verdict, accepted, shown = judged("")
    assert (verdict["verdict"], accepted, shown) == ("PASS", 50, 50), (verdict, accepted, shown)
    said("a sender of its own fallback: alimtalk 503, mail 250, people reached by mail: PASS")
    verdict, accepted, shown = judged(QUIET)
    broken = [clause for clause in verdict["clauses"] if clause["outcome"] == "broken"]
    assert (verdict["verdict"], accepted, shown) == ("FAIL", 50, 0), (verdict, accepted, shown)
    story = broken[0]["witnesses"][0]["story"]["en"]
    assert broken[0]["expression"].startswith("ratio(reached)") and "email lost (told nothing)" in story, broken
    said(f"the same with mail that is lost: 50 accepted, none shown: FAIL; {story}")


main()
