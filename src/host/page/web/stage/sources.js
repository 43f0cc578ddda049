// What the codes of sources stand for, as the server knows them. A source that is no code is told as it stands.

import { t, pick } from "../common/words.js";
import { make } from "../common/show.js";

let known = new Map();

export function learn(rows) {
  known = new Map(rows.map((row) => [row.code, row]));
}

// For a line: the code, and what ran.
export const short = (source) => (known.has(source) ? `${source} ${pick(known.get(source).system)}` : source);

// What it is searched by, in both languages.
export const spoken = (source) => [source, ...(known.has(source) ? Object.values(known.get(source).system) : [])];

// All that is known of each: what ran, whose it was, when, and what was reported.
export const accounts = (sources) => make("ul", { class: "sources" }, ...sources.map((source) => {
  const row = known.get(source);
  if (!row) return make("li", { text: source });
  return make("li", {}, make("b", { text: short(source) }), " ", make("span", { text: `${pick(row.agency)}, ${row.when}.` }), " ", make("span", { text: `${pick(row.reported)}.` }));
}));

// A line that opens to the accounts.
export const key = (sources) =>
  make("details", {}, make("summary", { text: t("sources", sources.map(short).join(" · ")) }), accounts(sources));
