// Who is in the class: a row each, kept while they sit there, so that only what changed is written anew and whoever is
// about to choose or press something keeps it under the hand.

import { t, network, medium } from "../common/words.js";
import { $, say, make, options } from "../common/show.js";

const ROLES = ["citizen", "sender", "operator", "ministry", "press"];

let rows = new Map();

// The language is another one: every row is made anew.
export function forget() {
  rows = new Map();
}

// `cast(number, role)` and `dismiss(number)` are what is asked of the server.
export function draw(members, hands) {
  for (const number of rows.keys()) if (!members.some((member) => member.number === number)) rows.delete(number);
  for (const member of members) {
    if (!rows.has(member.number)) rows.set(member.number, build(member, hands));
    fill(rows.get(member.number), member);
  }
  const lines = members.map(({ number }) => rows.get(number).line);
  const shown = lines.length ? lines : [nobody()];
  const body = $("members");
  // A row that stays is not moved: it would lose whoever's hand is on it.
  for (const row of [...body.children]) if (!shown.includes(row)) row.remove();
  shown.forEach((row, place) => { if (body.children[place] !== row) body.insertBefore(row, body.children[place] ?? null); });
}

const nobody = () => make("tr", {}, make("td", { colspan: "6", text: t("nobody_here") }));

function build({ number, nickname }, { cast, dismiss }) {
  const role = make("select", { "aria-label": t("role_of", nickname), onchange: () => cast(number, role.value) });
  options(role, ROLES.map((name) => [name, t(`role_${name}`)]));
  const [phone, got, believes] = [make("td", { class: "phone" }), make("td"), make("td")];
  const out = make("button", { type: "button", "aria-label": t("send_out", nickname), text: t("send_out_short"), onclick: () => dismiss(number) });
  const line = make("tr", {}, make("th", { scope: "row", text: nickname }), make("td", {}, role), phone, got, believes, make("td", {}, out));
  return { line, role, phone, got, believes };
}

function fill({ role, phone, got, believes }, member) {
  // Not under the hand of somebody who chooses.
  if (document.activeElement !== role) role.value = member.role;
  say(got, member.got ? `✓ ${medium(member.got)}` : "–");
  say(believes, member.believes === null ? "–" : `${member.believes}%`);
  const key = JSON.stringify([member.phone, member.lines, member.persona]);
  if (phone.dataset.key === key) return;
  phone.dataset.key = key;
  phone.replaceChildren(...device(member));
}

function device({ phone, lines, persona }) {
  if (!phone) return [make("small", { text: t("no_phone") })];
  const line = ({ network: name, open }) => make("small", { class: open ? "up" : "down", text: `${open ? "●" : "✕"} ${t(open ? "line_up" : "line_down", network(name))}` });
  return [make("span", { text: phone }), make("span", { class: "their-lines" }, ...(lines ?? []).map(line)), make("small", { text: t(`persona_${persona}`) })];
}
