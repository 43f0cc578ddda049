// Reached over time: a band a medium, one upon the other, with fault windows shaded and named.

import { t, medium, number, span } from "../common/words.js";
import { $, colour, fitted } from "../common/show.js";

// `left` grows with the numbers beside the axis.
const FRAME = { left: 46, right: 12, top: 20, bottom: 24 };
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
const BANDS = {
  alimtalk: "talk", brand: "talk", certified: "talk", chat: "talk", sms: "text", lms: "text",
  email: "other", letter: "other", registered: "other", broadcast: "other", call: "other", push: "other",
};

let drawn = "";

export const relabel = () => { drawn = ""; };
export const restyle = relabel;

export function draw({ scene, state, curve, turnings }) {
  const canvas = $("plot");
  canvas.parentElement.hidden = scene === null;
  if (!scene || !state) return;
  const box = canvas.getBoundingClientRect();
  const now = `${scene.run} ${Math.floor(state.at_us / 250000)} ${state.reached} ${state.faults.map((f) => f.state)} ${box.width}x${box.height}`;
  if (now === drawn) return;
  drawn = now;
  const { pen, width, height } = fitted(canvas);
  const until = Math.max(scene.stop_us, state.at_us);
  const most = Math.max(1, scene.people, state.notices);
  pen.font = `${getComputedStyle(canvas).fontSize} ${getComputedStyle(canvas).fontFamily}`;
  FRAME.left = 14 + pen.measureText(number(most)).width;
  const place = {
    x: (us) => FRAME.left + ((width - FRAME.left - FRAME.right) * us) / until,
    y: (n) => height - FRAME.bottom - ((height - FRAME.top - FRAME.bottom) * n) / most,
    width, height,
  };
  pen.clearRect(0, 0, width, height);
  shade(pen, place, state, turnings, until);
  axes(pen, place, until, most);
  bands(pen, place, scene, state, curve);
  clockHand(pen, place, state);
  label(canvas, scene, curve);
}

function shade(pen, place, state, turnings, until) {
  const top = place.y(0) - (place.height - FRAME.top - FRAME.bottom);
  for (const fault of state.faults) {
    const end = ending(fault, state, turnings, until);
    const [from, to] = [place.x(fault.begins_us), place.x(Math.min(end, until))];
    pen.globalAlpha = fault.state === "waiting" ? 0.45 : 1;
    pen.fillStyle = colour("shade");
    pen.fillRect(from, top, Math.max(2, to - from), place.y(0) - top);
    pen.globalAlpha = 1;
    pen.fillStyle = colour("alarm");
    pen.fillRect(from, top, Math.max(2, to - from), 3);
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    pen.fillText(fault.name.slice(0, 24), Math.max(FRAME.left, from), top - 2);
  }
}

// One that was lifted has ended before its time; one without an end grows with the clock.
function ending(fault, state, turnings, until) {
  const ended = turnings.find((one) => one.what === "ended" && one.fault === fault.name);
  if (ended) return ended.at_us;
  return fault.ends_us ?? (fault.state === "waiting" ? until : state.at_us);
}

function axes(pen, place, until, most) {
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
    pen.fillText(number(Math.round(most * part)), FRAME.left - 6, y);
  }
  const room = Math.max(2, (place.width - FRAME.left) / 90);
  const step = (TICKS.find((s) => until / 1e6 / s <= room) ?? 86400 * Math.ceil(until / 86400e6 / room)) * 1e6;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (let us = step; us <= until; us += step) pen.fillText(span(us), Math.min(place.x(us), place.width - 24), place.y(0) + 6);
}

function bands(pen, place, scene, state, curve) {
  const base = new Array(curve.length).fill(0);
  const inks = { talk: colour("dot-talk"), text: colour("dot-text"), other: colour("dot-other") };
  const at = (point) => place.x(Math.min((point + 1) * scene.step_us, state.at_us));
  for (const [index, name] of scene.media) {
    const top = curve.map((row, point) => base[point] + row[index]);
    if ((curve.at(-1)?.[index] ?? 0) === 0) continue;
    pen.beginPath();
    pen.moveTo(place.x(0), place.y(0));
    top.forEach((n, point) => pen.lineTo(at(point), place.y(n)));
    for (let point = top.length - 1; point >= 0; point -= 1) pen.lineTo(at(point), place.y(base[point]));
    pen.closePath();
    pen.fillStyle = pen.strokeStyle = inks[BANDS[name]];
    pen.globalAlpha = 0.78;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.stroke();
    const last = top.length - 1;
    if (place.y(base[last]) - place.y(top[last]) > 14) {
      const x = at(last);
      const right = x < place.width - 150;
      pen.textAlign = right ? "left" : "right";
      pen.textBaseline = "middle";
      pen.fillStyle = right ? colour("ink") : colour("on-band");
      pen.fillText(`${medium(name)} ${number(top[last] - base[last])}`, right ? x + 8 : x - 8, place.y((top[last] + base[last]) / 2));
    }
    top.forEach((n, point) => { base[point] = n; });
  }
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

function label(canvas, scene, curve) {
  const last = curve.at(-1) ?? [];
  const told = scene.media.filter(([index]) => last[index] > 0).map(([index, name]) => `${medium(name)} ${number(last[index])}`);
  canvas.setAttribute("aria-label", t("plot_label", told.join(", ") || "0"));
}
