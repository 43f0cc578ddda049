//! Problem documents (RFC 9457): one table of kinds, each with a stable `type` and sentence in both languages.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::host::api::body::Name;
use crate::host::api::wire::ExplainedBody;
use crate::host::control::Refusal;
use crate::host::control::runs::{DeleteError, Located, RecallError, StartError};
use crate::sim::model::event::Rejection;

/// An error as a client sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What kind.
    pub kind: Kind,
    /// This occurrence of it: a lowercase fragment with what was expected and found.
    pub detail: String,
    /// Further members of the document.
    pub more: Map<String, Value>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $status:literal, $ko:literal, $en:literal;)*) => {
        /// A kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($(#[$doc])* $name),* }

        impl Kind {
            /// All kinds.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// The last part of its `type`, its status, its title in Korean and in English.
            pub const fn row(self) -> (&'static str, u16, &'static str, &'static str) {
                match self { $(Kind::$name => ($slug, $status, $ko, $en)),* }
            }
        }
    };
}

kinds! {
    /// No such address.
    NotFound = "not-found", 404, "없는 주소입니다", "no such address";
    /// The address does not take this method.
    MethodNotAllowed = "method-not-allowed", 405, "이 주소에서 쓸 수 없는 메서드입니다", "method not allowed here";
    /// No such run.
    UnknownRun = "unknown-run", 404, "없는 실행입니다", "no such run";
    /// An earlier run that this build cannot have again.
    RunUnreadable = "run-unreadable", 410, "다시 불러올 수 없는 실행입니다", "this run cannot be had again";
    /// A run without a folder.
    NoReport = "no-report", 404, "보고서가 없는 실행입니다", "this run has no report";
    /// A run that is only in memory.
    NoFolder = "no-folder", 404, "파일이 없는 실행입니다", "this run has no files";
    /// No such file in a run's folder.
    UnknownFile = "unknown-file", 404, "실행 폴더에 없는 파일입니다", "no such file in the run's folder";
    /// Runs that do not stand side by side.
    NotComparable = "not-comparable", 422, "나란히 견줄 수 없는 실행입니다", "these runs cannot be compared";
    /// No such fault, or it is over.
    UnknownFault = "unknown-fault", 404, "없거나 이미 끝난 장애입니다", "no such fault, or it is over";
    /// No such notice.
    UnknownNotice = "unknown-notice", 404, "없는 알림입니다", "no such notice";
    /// No such person.
    UnknownPerson = "unknown-person", 404, "이 실행에 없는 시민입니다", "no such person in this run";
    /// No notice of that kind.
    UnknownKind = "unknown-kind", 422, "없는 알림 종류입니다", "no such kind of notice in this run";
    /// Nobody of that number.
    UnknownRecipient = "unknown-recipient", 422, "받을 시민이 이 실행에 없습니다", "nobody of that number in this run";
    /// The key was used for something else.
    IdempotencyKeyReused = "idempotency-key-reused", 422, "이미 다른 요청에 쓴 멱등 키입니다", "the idempotency key was used for another request";
    /// The first request of that key has no answer yet.
    IdempotencyKeyInUse = "idempotency-key-in-use", 409, "같은 멱등 키의 요청을 처리하는 중입니다", "a request with this idempotency key is still being done";
    /// It did not happen in time.
    WaitTimeout = "wait-timeout", 408, "기다린 사건이 일어나지 않았습니다", "the event did not happen in time";
    /// Only a live run can.
    NotLive = "not-live", 409, "실시간 실행에서만 됩니다", "only a live run can do that";
    /// Only a run in lock-step can.
    NotLockstep = "not-lockstep", 409, "보조 맞춤(lock-step) 실행에서만 됩니다", "only a run in lock-step can do that";
    /// A run in lock-step has no speed.
    Lockstep = "lockstep", 409, "보조 맞춤(lock-step) 실행에는 속도가 없습니다", "a run in lock-step has no speed";
    /// No such lease, or no longer.
    UnknownLease = "unknown-lease", 404, "없거나 이미 끝난 시간 임대입니다", "no such lease on time, or it is over";
    /// Only a run that stands still can.
    NotPaused = "not-paused", 409, "멈춘 실행에서만 됩니다", "only a run that stands still can do that";
    /// No scenario of that name.
    UnknownScenario = "unknown-scenario", 422, "없는 시나리오입니다", "no such scenario";
    /// Nothing goes on.
    NoRun = "no-run", 409, "진행 중인 실행이 없습니다", "no run is going on";
    /// The disk failed under the journal.
    JournalBroken = "journal-broken", 503, "기록 저장소의 디스크가 고장났습니다. 서버를 다시 시작해 주세요", "the journal's disk failed: start the server again";
    /// Too many runs already.
    Busy = "busy", 409, "이미 다른 실행이 진행 중입니다", "another run is going on";
    /// The run is over.
    RunEnded = "run-ended", 409, "이미 끝난 실행입니다", "the run is over";
    /// The run is not over.
    NotEnded = "not-ended", 409, "아직 끝나지 않은 실행입니다", "the run is not over yet";
    /// Virtual time has no pace.
    NotPaced = "not-paced", 409, "가상 시간 실행은 속도를 바꿀 수 없습니다", "a run in virtual time has no pace to change";
    /// A fault of that name is there.
    FaultNameTaken = "fault-name-taken", 409, "같은 이름의 장애가 있습니다", "a fault of that name is already there";
    /// The engine refused for another reason.
    Rejected = "rejected", 409, "엔진이 거절했습니다", "refused by the engine";
    /// Events are no longer kept.
    EventsGone = "events-gone", 410, "오래되어 메모리에 없는 사건입니다", "these events are no longer in memory";
    /// The body is not JSON.
    InvalidJson = "invalid-json", 400, "JSON이 아닙니다", "not JSON";
    /// The JSON says something impossible.
    InvalidRequest = "invalid-request", 400, "요청 내용이 잘못되었습니다", "the request says something impossible";
    /// The query is impossible.
    InvalidQuery = "invalid-query", 400, "주소의 질의가 잘못되었습니다", "the query says something impossible";
    /// The body took too long.
    BodyTimeout = "body-timeout", 408, "요청이 너무 느립니다", "the body took too long";
    /// The body is too large.
    BodyTooLarge = "body-too-large", 413, "요청이 너무 큽니다", "the body is too large";
    /// The body is of another type.
    UnsupportedMediaType = "unsupported-media-type", 415, "지원하지 않는 형식입니다", "media type not supported";
    /// The scenario is wrong.
    ScenarioProblems = "scenario-problems", 422, "시나리오에 문제가 있습니다", "the scenario has problems";
    /// The fault is wrong.
    FaultProblems = "fault-problems", 422, "장애 정의에 문제가 있습니다", "the fault has problems";
    /// No token, or not the right one.
    Unauthorized = "unauthorized", 401, "인증 토큰이 필요합니다", "a bearer token is needed";
    /// A stranger's `Host`. The gateway answers this and the following.
    HostNotAllowed = "host-not-allowed", 403, "허용되지 않은 Host입니다", "host not allowed";
    /// A stranger's `Origin`.
    OriginNotAllowed = "origin-not-allowed", 403, "허용되지 않은 Origin입니다", "origin not allowed";
    /// Not a WebSocket handshake.
    UpgradeRequired = "upgrade-required", 426, "웹소켓 핸드셰이크가 필요합니다", "a WebSocket handshake is needed";
    /// A handshake for something else.
    BadHandshake = "bad-handshake", 400, "잘못된 핸드셰이크입니다", "not a handshake for bongsu.v1";
    /// Nobody's number.
    UnknownPhone = "unknown-phone", 404, "이 실행에 없는 번호입니다", "no such phone number in this run";
    /// No such network.
    UnknownNetwork = "unknown-network", 404, "없는 망입니다", "unknown network";
    /// A fault keeps it shut.
    NetworkDown = "network-down", 503, "망에 접속할 수 없습니다", "the network is down";
    /// The echo for foreign test suites is taken.
    NoPlace = "no-place", 503, "남은 자리가 없습니다", "no place left";
    /// Nobody has opened a class. The class answers this and the following.
    NoClass = "no-class", 409, "열린 수업이 없습니다", "no class is open";
    /// One is open already.
    ClassOpen = "class-open", 409, "이미 수업이 열려 있습니다", "a class is open already";
    /// It is another code.
    WrongCode = "wrong-code", 403, "수업 코드가 다릅니다", "the class has another code";
    /// Every seat is taken.
    ClassFull = "class-full", 409, "자리가 모두 찼습니다", "every seat is taken";
    /// Somebody has it.
    NicknameTaken = "nickname-taken", 409, "다른 사람이 쓰는 별명입니다", "somebody has this nickname";
    /// It cannot be shown in a line.
    BadNickname = "bad-nickname", 422, "쓸 수 없는 별명입니다", "this cannot be a nickname";
    /// Nobody sits there.
    UnknownSeat = "unknown-seat", 401, "없는 자리입니다. 다시 들어와 주세요", "nobody sits there, join again";
    /// Nobody has that number.
    UnknownMember = "unknown-member", 404, "수업에 없는 사람입니다", "nobody of that number is in the class";
    /// The teacher keeps it back.
    NotRevealed = "not-revealed", 409, "선생님이 아직 공개하지 않았습니다", "the teacher has not revealed it yet";
    /// No question is open.
    NotAsked = "not-asked", 409, "선생님이 아직 묻지 않았습니다", "the teacher has not asked";
    /// The questions of a run are bounded.
    TooManyQuestions = "too-many-questions", 409, "한 실행에서 더 물을 수 없습니다", "no more questions in this run";
    /// Too many writes a second.
    TooManyRequests = "too-many-requests", 429, "요청이 너무 잦습니다. 잠시 후 다시 시도해 주세요", "too many writes a second, slow down";
    /// Too many at once.
    Overloaded = "overloaded", 503, "잠시 후 다시 시도해 주세요", "too many at once";
    /// No room on the disk.
    DiskFull = "disk-full", 503, "저장 공간이 없습니다. 잠시 후 다시 시도해 주세요", "the disk is full, try again later";
    /// The process ends.
    ShuttingDown = "shutting-down", 503, "종료하는 중입니다", "the process is ending";
    /// Something of this machine failed.
    Failed = "failed", 500, "처리하지 못했습니다", "it could not be done";
}

