// The debrief: an instant is picked; what each role saw then, what was written down, what was true. `fetchAt` asks the server.
// What somebody wrote down is held against what was true when they wrote it.

import "./told-words.js";
import { t, clock, number, medium } from "../common/words.js";
import { make, say } from "../common/show.js";
import { headline, believed } from "./roles.js";

const SECOND_US = 1_000_000;
// Points from the truth that still are right.
const NEAR = 5;

// Keeps itself in `place`; answers how it is drawn again.
export function begin(place, fetchAt) {
  let wanted = null;
  let answer = null;
  const problem = make("p", { class: "problem", role: "alert" });
  const slider = make("input", { type: "range", min: "0", step: "1", id: "told-at" });
  const at = make("output", { for: "told-at" });
  const label = make("label", { class: "wide" }, make("span", { class: "of" }), make("span", { class: "slide" }, slider, at));
  const marks = make("p", { class: "marks" });
  const table = make("div", { class: "told" });
  place.replaceChildren(label, marks, problem, table);
  // The slider goes by seconds; its last one is the end, wherever in that second the end is.
  const picked = () => Math.min(Number(slider.value) * SECOND_US, answer.clock.at_us);
  slider.addEventListener("input", () => { if (answer) say(at, clock(picked())); });
  slider.addEventListener("change", () => { if (answer) ask(picked()); });

  async function ask(us) {
    wanted = us;
    try {
      const told = await fetchAt(us);
      if (wanted !== us) return;
      answer = told;
      say(problem, "");
      write();
    } catch (error) {
      if (wanted === us) say(problem, error.message);
    }
  }

  function write() {
    say(label.querySelector(".of"), t("debrief_at"));
    if (!answer) return;
    slider.max = String(Math.max(1, Math.ceil(answer.clock.at_us / SECOND_US)));
    slider.value = String(Math.ceil(answer.at_us / SECOND_US));
    slider.setAttribute("aria-valuetext", clock(answer.at_us));
    say(at, clock(answer.at_us));
    marks.replaceChildren(...instants(answer).map(([us, text]) => make("button", { type: "button", text, "aria-pressed": String(us === answer.at_us), onclick: () => ask(us) })));
    table.replaceChildren(truth(answer), roles(answer));
  }

  return { ask, write, asked: () => wanted !== null, forget: () => { wanted = answer = null; table.replaceChildren(); marks.replaceChildren(); } };
}

// Instants worth looking at, in their order; what came together is one.
function instants({ asked_us, turns, clock: { at_us: now } }) {
  const all = [
    ...asked_us.map((us, place) => [us, t("debrief_asked", place + 1, clock(us))]),
    ...turns.flatMap(({ name, begins_us, ends_us }) => [[begins_us, t("debrief_begins", name, clock(begins_us))],
      ...(ends_us !== null && ends_us <= now ? [[ends_us, t("debrief_ends", name, clock(ends_us))]] : [])]),
    [now, t("debrief_now")],
  ];
  const together = new Map();
  for (const [us, text] of all.sort((a, b) => a[0] - b[0])) together.set(us, [...(together.get(us) ?? []), text]);
  return [...together].map(([us, texts]) => [us, texts.join(" · ")]);
}

function truth({ truth: was, at_us }) {
  const said = [t("true_reached", number(was.reached), number(was.notices)), t("true_believed", was.notices ? `${Math.round((was.believed * 100) / was.notices)}%` : "–")];
  if (was.cut) said.push(t("true_cut", number(was.cut)));
  return make("div", { class: "truth" }, make("h3", { text: t("was_true", clock(at_us)) }),
    make("p", { class: "share" }, make("b", { text: was.reached_percent === null ? "–" : `${was.reached_percent}%` }), make("span", { text: t("f_reached") })),
    make("ul", { class: "said" }, ...said.map((text) => make("li", { text }))));
}

function roles({ roles: all, truth: was }) {
  const head = make("thead", {}, make("tr", {}, ...["col_role", "col_saw", "col_wrote"].map((key) => make("th", { scope: "col", text: t(key) }))));
  const body = make("tbody", {}, ...all.map((row) => make("tr", {}, make("th", { scope: "row", text: t(`role_${row.role}`) }), saw(row, was), make("td", {}, wrote(row)))));
  return make("table", {}, make("caption", { class: "unseen", text: t("debrief") }), head, body);
}

function saw({ role, sees }, was) {
  const percent = believed(sees);
  const cell = make("td", {}, make("p", { text: headline(role, sees) }));
  if (percent !== null && was.reached_percent !== null) cell.prepend(bar(percent, was.reached_percent));
  return cell;
}

function bar(percent, truly) {
  const off = Math.abs(percent - truly);
  return make("p", { class: `belief ${off > NEAR ? "wrong" : "right"}` }, make("b", { text: `${percent}%` }), make("span", { text: off ? t("off_by", off) : t("right_on") }));
}

function wrote({ role, wrote: all }) {
  const said = all.filter((one) => one.percent !== null || role === "citizen");
  if (!said.length) return make("p", { class: "none", text: t("wrote_none") });
  return make("ul", { class: "wrote" }, ...said.map((one) => {
    const line = make("li", {}, make("b", { text: one.nickname }));
    if (one.percent !== null) line.append(held(one), make("small", { text: t("wrote_at", clock(one.wrote_us)) }));
    if (one.words) line.append(make("q", { text: one.words }));
    if (role === "citizen") line.append(make("span", { text: one.got ? t("got_by", clock(one.got.at_us), medium(one.got.medium)) : t("got_not") }));
    return line;
  }));
}

// A belief beside what was true when it was written down.
function held({ percent, true_percent: truly }) {
  if (truly === null) return make("span", { text: `${percent}%` });
  const off = Math.abs(percent - truly);
  return make("span", { class: off > NEAR ? "wrong" : "right", text: `${percent}% · ${off ? t("off_then", off, truly) : t("right_then")}` });
}
