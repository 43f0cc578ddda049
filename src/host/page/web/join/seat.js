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

// Follows what this seat may know. `told` hears state, over and gone. An EventSource could not carry the key.
export function follow(told) {
  const mine = key;
  const again = () => setTimeout(() => { if (key === mine && mine !== null) follow(told); }, AGAIN_MS);
  read(mine, told).then((over) => {
    if (key !== mine) return;
    if (over) return told("over");
    told("gone");
    again();
  }, () => {
    if (key !== mine) return;
    told("gone");
    again();
  });
}

// Reads the stream to its end; `true` if the class or the seat is no more.
async function read(mine, told) {
  const response = await fetch("/v1/class/seat/live", { headers: { authorization: `Bearer ${mine}` } });
  if (response.status === 401 || response.status === 409) return true;
  if (!response.ok) return false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return false;
    waiting += value;
    const events = waiting.split("\n\n");
    waiting = events.pop();
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      if (name === "over") return true;
      if (name === "state" && key === mine) told("state", JSON.parse(/^data: (.*)$/m.exec(event)[1]));
    }
  }
}
