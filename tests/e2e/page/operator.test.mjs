// The operator's page in a real browser: what the process stands at, sockets and rates while phones talk, faults, and the log of
// who did what by which way; no run, a full disk, and the server gone.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin, step, text, shows, accessible, narrow, picture } from "./kit.mjs";

const home = await mkdtemp(join(tmpdir(), "bongsu-operator-"));
const { server, ended, troubles, opened, api, url, end } = await begin("--data", join(home, "data"));
const number = (page, selector) => page.locator(selector).innerText().then((said) => Number(said.replace(/[^0-9.]/g, "")));
const reaches = (page, selector, least) =>
  page.waitForFunction(([what, n]) => Number(document.querySelector(what)?.textContent.replace(/[^0-9.]/g, "")) >= n, [selector, least]);
let phones = null;

try {
  let page;
  await step("no run: the process is told all the same", async () => {
    page = await opened("/operator");
    await shows(page, "#run-in", "진행 중인 실행이 없습니다");
    await shows(page, "#sources", "봉수 0.");
    assert.ok(await number(page, "#tile-memory b") > 5, "MiB");
    assert.ok(await number(page, "#tile-descriptors b") > 5);
    await shows(page, "#deeds", "아직 아무도 아무것도 하지 않았습니다");
    await picture(page, "operator-none");
    await accessible(page, "no run");
  });

  await step("phones on sockets: sessions, handshakes, messages, receipts", async () => {
    await api("POST", "/v1/runs", { scenario: "first-minute", clock: "x1", phones: "outside" }, 201);
    phones = spawn(process.env.BONGSU, ["phones", url, "--count", "100"], { stdio: "ignore" });
    await shows(page, "#run-in", "첫 1분");
    await reaches(page, "#networks tr:nth-child(1) td:nth-of-type(2)", 100);
    await reaches(page, "#tile-r_messages b", 0.5);
    await reaches(page, "#tile-r_receipts b", 0.5);
    await picture(page, "operator");
    await accessible(page, "phones on sockets");
  });

  await step("a fault: it is on, phones are turned away, the log says who", async () => {
    assert.equal(spawnSync(process.env.BONGSU, ["fault", "post", "{ fault: by-cli, network: kakao, kind: down, for: 10m }", "--url", url]).status, 0);
    await shows(page, ".faults", "by-cli");
    await shows(page, "#networks tr:nth-child(1)", "카카오");
    await reaches(page, "#networks tr:nth-child(1) td:nth-of-type(5)", 1);
    await shows(page, "#deeds tr:nth-child(1)", "명령줄");
    await shows(page, "#deeds tr:nth-child(1)", "by-cli: down");
    const stage = await opened("/");
    await stage.waitForSelector("#on .fault");
    await stage.click("#on .fault button");
    await shows(page, "#deeds tr:nth-child(1)", "페이지");
    await shows(page, "#deeds tr:nth-child(1)", "장애 풀기");
    await stage.context().close();
    await api("POST", "/v1/runs/current/speed", { speed: 2 });
    await shows(page, "#deeds tr:nth-child(1)", "API");
    await shows(page, "#deeds tr:nth-child(1)", "x2");
    await api("DELETE", "/v1/faults/nothing", undefined, 404);
    await shows(page, "#deeds tr:nth-child(1)", "거절 404");
    assert.ok(!(await text(page, "body")).includes("010-"), "nobody's number is on this page");
    await page.locator("#log").evaluate((log) => log.scrollIntoView({ block: "start" }));
    assert.ok(await page.locator("#deeds tr").first().evaluate((row) => row.getBoundingClientRect().bottom < innerHeight), "the newest deed is in the picture");
    await picture(page, "operator-log");
    await accessible(page, "a log");
  });

  await step("at most twenty updates a second, whatever the run does", async () => {
    await api("POST", "/v1/runs/current/speed", { speed: 60 });
    const answer = await fetch(`${url}/v1/operator/live`);
    const began = performance.now();
    let [states, deeds] = [0, 0];
    for await (const piece of answer.body) {
      const heard = new TextDecoder().decode(piece);
      states += heard.split("event: state").length - 1;
      deeds += heard.split("event: deeds").length - 1;
      if (performance.now() - began > 2000) break;
    }
    assert.ok(states >= 2 && states + deeds <= 40, `${states} states and ${deeds} deeds in two seconds`);
  });

  await step("English, projector, narrow", async () => {
    await page.click("#language");
    await shows(page, "#log-h", "Who did what");
    await page.keyboard.press("p");
    await picture(page, "operator-projector");
    await accessible(page, "projector");
    await page.keyboard.press("p");
    await narrow(page);
    await page.click("#language");
  });

  await step("what it leads to answers", async () => {
    for (const href of await page.locator("#links a").evaluateAll((links) => links.map((link) => link.getAttribute("href")))) {
      assert.equal((await fetch(url + href)).status, 200, href);
    }
  });

  await step("a full disk: the run is held, and the page says so", async () => {
    if ((await api("GET", "/v1/runs")).current === null) await api("POST", "/v1/runs", { scenario: "lh/rent-bill-blackout", clock: "x10" }, 201);
    const limit = (size) => assert.equal(spawnSync("prlimit", ["--pid", String(server.pid), `--fsize=${size}`]).status, 0);
    limit("1024:unlimited");
    await shows(page, "#run-in", "저장 공간을 기다리며 멈춤");
    await picture(page, "operator-held");
    await accessible(page, "held");
    limit("unlimited:unlimited");
    await page.waitForFunction(() => !document.querySelector("#run-in .held"));
  });

  await step("the server gone: the page says so", async () => {
    assert.deepEqual(troubles.filter((line) => !line.includes("404")), []);
    server.kill("SIGTERM");
    await ended;
    await page.waitForSelector("#server.gone:not([hidden])");
    await accessible(page, "the server gone");
  });
} finally {
  phones?.kill();
  await end();
  await ended;
  await rm(home, { recursive: true });
}
