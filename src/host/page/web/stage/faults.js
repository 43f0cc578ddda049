// Faults: one large button, a panel for others, and what is on. A fault from here is the same event as a scenario's line.

import { t, kind, network, number, span } from "../common/words.js";
import { $, say, make, options } from "../common/show.js";
import { call } from "../common/link.js";

// What each kind needs besides network and length, chosen so that a class can see it.
const KINDS = {
  down: {}, silence: {}, refuse: { code: 3006, share: "80%" }, latency: { add: "20s" }, loss: { share: "30%" },
  duplicate: {}, throttle: { rate: "1/s" }, freeze: {}, lie: { as: "delivered" }, sever: {}, login: {},
  creep: { code: 3006, share: "80%", rises: "1m" }, sender_down: {},
};
const NETWORKS = ["kakao", "mobile", "mail", "app", "post", "cell", "pay"];
const LENGTHS = [10, 30, 60, 300, 600, 3600];
const NAMES_TRIED = 50;

let watched = null;

export function begin(view) {
  watched = view;
  $("big").addEventListener("click", outage);
  $("lift-all").addEventListener("click", liftAll);
  $("kind").addEventListener("change", explain);
  $("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const length = $("duration").value === "lifted" ? { until: "lifted" } : { for: `${$("duration").value}s` };
    post({ kind: $("kind").value, network: $("network").value, ...KINDS[$("kind").value], ...length });
  });
}

const going = () => watched?.state && watched.state.state !== "ended";

export function outage() {
  if (going()) post({ kind: "down", network: "kakao", for: "30s" });
}

export function liftAll() {
  if (going()) attempt(() => call("DELETE", "/v1/faults"));
}

async function post(fault) {
  const taken = new Set(watched.state?.faults.map((row) => row.name));
  let place = 1;
  while (taken.has(`hand-${place}`) && place < NAMES_TRIED * 20) place += 1;
  await attempt(() => call("POST", "/v1/faults", { fault: `hand-${place}`, ...fault }));
}

async function attempt(act) {
  say($("fault-problem"), "");
  try {
    await act();
  } catch (error) {
    say($("fault-problem"), error.message);
  }
}

export function relabel(view) {
  options($("kind"), Object.keys(KINDS).map((name) => [name, kind(name)]));
  const known = view.scene ? view.scene.networks.map(([, name]) => name) : NETWORKS;
  options($("network"), (known.length ? known : NETWORKS).map((name) => [name, network(name)]));
  options($("duration"), [...LENGTHS.map((s) => [String(s), span(s * 1e6)]), ["lifted", t("until_lifted")]]);
  explain();
  shown = "";
}

function explain() {
  say($("kind-is"), t(`w_${$("kind").value}`));
}

let shown = "";
let rows = [];
let scene = null;

export function draw(view) {
  if (scene !== view.scene) {
    scene = view.scene;
    relabel(view);
    say($("fault-problem"), "");
  }
  const on = going() ? view.state.faults.filter((fault) => fault.state === "on") : [];
  $("outage").classList.toggle("hurt", on.length > 0);
  document.documentElement.classList.toggle("in-outage", on.length > 0);
  $("big").disabled = !going();
  $("lift-all").hidden = on.length < 2;
  const names = on.map((fault) => fault.name).join("\n") + (going() ? "" : "-");
  if (shown !== names) {
    shown = names;
    rows = on.map(row);
    $("on").replaceChildren(...(rows.length ? rows.map((one) => one.node) : [make("p", { text: t("none_on") })]));
  }
  rows.forEach((one, at) => one.update(on[at], view.state.at_us));
}

function row(fault) {
  const networks = fault.networks.map(network).join(", ");
  // Spoken once when the fault begins; the seconds are for eyes.
  const left = make("span", { class: "left", "aria-hidden": "true" });
  const hits = make("span", { class: "hits", "aria-hidden": "true" });
  const path = `/v1/faults/${encodeURIComponent(fault.name)}`;
  const lift = make("button", {
    type: "button", text: t("lift"), "aria-label": `${t("lift")}: ${fault.name}`,
    onclick: () => attempt(() => call("DELETE", path)),
  });
  const node = make("div", { class: "fault" },
    make("p", {}, make("b", { text: `${networks} ${kind(fault.kind)}` }), make("small", { text: fault.name })),
    make("p", {}, left, hits), lift);
  return {
    node,
    update(now, at) {
      say(left, now.ends_us === null ? t("until_lifted") : t("left", span(now.ends_us - at)));
      say(hits, t("hits", number(now.hits)));
    },
  };
}
