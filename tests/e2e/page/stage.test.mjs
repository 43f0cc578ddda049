// The stage in a real browser: find a scenario, play, step, take the network down, watch, lift, look back, read the verdict; by
// mouse, by key and in both languages. Axe looks at every stage, and nothing a scenario says is ever taken for markup.

import assert from "node:assert/strict";
import { begin, step, text, shows, accessible, narrow, picture } from "./kit.mjs";

const { server, ended, troubles, opened, api, end } = await begin();

// What a line of the legend counts, by its place.
const legend = (page, place) => page.locator("#legend li b").nth(place).innerText().then(Number);
const counts = (page, place, least) =>
  page.waitForFunction(([at, n]) => Number(document.querySelectorAll("#legend li b")[at]?.textContent) >= n, [place, least]);
const pixels = (page) => page.locator("#dots").evaluate((canvas) => canvas.toDataURL());

const [WAITING, TALK, TEXT, CUT] = [1, 2, 3, 7];
const found = (page) => page.locator("#scenario option").evaluateAll((all) => all.map((one) => one.value));
const seconds = (page) => text(page, "#time").then((said) => said.split(":").reduce((sum, part) => sum * 60 + Number(part), 0));
const slide = (page, us) => page.locator("#scrub").evaluate((slider, to) => {
  slider.value = String(to);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}, us);

async function choose(page, scenario, speed) {
  await page.fill("#search", "");
  await page.selectOption("#scenario", scenario);
  await page.selectOption("#start-speed", speed);
}

const clockOf = (us) => new Date(us / 1000).toISOString().slice(11, 19);

