// The seat: its key, requests that carry it, and the stream of what it may know. The key is kept for this tab alone.

import { language, t } from "../common/words.js";

const KEPT = "bongsu.seat";
const AGAIN_MS = 1500;

let key = null;
try { key = sessionStorage.getItem(KEPT); } catch { /* a browser that keeps nothing loses its seat with the page */ }

export const taken = () => key !== null;
export const word = () => `seat.${key}`;

export function keep(given) {
  key = given;
  try {
    if (given === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, given);
  } catch { /* see above */ }
}

// Asks as this seat; what is refused is thrown as a sentence, with the problem's type.
export async function ask(method, path, body) {
  const headers = { accept: "application/json" };
  if (key) headers.authorization = `Bearer ${key}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error(t("gone"));
  }
  const document_ = await response.json().catch(() => ({}));
  if (response.ok) return document_;
  const title = (language() === "ko" && document_.title_ko) || document_.title || `HTTP ${response.status}`;
  throw Object.assign(new Error(title), { type: document_.type });
}

// What an answer says when there is nothing more to follow: the class is over, or this seat is.
const OVER = { 401: "/problems/unknown-seat", 409: "/problems/no-class" };
let line = null;

// Follows what this seat may know. `told` hears state, alive, over (with the problem that it is) and gone. An EventSource
// could not carry the key.
export function follow(told) {
  const mine = key;
  line = new AbortController();
  const gone = () => {
    if (key !== mine) return;
    told("gone");
    setTimeout(() => { if (key === mine && mine !== null) follow(told); }, AGAIN_MS);
  };
  read(mine, told, line.signal).then((over) => {
    if (key === mine && over) told("over", over);
    else gone();
  }, gone);
}

// Gives the line up that has been silent for long: another is asked for.
export const drop = () => line?.abort();

// Reads the stream to its end; answers what is over, if something is.
async function read(mine, told, signal) {
  const response = await fetch("/v1/class/seat/live", { headers: { authorization: `Bearer ${mine}` }, signal });
  if (OVER[response.status]) return OVER[response.status];
  if (!response.ok) return null;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return null;
    waiting += value;
    const events = waiting.split("\n\n");
    waiting = events.pop();
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      const data = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? "{}");
      if (name === "over") return data.type;
      if (key === mine && (name === "state" || name === "alive")) told(name, data);
    }
  }
}
