// The runs page in a real browser: none yet, a list, a report in place, two side by side, files to take away, a replay that is the
// same and one that is not, and letting go of a run, also when somebody was quicker and when the disk is full.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin, step, text, shows, accessible, narrow, picture } from "./kit.mjs";

const home = await mkdtemp(join(tmpdir(), "bongsu-runs-"));
const data = join(home, "data");
const { server, ended, troubles, opened, api, end } = await begin("--data", data);

const over = async (id) => { while ((await api("GET", `/v1/runs/${id}`)).state !== "ended") await api("GET", `/v1/runs/${id}/verdict`, undefined, 409).catch(() => {}); };
async function played(scenario, more = {}) {
  const { id } = await api("POST", "/v1/runs", { scenario, clock: "virtual", ...more }, 201);
  await over(id);
  return id;
}
const folder = async (id) => join(data, (await readdir(data)).find((name) => name.includes(`-${id}-`)));
const gone = (page, selector) => page.waitForFunction((what) => !document.querySelector(what), selector);

try {
  let page;
  await step("no run yet: it says so and leads to the stage", async () => {
    page = await opened("/runs");
    await page.waitForSelector("#none:not([hidden])");
    await shows(page, "#none", "아직 실행이 없습니다");
    assert.equal(await page.locator("nav a[aria-current=page]").innerText(), "실행 기록");
    await picture(page, "runs-none");
    await accessible(page, "no runs");
  });

  await step("runs come into the list by themselves, newest first", async () => {
    await played("first-minute");
    await played("first-minute", { set: { "sender.policy": "none" } });
    await played("lh/rent-bill-blackout");
    await api("POST", "/v1/runs", { scenario: "first-minute", clock: "x1" }, 201);
    await page.waitForFunction(() => document.querySelectorAll("#rows li").length === 4);
    const badges = await page.locator("#rows .badge").allInnerTexts();
    assert.match(badges[0], /진행 중/);
    assert.match(badges[2], /불합격/);
    assert.match(badges[3], /합격/);
    await shows(page, "#rows li:nth-child(3)", "도달");
    assert.equal(await page.locator("#choose-r4").isDisabled(), true, "what goes on cannot be compared");
    await picture(page, "runs");
    await accessible(page, "a list");
  });

  await step("a report opens in place, without a script of its own", async () => {
    await page.click("#open-r3");
    await shows(page, "#one-h", "LH 임대료 고지");
    const frame = page.frameLocator("#report");
    await frame.locator("h1").first().waitFor();
    assert.match(await frame.locator("body").innerText(), /LH/);
    assert.equal(await frame.locator("script").count(), 0);
    await page.waitForSelector("#files .all");
    await picture(page, "runs-report");
    await accessible(page, "a report");
  });

  await step("played again: every byte the same", async () => {
    await page.click("#again");
    await shows(page, "#replay", "바이트까지 같습니다");
    await accessible(page, "the same bytes");
  });

  await step("taken away: one archive that tar can read, and single files", async () => {
    const [archive] = await Promise.all([page.waitForEvent("download"), page.click("#files .all a")]);
    assert.equal(archive.suggestedFilename(), "bongsu-r3.tar");
    const listed = spawnSync("tar", ["-tf", await archive.path()], { encoding: "utf8" });
    assert.deepEqual(listed.stdout.trim().split("\n"), ["scenario.yaml", "events.ndjson", "verdict.json", "junit.xml", "report.html", "run.json", "inputs.ndjson"].map((name) => `r3/${name}`));
    const unpacked = spawnSync("tar", ["-xOf", await archive.path(), "r3/events.ndjson"], { encoding: "buffer", maxBuffer: 1 << 28 });
    assert.ok(unpacked.stdout.equals(await readFile(join(await folder("r3"), "events.ndjson"))), "the archive has the very bytes");
    const [file] = await Promise.all([page.waitForEvent("download"), page.click("#files a[href$='junit.xml']")]);
    assert.match(await readFile(await file.path(), "utf8"), /<testsuite/);
  });

  await step("a record that was changed is told, with both lines", async () => {
    const events = join(await folder("r3"), "events.ndjson");
    const lines = (await readFile(events, "utf8")).split("\n");
    lines[41] = lines[41].replace('"event":"', '"event":"not_');
    await writeFile(events, lines.join("\n"));
    await page.click("#again");
    await shows(page, "#replay", "42번째 사건부터 기록과 다릅니다");
    await shows(page, "#replay", "not_");
    await picture(page, "runs-differs");
    await accessible(page, "a replay that differs");
  });

  await step("two side by side, by keyboard", async () => {
    await page.click("#one-close");
    assert.equal(await page.evaluate(() => document.activeElement.id), "open-r3");
    for (const id of ["r1", "r2"]) {
      await page.focus(`#choose-${id}`);
      await page.keyboard.press("Space");
    }
    await shows(page, "#chosen", "r1 → r2");
    await page.focus("#compare");
    await page.keyboard.press("Enter");
    await shows(page, "#one", "나빠졌습니다");
    await shows(page, "#one", "모두가 알게 된다");
    assert.ok(await page.locator("tr.worse").count() >= 2);
    await picture(page, "runs-compare");
    await accessible(page, "a comparison");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#one").isVisible(), false);
  });

  await step("runs of different scenarios do not stand side by side", async () => {
    await page.goto(`${page.url().split("#")[0]}#r1,r3`);
    await page.reload();
    await shows(page, "#one .problem", "나란히 견줄 수 없는 실행입니다");
    await accessible(page, "what cannot be compared");
  });

  await step("English, projector, narrow", async () => {
    await page.click("#language");
    await shows(page, "h1", "Runs");
    await page.goto(`${page.url().split("#")[0]}#r1,r2`);
    await shows(page, "#one", "It got worse.");
    await page.focus("#compare");
    await page.keyboard.press("p");
    await picture(page, "runs-projector");
    await accessible(page, "projector");
    await page.keyboard.press("p");
    await narrow(page);
    await page.setViewportSize({ width: 390, height: 800 });
    await picture(page, "runs-narrow");
    await page.setViewportSize({ width: 1366, height: 820 });
    await page.click("#language");
  });

  await step("deleted only when one is sure", async () => {
    await page.goto(`${page.url().split("#")[0]}#r2`);
    await page.click("#remove");
    await shows(page, "#sure-h", "r2");
    await picture(page, "runs-sure");
    await accessible(page, "asked");
    await page.click("#sure-no");
    assert.ok(await page.locator("#open-r2").isVisible());
    await page.click("#remove");
    await page.click("#sure-yes");
    await shows(page, "#told", "r2 실행을 지웠습니다");
    await gone(page, "#open-r2");
    assert.ok(!(await readdir(data)).some((name) => name.includes("-r2-")), "its folder is gone");
    await accessible(page, "one is gone");
  });

  await step("somebody was quicker: it says so", async () => {
    await page.click("#open-r1");
    await page.click("#remove");
    await api("DELETE", "/v1/runs/r1");
    await page.click("#sure-yes");
    await shows(page, "#told", "r1 실행은 그사이 지워졌습니다");
  });

  await step("a full disk: told, and done when there is room", async () => {
    await page.click("#open-r3");
    await page.click("#remove");
    const limit = (size) => assert.equal(spawnSync("prlimit", ["--pid", String(server.pid), `--fsize=${size}`]).status, 0);
    limit("1024:unlimited");
    await page.click("#sure-yes");
    await shows(page, "#sure-problem", "저장 공간이 없습니다");
    await picture(page, "runs-full");
    await accessible(page, "a full disk");
    limit("unlimited:unlimited");
    await page.click("#sure-yes");
    await gone(page, "#open-r3");
  });

  await step("older runs, page by page", async () => {
    for (let n = 0; n < 21; n += 1) await played("first-minute", { seed: n + 1 });
    await page.waitForSelector("#older:not([hidden])");
    await page.click("#older");
    await page.waitForFunction(() => document.querySelectorAll("#rows li").length === 22);
    assert.equal(await page.locator("#older").isVisible(), false);
  });

  await step("the server gone: the page says so and keeps what it has", async () => {
    assert.deepEqual(troubles.filter((line) => !/404|422|503/.test(line)), []);
    server.kill("SIGTERM");
    await ended;
    await page.waitForSelector("#server.gone:not([hidden])");
    assert.ok(await page.locator("#rows li").count() > 0);
    await accessible(page, "the server gone");
  });
} finally {
  await end();
  await ended;
  await rm(home, { recursive: true });
}
