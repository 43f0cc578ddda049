// Rows of phones that look like phones: a page of people at a time, kept up to date by the server; one can be opened
// large, read, pressed and answered by hand.

import "../phone/phone.js";
import { t, number, language } from "../common/words.js";
import { $, say, make, options } from "../common/show.js";
import { call } from "../common/link.js";
import { STATES, CUT } from "./picture.js";
import { phone } from "./people.js";

const AT_ONCE = 12;

let watched = null;
let leaf = 0;
let wanted = "all";
let shown = [];
let told = new Map();
let source = null;
let one = null;
// What was written by hand on phones of this run, by number.
let said = new Map();

export function begin(view) {
  watched = view;
  $("phones-which").addEventListener("change", () => { wanted = $("phones-which").value; leaf = 0; choose(); });
  $("phones-back").addEventListener("click", () => turn(-1));
  $("phones-next").addEventListener("click", () => turn(1));
  $("phones-new").addEventListener("click", () => { leaf = 0; choose(); });
  $("large-close").addEventListener("click", () => $("large").close());
  $("large").addEventListener("close", () => { one = null; follow(); });
  $("large").addEventListener("hand", (event) => act(event.detail));
}

// Opens the phone of a person large.
export function open(number_) {
  one = number_;
  $("large").replaceChildren(make("bongsu-phone"), $("large").querySelector(".under"));
  say($("large-problem"), "");
  if (!$("large").open) $("large").showModal();
  follow();
  write();
}

export function relabel(view) {
  options($("phones-which"), [["all", t("phones_all")], ...STATES.map((name) => [name, t(name)]), ["cut", t("cut")]]);
  if (view.scene) choose();
  if (view.scene) write();
}

let run = null;
let at = "";

export function draw(view) {
  $("rack").hidden = view.scene === null;
  if (view.scene?.run !== run) {
    run = view.scene?.run ?? null;
    [leaf, told, said] = [0, new Map(), new Map()];
    if ($("large").open) $("large").close();
    choose();
  }
  // Letters count the days.
  const day = `${run} ${Math.floor((view.state?.at_us ?? 0) / 8.64e10)} ${view.dots.length}`;
  if (day === at) return;
  at = day;
  if (!shown.length && view.dots.length) choose();
  write();
}

// Who is in the chosen state now. Somebody who leaves it stays on the page until it is turned.
function found() {
  const place = STATES.indexOf(wanted);
  const people = [];
  for (let person = 0; person < watched.dots.length; person += 1) {
    const digit = watched.dots[person];
    if (wanted === "all" || (wanted === "cut" ? (digit & CUT) !== 0 : (digit & ~CUT) === place)) people.push(person);
  }
  return people;
}

function turn(by) {
  leaf += by;
  choose();
}

// A page has people from everywhere: neighbours are told at nearly the same instant.
function choose() {
  const people = run === null ? [] : found();
  const leaves = Math.max(1, Math.ceil(people.length / AT_ONCE));
  leaf = Math.max(0, Math.min(leaf, leaves - 1));
  shown = people.filter((_, place) => place % leaves === leaf).map(phone);
  say($("phones-place"), people.length ? t("phones_place", number(people.length), number(shown.length), number(leaf + 1), number(leaves)) : t("phones_none"));
  $("phones-back").disabled = leaf === 0;
  $("phones-next").disabled = leaf + 1 >= leaves;
  rack();
  follow();
}

function rack() {
  $("shelf").replaceChildren(...shown.map((which) => make("li", { "data-phone": which }, make("bongsu-phone"),
    make("button", { type: "button", class: "enlarge", onclick: () => open(which) }, make("span", { text: t("phone_open", which) })))));
}

// One stream for all phones on the page and the large one.
function follow() {
  const all = [...new Set([...shown, ...(one ? [one] : [])])];
  const about = run === null || !all.length ? "" : `/v1/runs/${run}/phones?of=${all.join(",")}`;
  if (source?.about === about) return;
  source?.stream.close();
  source = null;
  if (!about) return;
  const stream = new EventSource(about);
  const mine = { about, stream };
  source = mine;
  stream.addEventListener("phones", (event) => {
    if (source !== mine) return;
    for (const data of JSON.parse(event.data)) told.set(data.phone, data);
    for (const which of [...told.keys()]) if (!all.includes(which)) told.delete(which);
    write();
  });
  // What is over tells nothing more; a server that is gone is the page's to notice.
  stream.addEventListener("end", () => stream.close());
  stream.addEventListener("shutdown", () => stream.close());
}

function write() {
  const about = { now_us: watched.state?.at_us ?? 0, all: true, language: language() };
  for (const item of $("shelf").children) {
    const data = told.get(item.dataset.phone);
    if (data) item.querySelector("bongsu-phone").show(data, { ...about, small: true });
  }
  const data = one && told.get(one);
  if (data) $("large").querySelector("bongsu-phone").show({ ...data, said: said.get(one) }, { ...about, byHand: watched.state?.state !== "ended" });
}

async function act({ phone: which, ...done }) {
  const asked = (what) => call("POST", `/v1/people/${which}/hand`, what);
  const message = told.get(which)?.messages.find((one) => one.attempt === done.attempt);
  try {
    // Nobody presses a button of what they have not opened.
    if (done.do === "press" && message?.opened_us === null) await asked({ do: "read", attempt: done.attempt });
    await asked(done);
    if (done.do === "say") said.set(which, [...(said.get(which) ?? []), { text: done.text, state: "sent" }]);
    write();
    say($("large-problem"), "");
  } catch (error) {
    say($("large-problem"), error.message);
  }
}
