// Outages that really happened, by date, each with its story: played into the run that goes on, as fast as one wants.

import { t, pick, kind, network, span } from "../common/words.js";
import { $, make } from "../common/show.js";
import { call } from "../common/link.js";
import { short } from "./sources.js";

const SPEEDS = [1, 10, 60, 600, 3600];

let asked = null;
let listed = null;

export function begin(hands) {
  asked = hands;
}

export async function load() {
  listed ??= (await call("GET", "/v1/outages")).outages;
  build();
}

export function relabel() {
  if (listed) build();
}

// The day on which it happened, where it happened.
function day(pack) {
  if (pack.began_unix_s === null) return t("no_date");
  return new Date((pack.began_unix_s + pack.offset_s) * 1000).toISOString().slice(0, 16).replace("T", " ");
}

// Long outages in days.
function long(us) {
  const hours = Math.round(us / 3600e6);
  return hours < 72 ? span(us) : [t("days", Math.floor(hours / 24)), hours % 24 ? span((hours % 24) * 3600e6) : ""].filter(Boolean).join(" ");
}

function build() {
  $("packs").replaceChildren(...listed.map(card));
}

function card(pack) {
  const length = make("output", {});
  const speed = make("select", { onchange: tell }, ...SPEEDS.map((x) => make("option", { value: String(x), text: x === 1 ? t("as_it_was") : `x${x}` })));
  // Days go by in minutes, unless somebody wants them whole.
  speed.value = String(pack.lasts_us > 24 * 3600e6 ? 3600 : pack.lasts_us > 3600e6 ? 60 : 1);
  function tell() {
    length.textContent = speed.value === "1" ? long(pack.lasts_us) : t("lasts", long(pack.lasts_us), long(pack.lasts_us / Number(speed.value)));
  }
  tell();
  const what = [...new Set(pack.faults.map((one) => `${one.networks.length > 3 ? t("everywhere") : one.networks.map(network).join(", ")} · ${kind(one.kind)}`))].map((text) => make("li", { text }));
  const title = make("h3", { id: `pack-${pack.name}`, text: pick(pack.title) });
  return make("article", { class: "pack", "aria-labelledby": title.id },
    make("p", { class: "day" }, make("time", { text: day(pack) }), length), title, make("p", { text: pick(pack.story) }),
    make("ul", { class: "what" }, ...what), make("p", { class: "sources", text: t("sources", pack.sources.map(short).join("; ")) }),
    make("p", { class: "acts" }, make("label", {}, make("span", { text: t("speed") }), speed),
      make("button", { type: "button", class: "danger", text: t("begin_pack"), "data-pack": pack.name, "aria-describedby": title.id, onclick: () => asked.post({ outage: pack.name, speed: `x${speed.value}` }) })));
}
