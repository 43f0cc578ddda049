// The list of runs, newest first: verdict, how many heard, when.

import { t, has, pick, number, percent, won, span, clock } from "../common/words.js";
import { $, say, make } from "../common/show.js";

const MARKS = { PASS: "✓", FAIL: "✗", INCONCLUSIVE: "?", STOPPED: "■" };

let asked = null;
let drawn = "";

export function begin(hands) {
  asked = hands;
}

export function forget() {
  drawn = "";
}

const two = (n) => String(n).padStart(2, "0");

// A moment of the real clock, where the reader is.
export function moment(s) {
  const at = new Date(s * 1000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export const named = (run) => (run.title && pick(run.title)) || run.scenario;

export function word(run) {
  const verdict = run.state !== "ended" ? "going" : run.verdict ?? "broken_off";
  return make("span", { class: `badge ${verdict}` }, make("i", { text: MARKS[verdict] ?? (verdict === "going" ? "▶" : "!"), "aria-hidden": "true" }), t(verdict));
}

export function draw(view, shown) {
  const about = view.runs.map((run) => [run.id, run.state, run.verdict, run.figures?.reached, run.state === "ended" ? 0 : run.at_us, view.deleting.has(run.id)]);
  const now = JSON.stringify([about, view.chosen, shown, view.next]);
  say($("count"), view.next ? t("count_more", number(view.runs.length)) : t("count", number(view.runs.length)));
  $("none").hidden = view.runs.length > 0;
  $("older").hidden = !view.next;
  document.querySelector(".pick").hidden = view.runs.filter((run) => run.state === "ended").length < 2;
  const [first, second] = view.chosen.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  say($("chosen"), second ? t("pick_two", first, second) : first ? t("pick_one", first) : t("pick_none"));
  $("compare").disabled = !second;
  if (now === drawn) return;
  drawn = now;
  const focus = document.activeElement?.id;
  $("rows").replaceChildren(...view.runs.map((run) => row(run, view, shown)));
  // Drawing again must not lose the place of whoever goes by keyboard.
  if (focus && document.activeElement?.id !== focus) document.getElementById(focus)?.focus();
}

function row(run, view, shown) {
  const ended = run.state === "ended";
  const deleting = view.deleting.has(run.id);
  const choose = make("input", {
    type: "checkbox", id: `choose-${run.id}`, "aria-label": t("choose_run", run.id), checked: view.chosen.includes(run.id), disabled: !ended || deleting,
    onchange: (event) => asked.choose(run.id, event.target.checked),
  });
  const open = make("a", {
    class: "open", id: `open-${run.id}`, href: `#${run.id}`, "aria-label": t("open_run", `${run.id}, ${named(run)}`),
    "aria-current": shown.length === 1 && shown[0] === run.id && "true",
  }, make("b", { text: named(run) }), make("small", { text: `${run.id} · ${run.scenario}` }));
  const took = run.ended_s === null ? t("going") : t("lasted", span(Math.max(1, run.ended_s - run.begun_s) * 1e6));
  return make("li", { class: deleting ? "deleting" : shown.includes(run.id) ? "shown" : "", "aria-busy": deleting && "true" },
    choose, word(run), open,
    make("div", { class: "figures" }, ...figures(run)),
    make("p", { class: "when" }, make("time", { text: moment(run.begun_s), datetime: new Date(run.begun_s * 1000).toISOString() }),
      make("span", { text: `${clockWord(run.clock)} · ${took}` })),
    ...(deleting ? [make("p", { class: "busy", text: t("deleting") })] : []));
}

export const clockWord = (word) => (word === "virtual" ? t("virtual") : word === "real" ? `x1 ${t("real_time")}` : word);

function figures(run) {
  if (!run.figures) return [make("span", { text: t(run.state === "ended" ? "unread" : "going") })];
  const { notices, reached, opened, cost } = run.figures;
  const share = percent(reached, notices);
  return [
    make("progress", { max: String(Math.max(1, notices)), value: String(reached), "aria-label": t("reached_of", number(reached), number(notices)) }),
    make("b", { text: share }), make("span", { text: t("reached_of", number(reached), number(notices)) }),
    make("span", { text: t("opened_n", number(opened)) }), make("span", { text: won(cost) }),
    ...(run.state !== "ended" ? [make("span", { text: `${has(run.state) ? t(run.state) : run.state} ${clock(run.at_us)}` })] : []),
  ];
}
