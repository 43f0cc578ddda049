// The teacher's page: the way in, the run, the people, what is told and asked, and the debrief. It shows what the server
// tells of the class and keeps nothing.

import "./words.js";
import "../join/told-words.js";
import { t, clock, calendar, pick, number, won, span } from "../common/words.js";
import { $, say, make, options } from "../common/show.js";
import * as shell from "../common/shell.js";
import { call } from "../common/link.js";
import { listen, banner, patience } from "../common/silence.js";
import * as told from "../join/told.js";
import * as entrance from "./entrance.js";
import * as members from "./members.js";

const SPEEDS = [1, 2, 5, 10, 30, 60];
const LENGTHS = ["20s", "30s", "1m", "5m", "30m", ""];
const AGAIN_MS = 1500;
// A run that was begun is seen soon; so long nobody begins another.
const SEEN_MS = 3000;

let view = null;
let heard = 0;
let source = null;
// A class was here, and nobody has been heard to end it.
let lost = false;
let seen = () => {};
let listed = [];
const ear = listen(write, () => over(source, true));
const debrief = told.begin($("debrief-in"), (us) => call("GET", `/v1/class/debrief?at_us=${Math.round(us)}`));

// Follows the class that is open, or looks again until one is.
async function look() {
  try {
    const answer = await fetch("/v1/class", { headers: { accept: "application/json" }, signal: patience() });
    // Another token may be wanted than the one of before.
    if (answer.status === 401) return location.assign("/enter#/class");
    const data = await answer.json();
    if (answer.ok) {
      take(data);
      return follow();
    }
    lost ||= view !== null;
    view = null;
    ear.heard();
  } catch {
    ear.gone();
  }
  write();
  setTimeout(look, AGAIN_MS);
}

function follow() {
  source?.close();
  const stream = new EventSource("/v1/class/live");
  source = stream;
  stream.addEventListener("state", (event) => { if (source === stream) take(JSON.parse(event.data)); });
  stream.addEventListener("alive", () => { if (source === stream) ear.heard(); });
  stream.addEventListener("over", () => over(stream, false));
  stream.addEventListener("error", () => over(stream, true));
}

// The stream ended: the class was, or the server is gone.
function over(stream, gone) {
  stream?.close();
  if (stream === null || source !== stream) return;
  source = null;
  if (gone) ear.gone();
  else view = null;
  write();
  setTimeout(look, AGAIN_MS);
}

function take(data) {
  const before = view?.run;
  view = data;
  heard = performance.now();
  lost = false;
  ear.heard();
  const { run } = view;
  if (before?.id !== run?.id) debrief.forget();
  // What was refused in a run says nothing of the next, or after its end.
  if (before?.id !== run?.id || before?.state !== run?.state) say($("run-problem"), "");
  if (before?.id !== run?.id) seen();
  if (view.revealed && run && !debrief.asked()) reveal();
  write();
}

function now() {
  const { run } = view;
  const passed = run.state === "running" ? Math.max(0, ear.now() - heard) * 1000 * (run.speed ?? 1) : 0;
  return Math.min(run.stop_us, Math.round(run.at_us + passed));
}

function relabel() {
  options($("speed"), SPEEDS.map((speed) => [String(speed), speed === 1 ? t("real_time") : `x${speed}`]));
  options($("outage-for"), LENGTHS.map((length) => [length, length ? span(parse(length)) : t("until_lifted")]));
  options($("scenario"), listed.map((row) => [row.name, `${pick(row.title)} (${row.name})`]));
  debrief.write();
  members.forget();
  write();
}

const parse = (length) => Number(length.slice(0, -1)) * (length.endsWith("m") ? 60e6 : 1e6);

function write() {
  banner(ear.standing(), lost ? "class_lost" : "");
  $("closed").hidden = view !== null;
  $("open").hidden = view === null;
  say($("title"), t("class_title"));
  if (!view) return;
  document.body.classList.toggle("revealed", view.revealed);
  entrance.draw(view);
  running();
  saying();
  truth();
  members.draw(view.members, { cast, dismiss });
  $("debrief").hidden = !view.run || !view.revealed;
}

function running() {
  const { run } = view;
  const going = run && run.state !== "ended";
  ticks();
  say($("standing"), ear.standing() ? t("last_seen") : run ? `${t(run.state)}${going && run.speed > 1 ? ` · x${run.speed}` : ""}` : t("no_run_yet"));
  say($("about"), run ? pick(run.title) : "");
  say($("pause"), t(run?.state === "paused" ? "class_resume" : "class_pause"));
  for (const id of ["pause", "outage", "lift", "stop"]) $(id).disabled = !going;
  $("start-form").hidden = Boolean(going);
}

// Clock and calendar are one instant.
function ticks() {
  const at = view?.run ? now() : 0;
  say($("time"), clock(at));
  say($("calendar"), view?.run ? calendar(view.run, at) : "");
}

