// One fault of any kind. The form is built from what the server says of its kinds (`/v1/fault-kinds`), which is what its
// reader of scenarios goes by: keys, values, own legs, recovery. Below stands the line that a scenario would have.

import { t, has, pick, network, medium, span } from "../common/words.js";
import { $, say, make } from "../common/show.js";
import { call } from "../common/link.js";

const LENGTHS = ["10s", "30s", "1m", "5m", "10m", "1h", "6h"];
const SECONDS = { d: 86400, h: 3600, m: 60, s: 1, ms: 0.001, us: 0.000001 };
// Shares that a class can see, where the kind itself strikes only some.
const USUAL = { refuse: "80", creep: "80", loss: "30" };

// What a hand has set that every kind has; it stays when another kind is chosen.
const KEPT = ["f-name", "f-share", "f-sticky", "f-length", "f-own", "f-recover", "f-rate"];
const KEPT_BOXES = ["networks", "media", "groups", "regions"];

let asked = null;
let known = null;
let kind = null;
const set = new Map();

export function begin(hands) {
  asked = hands;
  $("fault-form").addEventListener("input", ({ target }) => {
    if (KEPT.includes(target.id)) set.set(`#${target.id}`, target.type === "checkbox" ? target.checked : target.value);
    else if (KEPT_BOXES.includes(target.name)) set.set(`[name=${target.name}][value="${CSS.escape(target.value)}"]`, target.checked);
  });
  $("fault-form").addEventListener("submit", (event) => { event.preventDefault(); asked.post(fault()); });
  $("fault-form").addEventListener("input", said);
}

// The form as it was left, with a free name; built anew only if the run has other groups or regions than the one before.
export async function load() {
  if (known) {
    if (!set.has("#f-name")) $("f-name").value = asked.freeName();
    said();
  }
  const told = await call("GET", "/v1/fault-kinds");
  if (JSON.stringify(told) === JSON.stringify(known)) return;
  known = told;
  build();
}

// The next one is another: it has a name of its own.
export function sent() {
  set.delete("#f-name");
}

export function relabel() {
  if (known) build();
}

function restore() {
  for (const [where, value] of set) {
    const input = $("fields").querySelector(where);
    if (typeof value === "boolean" && input) input.checked = value;
    else if (input && (!input.options || [...input.options].some((row) => row.value === value))) input.value = value;
  }
  for (const id of ["f-length", "f-recover"]) $(id)?.dispatchEvent(new Event("change"));
}

function build() {
  const before = kind;
  const kinds = make("fieldset", { class: "kinds" }, make("legend", { text: t("kind") }));
  for (const one of known.kinds) {
    kinds.append(make("label", {}, make("input", { type: "radio", name: "kind", value: one.name, checked: one.name === (before ?? "down"), onchange: () => choose(one.name) }),
      make("span", { text: pick(one.title) }), make("code", { text: one.name })));
  }
  $("fault-form").replaceChildren(kinds, make("div", { id: "fields", class: "fields" }));
  choose(before ?? "down");
}

const row = () => known.kinds.find((one) => one.name === kind);

function choose(name) {
  kind = name;
  const of = row();
  $("fields").replaceChildren(
    make("p", { class: "does", text: pick(of.does) }),
    ...(of.parameters.length ? [group("strength", ...of.parameters.map(parameter))] : []),
    group("where", checks("networks", known.networks, network, (one) => one === "kakao" && kind !== "sender_down"),
      more("only_media", checks("media", known.media.map((one) => one.name), medium, () => false)),
      more("only_legs", checks("legs", known.legs, (leg) => t(`leg_${leg}`), (leg) => of.legs.includes(leg)))),
    group("whom",
      field("share", make("input", { id: "f-share", inputmode: "decimal", size: "6", value: USUAL[kind] ?? "", placeholder: "100" }), "%"),
      make("label", { class: "check" }, make("input", { type: "checkbox", id: "f-sticky" }), make("span", { text: t("sticky") })),
      ...(known.groups.length ? [checks("groups", known.groups, String, () => false)] : []),
      ...(known.regions.length ? [checks("regions", known.regions, String, () => false)] : [])),
    group("how_long", lengths(), ...(of.recover ? [recovery(of.recover)] : [])),
    make("div", { class: "foot" }, make("p", { class: "as-line" }, make("span", { text: t("as_line") }), make("code", { id: "line" })), make("p", { class: "acts" }, field("fault_name", make("input", { id: "f-name", value: asked.freeName(), size: "14", maxlength: "64", spellcheck: "false" })),
      make("button", { type: "submit", class: "danger", text: t("begin_fault") }))),
  );
  restore();
  said();
}

const group = (name, ...nodes) => make("fieldset", {}, make("legend", { text: t(name) }), ...nodes);
const more = (name, node) => make("details", {}, make("summary", { text: t(name) }), node);
const field = (name, input, after = "") => make("label", {}, make("span", { text: t(name) }), make("span", { class: "with" }, input, after));

// A list of things of which any may be chosen.
function checks(name, values, label, on) {
  const box = (value) => make("label", { class: "check" }, make("input", { type: "checkbox", name, value, checked: on(value) }), make("span", { text: label(value) }));
  const caption = ["groups", "regions"].includes(name) ? [make("span", { class: "caption", text: t(`all_${name}`) })] : [];
  return make("div", { class: "checks", role: "group", "aria-label": t(`all_${name}`) }, ...caption, ...values.map(box));
}

