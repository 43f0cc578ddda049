// What the scenario promises, while the run goes on: each a lamp that is green or red once it is decided, and grey until then,
// with the figure so far in words. Looking back, they stand as they stood.

import { t, language, pick } from "../common/words.js";
import { $, say, make } from "../common/show.js";

// For each lamp: its mark, so that it is not told by colour alone.
const MARKS = { held: "✓", broken: "✗", open: "…" };

let drawn = "";

// Entries of the history are whole; they come as changes against the one before.
export function take(view, { from, history, missed }) {
  view.judged.length = Math.min(view.judged.length, from);
  for (const { at_us, clauses } of history) {
    const rows = [...(view.judged.at(-1)?.rows ?? [])];
    for (const [place, outcome, decided, ko, en] of clauses) rows[place] = { outcome, decided, ko, en };
    view.judged.push({ at_us, rows });
  }
  view.judged_missed = missed;
}

export const relabel = () => { drawn = ""; };

const standing = (view) => view.judged.findLast((entry) => entry.at_us <= (view.at ?? Infinity))?.rows ?? [];

export function draw(view) {
  const { scene, live, at } = view;
  const over = live?.state === "ended" && at === null;
  const any = (scene?.promised.length ?? 0) > 0;
  $("promises").hidden = !any || over;
  if ($("promises").hidden) return;
  const rows = standing(view);
  const now = `${scene.run} ${view.judged.length} ${view.judged_missed} ${at} ${JSON.stringify(rows)}`;
  if (now === drawn) return;
  drawn = now;
  const lamps = scene.promised.map((promise, place) => lamp(promise, rows[place]));
  const count = (name) => lamps.filter((one) => one === name).length;
  // What was missed may have changed any of them: no standing is better than an old one.
  say($("promises-sum"), view.judged_missed ? "" : t("promises_sum", count("held"), count("broken"), count("open")));
  if (view.judged_missed) return $("promises-in").replaceChildren(make("li", { class: "open", text: t("judged_missed") }));
  $("promises-in").replaceChildren(...scene.promised.map((promise, place) => row(promise, rows[place], lamps[place])));
}

// A condition that ends the run is none to hope for: it is grey until it comes true.
function lamp(promise, row) {
  if (!row?.decided) return "open";
  if (promise.strength === "stop") return row.outcome === "held" ? "broken" : "open";
  return row.outcome === "inconclusive" ? "open" : row.outcome;
}

function row(promise, now, lit) {
  const leaning = !now || lit !== "open" || now.outcome === "inconclusive" || promise.strength === "stop" ? "" : t(`so_far_${now.outcome}`);
  return make("li", { class: lit },
    make("b", {}, make("i", { text: MARKS[lit], "aria-hidden": "true" }), make("span", { class: "lamp", text: t(`lamp_${lit}`) }),
      make("span", { text: pick(promise.why) || promise.source })),
    make("span", { text: [leaning, now?.[language()] ?? t("not_judged")].filter(Boolean).join(" · ") }),
    make("code", { text: promise.source }));
}
