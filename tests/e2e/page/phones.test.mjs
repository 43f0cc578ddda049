// Phones that look like phones, on the stage: rows of them kept up to date, one opened large, read, pressed and answered by
// hand; talk, text, mail, letters and alerts each in its own look. What is done by hand is an event of the run.

import assert from "node:assert/strict";
import { begin, step, text, shows, accessible, narrow, picture } from "./kit.mjs";

const { troubles, opened, api, end } = await begin();

const EVIL = `<img src=x onerror="window.fired=1">`;
const MEDIA = `scenario: phones
title: { ko: "여섯 가지 매체", en: "Six media" }
clock: { start: "2026-03-03T10:00:00+09:00", stop: 12d }
channels: { gu: { name: "OO구청" } }
people: { everyone: { count: 20, kakao: { active: 100% } } }
notices:
  tax:
    channel: gu
    alimtalk: { text: "[모의] 자동차세 안내입니다.", buttons: [{ pay: WL, label: "납부하기" }] }
  long: { channel: gu, vars: { name: person.name }, lms: { title: "안내", text: "[모의] #{name}님께 문자로 보내는 긴 안내입니다." } }
  post: { channel: gu, letter: { text: "[모의] 종이로 보내는 고지서입니다." } }
  mail: { channel: gu, email: { title: "안내 메일", text: "[모의] ${EVIL.replaceAll('"', "'")} 메일 본문입니다." } }
  loud: { channel: gu, broadcast: { level: urgent, text: "[모의] 지진 대피하세요" } }
timeline:
  - { at: 0s, send: tax, to: everyone }
  - { at: 5s, send: long, to: everyone }
  - { at: 10s, send: mail, to: everyone }
  - { at: 15s, send: post, to: everyone }
  - { at: 20s, send: loud, to: everyone }
`;

const phone = (page, number) => page.locator(`#shelf li[data-phone="${number}"] bongsu-phone`);
const story = async (run, number) => (await api("GET", `/v1/runs/${run}/people/${number}`)).events;