/// When to ask a full disk again, in seconds: the run itself tries twice a second.
const RETRY_AFTER: &str = "5";

impl Problem {
    /// A problem of that kind.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        Problem { kind, detail: detail.into(), more: Map::new() }
    }

    /// With one more member.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Problem {
        self.more.insert(key.to_owned(), value.into());
        self
    }

    /// A text with problems, each with its place.
    pub fn located(kind: Kind, problems: &[Located]) -> Problem {
        let count = problems.len();
        let detail = format!("{count} problem{}", if count == 1 { "" } else { "s" });
        Problem::new(kind, detail).with("problems", problems.iter().map(located).collect::<Vec<Value>>())
    }
}

fn located(problem: &Located) -> Value {
    json!({
        "file": problem.file, "line": problem.line, "column": problem.column,
        "message": problem.message.en, "message_ko": problem.message.ko, "nearest": problem.nearest,
    })
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (slug, status, ko, en) = self.kind.row();
        let mut document = Map::new();
        document.insert("type".to_owned(), format!("/problems/{slug}").into());
        document.insert("title".to_owned(), en.into());
        document.insert("title_ko".to_owned(), ko.into());
        document.insert("status".to_owned(), status.into());
        document.insert("detail".to_owned(), self.detail.into());
        document.extend(self.more);
        let status = StatusCode::from_u16(status).expect("the table has HTTP statuses only");
        let mut response = (status, Value::Object(document).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.kind {
            Kind::Unauthorized => headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Kind::DiskFull => headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER)),
            Kind::Overloaded | Kind::IdempotencyKeyInUse | Kind::TooManyRequests => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"))
            }
            _ => None,
        };
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let kind = match refusal {
            Refusal::Ended => Kind::RunEnded,
            Refusal::NotPaced => Kind::NotPaced,
            Refusal::Full => Kind::DiskFull,
            Refusal::Busy => Kind::Overloaded,
            Refusal::NotLive => Kind::NotLive,
            Refusal::NotPaused => Kind::NotPaused,
            Refusal::Lockstep => Kind::Lockstep,
            Refusal::Rejected(Rejection::UnknownFault) => Kind::UnknownFault,
            Refusal::Rejected(Rejection::FaultNameTaken) => Kind::FaultNameTaken,
            Refusal::Rejected(_) => Kind::Rejected,
        };
        Problem::new(kind, refusal.to_string())
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Problem {
        match error {
            StartError::UnknownScenario { name, nearest } => {
                Problem::new(Kind::UnknownScenario, format!("no scenario is called '{}'", cut(&name)))
                    .with("nearest", nearest)
            }
            StartError::Unreadable(problems) => Problem::located(Kind::ScenarioProblems, &problems),
            StartError::Busy(Some(run)) => {
                Problem::new(Kind::Busy, format!("run {run} is going on")).with("run", run.to_string())
            }
            StartError::Busy(None) => Problem::new(Kind::Busy, "a run is being started"),
            StartError::Full(message) => Problem::new(Kind::DiskFull, message),
            StartError::Failed(message) => Problem::new(Kind::Failed, message),
        }
    }
}

