// A class: the teacher opens it behind the server's token, students join with the code alone, on telephones' screens. An
// outage really cuts their sockets, texts still come; roles know different things; the teacher asks, pauses, tells and
// reveals; when the class ends nothing of anybody is left.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TOKEN = "a-token-of-a-class-0123456789abcdef";
process.env.BONGSU_TOKEN = TOKEN;
const { begin, step, text, shows, accessible, picture } = await import("./kit.mjs");

const data = await mkdtemp(join(tmpdir(), "bongsu-class-"));
const { server, ended, url, troubles, opened, end } = await begin("--data", data);

const TELEPHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
const EVIL = "<svg onload=fire()>";
const WHALE = "파란고래";
const DESK = "발신담당이";

const asked = (path, about = {}) => fetch(url + path, { redirect: "manual", ...about });
const bearer = (token) => ({ headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } });
const api = async (path) => (await asked(path, bearer(TOKEN))).json();
const keyOf = (page) => page.evaluate(() => sessionStorage.getItem("bongsu.seat"));
const fits = async (page) => {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= room, `${wide} in ${room}`);
};

// Every file below a folder, as bytes.
async function files(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return Promise.all(entries.filter((one) => one.isFile()).map((one) => readFile(join(one.parentPath ?? one.path, one.name))));
}

// Sockets that a page has opened, and those that were closed.
function sockets(page) {
  const seen = { opened: [], closed: [] };
  page.on("websocket", (socket) => {
    seen.opened.push(socket.url());
    socket.on("close", () => seen.closed.push(socket.url()));
  });
  return seen;
}

