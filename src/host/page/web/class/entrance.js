// The way in: address, code and QR code, large enough for the last row; and who has come.

import { t } from "../common/words.js";
import { $, say, make } from "../common/show.js";

const SVG = "http://www.w3.org/2000/svg";
// Light modules around the code, as readers of codes want them.
const QUIET = 4;

export function draw(view) {
  const address = view.join[0] ?? "";
  const shown = address.replace(/^http:\/\//, "").replace(/#.*$/, "");
  say($("address"), shown);
  say($("code"), `${view.code.slice(0, 3)} ${view.code.slice(3)}`);
  const alone = /^(127\.|localhost|\[::1\])/.test(shown);
  $("only-here").hidden = !alone;
  say($("only-here"), alone ? t("only_here") : "");
  say($("came"), t("came", view.members.length, view.seats));
  names(view.members);
  code(view.qr, shown);
}

function names(members) {
  const key = JSON.stringify(members.map((member) => member.nickname));
  if ($("names").dataset.key === key) return;
  $("names").dataset.key = key;
  $("names").replaceChildren(...members.map((member) => make("li", { text: member.nickname })));
}

function code(rows, address) {
  const svg = $("qr");
  svg.setAttribute("aria-label", t("qr_is", address));
  const key = rows?.join("") ?? "";
  if (svg.dataset.key === key) return;
  svg.dataset.key = key;
  const side = (rows?.length ?? 0) + QUIET * 2;
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  const path = document.createElementNS(SVG, "path");
  const dark = (rows ?? []).flatMap((row, y) => [...row].flatMap((digit, x) => (digit === "1" ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])));
  path.setAttribute("d", dark.join(""));
  svg.replaceChildren(path);
}
