// The sender of sender.py once more, in Node: bills, a day of sleep, a reminder, and a section that looks beside it.

import { Clock } from "../../../fixtures/clients/node/bongsu-clock.mjs";

const URL = process.env.BONGSU_URL;
const DAY_S = 24 * 3600;

async function call(method, path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(URL + path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const clock = await Clock.connect({ url: URL, name: "sender.mjs" });
const seen = [];
const looking = clock.working(async () => {
  for await (const at of clock.every(6 * 3600, 4)) seen.push(at);
});
const phones = Array.from({ length: 20 }, (_, number) => `010-0000-${String(number).padStart(4, "0")}`);
const { notices: bills } = await call("POST", "/v1/notices", { kind: "bill", to: phones });
await clock.sleep(DAY_S);
await looking;
const { notices: late } = await call("GET", "/v1/notices?query=kind:bill+-state:opened");
const { notices: reminded } = await call("POST", "/v1/notices", { kind: "reminder", to: late.map((bill) => bill.to) });
const time = new Date(clock.date().getTime() + clock.offset * 1000).toISOString().replace(".000Z", "+09:00");
const told = { now: clock.now(), time, seen, bills: bills.length, reminded: reminded.length };
await clock.untilEnd();
await clock.close();
process.stdout.write(`${JSON.stringify({ ...told, ended: true })}\n`);
