// The biography of one person's notices: what was tried, what the sender was told, what the phone showed.

import { t, has, clock, medium, network, number } from "../common/words.js";
import { $, say, make, whole } from "../common/show.js";
import { call } from "../common/link.js";
import { open as enlarge } from "./phones.js";

// Facts of the sender's belief, of the truth at the phone, and of neither.
const BELIEF = ["accepted", "refused", "unanswered", "reported", "route_ended"];
const TRUTH = ["shown", "opened", "lost", "returned", "held", "session_closed", "session_opened", "session_refused"];
const UNTOLD = ["charged", "counted"];

// Messages shown beside each other, the newest.
const BUBBLES_MAX = 3;

let asked = null;
let told = null;
let watched = null;
let at = "";
// The instant up to which it is told; null: all of it.
let until = null;

export function begin(view) {
  watched = view;
  $("story-close").addEventListener("click", close);
  $("story").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
}

function close() {
  asked = told = null;
  $("story").hidden = true;
  $("dots").focus({ preventScroll: true });
}

export async function open(run, phone) {
  asked = { run, phone };
  told = null;
  until = watched.at;
  $("story").hidden = false;
  await load();
  $("story").scrollIntoView({ block: "nearest" });
}

async function load() {
  const wanted = asked;
  try {
    const answer = await call("GET", `/v1/runs/${wanted.run}/people/${wanted.phone}`);
    if (asked === wanted) { told = answer; write(); }
  } catch (error) {
    // What was told stays, while the server is gone.
    if (asked === wanted && told === null) $("story-in").replaceChildren(make("p", { class: "problem", text: error.message }));
  }
}

export function relabel() {
  if (told) write();
}

// An open story goes on with the run, once a second at most.
export function draw(view) {
  if (!asked) return;
  if (!view.scene || view.scene.run !== asked.run) return close();
  if (told && view.at !== until) {
    until = view.at;
    write();
  }
  const second = `${view.live?.state} ${Math.floor(Date.now() / 1000)}`;
  if (second === at) return;
  at = second;
  if (view.live?.state === "running" || told === null) load();
}

function write() {
  say($("story-h"), `${told.name} · ${told.phone}`);
  const drawn = JSON.stringify(told) + t("close") + until;
  if ($("story-in").dataset.drawn === drawn) return;
  $("story-in").dataset.drawn = drawn;
  const events = until === null ? told.events : told.events.filter((one) => one.t <= until);
  const media = new Map(events.filter((one) => one.event === "submitted").map((one) => [one.attempt, one.medium]));
  const steps = events.filter((one) => !UNTOLD.includes(one.event)).map((one) => step(one, media));
  const parts = [make("button", { type: "button", text: t("phone_this"), onclick: () => enlarge(told.phone) })];
  if (told.missed) parts.push(make("p", { class: "problem", text: t("missed_events", number(told.missed)) }));
  const shown = new Set(events.filter((one) => one.event === "shown").map((one) => one.attempt));
  const showing = told.messages.filter((message) => shown.has(message.attempt));
  for (const message of showing.slice(-BUBBLES_MAX)) parts.push(bubble(message, media));
  parts.push(steps.length ? make("ol", { class: "steps" }, ...steps) : make("p", { text: t("no_story") }));
  $("story-in").replaceChildren(...parts);
}

function step(one, media) {
  const side = BELIEF.includes(one.event) ? "belief" : TRUTH.includes(one.event) ? "truth" : "deed";
  const line = make("li", { class: side }, make("time", { text: clock(one.t) }), make("span", { text: words(one, media) }));
  if (one.fault !== undefined) line.append(make("em", { text: t("by_fault", one.fault) }));
  return line;
}

function words(one, media) {
  const by = media.has(one.attempt) && one.event !== "submitted" ? `${medium(media.get(one.attempt))}: ` : "";
  const said = {
    submitted: () => t("e_submitted", medium(one.medium)),
    refused: () => t("e_refused", one.code),
    reported: () => t("e_reported", t(`c_${one.claim}`)),
    fell_back: () => t("e_fell_back", medium(one.from), medium(one.to), t(one.cause)),
    route_ended: () => t("e_route_ended", t(`o_${one.outcome}`)),
    pressed: () => t("e_pressed", one.button),
    session_opened: () => t("e_session_opened", network(one.network)),
    session_closed: () => t("e_session_closed", network(one.network)),
    session_refused: () => t("e_session_refused", network(one.network)),
  };
  const plain = () => (has(`e_${one.event}`) ? t(`e_${one.event}`) : one.event);
  return by + (Object.hasOwn(said, one.event) ? said[one.event] : plain)();
}

function bubble({ attempt, words: { title, text, buttons } }, media) {
  const by = media.get(attempt) ?? "";
  const talk = ["alimtalk", "brand", "certified", "chat"].includes(by);
  const inside = [make("h3", { text: t("what_phone_shows", medium(by)) })];
  if (title) inside.push(make("strong", {}, ...whole(title)));
  inside.push(make("p", {}, ...whole(text)));
  for (const label of buttons) inside.push(make("span", { class: "face", text: label }));
  return make("div", { class: `bubble ${talk ? "talk" : "text"}` }, ...inside);
}
