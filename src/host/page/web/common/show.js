// Small hands for the document. Text goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);

// Sets a text only when it differs: screen readers speak again whatever is set again.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function make(tag, about = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

// A text whose masked names (조○선) stay whole: a browser would begin a line at the circle, whatever it does between letters.
export const whole = (text) => text.split(/(\p{L}*○\p{L}*)/u).map((part, at) => (at % 2 ? make("span", { class: "whole", text: part }) : part));

// Fills a select, keeping what was chosen where it is still there.
export function options(select, rows) {
  // An empty one says "" too, which is no choice of a row that is called so.
  const chosen = select.options.length ? select.value : null;
  select.replaceChildren(...rows.map(([value, text]) => make("option", { value, text })));
  if (rows.some(([value]) => value === chosen)) select.value = chosen;
}

// Colours are the style sheet's: a canvas asks for them by name, and asks again when the theme changes.
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// A canvas as large as its place, in the device's own pixels; the context draws in CSS pixels.
export function fitted(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const { width, height } = canvas.getBoundingClientRect();
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { pen, width, height };
}
