// The teacher's page: the way in, the run, the people, what is told and asked, and the debrief. It shows what the server
// tells of the class and keeps nothing.

import "./words.js";
import "../join/told-words.js";
import { t, clock, calendar, pick, number, won, network, medium, span } from "../common/words.js";
import { $, say, make, options } from "../common/show.js";
import * as shell from "../common/shell.js";
import { call } from "../common/link.js";
import * as told from "../join/told.js";
import * as entrance from "./entrance.js";

const ROLES = ["citizen", "sender", "operator", "ministry", "press"];
const SPEEDS = [1, 2, 5, 10, 30, 60];
const LENGTHS = ["20s", "30s", "1m", "5m", "30m", ""];
const AGAIN_MS = 1500;

let view = null;
let heard = 0;
let gone = false;
let source = null;
let listed = [];
const debrief = told.begin($("debrief-in"), (us) => call("GET", `/v1/class/debrief?at_us=${Math.round(us)}`));

// Follows the class that is open, or looks again until one is.
async function look() {
  try {
    const answer = await fetch("/v1/class", { headers: { accept: "application/json" } });
    gone = false;
    if (answer.ok) {
      take(await answer.json());
      return follow();
    }
    view = null;
  } catch {
    gone = true;
  }
  write();
  setTimeout(look, AGAIN_MS);
}

function follow() {
  source?.close();
  const stream = new EventSource("/v1/class/live");
  source = stream;
  stream.addEventListener("state", (event) => { if (source === stream) take(JSON.parse(event.data)); });
  const over = (is) => {
    stream.close();
    if (source !== stream) return;
    source = null;
    gone = is;
    if (!is) view = null;
    write();
    setTimeout(look, AGAIN_MS);
  };
  stream.addEventListener("over", () => over(false));
  stream.addEventListener("error", () => over(true));
}

function take(data) {
  const before = view?.run?.id;
  view = data;
  heard = performance.now();
  gone = false;
  if (before !== view.run?.id) debrief.forget();
  if (view.revealed && view.run && !debrief.asked()) debrief.ask(view.run.at_us);
  write();
}

function now() {
  const { run } = view;
  const passed = run.state === "running" ? (performance.now() - heard) * 1000 * (run.speed ?? 1) : 0;
  return Math.min(run.stop_us, Math.round(run.at_us + passed));
}

function relabel() {
  options($("speed"), SPEEDS.map((speed) => [String(speed), speed === 1 ? t("real_time") : `x${speed}`]));
  options($("outage-for"), LENGTHS.map((length) => [length, length ? span(parse(length)) : t("until_lifted")]));
  options($("scenario"), listed.map((row) => [row.name, `${pick(row.title)} (${row.name})`]));
  debrief.write();
  $("members").dataset.key = "";
  write();
}

const parse = (length) => Number(length.slice(0, -1)) * (length.endsWith("m") ? 60e6 : 1e6);

function write() {
  $("server").hidden = !gone;
  $("server").classList.toggle("gone", gone);
  say($("server"), gone ? t("gone") : "");
  $("closed").hidden = view !== null;
  $("open").hidden = view === null;
  say($("title"), t("class_title"));
  if (!view) return;
  document.body.classList.toggle("revealed", view.revealed);
  entrance.draw(view);
  running();
  saying();
  truth();
  members();
  $("debrief").hidden = !view.run || !view.revealed;
}

