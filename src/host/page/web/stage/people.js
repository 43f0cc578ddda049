// People as dots on a canvas: only who changed is drawn again. Shapes while they can be seen, pixels where thousands of people
// leave no room for them. The legend tells the same in words and numbers.

import { t, number, percent } from "../common/words.js";
import { $, say, make, fitted } from "../common/show.js";
import { STATES, CUT, SHAPES_FROM, cell, colours } from "./picture.js";
import { paint } from "./pixels.js";
import { open } from "./story.js";

const CELL_MAX = 44;

let watched = null;
let grid = null;
let ink = null;
// Who draws pixels, while cells are too small for shapes.
let painted = null;
let at = 0;
let legend = null;

export function begin(view) {
  watched = view;
  const canvas = $("dots");
  canvas.addEventListener("click", (event) => choose(under(event)));
  canvas.addEventListener("pointermove", (event) => hover(under(event)));
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("keydown", keys);
  canvas.addEventListener("focus", () => pick(at));
  canvas.addEventListener("blur", () => { $("picked").hidden = true; });
}

// The number of a person. Where numbers do not begin at nought, or begin anew, the scene says so: pairs of the first person of
// a stretch and the last eight digits of their number.
export const phone = (person) => {
  const [first, from] = watched.scene.numbers.findLast(([begins]) => begins <= person);
  const digits = String(from + person - first).padStart(8, "0");
  return `010-${digits.slice(0, 4)}-${digits.slice(4)}`;
};

export function relabel() {
  legend = null;
}

export function restyle() {
  legend = null;
  ink = null;
}

// The largest squares that let everybody in; where they would be a few pixels, cells that fill the room instead.
function layout(width, height, people) {
  const ratio = window.devicePixelRatio || 1;
  const whole = (n) => Math.max(1, Math.floor(n * ratio)) / ratio;
  let size = whole(Math.min(CELL_MAX, Math.sqrt((width * height) / Math.max(1, people))));
  while (size > 1 / ratio && Math.floor(width / size) * Math.floor(height / size) < people) size = whole(size - 1 / ratio);
  if (size >= SHAPES_FROM) return { wide: size, size, columns: Math.max(1, Math.floor(width / size)), width, height, ratio };
  const columns = Math.ceil(Math.sqrt((people * width) / height));
  return { wide: width / columns, size: height / Math.ceil(people / columns), columns, width, height, ratio };
}

export function draw(view) {
  $("people").hidden = view.scene === null;
  if (!view.scene) return;
  const canvas = $("dots");
  const { width, height } = canvas.getBoundingClientRect();
  const anew = ink === null || !grid || grid.width !== width || grid.height !== height || grid.people !== view.dots.length;
  if (anew) {
    const fit = fitted(canvas);
    grid = { ...layout(fit.width, fit.height, view.dots.length), pen: fit.pen, people: view.dots.length };
    ink = colours();
    grid.pen.fillStyle = ink.ground;
    grid.pen.fillRect(0, 0, width, height);
    at = Math.min(at, Math.max(0, view.dots.length - 1));
    painted = grid.size < SHAPES_FROM ? paint(canvas, grid, ink) : null;
    if (!$("picked").hidden) mark();
  }
  const all = anew || view.changed === null;
  if (painted && all) painted.all(view.dots);
  else if (painted) painted.some(view.dots, view.changed);
  else for (const person of all ? view.dots.keys() : view.changed) dot(view, person);
  if (view.state) tell(view);
}

function dot(view, person) {
  const { wide, size, columns, pen, ratio } = grid;
  const pixel = (n) => Math.round(n * ratio) / ratio;
  const [column, row] = [person % columns, Math.floor(person / columns)];
  const [x, y] = [pixel(column * wide), pixel(row * size)];
  cell(pen, view.dots[person], x, y, pixel((row + 1) * size) - y, ink, pixel((column + 1) * wide) - x);
}

function tell({ state, dots }) {
  if (legend === null) build();
  const cut = state.open[0] < state.peak[0] ? state.peak[0] - state.open[0] : 0;
  legend.forEach((row, place) => {
    const count = place < STATES.length ? state.states[place] : cut;
    say(row.count, number(count));
    row.node.classList.toggle("nobody", count === 0);
  });
  say($("reached"), t("of_people", number(state.reached), number(state.notices), percent(state.reached, state.notices)));
  const told = STATES.map((name, place) => [t(name), state.states[place]]).filter(([, count]) => count > 0);
  const label = t("people_label", number(dots.length), told.map(([name, count]) => `${name} ${number(count)}`).join(", "));
  // A focused person is what the label is about.
  if (document.activeElement !== $("dots")) $("dots").setAttribute("aria-label", label);
  $("partial").hidden = !state.missed;
  say($("partial"), state.missed ? t("partial", number(state.missed)) : "");
}

function build() {
  legend = [...STATES, "cut"].map((name, place) => {
    const canvas = make("canvas", { width: "40", height: "40", "aria-hidden": "true" });
    const pen = canvas.getContext("2d");
    cell(pen, place < STATES.length ? place : CUT | 2, 0, 0, 40, ink);
    const count = make("b", { text: "0" });
    return { count, node: make("li", {}, canvas, make("span", { text: t(name) }), count) };
  });
  $("legend").replaceChildren(...legend.map((row) => row.node));
}

function under(event) {
  if (!grid) return null;
  const { left, top } = $("dots").getBoundingClientRect();
  const column = Math.floor((event.clientX - left) / grid.wide);
  const person = Math.floor((event.clientY - top) / grid.size) * grid.columns + column;
  return column < grid.columns && person >= 0 && person < watched.dots.length ? person : null;
}

const said = (person) => {
  const digit = watched.dots[person];
  return t(STATES[digit & ~CUT]) + (digit & CUT ? `, ${t("cut")}` : "");
};

function hover(person) {
  $("dots").title = person === null ? "" : `${phone(person)} · ${said(person)}`;
}

function choose(person) {
  if (person === null) return;
  pick(person);
  open(watched.scene.run, phone(person));
}

function pick(person) {
  at = person;
  if (!grid || !watched.dots.length) return;
  $("picked").hidden = false;
  mark();
  $("dots").setAttribute("aria-label", t("person_label", number(at + 1), phone(at), said(at)));
}

// A frame around the person that is picked, large enough to be seen.
function mark() {
  const size = Math.max(8, grid.size);
  const { style } = $("picked");
  style.width = style.height = `${size}px`;
  style.left = `${(at % grid.columns) * grid.wide + (grid.wide - size) / 2}px`;
  style.top = `${Math.floor(at / grid.columns) * grid.size + (grid.size - size) / 2}px`;
}

function keys(event) {
  if (!grid || !watched.dots.length) return;
  const last = watched.dots.length - 1;
  const steps = {
    ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - grid.columns, ArrowDown: at + grid.columns, Home: 0, End: last,
  };
  if (event.key === "Enter") {
    choose(at);
  } else if (Object.hasOwn(steps, event.key)) {
    const to = steps[event.key];
    if (to >= 0 && to <= last) pick(to);
  } else {
    return;
  }
  event.preventDefault();
}
