// The students' page: takes a seat, and shows what the seat is served. A citizen's phone has sockets of its own.

import "./words.js";
import "./told-words.js";
import "../phone/phone.js";
import { t, clock, language } from "../common/words.js";
import { $, say, make } from "../common/show.js";
import * as shell from "../common/shell.js";
import { listen, banner } from "../common/silence.js";
import { fragment } from "../common/fragment.js";
import * as seat from "./seat.js";
import * as roles from "./roles.js";
import * as told from "./told.js";
import { Handset } from "./handset.js";

const ROLES = ["citizen", "sender", "operator", "ministry", "press"];
const PERSONAS = ["plain", "battery", "blocked", "lunch"];

let view = null;
let heard = 0;
// Why there is no seat any more, as a word.
let standing = "";
// The question that was answered, and the one that was brought into view: numbers begin again with every run.
let answered = "";
let brought = "";
let joining = false;
let revealed = false;
const ear = listen(() => write(), seat.drop);
const phone = new Handset(() => write(), now);
const debrief = told.begin($("debrief-in"), (us) => seat.ask("GET", `/v1/class/seat/debrief?at_us=${Math.round(us)}`));

// Where the run is now, as far as this page can tell between two messages.
function now() {
  if (!view?.run) return 0;
  const { run } = view;
  const passed = run.state === "running" ? Math.max(0, ear.now() - heard) * 1000 * (run.speed ?? 1) : 0;
  return Math.min(run.stop_us, Math.round(run.at_us + passed));
}

function choices(place, name, all, word, about) {
  const chosen = place.querySelector(":checked")?.value ?? all[0];
  place.replaceChildren(...all.map((value) => make("label", {}, make("input", { type: "radio", name, value, checked: value === chosen }),
    make("span", {}, make("b", { text: t(`${word}_${value}`) }), about ? make("small", { text: t(`${about}_${value}`) }) : ""))));
}

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value;

function relabel() {
  choices($("roles"), "role", ROLES, "role", "knows");
  choices($("personas"), "persona", PERSONAS, "persona");
  debrief.write();
  drawn.sees = "";
  write();
}

async function join(event) {
  event.preventDefault();
  say($("join-problem"), "");
  try {
    const { key } = await seat.ask("POST", "/v1/class/seats", { code: $("code").value, nickname: $("nickname").value, role: chosen("role"), persona: chosen("persona") });
    seat.keep(key);
    history.replaceState(null, "", "/join");
    [standing, joining] = ["", true];
    ear.heard();
    seat.follow(hear);
  } catch (error) {
    say($("join-problem"), error.type === "/problems/no-class" ? t("no_class") : error.message);
    (error.type === "/problems/wrong-code" ? $("code") : $("nickname")).focus();
  }
}

function hear(what, data) {
  if (what === "over") out(why(data));
  else if (what === "gone") ear.gone();
  else ear.heard();
  if (what === "state") {
    standing = "";
    view = data;
    heard = performance.now();
    play();
  }
  write();
  if (!joining || !view) return;
  joining = false;
  top();
}

// What took the seat, if it was heard; after a silence nobody knows.
function why(problem) {
  if (view === null || ear.standing() !== "") return "lost";
  return problem === "/problems/unknown-seat" ? "put_out" : "over";
}

// The head of the page: where one is, and what has happened to one.
function top() {
  $("title").focus({ preventScroll: true });
  scrollTo(0, 0);
}

// The seat is no more: nothing of it stays on this page either.
function out(why_) {
  seat.keep(null);
  [view, standing, answered, brought, revealed] = [null, why_, "", "", false];
  ear.heard();
  phone.be(null, null, { on: false });
  debrief.forget();
  $("complaint").value = $("why").value = "";
  // The code of a class that is no more opens nothing.
  if (why_ === "over" || why_ === "lost") $("code").value = "";
  say($("complain-said"), "");
  $("phone").replaceWith(make("bongsu-phone", { id: "phone" }));
  $("phone").addEventListener("hand", hand);
  write();
  top();
}

const over = () => view?.run?.state === "ended";

function play() {
  const about = view.role === "citizen" ? view.phone : null;
  if (phone.run !== (view.run?.id ?? null)) say($("complain-said"), "");
  phone.be(view.run?.id ?? null, about, { on: view.persona !== "battery", blocks: view.persona === "blocked", over: over() });
  if (about) phone.box(view.sees?.messages ?? []);
  if (view.revealed && !revealed) debrief.ask(view.question?.at_us ?? view.run?.at_us ?? 0);
  if (!view.revealed && revealed) debrief.forget();
  revealed = view.revealed;
}

