// The server stands still, dies and is started again while a class goes on: what the teacher's page and a student's say, that
// no clock counts on, and how they come back. Then runs one after the other: nothing of the first reaches into the second.

import assert from "node:assert/strict";
import { begin, again, step, text, shows, accessible } from "./kit.mjs";

const SCENARIO = `scenario: a-class
title: { ko: "한 반", en: "A class" }
clock: { stop: 1h }
timeline:
  - { at: 1s, send: "[OO구청] 모의 알림입니다", to: 100 people, over: 2s }
`;
const TELEPHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
const WHALE = "파란고래";

const kit = await begin();
const { troubles, opened, api, end } = kit;
const inView = (page, selector) => page.waitForFunction((what) => {
  const { top, bottom, height } = document.querySelector(what).getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= innerHeight;
}, selector);
const focused = (page) => page.evaluate(() => document.activeElement.id);
const time = (page) => page.evaluate(() => document.querySelector("#time").textContent);
const moves = async (page) => page.waitForFunction((before) => document.querySelector("#time").textContent !== before, await time(page));

// Whatever the page does in so many frames, its clock stands.
async function stands(page) {
  const seen = await page.evaluate(async () => {
    const times = new Set();
    for (const until = performance.now() + 1300; performance.now() < until;) {
      times.add(document.querySelector("#time").textContent);
      await new Promise(requestAnimationFrame);
    }
    return [...times];
  });
  assert.equal(seen.length, 1, `the clock counts on: ${seen}`);
}

async function open(teacher) {
  await teacher.click("#open-form .go");
  await teacher.waitForSelector("#qr path[d]");
  return (await text(teacher, "#code")).replace(" ", "");
}

async function enter(student, code) {
  await student.fill("#code", code);
  await student.fill("#nickname", WHALE);
  await student.locator("#join-form .go").tap();
  await shows(student, "#title", WHALE);
}

