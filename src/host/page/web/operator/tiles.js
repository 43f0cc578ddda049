// Gauges as tiles: a name, a figure for eyes from the last row, and a small curve of what it has been.

import { t, number } from "../common/words.js";
import { $, say, make } from "../common/show.js";

const KEPT = 120;
const SVG = "http://www.w3.org/2000/svg";

const bytes = (n) => (n === null || n === undefined ? "–" : n < 1024 ** 2 ? `${number(Math.round(n / 1024))} KiB` : `${(n / 1024 ** 2).toFixed(1)} MiB`);
const tenths = (n) => (n === null || n === undefined ? "–" : n < 1000 ? (n / 10).toFixed(1) : number(Math.round(n / 10)));
const whole = (n) => (n === null || n === undefined ? "–" : number(n));
const rate = (name) => [`r_${name}`, (state) => state.rates?.[name] ?? null, tenths, () => t("r_is")];

// Where, and for each tile: its word, its figure, how it is written, what stands below.
const TILES = {
  rates: ["events", "calls", "shown", "messages", "receipts", "handshakes"].map(rate),
  process: [
    ["memory", (state) => state.memory_bytes, bytes, () => ""],
    ["descriptors", (state) => state.descriptors, whole, (state) => (state.descriptors_max ? t("of_most", "", number(state.descriptors_max)) : "")],
    ["journal", (state) => state.journal_bytes, (n) => (n === null ? t("no_journal") : bytes(n)), (state) => (state.durable ? "" : t("no_journal_is"))],
    ["runs_kept", (state) => state.runs.going + state.runs.ended, whole, (state) => t("runs_kept_is", state.runs.going, state.runs.ended)],
    ["streams", (state) => state.streams, whole, () => ""],
  ],
  queues: [
    ["waiting", (state) => state.run?.waiting ?? 0, whole, () => t("waiting_is")],
    ["queued", (state) => state.sockets.queued, whole, (state) => t("deepest", number(state.sockets.deepest))],
    ["mailboxes", (state) => state.sockets.mailbox_bytes, bytes, () => t("mailboxes_is")],
    ["lost", (state) => state.run?.lost ?? 0, whole, () => t("lost_is")],
    ["rejected", (state) => state.run?.rejected ?? 0, whole, () => t("lost_is")],
  ],
};

let made = null;

export function relabel() {
  made = null;
}

export function draw(state) {
  made ??= Object.entries(TILES).flatMap(([place, rows]) => {
    const own = rows.map(tile);
    $(place).replaceChildren(...own.map((one) => one.node));
    return own;
  });
  made.forEach((one) => one.update(state));
}

const history = new Map();

function tile([name, figure, write, below]) {
  const value = make("b");
  const note = make("small");
  const line = document.createElementNS(SVG, "polyline");
  const curve = document.createElementNS(SVG, "svg");
  curve.setAttribute("viewBox", `0 0 ${KEPT} 24`);
  curve.setAttribute("preserveAspectRatio", "none");
  curve.setAttribute("aria-hidden", "true");
  curve.append(line);
  const past = history.get(name) ?? [];
  history.set(name, past);
  return {
    node: make("li", { id: `tile-${name}` }, make("span", { text: t(name) }), value, note, curve),
    update(state) {
      const now = figure(state);
      say(value, write(now));
      say(note, below(state));
      past.push(now ?? 0);
      if (past.length > KEPT) past.shift();
      const most = Math.max(1, ...past);
      line.setAttribute("points", past.map((one, at) => `${KEPT - past.length + at},${(23 - (one * 22) / most).toFixed(1)}`).join(" "));
    },
  };
}
