"""A sender as a team would write it by hand for NHN Cloud, with nothing but Python's own library. Its address is a
setting, as theirs would be; nothing in it knows that it is being rehearsed."""

import http.client
import json


class NhnSender:
    def __init__(self, host, app_key, secret, timeout=5):
        self.host, self.app, self.secret, self.timeout = host, app_key, secret, timeout

    def call(self, method, path, body=None, headers=None):
        line = http.client.HTTPConnection(self.host, timeout=self.timeout)
        try:
            data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
            all_headers = {"X-Secret-Key": self.secret, "Content-Type": "application/json;charset=UTF-8"}
            line.request(method, path, data, {**all_headers, **(headers or {})})
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), json.loads(answer.read())
        finally:
            line.close()

    def bizmessage(self, method, path, body=None, headers=None):
        return self.call(method, f"/alimtalk/v2.3/appkeys/{self.app}{path}", body, headers)

    def send(self, people, template="RENT01", resend=None, key=None):
        row = lambda no: {"recipientNo": no, "templateParameter": {"이름": "홍길동", "금액": "120,000"},
                          **({"resendParameter": resend} if resend else {})}
        body = {"senderKey": "a" * 40, "templateCode": template, "recipientList": [row(no) for no in people]}
        headers = {"X-NC-API-IDEMPOTENCY-KEY": key} if key else None
        return self.bizmessage("POST", "/messages", body, headers)

    def message(self, request, seq=1):
        return self.bizmessage("GET", f"/messages/{request}/{seq}")[2]["message"]

    def text(self, people, words):
        body = {"body": words, "sendNo": "0212345678", "recipientList": [{"recipientNo": no} for no in people]}
        return self.call("POST", f"/sms/v3.0/appKeys/{self.app}/sender/sms", body)
