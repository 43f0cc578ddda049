// One run: its report in place, its files to take away, the replay, and letting go of it.

import { t, number } from "../common/words.js";
import { $, make } from "../common/show.js";
import { call } from "../common/link.js";
import { clockWord, moment, named, word } from "./list.js";

let asked = null;
let shown = null;

export function begin(hands) {
  asked = hands;
}

export function close() {
  shown = null;
  $("one").replaceChildren();
}

// What the list says of the run that is shown may have changed: it has ended, or it is gone.
export function refresh(view, ids) {
  if (ids.length !== 1 || shown === null || shown.id !== ids[0]) return;
  const run = view.runs.find((row) => row.id === shown.id);
  if (!run) return missing();
  if ((run.state === "ended") !== shown.ended) open(shown.id, view);
}

// It is not on the pages of the list that are open: it is older, or another hand has deleted it.
async function missing() {
  const here = shown;
  if (here.asked || here.gone) return;
  here.asked = true;
  const after = `r${Number(here.id.slice(1)) + 1}`;
  const found = await call("GET", `/v1/runs?limit=1&before=${after}`).then(({ runs }) => runs.at(-1)?.id === here.id).catch(() => true);
  here.asked = false;
  if (found || here !== shown) return;
  here.gone = true;
  $("one").replaceChildren(top(here.id, []), make("p", { class: "problem", role: "alert", text: t("gone_meanwhile", here.id) }));
}

export async function open(id, view) {
  shown = { id, ended: false };
  const here = shown;
  let run = view.runs.find((row) => row.id === id);
  try {
    run ??= await call("GET", `/v1/runs/${id}`);
  } catch (error) {
    if (here === shown) $("one").replaceChildren(top(id, []), make("p", { class: "problem", role: "alert", text: error.message }));
    return;
  }
  if (here !== shown) return;
  here.ended = run.state === "ended";
  const meta = [clockWord(run.clock), t("seed", run.seed), moment(run.begun_s)].join(" · ");
  const parts = [top(named(run), [word(run)]), make("p", { class: "meta", text: `${run.id} · ${run.scenario} · ${meta}` })];
  if (run.unrecorded) parts.push(make("p", { class: "problem", text: run.unrecorded }));
  if (here.ended) parts.push(...over(run));
  else parts.push(make("p", {}, make("a", { href: "/", text: t("watch") })), make("p", { text: t("no_report_yet") }));
  $("one").replaceChildren(...parts);
  if (here.ended) files(run, here);
}

export function top(title, marks) {
  return make("header", {}, make("h2", { id: "one-h", text: title }), ...marks,
    make("button", { id: "one-close", type: "button", text: t("close"), "aria-keyshortcuts": "Escape", onclick: () => asked.close() }));
}

function over(run) {
  const frame = make("iframe", { id: "report", title: `${t("report")}: ${named(run)}`, src: `/v1/runs/${run.id}/report`, sandbox: "", loading: "lazy", tabindex: "0" });
  const again = make("button", { id: "again", type: "button", text: t("again"), disabled: true, onclick: () => replay(run) });
  return [
    make("div", { class: "beside" },
      make("section", { "aria-labelledby": "take-h" }, make("h3", { id: "take-h", text: t("take") }), make("ul", { id: "files" }, make("li", { text: t("loading") }))),
      make("section", { "aria-labelledby": "again-h" }, make("h3", { id: "again-h", text: t("again") }), make("p", { text: t("again_is") }), again,
        make("div", { id: "replay", role: "status" })),
      make("section", { "aria-labelledby": "gone-h" }, make("h3", { id: "gone-h", text: t("delete") }), make("p", { text: t("sure_is") }),
        make("button", { id: "remove", type: "button", class: "danger", text: t("delete"), onclick: () => asked.remove(run.id) }))),
    make("p", { class: "alone" }, make("strong", { text: t("report") }), make("a", { href: `/v1/runs/${run.id}/report`, target: "_blank", rel: "noopener", text: t("report_alone") })),
    frame,
  ];
}

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`);

async function files(run, here) {
  const played = make("li", {}, make("a", { href: `/v1/runs/${run.id}/as-played`, download: true, text: t("as_played") }));
  let rows;
  try {
    const answer = await call("GET", `/v1/runs/${run.id}/files`);
    rows = [
      make("li", { class: "all" }, make("a", { href: `/v1/runs/${run.id}/archive`, download: true, text: t("all_files") }),
        make("small", { text: size(answer.files.reduce((sum, file) => sum + file.bytes, 0)) })),
      played,
      ...answer.files.map((file) => make("li", {}, make("a", { href: `/v1/runs/${run.id}/files/${file.name}`, download: true, text: file.name }), make("small", { text: size(file.bytes) }))),
    ];
    if (here === shown) $("again").disabled = false;
  } catch (error) {
    const memory = error.kind === "/problems/no-folder";
    rows = [played, make("li", { class: memory ? "" : "problem", text: memory ? t("in_memory") : error.message })];
  }
  if (here === shown) $("files").replaceChildren(...rows);
}

async function replay(run) {
  const here = shown;
  $("again").disabled = true;
  $("replay").replaceChildren(make("p", { text: t("replaying") }), make("progress", { "aria-label": t("replaying") }));
  let told;
  try {
    told = result(await call("POST", `/v1/runs/${run.id}/replay`));
  } catch (error) {
    told = [make("p", { class: "problem", text: error.message })];
  }
  if (here !== shown) return;
  $("again").disabled = false;
  $("replay").replaceChildren(...told);
}

function result(answer) {
  const parts = answer.same
    ? [make("p", { class: "same" }, make("b", { text: "✓ " }), t("same", number(answer.events)))]
    : [make("p", { class: "differs" }, make("b", { text: "✗ " }), t("differs", number(answer.difference.line))),
      make("dl", { class: "lines" }, ...["recorded", "replayed"].flatMap((side) => [make("dt", { text: t(side) }), make("dd", {}, make("code", { text: answer.difference[side] ?? t("nothing_there") }))]))];
  if (answer.recorded_by !== answer.replayed_by) parts.push(make("p", { text: t("other_build", answer.recorded_by, answer.replayed_by) }));
  return parts;
}
