// The outage panel in a real browser: every kind of fault is begun by the form and lifted, a pack plays, and what was done is
// saved as a scenario that the program takes and that has the same faults at the same instants.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin, step, text, shows, accessible, narrow, picture } from "./kit.mjs";

const home = await mkdtemp(join(tmpdir(), "bongsu-outage-"));
const { ended, troubles, opened, api, url, end } = await begin("--data", join(home, "data"));

const bongsu = (...words) => spawnSync(process.env.BONGSU, words, { encoding: "utf8", cwd: home });
const faults = async () => (await api("GET", "/v1/faults")).faults;
// What an events file says of faults: when each began and ended.
async function windows(file) {
  const lines = (await readFile(file, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  return lines.filter((line) => /^fault_(began|ended|staged)$/.test(line.event)).map((line) => [line.t, line.event, line.fault, line.lifted ?? null]);
}

try {
  let page;
  await step("the panel opens, by a key too, and says every kind there is", async () => {
    await api("POST", "/v1/runs", { scenario: "lh/rent-bill-blackout", clock: "x5" }, 201);
    page = await opened();
    await shows(page, "#title", "임대료");
    await page.click("#panel-open");
    await page.waitForSelector("#panel[open] .kinds input");
    const { kinds } = await api("GET", "/v1/fault-kinds");
    assert.equal(await page.locator(".kinds input").count(), kinds.length);
    assert.ok(kinds.length >= 17);
    await shows(page, ".kinds", "접수 후 단절");
    await picture(page, "outage-panel");
    await accessible(page, "the panel");
    await page.keyboard.press("Escape");
    await page.focus("#big");
    await page.keyboard.press("f");
    await page.waitForSelector("#panel[open]");
  });

  await step("every kind of fault begins by the form and is lifted by its button", async () => {
    const { kinds } = await api("GET", "/v1/fault-kinds");
    for (const [place, kind] of kinds.entries()) {
      if (!(await page.locator("#panel").evaluate((panel) => panel.open))) await page.click("#panel-open");
      await page.check(`.kinds input[value=${kind.name}]`);
      await shows(page, ".does", kind.does.ko);
      await page.selectOption("#f-length", place % 2 ? "lifted" : "1h");
      await page.fill("#f-name", `try-${kind.name}`);
      await shows(page, "#line", `kind: ${kind.name}`);
      await page.click("#one .danger");
      await page.waitForSelector("#panel:not([open])", { state: "attached" });
      await shows(page, "#on", `try-${kind.name}`);
      const on = (await faults()).find((fault) => fault.name === `try-${kind.name}`);
      assert.deepEqual([on.state, on.kind, on.posted], ["on", kind.name, true]);
      await page.click(`#on .fault button[aria-label$="try-${kind.name}"]`);
      await page.waitForFunction((name) => !document.querySelector("#on").textContent.includes(name), `try-${kind.name}`);
      assert.equal((await faults()).find((fault) => fault.name === `try-${kind.name}`).state, "over");
    }
  });

  await step("scope, strength, length and recovery are what the line says", async () => {
    await page.click("#panel-open");
    await page.check(".kinds input[value=throttle]");
    await page.check("input[name=networks][value=mobile]");
    await page.fill("[data-key=rate]", "5/s");
    await page.selectOption("[data-key=over]", "queue");
    await page.fill("#f-share", "62.5");
    await page.check("#f-sticky");
    await page.check("input[name=groups][value=senior]");
    await page.click(".fields details:nth-of-type(1) summary");
    await page.check("input[name=media][value=lms]");
    await page.check("input[name=media][value=alimtalk]");
    await page.selectOption("#f-length", "own");
    await page.fill("#f-own", "2m30s");
    await page.selectOption("#f-recover", "flush newest first");
    await page.fill("#f-rate", "3");
    await page.fill("#f-name", "좁은-길");
    const line = await text(page, "#line");
    for (const part of ["networks: [kakao, mobile]", "rate: 5/s", "over: queue", "media: [alimtalk, lms]", "groups: [senior]", "share: 62.5%", "sticky: true", "for: 2m30s", "recover: flush newest first 3/s"]) {
      assert.ok(line.includes(part), `${part} in ${line}`);
    }
    await picture(page, "outage-form");
    await page.click("#one .danger");
    await shows(page, "#on", "좁은-길");
  });

  await step("a staged recovery", async () => {
    await page.click("#panel-open");
    await page.check(".kinds input[value=down]");
    await page.fill("#f-name", "in-stages");
    await page.selectOption("#f-recover", "staged");
    await page.fill("[data-gives=alimtalk]", "15s");
    assert.match(await text(page, "#line"), /staged: \[\{ after: 10s, gives: text \}, \{ after: 15s, gives: alimtalk \}, \{ after: 20s, gives: image \}\]/);
    await page.click("#one .danger");
    await shows(page, "#on", "in-stages");
    await shows(page, "#chronicle", "일부 복구: in-stages");
  });

  await step("what cannot be is told beside the form", async () => {
    await page.click("#panel-open");
    await page.check(".kinds input[value=latency]");
    await page.fill("[data-key=add]", "20");
    await page.click("#one .danger");
    await shows(page, "#panel-problem", "단위");
    await accessible(page, "the panel with a problem");
    await page.click("#panel-close");
  });

  await step("packs by date, with their stories; one plays, faster than it was", async () => {
    await page.click("#panel-open");
    await page.click("#tab-packs");
    await page.waitForSelector(".pack");
    const days = await page.locator(".pack time").allInnerTexts();
    const dated = days.filter((day) => /^\d/.test(day));
    assert.deepEqual(dated, dated.toSorted(), "by date");
    assert.ok(days.length >= 10 && dated.length >= 8);
    await shows(page, "#packs", "서버 3만 2천 대");
    await picture(page, "outage-packs");
    await accessible(page, "the packs");
    const pack = page.locator(".pack", { has: page.locator("[data-pack='2022-10-15-pangyo']") });
    await pack.locator("select").selectOption("60");
    await pack.locator("[data-pack]").click();
    await shows(page, "#on", "pangyo-silence");
    await shows(page, "#coming", "pangyo-down");
    await picture(page, "outage-on");
    await accessible(page, "a pack is on");
  });

  await step("what is still to come by hand, and lift all", async () => {
    await page.locator("#coming button").first().click();
    await page.waitForFunction(() => !document.querySelector("#coming").textContent.includes("pangyo-down"));
    assert.ok((await page.locator("#coming li").count()) > 1, "the others still come");
    await page.click("#lift-all");
    await page.waitForFunction(() => !document.querySelector("#on .fault") && document.querySelector("#coming").hidden);
  });

  await step("English, a narrow screen, the projector", async () => {
    await page.click("#language");
    await page.click("#panel-open");
    await shows(page, "#packs", "32,000 servers are dark");
    await page.click("#tab-one");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator("#tab-packs").getAttribute("aria-selected"), "true");
    await page.keyboard.press("ArrowLeft");
    await accessible(page, "the panel in English");
    await page.setViewportSize({ width: 390, height: 800 });
    await picture(page, "outage-narrow");
    await page.setViewportSize({ width: 1366, height: 820 });
    await page.click("#panel-close");
    await narrow(page);
    await page.focus("#big");
    await page.keyboard.press("p");
    await page.click("#panel-open");
    await picture(page, "outage-projector");
    await accessible(page, "the panel on a projector");
    await page.click("#panel-close");
  });

  await step("saved as a scenario: the program takes it, and the same faults happen at the same instants", async () => {
    await api("POST", "/v1/clock", { paused: true });
    await api("POST", "/v1/clock", { advance_ms: 3_600_000 });
    await page.waitForSelector("#verdict:not([hidden])");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
    assert.equal(download.suggestedFilename(), "lh-rent-blackout-as-played-r1.yaml");
    const saved = await readFile(await download.path(), "utf8");
    assert.ok(saved.includes("try-sever") && saved.includes("좁은-길") && saved.includes("pangyo-silence"));
    await writeFile(join(home, "saved.yaml"), saved);
    const checked = bongsu("check", "saved.yaml");
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
    const played = bongsu("run", "saved.yaml", "-q", "--report", "again");
    assert.ok(played.status <= 2, played.stdout + played.stderr);
    await writeFile(join(home, "first.ndjson"), await (await fetch(`${url}/v1/runs/r1/files/events.ndjson`)).text());
    const [first, again] = [await windows(join(home, "first.ndjson")), await windows(join(home, "again", "events.ndjson"))];
    const sorted = (rows) => rows.map(String).toSorted();
    // Of what was posted for later and lifted before, a scenario says nothing.
    const began = new Set(first.filter((row) => row[1] === "fault_began").map((row) => row[2]));
    assert.deepEqual(sorted(again), sorted(first.filter((row) => began.has(row[2]))));
    assert.ok(again.length > 40, `${again.length}`);
  });

  assert.deepEqual(troubles.filter((line) => !line.includes("422")), []);
} finally {
  await end();
  await ended;
  await rm(home, { recursive: true });
}
