// A hand-written NHN Cloud sender in Node against bongsu, with nothing but Node's own fetch. Gets the address of a run
// that `nhn_node.py` keeps going, as an environment variable: a team's base URL.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

const base = process.env.NHN_BASE;
const app = process.env.NHN_APP;
const secret = process.env.NHN_SECRET;
const deadline = 60_000;

async function call(method, path, body, { headers = {}, timeout = 5_000 } = {}) {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { "X-Secret-Key": secret, "Content-Type": "application/json;charset=UTF-8", ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(timeout),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const bizmessage = (method, path, body, options) => call(method, `/alimtalk/v2.3/appkeys/${app}${path}`, body, options);
const phone = (n) => `0100000${String(n).padStart(4, "0")}`;

function send(people, { resend, key, timeout } = {}) {
  const row = (recipientNo) => ({
    recipientNo,
    content: "[OO구청] 홍길동님, 임대료 120,000원을 내 주십시오.",
    ...(resend && { resendParameter: resend }),
  });
  const body = { senderKey: "b".repeat(40), templateCode: "RENT01", recipientList: people.map(row) };
  const headers = key ? { "X-NC-API-IDEMPOTENCY-KEY": key } : {};
  return bizmessage("POST", "/raw-messages", body, { headers, timeout });
}

async function until(ask, wanted) {
  const end = Date.now() + deadline;
  for (;;) {
    const found = await ask();
    if (wanted(found)) return found;
    assert.ok(Date.now() < end, `still ${JSON.stringify(found)}`);
    await pause(100);
  }
}

async function settled(answer) {
  assert.ok(answer.body.header.isSuccessful, JSON.stringify(answer.body));
  const id = answer.body.message.requestId;
  const ask = async () => (await bizmessage("GET", `/messages/${id}/1`)).body.message;
  return until(ask, (row) => row.messageStatus !== null && row.resendStatus !== "RSC03");
}

async function fault(row, during) {
  const posted = await fetch(`${base}/v1/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ network: "kakao", until: "lifted", ...row }),
  });
  assert.ok(posted.ok, await posted.text());
  try {
    await during();
  } finally {
    await fetch(`${base}/v1/faults/${row.fault}`, { method: "DELETE" });
  }
}

const resend = { isResend: true, resendType: "LMS", resendContent: "[OO구청] 임대료 안내", resendSendNo: "0212345678" };

let row = await settled(await send([phone(101)]));
assert.deepEqual([row.messageStatus, row.resultCode], ["COMPLETED", "1000"]);
console.log("single, in full: COMPLETED 1000");

const many = await send(Array.from({ length: 1000 }, (_, n) => phone(n)), { timeout: 30_000 });
assert.equal(many.body.message.sendResults.filter((row) => row.resultCode === 0).length, 1000);
console.log("1,000 recipients in one call: accepted");

await fault({ fault: "sleepers-js", kind: "refuse", code: 3018 }, async () => {
  row = await settled(await send([phone(102)]));
  assert.deepEqual([row.resultCode, row.resendStatus], ["3018", "RSC01"]);
  row = await settled(await send([phone(103)], { resend }));
  assert.deepEqual([row.resultCode, row.resendStatus], ["3018", "RSC04"]);
});
console.log("fallback off: RSC01; on: RSC04");

await fault({ fault: "gone-js", kind: "down" }, async () => {
  const answer = await send([phone(104)]);
  assert.deepEqual([answer.status, answer.headers.get("retry-after")], [503, "5"]);
});
console.log("503 with Retry-After");

await fault({ fault: "reset-js", kind: "accept_then", then: "reset" }, async () => {
  await assert.rejects(send([phone(105)], { key: "bill-105" }), (error) => error.cause?.code === "ECONNRESET");
});
const again = await send([phone(105)], { key: "bill-105" });
assert.equal(again.body.header.resultCode, -1005);
console.log("reset after accept: ECONNRESET, then -1005");

await fault({ fault: "late-js", kind: "accept_then", then: "answer(180s)" }, async () => {
  await assert.rejects(send([phone(106)]), (error) => error.name === "TimeoutError");
});
console.log("answer after 6 s: TimeoutError after 5 s");

await fault({ fault: "quiet-js", kind: "silence" }, async () => {
  row = await settled(await send([phone(107)], { resend }));
  assert.deepEqual([row.resultCode, row.resendStatus], ["3005", "RSC02"]);
});
await fault({ fault: "deaf-js", kind: "loss", legs: ["receipt"] }, async () => {
  row = await settled(await send([phone(108)], { resend }));
  assert.deepEqual([row.resultCode, row.resendStatus], ["3005", "RSC02"]);
});
console.log("silence and lost receipts: 3005, no fallback");