try {
  let page;
  await step("no run yet: it says so, in Korean, and offers the scenarios", async () => {
    page = await opened();
    await shows(page, "#server", "진행 중인 실행이 없습니다");
    await page.waitForFunction(() => document.querySelectorAll("#scenario option").length >= 5);
    assert.equal(await page.locator("html").getAttribute("lang"), "ko");
    await accessible(page, "no run");
  });

  await step("scenarios by what one types, in both languages, by agency and by lesson", async () => {
    for (const [typed, expected] of [
      ["재난", "seoul/disaster-alert"], ["임대료", "lh/rent-bill-blackout"], ["임대ㄹ", "lh/rent-bill-blackout"],
      ["ㅇㄷㄹ", "lh/rent-bill-blackout"], ["silent MINUTES", "lh/rent-bill-blackout"], ["누가 빠질까", "lessons/4-left-out"],
    ]) {
      await page.fill("#search", typed);
      assert.ok((await found(page)).includes(expected), `${typed} does not find ${expected}: ${await found(page)}`);
      assert.ok((await found(page)).length < 12, `${typed} finds nearly everything`);
    }
    await page.fill("#search", "없는말 정말로");
    assert.deepEqual(await found(page), []);
    await shows(page, "#about", "맞는 시나리오가 없습니다");
    assert.equal(await page.locator("#start-form .go").isDisabled(), true);
    await accessible(page, "nothing found");
    await page.fill("#search", "");
    await page.selectOption("#folder", "lessons");
    assert.ok((await found(page)).every((name) => name.startsWith("lessons/")));
    await page.selectOption("#scenario", "lessons/4-left-out");
    await shows(page, "#about .question", "90%");
    assert.doesNotMatch(await text(page, "#about"), /평균은 빠진/, "the answer is not told before");
    await page.locator("#file summary").click();
    await shows(page, "#file-text", "scenario: lesson-4-left-out");
    await accessible(page, "a scenario and its file");
    // The file has the answer; the picture is of what a class sees.
    await page.locator("#file summary").click();
    await picture(page, "page-choice");
    await page.selectOption("#folder", "lh");
    await page.selectOption("#scenario", "lh/rent-bill-blackout");
    await shows(page, "#about", "S11");
    await page.selectOption("#folder", "");
  });

  await step("by keyboard alone: search, choose, play, pause, one event, the next turn", async () => {
    await page.focus("#search");
    await page.keyboard.type("첫 1분");
    await page.keyboard.press("ArrowDown");
    await page.selectOption("#start-speed", "1");
    await page.focus("#scenario");
    await page.keyboard.press("Enter");
    await shows(page, "#title", "첫 1분");
    await shows(page, "#time", "00:00:0");
    await page.focus("#dots");
    await page.keyboard.press(" ");
    await shows(page, "#standing", "멈춤");
    const events = async () => (await api("GET", "/v1/runs/r1")).counts.events;
    const before = await events();
    await page.keyboard.press("s");
    await page.waitForFunction(() => true);
    for (let tries = 0; tries < 50 && (await events()) === before; tries += 1) await page.waitForTimeout(20);
    assert.ok((await events()) > before, "one more event");
    await page.keyboard.press("n");
    await shows(page, "#chronicle", "장애 시작: blackout");
    assert.equal(await seconds(page), 20, "the fault begins at second 20");
    await shows(page, "#line-kakao", "0 / 100");
    await accessible(page, "stepped");
    await page.click("#again");
    await api("POST", "/v1/runs/current/stop");
  });

  await step("begins the next run although another hand ended the one that is shown, a moment before", async () => {
    const stop = (address) => address.pathname.endsWith("/stop");
    await api("POST", "/v1/runs", { scenario: "first-minute", clock: "x1" }, 201);
    await shows(page, "#standing", "재생 중");
    await page.route(stop, async (route) => {
      await api("POST", "/v1/runs/current/stop");
      await route.continue();
    });
    await choose(page, "lh/rent-bill-blackout", "60");
    await page.click("#start-form .go");
    await shows(page, "#title", "임대료");
    assert.equal(await text(page, "#start-problem"), "");
    assert.equal((await api("GET", "/v1/runs")).current, "r3");
    await page.unroute(stop);
    troubles.splice(0, troubles.length, ...troubles.filter((line) => !line.includes("409")));
  });

  await step("an answer that a newer one has overtaken takes nobody back to the run before", async () => {
    let late = null;
    const held = new Promise((resolve) => { late = resolve; });
    const list = (address) => address.pathname === "/v1/runs";
    await page.route(list, async (route) => {
      if (late === null || route.request().method() !== "GET") return route.continue();
      const tell = late;
      late = null;
      const answer = await route.fetch();
      tell(() => route.fulfill({ response: answer }));
    });
    await api("POST", "/v1/runs/current/stop");
    await page.waitForSelector("#verdict:not([hidden])");
    const release = await held;
    const followed = [];
    page.on("request", (request) => { if (request.url().endsWith("/live")) followed.push(request.url().split("/").at(-2)); });
    await page.click("#again");
    await choose(page, "first-minute", "1");
    await page.click("#start-form .go");
    await shows(page, "#title", "첫 1분");
    await release();
    // A clock that goes on after that: the answer has been heard.
    const then = await seconds(page);
    await page.waitForFunction((before) => document.querySelector("#time").textContent.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) > before, then);
    assert.deepEqual([(await text(page, "#title")).slice(0, 4), followed], ["첫 1분", ["r4"]]);
    await page.unroute(list);
    await page.click("#again");
  });

  await step("plays the first scenario at x10", async () => {
    await choose(page, "first-minute", "10");
    await page.click("#start-form .go");
    await shows(page, "#standing", "x10");
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

  await step("promises stand as far as they are decided, in words", async () => {
    await page.waitForSelector("#promises:not([hidden]) li");
    assert.ok((await page.locator("#promises-in li").count()) >= 8);
    await shows(page, "#promises-in", "미정");
    await shows(page, "#promises-in", "기준");
    assert.match(await text(page, "#promises-sum"), /지킴 \d+ · 깨짐 \d+ · 미정 \d+/);
  });

  await step("every plot is there, in words too", async () => {
    for (const [kind, says] of [
      ["rate", "1초에"], ["fallbacks", "가운데"], ["cost", "원"], ["connected", "카카오 0"], ["took", "95%"], ["reached", "장문 문자"],
    ]) {
      await page.check(`#plot-${kind}`);
      await shows(page, "#plot-says", says);
      const label = await page.locator("#plot").getAttribute("aria-label");
      assert.ok(label.includes(says), `${kind}: ${label}`);
      await accessible(page, `plot ${kind}`);
    }
  });

  await step("looks back while the run goes on, and comes back to the present", async () => {
    const now = await seconds(page);
    const [dots, reached] = [await pixels(page), await text(page, "#reached")];
    await slide(page, 15e6);
    await shows(page, "#standing", "지난 모습");
    await picture(page, "page-back");
    assert.equal(await seconds(page), 15);
    await shows(page, "#line-kakao", "100 / 100");
    assert.notEqual(await pixels(page), dots);
    assert.doesNotMatch(await text(page, "#chronicle"), /blackout/);
    assert.equal(await page.locator("#big").isDisabled(), true, "the past takes no orders");
    await accessible(page, "looking back");
    await page.focus("#dots");
    await page.keyboard.press("n");
    await shows(page, "#chronicle", "장애 시작: blackout");
    assert.equal(await seconds(page), 20);
    await shows(page, "#line-kakao", "0 / 100");
    await page.keyboard.press("b");
    await shows(page, "#line-kakao", "100 / 100");
    await page.keyboard.press("e");
    await shows(page, "#standing", "멈춤");
    assert.deepEqual([await seconds(page), await text(page, "#reached"), (await pixels(page)) === dots], [now, reached, true]);
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
    await page.evaluate(() => scrollTo(0, 0));
    await picture(page, "page-projector");
    await page.click("#again");
    await accessible(page, "projector, choosing");
    await page.click("#again");
    await slide(page, 25e6);
    await shows(page, "#standing", "looking back");
    await accessible(page, "projector, looking back");
    await page.keyboard.press("e");
    await page.keyboard.press("p");
  });

  await step("the verdict, in words", async () => {
    if ((await text(page, "#standing")).startsWith("running")) await page.selectOption("#speed", "60");
    await page.waitForSelector("#verdict:not([hidden]) .clauses li");
    assert.equal(await page.locator("#verdict .clauses li").count(), 8);
    assert.match(await text(page, ".word"), /PASS|FAIL/);
    await shows(page, "#verdict-in", "everybody hears");
    assert.equal((await legend(page, WAITING)), 0, "nobody waits when it is over");
    await picture(page, "page-verdict");
    await accessible(page, "with a verdict");
    assert.deepEqual(troubles, []);
  });

  await step("the report opens in place: focus goes in, and comes back by key, by button and from within", async () => {
    const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.localName);
    const shut = () => page.waitForFunction(() => !document.querySelector("#report").open && !document.querySelector("#report iframe"));
    const report = page.frameLocator("#report iframe");
    await page.focus("#report-open");
    await page.keyboard.press("Enter");
    await report.locator("svg:visible").first().waitFor();
    await shows(page, "#report-h", "The first minute");
    await report.locator("h1", { hasText: "The first minute" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.localName === "iframe");
    assert.equal(await page.locator("#report iframe").getAttribute("sandbox"), "allow-same-origin", "no script runs in it");
    await accessible(page, "the report in place");
    await picture(page, "page-report");
    // Arrow keys scroll it at once; Escape is heard although the focus is inside.
    const scrolled = () => page.frames().at(-1).evaluate(() => document.scrollingElement.scrollTop).catch(() => 0);
    await page.keyboard.press("PageDown");
    for (let tries = 0; tries < 100 && !(await scrolled()); tries += 1) await page.waitForTimeout(20);
    assert.ok((await scrolled()) > 0, "it does not scroll by key");
    await page.keyboard.press("Escape");
    await shut();
    assert.equal(await focused(), "report-open");

    await page.keyboard.press("p");
    await page.keyboard.press("r");
    await report.locator("svg:visible").first().waitFor();
    const large = await page.evaluate(() => {
      const frame = document.querySelector("#report iframe");
      const size = parseFloat(frame.contentWindow.getComputedStyle(frame.contentDocument.body).fontSize);
      return [size * (frame.getBoundingClientRect().width / frame.offsetWidth), frame.contentDocument.scrollingElement.scrollWidth - frame.contentWindow.innerWidth];
    });
    assert.ok(large[0] >= 20 && large[1] <= 0, `letters of ${large[0]} px, ${large[1]} px too wide`);
    await accessible(page, "the report on a projector");
    await picture(page, "page-report-projector");
    // Behind the report nothing is ordered.
    await page.click("#report-h");
    await page.keyboard.press("o");
    await page.click("#report-close");
    await shut();
    assert.equal(await focused(), "report-open");
    await page.keyboard.press("p");
    assert.equal((await api("GET", `/v1/runs/${(await api("GET", "/v1/runs")).runs.at(-1).id}`)).state, "ended");
    await page.setViewportSize({ width: 390, height: 800 });
    await page.click("#report-open");
    await report.locator("svg:visible").first().waitFor();
    await narrow(page);
    await page.keyboard.press("Escape");
    await shut();
    assert.deepEqual(troubles, []);
  });

  await step("a report that is gone is told of, and not by an empty frame", async () => {
    const none = (address) => address.pathname.endsWith("/report");
    await page.route(none, (route) => route.fulfill({ status: 404, contentType: "application/problem+json", body: JSON.stringify({ type: "/problems/unknown-run", title: "no such run", title_ko: "없는 실행" }) }));
    await page.click("#report-open");
    await shows(page, "#report-problem", "no such run");
    assert.equal(await page.locator("#report").evaluate((dialog) => dialog.open), false);
    await page.unroute(none);
    troubles.splice(0, troubles.length, ...troubles.filter((line) => !line.includes("404")));
  });

  await step("scrubs a run that is over: each step is quick, and is what was seen live", async () => {
    const run = (await api("GET", "/v1/runs")).runs.at(-1);
    await page.focus("#scrub");
    await page.keyboard.press("Home");
    await shows(page, "#time", "00:00:00");
    assert.equal(await page.locator("#verdict").isVisible(), false, "nothing is judged in the past");
    await shows(page, "#promises-in", "open");
    const took = [];
    for (let part = 1; part <= 10; part += 1) {
      const [us, began] = [Math.round((run.at_us * part) / 11), performance.now()];
      await slide(page, us);
      await page.waitForFunction((at) => document.querySelector("#scrub").getAttribute("aria-valuetext") === at, clockOf(us));
      took.push(performance.now() - began);
    }
    console.log(`page: a step of the slider takes ${Math.round(Math.max(...took))} ms at the most`);
    assert.ok(Math.max(...took) < 1000, String(took));
    await page.keyboard.press("End");
    await page.waitForSelector("#verdict:not([hidden])");
    await page.selectOption("#speed", "300");
    await page.focus("#dots");
    await page.keyboard.press(" ");
    await shows(page, "#standing", "looking back");
    await page.waitForFunction(() => document.querySelector("#chronicle").textContent.includes("fault begins: blackout"));
    await page.waitForSelector("#verdict:not([hidden])");
    await shows(page, "#standing", "ended");
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

  await step("a verdict over nothing says so", async () => {
    await api("POST", "/v1/runs/current/stop");
    await shows(page, "#verdict-in", "promises nothing");
    await accessible(page, "an empty verdict");
    await api("POST", "/v1/runs", { scenario: "first-minute", clock: "x1" }, 201);
    await shows(page, "#title", "The first minute");
  });

  await step("faults that overlap do not write over each other: names in lanes, then numbers and a list", async () => {
    // What was written onto the plot, and where: no two texts of one drawing may touch.
    await page.evaluate(() => {
      const plain = CanvasRenderingContext2D.prototype.fillText;
      const clear = CanvasRenderingContext2D.prototype.clearRect;
      window.written = [];
      CanvasRenderingContext2D.prototype.clearRect = function cleared(...box) {
        if (this.canvas.id === "plot") window.written = [];
        return clear.apply(this, box);
      };
      CanvasRenderingContext2D.prototype.fillText = function wrote(text, x, y) {
        if (this.canvas.id === "plot") {
          const size = this.measureText(text);
          const left = x - size.actualBoundingBoxLeft;
          window.written.push({ text, left, right: x + size.actualBoundingBoxRight, top: y - size.actualBoundingBoxAscent, bottom: y + size.actualBoundingBoxDescent });
        }
        return plain.call(this, text, x, y);
      };
    });
    await page.click("#language");
    await page.check("#plot-connected");
    const apart = async (when, drawn) => {
      await page.waitForFunction((wanted) => window.written.some(({ text }) => text === wanted || text.endsWith(`–${wanted}`)), drawn);
      const texts = (await page.evaluate(() => window.written)).toSorted((a, b) => a.left - b.left);
      const touching = texts.flatMap((one, at) => texts.slice(at + 1).filter((other) => other.left < one.right && one.top < other.bottom && other.top < one.bottom).map((other) => `${one.text} / ${other.text}`));
      assert.deepEqual(touching, [], when);
      return texts.map((one) => one.text);
    };
    for (const at of [1, 2]) await api("POST", "/v1/faults", { fault: `overlapping-${at}`, kind: "latency", add: "1s", network: "mobile", for: "30s" }, 201);
    await shows(page, "#plot-faults", "overlapping-2");
    const named = await apart("three at once", "overlapping-2");
    assert.ok(["blackout", "overlapping-1", "overlapping-2"].every((name) => named.includes(name)), String(named));
    await api("POST", "/v1/outages", { outage: "2022-10-15-pangyo", speed: "x3600" }, 201);
    await page.waitForSelector("#plot-faults:not(.unseen)");
    // Neighbours stand together: every number is said once, in order.
    const all = (await api("GET", "/v1/faults")).faults.length;
    const numbers = await apart("a whole outage", String(all));
    const said = numbers.filter((one) => !numbers.includes("blackout") && /^\d+(–\d+)?$/.test(one) && one !== "100" && one !== "50" && one !== "0").flatMap((one) => {
      const [from, to] = one.split("–").map(Number);
      return Array.from({ length: (to ?? from) - from + 1 }, (_, place) => from + place);
    });
    assert.deepEqual(said, Array.from({ length: all }, (_, place) => place + 1), String(numbers));
    await shows(page, "#plot-faults", "pangyo-silence");
    await picture(page, "page-overlap");
    await accessible(page, "a list of faults below the plot");
    await narrow(page);
    await page.evaluate(() => { window.written = []; });
    await page.setViewportSize({ width: 390, height: 800 });
    await apart("a whole outage on a telephone", String(all));
    await page.locator("#plots").scrollIntoViewIfNeeded();
    await picture(page, "page-overlap-narrow");
    await page.setViewportSize({ width: 1366, height: 820 });
    await page.click("#language");
    await page.check("#plot-reached");
  });

  await step("a narrow screen does not scroll sideways", async () => {
    await narrow(page);
  });

  await step("a slow line: the page says that what it shows is a moment old", async () => {
    await shows(page, "#standing", "running");
    server.kill("SIGSTOP");
    await page.waitForSelector("#server:not([hidden])");
    await shows(page, "#server", "a moment ago");
    await accessible(page, "a slow line");
    server.kill("SIGCONT");
    await page.waitForSelector("#server[hidden]", { state: "attached" });
  });

  await step("the server gone: the page says so and keeps trying", async () => {
    assert.deepEqual(troubles, []);
    server.kill("SIGTERM");
    await ended;
    await page.waitForSelector("#server.gone:not([hidden])");
    await shows(page, "#server", "The server is gone");
    await shows(page, "#standing", "as last seen");
    assert.equal(await page.locator("#pause").isDisabled(), true);
    await accessible(page, "the server gone");
  });
} finally {
  await end();
}
