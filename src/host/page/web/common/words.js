// Words in both languages that every page needs, and numbers and times as people read them. Korean comes first in every
// row. A page teaches its own words with `learn`.

const TABLE = {
  brand: ["봉수", "bongsu"],
  real_time: ["실시간", "real time"],
  scenario: ["시나리오", "Scenario"],
  verdict: ["판정", "Verdict"],
  close: ["닫기", "Close"],
  mock: ["모든 알림은 모의입니다. 어떤 통신사에도 나가지 않습니다.", "Every notice is simulated. Nothing leads to a carrier."],
  projector: ["발표 화면 (P)", "Projector (P)"],
  running: ["재생 중", "running"],
  paused: ["멈춤", "paused"],
  ended: ["끝남", "ended"],
  virtual: ["가상 시간", "virtual time"],
  gone: ["서버와 연결이 끊겼습니다. 다시 연결하는 중…", "The server is gone. Trying again…"],
  slow: ["연결이 느립니다. 조금 전 모습이 보이고 있습니다.", "The line is slow: this is how it was a moment ago."],
  last_seen: ["마지막으로 본 모습", "as last seen"],
  loading: ["불러오는 중…", "Loading…"],
  sources: ["출처 {0}", "Sources {0}"],
  PASS: ["합격", "PASS"],
  FAIL: ["불합격", "FAIL"],
  INCONCLUSIVE: ["판정 불가", "INCONCLUSIVE"],
  STOPPED: ["중단", "STOPPED"],
  PASS_means: ["약속한 것이 모두 지켜졌습니다.", "Everything promised was kept."],
  FAIL_means: ["지켜지지 않은 약속이 있습니다.", "A promise was broken."],
  INCONCLUSIVE_means: ["이 실행으로는 어느 쪽도 증명되지 않았습니다.", "This run proves nothing either way."],
  STOPPED_means: ["끝까지 가지 않고 멈춘 실행입니다.", "The run was stopped before its end."],
  failed: ["실패했거나 거절됨", "it failed"],
  no_receipt: ["수신 확인이 없음", "no receipt in time"],
  not_opened: ["열지 않음", "not opened in time"],
  c_failed: ["실패", "failed"],
  c_uncertain: ["모름", "uncertain"],
  c_delivered: ["전달됨", "delivered"],
  c_shown: ["표시됨", "shown"],
  c_opened: ["열람됨", "opened"],
  o_satisfied: ["성공으로 앎", "satisfied"],
  o_exhausted: ["모든 방법을 다 씀", "every leg was tried"],
  o_gave_up: ["그만둠", "gave up"],
  // Why the engine refuses.
  x_unknown_person: ["이 실행에 없는 시민", "no such person in this run"],
  x_unknown_attempt: ["이 실행에 없는 알림", "no such message in this run"],
  x_not_theirs: ["이 사람의 단말에 없는 알림", "not on this person's phone"],
  x_unknown_button: ["그 알림에 없는 버튼", "no such button on that message"],
  x_unknown_channel: ["없는 채널", "no such channel"],
  x_unknown_session: ["열려 있지 않은 연결", "no such connection is open"],
  x_unknown_kind: ["없는 알림 종류", "no such kind of notice"],
  x_unknown_call: ["열려 있지 않은 요청", "no such call is open"],
  x_full: ["더는 받을 수 없음", "no more can be taken"],
  // Kinds of faults that need nothing else to be said.
  k_down: ["불통", "down"],
  k_silence: ["침묵", "silence"],
  k_refuse: ["거절", "refuse"],
  k_latency: ["지연", "latency"],
  k_loss: ["유실", "loss"],
  k_duplicate: ["중복", "duplicate"],
  k_throttle: ["처리량 제한", "throttle"],
  k_freeze: ["대기열 정지", "freeze"],
  k_lie: ["거짓 보고", "lie"],
  k_sever: ["연결 끊기", "sever"],
  k_login: ["로그인 거절", "login"],
  k_creep: ["서서히 악화", "creep"],
  k_late_failure: ["지연 실패", "late failure"],
  k_reorder: ["순서 뒤바뀜", "reorder"],
  k_flap: ["단속", "flap"],
  k_accept_then: ["접수 후 단절", "accept, then"],
  k_sender_down: ["발신 정지", "sender down"],
  network_kakao: ["카카오", "kakao"],
  network_mobile: ["이동통신", "mobile"],
  network_mail: ["메일", "mail"],
  network_app: ["다른 앱", "other app"],
  network_post: ["우편망", "post"],
  network_cell: ["재난문자망", "cell broadcast"],
  network_pay: ["결제망", "payment"],
  medium_alimtalk: ["알림톡", "alimtalk"],
  medium_brand: ["브랜드 메시지", "brand message"],
  medium_certified: ["인증톡", "certified talk"],
  medium_chat: ["채널 대화", "channel chat"],
  medium_sms: ["단문 문자", "SMS"],
  medium_lms: ["장문 문자", "LMS (long text)"],
  medium_email: ["이메일", "e-mail"],
  medium_push: ["앱 알림", "push message"],
  medium_letter: ["우편", "letter"],
  medium_registered: ["등기우편", "registered letter"],
  medium_broadcast: ["재난문자", "cell broadcast"],
  medium_call: ["전화", "call"],
  nav: ["화면", "Views"],
  nav_stage: ["무대", "Stage"],
  nav_runs: ["실행 기록", "Runs"],
  nav_operator: ["운영", "Operator"],
  nav_class: ["수업", "Class"],
};

