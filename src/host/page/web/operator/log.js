// Who did what, the newest first.

import { t, has, clock } from "../common/words.js";
import { $, make } from "../common/show.js";

const SHOWN = 500;

let deeds = [];

export function clear() {
  deeds = [];
  draw();
}

export function add(rows) {
  deeds = [...deeds, ...rows].slice(-SHOWN);
  const fresh = rows.toReversed().map(row);
  if (deeds.length === rows.length) return draw();
  $("deeds").prepend(...fresh);
  while ($("deeds").children.length > SHOWN) $("deeds").lastChild.remove();
}

export function relabel() {
  $("log-head").replaceChildren(make("tr", {}, ...["when", "by", "what", "about", "run", "status"].map((name) => make("th", { scope: "col", text: t(`d_${name}`) }))));
  draw();
}

function draw() {
  const none = make("tr", {}, make("td", { colspan: "6", text: t("no_deeds") }));
  $("deeds").replaceChildren(...(deeds.length ? deeds.toReversed().map(row) : [none]));
}

const two = (n) => String(n).padStart(2, "0");

function row(deed) {
  const at = new Date(deed.at_ms);
  const when = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  const good = deed.status < 400;
  const run = deed.run ? `${deed.run}${deed.run_at_us === null ? "" : ` · ${clock(deed.run_at_us)}`}` : "";
  return make("tr", { class: good ? "" : "bad" },
    make("td", {}, make("time", { datetime: at.toISOString(), text: when })), make("td", {}, make("span", { class: "by", text: t(`by_${deed.by}`) })),
    make("th", { scope: "row", text: has(deed.what) ? t(deed.what) : deed.what }), make("td", { text: deed.about }), make("td", { text: run }),
    make("td", { text: good ? `✓ ${t("done")}` : `✗ ${t("refused", deed.status)}` }));
}