const drawn = { sees: "" };

function write() {
  const inside = view !== null;
  $("door").hidden = inside || seat.taken();
  $("seat").hidden = !inside;
  say($("title"), inside ? t("you_are", view.nickname, t(`role_${view.role}`)) : t("join_title"));
  shell.title(inside ? view.nickname : t("join_title"));
  // Without a seat nobody waits to hear anything.
  banner(seat.taken() ? ear.standing() : "", standing);
  $("persona-set").hidden = chosen("role") !== "citizen";
  if (!inside) return;
  const { run, role } = view;
  say($("time"), clock(now()));
  say($("standing"), ear.standing() ? t("last_seen") : !run ? t("waits") : run.state === "paused" || run.state === "held" ? t("stands") : t(run.state));
  $("me").classList.toggle("still", run?.state === "paused");
  say($("who"), role === "citizen" ? t(`persona_${view.persona}`) : "");
  say($("role-is"), t(`knows_${role}`));
  const line = view.lines.at(-1);
  $("line").hidden = !line;
  say($("line"), line ? t("teacher_says", line.text) : "");
  question();
  $("sees").hidden = role === "citizen" || !view.sees;
  const key = JSON.stringify([role, view.sees, language()]);
  if (!$("sees").hidden && drawn.sees !== key) {
    drawn.sees = key;
    $("sees-in").replaceChildren(...roles.draw(role, view.sees));
  }
  mine();
  $("debrief").hidden = !view.revealed;
}

// Which question of which run.
const named = ({ number }) => `${view.run?.id} ${number}`;

function question() {
  const asked = view.question;
  // An answered question may be answered better, but it does not stay in the way.
  $("question").hidden = !asked || asked.answered || named(asked) === answered;
  if ($("question").hidden || brought === named(asked)) return;
  // Whoever writes is not torn from it: the question comes into view right after.
  if (document.activeElement?.matches("#mine input") && document.activeElement.value !== "") return;
  brought = named(asked);
  $("question-h").focus({ preventScroll: true });
  $("question").scrollIntoView({ block: "start" });
}

function mine() {
  const citizen = view.role === "citizen";
  $("mine").hidden = !citizen || !view.run;
  if ($("mine").hidden) return;
  const has = view.phone !== null && phone.about !== null;
  $("phone").hidden = !has;
  $("power").hidden = !has || over();
  say($("no-phone"), over() ? t("run_over") : has ? "" : t("no_phone_left"));
  $("complaint").disabled = $("complain-go").disabled = over();
  if (!has) return;
  const sealed = view.persona === "lunch" && !view.lunch;
  say($("power"), t(phone.on ? "power_off" : view.persona === "battery" ? "charge" : "power_on"));
  $("phone").show(phone.data(view.nickname), { now_us: now(), byHand: phone.on && !over(), sealed, language: language() });
}

function hand(event) {
  phone.act(event.detail);
}

async function believe(event) {
  event.preventDefault();
  try {
    const asked = named(view.question);
    await seat.ask("POST", "/v1/class/seat/belief", { percent: Number($("percent").value), words: $("why").value });
    answered = asked;
    $("why").value = "";
    say($("belief-problem"), "");
    write();
    $("title").focus();
  } catch (error) {
    say($("belief-problem"), error.message);
  }
}

async function complain(event) {
  event.preventDefault();
  const text = $("complaint").value.trim();
  if (!text) return;
  try {
    await seat.ask("POST", "/v1/class/seat/complaint", { text });
    say($("complain-said"), t("complain_sent", text));
    $("complaint").value = "";
  } catch (error) {
    say($("complain-said"), error.message);
  }
}

async function leave() {
  await seat.ask("DELETE", "/v1/class/seat").catch(() => null);
  out("");
}

$("title").tabIndex = $("question-h").tabIndex = -1;
$("code").value = fragment().slice(0, 12);
$("join-form").addEventListener("submit", join);
$("roles").addEventListener("change", () => write());
$("belief-form").addEventListener("submit", believe);
$("percent").addEventListener("input", () => say($("percent-is"), `${$("percent").value}%`));
$("complain-form").addEventListener("submit", complain);
$("power").addEventListener("click", () => phone.power(!phone.on));
$("phone").addEventListener("hand", hand);
$("mine").addEventListener("focusout", () => setTimeout(() => { if (view) question(); }));
$("leave").addEventListener("click", leave);
shell.begin({ view: "join", relabel });
// Students have this page alone.
$("nav").hidden = true;
setInterval(() => { if (view?.run) say($("time"), clock(now())); }, 250);
if (seat.taken()) seat.follow(hear);