try {
  let page;
  let run;
  await step("rows of phones, all connected, nothing there yet", async () => {
    page = await opened();
    ({ id: run } = await api("POST", "/v1/runs", { scenario: "first-minute", clock: "x10" }, 201));
    await page.waitForFunction(() => document.querySelectorAll("#shelf bongsu-phone .top b").length === 12);
    assert.match(await text(page, "#phones-place"), /100명 중 12명 · 1\/9쪽/);
    await phone(page, "010-0000-0000").locator(".lines .on").first().waitFor();
  });

  await step("bubbles come, with the mark; the outage is on every phone", async () => {
    await page.waitForSelector("#shelf .msg.talk .mock");
    await page.waitForFunction(() => document.querySelectorAll("#shelf .lines .cut").length >= 8);
    await page.click("#pause");
    await page.waitForSelector("#shelf .msg");
    await page.locator("#rack").scrollIntoViewIfNeeded();
    await picture(page, "phones-outage");
    await accessible(page, "rows of phones in an outage");
    await page.click("#pause");
  });

  await step("text messages take over; whom they reached can be picked", async () => {
    await page.waitForFunction(() => Number(document.querySelectorAll("#legend li b")[3]?.textContent) >= 8);
    await page.selectOption("#phones-which", "text");
    await page.waitForSelector("#shelf .msg.sms");
    assert.match(await text(page, "#phones-place"), /· 1\//);
    await page.selectOption("#phones-which", "all");
    await page.click("#phones-next");
    await shows(page, "#phones-place", "2/9쪽");
    await page.waitForSelector('#shelf li[data-phone="010-0000-0001"] .top b');
    await page.click("#phones-back");
    await shows(page, "#phones-place", "1/9쪽");
  });

  await step("a phone opened large by keyboard, its message opened by hand: an event of the run", async () => {
    await page.selectOption("#speed", "1");
    await page.waitForFunction(() => [...document.querySelectorAll("#shelf li")].some((li) => li.querySelector(".unread")));
    const number = await page.locator("#shelf li:has(.unread)").first().getAttribute("data-phone");
    await page.locator(`#shelf li[data-phone="${number}"] .enlarge`).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("#large bongsu-phone .read");
    await accessible(page, "a phone opened large");
    await page.focus("#large .read");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#large .foot span");
    assert.ok((await story(run, number)).some((one) => one.event === "opened"), "nobody opened it");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#large").evaluate((dialog) => dialog.open), false);
  });

  await step("six media, each in its own look", async () => {
    await api("POST", `/v1/runs/${run}/stop`, {});
    ({ id: run } = await api("POST", "/v1/runs", { scenario: MEDIA, clock: "x10" }, 201));
    await shows(page, "#title", "여섯 가지 매체");
    await page.locator('#shelf li[data-phone="010-0000-0002"] .enlarge').click();
    for (const look of ["talk", "sms", "mail", "letter.coming", "cbs"]) await page.waitForSelector(`#large .msg.${look}`, { timeout: 40_000 });
    await shows(page, "#large", "가는 중 · 1일째");
    await shows(page, "#large .mail", EVIL.replaceAll('"', "'"));
    assert.equal(await page.evaluate(() => window.fired), undefined);
    assert.equal(await page.locator("#large .msg img").count(), 0);
  });

  await step("a name is in one piece, however narrow the phone", async () => {
    const broken = await page.evaluate(() => {
      const name = document.querySelector("#large .whole");
      const plate = name.closest(".plate");
      const widths = Array.from({ length: 60 }, (_, at) => 100 + at * 3);
      const found = widths.filter((width) => { plate.style.width = `${width}px`; return name.getClientRects().length !== 1; });
      plate.style.width = "";
      return [/^.○.님께$/.test(name.textContent), found];
    });
    assert.deepEqual(broken, [true, []]);
  });

  await step("a button pressed by hand reaches the desk's side; a word can be written", async () => {
    await page.click('#large .msg.talk button.face');
    await page.waitForSelector('#large button.face[aria-pressed="true"]');
    await page.fill("#large input[name=say]", "문의합니다");
    await page.click("#large .writing button");
    await shows(page, "#large", "내가 쓴 말: 문의합니다");
    assert.equal(await text(page, "#large-problem"), "");
    assert.ok((await story(run, "010-0000-0002")).some((one) => one.event === "pressed" && one.button === "pay"), "nobody pressed");
    await picture(page, "phone-large");
    await accessible(page, "a phone with six media");
    await page.click("#large-close");
    await page.click('[data-phone="010-0000-0002"] .enlarge');
    await shows(page, "#large", "내가 쓴 말: 문의합니다");
  });

  await step("what cannot be done is refused in words", async () => {
    const wrong = (body, status) => api("POST", "/v1/people/010-0000-0002/hand", body, status);
    assert.equal((await wrong({ do: "press", attempt: "n0/0", button: "pya" }, 400)).detail, "button: this run has none called 'pya', did you mean 'pay'?");
    assert.equal((await wrong({ do: "read", attempt: "n9999/0" }, 409)).type, "/problems/rejected");
    assert.equal((await wrong({ do: "read", attempt: "n0/0" }, 409)).detail, "refused by the engine: not_theirs");
    assert.equal((await api("POST", "/v1/people/010-1998-0003/hand", { do: "read", attempt: "n0/0" }, 404)).type, "/problems/unknown-person");
  });

  await step("a letter takes days", async () => {
    await api("POST", "/v1/clock", { paused: true, advance_ms: 30 * 3_600_000 });
    await api("POST", "/v1/clock", { advance_ms: 200 * 3_600_000 });
    await page.waitForSelector("#large .msg.letter.shown, #large .msg.letter.returned, #large .msg.letter.lost", { timeout: 60_000 });
    await picture(page, "phone-letter");
    assert.match(await text(page, "#time"), /^9일 /, "days have a Korean word");
  });

  await step("a narrow screen does not scroll sideways", async () => {
    await page.keyboard.press("Escape");
    await narrow(page);
    assert.deepEqual(troubles, []);
  });
} finally {
  await end();
}
