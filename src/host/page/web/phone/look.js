// How each medium looks on a phone: a talk bubble, a text message, a mail, an envelope, an alert that shouts, a call.
// Data in, nodes out; what is pressed goes to `act`. Texts are texts, whatever they say.

import "./words.js";
import { t, pick, clock, medium } from "../common/words.js";
import { make, whole } from "../common/show.js";

const DAY_US = 86_400_000_000;

const TALK = ["alimtalk", "brand", "certified", "chat"];
const TEXT = ["sms", "lms"];
const POST = ["letter", "registered"];

export const isLetter = (message) => POST.includes(message.medium);
// What the one who holds the phone can see of a message; a letter is seen on its way by whoever looks at everything.
export const isSeen = (message) => message.state === "shown" || (isLetter(message) && message.state !== "refused");

// `about`: `act(done)` if it can be answered by hand, `now_us`, `sealed` if it may not be opened yet.
export function look(message, about) {
  const kinds = [[TALK, talk], [TEXT, text], [POST, letter], [["email"], mail], [["broadcast"], alert], [["call"], call]];
  const draw = kinds.find(([media]) => media.includes(message.medium))?.[1] ?? push;
  const node = about.sealed && message.opened_us === null && message.medium !== "broadcast" ? sealed(message) : draw(message, about);
  node.dataset.attempt = message.attempt;
  if (message.large && !about.sealed) node.classList.add("large");
  return node;
}

const words = (message) => make("p", { class: "words" }, ...whole(message.text));
const title = (message) => (message.title ? [make("strong", {}, ...whole(message.title))] : []);
const at = (message) => make("time", { text: message.shown_us === null ? "" : clock(message.shown_us) });

// Where it came from, by what, that it is simulated, and that it is in large type.
function head(message) {
  const marks = [make("b", { text: pick(message.from) || message.channel }), make("span", { text: medium(message.medium) }),
    make("em", { class: "mock", text: t("mock_mark") })];
  if (message.large) marks.push(make("em", { class: "mock", text: t("large_type") }));
  return make("p", { class: "from" }, ...marks);
}

function foot(message, { act }) {
  const parts = [at(message)];
  if (message.copies > 1) parts.push(make("em", { text: t("times_shown", message.copies) }));
  if (message.opened_us !== null) parts.push(make("span", { text: t("read_at", clock(message.opened_us)) }));
  else if (act) parts.push(make("button", { type: "button", class: "read", text: t("read_it"), "data-key": `${message.attempt} read`,
    "aria-label": `${t("read_it")}: ${message.title || message.text.slice(0, 40)}`, onclick: () => act({ do: "read", attempt: message.attempt }) }));
  else parts.push(make("i", { class: "unread", title: t("unread"), text: "1", role: "img", "aria-label": t("unread") }));
  return make("p", { class: "foot" }, ...parts);
}

function faces(message, { act }) {
  return message.buttons.map(({ id, label }) => {
    const pressed = message.pressed.includes(id);
    const text = pressed ? `✓ ${label} (${t("pressed_it")})` : label;
    if (!act) return make("span", { class: "face", text });
    return make("button", { type: "button", class: "face", text, "aria-pressed": String(pressed), "data-key": `${message.attempt} ${id}`,
      onclick: () => act({ do: "press", attempt: message.attempt, button: id }) });
  });
}

const talk = (message, about) =>
  make("li", { class: "msg talk" }, head(message), make("div", { class: "plate" }, ...title(message), words(message), ...faces(message, about)), foot(message, about));

const text = (message, about) =>
  make("li", { class: "msg sms" }, head(message), make("div", { class: "plate" }, ...title(message), words(message), ...faces(message, about)), foot(message, about));

const push = (message, about) =>
  make("li", { class: "msg push" }, head(message), make("div", { class: "plate" }, ...title(message), words(message), ...faces(message, about)), foot(message, about));

const call = (message, about) =>
  make("li", { class: "msg call" }, head(message), make("div", { class: "plate" }, make("strong", { text: `☎ ${t("called")}` }), words(message)), foot(message, about));

function mail(message, about) {
  const subject = make("p", { class: "subject" }, make("span", { text: `${t("mail_subject")}: ` }), make("b", { text: message.title || t("mail_none") }));
  return make("li", { class: "msg mail" }, head(message), make("div", { class: "plate" }, subject, words(message), ...faces(message, about)), foot(message, about));
}

function alert(message, about) {
  const loud = make("p", { class: "loud" }, make("b", { text: `⚠ ${t("alert_loud")}` }), make("em", { class: "mock", text: t("mock_mark") }));
  return make("li", { class: "msg cbs" }, make("div", { class: "plate" }, loud, words(message)), foot(message, about));
}

function standing(message, now) {
  const said = { returned: "letter_back", lost: "letter_gone", held: "letter_held", shown: "letter_there" }[message.state];
  return said ? t(said) : t("letter_way", Math.floor(Math.max(0, now - message.sent_us) / DAY_US) + 1);
}

// An envelope: closed until it lies in the letter box.
function letter(message, about) {
  const flap = make("p", { class: "flap" }, make("b", { text: pick(message.from) || message.channel }),
    make("span", { text: `${medium(message.medium)} · ${standing(message, about.now_us)}` }), make("em", { class: "mock", text: t("mock_mark") }));
  const parts = [flap];
  if (message.state === "shown") parts.push(make("div", { class: "plate" }, ...title(message), words(message)), foot(message, about));
  return make("li", { class: `msg letter ${message.state}` }, ...parts);
}

const sealed = (message) =>
  make("li", { class: "msg sealed" }, make("div", { class: "plate" }, make("b", { text: `● ${t("sealed")}` })), make("p", { class: "foot" }, at(message)));
