// Windows of faults over a plot: shaded, each with a bar of its own in a lane, so that faults that overlap do not lie upon each
// other. Names stand over their bars while a few lanes are enough; where they are not, numbers do, in the order in which the
// faults begin, and a list below the plot says which is which.

import { t, clock } from "../common/words.js";
import { $, make, colour } from "../common/show.js";

// More lanes than these would leave the plot itself no room.
const NAMED_LANES_MAX = 3;
const BAR_LANES_MAX = 8;
const BAR = 3;
const NAME_CHARS_MAX = 24;

let listed = "";

// Where everything stands: `head` is the room above the plot that it takes. `wide` is the plot's own width.
export function laid(pen, state, turnings, until, wide) {
  const line = Math.ceil(parseFloat(pen.font)) + 3;
  const x = (us) => (wide * Math.min(us, until)) / until;
  const rows = state.faults.toSorted((a, b) => a.begins_us - b.begins_us).map((fault, at) => {
    const end = ending(fault, state, turnings, until);
    const [from, to] = [x(fault.begins_us), x(end)];
    const name = fault.name.length > NAME_CHARS_MAX ? `${fault.name.slice(0, NAME_CHARS_MAX - 1)}…` : fault.name;
    return { fault, end, name, from, to: Math.max(from + 2, to), number: String(at + 1) };
  });
  const named = lanes(rows, (row) => {
    const at = Math.max(0, Math.min(row.from, wide - pen.measureText(row.name).width));
    return { label: at, from: Math.min(at, row.from), to: Math.max(row.to, at + pen.measureText(row.name).width) + 10 };
  });
  const numbered = named.count > NAMED_LANES_MAX;
  list(rows, numbered);
  if (!numbered) return { ...named, numbered, line, lane: line + BAR, head: Math.max(20, named.count * (line + BAR) + 8) };
  return { ...byNumber(pen, rows, wide), numbered, line };
}

// Each in the first lane in which nothing is in its way.
function lanes(rows, extent) {
  const free = [];
  const placed = rows.map((row) => {
    const { label, from, to } = extent(row);
    const found = free.findIndex((end) => end <= from);
    const lane = found < 0 ? free.length : found;
    free[lane] = to;
    return { ...row, label, lane };
  });
  return { rows: placed, count: free.length };
}

// Numbers in a line above thin bars, each where its fault begins. Those that would lie upon each other stand there together:
// they follow each other, so that the first and the last say it.
function byNumber(pen, rows, wide) {
  const line = Math.ceil(parseFloat(pen.font)) + 3;
  const bars = lanes(rows, (row) => ({ label: 0, from: row.from, to: row.to + 2 }));
  const count = Math.min(BAR_LANES_MAX, bars.count);
  const placed = bars.rows.map((row) => ({ ...row, lane: Math.min(row.lane, BAR_LANES_MAX - 1) }));
  return { rows: placed, count, marks: marks(pen, rows, wide), lane: BAR + 1, head: line + count * (BAR + 1) + 8 };
}

function marks(pen, rows, wide) {
  const mark = (first, last, from) => {
    const text = first === last ? first : `${first}–${last}`;
    const own = pen.measureText(text).width + 6;
    const at = Math.max(0, Math.min(from, wide - own));
    return { first, last, from, text, at, end: at + own };
  };
  const made = [];
  for (const row of rows) {
    made.push(mark(row.number, row.number, row.from));
    while (made.length > 1 && made.at(-1).at < made.at(-2).end) {
      const [before, after] = made.splice(-2);
      made.push(mark(before.first, after.last, before.from));
    }
  }
  return made;
}

// One that was lifted has ended before its time; one without an end grows with the clock.
function ending(fault, state, turnings, until) {
  const ended = turnings.find((one) => one.what === "ended" && one.fault === fault.name && one.at_us <= state.at_us);
  if (ended) return ended.at_us;
  return fault.ends_us ?? (fault.state === "waiting" ? until : state.at_us);
}

// Shades, bars, and names or numbers, above a plot that begins at `windows.head`.
export function shade(pen, place, windows, frame) {
  const base = place.y(0);
  for (const row of windows.rows) {
    pen.globalAlpha = row.fault.state === "waiting" ? 0.45 : 1;
    pen.fillStyle = colour("shade");
    pen.fillRect(frame.left + row.from, windows.head, row.to - row.from, base - windows.head);
  }
  pen.textAlign = "left";
  pen.textBaseline = "top";
  for (const row of windows.rows) {
    const top = windows.numbered ? windows.line + row.lane * windows.lane : row.lane * windows.lane + windows.line;
    pen.globalAlpha = row.fault.state === "waiting" ? 0.55 : 1;
    pen.fillStyle = colour("alarm");
    pen.fillRect(frame.left + row.from, top, row.to - row.from, BAR);
    pen.globalAlpha = 1;
    if (!windows.numbered) pen.fillText(row.name, frame.left + row.label, top - windows.line + 1);
  }
  for (const mark of windows.marks ?? []) pen.fillText(mark.text, frame.left + mark.at, 1);
}

// The same in words: seen where the plot has only numbers, always heard.
function list(rows, seen) {
  const node = $("plot-faults");
  const now = `${seen} ${t("until_lifted")} ${rows.map((row) => `${row.number}${row.fault.name}${row.fault.begins_us}${row.fault.state === "on" ? "" : row.end}`)}`;
  if (now === listed) return;
  listed = now;
  node.className = seen ? "" : "unseen";
  node.hidden = rows.length === 0;
  node.replaceChildren(...rows.map(({ fault, end, number }) => {
    const open = fault.state !== "over" && fault.ends_us === null;
    return make("li", { class: fault.state }, make("b", { text: number }), " ", fault.name, make("small", { text: `${clock(fault.begins_us)} – ${open ? t("until_lifted") : clock(end)}` }));
  }));
}
