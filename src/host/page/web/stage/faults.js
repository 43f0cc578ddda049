// Faults: one large button, what is on and what is coming, and the way to the panel with all the others. A fault from here is
// the same event as a scenario's line, and can be saved as one.

import { t, kind, network, number, span } from "../common/words.js";
import { $, say, make } from "../common/show.js";
import { call } from "../common/link.js";
import * as panel from "./panel.js";

let watched = null;
// One order at a time, and none before the last one is to be seen: whoever presses twice wants one.
let asking = false;
let posted = null;

export function begin(view) {
  watched = view;
  $("big").addEventListener("click", (event) => { if (event.detail < 2) outage(); });
  $("lift-all").addEventListener("click", liftAll);
  $("panel-open").addEventListener("click", openPanel);
  panel.begin(view);
}

const going = () => watched?.state && watched.state.state !== "ended";

export function outage() {
  const fault = panel.freeName(watched);
  if (!going() || posted === fault) return;
  attempt(async () => {
    await call("POST", "/v1/faults", { fault, kind: "down", network: "kakao", for: "30s" });
    posted = fault;
  });
}

const OVER = "/problems/unknown-fault";
const lifted = (name) => call("DELETE", `/v1/faults/${name.split("/").map(encodeURIComponent).join("/")}`);

// What somebody posted for later is called off first, so that nothing begins behind the hand that lifts.
export function liftAll() {
  if (!going()) return;
  const later = watched.state.faults.filter((fault) => fault.posted && fault.state === "waiting");
  attempt(async () => {
    // One that is over meanwhile is no reason to leave the others.
    for (const { name } of later) await lifted(name).catch((error) => { if (error.kind !== OVER) throw error; });
    await call("DELETE", "/v1/faults");
  });
}

export function openPanel() {
  if (going()) panel.open();
}

async function attempt(act) {
  if (asking) return;
  asking = true;
  say($("fault-problem"), "");
  try {
    await act();
  } catch (error) {
    say($("fault-problem"), error.message);
  }
  asking = false;
}

export function relabel(view) {
  shown = coming = null;
  panel.relabel(view);
}

let shown = null;
let coming = null;
let rows = [];
let soon = [];
let scene = null;

export function draw(view) {
  if (scene !== view.scene) {
    scene = view.scene;
    relabel(view);
    posted = null;
  }
  // What stood in the way of a run that is over says nothing any more.
  if (!going()) say($("fault-problem"), "");
  const of = (state) => (going() ? view.state.faults.filter((fault) => fault.state === state) : []);
  const on = of("on");
  $("outage").classList.toggle("hurt", on.length > 0);
  document.documentElement.classList.toggle("in-outage", on.length > 0);
  $("big").disabled = $("panel-open").disabled = !going();
  // The scenario's own are a surprise; those that somebody posted are not.
  const later = of("waiting").filter((fault) => fault.posted);
  $("lift-all").hidden = on.length + later.length < 2;
  say($("lift-all"), t(later.length ? "lift_all_too" : "lift_all"));
  $("save").hidden = scene === null;
  if (scene !== null) $("save").href = `/v1/runs/${scene.run}/as-played`;
  if (!going()) panel.close();
  const names = on.map((fault) => fault.name).join("\n") + (going() ? "" : "-");
  if (shown !== names) {
    shown = names;
    rows = on.map(row);
    $("on").replaceChildren(...(rows.length ? rows.map((one) => one.node) : [make("p", { text: t("none_on") })]));
  }
  rows.forEach((one, at) => one.update(on[at], view.state.at_us));
  wait(later, view.state?.at_us ?? 0);
}

function row(fault) {
  const networks = fault.networks.map(network).join(", ");
  // Spoken once when the fault begins; the seconds are for eyes.
  const left = make("span", { class: "left", "aria-hidden": "true" });
  const hits = make("span", { class: "hits", "aria-hidden": "true" });
  const bar = make("progress", { max: "1000", value: "1000", "aria-hidden": "true" });
  const node = make("div", { class: "fault" },
    make("p", {}, make("b", { text: `${networks} ${kind(fault.kind)}` }), make("small", { text: fault.name })),
    make("p", {}, left, hits), lift(fault.name), bar);
  return {
    node,
    update(now, at) {
      say(left, now.ends_us === null ? t("until_lifted") : t("left", span(now.ends_us - at)));
      say(hits, t("hits", number(now.hits)));
      bar.hidden = now.ends_us === null;
      if (now.ends_us !== null) bar.value = Math.max(0, Math.min(1000, ((now.ends_us - at) * 1000) / Math.max(1, now.ends_us - now.begins_us)));
    },
  };
}

function lift(name) {
  return make("button", {
    type: "button", text: t("lift"), "aria-label": `${t("lift")}: ${name}`,
    onclick: () => attempt(() => lifted(name)),
  });
}

// Faults of a pack whose hour has not come.
function wait(waiting, at) {
  const names = waiting.map((fault) => fault.name).join("\n");
  if (coming !== names) {
    coming = names;
    soon = waiting.map((fault) => {
      const when = make("span", { "aria-hidden": "true" });
      const what = `${fault.networks.map(network).join(", ")} ${kind(fault.kind)}`;
      return { when, node: make("li", {}, make("span", {}, make("b", { text: what }), " ", make("small", { text: fault.name })), when, lift(fault.name)) };
    });
    $("coming").replaceChildren(...soon.map((one) => one.node));
    $("coming").hidden = !soon.length;
  }
  soon.forEach((one, place) => say(one.when, t("begins_in", span(waiting[place].begins_us - at))));
}
