// The clock of the run, its orders, and its numbers: connections by network, notices, cost.

import { t, clock, calendar, number, won, network, percent } from "../common/words.js";
import { $, say, make, options } from "../common/show.js";
import { call } from "../common/link.js";
import { SPEEDS, speeds } from "./start.js";

let watched = null;

const order = (what, body) => call("POST", `/v1/runs/${watched.scene.run}/${what}`, body).catch(() => {});
const going = () => watched?.scene?.paced && watched.state && watched.state.state !== "ended";

export function begin(view) {
  watched = view;
  $("pause").addEventListener("click", toggle);
  $("stop").addEventListener("click", () => going() && order("stop"));
  $("speed").addEventListener("change", () => going() && order("speed", { speed: Number($("speed").value) }));
}

export function toggle() {
  if (going()) order(watched.state.state === "paused" ? "resume" : "pause");
}

export function relabel(view) {
  options($("speed"), speeds());
  lines = null;
  draw(view);
}

export function draw({ scene, state }) {
  $("clock").hidden = scene === null;
  $("lines").hidden = scene === null;
  if (!scene || !state) return;
  say($("time"), clock(state.at_us));
  say($("calendar"), calendar(scene, state.at_us));
  const speed = state.speed === null ? t("virtual") : state.speed === 0 ? t("lockstep") : `x${state.speed}`;
  say($("standing"), `${t(state.state)} · ${speed}`);
  $("progress").value = Math.min(1000, (state.at_us * 1000) / Math.max(1, scene.stop_us));
  $("progress").setAttribute("aria-label", `${clock(state.at_us)} / ${clock(scene.stop_us)}`);
  say($("pause"), state.state === "paused" ? t("resume") : t("pause"));
  for (const id of ["pause", "speed", "stop"]) $(id).disabled = !going();
  pace(state.speed);
  networks(scene, state);
  counts(state);
}

// What the run does, also when another hand chose a speed that is not in the list.
function pace(speed) {
  if (!speed || document.activeElement === $("speed")) return;
  if (!SPEEDS.includes(speed) && ![...$("speed").options].some((one) => one.value === String(speed))) {
    $("speed").append(make("option", { value: String(speed), text: `x${speed}` }));
  }
  $("speed").value = String(speed);
}

let lines = null;
function networks(scene, state) {
  const drawn = `${scene.run} ${scene.networks.map(([place]) => place)}`;
  if (lines?.of !== drawn) {
    lines = { of: drawn, rows: scene.networks.map(([place, name]) => line(place, name)) };
    $("networks").replaceChildren(...lines.rows.flatMap((row) => [row.term, row.detail]));
    if (!lines.rows.length) $("networks").replaceChildren(make("dt", { text: t("no_lines") }), make("dd"));
  }
  for (const row of lines.rows) {
    const [now, most, refused] = [state.open[row.place], state.peak[row.place], state.refused[row.place]];
    say(row.count, most ? `${number(now)} / ${number(most)}` : t("unused"));
    say(row.refused, refused ? t("refused", number(refused)) : "");
    row.bar.max = Math.max(1, most);
    row.bar.value = now;
    const low = state.faults.some((fault) => fault.state === "on" && fault.networks.includes(row.name));
    row.detail.classList.toggle("hurt", low);
  }
}

function line(place, name) {
  const count = make("b");
  const refused = make("span", { class: "refused" });
  const bar = make("progress", { "aria-label": network(name), max: "1", value: "0" });
  const term = make("dt", { text: network(name) });
  return { place, name, term, detail: make("dd", { id: `line-${name}` }, bar, count, refused), bar, count, refused };
}

function counts(state) {
  const rows = [
    ["notices", number(state.notices)],
    ["opened", `${number(state.opened)} (${percent(state.opened, state.notices)})`],
    ["fallbacks", number(state.fallbacks)],
    ["cost", won(state.cost)],
  ];
  const drawn = rows.flat().join();
  if ($("counts").dataset.drawn === drawn + t("cost")) return;
  $("counts").dataset.drawn = drawn + t("cost");
  $("counts").replaceChildren(...rows.flatMap(([key, text]) => [make("dt", { text: t(key) }), make("dd", { text })]));
}
