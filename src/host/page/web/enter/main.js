// The entrance: who has the server's token says it once, and this browser keeps it until it closes.

import { learn } from "../common/words.js";
import { $, say } from "../common/show.js";
import * as shell from "../common/shell.js";
import { call } from "../common/link.js";
import { fragment } from "../common/fragment.js";

learn({
  enter_title: ["토큰이 필요한 서버입니다", "This server needs its token"],
  enter_what: [
    "이 서버는 다른 기기에도 열려 있어, 시작할 때 준 토큰을 아는 사람만 화면을 쓸 수 있습니다.",
    "This server is open to other machines; only who knows the token that it was started with may use its pages.",
  ],
  enter_token: ["토큰", "Token"],
  enter_go: ["들어가기", "Enter"],
  enter_student: ["학생이라면: 수업 코드로 들어가기", "For students: join with the class code"],
});

async function enter(event) {
  event.preventDefault();
  try {
    await call("POST", "/v1/enter", { token: $("token").value.trim() });
    // Back to where one wanted to go: a page of this server, and nothing else that somebody put there.
    location.assign(/^\/[a-z]+$/.test(fragment()) ? fragment() : "/");
  } catch (error) {
    say($("enter-problem"), error.message);
    $("token").select();
  }
}

$("enter-form").addEventListener("submit", enter);
shell.begin({ view: "enter" });
$("nav").hidden = true;
