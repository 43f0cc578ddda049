// States of a person as shapes: colour and form say the same, so that either alone is enough.

import { colour } from "../common/show.js";

// In the order of the server's numbers.
export const STATES = ["idle", "waiting", "talk", "text", "other", "twice", "missed"];
export const CUT = 8;

export const colours = () => ({
  shapes: STATES.map((name) => colour(`dot-${name}`)),
  cut: colour("dot-cut"),
  cutMark: colour("dot-cut-mark"),
  ground: colour("ground"),
});

// People as the server sends them: a hexadecimal digit each.
export function digits(text) {
  const dots = new Uint8Array(text.length);
  for (let person = 0; person < text.length; person += 1) {
    const code = text.charCodeAt(person);
    dots[person] = code < 58 ? code - 48 : code - 87;
  }
  return dots;
}

// Below this cell size a shape cannot be seen: colour and the legend's numbers must do.
export const SHAPES_FROM = 6;

// One person in a cell.
export function cell(pen, digit, x, y, size, ink, wide = size) {
  const state = digit & ~CUT;
  pen.fillStyle = digit & CUT ? ink.cut : ink.ground;
  pen.fillRect(x, y, wide, size);
  if (digit & CUT) {
    // A struck corner: cut is not told by colour alone.
    pen.strokeStyle = ink.cutMark;
    pen.lineWidth = Math.max(1, size * 0.08);
    pen.beginPath();
    pen.moveTo(x + size * 0.04, y + size * 0.3);
    pen.lineTo(x + size * 0.3, y + size * 0.04);
    pen.stroke();
  }
  shape(pen, state, x + size / 2, y + size / 2, size * 0.34, ink.shapes[state] ?? ink.shapes[0]);
}

function shape(pen, state, x, y, r, ink) {
  pen.fillStyle = pen.strokeStyle = ink;
  pen.lineWidth = Math.max(1.2, r * 0.36);
  pen.beginPath();
  switch (STATES[state]) {
    case "waiting":
      pen.arc(x, y, r * 0.86, 0, 7);
      return pen.stroke();
    case "talk":
      pen.arc(x, y, r, 0, 7);
      return pen.fill();
    case "text":
      return pen.fillRect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
    case "other":
      pen.moveTo(x, y - r * 1.1);
      pen.lineTo(x + r * 1.1, y + r * 0.85);
      pen.lineTo(x - r * 1.1, y + r * 0.85);
      return pen.fill();
    case "twice":
      pen.moveTo(x, y - r * 1.3);
      pen.lineTo(x + r * 1.3, y);
      pen.lineTo(x, y + r * 1.3);
      pen.lineTo(x - r * 1.3, y);
      return pen.fill();
    case "missed":
      pen.moveTo(x - r, y - r);
      pen.lineTo(x + r, y + r);
      pen.moveTo(x + r, y - r);
      pen.lineTo(x - r, y + r);
      return pen.stroke();
    default:
      pen.arc(x, y, r * 0.3, 0, 7);
      return pen.fill();
  }
}
