// Words in both languages, and numbers and times as people read them. Korean comes first in every row.

const TABLE = {
  brand: ["봉수", "bongsu"],
  skip: ["사람들로 건너뛰기", "Skip to the people"],
  clock: ["시계와 속도", "Clock and speed"],
  speed: ["속도", "Speed"],
  real_time: ["실시간", "real time"],
  pause: ["일시정지", "Pause"],
  resume: ["계속", "Resume"],
  stop: ["끝내고 판정", "End and judge"],
  choose: ["시나리오 고르기", "Choose a scenario"],
  another: ["다른 시나리오", "Another scenario"],
  welcome: ["무엇을 재현해 볼까요?", "What shall we replay?"],
  scenario: ["시나리오", "Scenario"],
  phones: ["단말", "Phones"],
  simulated: ["모의 단말", "simulated"],
  outside: ["외부 단말 접속", "outside, on sockets"],
  play: ["재생", "Play"],
  faults: ["장애", "Outage"],
  outage: ["장애!", "Outage!"],
  outage_is: ["카카오 30초 불통", "kakao down for 30 s"],
  other_fault: ["다른 장애 고르기", "Another fault"],
  kind: ["종류", "Kind"],
  network: ["망", "Network"],
  duration: ["길이", "For"],
  begin_fault: ["장애 일으키기", "Begin the fault"],
  until_lifted: ["풀 때까지", "until lifted"],
  lift: ["풀기", "Lift"],
  lift_all: ["모두 풀기", "Lift all"],
  connections: ["망별 연결", "Connections by network"],
  no_lines: ["이 시나리오에는 연결이 있는 망이 없습니다.", "No network of this scenario has connections."],
  unused: ["연결한 단말 없음", "no phone connects"],
  numbers: ["숫자", "Numbers"],
  people: ["사람들", "People"],
  plot: ["시간에 따른 도달 (매체별)", "Reached over time, by medium"],
  verdict: ["판정", "Verdict"],
  chronicle: ["경과", "Chronicle"],
  close: ["닫기", "Close"],
  dots_how: [
    "점 하나가 한 사람입니다. 누르면 그 사람의 알림이 겪은 일이 보입니다. 키보드: 화살표, Enter.",
    "A dot is a person. Press one for the story of their notice. Keyboard: arrow keys, Enter.",
  ],
  mock: ["모든 알림은 모의입니다. 어떤 통신사에도 나가지 않습니다.", "Every notice is simulated. Nothing leads to a carrier."],
  keys: ["키: 스페이스 일시정지 · O 장애 · L 모두 풀기 · P 발표 화면", "Keys: Space pauses · O outage · L lifts all · P projector"],
  projector: ["발표 화면 (P)", "Projector (P)"],
  idle: ["아직 없음", "nothing sent"],
  waiting: ["기다리는 중", "waiting"],
  talk: ["톡으로 받음", "reached by talk"],
  text: ["문자로 받음", "reached by text"],
  other: ["다른 매체로 받음", "reached otherwise"],
  twice: ["두 번 받음", "told twice"],
  missed: ["못 받음", "missed"],
  cut: ["카카오 끊김", "kakao line cut"],
  running: ["재생 중", "running"],
  paused: ["멈춤", "paused"],
  ended: ["끝남", "ended"],
  virtual: ["가상 시간", "virtual time"],
  no_run: ["진행 중인 실행이 없습니다. 시나리오를 고르고 재생을 누르세요.", "No run is going on. Choose a scenario and press play."],
  gone: ["서버와 연결이 끊겼습니다. 다시 연결하는 중…", "The server is gone. Trying again…"],
  notices: ["알림", "Notices"],
  opened: ["열람", "Opened"],
  fallbacks: ["대체 발송", "Fallbacks"],
  cost: ["비용", "Cost"],
  refused: ["거절 {0}", "{0} turned away"],
  of_people: ["{1}건 중 {0}건 도달 ({2})", "{0} of {1} reached ({2})"],
  people_label: ["사람 {0}명의 상태: {1}", "The state of {0} people: {1}"],
  plot_label: ["지금까지 도달: {0}", "Reached so far: {0}"],
  person_label: ["{0}번째 사람 {1}: {2}", "Person {0}, {1}: {2}"],
  left: ["{0} 남음", "{0} left"],
  hits: ["{0}번 영향", "{0} hits"],
  none_on: ["지금 켜진 장애가 없습니다.", "No fault is on."],
  begins: ["장애 시작: {0}", "fault begins: {0}"],
  partly: ["일부 복구: {0}", "partly back: {0}"],
  ends: ["장애 끝: {0}", "fault ends: {0}"],
  lifted: ["장애를 손으로 풂: {0}", "fault lifted by hand: {0}"],
  were_cut: ["{0} 연결 {1}개가 끊김", "{1} {0} connections are cut"],
  are_back: ["{0} 연결 {1}개가 모두 돌아옴", "all {1} {0} connections are back"],
  took_over: ["{0} 대체 발송 시작 ({1})", "{0} begins to take over ({1})"],
  nothing_yet: ["아직 아무 일도 없습니다.", "Nothing has turned yet."],
  loading: ["불러오는 중…", "Loading…"],
  no_story: ["이 사람에게는 아직 아무것도 보내지 않았습니다.", "Nothing has been sent to this person yet."],
  missed_events: ["오래된 사건 {0}개는 메모리에 없습니다.", "{0} older events are no longer in memory."],
  partial: ["사건 {0}개를 놓쳐 이 그림은 완전하지 않습니다.", "{0} events were missed; this picture is not complete."],
  empty_verdict: ["판정 내용이 없습니다.", "The verdict is empty."],
  no_clauses: ["이 시나리오에는 약속(기대)이 없습니다.", "This scenario promises nothing (it has no expectations)."],
  unrecorded: ["기록하지 못함: {0}", "could not be written down: {0}"],
  about: ["{0}명 · {1}", "{0} people · {1}"],
  with_faults: ["장애 {0}", "faults: {0}"],
  sources: ["출처 {0}", "Sources {0}"],
  PASS: ["합격", "PASS"],
  FAIL: ["불합격", "FAIL"],
  INCONCLUSIVE: ["판정 불가", "INCONCLUSIVE"],
  STOPPED: ["중단", "STOPPED"],
  PASS_means: ["약속한 것이 모두 지켜졌습니다.", "Everything promised was kept."],
  FAIL_means: ["지켜지지 않은 약속이 있습니다.", "A promise was broken."],
  INCONCLUSIVE_means: ["이 실행으로는 어느 쪽도 증명되지 않았습니다.", "This run proves nothing either way."],
  STOPPED_means: ["끝까지 가지 않고 멈춘 실행입니다.", "The run was stopped before its end."],
  held: ["지킴", "held"],
  broken: ["깨짐", "broken"],
  inconclusive: ["판정 불가", "nothing to judge by"],
  failed: ["실패했거나 거절됨", "it failed"],
  no_receipt: ["수신 확인이 없음", "no receipt in time"],
  not_opened: ["열지 않음", "not opened in time"],
  // What happened to a notice.
  e_created: ["보내기로 함", "the sender decides to tell"],
  e_submitted: ["{0} 발송 요청", "{0} is tried"],
  e_accepted: ["플랫폼이 접수함 (도달은 아님)", "the platform accepts it (not delivery)"],
  e_refused: ["거절됨, 코드 {0}", "refused, code {0}"],
  e_unanswered: ["응답이 없음", "no answer"],
  e_held: ["망 안에서 기다림", "it waits inside the network"],
  e_lost: ["사라짐", "it is lost"],
  e_shown: ["단말에 표시됨", "the phone shows it"],
  e_reported: ["발신자가 들은 말: {0}", "the sender is told: {0}"],
  e_opened: ["사람이 열어 봄", "the person opens it"],
  e_returned: ["반송됨", "it comes back"],
  e_fell_back: ["{0} → {1} 대체 발송: {2}", "from {0} to {1}: {2}"],
  e_retried: ["다시 시도", "tried again"],
  e_route_ended: ["발신자의 일이 끝남: {0}", "the sender is done: {0}"],
  e_pressed: ["버튼 누름: {0}", "presses {0}"],
  e_answered: ["창구가 답함", "the desk answers"],
  e_session_opened: ["{0} 연결됨", "connects to {0}"],
  e_session_closed: ["{0} 연결 끊김", "loses its {0} connection"],
  e_session_refused: ["{0} 연결 거절됨", "is turned away by {0}"],
  c_failed: ["실패", "failed"],
  c_uncertain: ["모름", "uncertain"],
  c_delivered: ["전달됨", "delivered"],
  c_shown: ["표시됨", "shown"],
  c_opened: ["열람됨", "opened"],
  o_satisfied: ["성공으로 앎", "satisfied"],
  o_exhausted: ["모든 방법을 다 씀", "every leg was tried"],
  o_gave_up: ["그만둠", "gave up"],
  by_fault: ["장애 {0}", "fault {0}"],
  what_phone_shows: ["단말에 표시된 글 ({0})", "What the phone shows ({0})"],
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
  k_sender_down: ["발신 정지", "sender down"],
  w_down: ["연결이 끊기고, 접속과 발송이 모두 거절됩니다.", "Connections are cut; logins and calls are refused."],
  w_silence: ["접수는 되지만 아무것도 전달되지 않습니다.", "Accepted, then nothing arrives."],
  w_refuse: ["발송 요청 열에 여덟이 거절됩니다.", "Eight calls of ten are refused."],
  w_latency: ["전달이 20초 늦어집니다.", "Delivery takes twenty seconds longer."],
  w_loss: ["열에 셋이 흔적 없이 사라집니다.", "Three of ten vanish without a word."],
  w_duplicate: ["같은 알림이 두 번 표시됩니다.", "The same notice shows twice."],
  w_throttle: ["1초에 한 건만 전달됩니다.", "One message a second gets through."],
  w_freeze: ["대기열이 멈췄다가 끝나면 한꺼번에 나옵니다.", "The queue stands still and is let go at the end."],
  w_lie: ["전달됐다고 보고하지만 표시되지 않습니다.", "Reported as delivered, never shown."],
  w_sever: ["연결을 한 번 끊습니다. 곧 다시 붙을 수 있습니다.", "Cuts connections once; they may come back at once."],
  w_creep: ["거절이 1분에 걸쳐 열에 여덟까지 늘어납니다.", "Refusals grow to eight calls of ten within a minute."],
  w_sender_down: ["기관의 전산이 멈춰 아무것도 보내지 못합니다.", "The agency's own systems stand still: nothing is sent."],
  w_login: ["새로 접속할 수 없습니다. 붙어 있던 것은 그대로입니다.", "No new logins; who is connected stays."],
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
};

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
  return values.reduce((said, value, at) => said.replace(`{${at}}`, () => String(value)), text);
}

export const has = (key) => Object.hasOwn(TABLE, key);
export const pick = (both) => (both ? both[language()] || both.en || "" : "");
export const network = (name) => (has(`network_${name}`) ? t(`network_${name}`) : name);
export const medium = (name) => (has(`medium_${name}`) ? t(`medium_${name}`) : name);
export const kind = (name) => (has(`k_${name}`) ? t(`k_${name}`) : name);
export const number = (n) => Number(n).toLocaleString("en-US");
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
  return days ? `${days}d ${time}` : time;
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
