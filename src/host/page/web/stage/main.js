// The page: hears the stream, keeps the view of one run, and has each part draw it. No state beyond that.

import "./words.js";
import { t, pick } from "../common/words.js";
import { $, say } from "../common/show.js";
import * as shell from "../common/shell.js";
import { watch } from "../common/link.js";
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
  shell.title(view.scene ? pick(view.scene.title) : "");
  view.changed = null;
  for (const part of PARTS) part.relabel?.(view);
  standing();
  soon();
}

function restyle() {
  view.changed = null;
  for (const part of PARTS) part.restyle?.(view);
  soon();
}

const KEYS = { o: faults.outage, f: faults.openPanel, l: faults.liftAll, " ": clock.toggle };

for (const part of PARTS) part.begin?.(view, () => link.look());
addEventListener("resize", () => { view.changed = null; soon(); });
shell.begin({ view: "stage", relabel, restyle, keys: KEYS });
const link = watch(told);
