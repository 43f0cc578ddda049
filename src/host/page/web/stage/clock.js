// The clock of the run and its transport: pause, one event, the next event of note, speed, the end. In the past the same
// buttons go through what has been.

import { t, clock, calendar, span } from "../common/words.js";
import { $, say, make, options } from "../common/show.js";
import { call } from "../common/link.js";
import { SPEEDS, speeds } from "./start.js";
import * as scrub from "./scrub.js";

let watched = null;
// One order at a time: a key that is held down asks no faster than the server answers.
let asking = false;

const going = () => watched?.scene?.paced && !watched.gone && watched.live && watched.live.state !== "ended";

async function order(what, body) {
  if (asking) return;
  asking = true;
  try {
    await call("POST", what === "clock" ? "/v1/clock" : `/v1/runs/${watched.scene.run}/${what}`, body);
  } catch { /* a run that has ended meanwhile says so itself */ }
  asking = false;
}

export function begin(view) {
  watched = view;
  $("pause").addEventListener("click", toggle);
  $("step").addEventListener("click", step);
  $("next").addEventListener("click", next);
  $("stop").addEventListener("click", () => going() && order("stop"));
  $("speed").addEventListener("change", () => {
    const speed = Number($("speed").value);
    if (watched.at === null && going()) order("speed", { speed });
    else scrub.hurry(speed);
  });
}

// Goes on or stands still; what is past is played again.
export function toggle() {
  if (watched.at !== null || watched.live?.state === "ended") return scrub.replay(Number($("speed").value) || 1);
  if (going()) order(watched.live.state === "paused" ? "resume" : "pause");
}

const past = () => watched.at !== null || watched.live?.state === "ended";

// One event, standing still.
export function step() {
  if (past()) return scrub.step();
  if (going()) order("clock", { paused: true, leap: "event" });
}

// To the next event of note; a run that goes on goes on from there.
export function next() {
  if (past()) return scrub.after();
  if (going()) order("clock", { leap: "note" });
}

export function relabel(view) {
  options($("speed"), speeds());
  draw(view);
}

export function draw(view) {
  const { scene, state, live, at } = view;
  $("clock").hidden = scene === null;
  if (!scene || !state) return;
  say($("time"), clock(state.at_us));
  say($("calendar"), calendar(scene, state.at_us));
  const speed = live.speed === null ? t("virtual") : live.speed === 0 ? t("lockstep") : `x${live.speed}`;
  const back = at === null ? "" : t("looking_back", span(live.at_us - at));
  say($("standing"), view.gone ? t("cut_off") : back || (live.state === "ended" ? t("ended_hint") : `${t(live.state)} · ${speed}`));
  $("clock").classList.toggle("past", at !== null);
  const again = at !== null || live.state === "ended";
  const paused = again ? !scrub.playing() : live.state === "paused";
  const label = t(paused ? (again ? "replay" : "resume") : "pause");
  if ($("pause").dataset.says !== label) {
    $("pause").dataset.says = label;
    $("pause").replaceChildren(make("i", { "aria-hidden": "true", text: paused ? "▶" : "Ⅱ" }), " ", label);
  }
  $("stop").disabled = !going() || at !== null;
  $("pause").disabled = $("speed").disabled = !going() && !again;
  for (const id of ["step", "next"]) $(id).disabled = !going() && !again;
  $("before").disabled = scrub.last(watched) === null;
  if (at === null) pace(live.speed);
}

// What the run does, also when another hand chose a speed that is not in the list.
function pace(speed) {
  if (!speed || document.activeElement === $("speed")) return;
  if (!SPEEDS.includes(speed) && ![...$("speed").options].some((one) => one.value === String(speed))) {
    $("speed").append(make("option", { value: String(speed), text: `x${speed}` }));
  }
  $("speed").value = String(speed);
}
