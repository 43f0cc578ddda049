// The verdict of a run that is over, with its expectations and their reasons in words.

import { t, has, pick } from "../common/words.js";
import { $, say, make } from "../common/show.js";
import { call } from "../common/link.js";
import { open } from "./story.js";
import { open as openReport } from "./report.js";

let asked = null;
let document_ = null;

// What went wrong comes first.
const ORDER = ["broken", "inconclusive", "held"];
const MARKS = { held: "✓", broken: "✗", inconclusive: "?" };

export function relabel(view) {
  if (document_) write(view);
}

export function draw(view) {
  const over = view.live?.state === "ended";
  // Looking back, nothing has been judged yet.
  $("verdict").hidden = !over || view.at !== null;
  if (!over) asked = document_ = null;
  if ($("verdict").hidden) return;
  if (asked === view.scene.run) return;
  asked = view.scene.run;
  load(view);
}

async function load(view) {
  const run = asked;
  try {
    const answer = await call("GET", `/v1/runs/${run}/verdict`);
    if (asked === run) { document_ = answer; write(view); }
  } catch (error) {
    $("verdict-in").replaceChildren(make("p", { class: "problem", text: error.message }));
  }
}

function write(view) {
  const word = document_.verdict ?? view.live?.verdict ?? "INCONCLUSIVE";
  const parts = [make("p", { class: `word ${word}` }, make("b", { text: t(word) }), make("span", { text: t(`${word}_means`) }))];
  if (view.live?.unrecorded) parts.push(make("p", { class: "problem", text: t("unrecorded", view.live.unrecorded) }));
  // The reasons of a FAIL are its broken promises, which stand below with their own words.
  const clauses = (document_.clauses ?? []).toSorted((a, b) => ORDER.indexOf(lamp(a)) - ORDER.indexOf(lamp(b)));
  const told = clauses.some((clause) => lamp(clause) === "broken");
  for (const reason of told ? [] : document_.reasons ?? []) parts.push(make("p", { text: pick(reason) }));
  if (document_.clauses === undefined) parts.push(make("p", { text: t("empty_verdict") }));
  else if (!document_.clauses.length) parts.push(make("p", { text: t("no_clauses") }));
  else parts.push(make("ul", { class: "clauses" }, ...clauses.map((clause) => row(view, clause))));
  parts.splice(1, 0, make("p", { class: "report" },
    make("button", { id: "report-open", type: "button", text: t("report"), "aria-haspopup": "dialog", "aria-keyshortcuts": "R", onclick: () => report(view) }),
    make("span", { id: "report-problem", class: "problem", role: "alert" })));
  $("verdict-in").replaceChildren(...parts);
}

// The report in place; where there is none, that is said here, and not by an empty frame.
export async function report(view) {
  if (!document_ || $("verdict").hidden) return;
  const { scene } = view;
  say($("report-problem"), "");
  const trouble = await openReport(scene.run, () => pick(scene.title) || scene.scenario);
  if ($("report-problem")) say($("report-problem"), trouble);
}

// A condition that ends a run is good when it did not come true.
function lamp(clause) {
  if (clause.strength === "stop") return clause.outcome === "held" ? "broken" : "held";
  return has(clause.outcome) ? clause.outcome : "inconclusive";
}

function row(view, clause) {
  const outcome = lamp(clause);
  const said = clause.strength === "stop" ? t(outcome === "held" ? "stop_not_met" : "stop_met") : t(outcome);
  const line = make("li", { class: outcome },
    make("b", {}, make("i", { text: MARKS[outcome], "aria-hidden": "true" }), make("span", { class: "unseen", text: `${said}: ` }),
      make("span", { text: pick(clause.why) || clause.expression })),
    make("span", { text: pick(clause.reason) }), make("code", { text: clause.expression }));
  for (const witness of (clause.witnesses ?? []).slice(0, 2)) {
    line.append(make("button", {
      type: "button", class: "witness", text: `${witness.person} · ${pick(witness.story)}`,
      onclick: () => open(view.scene.run, witness.person),
    }));
  }
  return line;
}
