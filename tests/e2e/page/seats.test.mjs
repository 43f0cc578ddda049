// A whole class: forty seats. Thirty-six students on plain sockets and four in browsers, three of them with phones of their own
// kind (an empty battery, a blocked channel, one that stays in the bag until lunch), and some who try what they should not.
// Whatever the teacher does has to be seen by everybody within a bound, at a bounded rate, in bounded memory.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { begin, step, text, shows, accessible, picture } from "./kit.mjs";
import { join, sees, ask, busiest, connect } from "./student.mjs";

const SEATS = 40;
// From a deed of the teacher to the last of forty who see it, on a machine that is busy with tests.
const WITHIN_MS = 5_000;
const UPDATES_MAX = 20;
const MEMORY_MAX_MB = 300;
const SCENARIO = `scenario: a-class
title: { ko: "한 반", en: "A class" }
clock: { stop: 1h }
timeline:
  - { at: 30s, send: "[OO구청] 모의 알림입니다", to: 100 people, over: 30s }
`;
const TELEPHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
const EVIL = "<svg onload=fire()>";

const { server, url, troubles, opened, api, end } = await begin();
const told = (what, figure) => console.log(`page: seats: ${what}: ${figure}`);
const memory = async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024;

async function enter(code, nickname, persona) {
  const page = await opened(`/join#${code}`, TELEPHONE);
  await page.fill("#nickname", nickname);
  await page.check(`input[value="${persona}"]`);
  await page.click("#join-form .go");
  await shows(page, "#title", nickname);
  return page;
}

