// The debrief: an instant is picked; what each role saw then, what was written down, what was true. `fetchAt` asks the server.

import "./told-words.js";
import { t, clock, number, medium } from "../common/words.js";
import { make, say } from "../common/show.js";
import { headline, believed } from "./roles.js";

// Keeps itself in `place`; answers how it is drawn again.
export function begin(place, fetchAt) {
  let wanted = null;
  let answer = null;
  const problem = make("p", { class: "problem", role: "alert" });
  const slider = make("input", { type: "range", min: "0", step: "1000000", id: "told-at" });
  const at = make("output", { for: "told-at" });
  const label = make("label", { class: "wide" }, make("span", { class: "of" }), make("span", { class: "slide" }, slider, at));
  const marks = make("p", { class: "marks" });
  const table = make("div", { class: "told" });
  place.replaceChildren(label, marks, problem, table);
  slider.addEventListener("input", () => say(at, clock(Number(slider.value))));
  slider.addEventListener("change", () => ask(Number(slider.value)));

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
    slider.max = String(Math.max(1, answer.clock.at_us));
    slider.value = String(answer.at_us);
    slider.setAttribute("aria-valuetext", clock(answer.at_us));
    say(at, clock(answer.at_us));
    const instants = [
      ...answer.asked_us.map((us, place_) => [us, t("debrief_asked", place_ + 1, clock(us))]),
      ...answer.turns.flatMap((turn) => [[turn.begins_us, t("debrief_begins", turn.name, clock(turn.begins_us))],
        ...(turn.ends_us !== null && turn.ends_us <= answer.clock.at_us ? [[turn.ends_us, t("debrief_ends", turn.name, clock(turn.ends_us))]] : [])]),
      [answer.clock.at_us, t("debrief_now")],
    ].sort((a, b) => a[0] - b[0]);
    marks.replaceChildren(...instants.map(([us, text]) => make("button", { type: "button", text, "aria-pressed": String(us === answer.at_us), onclick: () => ask(us) })));
    table.replaceChildren(truth(answer), roles(answer));
  }

  return { ask, write, asked: () => wanted !== null, forget: () => { wanted = answer = null; table.replaceChildren(); marks.replaceChildren(); } };
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
  const body = make("tbody", {}, ...all.map((row) => make("tr", {}, make("th", { scope: "row", text: t(`role_${row.role}`) }), saw(row, was), make("td", {}, wrote(row, was)))));
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
  return make("p", { class: `belief ${off > 5 ? "wrong" : "right"}` }, make("b", { text: `${percent}%` }), make("span", { text: off ? t("off_by", off) : t("right_on") }));
}

function wrote({ role, wrote: all }, was) {
  const said = all.filter((one) => one.percent !== null || role === "citizen");
  if (!said.length) return make("p", { class: "none", text: t("wrote_none") });
  return make("ul", { class: "wrote" }, ...said.map((one) => {
    const line = make("li", {}, make("b", { text: one.nickname }));
    if (one.percent !== null) {
      const off = was.reached_percent === null ? 0 : Math.abs(one.percent - was.reached_percent);
      line.append(make("span", { class: off > 5 ? "wrong" : "right", text: `${one.percent}% · ${off ? t("off_by", off) : t("right_on")}` }), make("small", { text: t("wrote_at", clock(one.wrote_us)) }));
    }
    if (one.words) line.append(make("q", { text: one.words }));
    if (role === "citizen") line.append(make("span", { text: one.got ? t("got_by", clock(one.got.at_us), medium(one.got.medium)) : t("got_not") }));
    return line;
  }));
}
