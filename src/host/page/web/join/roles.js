// What a role sees, drawn from what the server serves it: a sentence, then figures.

import "./told-words.js";
import { t, clock, span, number, network, kind, won } from "../common/words.js";
import { make } from "../common/show.js";

const share = (percent) => (percent === null || percent === undefined ? "–" : `${percent}%`);

const figures = (sees, names) =>
  make("dl", { class: "figures" }, ...names.flatMap((name) => [make("dt", { text: t(`f_${name}`) }), make("dd", { text: name === "cost" ? won(sees.cost) : number(sees[name]) })]));

const big = (text) => make("p", { class: "share" }, make("b", { text }));
const lines = (texts) => make("ul", { class: "said" }, ...texts.map((text) => make("li", { text })));

function sender(sees) {
  const codes = sees.codes.map((row) => `${row.code}: ${number(row.count)}`);
  const parts = [big(share(sees.believed_percent)), make("p", { text: headline("sender", sees) }),
    figures(sees, ["called", "accepted", "refused", "unanswered", "told_failed", "told_uncertain", "told_nothing", "fell_back", "cost"])];
  if (codes.length) parts.push(make("h3", { text: t("codes_were") }), lines(codes));
  return parts;
}

function operator(sees) {
  const on = sees.faults.map((fault) => t("operator_fault", kind(fault.kind), clock(fault.since_us)));
  return [make("p", { class: "share" }, make("b", { text: number(sees.open) }), make("span", { text: t("f_open") })), make("p", { text: headline("operator", sees) }),
    lines(on.length ? on : [t("operator_well")]), figures(sees, ["cut", "turned_away", "taken", "waiting", "passed", "lost"])];
}

const ministry = (sees) => [big(share(sees.believed_percent)), make("p", { text: headline("ministry", sees) }),
  lines([t(sees.platform_hurt ? "ministry_hurt" : "ministry_well"), t("ministry_late", span(sees.delay_us))])];

function complaints(sees) {
  const said = sees.cut.map((row) => t("press_cut", network(row.network), number(row.count)));
  if (sees.twice) said.push(t("press_twice", number(sees.twice)));
  if (sees.late) said.push(t("press_late", number(sees.late)));
  return said.length ? said : [t("press_none")];
}

function press(sees) {
  const parts = [lines(complaints(sees)), make("p", { class: "how", text: t("press_how") })];
  if (sees.letters.length) parts.push(make("h3", { text: t("press_letters") }), lines(sees.letters.map((letter) => `${clock(letter.at_us)} “${letter.text}”`)));
  return parts;
}

// One sentence of it.
export function headline(role, sees) {
  const said = {
    citizen: () => t("sees_citizens"),
    sender: () => t("sees_sender", number(sees.told_arrived), number(sees.notices)),
    operator: () => t("sees_operator", number(sees.open), number(sees.cut)),
    ministry: () => t("sees_ministry", number(sees.reported_arrived), number(sees.notices), clock(sees.as_of_us)),
    press: () => complaints(sees).join(" · "),
  };
  return said[role]();
}

// What a percentage is there for it; null if the role has none.
export const believed = (sees) => sees.believed_percent ?? null;

export function draw(role, sees) {
  const drawn = { sender, operator, ministry, press }[role];
  return drawn ? drawn(sees) : [];
}
