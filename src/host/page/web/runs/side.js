// Two runs side by side: what got better and what got worse, as `bongsu report --baseline` says it.

import { t, has, pick, number, percent, won, span } from "../common/words.js";
import { $, make } from "../common/show.js";
import { call } from "../common/link.js";
import { fragment } from "../common/fragment.js";
import { close, top } from "./one.js";

const MARKS = { better: "▲", worse: "▼", same: "=", other: "~" };

export function begin() {}

export async function open(ids) {
  close();
  $("one").replaceChildren(top(t("comparison", ...ids), []), make("p", { text: t("loading") }));
  let parts;
  try {
    parts = told(await call("GET", `/v1/compare?runs=${ids}`));
  } catch (error) {
    parts = [make("p", { class: "problem", role: "alert", text: error.message })];
  }
  if (fragment() === ids.join(",")) $("one").replaceChildren(top(t("comparison", ...ids), []), ...parts);
}

function told({ before, after, alike, worse, verdict, figures, promises }) {
  const side = (of) => make("span", { class: `badge ${of.verdict}` }, has(of.verdict) ? t(of.verdict) : of.verdict);
  return [
    make("p", { class: `turn ${verdict}` }, side(before), make("span", { text: "→", "aria-hidden": "true" }), side(after),
      make("strong", { class: worse ? "worse" : "better", text: worse ? t("is_worse") : t("is_not_worse") })),
    make("p", { class: "meta", text: `${before.scenario} · ${t("seed", before.seed)}${alike ? "" : ` → ${t("seed", after.seed)}. ${t("not_alike")}`}` }),
    make("h3", { id: "figures-h", text: t("figures") }),
    table("figures-h", "figure", figures.map((row) => [row.way, pick(row.name), figure(row, row.before, before), figure(row, row.after, after)])),
    make("h3", { id: "promises-h", text: t("promises") }),
    table("promises-h", "promise", promises.map((row) => [row.way, make("span", {}, make("b", { text: pick(row.why) || row.expression }), make("code", { text: `${row.strength}: ${row.expression}` })), kept(row.before), kept(row.after)])),
  ];
}

function table(labelled, first, rows) {
  const head = [first, "before", "after", "change"].map((name) => make("th", { scope: "col", text: t(name) }));
  const body = rows.map(([way, what, before, after]) => make("tr", { class: way },
    make("th", { scope: "row" }, what), make("td", {}, before), make("td", {}, after),
    make("td", { class: "way" }, make("i", { text: MARKS[way], "aria-hidden": "true" }), t(`w_${way}`))));
  return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": labelled }, make("table", { "aria-labelledby": labelled }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)));
}

function figure(row, value, of) {
  if (value === null) return t("never");
  if (row.unit === "us") return span(value);
  if (row.unit === "won_cents") return won(value);
  return row.unit === "notices" ? `${number(value)} (${percent(value, of.notices)})` : number(value);
}

function kept(one) {
  if (one === null) return make("span", { text: t("absent") });
  return make("span", { class: one.kept ? "kept" : "broken" }, make("b", { text: one.kept ? `✓ ${t("kept_word")}` : `✗ ${t("broken_word")}` }), make("small", { text: pick(one.reason) }));
}
