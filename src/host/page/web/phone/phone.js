// `<bongsu-phone>`: a phone that looks like one. It is given what it shows and keeps nothing else; `small` shows the newest
// message, otherwise all of them. What is pressed or written on it is a `hand` event for the page to carry out.

import { look, isSeen, isLetter } from "./look.js";
import { t, pick, network } from "../common/words.js";
import { make, say } from "../common/show.js";

const SMALL_MAX = 2;
const SAID_MAX = 3;
const MARKS = { on: "●", cut: "✕", out: "○", off: "–" };

class Phone extends HTMLElement {
  #drawn = new Map();
  #parts = null;

  // `data` as `/v1/runs/{id}/phones` tells it, with `said`, what was written on it here. `about`: `now_us`, `small`, `byHand`, `sealed`, `all` (tells also what the
  // one who holds it cannot know), `language` (drawn anew when it changes).
  show(data, about = {}) {
    const { small = false, byHand = false } = about;
    this.#parts ??= this.#build(small);
    this.classList.toggle("small", small);
    this.setAttribute("aria-label", t("phone_of", data.name, data.phone));
    say(this.#parts.name, data.name);
    say(this.#parts.number, data.phone);
    this.#lines(data);
    this.classList.toggle("dark", data.device === "dark" || about.dark === true);
    const seen = data.messages.filter(isSeen);
    const act = byHand ? (done) => this.dispatchEvent(new CustomEvent("hand", { bubbles: true, detail: { phone: data.phone, ...done } })) : null;
    this.#words(data);
    this.#messages(small ? seen.slice(-SMALL_MAX) : seen, { act, now_us: about.now_us ?? 0, sealed: about.sealed, language: about.language });
    this.#notes(data, seen, about);
    this.#writing(data, about, act);
  }

  // What its owner wrote by hand, the newest: sent, waiting for a line, or never sent.
  #words({ said = [] }) {
    const { said: list, screen } = this.#parts;
    const texts = said.slice(-SAID_MAX).map(({ text, state }) => t(`you_said_${state}`, text));
    const key = JSON.stringify(texts);
    if ((list.dataset.key ?? "[]") === key) return;
    list.dataset.key = key;
    list.replaceChildren(...texts.map((text) => make("li", { class: "msg mine", text })));
    screen.scrollTop = screen.scrollHeight;
  }

  #build(small) {
    const parts = {
      name: make("b"), number: make("span", { class: "number" }), lines: make("ul", { class: "lines" }),
      list: make("ol", { class: "msgs" }), said: make("ol", { class: "msgs" }), notes: make("p", { class: "notes" }), form: make("form", { class: "writing", hidden: true }),
    };
    this.setAttribute("role", "group");
    const top = make("div", { class: "top" }, make("p", {}, parts.name, parts.number), parts.lines);
    const screen = make("div", { class: "screen" }, parts.list, parts.said);
    if (!small) Object.entries({ tabindex: "0", role: "region", "aria-label": t("new_text") }).forEach(([name, value]) => screen.setAttribute(name, value));
    if (!small) parts.list.setAttribute("aria-live", "polite");
    this.replaceChildren(top, screen, parts.notes, parts.form);
    return { ...parts, screen };
  }

  #lines({ lines }) {
    const key = JSON.stringify(lines) + t("line_on");
    if (this.#parts.lines.dataset.key === key) return;
    this.#parts.lines.dataset.key = key;
    this.#parts.lines.replaceChildren(...lines.map((line) => {
      const about = `${network(line.network)} ${t(`line_${line.state}`)}${line.state === "cut" && line.fault ? `, ${t("line_by", line.fault)}` : ""}`;
      return make("li", { class: line.state, title: about },
        make("i", { text: MARKS[line.state], "aria-hidden": "true" }), make("span", { text: network(line.network) }), make("span", { class: "is", text: t(`line_${line.state}`) }));
    }));
  }

  // Only what changed is drawn again, so that whoever is about to press something keeps the button under the finger.
  #messages(messages, about) {
    const { list, screen } = this.#parts;
    const held = document.activeElement?.closest("bongsu-phone") === this ? document.activeElement.dataset.key : null;
    const low = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 40;
    const drawn = new Map();
    for (const message of messages) {
      const key = JSON.stringify([message, isLetter(message) ? Math.floor(about.now_us / 86_400_000_000) : 0, about.sealed, about.language, about.act !== null]);
      const before = this.#drawn.get(message.attempt);
      drawn.set(message.attempt, before?.key === key ? before : { key, node: look(message, about) });
    }
    const grown = [...drawn.keys()].some((attempt) => !this.#drawn.has(attempt));
    this.#drawn = drawn;
    const nodes = [...drawn.values()].map((one) => one.node);
    if (nodes.length !== list.children.length || nodes.some((node, place) => list.children[place] !== node)) list.replaceChildren(...nodes);
    if (held) list.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
    if (grown && low) screen.scrollTop = screen.scrollHeight;
  }

  #notes(data, seen, about) {
    const count = (state) => data.messages.filter((message) => message.state === state && !isLetter(message)).length;
    const said = [];
    if (!seen.length) said.push(data.device === "dark" ? t("phone_dark") : t("phone_empty"));
    if (about.all) {
      if (count("coming")) said.push(t("coming_back", count("coming")));
      if (count("held")) said.push(t("kept_back", count("held")));
      if (count("lost")) said.push(t("lost_back", count("lost")));
    }
    if (data.more && !about.small) said.push(t("phone_more"));
    say(this.#parts.notes, said.join(" · "));
  }

  #writing(data, about, act) {
    const { form } = this.#parts;
    const last = data.messages.findLast((message) => isSeen(message) && message.channel);
    form.hidden = !(act && !about.small && last);
    if (form.hidden || form.dataset.key === last.channel + about.language) return;
    form.dataset.key = last.channel + about.language;
    const field = make("input", { name: "say", maxlength: "200", autocomplete: "off", "aria-label": t("write_to", pick(last.from) || last.channel), placeholder: t("write_to", pick(last.from) || last.channel) });
    form.replaceChildren(field, make("button", { type: "submit", text: t("send_it") }));
    form.onsubmit = (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      act({ do: "say", channel: last.channel, text });
      field.value = "";
    };
  }
}

customElements.define("bongsu-phone", Phone);