try {
  let teacher;
  let code;
  let whale;
  let evil;
  let desk;
  let lines;
  let then;
  let reached;

  await step("without the token there is the entrance, and nothing else", async () => {
    teacher = await opened("/class");
    await shows(teacher, "#title", "토큰이 필요한 서버입니다");
    await accessible(teacher, "the entrance");
    await teacher.fill("#token", "another-token-of-a-class-0123456789");
    await teacher.press("#token", "Enter");
    await shows(teacher, "#enter-problem", "인증 토큰이 필요합니다");
    for (const path of ["/v1/runs", "/v1/class", "/v1/class/live", "/v1/class/debrief?at_us=0", "/metrics", "/page/class/main.js", "/v1/inbox?phone=010-0000-0000"]) {
      assert.equal((await asked(path)).status, 401, path);
    }
    for (const [page, entrance] of [["/", "/enter"], ["/class", "/enter#/class"]]) {
      assert.equal((await asked(page, { headers: { accept: "text/html" } })).headers.get("location"), entrance);
    }
  });

  await step("students may come before the class is open, and are told so", async () => {
    const early = await opened("/join", TELEPHONE);
    await early.fill("#code", "ABCDEF");
    await early.fill("#nickname", "너무이른새");
    await early.click("#join-form .go");
    await shows(early, "#join-problem", "아직 열린 수업이 없습니다");
    await early.context().close();
  });

  await step("the teacher enters and opens a class of three seats", async () => {
    await teacher.fill("#token", TOKEN);
    await teacher.press("#token", "Enter");
    await teacher.waitForURL(`${url}/class`);
    await teacher.fill("#seats", "3");
    await accessible(teacher, "no class");
    await teacher.click("#open-form .go");
    await teacher.waitForSelector("#qr path[d]");
    code = (await text(teacher, "#code")).replace(" ", "");
    assert.match(code, /^[2-9A-HJKMNP-Z]{6}$/);
    assert.equal(await text(teacher, "#address"), `${url.replace("http://", "")}/join`);
    await accessible(teacher, "an empty class");
    await teacher.keyboard.press("p");
    await picture(teacher, "class-projector");
    await accessible(teacher, "the way in, on a projector");
    await teacher.keyboard.press("p");
  });

  await step("two citizens and a sender's desk join; a wrong code, a name that is taken and a full class are told", async () => {
    evil = await opened(`/join#${code}`, TELEPHONE);
    assert.equal(await evil.inputValue("#code"), code);
    await fits(evil);
    await accessible(evil, "the door");
    await picture(evil, "class-join");
    await evil.fill("#code", "222222");
    await evil.fill("#nickname", EVIL);
    await evil.click("#join-form .go");
    await shows(evil, "#join-problem", "수업 코드가 다릅니다");
    await evil.fill("#code", `${code.slice(0, 3)}-${code.slice(3).toLowerCase()}`);
    await evil.click("#join-form .go");
    await shows(evil, "#title", EVIL);

    whale = await opened(`/join#${code}`, TELEPHONE);
    lines = sockets(whale);
    await whale.fill("#nickname", EVIL.toUpperCase());
    await whale.keyboard.press("Enter");
    await shows(whale, "#join-problem", "다른 사람이 쓰는 별명입니다");
    await whale.fill("#nickname", WHALE);
    await whale.keyboard.press("Enter");
    await shows(whale, "#title", WHALE);

    desk = await opened(`/join#${code}`, TELEPHONE);
    await desk.fill("#nickname", DESK);
    await desk.check('input[value="sender"]');
    assert.equal(await desk.locator("#persona-set").isVisible(), false);
    await desk.click("#join-form .go");
    await shows(desk, "#title", "발신 창구");

    const late = await opened(`/join#${code}`, TELEPHONE);
    await late.fill("#nickname", "늦은새");
    await late.click("#join-form .go");
    await shows(late, "#join-problem", "자리가 모두 찼습니다");
    await late.context().close();
    await shows(teacher, "#came", "3자리 중 3명");
    await shows(teacher, "#members", EVIL);
    assert.equal(await teacher.locator("#open svg:not(#qr), #open img").count(), 0);
    assert.equal(await teacher.evaluate(() => window.fired), undefined);
  });

  await step("a key opens its own seat, and nothing of the rest", async () => {
    const key = await keyOf(desk);
    assert.equal((await asked("/v1/class/seat", bearer(key))).status, 200);
    assert.equal((await asked("/v1/class/seat", bearer("0".repeat(32)))).status, 401);
    for (const path of ["/v1/runs", "/v1/class", "/v1/faults", "/class"]) assert.equal((await asked(path, bearer(key))).status, 401, path);
    assert.equal((await asked("/v1/class/seat/debrief?at_us=0", bearer(key))).status, 409, "not revealed");
  });

  await step("the run begins: their phones are phones of it, over sockets of their own", async () => {
    await teacher.selectOption("#scenario", "first-minute");
    await teacher.selectOption("#speed", "2");
    // A hand that is used to double clicks begins one run, and posts one fault.
    await teacher.dblclick("#start-form .go");
    await whale.waitForSelector("#phone .lines .on");
    await evil.waitForSelector("#phone .lines .on");
    assert.ok(lines.opened.some((socket) => socket.endsWith("/ws/kakao")) && lines.opened.some((socket) => socket.endsWith("/ws/mobile")));
    await shows(teacher, "#members", "카카오 이어짐");
    assert.equal(await text(teacher, "#run-problem"), "");
    assert.ok(!(await whale.content()).includes("20초 동안 멈춥니다"), "what will happen is not told");
  });

  await step("a talk comes and is opened by hand; the teacher sees by what each was told", async () => {
    await evil.waitForSelector("#phone .msg.talk");
    await evil.click("#phone .msg.talk .read");
    await evil.waitForSelector("#phone .foot span");
    await shows(teacher, "#members", "✓ 알림톡");
    await accessible(evil, "a phone with a talk");
  });

  await step("the teacher's outage cuts their sockets for real", async () => {
    await teacher.selectOption("#outage-for", "");
    await teacher.dblclick("#outage");
    await whale.waitForSelector("#phone .lines .cut");
    await evil.waitForSelector("#phone .lines .cut");
    assert.equal(await text(teacher, "#run-problem"), "");
    assert.deepEqual((await api("/v1/faults")).faults.map(({ name }) => name).filter((name) => name.startsWith("class-")), ["class-1"]);
    assert.ok(lines.closed.some((socket) => socket.endsWith("/ws/kakao")), "the socket is still open");
    assert.ok(!lines.closed.some((socket) => socket.endsWith("/ws/mobile")), "mobile went down with it");
    await whale.waitForSelector("#phone .lines .on");
    await shows(teacher, "#members", "카카오 끊김");
  });

  await step("a text comes all the same, while kakao is down", async () => {
    await whale.waitForSelector("#phone .msg.sms", { timeout: 40_000 });
    assert.ok(await whale.locator("#phone .lines .cut").count(), "kakao is back already");
    await picture(whale, "class-phone");
    await fits(whale);
  });

  await step("the teacher pauses, tells and asks; they answer", async () => {
    await teacher.click("#pause");
    await shows(whale, "#standing", "선생님이 멈췄습니다");
    await teacher.fill("#tell", `카톡이 안 되면? ${EVIL}`);
    await teacher.press("#tell", "Enter");
    await shows(whale, "#line", `카톡이 안 되면? ${EVIL}`);
    await teacher.click("#ask");
    // An answer comes in also while the teacher's hand is on a list.
    const list = teacher.locator("#members tr", { hasText: DESK }).locator("select");
    await list.focus();
    for (const [page, percent, why] of [[whale, "30", "내 것도 늦게 왔다"], [desk, "95", "다 접수됐다"]]) {
      await page.waitForSelector("#question:not([hidden])");
      await page.locator("#percent").fill(percent);
      await page.fill("#why", why);
      if (page === desk) {
        await picture(desk, "class-question");
        await accessible(desk, "a question");
      }
      await page.click("#belief-form .go");
      await page.waitForSelector("#question", { state: "hidden" });
    }
    await shows(teacher, "#answers", "3명 중 2명");
    await shows(teacher, "#members", "95%");
    assert.ok(await list.evaluate((node) => document.activeElement === node), "the hand is still on it");
    await picture(teacher, "class-console");
    await accessible(teacher, "a class in an outage");
  });

  await step("roles are served what they may know, and nothing else", async () => {
    const served = async () => (await (await asked("/v1/class/seat", bearer(await keyOf(desk)))).json()).sees;
    const sender = Object.keys(await served()).sort();
    assert.deepEqual(sender, ["accepted", "believed_percent", "called", "codes", "cost", "fell_back", "given_up", "notices", "refused", "satisfied", "told_arrived", "told_failed", "told_nothing", "told_uncertain", "unanswered"]);
    await picture(desk, "class-sender");
    await whale.fill("#complaint", `카톡이 안 열려요 ${EVIL}`);
    await whale.press("#complaint", "Enter");
    await shows(whale, "#complain-said", "보냈습니다");
    const member = teacher.locator("#members tr", { hasText: DESK });
    await member.locator("select").selectOption("press");
    await shows(desk, "#title", "언론");
    await shows(desk, "#sees-in", `카톡이 안 열려요 ${EVIL}`);
    assert.deepEqual(Object.keys(await served()).sort(), ["cut", "late", "late_after_us", "letters", "twice"]);
    await accessible(desk, "the press");
    await member.locator("select").selectOption("operator");
    await shows(desk, "#sees-in", "불통");
    const operator = await served();
    assert.equal(operator.network, "kakao");
    assert.ok(operator.cut >= 90 && !("reached" in operator) && !("told_arrived" in operator), JSON.stringify(operator));
    await member.locator("select").selectOption("ministry");
    await shows(desk, "#sees-in", "늦게");
    assert.deepEqual(Object.keys(await served()).sort(), ["as_of_us", "believed_percent", "delay_us", "notices", "platform_hurt", "reported_arrived"]);
    await member.locator("select").selectOption("sender");
    await shows(desk, "#title", "발신 창구");
  });

  await step("revealed: what they believed then, and what was true", async () => {
    assert.equal(await whale.locator("#debrief").isVisible(), false);
    await teacher.click("#reveal");
    await shows(teacher, "#debrief-in", "실제로 받음");
    await shows(whale, "#debrief-in", "다 접수됐다");
    await teacher.locator(".marks button", { hasText: "물음 1" }).click();
    await shows(teacher, "#debrief-in .wrote", WHALE);
    const truth = await teacher.evaluate(() => Number(document.querySelector(".truth .share b").textContent.replace("%", "")));
    [then, reached] = [truth, await text(teacher, "#truth-in div:nth-child(2) dd")];
    assert.ok(truth > 30 && truth < 95, `${truth}`);
    await shows(teacher, "#debrief-in", `그때의 사실 ${truth}%와 ${95 - truth}점 차이`);
    await shows(teacher, "#debrief-in", "장문 문자로 받음");
    await shows(teacher, "#debrief-in", "알림톡으로 받음");
    await accessible(teacher, "a debrief");
    await accessible(whale, "a debrief on a telephone");
    await fits(whale);
    await teacher.locator("#projector").click();
    await accessible(teacher, "a debrief on a projector");
    await picture(teacher, "class-debrief-projector");
    await teacher.locator("#projector").click();
  });

  await step("kakao comes back: so do their sockets", async () => {
    await teacher.click("#pause");
    await teacher.click("#lift");
    await whale.waitForFunction(() => document.querySelectorAll("#phone .lines .on").length === 2);
  });

  await step("English is one switch away", async () => {
    await whale.click("#language");
    await shows(whale, "#role-is", "You know what your own phone shows");
    await shows(whale, "#phone .lines", "connected");
  });

  await step("later more have heard of it: what was believed is held against what was true then", async () => {
    await teacher.waitForFunction((before) => document.querySelector("#truth-in div:nth-child(2) dd").textContent !== before, reached);
    await evil.click("#leave");
    await teacher.click("#stop");
    await shows(teacher, "#standing", "끝남");
    await teacher.locator(".marks button", { hasText: "물음 1" }).click();
    await teacher.locator(".marks button", { hasText: "마지막" }).click();
    await teacher.waitForFunction((before) => document.querySelector(".truth .share b").textContent !== `${before}%`, then);
    await shows(teacher, "#debrief-in", `그때의 사실 ${then}%와 ${95 - then}점 차이`);
    assert.equal(await teacher.locator('.marks [aria-pressed="true"]').count(), 1);
    assert.ok(await teacher.locator("#told-at").evaluate((slider) => slider.value === slider.max), "the end is the slider's end");
    await teacher.locator(".marks button", { hasText: "물음 1" }).click();
    await shows(teacher, ".truth h3", "의 사실");
    await picture(teacher.locator("#debrief"), "class-debrief");
  });

  await step("the class ends: their pages say so, their sockets close, their names are gone", async () => {
    const key = await keyOf(whale);
    await teacher.click("#end");
    await teacher.click("#sure-yes");
    await shows(whale, "#server", "The class is over");
    await shows(desk, "#server", "수업이 끝났습니다");
    assert.equal(await keyOf(whale), null);
    assert.equal((await asked("/v1/class/seat", bearer(key))).status, 409);
    assert.equal((await asked("/v1/class", bearer(TOKEN))).status, 409);
    await whale.waitForFunction(() => !document.body.textContent.includes("파란고래"));
    await teacher.waitForFunction(() => !document.querySelector("#open:not([hidden])"));
    const { events } = await api("/v1/runs/r1/events?limit=10000");
    assert.ok(events.some((event) => event.event === "opened" && event.person === "010-0000-0000"), "what was done by hand is there");
    await teacher.close();
    server.kill("SIGTERM");
    await ended;
    const kept = Buffer.concat(await files(data));
    assert.ok(kept.includes("session_closed"), "the run is on the disk");
    for (const name of [EVIL, EVIL.toUpperCase(), WHALE, DESK, code, key, "내 것도 늦게 왔다", "카톡이 안 열려요", "카톡이 안 되면"]) {
      assert.ok(!kept.includes(name), `${name} is on the disk`);
    }
  });

  // Refused sockets and answers are what these pages are about; a browser tells each as an error.
  const foreseen = /WebSocket connection to|status of (401|403|409)|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED/;
  assert.deepEqual(troubles.filter((line) => !foreseen.test(line)), []);
} finally {
  await end();
  await rm(data, { recursive: true, force: true });
}
