// The plots: one at a time, chosen by name; fault windows shaded and named, and a hand where the clock stands. What each
// draws is in `curves.js`, how the windows are laid out in `windows.js`.

import { t, number, span } from "../common/words.js";
import { $, say, make, colour, fitted } from "../common/show.js";
import { PLOTS, upto } from "./curves.js";
import { laid, shade } from "./windows.js";

// `left` grows with the numbers beside the axis, `top` with the lanes of fault windows.
// `right` with the names at the ends of lines.
const FRAME = { left: 46, right: 12, top: 20, bottom: 24 };
const RIGHT = 12;
// Names at the ends of lines may take so much of the plot, and stand so far from each other.
const NAMES_MAX = 0.3;
const APART = 15;
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

// While a run goes on it is drawn so often at the most: eyes follow the dots.
const EVERY_MS = 200;

let drawn = "";
let drawn_at = 0;
let chosen = "reached";
let soon = () => {};

export function begin(view, drawSoon) {
  soon = drawSoon;
}

export function relabel() {
  drawn = "";
  $("plot-kinds").replaceChildren($("plot-kinds").firstElementChild, ...Object.keys(PLOTS).map((name) => {
    const radio = make("input", { type: "radio", name: "plot-kind", value: name, id: `plot-${name}`, checked: name === chosen });
    radio.addEventListener("change", () => { chosen = name; drawn = ""; soon(); });
    return make("label", {}, radio, make("span", { text: t(`plot_${name}`) }));
  }));
}

export const restyle = () => { drawn = ""; };

export function draw(view) {
  const { scene, state, live } = view;
  const canvas = $("plot");
  $("plots").hidden = scene === null;
  if (!scene || !state) return;
  const box = canvas.getBoundingClientRect();
  const now = `${scene.run} ${chosen} ${Math.floor(state.at_us / (scene.step_us / 4))} ${view.curve.length} ${state.reached} ${state.attempts} ${state.open} ${state.faults.map((f) => f.state)} ${box.width}x${box.height} ${live.state}`;
  const again = now.split(" ", 2).join() === drawn.split(" ", 2).join() && live.state === "running" && view.at === null;
  if (now === drawn || (again && performance.now() - drawn_at < EVERY_MS)) return;
  [drawn, drawn_at] = [now, performance.now()];
  const plot = PLOTS[chosen](scene, state, upto(view));
  say($("plot-h"), t(`plot_${chosen}_is`));
  say($("plot-says"), plot.says);
  canvas.setAttribute("aria-label", `${t(`plot_${chosen}_is`)}: ${plot.says || plot.layers.map((layer) => `${layer.name} ${plot.say(layer.last)}`).join(", ") || "0"}`);
  const { pen, width, height } = fitted(canvas);
  pen.font = `${getComputedStyle(canvas).fontSize} ${getComputedStyle(canvas).fontFamily}`;
  const most = nice(Math.max(plot.most, plot.unit), plot.unit);
  FRAME.right = plot.bars || plot.stacked ? RIGHT : named(pen, plot, width);
  FRAME.left = 14 + pen.measureText(plot.say(most)).width;
  const until = Math.max(scene.stop_us, live.at_us);
  const windows = laid(pen, state, view.turnings, until, width - FRAME.left - FRAME.right);
  FRAME.top = windows.head;
  const place = {
    x: (us) => FRAME.left + ((width - FRAME.left - FRAME.right) * Math.min(us, until)) / until,
    y: (n) => height - FRAME.bottom - ((height - FRAME.top - FRAME.bottom) * Math.min(n, most)) / most,
    width, height,
  };
  pen.clearRect(0, 0, width, height);
  if (plot.bars) return bars(pen, place, plot, most);
  shade(pen, place, windows, FRAME);
  axes(pen, place, until, most, plot);
  if (plot.stacked) stack(pen, place, scene, state, plot);
  else lines(pen, place, scene, state, plot);
  clockHand(pen, place, state);
}

// The next number that reads well on an axis, and whose half can be said whole in the plot's `unit`.
export function nice(n, unit) {
  const ten = 10 ** Math.floor(Math.log10(n));
  const parts = [1, 1.2, 1.4, 1.6, 1.8, 2, 2.4, 3, 4, 5, 6, 8, 10, 12, 20].map((part) => part * ten);
  const halves = (one) => Math.abs(one / 2 / unit - Math.round(one / 2 / unit)) < 1e-6;
  return parts.find((one) => one >= n - 1e-9 && halves(one)) ?? 2 * n;
}

const ending = (plot, layer) => `${layer.name} ${plot.say(layer.last)}`;

// The room that the names of lines need right of them.
function named(pen, plot, width) {
  const widest = Math.max(0, ...plot.layers.map((layer) => pen.measureText(ending(plot, layer)).width)) + 16;
  return widest <= width * NAMES_MAX ? widest : RIGHT;
}

function axes(pen, place, until, most, plot) {
  level(pen, place, most, plot);
  const room = Math.max(2, (place.width - FRAME.left) / 90);
  const step = (TICKS.find((s) => until / 1e6 / s <= room) ?? 86400 * Math.ceil(until / 86400e6 / room)) * 1e6;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  pen.fillStyle = colour("faint");
  for (let us = step; us <= until; us += step) pen.fillText(span(us), Math.min(place.x(us), place.width - 24), place.y(0) + 6);
}