try {
  let teacher, student, operator, runs, code;

  await step("a telephone's student joins at the end of a long form, and stands at the head of the page", async () => {
    teacher = await opened("/class");
    code = await open(teacher);
    await api("POST", "/v1/runs", { scenario: SCENARIO, clock: "x1" }, 201);
    student = await opened(`/join#${code}`, TELEPHONE);
    await enter(student, code);
    await inView(student, "#time");
    assert.equal(await focused(student), "title");
    await student.waitForSelector("#phone .msg .read");
  });

  await step("a question comes into view, wherever one has scrolled to; not while one writes", async () => {
    await student.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await teacher.click("#ask");
    await inView(student, "#question-h");
    await student.click("#belief-form .go");
    await student.waitForSelector("#question", { state: "hidden" });
    await student.fill("#complaint", "아직 쓰는 중");
    await teacher.click("#ask");
    await student.waitForSelector("#question:not([hidden])");
    assert.equal(await focused(student), "complaint");
    await student.locator("#complaint").blur();
    await inView(student, "#question-h");
    assert.equal(await student.inputValue("#complaint"), "아직 쓰는 중");
    await student.click("#belief-form .go");
    await student.waitForSelector("#question", { state: "hidden" });
  });

  await step("the server stands still: all pages say so, and no clock counts on", async () => {
    [operator, runs] = [await opened("/operator"), await opened("/runs")];
    await shows(operator, "#run-in", "한 반");
    await runs.waitForSelector("#list li, #list tr");
    await Promise.all([teacher, student].map(moves));
    await student.evaluate(() => scrollTo(0, document.body.scrollHeight));
    kit.server.kill("SIGSTOP");
    try {
      for (const page of [teacher, student, operator, runs]) await shows(page, "#server:not([hidden])", "연결이 느립니다");
      await Promise.all([teacher, student].map(stands));
      for (const page of [teacher, student]) assert.equal(await text(page, "#standing"), "마지막으로 본 모습");
      await inView(student, "#server");
      await accessible(student, "a silent server, on a telephone");
    } finally {
      kit.server.kill("SIGCONT");
    }
    for (const page of [teacher, student, operator, runs]) await page.waitForSelector("#server", { state: "hidden" });
    for (const page of [teacher, student]) await shows(page, "#standing", "재생 중");
    await Promise.all([teacher, student].map(moves));
  });

  await step("a run that stands still is heard all the same", async () => {
    await teacher.click("#pause");
    await shows(student, "#standing", "선생님이 멈췄습니다");
    kit.server.kill("SIGSTOP");
    try {
      for (const page of [teacher, student]) await shows(page, "#server:not([hidden])", "연결이 느립니다");
    } finally {
      kit.server.kill("SIGCONT");
    }
    for (const page of [teacher, student]) await page.waitForSelector("#server", { state: "hidden" });
    await teacher.click("#pause");
    await shows(student, "#standing", "재생 중");
  });

  await step("the server is killed: the pages say so, and no clock counts on", async () => {
    kit.server.kill("SIGKILL");
    await kit.ended;
    for (const page of [teacher, student, operator, runs]) await shows(page, "#server.gone:not([hidden])", "서버와 연결이 끊겼습니다");
    await Promise.all([teacher, student].map(stands));
    for (const page of [teacher, student]) assert.equal(await text(page, "#standing"), "마지막으로 본 모습");
    assert.equal((await text(teacher, "#calendar")).slice(-5), (await time(teacher)).slice(-5), "clock and calendar are one instant");
    await accessible(teacher, "no server");
  });

  await step("it is started again: the pages say what is lost and what to do", async () => {
    await again(kit);
    await shows(teacher, "#server:not([hidden])", "새 수업을 여세요");
    await shows(student, "#server:not([hidden])", "새 코드로 다시 들어오세요");
    await inView(student, "#server");
    assert.equal(await student.inputValue("#code"), "", "the code of before opens nothing");
    for (const page of [operator, runs]) await page.waitForSelector("#server", { state: "hidden" });
    code = await open(teacher);
    await teacher.waitForSelector("#server", { state: "hidden" });
    await enter(student, code);
    await student.waitForSelector("#server", { state: "hidden" });
    for (const page of [operator, runs]) await page.context().close();
  });

  await step("a run is over: a phone of it does nothing more, and says so", async () => {
    await api("POST", "/v1/runs", { scenario: SCENARIO, clock: "x1" }, 201);
    await student.waitForSelector("#phone .msg .read");
    await teacher.click("#ask");
    await student.click("#belief-form .go");
    await student.waitForSelector("#question", { state: "hidden" });
    await student.fill("#phone .writing input", "받았어요");
    await student.press("#phone .writing input", "Enter");
    await shows(student, "#phone", "내가 쓴 말: 받았어요");
    await student.fill("#complaint", "아무것도 안 와요");
    await student.press("#complaint", "Enter");
    await shows(student, "#complain-said", "보냈습니다");
    await teacher.click("#stop");
    await shows(student, "#standing", "끝남");
    await student.waitForSelector("#phone .msg .read", { state: "hidden" });
    assert.equal(await student.locator("#phone .writing").isVisible(), false);
    assert.equal(await student.locator("#complaint").isDisabled(), true);
    await shows(student, "#phone .lines", "나감");
    assert.equal(await student.locator("#phone .lines .cut").count(), 0, "it tries no more");
  });

  await step("the next run: nothing of the last is on its phones, and its first question is asked", async () => {
    await api("POST", "/v1/runs", { scenario: SCENARIO, clock: "x1" }, 201);
    await student.waitForSelector("#phone .lines .on");
    assert.ok(!(await text(student, "#phone")).includes("받았어요"));
    assert.equal(await text(student, "#complain-said"), "");
    await teacher.click("#ask");
    await student.click("#belief-form .go");
    await shows(teacher, "#answers", "1명 중 1명");
  });

  await step("a complaint of no run is refused, not dropped", async () => {
    await teacher.click("#stop");
    await shows(student, "#standing", "끝남");
    const key = await student.evaluate(() => sessionStorage.getItem("bongsu.seat"));
    const answer = await fetch(`${kit.url}/v1/class/seat/complaint`, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" }, body: JSON.stringify({ text: "늦은 말" }) });
    assert.deepEqual([answer.status, (await answer.json()).type], [409, "/problems/no-run"]);
  });

  await step("a student who is put out is told that, and that the class goes on", async () => {
    await student.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await teacher.click("#members button");
    await shows(student, "#server:not([hidden])", "선생님이 이 자리를 거두었습니다");
    await inView(student, "#server");
    assert.equal(await focused(student), "title");
    await enter(student, code);
    await student.waitForSelector("#server", { state: "hidden" });
  });

  await step("an address that nobody made breaks nothing", async () => {
    const odd = await opened("/join#%E0%A4%A");
    await odd.waitForSelector("#join-form");
    assert.equal(await odd.inputValue("#code"), "");
    await odd.context().close();
  });

  // A dead server and refused sockets are what this is about; a browser tells each as an error.
  const foreseen = /WebSocket connection to|status of (401|409)|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/;
  assert.deepEqual(troubles.filter((line) => !foreseen.test(line)), []);
} finally {
  await end();
}
