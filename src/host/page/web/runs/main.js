// The page of runs: a list, and beside it one of them or two side by side. What is shown stands in the address (#r3, #r1,r2),
// so that it can be sent to somebody and the way back works.

import "./words.js";
import { t } from "../common/words.js";
import { $, say } from "../common/show.js";
import * as shell from "../common/shell.js";
import { call } from "../common/link.js";
import { fragment } from "../common/fragment.js";
import { listen, banner } from "../common/silence.js";
import * as list from "./list.js";
import * as one from "./one.js";
import * as side from "./side.js";
import * as gone from "./gone.js";

const LOOK_EVERY_MS = 2000;
const PAGE = 20;

// All that is known: rows newest first, whether there are older ones, and which are chosen for a comparison.
const view = { runs: [], next: null, pages: 1, chosen: [], deleting: new Set(), loaded: false };
const ear = listen(draw, look);

async function look() {
  clearTimeout(look.again);
  try {
    let [rows, before] = [[], null];
    for (let page = 0; page < view.pages; page += 1) {
      const answer = await call("GET", `/v1/runs?limit=${PAGE}${before ? `&before=${before}` : ""}`);
      rows.push(...answer.runs.toReversed());
      before = answer.next;
      if (!before) break;
    }
    Object.assign(view, { runs: rows, next: before, loaded: true });
    ear.heard();
  } catch {
    ear.gone();
  }
  view.chosen = view.chosen.filter((id) => view.runs.some((run) => run.id === id && run.state === "ended"));
  draw();
  clearTimeout(look.again);
  look.again = setTimeout(look, LOOK_EVERY_MS);
}

function draw() {
  banner(ear.standing());
  if (!view.loaded) return;
  list.draw(view, shown());
  one.refresh(view, shown());
}

// What the address says: one run, two, or none.
function shown() {
  const named = fragment().split(",").filter((id) => /^r[1-9]\d{0,8}$/.test(id));
  return named.length <= 2 ? named : [];
}

function follow() {
  const ids = shown();
  $("one").hidden = ids.length === 0;
  document.querySelector(".desk").classList.toggle("wide", ids.length > 0);
  if (ids.length === 1) one.open(ids[0], view);
  else if (ids.length === 2) side.open(ids);
  else one.close();
  list.draw(view, ids);
}

const go = (ids) => { location.hash = ids.join(","); };

function compare() {
  if (view.chosen.length === 2) go(view.chosen.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
}

const hands = {
  choose(id, on) {
    view.chosen = on ? [...view.chosen.filter((other) => other !== id), id].slice(-2) : view.chosen.filter((other) => other !== id);
    draw();
  },
  go,
  close() {
    const last = shown()[0];
    go([]);
    (document.getElementById(`open-${last}`) ?? $("list")).focus();
  },
  remove(id) { gone.ask(id); },
};

list.begin(hands);
one.begin(hands);
side.begin(hands);
gone.begin(view, {
  started: draw,
  async done(id, text) {
    view.chosen = view.chosen.filter((other) => other !== id);
    if (shown().includes(id)) go([]);
    await look();
    tell(text);
    $("list").focus();
  },
});

function tell(text) {
  $("told").hidden = text === "";
  say($("told"), text);
}

$("compare").addEventListener("click", compare);
$("older").addEventListener("click", () => { view.pages += 1; look(); });
addEventListener("hashchange", () => { tell(""); follow(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("sure").open && shown().length) hands.close(); });

function relabel() {
  shell.title(t("runs_title"));
  list.forget();
  draw();
  follow();
}

shell.begin({ view: "runs", relabel, keys: { c: compare } });
look().then(follow);