function level(pen, place, most, plot) {
  pen.strokeStyle = colour("line");
  pen.fillStyle = colour("faint");
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const part of [0, 0.5, 1]) {
    const y = Math.round(place.y(most * part)) + 0.5;
    pen.beginPath();
    pen.moveTo(FRAME.left, y);
    pen.lineTo(place.width - FRAME.right, y);
    pen.stroke();
    pen.fillText(plot.say(most * part), FRAME.left - 6, y);
  }
}

const instant = (place, scene, state) => (point) => place.x(Math.min((point + 1) * scene.step_us, state.at_us));

function stack(pen, place, scene, state, plot) {
  const at = instant(place, scene, state);
  const base = new Array(plot.layers[0]?.points.length ?? 0).fill(0);
  for (const layer of plot.layers) {
    const top = layer.points.map((n, point) => base[point] + n);
    pen.beginPath();
    pen.moveTo(place.x(0), place.y(0));
    top.forEach((n, point) => pen.lineTo(at(point), place.y(n)));
    for (let point = top.length - 1; point >= 0; point -= 1) pen.lineTo(at(point), place.y(base[point]));
    pen.closePath();
    pen.fillStyle = pen.strokeStyle = colour(layer.ink);
    pen.globalAlpha = 0.78;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.stroke();
    const end = top.length - 1;
    if (place.y(base[end]) - place.y(top[end]) > 14) beside(pen, place, at(end), place.y((top[end] + base[end]) / 2), ending(plot, layer), true);
    top.forEach((n, point) => { base[point] = n; });
  }
}

function lines(pen, place, scene, state, plot) {
  const at = instant(place, scene, state);
  const ends = [];
  for (const layer of plot.layers) {
    pen.strokeStyle = colour(layer.ink);
    pen.lineWidth = 2.2;
    pen.setLineDash(layer.dash ?? []);
    pen.beginPath();
    pen.moveTo(place.x(0), place.y(plot.steps ? layer.points[0] ?? 0 : layer.first ?? 0));
    layer.points.forEach((n, point) => {
      if (plot.steps && point > 0) pen.lineTo(at(point - 1), place.y(n));
      pen.lineTo(at(point), place.y(n));
    });
    pen.stroke();
    pen.setLineDash([]);
    if (layer.points.length) ends.push({ x: at(layer.points.length - 1), y: place.y(layer.points.at(-1)), text: ending(plot, layer) });
  }
  // When every line is there: no name is crossed by a line, and they stand in the order of the lines.
  for (const { x, y, text } of spread(ends, FRAME.top + APART / 2, place.y(0) - APART / 2)) beside(pen, place, x, y, text, false);
}

// Names from the top down, each where its line ends or as near as the others let it.
export function spread(ends, top, bottom) {
  const sorted = ends.toSorted((a, b) => a.y - b.y);
  sorted.reduce((free, end) => (end.y = Math.max(end.y, free)) + APART, top);
  sorted.reduceRight((free, end) => (end.y = Math.min(end.y, free)) - APART, bottom);
  return sorted;
}

// A name at the end of a line: right of it, or left where there is no room.
function beside(pen, place, x, y, text, filled) {
  const right = x + pen.measureText(text).width + 14 < place.width;
  pen.textAlign = right ? "left" : "right";
  pen.textBaseline = "middle";
  const from = right ? x + 8 : x - 8;
  if (!filled) {
    pen.lineWidth = 4;
    pen.strokeStyle = colour("card");
    pen.strokeText(text, from, y);
  }
  pen.fillStyle = right || !filled ? colour("ink") : colour("on-band");
  pen.fillText(text, from, y);
}

function bars(pen, place, plot, most) {
  level(pen, place, most, plot);
  const wide = (place.width - FRAME.left - FRAME.right) / plot.bars.length;
  plot.bars.forEach((bar, at) => {
    let base = 0;
    const x = FRAME.left + at * wide + 2;
    for (const [ink, count] of bar.parts) {
      pen.fillStyle = colour(ink);
      pen.fillRect(x, place.y(base + count), wide - 4, place.y(base) - place.y(base + count));
      base += count;
    }
    pen.fillStyle = colour("ink");
    pen.textAlign = "center";
    if (base > 0) {
      pen.textBaseline = "bottom";
      pen.fillText(number(base), x + wide / 2 - 2, place.y(base) - 2);
    }
    pen.fillStyle = colour("faint");
    pen.textBaseline = "top";
    if (wide > 40 || at % 2 === 0) pen.fillText(bar.name, x + wide / 2 - 2, place.y(0) + 6);
  });
}

function clockHand(pen, place, state) {
  const x = Math.round(place.x(state.at_us)) + 0.5;
  pen.strokeStyle = colour("ink");
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  pen.beginPath();
  pen.moveTo(x, place.y(0));
  pen.lineTo(x, FRAME.top);
  pen.stroke();
  pen.setLineDash([]);
}
