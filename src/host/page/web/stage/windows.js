// Windows of faults over a plot: shaded, each with a bar of its own in a lane, so that faults that overlap do not lie upon each
// other. Names stand over their bars while a few lanes are enough; where they are not, numbers do, and a list below the plot
// says which is which.

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
  const rows = state.faults.map((fault, at) => {
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

// Numbers in lines above thin bars. A number gives way to the one before it, to the right; a line that is full begins another.
function byNumber(pen, rows, wide) {
  const line = Math.ceil(parseFloat(pen.font)) + 3;
  const bars = lanes(rows, (row) => ({ label: 0, from: row.from, to: row.to + 2 }));
  const inOrder = bars.rows.toSorted((a, b) => a.from - b.from);
  let [top, free] = [0, 0];
  const marks = new Map();
  for (const row of inOrder) {
    const own = pen.measureText(row.number).width + 6;
    if (free > 0 && Math.max(free, row.from) + own > wide) [top, free] = [top + 1, 0];
    const at = Math.min(Math.max(free, row.from), wide - own);
    marks.set(row.number, [at, top]);
    free = at + own;
  }
  const count = Math.min(BAR_LANES_MAX, bars.count);
  const placed = bars.rows.map((row) => ({ ...row, lane: Math.min(row.lane, BAR_LANES_MAX - 1), label: marks.get(row.number)[0], top: marks.get(row.number)[1] }));
  const height = (top + 1) * line;
  return { rows: placed, count, lane: BAR + 1, marks: height, head: height + count * (BAR + 1) + 8 };
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
    const top = windows.numbered ? windows.marks + row.lane * windows.lane : row.lane * windows.lane + windows.line;
    pen.globalAlpha = row.fault.state === "waiting" ? 0.55 : 1;
    pen.fillStyle = colour("alarm");
    pen.fillRect(frame.left + row.from, top, row.to - row.from, BAR);
    pen.globalAlpha = 1;
    if (windows.numbered) pen.fillText(row.number, frame.left + row.label, row.top * windows.line + 1);
    else pen.fillText(row.name, frame.left + row.label, top - windows.line + 1);
  }
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