function saying() {
  const line = view.lines.at(-1);
  $("last-line").hidden = !line;
  say($("last-line"), line ? t("teacher_says", line.text) : "");
  const asked = view.asked_us.length;
  const answered = view.members.filter((member) => member.believes !== null).length;
  say($("answers"), asked ? t("answered", asked, answered, view.members.length) : "");
  $("ask").disabled = !view.run;
  $("lunch").disabled = view.lunch;
  say($("lunch"), t(view.lunch ? "lunch_rung" : "lunch_it"));
  $("reveal").disabled = view.revealed || !view.run;
  say($("reveal"), t(view.revealed ? "revealed" : "reveal_it"));
}

function truth() {
  const { truth: was } = view;
  $("truth").hidden = !was;
  if (!was) return;
  const rows = [["f_notices", number(was.notices)], ["f_reached", number(was.reached)], ["f_believed", number(was.believed)], ["f_opened_really", number(was.opened)],
    ["f_twice", number(was.twice)], ["f_late", number(was.late)], ["f_cut", number(was.cut)], ["f_cost", won(was.cost)], ["f_complaints", number(view.complaints)]];
  const key = JSON.stringify(rows) + t("f_late");
  if ($("truth-in").dataset.key === key) return;
  $("truth-in").dataset.key = key;
  $("truth-in").replaceChildren(...rows.map(([name, value]) => make("div", {}, make("dt", { text: t(name) }), make("dd", { text: value }))));
}

const cast = (number_, role) => order("POST", `/v1/class/members/${number_}`, { role });
const dismiss = (number_) => order("DELETE", `/v1/class/members/${number_}`);

// Asks something of the server; what is refused is said where it was asked.
async function order(method, path, body, place = "say-problem") {
  say($(place), "");
  try {
    const answer = await call(method, path, body);
    if (answer?.code) take(answer);
    return answer;
  } catch (error) {
    say($(place), error.message);
    return null;
  }
}

// One order of a button at a time, and the second click of a double click is none.
function once(act) {
  let busy = false;
  return async (event) => {
    event.preventDefault();
    if (busy || event.detail > 1) return;
    busy = true;
    try {
      await act();
    } finally {
      busy = false;
    }
  };
}

async function start() {
  const shown = new Promise((resolve) => { seen = resolve; setTimeout(resolve, SEEN_MS); });
  if (await order("POST", "/v1/runs", { scenario: $("scenario").value, clock: `x${$("speed").value}` }, "run-problem")) await shown;
}

// The first name of its form that this run's faults do not have yet.
async function outage() {
  const { faults } = (await order("GET", "/v1/faults", undefined, "run-problem")) ?? { faults: [] };
  let n = 1;
  while (faults.some((fault) => fault.name === `class-${n}`)) n += 1;
  const fault = { fault: `class-${n}`, network: "kakao", kind: "down" };
  if ($("outage-for").value) fault.for = $("outage-for").value;
  else fault.until = "lifted";
  await order("POST", "/v1/faults", fault, "run-problem");
}

async function tell() {
  const text = $("tell").value.trim();
  if (!text) return;
  if (await order("POST", "/v1/class/tell", { text })) $("tell").value = "";
}

// The debrief opens where there is something to be judged: at the last question.
const reveal = () => debrief.ask(view.asked_us.at(-1) ?? view.run.at_us);

async function end() {
  $("sure").close();
  await order("DELETE", "/v1/class");
}

const pause = () => (view?.run && !$("pause").disabled ? order("POST", `/v1/runs/${view.run.id}/${view.run.state === "paused" ? "resume" : "pause"}`, {}, "run-problem") : null);

const BUTTONS = {
  pause, outage, end: () => $("sure").showModal(), "sure-yes": end,
  lift: () => order("DELETE", "/v1/faults", undefined, "run-problem"),
  stop: () => order("POST", `/v1/runs/${view.run.id}/stop`, {}, "run-problem"),
  ask: () => order("POST", "/v1/class/ask", {}),
  lunch: () => order("POST", "/v1/class/lunch", {}),
  reveal: () => order("POST", "/v1/class/reveal", {}),
};
const FORMS = {
  "open-form": async () => { if (await order("POST", "/v1/class", { seats: Number($("seats").value) }, "open-problem")) follow(); },
  "start-form": start,
  "tell-form": tell,
};

for (const [id, act] of Object.entries(BUTTONS)) $(id).addEventListener("click", once(act));
for (const [id, act] of Object.entries(FORMS)) $(id).addEventListener("submit", once(act));
$("sure-no").addEventListener("click", () => $("sure").close());
shell.begin({ view: "class", relabel, keys: { " ": pause } });
setInterval(ticks, 250);
call("GET", "/v1/scenarios").then((answer) => { listed = answer.scenarios; relabel(); }, () => null);
look();
