// Small things of the stage that somebody once found wrong: what a search chooses, what a source is, a hand that presses twice,
// keys beside a slider, colours under the pointer, words that stay, numbers of an axis. Each step is one of them.

import assert from "node:assert/strict";
import { begin, step, text, shows, accessible, picture } from "./kit.mjs";

const { url, troubles, opened, api, end } = await begin();

const style = (page, selector, name) => page.locator(selector).first().evaluate((node, what) => getComputedStyle(node)[what], name);
const faults = async () => (await api("GET", "/v1/faults")).faults;
const play = async (scenario, clock) => (await api("POST", "/v1/runs", { scenario, clock }, 201)).id;
const stopped = () => api("POST", "/v1/runs/current/stop");

const LETTER = `scenario: letter
title: { ko: "한 통", en: "One notice" }
sources: [S11]
clock: { start: "2026-03-03T10:00:00+09:00", stop: 1h }
channels: { lh: { name: "LH" } }
people: { everyone: { count: 20, kakao: { active: 100% } } }
notices:
  bill:
    channel: lh
    alimtalk: { text: "[모의] 조○선님, 임대료 안내입니다.", buttons: [{ pay: WL, label: "납부하기" }] }
timeline:
  - { at: 0s, send: bill, to: everyone }
expect:
  - { must: "ratio(reached) >= 99%", why: { ko: "모두 받는다", en: "everybody hears" } }
`;

