// Whether the server is still heard, on every page alike. A server that closes its stream or takes no request is gone; one
// that holds the line open and says nothing (a slow line, a machine that stands still) is silent, and what a page shows is
// the past. Streams say at least every two seconds that they live, also while nothing changes.

import { t } from "./words.js";
import { $, say } from "./show.js";

const SLOW_MS = 4000;
// A machine without power closes no line: after so long a silence whoever waits asks anew.
const AGAIN_MS = 20_000;
const LOOK_MS = 500;
// How long a page's clock goes on by itself between two messages.
const COUNT_ON_MS = 1000;

// `changed` hears that the standing is another one: "", "slow" or "gone"; `again` that it is time to ask anew.
export function listen(changed, again = () => {}) {
  let last = performance.now();
  let asked = last;
  let standing = "";
  let still = Infinity;
  const become = (now) => {
    if (standing === now) return;
    standing = now;
    still = now === "gone" ? performance.now() : Infinity;
    changed();
  };
  setInterval(() => {
    const time = performance.now();
    if (standing === "" && time - last > SLOW_MS) become("slow");
    if (time - Math.max(last, asked) < AGAIN_MS) return;
    asked = time;
    again();
  }, LOOK_MS);
  return {
    heard() { last = performance.now(); become(""); },
    gone() { become("gone"); },
    standing: () => standing,
    // Now, as long as the server is heard; without it a page's clock stands still.
    now: () => Math.min(performance.now(), last + COUNT_ON_MS, still),
  };
}

// A request that no answer comes to is given up.
export const patience = () => AbortSignal.timeout(AGAIN_MS);

// What stands in the way of seeing what is so, above everything; `other` is the page's own word if nothing does.
export function banner(standing, other = "") {
  const word = standing || other;
  $("server").hidden = word === "";
  $("server").classList.toggle("gone", standing === "gone");
  document.documentElement.classList.toggle("stale", standing !== "");
  say($("server"), word && t(word));
}
