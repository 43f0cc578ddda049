// What every page has around its own: the way to the other pages, the language, the projector's look, and keys.

import * as words from "./words.js";
import { t } from "./words.js";
import { $, say, make } from "./show.js";

// The pages, in the order in which the way to them is shown: its name, which is also its word, and its address.
const VIEWS = [["stage", "/"], ["class", "/class"], ["runs", "/runs"], ["operator", "/operator"]];

// The language is known before any part of a page says a word.
words.begin();

let page = { view: "", relabel() {}, restyle() {}, keys: {} };
let about = "";

function relabel() {
  document.querySelectorAll("[data-t]").forEach((node) => say(node, t(node.dataset.t)));
  say($("language"), words.language() === "ko" ? "English" : "한국어");
  $("language").lang = words.language() === "ko" ? "en" : "ko";
  say($("projector"), t("projector"));
  ways();
  page.relabel();
  title(about);
}

// The way to the other pages; one page alone needs none.
function ways() {
  const way = ([name, path]) => make("a", { href: path, text: t(`nav_${name}`), "aria-current": name === page.view && "page" });
  $("nav").setAttribute("aria-label", t("nav"));
  $("nav").hidden = VIEWS.length < 2;
  $("nav").replaceChildren(...VIEWS.map(way));
}

// What the browser's tab says.
export function title(text) {
  about = text;
  document.title = `${t("brand")}${text ? ` · ${text}` : ""}`;
}

function project() {
  const on = document.documentElement.classList.toggle("projector");
  $("projector").setAttribute("aria-pressed", String(on));
  page.restyle();
}

// Where nothing is typed: a slider, a box, a dot.
const NOT_TYPED = ["range", "radio", "checkbox", "button", "submit"];

// Whether a key means something where the focus is. Letters do where one types, and in a list that has a row beginning so;
// a space also where it presses or opens something, but not where the slider stands or on what is chosen already.
function means(node, key) {
  if (node.isContentEditable || node.matches("textarea")) return true;
  if (node.matches("select")) return key === " " || [...node.options].some((row) => row.text.trim().toLowerCase().startsWith(key));
  if (node.matches("input")) return !NOT_TYPED.includes(node.type) || (key === " " && node.type !== "range" && !(node.type === "radio" && node.checked));
  return key === " " && node.closest("button, summary, a") !== null;
}

function key(event) {
  const pressed = event.key.toLowerCase();
  const act = { p: project, ...page.keys }[pressed];
  // Behind a dialogue nothing is ordered.
  if (document.querySelector("dialog[open]") && act !== project) return;
  if (!act || means(event.target, pressed) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  event.preventDefault();
  act();
}

// Begins a page: `view` is its name in `VIEWS`; `relabel` follows a change of language, `restyle` one of the look;
// `keys` are its own. The page's document has #nav, #language and #projector.
export function begin(mine) {
  page = { ...page, ...mine };
  $("language").addEventListener("click", () => { words.change(); relabel(); });
  $("projector").addEventListener("click", project);
  document.addEventListener("keydown", key);
  matchMedia("(forced-colors: active)").addEventListener("change", () => page.restyle());
  relabel();
}
