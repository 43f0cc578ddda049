// The page: hears the stream, keeps the view of one run, and has each part draw it. No state beyond that.

import * as words from "./words.js";
import { t } from "./words.js";
import { $, say } from "./show.js";
import { watch } from "./link.js";
import * as start from "./start.js";
import * as clock from "./clock.js";
import * as faults from "./faults.js";
import * as people from "./people.js";
import * as plot from "./plot.js";
import * as chronicle from "./chronicle.js";
import * as story from "./story.js";
import * as verdict from "./verdict.js";

const PARTS = [start, clock, faults, people, plot, chronicle, story, verdict];

// What is known of the run that is watched. `changed` is who changed since the last drawing; null: everybody.
const view = { scene: null, state: null, dots: new Uint8Array(0), changed: null, curve: [], turnings: [] };
let there = true;
let drawing = 0;

function draw() {
  drawing = 0;
  for (const part of PARTS) part.draw(view);
  view.changed = [];
}

function soon() {
  drawing ||= requestAnimationFrame(draw);
}

function forget() {
  Object.assign(view, { scene: null, state: null, dots: new Uint8Array(0), changed: null, curve: [], turnings: [] });
}

function take(state) {
  if (state.dots !== undefined) {
    view.dots = Uint8Array.from(state.dots, (digit) => parseInt(digit, 16));
    view.changed = null;
  }
  for (let at = 0; at < (state.changed?.length ?? 0); at += 2) {
    view.dots[state.changed[at]] = state.changed[at + 1];
    view.changed?.push(state.changed[at]);
  }
  view.curve.length = Math.min(view.curve.length, state.curve.from);
  view.curve.push(...state.curve.points);
  view.turnings.push(...state.turnings);
  view.state = state;
}

function told(what, data) {
  there = what !== "gone";
  if (what === "scene") {
    forget();
    view.scene = data;
  } else if (what === "state") {
    take(data);
  } else if (what === "none") {
    forget();
  }
  standing();
  soon();
}

// What stands in the way of seeing a run, in words.
function standing() {
  const text = !there ? t("gone") : view.scene === null ? t("no_run") : "";
  $("server").hidden = text === "";
  $("server").classList.toggle("gone", !there);
  say($("server"), text);
}

function relabel() {
  document.querySelectorAll("[data-t]").forEach((node) => say(node, t(node.dataset.t)));
  say($("language"), words.language() === "ko" ? "English" : "한국어");
  $("language").lang = words.language() === "ko" ? "en" : "ko";
  say($("projector"), t("projector"));
  document.title = `${t("brand")}${view.scene ? ` · ${words.pick(view.scene.title)}` : ""}`;
  view.changed = null;
  for (const part of PARTS) part.relabel?.(view);
  standing();
  soon();
}

function project() {
  const on = document.documentElement.classList.toggle("projector");
  $("projector").setAttribute("aria-pressed", String(on));
  view.changed = null;
  for (const part of PARTS) part.restyle?.(view);
  soon();
}

const KEYS = { p: project, o: faults.outage, l: faults.liftAll, " ": clock.toggle };

function key(event) {
  // A space is also how a button is pressed; letters mean something else only where one types or chooses.
  const typing = event.target.closest(event.key === " " ? "select, button, summary, a" : "select");
  const act = KEYS[event.key.toLowerCase()];
  if (!act || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  event.preventDefault();
  act();
}

words.begin();
for (const part of PARTS) part.begin?.(view, () => link.look());
$("language").addEventListener("click", () => { words.change(); relabel(); });
$("projector").addEventListener("click", project);
document.addEventListener("keydown", key);
addEventListener("resize", () => { view.changed = null; soon(); });
relabel();
const link = watch(told);
