// Letting go of a run: asked once, told when it is done, and told why when it is not (a full disk, somebody was quicker).

import { t } from "../common/words.js";
import { $, say } from "../common/show.js";
import { call } from "../common/link.js";

let asked = null;
let view = null;
let hands = null;

export function begin(of, with_) {
  [view, hands] = [of, with_];
  $("sure-no").addEventListener("click", () => $("sure").close());
  $("sure-yes").addEventListener("click", () => remove(asked));
}

export function ask(id) {
  asked = id;
  say($("sure-h"), t("sure", id));
  say($("sure-is"), t("sure_is"));
  say($("sure-problem"), "");
  $("sure").showModal();
  $("sure-no").focus();
}

async function remove(id) {
  $("sure-yes").disabled = true;
  view.deleting.add(id);
  hands.started();
  let text = t("deleted", id);
  try {
    await call("DELETE", `/v1/runs/${id}`);
  } catch (error) {
    if (error.kind !== "/problems/unknown-run") {
      say($("sure-problem"), error.message);
      text = null;
    } else {
      text = t("gone_meanwhile", id);
    }
  }
  view.deleting.delete(id);
  $("sure-yes").disabled = false;
  if (text === null) return hands.started();
  $("sure").close();
  return hands.done(id, text);
}