impl From<DeleteError> for Problem {
    fn from(error: DeleteError) -> Problem {
        match error {
            DeleteError::Full(message) => Problem::new(Kind::DiskFull, message),
            DeleteError::Failed(message) => Problem::new(Kind::Failed, message),
        }
    }
}

impl From<RecallError> for Problem {
    fn from(error: RecallError) -> Problem {
        match error {
            RecallError::Unreadable { why, folder } => {
                let detail = format!("{why}; what there is of it lies in its folder");
                Problem::new(Kind::RunUnreadable, detail).with("folder", folder)
            }
            RecallError::Busy => Problem::new(Kind::Overloaded, "another run is being played again"),
            RecallError::Failed(message) => Problem::new(Kind::Failed, message),
        }
    }
}

/// What was found, cut to a length that a message can carry.
pub fn cut(found: &str) -> String {
    const CHARS_MAX: usize = 40;
    match found.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &found[..end]),
        None => found.to_owned(),
    }
}

/// The known word nearest to one that is not known; `None` if none is near.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Long nonsense is not worth a comparison.
    let wanted: String = wanted.chars().take(64).collect();
    let distance = |word: &str| strsim::damerau_levenshtein(&wanted, word);
    let near = known.into_iter().min_by_key(|word| distance(word))?;
    (distance(near) * 2 <= near.chars().count().max(wanted.chars().count())).then_some(near)
}

/// `GET /problems/{kind}`: what a `type` means.
pub async fn explain(Name(slug): Name) -> Result<Json<ExplainedBody>, Problem> {
    let kind = Kind::ALL.iter().find(|kind| kind.row().0 == slug);
    let Some(kind) = kind else {
        return Err(Problem::new(Kind::NotFound, format!("no problem is called '{}'", cut(&slug))));
    };
    let (slug, status, title_ko, title) = kind.row();
    Ok(Json(ExplainedBody { r#type: format!("/problems/{slug}"), title, title_ko, status }))
}
