// Clients in Node that know nothing but their vendor's own address: one message, asked for until it has arrived.
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";

const KEY = "bongsu-test-key";
const SECRET = "bongsu-test-secret";
const variables = { 이름: "홍길동", 금액: "1,500" };
const [name, to] = process.argv.slice(2);

async function until(ask, wanted) {
  const end = Date.now() + 40_000;
  for (;;) {
    const found = await ask();
    if (wanted(found)) return found;
    if (Date.now() > end) throw new Error(`still ${found}`);
    await pause(100);
  }
}

const clients = {
  async solapi() {
    const { SolapiMessageService } = createRequire(`${process.env.E2E_MODULES}/`)("solapi");
    const service = new SolapiMessageService(KEY, SECRET);
    const kakaoOptions = { pfId: "KA01PFlh", templateId: "RENT01", variables };
    const { groupInfo } = await service.send({ to, from: "0212345678", kakaoOptions });
    const ask = async () => Object.values((await service.getGroupMessages(groupInfo.groupId)).messageList)[0].statusCode;
    return until(ask, (code) => !["2000", "3000"].includes(code));
  },
  async nhn() {
    const call = async (method, path, body) => {
      const headers = { "X-Secret-Key": SECRET, "Content-Type": "application/json;charset=UTF-8" };
      const url = `https://kakaotalk-bizmessage.api.nhncloudservice.com/alimtalk/v2.3/appkeys/${KEY}${path}`;
      const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
      return (await answer.json()).message;
    };
    const recipientList = [{ recipientNo: to, templateParameter: variables }];
    const { requestId } = await call("POST", "/messages", { senderKey: "b".repeat(40), templateCode: "RENT01", recipientList });
    return until(async () => (await call("GET", `/messages/${requestId}/1`)).resultCode, Boolean);
  },
};

console.log(await clients[name]());