function parameter(one) {
  const id = `p-${one.key}`;
  if (one.shape === "word") {
    const none = one.needed ? [] : [make("option", { value: "", text: t("usual") })];
    const words = one.values.map((word) => make("option", { value: word, text: has(`v_${word}`) ? t(`v_${word}`) : word }));
    return labelled(one, make("select", { id, "data-key": one.key }, ...none, ...words));
  }
  const list = make("datalist", { id: `${id}-list` }, ...one.values.map((value) => make("option", { value })));
  const input = make("input", {
    id, "data-key": one.key, "data-shape": one.shape, list: `${id}-list`, size: "22", required: one.needed, spellcheck: "false",
    value: one.needed ? one.values[0] : "", placeholder: one.values[0],
  });
  return labelled(one, input, list);
}

const labelled = (one, ...nodes) =>
  make("label", {}, make("span", { text: pick(one.means) }, one.needed ? "" : ` (${t("spare")})`), make("span", { class: "with" }, ...nodes, make("code", { text: one.key })));

function lengths() {
  const select = make("select", { id: "f-length", onchange: () => { $("f-own").hidden = select.value !== "own"; said(); } },
    ...LENGTHS.map((value) => make("option", { value, text: span(seconds(value) * 1e6), selected: value === "30s" })),
    make("option", { value: "lifted", text: t("until_lifted") }), make("option", { value: "own", text: t("own_length") }));
  return field("duration", make("span", { class: "with" }, select, make("input", { id: "f-own", size: "8", value: "2m30s", "aria-label": t("own_length"), hidden: true, spellcheck: "false" })));
}

function recovery(usual) {
  const ways = ["", "drop", "flush", "flush newest first", "staged"];
  const select = make("select", { id: "f-recover", onchange: () => {
    $("f-rate-of").hidden = !select.value.startsWith("flush");
    $("f-staged").hidden = select.value !== "staged";
    said();
  } }, ...ways.map((value) => make("option", { value, text: value === "" ? t("recover_usual", t(`r_${usual}`)) : t(`r_${value.replaceAll(" ", "_")}`) })));
  const rate = make("label", { id: "f-rate-of", hidden: true }, make("span", { text: t("rate") }), make("span", { class: "with" }, make("input", { id: "f-rate", inputmode: "numeric", size: "6", placeholder: "20" }), t("a_second")));
  const stages = known.capabilities.map((gives, at) => make("label", {}, make("span", { text: t(`gives_${gives}`) }),
    make("input", { "data-gives": gives, size: "7", value: at < 2 ? `${(at + 1) * 10}s` : "", placeholder: "1m", spellcheck: "false" })));
  return make("div", { class: "recovery" }, field("recover", select), rate,
    make("div", { id: "f-staged", class: "stages", hidden: true, role: "group", "aria-label": t("r_staged") }, make("p", { text: t("staged_how") }), ...stages));
}

function seconds(text) {
  return [...text.matchAll(/(\d+)(ms|us|d|h|m|s)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * SECONDS[unit], 0);
}

const checked = (name) => [...$("fields").querySelectorAll(`input[name=${name}]:checked`)].map((one) => one.value);

// The mapping that the form says: what is posted, and what a scenario's line would be.
function fault() {
  const of = row();
  const out = { fault: $("f-name").value.trim(), kind };
  for (const input of $("fields").querySelectorAll("[data-key]")) {
    const value = input.value.trim();
    if (value !== "") out[input.dataset.key] = input.dataset.shape === "number" && /^\d+$/.test(value) ? Number(value) : value;
  }
  const networks = checked("networks");
  if (networks.length === 1) [out.network] = networks;
  else if (networks.length) out.networks = networks;
  for (const name of ["media", "groups", "regions"]) if (checked(name).length) out[name] = checked(name);
  const legs = checked("legs");
  if (legs.join() !== of.legs.join()) out.legs = legs;
  const share = $("f-share").value.trim();
  if (share !== "") out.share = `${share.replace(/%$/, "")}%`;
  if ($("f-sticky").checked) out.sticky = true;
  const length = $("f-length").value;
  if (length === "lifted") out.until = "lifted";
  else out.for = length === "own" ? $("f-own").value.trim() : length;
  const recover = of.recover ? recovered() : "";
  if (recover) out.recover = recover;
  return out;
}

function recovered() {
  const way = $("f-recover").value;
  if (way === "staged") {
    const rows = [...$("f-staged").querySelectorAll("[data-gives]")].filter((input) => input.value.trim() !== "");
    const staged = rows.map((input) => ({ after: input.value.trim(), gives: input.dataset.gives }));
    return { staged: staged.toSorted((a, b) => seconds(a.after) - seconds(b.after)) };
  }
  const rate = $("f-rate").value.trim();
  return way.startsWith("flush") && rate ? `${way} ${rate.replace(/\/s$/, "")}/s` : way;
}

// As YAML writes it in one line.
function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value === "object") return `{ ${Object.entries(value).map(([key, one]) => `${key}: ${written(one)}`).join(", ")} }`;
  const text = String(value);
  return /^[\p{L}\p{N}_][\p{L}\p{N}_\-./%+]*( [\p{L}\p{N}_\-./%+]+)*$/u.test(text) ? text : JSON.stringify(text);
}

function said() {
  if (!$("line")) return;
  const at = `${Math.floor((asked.state()?.at_us ?? 0) / 1e6)}s`;
  say($("line"), `- ${written({ at, ...fault() })}`);
}
