// The run that goes on: where it stands, and the faults that are on.

import { t, has, pick, number, clock, span, kind, network } from "../common/words.js";
import { $, say, make } from "../common/show.js";

let drawn = "";
let parts = null;

export function relabel() {
  drawn = "";
}

export function draw({ run }) {
  const now = JSON.stringify([run?.id, run?.state, run?.faults.map((fault) => fault.name)]);
  if (now !== drawn) {
    drawn = now;
    parts = run ? build(run) : null;
    $("run-in").replaceChildren(...(run ? parts.nodes : [make("p", {}, t("nothing_runs"), " ", make("a", { href: "/", text: t("to_stage") }))]));
  }
  if (!run) return;
  say(parts.time, `${clock(run.at_us)} / ${clock(run.stop_us)}`);
  say(parts.speed, run.speed === null ? t("virtual") : `x${run.speed}`);
  say(parts.counts, [t("people_n", number(run.people)), t("events_n", number(run.events)), t("reached_n", number(run.reached), number(run.notices))].join(" · "));
  parts.progress.value = Math.min(1000, (run.at_us * 1000) / Math.max(1, run.stop_us));
  run.faults.forEach((fault, at) => say(parts.left[at], fault.ends_us === null ? t("until_lifted") : t("fault_left", span(fault.ends_us - run.at_us))));
}

function build(run) {
  const [time, speed, counts] = [make("b"), make("span"), make("p", { class: "how" })];
  const progress = make("progress", { max: "1000", value: "0", "aria-label": pick(run.title) || run.scenario });
  const left = run.faults.map(() => make("span", { "aria-hidden": "true" }));
  const fault = (one, at) => make("li", {}, make("b", { text: `${one.networks.map(network).join(", ")} ${kind(one.kind)}` }),
    make("span", { text: `${one.name} · ${t(one.posted ? "by_hand" : "planned")}` }), left[at]);
  const faults = run.faults.length ? make("ul", { class: "faults" }, ...run.faults.map(fault)) : make("p", { class: "how", text: t("none_on") });
  const nodes = [make("div", {},
    make("p", { class: "now" }, make("strong", { text: pick(run.title) || run.scenario }), make("span", { class: "how", text: `${run.id} · ${run.scenario}` })),
    make("p", { class: `now ${run.state}` }, make("span", { class: "state", text: has(run.state) ? t(run.state) : run.state }), time, speed), progress, counts,
    ...(run.state === "held" ? [make("p", { class: "problem", role: "alert", text: t("held_is") })] : [])),
  make("div", {}, make("h3", { text: t("faults_on") }), faults)];
  return { nodes, time, speed, counts, progress, left };
}
