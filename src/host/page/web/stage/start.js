// Choosing a scenario and starting it: by agency, by lesson, by search; what it replays is told before it is played. Also the
// title and sources of the run that is watched.

import { t, pick, number, span } from "../common/words.js";
import { $, say, make, options } from "../common/show.js";
import { call } from "../common/link.js";
import { index, finds, rank as ranked } from "./search.js";
import * as sources from "./sources.js";

export const SPEEDS = [1, 2, 5, 10, 30, 60, 300, 3600];
export const speeds = () => SPEEDS.map((x) => [String(x), x === 1 ? `x1 ${t("real_time")}` : `x${x}`]);

const LESSONS = "lessons";
// A run that cannot be ended because it has ended.
const OVER = ["/problems/run-ended", "/problems/unknown-run"];
// A run that takes about so long can be watched: the speed that is offered.
const WATCHED_US = 60e6;

let listed = [];
// Whether the reader opened the choice; without a run it is always open.
let open = false;
let look = () => {};
let soon = () => {};
let shown = "";
let headed = "";
// A run that was asked for and is not to be seen yet, until when: whoever presses twice wants one.
let starting = 0;
const STARTING_MS = 3000;

export function begin(view, drawSoon, lookAgain) {
  [soon, look] = [drawSoon, lookAgain];
  $("again").addEventListener("click", () => { open = !open; draw(view); if (open) $("search").focus(); });
  $("search").addEventListener("input", () => list(true));
  $("search").addEventListener("keydown", down);
  $("folder").addEventListener("change", () => list(false));
  $("scenario").addEventListener("change", () => about(true));
  $("scenario").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); $("start-form").requestSubmit(); }
  });
  $("scenario").addEventListener("dblclick", () => $("start-form").requestSubmit());
  $("start-speed").addEventListener("change", () => { shown = ""; about(false); });
  $("file").addEventListener("toggle", file);
  $("start-form").addEventListener("submit", (event) => { event.preventDefault(); play(view); });
}

// From the search straight into what it found.
function down(event) {
  if (event.key === "ArrowDown") { event.preventDefault(); $("scenario").focus(); }
}

async function play(view) {
  if (performance.now() < starting) return;
  say($("start-problem"), "");
  const body = { scenario: $("scenario").value, clock: `x${$("start-speed").value}`, phones: $("phones").value };
  if (!body.scenario) return say($("start-problem"), t("none_chosen"));
  starting = Infinity;
  try {
    if (view.live !== null && view.live.state !== "ended") await end(view.scene.run);
    await call("POST", "/v1/runs", body);
    open = false;
    look();
    starting = performance.now() + STARTING_MS;
  } catch (error) {
    starting = 0;
    say($("start-problem"), error.message);
  }
}

// The run that this page shows may be over already, by itself or by another hand: that is no reason not to begin the next.
async function end(run) {
  await call("POST", `/v1/runs/${run}/stop`).catch((error) => { if (!OVER.includes(error.kind)) throw error; });
}

export function relabel(view) {
  options($("start-speed"), speeds());
  if (!listed.length) $("start-speed").value = "10";
  $("search").placeholder = t("search_for");
  folders();
  headed = "";
  list(false);
  head(view);
}

let seen = null;

export function draw(view) {
  if (!listed.length) fetchList();
  if (view.scene !== seen) [seen, starting] = [view.scene, Number.isFinite(starting) ? 0 : starting];
  $("start").hidden = !(open || view.scene === null);
  $("again").setAttribute("aria-expanded", String(open));
  document.querySelector(".skip").hidden = view.scene === null;
  document.querySelector(".stage").hidden = view.scene === null;
  head(view);
}

function head(view) {
  const { scene } = view;
  say($("title"), scene ? pick(scene.title) || scene.scenario : t("welcome"));
  const now = `${scene?.run} ${listed.length}`;
  if (now === headed) return;
  headed = now;
  $("sources").replaceChildren(...(scene?.sources.length ? [sources.key(scene.sources)] : []));
}

let asking = false;
async function fetchList() {
  if (asking) return;
  asking = true;
  try {
    const answer = await call("GET", "/v1/scenarios");
    sources.learn(answer.sources);
    listed = answer.scenarios.map((row) => ({ ...row, found: index([row.title.ko, row.title.en, row.name], words(row)) }));
    shown = "";
    folders();
    list(false);
    soon();
  } catch {
    // The notice about the server says it; later it is asked again.
    setTimeout(soon, 2000);
  }
  asking = false;
}

