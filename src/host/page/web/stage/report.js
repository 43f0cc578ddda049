// The report of a run that is over, in place: a dialogue over the stage with the report in a frame.
//
// The report has a policy of its own: no script runs in it, and nothing is fetched. The frame shares this page's origin only so
// that Escape closes it wherever the focus is; it is let go of when the dialogue closes, and the focus goes back to where it was.

import { t, language } from "../common/words.js";
import { $, say, make } from "../common/show.js";

let title = () => "";
// Where the focus was, and what takes it if that is gone.
let opener = null;

export function begin() {
  $("report-close").addEventListener("click", () => $("report").close());
  $("report").addEventListener("close", close);
}

export function relabel() {
  if ($("report").open) say($("report-h"), title());
}

// Opens it; answers what is to be said instead, if there is none.
export async function open(run, name) {
  if ($("report").open) return "";
  const address = `/v1/runs/${run}/report`;
  const trouble = await missing(address);
  if (trouble || $("report").open) return trouble;
  opener = document.activeElement;
  title = () => `${t("report_of")}: ${name()}`;
  say($("report-h"), title());
  $("report-alone").href = address;
  const frame = make("iframe", { title: title(), src: address, sandbox: "allow-same-origin", tabindex: "0" });
  frame.addEventListener("load", () => {
    // It begins in the language of this page; its own switch is there all the same.
    const chosen = frame.contentDocument?.getElementById(`lang-${language()}`);
    if (chosen) chosen.checked = true;
    frame.contentDocument?.addEventListener("keydown", (event) => { if (event.key === "Escape") $("report").close(); });
    // Arrow keys scroll the report as soon as it is there, if the reader has not gone elsewhere meanwhile.
    if ($("report").contains(document.activeElement)) frame.focus();
  });
  $("report-in").replaceChildren(frame);
  $("report").showModal();
  $("report-close").focus();
  return "";
}

// Only the answer's head is looked at; the frame fetches the rest.
async function missing(address) {
  const answer = await fetch(address).catch(() => null);
  if (answer?.ok) {
    answer.body?.cancel();
    return "";
  }
  const problem = await answer?.json().catch(() => null);
  return (problem && ((language() === "ko" && problem.title_ko) || problem.title)) || t("gone");
}

function close() {
  $("report-in").replaceChildren();
  const back = opener?.isConnected ? opener : $("report-open") ?? $("again");
  opener = null;
  back.focus();
}
