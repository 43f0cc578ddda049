//! The class's addresses, one row each: the router and the document are made from this table.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawPathParams, Request};
use axum::middleware::{Next, from_fn};
use axum::routing::{MethodRouter, delete, get, post};
use schemars::{Schema, SchemaGenerator};

use crate::host::class::problem::{self, Kind};
use crate::host::class::student::{BeliefBody, ComplaintBody, JoinBody, SeatBody, TakenBody};
use crate::host::class::teacher::{CastBody, ClosedBody, OpenBody, TellBody};
use crate::host::class::{Class, deeds, live, student, teacher};

/// Makes the JSON Schema of a type.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// One method of one address.
pub struct Operation {
    /// The method, in small letters.
    pub verb: &'static str,
    /// The address.
    pub path: &'static str,
    /// Its name in generated clients.
    pub id: &'static str,
    /// What it does, in Korean.
    pub ko: &'static str,
    /// What it does, in English.
    pub en: &'static str,
    /// The JSON body that it takes.
    pub body: Option<Shape>,
    /// Status and shape of the answer; no shape: an event stream at 200, nothing at 204.
    pub answer: (u16, Option<Shape>),
    /// Whether it is asked with the key of a seat.
    pub seat: bool,
    /// What may go wrong besides what may always go wrong with such a request.
    pub problems: &'static [Kind],
    /// Who answers.
    pub handler: fn() -> MethodRouter<Arc<Class>>,
}

const ANY: Shape = |_| schemars::json_schema!({ "type": "object" });
const CLASS: Shape = |_| {
    schemars::json_schema!({
        "type": "object",
        "description": "The class as its teacher sees it.",
        "required": ["code", "join", "qr", "seats", "members", "lines", "complaints", "asked_us", "lunch", "revealed", "run", "truth"],
    })
};

