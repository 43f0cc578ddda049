// The page: hears the stream, keeps the view of one run, and has each part draw it. No state beyond that.
//
// What is drawn is the present, or an instant that is past (`scrub.js` sets it); the stream goes on all the same.

import "./words.js";
import { t, pick } from "../common/words.js";
import { $, say } from "../common/show.js";
import * as shell from "../common/shell.js";
import { watch } from "../common/link.js";
import { listen, banner } from "../common/silence.js";
import { digits } from "./picture.js";
import * as start from "./start.js";
import * as clock from "./clock.js";
import * as scrub from "./scrub.js";
import * as faults from "./faults.js";
import * as lines from "./lines.js";
import * as people from "./people.js";
import * as plot from "./plot.js";
import * as chronicle from "./chronicle.js";
import * as story from "./story.js";
import * as promises from "./promises.js";
import * as verdict from "./verdict.js";
import * as report from "./report.js";
import * as phones from "./phones.js";

const PARTS = [start, clock, scrub, faults, lines, people, plot, chronicle, story, promises, verdict, report, phones];

// A drawing is followed by so many times its length of rest, and no more than this.
const REST = 3;
const REST_MAX_MS = 300;

// What is known of the run that is watched. `live` is its state now, `state` the state that is drawn and `at` its instant if
// it is past; `dots` are the people in it. `changed` is who changed since the last drawing; null: everybody.
const NOTHING = () => ({
  scene: null, live: null, state: null, at: null, people: new Uint8Array(0), dots: new Uint8Array(0), changed: null,
  curve: [], turnings: [], judged: [], judged_missed: false, gone: false,
});
const view = NOTHING();
let drawing = 0;
let waiting = 0;
let rest = 0;
const ear = listen(standing, () => link.anew());

function draw() {
  drawing = 0;
  const began = performance.now();
  for (const part of PARTS) part.draw?.(view);
  view.changed = [];
  rest = performance.now() + Math.min(REST_MAX_MS, (performance.now() - began) * REST);
}

// Whatever a hand asked for is drawn `at_once`. On a slow machine one drawing right after the other would leave no time for
// keys, so that there is a rest between two.
function soon(at_once = false) {
  const wait = at_once ? 0 : rest - performance.now();
  if (drawing || (waiting && wait > 0)) return;
  clearTimeout(waiting);
  waiting = 0;
  const frame = () => { waiting = 0; drawing ||= requestAnimationFrame(draw); };
  if (wait > 0) waiting = setTimeout(frame, wait);
  else frame();
}

function take(state) {
  const all = state.dots !== undefined;
  if (all) view.people = digits(state.dots);
  const changed = state.changed ?? [];
  for (let at = 0; at < changed.length; at += 2) {
    view.people[changed[at]] = changed[at + 1];
    if (view.at === null) view.changed?.push(changed[at]);
  }
  view.curve.length = Math.min(view.curve.length, state.curve.from);
  view.curve.push(...state.curve.points);
  view.turnings.push(...state.turnings);
  if (state.judged) promises.take(view, state.judged);
  view.live = state;
  if (view.at !== null) return;
  view.state = state;
  if (all || view.dots !== view.people) view.changed = null;
  view.dots = view.people;
}

function told(what, data) {
  view.gone = what === "gone";
  if (view.gone) ear.gone();
  else ear.heard();
  if (what === "scene") {
    Object.assign(view, NOTHING(), { scene: data });
    scrub.forget();
  } else if (what === "state") {
    take(data);
  } else if (what === "none") {
    Object.assign(view, NOTHING());
  }
  standing();
  soon();
}

// What stands in the way of seeing a run, in words.
function standing() {
  banner(ear.standing(), view.scene === null ? "no_run" : "");
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

const KEYS = {
  o: faults.outage, f: faults.openPanel, l: faults.liftAll, " ": clock.toggle, s: clock.step, n: clock.next, b: scrub.before,
  e: scrub.toNow, r: () => verdict.report(view),
};

for (const part of PARTS) part.begin?.(view, soon, () => link.look());
addEventListener("resize", () => { view.changed = null; soon(); });
shell.begin({ view: "stage", relabel, restyle, keys: KEYS });
const link = watch(told);