try {
  let page;
  await step("a search chooses what it says, not the first that has its letters", async () => {
    page = await opened();
    await page.waitForFunction(() => document.querySelectorAll("#scenario option").length >= 5);
    for (const n of [2, 6, 3, 1, 5, 4]) {
      await page.fill("#search", `수업 ${n}`);
      assert.match(await page.locator("#scenario").inputValue(), new RegExp(`^lessons/${n}-`));
      await shows(page, "#about h3", `수업 ${n}:`);
      await page.fill("#search", "");
      await page.fill("#search", `lesson ${n}`);
      assert.match(await page.locator("#scenario").inputValue(), new RegExp(`^lessons/${n}-`));
    }
    await page.fill("#search", "수업");
    assert.match(await page.locator("#scenario").inputValue(), /^lessons\/4-/, "among equals what was chosen stays");
  });

  await step("every code of a source says what it is", async () => {
    const { scenarios, sources } = await api("GET", "/v1/scenarios");
    const codes = new Set(scenarios.flatMap((row) => row.sources).filter((source) => /^S\d+$/.test(source)));
    assert.deepEqual([...codes].filter((code) => !sources.some((row) => row.code === code)), []);
    await page.fill("#search", "");
    for (const [scenario, ...told] of [
      ["lh/rent-bill-blackout", "S11", "카카오톡으로 받는 임대료 고지서", "한국토지주택공사 (LH), 2020", "S13", "판교 데이터센터 화재", "2022-10-15"],
      ["gyeonggi/emoticons", "S10", "경기도, 2022-11", "31,500개"],
    ]) {
      await page.selectOption("#scenario", scenario);
      for (const part of told) await shows(page, "#about", part);
    }
    await page.fill("#search", "데이터센터 화재");
    await shows(page, "#about", "S13");
    await accessible(page, "sources in the choice");
  });

  await step("a hand that presses twice plays once", async () => {
    await page.fill("#search", "첫 1분");
    await page.selectOption("#start-speed", "1");
    await page.dblclick("#start-form .go");
    await shows(page, "#title", "첫 1분");
    await page.waitForFunction(() => document.querySelector("#clock #time").textContent !== "00:00:00");
    assert.deepEqual([await text(page, "#start-problem"), (await api("GET", "/v1/runs")).runs.length], ["", 1]);
  });

  await step("and brings one fault, without a complaint", async () => {
    await page.dblclick("#big");
    await shows(page, "#on", "hand-1");
    assert.deepEqual([(await faults()).filter((fault) => fault.posted).length, await text(page, "#fault-problem")], [1, ""]);
    await stopped();
    await page.waitForSelector("#verdict:not([hidden])");
  });

  await step("keys work beside the slider, a plot's choice and the list of speeds", async () => {
    const id = await play(LETTER, "x10");
    await shows(page, "#title", "한 통");
    await shows(page, "#sources summary", "S11 카카오톡으로 받는 임대료 고지서");
    for (const focus of ["#scrub", "#plot-reached", "#speed"]) {
      await page.focus(focus);
      await page.keyboard.press("p");
      assert.equal(await page.locator("html").getAttribute("class").then((all) => /projector/.test(all)), true, focus);
      await page.keyboard.press("p");
    }
    await page.focus("#scrub");
    await page.keyboard.press(" ");
    await shows(page, "#standing", "멈춤");
    await page.focus("#plot-reached");
    await page.keyboard.press(" ");
    await shows(page, "#standing", "재생 중");
    await page.keyboard.press(" ");
    await shows(page, "#standing", "멈춤");
    await page.focus("#scrub");
    await page.keyboard.press("Home");
    await page.waitForSelector("#clock.past");
    await page.keyboard.press("e");
    await page.waitForSelector("#clock:not(.past)");
    await page.keyboard.press("o");
    await shows(page, "#on", "hand-1");
    await page.keyboard.press("Shift+L");
    assert.equal((await api("GET", "/v1/runs/current")).id, id);
    // Where one types, a letter is a letter.
    await page.click("#again");
    await page.fill("#search", "");
    await page.focus("#search");
    await page.keyboard.type("pel ");
    assert.deepEqual([await page.locator("#search").inputValue(), await page.locator("html").getAttribute("class").then((all) => /projector/.test(all ?? ""))], ["pel ", false]);
    await page.fill("#search", "");
    await page.click("#again");
  });

  await step("the foot of a message is the phone's own, and a pressed button can be read under the pointer", async () => {
    await page.waitForSelector("#shelf .msg .foot");
    assert.deepEqual([await style(page, "#shelf .msg .foot", "position"), await style(page, "#shelf .msg .foot", "backgroundColor"), await style(page, "#shelf .msg .foot", "borderTopWidth")],
      ["static", "rgba(0, 0, 0, 0)", "0px"]);
    for (const look of ["a desk", "a projector"]) {
      const cut = await page.locator("#shelf bongsu-phone").evaluateAll((all) => all.filter((one) => {
        const [last, screen] = [[...one.querySelectorAll(".msg .from")].at(-1), one.querySelector(".screen")];
        return last.getBoundingClientRect().top < screen.getBoundingClientRect().top;
      }).length);
      assert.equal(cut, 0, `phones whose newest message hides its sender, on ${look}`);
      await page.click("#projector");
    }
    await page.locator("#shelf .enlarge").first().click();
    await page.waitForSelector("#large .msg .foot");
    for (const look of ["a desk", "a projector"]) {
      assert.equal(await style(page, "#large .msg .foot", "backgroundColor"), "rgba(0, 0, 0, 0)", look);
      await accessible(page, `a large phone on ${look}`);
      await page.evaluate(() => document.querySelector("#projector").click());
    }
    await page.click("#large .msg.talk button.face");
    await page.waitForSelector('#large button.face[aria-pressed="true"]:hover');
    assert.deepEqual([await style(page, "#large .face", "backgroundColor"), await style(page, "#large .face", "color")], ["rgb(22, 25, 31)", "rgb(255, 255, 255)"]);
    await accessible(page, "a pressed button under the pointer");
  });

  await step("a name is not broken at its circle", async () => {
    assert.deepEqual(await page.locator("#large .words .whole").first().evaluate((node) => [node.textContent, getComputedStyle(node).whiteSpace]), ["조○선님", "nowrap"]);
  });

  await step("what was written on a phone is there when it is opened again", async () => {
    await page.fill("#large input[name=say]", "문의합니다");
    await page.click("#large .writing button");
    await shows(page, "#large", "내가 쓴 말: 문의합니다");
    await page.keyboard.press("Escape");
    await page.locator("#shelf .enlarge").nth(1).click();
    await page.waitForSelector("#large .msg .foot");
    assert.doesNotMatch(await text(page, "#large"), /문의합니다/, "another phone");
    await page.keyboard.press("Escape");
    await page.locator("#shelf .enlarge").first().click();
    await shows(page, "#large", "내가 쓴 말: 문의합니다");
    await page.keyboard.press("Escape");
  });

  await step("another kind of fault keeps what was set", async () => {
    await page.click("#panel-open");
    await page.waitForSelector(".kinds input");
    await page.check(".kinds input[value=down]");
    await page.fill("#f-name", "내-장애");
    await page.fill("#f-share", "12.5");
    await page.check("#f-sticky");
    await page.selectOption("#f-length", "own");
    await page.fill("#f-own", "7m");
    await page.check("input[name=networks][value=mobile]");
    await page.uncheck("input[name=networks][value=kakao]");
    for (const kind of ["refuse", "sever", "latency", "down"]) {
      await page.check(`.kinds input[value=${kind}]`);
      const line = await text(page, "#line");
      for (const part of ["fault: 내-장애", "share: 12.5%", "sticky: true", "for: 7m", "network: mobile"]) assert.ok(line.includes(part), `${kind}: ${part} in ${line}`);
      assert.equal(await page.locator("#f-own").isVisible(), true);
    }
    await page.click("#one .danger");
    await shows(page, "#on", "내-장애");
    await page.click("#panel-open");
    await page.waitForFunction(() => /^hand-\d+$/.test(document.querySelector("#f-name").value));
    await page.click("#panel-close");
  });

  await step("lifting all calls off what was posted for later", async () => {
    await page.click("#panel-open");
    await page.click("#tab-packs");
    const pack = page.locator(".pack", { has: page.locator("[data-pack='2022-10-15-pangyo']") });
    await pack.locator("select").selectOption("60");
    await pack.locator("[data-pack]").click();
    await shows(page, "#coming", "pangyo-down");
    await shows(page, "#lift-all", "예정된 것도 취소");
    await page.click("#lift-all");
    await page.waitForFunction(() => !document.querySelector("#on .fault") && document.querySelector("#coming").hidden);
    const left = (await faults()).filter((fault) => fault.posted && fault.state !== "over");
    assert.deepEqual(left, []);
    assert.equal(await text(page, "#fault-problem"), "");
  });

  await step("looking back, one event is one event; at the end it begins again", async () => {
    await stopped();
    await page.waitForSelector("#verdict:not([hidden])");
    const at = async (us) => (await api("GET", `/v1/runs/${(await api("GET", "/v1/runs")).runs.at(-1).id}/picture?at_us=${us}`)).next_us;
    assert.equal(await page.locator("#step").isDisabled(), false);
    const shown = () => page.locator("#scrub").inputValue().then(Number);
    await page.click("#step");
    await page.waitForSelector("#clock.past");
    assert.equal(await shown(), 0);
    let expected = 0;
    for (let place = 0; place < 4; place += 1) {
      expected = await at(expected);
      await page.click("#step");
      await page.waitForFunction((us) => Number(document.querySelector("#scrub").value) === us, expected);
    }
    await page.keyboard.press("e");
  });

  await step("people with other numbers have phones and a story", async () => {
    const id = await play("lessons/magic-people", "x10");
    await shows(page, "#title", "운명");
    await page.waitForSelector('#shelf li[data-phone="010-1999-0001"] .top b:not(:empty)');
    await page.focus("#dots");
    await page.keyboard.press("Enter");
    await shows(page, "#story-h", "010-1999-0001");
    await page.locator("#shelf .enlarge").first().click();
    await page.waitForSelector("#large .top b:not(:empty)");
    await page.keyboard.press("Escape");
    await api("POST", `/v1/runs/${id}/stop`);
  });

  await step("promises that missed events say so at once", async () => {
    await play(LETTER, "x1");
    await api("POST", "/v1/clock", { paused: true });
    await page.route((address) => address.pathname.endsWith("/live"), missing);
    await page.reload();
    await shows(page, "#promises-in", "놓친 사건이 있어");
    assert.equal(await text(page, "#promises-sum"), "");
    await page.unrouteAll();
    await stopped();
  });

  await step("the axis says whole halves; names at the ends of lines keep their order", async () => {
    await page.reload();
    await page.waitForSelector("#plot-reached");
    const wrong = await page.evaluate(async () => {
      const { nice, spread } = await import("/page/stage/plot.js");
      const odd = [];
      for (let n = 1; n < 3000; n += 1) {
        const most = nice(n, 1);
        if (most < n || !Number.isInteger(most / 2) || most > Math.max(2, n * 1.5)) odd.push([n, most]);
        if (nice(n * 100, 100) / 200 % 1) odd.push([n, "won"]);
      }
      const names = spread([{ y: 50, text: "b" }, { y: 48, text: "a" }, { y: 199, text: "d" }, { y: 196, text: "c" }], 10, 200);
      if (names.map((one) => one.text).join("") !== "abcd") odd.push(names);
      names.forEach((one, place) => { if (one.y > 200 || (place && one.y - names[place - 1].y < 15)) odd.push(one); });
      return odd;
    });
    assert.deepEqual(wrong, []);
  });

  await step("numbers of many faults stand where these begin, in order", async () => {
    const marks = await page.evaluate(async () => {
      const { laid } = await import("/page/stage/windows.js");
      const pen = { font: "12px x", measureText: (said) => ({ width: said.length * 7 }) };
      const begins = [500, 0, 1, 2, 3, 4, 5, 6, 7, 250, 252, 254, 700, 701, 702, 990, 995, 999];
      const faults = begins.map((at, place) => ({ name: `a-fault-with-a-long-name-${place}`, begins_us: at, ends_us: 1000, state: "on" }));
      return laid(pen, { faults, at_us: 1000 }, [], 1000, 1000).marks.map(({ text: said, at, end: to }) => [said, at, to]);
    });
    assert.deepEqual(marks.map((row) => row[0]), ["1–8", "9–11", "12", "13–15", "16–18"]);
    marks.forEach(([, at, to], place) => assert.ok(to <= 1000 && (place === 0 || at >= marks[place - 1][2]), String(marks)));
    assert.deepEqual(marks.map((row) => row[1]).slice(0, 4), [0, 250, 500, 700]);
  });

  await step("long times in the reader's language", async () => {
    const said = () => page.evaluate(async () => (await import("/page/common/words.js")).clock(14 * 86_400e6 + 5e6));
    assert.equal(await said(), "14일 00:00:05");
    await page.click("#language");
    assert.equal(await said(), "14 d 00:00:05");
    await page.click("#language");
  });

  await step("a list that is filled begins at its first row, and keeps what was chosen", async () => {
    const chosen = await page.evaluate(async () => {
      const { options } = await import("/page/common/show.js");
      const [list, rows] = [document.createElement("select"), [["20s", "20 s"], ["1m", "1 m"], ["", "until lifted"]]];
      const after = (value) => { if (value !== null) list.value = value; options(list, rows); return list.value; };
      return [after(null), after("1m"), after("")];
    });
    assert.deepEqual(chosen, ["20s", "1m", ""]);
  });

  await step("what is refused is told in one language", async () => {
    const told = (method, path, body) => page.evaluate(async ([how, where, what]) => {
      const { call } = await import("/page/common/link.js");
      return call(how, where, what).then(() => "", (error) => error.message);
    }, [method, path, body]);
    assert.equal(await told("GET", "/v1/runs/r999"), "없는 실행입니다");
    const id = await play("first-minute", "x1");
    assert.equal(await told("POST", "/v1/runs", { scenario: "first-minute", clock: "x1" }), "이미 다른 실행이 진행 중입니다");
    assert.equal(await told("GET", `/v1/runs/${id}/people/010-0900-0000`), "이 실행에 없는 시민입니다");
    assert.doesNotMatch(await told("POST", "/v1/faults", { fault: "x", kind: "latency", add: "20" }), /problem/);
    await api("POST", "/v1/faults", { fault: "x", kind: "down", network: "kakao", until: "lifted" }, 201);
    assert.equal(await told("POST", "/v1/faults", { fault: "x", kind: "down", network: "kakao", until: "lifted" }), "같은 이름의 장애가 있습니다");
    assert.equal(await told("POST", "/v1/people/010-0000-0002/hand", { do: "read", attempt: "n9999/0" }), "엔진이 거절했습니다 · 이 실행에 없는 알림");
  });

  await step("colours that the system forces leave marks", async () => {
    await shows(page, "#title", "첫 1분");
    await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
    await page.waitForFunction(() => parseFloat(getComputedStyle(document.querySelector("#big")).borderTopWidth) >= 2);
    const unlike = (one, other) => page.evaluate(([a, b]) => getComputedStyle(document.querySelector(a)).backgroundColor !== getComputedStyle(document.querySelector(b)).backgroundColor, [one, other]);
    assert.ok(await unlike("nav a[aria-current]", "nav a:not([aria-current])"), "the page that is open");
    assert.ok(await unlike("#plot-kinds input:checked + span", "#plot-kinds input:not(:checked) + span"), "the plot that is chosen");
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--faint").trim()), "#ffffff");
    await picture(page, "stage-forced");
    await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
    await stopped();
  });

  await step("an address that nobody can read is no run", async () => {
    await page.goto(`${url}/runs#%E0%A4%A`);
    await page.waitForSelector("#rows li");
    assert.equal(await page.locator("#one").isHidden(), true);
  });

  await step("a run that another hand deletes is shown no longer", async () => {
    const { id } = (await api("GET", "/v1/runs")).runs.at(-1);
    await page.goto(`${url}/runs#${id}`);
    await page.waitForSelector("#remove");
    await api("DELETE", `/v1/runs/${id}`);
    await shows(page, "#one", "그사이 지워졌습니다");
    assert.equal(await page.locator("#remove, #one iframe").count(), 0);
  });

  assert.deepEqual(troubles.filter((line) => !/40[049]|422/.test(line)), []);
} finally {
  await end();
}

// The stream of a run, as it begins, and then that the jury has missed something.
async function missing(route) {
  const answer = await fetch(route.request().url());
  const reader = answer.body.getReader();
  let said = "";
  while (!/event: state\n.*"judged".*\n\n/.test(said)) said += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  const state = JSON.parse(said.match(/event: state\ndata: (.*)\n\n/)[1]);
  const news = { ...state, dots: undefined, turnings: [], judged: { from: 1, history: [], missed: true } };
  await route.fulfill({ contentType: "text/event-stream", body: `${said}event: state\ndata: ${JSON.stringify(news)}\n\n` });
}
