// The panel of outages: a dialog with one fault of any kind, or a pack of what really happened.

import { $, say } from "../common/show.js";
import { call } from "../common/link.js";
import * as form from "./form.js";
import * as packs from "./packs.js";

const TABS = [["one", form], ["packs", packs]];
const NAMES_TRIED = 1000;

let watched = null;
let shown = "one";
let sending = false;

export function begin(view) {
  watched = view;
  $("panel-close").addEventListener("click", close);
  for (const [name] of TABS) $(`tab-${name}`).addEventListener("click", () => show(name));
  $("panel").querySelector(".tabs").addEventListener("keydown", arrows);
  form.begin({ freeName: () => freeName(watched), post: (fault) => send("/v1/faults", fault), state: () => watched.state });
  packs.begin({ post: (pack) => send("/v1/outages", pack) });
}

// A name that no fault of the run has.
export function freeName(view) {
  const taken = new Set(view.state?.faults.map((row) => row.name));
  let place = 1;
  while (taken.has(`hand-${place}`) && place < NAMES_TRIED) place += 1;
  return `hand-${place}`;
}

export async function open() {
  show(shown);
  if (!$("panel").open) $("panel").showModal();
  await Promise.all(TABS.map(([, tab]) => tab.load().catch((error) => say($("panel-problem"), error.message))));
}

export function close() {
  if ($("panel").open) $("panel").close();
}

export function relabel() {
  for (const [, tab] of TABS) tab.relabel();
}

function show(name) {
  shown = name;
  say($("panel-problem"), "");
  for (const [tab] of TABS) {
    const mine = tab === name;
    $(tab).hidden = !mine;
    $(`tab-${tab}`).setAttribute("aria-selected", String(mine));
    $(`tab-${tab}`).tabIndex = mine ? 0 : -1;
  }
}

function arrows(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const other = TABS.map(([name]) => name).find((name) => name !== shown);
  show(other);
  $(`tab-${other}`).focus();
}

// Posts, and lets the stage be seen; what is wrong stays beside the form.
async function send(path, body) {
  if (sending) return;
  sending = true;
  say($("panel-problem"), "");
  try {
    await call("POST", path, body);
    form.sent();
    close();
  } catch (error) {
    say($("panel-problem"), error.message);
    $("panel").scrollTop = 0;
  }
  sending = false;
}