// A page's own rows. A key has one meaning on all pages: to learn another for it is a mistake.
export function learn(rows) {
  for (const [key, row] of Object.entries(rows)) {
    if (Object.hasOwn(TABLE, key)) throw new Error(`the word ${key} is known already`);
    TABLE[key] = row;
  }
}

const KEPT = "bongsu.language";
let place = 0;

// The reader's choice, or what the server read from Accept-Language.
export function begin() {
  let kept = null;
  try { kept = localStorage.getItem(KEPT); } catch { /* a browser that keeps nothing may still look */ }
  const wanted = kept ?? document.documentElement.lang;
  place = wanted === "en" ? 1 : 0;
  document.documentElement.lang = language();
}

export const language = () => (place === 1 ? "en" : "ko");

export function change() {
  place = 1 - place;
  document.documentElement.lang = language();
  try { localStorage.setItem(KEPT, language()); } catch { /* see above */ }
}

export function t(key, ...values) {
  const row = Object.hasOwn(TABLE, key) ? TABLE[key] : null;
  const text = row ? row[place] : key;
  return values.reduce((said, value, at) => put(said, at, String(value)), text);
}

// A particle after a value is written as grammars write it, `{0}(으)로`, `{0}이(가)`: its form hangs on the value's last sound.
const PARTICLES = { "(으)로": ["로", "으로"], "이(가)": ["가", "이"], "을(를)": ["를", "을"], "은(는)": ["는", "은"], "와(과)": ["와", "과"] };
const RIEUL = 8;

function put(said, at, value) {
  return said.replace(new RegExp(`\\{${at}\\}(\\(으\\)로|이\\(가\\)|을\\(를\\)|은\\(는\\)|와\\(과\\))?`), (_, particle = "") => value + fitting(value, particle));
}

function fitting(value, particle) {
  const syllable = value.charCodeAt(value.length - 1) - 0xac00;
  // A name in other letters may be read either way, and keeps both.
  if (!particle || !(syllable >= 0 && syllable < 11_172)) return particle;
  const final = syllable % 28;
  const [open, shut] = PARTICLES[particle];
  return final === 0 || (final === RIEUL && particle === "(으)로") ? open : shut;
}

export const has = (key) => Object.hasOwn(TABLE, key);
export const pick = (both) => (both ? both[language()] || both.en || "" : "");
export const network = (name) => (has(`network_${name}`) ? t(`network_${name}`) : name);
export const medium = (name) => (has(`medium_${name}`) ? t(`medium_${name}`) : name);
export const kind = (name) => (has(`k_${name}`) ? t(`k_${name}`) : name);
const grouped = new Intl.NumberFormat("en-US");
export const number = (n) => grouped.format(n);
export const won = (hundredths) => `${number(Math.round(hundredths / 100))}${place ? " won" : "원"}`;

export function percent(part, whole) {
  if (whole === 0) return "–";
  const tenths = Math.round((part * 1000) / whole);
  const held = part > 0 && tenths === 0 ? 1 : part < whole && tenths === 1000 ? 999 : tenths;
  return `${(held / 10).toFixed(1)}%`;
}

const two = (n) => String(n).padStart(2, "0");

export function clock(us) {
  const s = Math.floor(us / 1e6);
  const days = Math.floor(s / 86400);
  const time = `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return days ? `${days}${place ? " d" : "일"} ${time}` : time;
}

// The world's calendar at an instant of the run.
export function calendar(scene, us) {
  const at = new Date((scene.start_unix_s + scene.offset_s) * 1000 + us / 1000);
  if (Number.isNaN(at.getTime())) return "";
  return at.toISOString().slice(0, 19).replace("T", " ");
}

export function span(us) {
  const s = Math.max(0, Math.ceil(us / 1e6));
  const [m, h] = [Math.floor(s / 60), Math.floor(s / 3600)];
  const u = place ? ["s", "m", "h"] : ["초", "분", "시간"];
  if (s < 60) return `${s}${u[0]}`;
  if (h < 1) return s % 60 ? `${m}${u[1]} ${s % 60}${u[0]}` : `${m}${u[1]}`;
  return m % 60 ? `${h}${u[2]} ${m % 60}${u[1]}` : `${h}${u[2]}`;
}
