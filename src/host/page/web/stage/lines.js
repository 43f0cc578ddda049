// Numbers of the run: connections by network, and what is counted.

import { t, number, won, network, percent } from "../common/words.js";
import { $, say, make } from "../common/show.js";

let lines = null;

export function relabel() {
  lines = null;
}

export function draw({ scene, state }) {
  $("lines").hidden = scene === null;
  if (!scene || !state) return;
  networks(scene, state);
  counts(state);
}

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
    ["attempts", number(state.attempts)],
    ["fallbacks", number(state.fallbacks)],
    ["lost", number(state.lost)],
    ["cost", won(state.cost)],
  ];
  const drawn = rows.flat().join() + t("cost");
  if ($("counts").dataset.drawn === drawn) return;
  $("counts").dataset.drawn = drawn;
  $("counts").replaceChildren(...rows.flatMap(([key, text]) => [make("dt", { text: t(key) }), make("dd", { text })]));
}
