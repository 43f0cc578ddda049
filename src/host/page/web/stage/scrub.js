// Back and forth through a run: a slider over its time, with marks where something turned. Whatever is past is asked of the
// server as a picture; the newest wish wins, and one is on its way at a time.

import { t, clock } from "../common/words.js";
import { $, say, colour, fitted } from "../common/show.js";
import { call } from "../common/link.js";
import { digits } from "./picture.js";

// Parts of a run that a key of the slider moves by.
const STEPS = 200;
// A replay asks for a picture so often, which leaves the server more than half of the time.
const EVERY_MS = 150;

let watched = null;
let soon = () => {};
let wanted = null;
let asking = false;
let drawn = "";
// What is past is played again: the timer, and how fast.
let player = 0;
let speed = 1;

export function begin(view, drawSoon) {
  watched = view;
  soon = drawSoon;
  $("scrub").addEventListener("input", () => { halt(); to(Number($("scrub").value)); });
  $("scrub").addEventListener("keydown", keys);
  $("before").addEventListener("click", before);
  $("now").addEventListener("click", toNow);
}

export function forget() {
  halt();
  wanted = null;
  drawn = "";
}

export const relabel = () => { drawn = ""; };
export const restyle = relabel;

// Looks at an instant; at the present one, or a later one, it is the present again.
export function to(us) {
  if (!watched.live) return;
  if (us >= watched.live.at_us) return toNow();
  wanted = Math.max(0, Math.round(us));
  if (!asking) ask();
}

export function toNow() {
  halt();
  wanted = null;
  if (watched.at === null) return;
  Object.assign(watched, { at: null, state: watched.live, dots: watched.people, changed: null });
  soon(true);
}

async function ask() {
  asking = true;
  while (wanted !== null && wanted !== watched.at) {
    const [at, scene] = [wanted, watched.scene];
    try {
      const picture = await call("GET", `/v1/runs/${scene.run}/picture?at_us=${at}`);
      if (wanted === null || watched.scene !== scene) break;
      // Nothing can be ordered in the past: to the parts that give orders the run is over.
      const state = { ...watched.live, ...picture, at_us: at, state: "ended", verdict: null, unrecorded: null };
      Object.assign(watched, { at, state, dots: digits(picture.dots), changed: null });
      soon(true);
    } catch {
      // A server that is gone is told of elsewhere.
      break;
    }
  }
  asking = false;
}

export const playing = () => player !== 0;
export const hurry = (times) => { speed = times; };

// Plays what is past again, from where one looks, or from the beginning if that is the end; again: stands still.
export function replay(times) {
  speed = times;
  if (player) return halt();
  if (watched.at === null) to(0);
  let since = performance.now();
  player = setInterval(() => {
    // Where the server does not keep up, the replay waits for it.
    if (asking || watched.at === null) { since = performance.now(); return; }
    const now = performance.now();
    to(watched.at + (now - since) * 1000 * speed);
    since = now;
  }, EVERY_MS);
  soon();
}

function halt() {
  clearInterval(player);
  player = 0;
  if (watched?.scene) soon();
}

const instants = (view) => [0, ...view.turnings.map((turning) => turning.at_us)];
const here = (view) => view.at ?? view.live?.at_us ?? 0;

// The turning point before the instant that is drawn; null: there is none.
export function last(view) {
  const past = instants(view).filter((at) => at < here(view));
  return past.length ? Math.max(...past) : null;
}

export function before() {
  const at = last(watched);
  if (at !== null) to(at);
}

// The next turning point of the past, or the present.
export function after() {
  if (watched.at === null) return to(0);
  const next = instants(watched).filter((at) => at > here(watched));
  to(next.length ? Math.min(...next) : Infinity);
}

// The next event. From the end of a run that is over it begins again, as a replay does.
export function step() {
  if (watched.at === null) return to(0);
  const next = watched.state.next_us;
  if (!asking) to(next ?? Infinity);
}

// A small way on or back.
function nudge(steps) {
  to(here(watched) + (steps * length(watched)) / STEPS);
}

const length = (view) => (view.live.state === "ended" ? Math.max(1, view.live.at_us) : Math.max(view.scene.stop_us, view.live.at_us));

function keys(event) {
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
  if (event.key === "Home") to(0);
  else if (event.key === "End") toNow();
  else if (steps) nudge(steps);
  else return;
  event.preventDefault();
}

export function draw(view) {
  if (!view.scene || !view.live) return;
  const [slider, until] = [$("scrub"), length(view)];
  slider.max = String(until);
  // While a hand is on it, it stays where the hand is.
  if (!asking || view.at === null) slider.value = String(wanted ?? here(view));
  slider.setAttribute("aria-label", t("scrub"));
  slider.setAttribute("aria-valuetext", view.at === null ? t("at_now", clock(here(view))) : clock(view.at));
  say($("until"), clock(until));
  $("now").hidden = view.at === null;
  marks(view, until);
}

// Windows of faults and turning points, where the slider's thumb stands for their instants.
function marks(view, until) {
  const canvas = $("marks");
  const box = canvas.getBoundingClientRect();
  const now = `${view.scene.run} ${view.turnings.length} ${until} ${box.width} ${Math.floor(view.live.at_us / (until / 500))} ${view.live.faults.map((f) => f.state)}`;
  if (now === drawn || !box.width) return;
  drawn = now;
  const { pen, width, height } = fitted(canvas);
  // The thumb's middle goes from half its width to half its width before the end.
  const x = (us) => 8 + ((width - 16) * Math.min(us, until)) / until;
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = colour("line");
  pen.fillRect(8, height / 2 - 3, width - 16, 6);
  pen.fillStyle = colour("act");
  pen.fillRect(8, height / 2 - 3, x(view.live.at_us) - 8, 6);
  for (const fault of view.live.faults) {
    const ended = view.turnings.find((one) => one.what === "ended" && one.fault === fault.name)?.at_us;
    const end = ended ?? fault.ends_us ?? (fault.state === "waiting" ? until : view.live.at_us);
    pen.fillStyle = colour("alarm");
    pen.globalAlpha = fault.state === "waiting" ? 0.35 : 0.8;
    pen.fillRect(x(fault.begins_us), height / 2 + 5, Math.max(2, x(end) - x(fault.begins_us)), 4);
  }
  pen.globalAlpha = 1;
  pen.fillStyle = colour("ink");
  for (const turning of view.turnings) pen.fillRect(x(turning.at_us) - 0.75, height / 2 - 8, 1.5, 5);
}
