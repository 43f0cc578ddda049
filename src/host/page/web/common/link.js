// The server: requests, and the stream of the run that is watched. Keeps trying when the server is gone.

import { has, language, t } from "./words.js";

const LOOK_AGAIN_MS = 2000;

// The kinds of problems whose detail says what their title does not. It is in English only: where the title says enough, a
// Korean reader is spared it.
const CLOSER = ["invalid-json", "invalid-request", "invalid-query", "not-comparable", "run-unreadable", "failed"];

function closer({ type, detail = "" }) {
  const kind = type?.split("/").at(-1);
  const code = kind === "rejected" ? `x_${detail.split(" ").at(-1)}` : "";
  if (has(code)) return t(code);
  return CLOSER.includes(kind) ? detail : "";
}

// Answers the JSON of a request; what is refused is thrown as a sentence in the reader's language.
export async function call(method, path, body) {
  const about = { method, headers: { accept: "application/json", "x-bongsu-by": "page" } };
  if (body !== undefined) {
    about.headers["content-type"] = "application/json";
    about.body = JSON.stringify(body);
  }
  const response = await fetch(path, about).catch(() => { throw new Error(t("gone")); });
  const document = await response.json().catch(() => ({}));
  if (response.ok) return document;
  const korean = language() === "ko" && document.title_ko;
  const title = korean || document.title || `HTTP ${response.status}`;
  const more = (document.problems ?? []).map((one) => (korean && one.message_ko) || one.message);
  const error = new Error([title, korean ? closer(document) : document.detail, ...more].filter(Boolean).join(" · "));
  error.kind = document.type;
  throw error;
}

// Follows whatever run goes on, or the last one. `told` hears scene, state, alive, end, none and gone.
export function watch(told) {
  let followed = null;
  let source = null;
  let again = 0;
  // Looks are numbered: an answer that a newer look has overtaken says nothing any more.
  let looks = 0;

  const later = () => {
    clearTimeout(again);
    again = setTimeout(look, LOOK_AGAIN_MS);
  };

  async function look() {
    clearTimeout(again);
    looks += 1;
    const mine = looks;
    let list;
    try {
      list = await call("GET", "/v1/runs");
    } catch {
      if (mine !== looks) return;
      told("gone");
      return later();
    }
    if (mine !== looks) return;
    told("there");
    // Runs of earlier processes have no counts in the list; their pictures are not what somebody opens this page for.
    const here = list.runs.filter((run) => run.counts !== null);
    const wanted = list.current ?? (here.length ? here[here.length - 1].id : null);
    if (wanted === null) {
      followed = null;
      told("none");
    } else if (wanted !== followed) {
      follow(wanted);
    }
    if (source === null) later();
  }

  function follow(run) {
    source?.close();
    followed = run;
    const stream = new EventSource(`/v1/runs/${run}/live`);
    source = stream;
    const hear = (name) => stream.addEventListener(name, (event) => {
      if (source === stream) told(name, JSON.parse(event.data));
    });
    ["scene", "state", "alive"].forEach(hear);
    const over = (name) => {
      stream.close();
      if (source !== stream) return;
      source = null;
      told(name);
      later();
    };
    stream.addEventListener("end", () => over("end"));
    stream.addEventListener("error", () => {
      // The page asks again itself: another server may answer there, with other runs.
      followed = null;
      over("gone");
    });
  }

  // A stream that has been silent for long may be dead.
  function anew() {
    source?.close();
    [source, followed] = [null, null];
    told("gone");
    look();
  }

  look();
  return { look, anew };
}
