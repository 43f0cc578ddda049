// Connections by network: what the run counts, and what really lies on sockets.

import { t, number, network } from "../common/words.js";
import { $, say, make } from "../common/show.js";

const COLUMNS = ["open", "sessions", "phones", "hanging", "away"];

let rows = null;

export function relabel() {
  rows = null;
}

export function draw({ run, sockets }) {
  rows ??= build(Object.keys(sockets.sessions));
  for (const [name, cells] of rows) {
    const values = [run?.sessions[name] ?? 0, sockets.sessions[name], sockets.phones[name], sockets.hanging[name], run?.turned_away[name] ?? 0];
    values.forEach((value, at) => say(cells[at], number(value)));
    cells[3].classList.toggle("bad", sockets.hanging[name] > 0);
    cells[4].classList.toggle("bad", (run?.turned_away[name] ?? 0) > 0);
  }
}

function build(names) {
  const order = ["kakao", "mobile", "mail", "app", "post", "cell", "pay"];
  const made = names.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)).map((name) => [name, COLUMNS.map(() => make("td"))]);
  $("networks-head").replaceChildren(make("tr", {}, ...["network", ...COLUMNS].map((name) => make("th", { scope: "col", text: t(`n_${name}`) }))));
  $("networks").replaceChildren(...made.map(([name, cells]) => make("tr", {}, make("th", { scope: "row", text: network(name) }), ...cells)));
  const link = ([word, href]) => make("li", {}, make("a", { href, text: t(word) }), make("code", { text: href }));
  $("links").replaceChildren(...LINKS.map(link), make("li", { class: "how", text: t("l_docs") }));
  return made;
}

const LINKS = [
  ["l_metrics", "/metrics"], ["l_openapi", "/openapi.json"], ["l_asyncapi", "/asyncapi.json"], ["l_schema", "/schema/scenario.v1.json"],
  ["l_kinds", "/v1/fault-kinds"], ["l_ready", "/readyz"], ["l_runs", "/runs"],
];