/// All operations.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        verb: "post",
        path: "/v1/class",
        id: "openClass",
        ko: "수업을 연다",
        en: "Opens a class; one at a time.",
        body: Some(|schemas| schemas.subschema_for::<OpenBody>()),
        answer: (201, Some(CLASS)),
        seat: false,
        problems: &[problem::CLASS_OPEN, problem::FAILED],
        handler: || post(teacher::open),
    },
    Operation {
        verb: "get",
        path: "/v1/class",
        id: "getClass",
        ko: "수업의 현재 상태 (교사용)",
        en: "The class, as its teacher sees it.",
        body: None,
        answer: (200, Some(CLASS)),
        seat: false,
        problems: &[problem::NO_CLASS],
        handler: || get(teacher::show),
    },
    Operation {
        verb: "delete",
        path: "/v1/class",
        id: "endClass",
        ko: "수업을 끝낸다. 별명과 답은 모두 사라진다",
        en: "Ends the class; nicknames and answers are gone.",
        body: None,
        answer: (200, Some(|schemas| schemas.subschema_for::<ClosedBody>())),
        seat: false,
        problems: &[problem::NO_CLASS],
        handler: || delete(teacher::close),
    },
    Operation {
        verb: "get",
        path: "/v1/class/live",
        id: "watchClass",
        ko: "수업의 변화 (교사용)",
        en: "The class, as server-sent events.",
        body: None,
        answer: (200, None),
        seat: false,
        problems: &[problem::NO_CLASS, problem::OVERLOADED],
        handler: || get(live::for_teacher),
    },
    Operation {
        verb: "post",
        path: "/v1/class/tell",
        id: "tellClass",
        ko: "모두에게 한 줄을 말한다",
        en: "Tells everybody a line.",
        body: Some(|schemas| schemas.subschema_for::<TellBody>()),
        answer: (200, Some(CLASS)),
        seat: false,
        problems: &[problem::NO_CLASS],
        handler: || post(teacher::tell),
    },
    Operation {
        verb: "post",
        path: "/v1/class/ask",
        id: "askClass",
        ko: "지금 무엇을 믿는지 묻는다",
        en: "Asks everybody what they believe now.",
        body: None,
        answer: (200, Some(CLASS)),
        seat: false,
        problems: &[problem::NO_CLASS, problem::NO_RUN, problem::TOO_MANY_QUESTIONS],
        handler: || post(teacher::ask),
    },
    Operation {
        verb: "post",
        path: "/v1/class/lunch",
        id: "ringLunch",
        ko: "점심종을 친다",
        en: "Rings the bell for lunch: phones that waited for it may be opened.",
        body: None,
        answer: (200, Some(CLASS)),
        seat: false,
        problems: &[problem::NO_CLASS],
        handler: || post(teacher::lunch),
    },
    Operation {
        verb: "post",
        path: "/v1/class/reveal",
        id: "revealClass",
        ko: "모두에게 공개한다",
        en: "Lets everybody know everything.",
        body: None,
        answer: (200, Some(CLASS)),
        seat: false,
        problems: &[problem::NO_CLASS],
        handler: || post(teacher::reveal),
    },
    Operation {
        verb: "get",
        path: "/v1/class/debrief",
        id: "debriefClass",
        ko: "그때 믿은 것과 사실",
        en: "What each role saw and believed at an instant, and what was true.",
        body: None,
        answer: (200, Some(ANY)),
        seat: false,
        problems: &[problem::NO_CLASS, problem::NO_RUN, problem::INVALID_QUERY, problem::OVERLOADED],
        handler: || get(teacher::debrief),
    },
    Operation {
        verb: "post",
        path: "/v1/class/members/{number}",
        id: "castMember",
        ko: "역할을 바꾼다",
        en: "Gives a member another role.",
        body: Some(|schemas| schemas.subschema_for::<CastBody>()),
        answer: (200, Some(CLASS)),
        seat: false,
        problems: &[problem::NO_CLASS, problem::UNKNOWN_MEMBER],
        handler: || post(teacher::cast),
    },
    Operation {
        verb: "delete",
        path: "/v1/class/members/{number}",
        id: "dismissMember",
        ko: "자리를 거둔다",
        en: "Takes a seat back.",
        body: None,
        answer: (200, Some(CLASS)),
        seat: false,
        problems: &[problem::NO_CLASS, problem::UNKNOWN_MEMBER, problem::INVALID_REQUEST],
        handler: || delete(teacher::dismiss),
    },
    Operation {
        verb: "post",
        path: "/v1/class/seats",
        id: "joinClass",
        ko: "수업 코드로 들어온다",
        en: "Takes a seat, with the class code.",
        body: Some(|schemas| schemas.subschema_for::<JoinBody>()),
        answer: (201, Some(|schemas| schemas.subschema_for::<SeatBody>())),
        seat: false,
        problems: &[
            problem::NO_CLASS,
            problem::WRONG_CODE,
            problem::CLASS_FULL,
            problem::NICKNAME_TAKEN,
            problem::BAD_NICKNAME,
            problem::TOO_MANY_REQUESTS,
            problem::FAILED,
        ],
        handler: || post(student::join),
    },
    Operation {
        verb: "get",
        path: "/v1/class/seat",
        id: "getSeat",
        ko: "내 자리에서 보이는 것",
        en: "What a seat may know.",
        body: None,
        answer: (200, Some(ANY)),
        seat: true,
        problems: &[],
        handler: || get(student::show),
    },
    Operation {
        verb: "delete",
        path: "/v1/class/seat",
        id: "leaveClass",
        ko: "자리를 내놓는다",
        en: "Gives a seat up.",
        body: None,
        answer: (204, None),
        seat: true,
        problems: &[],
        handler: || delete(student::leave),
    },
    Operation {
        verb: "get",
        path: "/v1/class/seat/live",
        id: "watchSeat",
        ko: "내 자리에서 보이는 것의 변화",
        en: "What a seat may know, as server-sent events.",
        body: None,
        answer: (200, None),
        seat: true,
        problems: &[problem::OVERLOADED],
        handler: || get(live::for_seat),
    },
    Operation {
        verb: "post",
        path: "/v1/class/seat/belief",
        id: "answerQuestion",
        ko: "지금 믿는 것을 적는다",
        en: "Answers the teacher's last question.",
        body: Some(|schemas| schemas.subschema_for::<BeliefBody>()),
        answer: (200, Some(|schemas| schemas.subschema_for::<TakenBody>())),
        seat: true,
        problems: &[problem::NOT_ASKED, problem::TOO_MANY_REQUESTS],
        handler: || post(student::believe),
    },
    Operation {
        verb: "post",
        path: "/v1/class/seat/complaint",
        id: "complain",
        ko: "언론에 제보한다",
        en: "Writes to the press.",
        body: Some(|schemas| schemas.subschema_for::<ComplaintBody>()),
        answer: (200, Some(|schemas| schemas.subschema_for::<TakenBody>())),
        seat: true,
        problems: &[problem::NO_RUN, problem::TOO_MANY_REQUESTS],
        handler: || post(student::complain),
    },
    Operation {
        verb: "get",
        path: "/v1/class/seat/debrief",
        id: "debriefSeat",
        ko: "그때 믿은 것과 사실, 공개된 뒤에",
        en: "What each role saw and believed at an instant, once it is revealed.",
        body: None,
        answer: (200, Some(ANY)),
        seat: true,
        problems: &[problem::NOT_REVEALED, problem::NO_RUN, problem::INVALID_QUERY, problem::OVERLOADED],
        handler: || get(student::debrief),
    },
];

impl Operation {
    /// Everything that may go wrong.
    pub fn all_problems(&self) -> Vec<Kind> {
        let mut kinds = self.problems.to_vec();
        if self.body.is_some() {
            kinds.extend([problem::INVALID_JSON, problem::INVALID_REQUEST, problem::BODY_TOO_LARGE]);
            kinds.push(problem::UNSUPPORTED_MEDIA_TYPE);
        }
        if self.seat {
            kinds.extend([problem::NO_CLASS, problem::UNKNOWN_SEAT]);
        }
        kinds
    }
}

/// The routes. What the teacher does is written down.
pub fn router(class: Arc<Class>) -> Router {
    let routes = OPERATIONS.iter().fold(Router::new(), |router, operation| {
        let handler = (operation.handler)();
        if !deeds::WHAT.contains(&operation.id) {
            return router.route(operation.path, handler);
        }
        let (class, id) = (class.clone(), operation.id);
        let told = from_fn(move |params: RawPathParams, request: Request, next: Next| {
            deeds::write_down(class.clone(), id, params, request, next)
        });
        router.route(operation.path, handler.route_layer(told))
    });
    routes.with_state(class)
}