function running() {
  const { run } = view;
  const going = run && run.state !== "ended";
  say($("time"), run ? clock(now()) : "00:00:00");
  say($("calendar"), run ? calendar(run, now()) : "");
  say($("standing"), run ? `${t(run.state)}${going && run.speed > 1 ? ` · x${run.speed}` : ""}` : t("no_run_yet"));
  say($("about"), run ? pick(run.title) : "");
  say($("pause"), t(run?.state === "paused" ? "class_resume" : "class_pause"));
  for (const id of ["pause", "outage", "lift", "stop"]) $(id).disabled = !going;
  $("start-form").hidden = Boolean(going);
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

// Drawn again only when it changed, and never while somebody chooses a role in it.
function members() {
  const key = JSON.stringify(view.members) + t("col_name");
  if ($("members").dataset.key === key || document.activeElement?.closest("#members select")) return;
  const held = document.activeElement?.closest("#members") ? document.activeElement.dataset.key : null;
  $("members").dataset.key = key;
  const rows = view.members.map(row);
  $("members").replaceChildren(...(rows.length ? rows : [make("tr", {}, make("td", { colspan: "6", text: t("nobody_here") }))]));
  if (held) $("members").querySelector(`[data-key="${held}"]`)?.focus();
}

function row(member) {
  const role = make("select", { "aria-label": t("role_of", member.nickname), onchange: (event) => order("POST", `/v1/class/members/${member.number}`, { role: event.target.value }, event.target) });
  options(role, ROLES.map((name) => [name, t(`role_${name}`)]));
  role.value = member.role;
  const line = ({ network: name, open }) => make("small", { class: open ? "up" : "down", text: `${open ? "●" : "✕"} ${t(open ? "line_up" : "line_down", network(name))}` });
  const phone = member.phone ? [make("span", { text: member.phone }), make("span", { class: "their-lines" }, ...(member.lines ?? []).map(line)), make("small", { text: t(`persona_${member.persona}`) })]
    : [make("small", { text: t("no_phone") })];
  return make("tr", {}, make("th", { scope: "row", text: member.nickname }), make("td", {}, role), make("td", { class: "phone" }, ...phone),
    make("td", { text: member.got ? `✓ ${medium(member.got)}` : "–" }), make("td", { text: member.believes === null ? "–" : `${member.believes}%` }),
    make("td", {}, make("button", { type: "button", "data-key": `out-${member.number}`, "aria-label": t("send_out", member.nickname), text: t("send_out_short"), onclick: () => order("DELETE", `/v1/class/members/${member.number}`) })));
}

// Asks something of the server; what is refused is said where it was asked.
async function order(method, path, body, from, place = "say-problem") {
  say($(place), "");
  try {
    const answer = await call(method, path, body);
    from?.blur?.();
    if (answer?.code) take(answer);
    return answer;
  } catch (error) {
    say($(place), error.message);
    return null;
  }
}

async function start(event) {
  event.preventDefault();
  await order("POST", "/v1/runs", { scenario: $("scenario").value, clock: `x${$("speed").value}` }, null, "run-problem");
}

// The first name of its form that this run's faults do not have yet.
async function outage() {
  const { faults } = (await order("GET", "/v1/faults", undefined, null, "run-problem")) ?? { faults: [] };
  let n = 1;
  while (faults.some((fault) => fault.name === `class-${n}`)) n += 1;
  const fault = { fault: `class-${n}`, network: "kakao", kind: "down" };
  if ($("outage-for").value) fault.for = $("outage-for").value;
  else fault.until = "lifted";
  await order("POST", "/v1/faults", fault, null, "run-problem");
}

function tell(event) {
  event.preventDefault();
  const text = $("tell").value.trim();
  if (!text) return;
  $("tell").value = "";
  order("POST", "/v1/class/tell", { text });
}

async function reveal() {
  if (await order("POST", "/v1/class/reveal", {})) debrief.ask(now());
}

async function end() {
  $("sure").close();
  await order("DELETE", "/v1/class");
}

const pause = () => { if (view?.run && !$("pause").disabled) order("POST", `/v1/runs/${view.run.id}/${view.run.state === "paused" ? "resume" : "pause"}`, {}, null, "run-problem"); };

$("open-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await order("POST", "/v1/class", { seats: Number($("seats").value) }, null, "open-problem")) follow();
});
$("start-form").addEventListener("submit", start);
$("pause").addEventListener("click", pause);
$("outage").addEventListener("click", outage);
$("lift").addEventListener("click", () => order("DELETE", "/v1/faults", undefined, null, "run-problem"));
$("stop").addEventListener("click", () => order("POST", `/v1/runs/${view.run.id}/stop`, {}, null, "run-problem"));
$("tell-form").addEventListener("submit", tell);
$("ask").addEventListener("click", () => order("POST", "/v1/class/ask", {}));
$("lunch").addEventListener("click", () => order("POST", "/v1/class/lunch", {}));
$("reveal").addEventListener("click", reveal);
$("end").addEventListener("click", () => $("sure").showModal());
$("sure-yes").addEventListener("click", end);
$("sure-no").addEventListener("click", () => $("sure").close());
shell.begin({ view: "class", relabel, keys: { " ": pause } });
setInterval(() => { if (view?.run) say($("time"), clock(now())); }, 250);
call("GET", "/v1/scenarios").then((answer) => { listed = answer.scenarios; relabel(); }, () => null);
look();
