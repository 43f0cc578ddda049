// Turning points in words, the newest first; those that are past at the instant that is drawn. Pressing one looks at it.

import { t, pick, has, clock, number, network, medium } from "../common/words.js";
import { $, make } from "../common/show.js";
import * as scrub from "./scrub.js";

const LINES_MAX = 200;
const MARKS = { sent: "✉", began: "▼", partly: "△", ended: "▲", cut: "✂", back: "⟲", took_over: "↘" };

let drawn = "";

export const relabel = () => { drawn = ""; };

export function draw(view) {
  const past = view.at === null ? view.turnings : view.turnings.filter((turning) => turning.at_us <= view.at);
  const now = `${view.scene?.run} ${past.length}`;
  if (now === drawn && view.changed !== null) return;
  drawn = now;
  const newest = past.slice(-LINES_MAX).reverse();
  const lines = newest.map((turning) => make("li", { class: turning.what, onclick: () => scrub.to(turning.at_us), title: t("look_there") },
    make("time", { text: clock(turning.at_us) }), make("i", { text: MARKS[turning.what] ?? "·", "aria-hidden": "true" }),
    make("span", { text: words(turning) })));
  $("chronicle").replaceChildren(...(lines.length ? lines : [make("li", { class: "none", text: t("nothing_yet") })]));
}

function words(turning) {
  switch (turning.what) {
    case "sent": return /^send\/\d+$/.test(turning.kind) ? t("sent_plain") : t("sent", pick(turning.title));
    case "began": return t("begins", turning.fault);
    case "partly": return t("partly", turning.fault);
    case "ended": return t(turning.lifted ? "lifted" : "ends", turning.fault);
    case "cut": return t("were_cut", network(turning.network), number(turning.count));
    case "back": return t("are_back", network(turning.network), number(turning.count));
    case "took_over": return t("took_over", medium(turning.medium), has(turning.cause) ? t(turning.cause) : turning.cause);
    default: return turning.what;
  }
}