function words(row) {
  const both = [row.agency, row.lesson?.question, ...row.promises].filter(Boolean);
  return [...both.flatMap((one) => [one.ko, one.en]), ...row.sources.flatMap(sources.spoken), ...row.faults];
}

// The folders of the library: what has none first, lessons next, then agencies by the name of the first in each.
function folders() {
  const named = new Map();
  for (const row of listed) if (row.folder && !named.has(row.folder)) named.set(row.folder, row.folder === LESSONS ? t("lessons") : pick(row.agency));
  const rows = [...named].sort(([a], [b]) => (b === LESSONS) - (a === LESSONS));
  options($("folder"), [["", t("everything")], ...rows]);
}

// What is found, the best first; among equals in the order of the library. Whoever types is shown the best; whoever does not
// keeps what they had chosen.
function list(typed) {
  const [query, folder, chosen] = [$("search").value, $("folder").value, $("scenario").value];
  const found = listed.filter((row) => (!folder || row.folder === folder) && finds(row.found, query));
  const ranks = new Map(found.map((row) => [row, ranked(row.found, query)]));
  const rows = found.toSorted((a, b) => ranks.get(a) - ranks.get(b));
  const groups = new Map();
  for (const row of rows) groups.set(row.folder ?? "", [...(groups.get(row.folder ?? "") ?? []), row]);
  const label = (name) => (name ? [...$("folder").options].find((one) => one.value === name)?.text ?? name : t("to_begin"));
  const option = (row) => make("option", { value: row.name, text: pick(row.title) || row.name });
  const sorted = [...groups].sort(([a, ours], [b, theirs]) => ranks.get(ours[0]) - ranks.get(theirs[0]) || rank(a) - rank(b));
  $("scenario").replaceChildren(...sorted.map(([name, its]) => make("optgroup", { label: label(name) }, ...its.map(option))));
  const first = sorted[0]?.[1][0];
  const kept = rows.find((row) => row.name === chosen);
  $("scenario").value = (kept && (!typed || ranks.get(kept) === ranks.get(first)) ? kept : first)?.name ?? "";
  say($("found"), listed.length ? t(rows.length ? "found" : "found_none", number(rows.length)) : t("loading"));
  about(chosen !== $("scenario").value);
}

const rank = (folder) => (folder === "" ? 0 : folder === LESSONS ? 1 : 2);

function about(another) {
  const row = listed.find((one) => one.name === $("scenario").value);
  const drawn = `${row?.name} ${t("play")}`;
  if (drawn === shown) return;
  shown = drawn;
  document.querySelector("#start-form .go").disabled = !row;
  $("file").hidden = !row;
  if (!row) return $("about").replaceChildren(make("p", { text: listed.length ? t("nothing_found") : t("loading") }));
  if (another) $("start-speed").value = String(SPEEDS.find((speed) => row.stop_us / speed <= WATCHED_US) ?? SPEEDS.at(-1));
  const facts = [
    ["agency", pick(row.agency)], ["people", t("people_n", number(row.people))], ["takes", takes(row)],
    ["faults", row.faults.join(", ") || t("none_planned")], ["replays", row.sources.length ? sources.accounts(row.sources) : t("made_up")],
  ];
  const parts = [make("h3", { text: pick(row.title) || row.name })];
  if (row.lesson) {
    parts.push(make("p", { class: "question", text: pick(row.lesson.question) }), make("p", { class: "predict" }, make("b", { text: t("predict") }), " ", pick(row.lesson.predict)));
  }
  parts.push(make("dl", {}, ...facts.flatMap(([key, text]) => [make("dt", { text: t(key) }), make("dd", {}, text)])));
  if (row.promises.length) {
    parts.push(make("details", {}, make("summary", { text: t("promises_n", number(row.promises.length)) }), make("ul", {}, ...row.promises.map((one) => make("li", { text: pick(one) })))));
  }
  $("about").replaceChildren(...parts);
  $("file").open = false;
}

function takes(row) {
  const speed = Number($("start-speed").value) || 1;
  return speed === 1 ? span(row.stop_us) : t("takes_at", span(row.stop_us), speed, span(row.stop_us / speed));
}

// The file itself, when somebody opens it.
async function file() {
  const name = $("scenario").value;
  if (!$("file").open || !name) return;
  say($("file-text"), t("loading"));
  $("file-text").setAttribute("aria-label", t("file"));
  try {
    const answer = await fetch(`/v1/scenarios/${name.split("/").map(encodeURIComponent).join("/")}`);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const text = await answer.text();
    if ($("scenario").value === name) say($("file-text"), text);
  } catch (error) {
    say($("file-text"), error.message);
  }
}
