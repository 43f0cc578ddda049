// The stage in a real browser: play, take the network down, watch, lift, read the verdict; by mouse, by key and in both
// languages. Axe looks at every stage, and nothing a scenario says is ever taken for markup.

import assert from "node:assert/strict";
import { begin, step, text, shows, accessible, narrow, picture } from "./kit.mjs";

const { server, ended, troubles, opened, api, end } = await begin();

// What a line of the legend counts, by its place.
const legend = (page, place) => page.locator("#legend li b").nth(place).innerText().then(Number);
const counts = (page, place, least) =>
  page.waitForFunction(([at, n]) => Number(document.querySelectorAll("#legend li b")[at]?.textContent) >= n, [place, least]);
const pixels = (page) => page.locator("#dots").evaluate((canvas) => canvas.toDataURL());

const [WAITING, TALK, TEXT, CUT] = [1, 2, 3, 7];

try {
  let page;
  await step("no run yet: it says so, in Korean, and offers the scenarios", async () => {
    page = await opened();
    await shows(page, "#server", "진행 중인 실행이 없습니다");
    await page.waitForFunction(() => document.querySelectorAll("#scenario option").length >= 5);
    assert.equal(await page.locator("html").getAttribute("lang"), "ko");
    await accessible(page, "no run");
  });

  await step("plays the first scenario at x10", async () => {
    await page.selectOption("#scenario", "first-minute");
    await page.selectOption("#start-speed", "10");
    await page.click("#start-form .go");
    await shows(page, "#title", "첫 1분");
    await counts(page, TALK, 5);
    await shows(page, "#line-kakao", "100 / 100");
  });

  await step("the scenario's own outage comes and goes", async () => {
    await shows(page, "#chronicle", "장애 시작: blackout");
    await shows(page, "#line-kakao", "0 / 100");
    await shows(page, "#chronicle", "장문 문자 대체 발송 시작");
    await shows(page, "#chronicle", "카카오 연결 100개가 모두 돌아옴");
    await shows(page, "#line-kakao", "100 / 100");
  });

  await step("the outage button: connections drop, dots change, it is told", async () => {
    const before = await pixels(page);
    await page.click("#big");
    await shows(page, "#on", "hand-1");
    await shows(page, "#line-kakao", "0 / 100");
    await counts(page, CUT, 100);
    await shows(page, "#chronicle", "장애 시작: hand-1");
    await shows(page, "#chronicle", "카카오 연결 100개가 끊김");
    assert.notEqual(await pixels(page), before, "the dots look as before");
    await counts(page, TEXT, 20);
    await page.click("#pause");
    await shows(page, "#standing", "멈춤");
    await picture(page, "page");
    await accessible(page, "in an outage");
  });

  await step("a person's story, by keyboard", async () => {
    await page.focus("#dots");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await shows(page, "#story-in", "알림톡 발송 요청");
    await shows(page, "#story-h", "010-0000-0000");
    await shows(page, "#story-in", "모의");
    await accessible(page, "with a story");
    await page.keyboard.press("Tab");
    await page.click("#story-close");
    assert.equal(await page.locator("#story").isVisible(), false);
  });

  await step("lifted by hand: everybody comes back", async () => {
    await page.click("#on .fault button");
    await page.click("#pause");
    await shows(page, "#chronicle", "장애를 손으로 풂: hand-1");
    await shows(page, "#line-kakao", "100 / 100");
  });

  await step("English is one switch away, and is remembered", async () => {
    await page.click("#language");
    await shows(page, "#title", "The first minute");
    await shows(page, "#chronicle", "fault begins: hand-1");
    await page.reload();
    await shows(page, "#chronicle", "fault begins: hand-1");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
  });

  await step("projector, by one key", async () => {
    await page.focus("#big");
    await page.keyboard.press("p");
    assert.equal(await page.locator("#projector").getAttribute("aria-pressed"), "true");
    await accessible(page, "projector");
    await picture(page, "page-projector");
    await page.keyboard.press("p");
  });

  await step("the verdict, in words", async () => {
    if ((await text(page, "#standing")).startsWith("running")) await page.selectOption("#speed", "60");
    await page.waitForSelector("#verdict:not([hidden]) .clauses li");
    assert.equal(await page.locator(".clauses li").count(), 8);
    assert.match(await text(page, ".word"), /PASS|FAIL/);
    await shows(page, "#verdict-in", "everybody hears");
    assert.equal((await legend(page, WAITING)), 0, "nobody waits when it is over");
    await picture(page, "page-verdict");
    await accessible(page, "with a verdict");
  });

  await step("a scenario's words are words, never markup", async () => {
    const evil = `<img src=x onerror="window.fired=1"><script>window.fired=1</script>`;
    const quoted = JSON.stringify(evil);
    const scenario = `scenario: evil\ntitle: { ko: ${quoted}, en: ${quoted} }\nclock: { stop: 1h }\ntimeline:\n`
      + `  - { at: 0s, send: ${JSON.stringify(`[모의] ${evil}`)}, to: 20 people, over: 1m }\n`;
    await api("POST", "/v1/runs", { scenario, clock: "x10" }, 201);
    await shows(page, "#title", evil);
    await counts(page, TALK, 2);
    await page.click("#dots", { position: { x: 5, y: 5 } });
    await shows(page, "#story-in", evil);
    assert.equal(await page.evaluate(() => window.fired), undefined);
    assert.equal(await page.locator("h1 img, .bubble img, h1 script").count(), 0);
  });

  await step("a narrow screen does not scroll sideways", async () => {
    await narrow(page);
  });

  await step("the server gone: the page says so and keeps trying", async () => {
    assert.deepEqual(troubles, []);
    server.kill("SIGTERM");
    await ended;
    await page.waitForSelector("#server.gone:not([hidden])");
    await shows(page, "#server", "The server is gone");
  });
} finally {
  await end();
}
