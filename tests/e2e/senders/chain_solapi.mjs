// npm's `solapi`, unmodified and led here by `node --import`: the day of chain_solapi.py once more.
import { createRequire } from "node:module";
import { Clock } from "../../../fixtures/clients/node/bongsu-clock.mjs";

const { SolapiMessageService } = createRequire(`${process.env.E2E_MODULES}/`)("solapi");
const URL = process.env.BONGSU_URL;
const DAY_S = 24 * 3600;
const service = new SolapiMessageService("bongsu-test-key", "bongsu-test-secret");
const number = (n) => `0100000${String(n).padStart(4, "0")}`;
const variables = { 이름: "홍길동", 기한: "2026-11-12" };
const bill = (to) => ({
  to, from: "0212345678",
  kakaoOptions: { pfId: "KA01PFlh", templateId: "KA01TP_RENT", variables, disableSms: true },
});
const text = "[LH] 고지서를 아직 열지 않으셨습니다. 이달 말까지 내 주시기 바랍니다. 문의는 관리사무소로 해 주십시오.";
const reminder = (to) => ({ to, from: "0212345678", subject: "LH 안내", text });
const codes = (list) => [...new Set(Object.values(list).map((row) => row.statusCode))].sort();

const clock = await Clock.connect({ url: URL, name: "solapi" });
const sent = await service.send(Array.from({ length: 20 }, (_, n) => bill(number(n))));
await clock.sleep(600);
const { messageList: listed } = await service.getMessages({ groupId: sent.groupInfo.groupId, limit: 100 });
await clock.sleep(DAY_S - clock.now());
const answer = await fetch(`${URL}/v1/notices?query=-state:opened&limit=100`);
const late = (await answer.json()).notices.map((row) => row.to.replaceAll("-", ""));
const texts = await service.send(late.map(reminder));
const told = { codes: codes(listed), asked: Object.keys(listed).length, late: late.length, at: clock.now() };
told.sent = texts.groupInfo.count.registeredSuccess;
await clock.sleep(600);
told.texts = codes((await service.getMessages({ limit: 100 })).messageList);
await clock.untilEnd();
await clock.close();
process.stdout.write(`${JSON.stringify({ ...told, ended: true })}\n`);
