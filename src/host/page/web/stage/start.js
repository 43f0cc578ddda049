// Choosing a scenario and starting it; the title and sources of the run that is watched.

import { t, pick, number, span } from "../common/words.js";
import { $, say, options } from "../common/show.js";
import { call } from "../common/link.js";

export const SPEEDS = [1, 2, 5, 10, 30, 60, 300, 3600];
export const speeds = () => SPEEDS.map((x) => [String(x), x === 1 ? `x1 ${t("real_time")}` : `x${x}`]);

let listed = [];
// Whether the reader opened the choice; without a run it is always open.
let open = false;

export function begin(view, look) {
  $("again").addEventListener("click", () => { open = !open; draw(view); if (open) $("scenario").focus(); });
  $("scenario").addEventListener("change", about);
  $("start-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    say($("start-problem"), "");
    const body = { scenario: $("scenario").value, clock: `x${$("start-speed").value}`, phones: $("phones").value };
    try {
      if (view.state !== null && view.state.state !== "ended") await call("POST", "/v1/runs/current/stop");
      await call("POST", "/v1/runs", body);
      open = false;
      look();
    } catch (error) {
      say($("start-problem"), error.message);
    }
  });
}

export function relabel(view) {
  options($("start-speed"), speeds());
  if (!listed.length) $("start-speed").value = "10";
  list();
  head(view);
}

export function draw(view) {
  if (!listed.length) fetchList();
  $("start").hidden = !(open || view.scene === null);
  $("again").setAttribute("aria-expanded", String(open));
  $("again").hidden = view.scene === null;
  document.querySelector(".skip").hidden = view.scene === null;
  document.querySelector(".stage").hidden = view.scene === null;
  head(view);
}

function head(view) {
  const { scene } = view;
  say($("title"), scene ? pick(scene.title) || scene.scenario : t("welcome"));
  say($("sources"), scene?.sources.length ? t("sources", scene.sources.join(", ")) : "");
}

let asking = false;
async function fetchList() {
  if (asking) return;
  asking = true;
  try {
    listed = (await call("GET", "/v1/scenarios")).scenarios;
    list();
  } catch { /* the notice about the server says it; the next drawing asks again */ }
  asking = false;
}

function list() {
  options($("scenario"), listed.map((row) => [row.name, `${pick(row.title)} (${row.name})`]));
  about();
}

function about() {
  const row = listed.find((one) => one.name === $("scenario").value);
  if (!row) return say($("about"), "");
  const parts = [t("about", number(row.people), span(row.stop_us))];
  if (row.faults.length) parts.push(t("with_faults", row.faults.join(", ")));
  if (row.sources.length) parts.push(t("sources", row.sources.join(", ")));
  say($("about"), parts.join(" · "));
}
