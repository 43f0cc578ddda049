// What every test of a page has: the server, the browser, and axe. A test file is `NAME.test.mjs` beside this one; it
// calls `begin`, steps, and `end`.
//
// BONGSU is the program, E2E_MODULES the folder with node_modules. A test writes a picture for the docs with `picture`, if
// PICTURES names a folder. WEB names a folder whose files are shown instead of those in the program, under the same headers:
// `src/host/page/web` while one changes them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const require = createRequire(`${process.env.E2E_MODULES}/`);
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");

const WITHIN = 15_000;

// A server of its own, and where it listens.
async function serve(listen, options) {
  const server = spawn(process.env.BONGSU, ["serve", "--listen", listen, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const [ready] = await Promise.race([
    createInterface({ input: server.stdout })[Symbol.asyncIterator]().next().then(({ value }) => [value]),
    ended.then((code) => { throw new Error(`the server ended with ${code}`); }),
  ]);
  return { server, ended, url: ready.replace("listening on ", "") };
}

// Another server in the place of one that is dead: what `begin` gave goes on with it.
export async function again(kit, ...options) {
  Object.assign(kit, await serve(new URL(kit.url).host, options));
}

// A server of its own on a free port, and a browser. `troubles` gathers errors of scripts and requests that leave the server.
export async function begin(...options) {
  const { server, ended, url } = await serve("127.0.0.1:0", options);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // A page out of a folder has no address of its own, and would not be let onto loopback's sockets.
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...(process.env.WEB ? ["--disable-features=LocalNetworkAccessChecks"] : [])],
  });
  const troubles = [];

  // A page of the server in a browser context of its own.
  async function opened(path = "/", about = {}) {
    const context = await browser.newContext({ locale: "ko-KR", viewport: { width: 1366, height: 820 }, ...about });
    if (process.env.WEB) await context.route((address) => address.origin === url && !address.pathname.startsWith("/v1/"), fresh);
    const page = await context.newPage();
    page.setDefaultTimeout(WITHIN);
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("console", (line) => { if (line.type() === "error") troubles.push(line.text()); });
    page.on("request", (request) => { if (!request.url().startsWith(url)) troubles.push(`fetched ${request.url()}`); });
    await page.goto(url + path);
    return page;
  }

  // Asks the API; the answer must have the status.
  async function api(method, path, body, status = 200) {
    const about = body === undefined ? { method } : { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(url + path, about);
    const text = await answer.text();
    assert.equal(answer.status, status, `${method} ${path}: ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async function end() {
    await browser.close();
    kit.server.kill();
  }

  const kit = { server, ended, url, browser, troubles, opened, api, end };
  return kit;
}

// A file as it lies there now, where the program has an older one.
async function fresh(route) {
  const { pathname } = new URL(route.request().url());
  const name = pathname === "/" ? "index.html" : pathname.startsWith("/page/") ? pathname.slice("/page/".length) : `${pathname.slice(1)}.html`;
  const body = await readFile(join(process.env.WEB, name)).catch(() => null);
  if (body === null) return route.continue();
  const kind = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml" }[name.split(".").pop()];
  const { headers } = await fetch(new URL("/", route.request().url()));
  const english = name.endsWith(".html") && /^en/.test(route.request().headers()["accept-language"] ?? "");
  const text = english ? body.toString().replace('<html lang="ko">', '<html lang="en">') : body;
  await route.fulfill({ body: text, headers: { "content-type": `${kind}; charset=utf-8`, "content-security-policy": headers.get("content-security-policy") } });
}

export async function step(name, act) {
  const began = performance.now();
  await act();
  console.log(`page: ${name} (${Math.round(performance.now() - began)} ms)`);
}

export const text = (page, selector) => page.locator(selector).innerText();
export const shows = (page, selector, part) =>
  page.waitForFunction(([where, what]) => document.querySelector(where)?.textContent.includes(what), [selector, part]);

// The policy forbids scripts of elsewhere, also axe; so it comes through the debugger.
export async function accessible(page, when) {
  await page.evaluate(await readFile(axe, "utf8"));
  const { violations } = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }));
  const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(told, [], `axe, ${when}`);
}

// No sideways scrolling on a telephone's screen.
export async function narrow(page) {
  await page.setViewportSize({ width: 390, height: 800 });
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= room, `${wide} in ${room}`);
  await page.setViewportSize({ width: 1366, height: 820 });
}

export async function picture(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`) });
}
