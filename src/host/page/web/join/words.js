// The words of the students' page.

import { learn } from "../common/words.js";

learn({
  join_title: ["수업에 들어가기", "Join the class"],
  code: ["수업 코드", "Class code"],
  nickname: ["별명", "Nickname"],
  nickname_how: ["본명은 쓰지 마세요. 수업이 끝나면 지워집니다.", "Not your real name. It is gone when the class ends."],
  what_role: ["무엇을 맡을까요?", "What will you be?"],
  what_persona: ["어떤 단말일까요?", "What kind of phone?"],
  join_it: ["들어가기", "Join"],
  no_class: ["아직 열린 수업이 없습니다. 선생님이 열면 들어갈 수 있습니다.", "No class is open yet."],
  over: ["수업이 끝났습니다. 별명과 답은 모두 지워졌습니다.", "The class is over. Nicknames and answers are gone."],
  waits: ["선생님이 시작하기를 기다립니다", "waiting for the teacher to begin"],
  stands: ["선생님이 멈췄습니다", "paused by the teacher"],
  you_are: ["{0} · {1}", "{0} · {1}"],
  question: ["선생님이 묻습니다: 지금 무엇을 믿습니까?", "The teacher asks: what do you believe now?"],
  question_percent: ["알림을 받은 사람은 몇 %일까요?", "How many percent have been reached?"],
  question_why: ["왜 그렇게 생각하나요? (안 써도 됩니다)", "Why? (may be left empty)"],
  answer_it: ["적어 내기", "Hand in"],
  what_you_see: ["이 역할이 아는 것", "What this role knows"],
  power_off: ["단말 끄기", "Switch the phone off"],
  power_on: ["단말 켜기", "Switch the phone on"],
  charge: ["배터리 충전하고 켜기", "Charge the phone and switch it on"],
  no_phone_left: ["이 실행에는 남은 단말이 없습니다.", "This run has no phone left for you."],
  complain: ["언론에 제보", "Write to the press"],
  complain_what: ["무슨 일이 있나요?", "What is the matter?"],
  complain_it: ["제보하기", "Send"],
  complain_sent: ["보냈습니다: {0}", "Sent: {0}"],
  leave_it: ["수업에서 나가기", "Leave the class"],
  kept: ["별명과 답은 이 컴퓨터의 메모리에만 있고, 수업이 끝나면 사라집니다.", "Nicknames and answers are in memory only, and gone when the class ends."],
});