try {
  let teacher, code, students, plain, battery, blocked, lunch;

  // How long until all of them, in browsers too, see what the teacher did.
  async function everybody(what, act, test, selector, part) {
    const began = performance.now();
    const seen = Promise.all(students.map((student) => sees(student, test)));
    await act();
    await Promise.all([plain, battery, blocked, lunch].map((page) => shows(page, selector, part)));
    const last = Math.max(...await seen, performance.now()) - began;
    told(`${what}: seen by all ${SEATS}`, `${Math.round(last)} ms`);
    assert.ok(last < WITHIN_MS, `${what}: ${last} ms`);
  }

  await step("forty take their seats at once; the forty-first is told that there is none", async () => {
    teacher = await opened("/class");
    await teacher.fill("#seats", String(SEATS));
    await teacher.click("#open-form .go");
    await teacher.waitForSelector("#qr path[d]");
    code = (await text(teacher, "#code")).replace(" ", "");
    told("memory with nobody there", `${Math.round(await memory())} MB`);
    [plain, battery, blocked, lunch] = await Promise.all([[EVIL, "plain"], ["배터리", "battery"], ["차단", "blocked"], ["가방", "lunch"]]
      .map(([nickname, persona]) => enter(code, nickname, persona)));
    const began = performance.now();
    students = await Promise.all(Array.from({ length: SEATS - 4 }, (_, at) => join(url, code, `학생 ${at + 1}`)));
    await Promise.all(students.map((student) => sees(student, (view) => view.nickname === student.nickname)));
    told("36 joined and follow their seats after", `${Math.round(performance.now() - began)} ms`);
    await shows(teacher, "#came", "40자리 중 40명");
    const late = { code, nickname: "늦은새" };
    assert.equal((await api("POST", "/v1/class/seats", late, 409)).type, "/problems/class-full");
    await accessible(teacher, "forty seats");
  });

  await step("what should not work does not: long names, markup, names that turn the line, guesses", async () => {
    assert.equal((await api("POST", "/v1/class/seats", { code, nickname: "가".repeat(10_000) }, 413)).type, "/problems/body-too-large");
    for (const nickname of ["가".repeat(1_000), "가".repeat(21), "", " \n ", "a\u202eb", "a\u0000b"]) {
      assert.equal((await api("POST", "/v1/class/seats", { code, nickname }, 422)).type, "/problems/bad-nickname", nickname.slice(0, 9));
    }
    assert.equal((await fetch(`${url}/v1/class/seats`, { method: "POST", headers: { "content-type": "application/json" }, body: `{"code":"${"2".repeat(3e6)}"}` })).status, 413);
    assert.equal(await teacher.locator("#members svg").count() + await plain.locator("#title svg").count(), 0);
    await shows(teacher, "#members", EVIL);
  });

  await step("the run begins; every phone is told, each in its own way", async () => {
    await api("POST", "/v1/runs", { scenario: SCENARIO, clock: "x5" }, 201);
    await Promise.all(students.map(async (student) => {
      await sees(student, (view) => view.run !== null && view.phone !== null);
      connect(student);
    }));
    await shows(battery, "#power", "배터리 충전");
    assert.equal(await battery.locator("#phone .lines .on").count(), 0, "an empty battery connects to nothing");
    await blocked.waitForSelector("#phone .lines .on");
    const began = performance.now();
    await Promise.all(students.map((student) => sees(student, () => student.messages.size > 0)));
    told("36 phones have shown and read something after", `${Math.round(performance.now() - began)} ms`);
    await plain.waitForSelector("#phone .msg .read");
  });

  await step("one who floods keeps nobody else from writing", async () => {
    const flood = await Promise.all(Array.from({ length: 60 }, () => fetch(`${url}/v1/class/seat/complaint`, {
      method: "POST", headers: { authorization: `Bearer ${students[0].key}`, "content-type": "application/json" }, body: JSON.stringify({ text: EVIL }),
    }).then(({ status }) => status)));
    assert.ok(flood.filter((status) => status === 429).length >= 40, String(flood));
    await ask(students[1], "complaint", { text: "아무것도 안 왔어요" });
  });

  await step("a blocked channel: no talk, a text instead", async () => {
    await blocked.waitForSelector("#phone .msg.sms");
    assert.equal(await blocked.locator("#phone .msg.talk").count(), 0);
    await picture(blocked, "class-blocked");
  });

  await step("a phone in the bag: something is there, and cannot be opened before lunch", async () => {
    await lunch.waitForSelector("#phone .msg.sealed");
    await shows(lunch, "#phone", "점심시간에 열 수 있습니다");
    assert.equal(await lunch.locator("#phone .read").count(), 0);
    assert.ok(!(await text(lunch, "#phone")).includes("모의 알림입니다"), "what it says is not told");
    await accessible(lunch, "a phone in the bag");
    await picture(lunch, "class-lunch");
    await teacher.click("#lunch");
    await lunch.click("#phone .read");
    await shows(lunch, "#phone", "모의 알림입니다");
  });

  await step("an empty battery: charged, it hears what it has missed", async () => {
    assert.equal(await battery.locator("#phone .msg").count(), 0);
    await picture(battery, "class-battery");
    await accessible(battery, "an empty battery");
    await battery.click("#power");
    await battery.waitForSelector("#phone .lines .on");
    await battery.waitForSelector("#phone .msg");
    assert.match(await text(battery, "#power"), /단말 끄기/);
  });

  await step("the teacher pauses, tells, asks and reveals: all forty see it, and answer", async () => {
    await everybody("pause", () => teacher.click("#pause"), (view) => view.run?.state === "paused", "#standing", "선생님이 멈췄습니다");
    await teacher.fill("#tell", `창밖을 보세요 ${EVIL}`);
    await everybody("tell", () => teacher.press("#tell", "Enter"), (view) => view.lines.at(-1)?.text.startsWith("창밖"), "#line", `창밖을 보세요 ${EVIL}`);
    await everybody("ask", () => teacher.click("#ask"), (view) => view.question !== null, "#question", "지금 무엇을 믿습니까");
    const began = performance.now();
    await Promise.all([
      ...students.map((student, at) => ask(student, "belief", { percent: (at * 3) % 101, words: at === 0 ? "ㅋ".repeat(200) : `이유 ${at}` })),
      ...[plain, battery, blocked, lunch].map(async (page) => {
        await page.waitForSelector("#question:not([hidden])");
        await page.click("#belief-form .go");
      }),
    ]);
    await shows(teacher, "#answers", "40명 중 40명");
    const took = performance.now() - began;
    told("forty answers, until the teacher sees the last", `${Math.round(took)} ms`);
    assert.ok(took < WITHIN_MS);
    await everybody("reveal", () => teacher.click("#reveal"), (view) => view.revealed, "#debrief-h", "");
    await shows(teacher, "#debrief-in", "실제로 받음");
    await picture(teacher, "class-forty");
    await shows(plain, "#debrief-in", "실제로 받음");
    await plain.setViewportSize({ width: 320, height: 740 });
    const outside = await plain.evaluate(() => {
      const { right } = document.querySelector("#debrief").getBoundingClientRect();
      return [...document.querySelectorAll("#debrief *:not(.unseen, .unseen *)")].filter((node) => node.getBoundingClientRect().right > right).map((node) => node.className || node.tagName);
    });
    assert.deepEqual(outside, [], "it reaches out of its card");
    await plain.setViewportSize(TELEPHONE.viewport);
    await accessible(teacher, "forty answers");
  });

  await step("rate and memory are bounded", async () => {
    const most = Math.max(...students.map(busiest));
    told("messages to a seat in any one second", `${most} at the most`);
    assert.ok(most <= UPDATES_MAX, `${most} messages`);
    const size = await memory();
    told("memory of the server with forty seats", `${Math.round(size)} MB`);
    assert.ok(size < MEMORY_MAX_MB, `${size} MB`);
  });

  await step("the class ends for all forty", async () => {
    await teacher.click("#end");
    await teacher.click("#sure-yes");
    await Promise.all(students.map((student) => student.followed));
    assert.ok(students.every((student) => student.over));
    await Promise.all([plain, battery, blocked, lunch].map((page) => shows(page, "#server", "수업이 끝났습니다")));
    for (const page of [teacher, plain]) assert.equal(await page.evaluate(() => window.fired), undefined);
  });

  const foreseen = /WebSocket connection to|status of (401|409|422)|ERR_INCOMPLETE_CHUNKED/;
  assert.deepEqual(troubles.filter((line) => !foreseen.test(line)), []);
} finally {
  await end();
}
