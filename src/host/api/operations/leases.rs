//! Operations of leases on time, which only a run in lock-step knows.

use axum::routing::{delete, get, post};

use crate::host::api::lease::{self, IdleBody, LeaseBody, LeasesBody, MovedBody, TakeBody};
use crate::host::api::problem::Kind;
use crate::host::api::routes::{Content, Operation, Verb};

const LEASE: [Kind; 3] = [Kind::NoRun, Kind::NotLockstep, Kind::UnknownLease];

/// All of them.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        verb: Verb::Post,
        path: "/v1/clock/leases",
        id: "takeLease",
        ko: "시간을 임대한다: 보조 맞춤 실행은 임대한 쪽이 모두 쉴 때만 시간이 간다",
        en: "Takes a lease on the time of a run in lock-step; it is busy until its application says otherwise.",
        query: &[],
        body: Some(|schemas| schemas.subschema_for::<TakeBody>()),
        answer: (201, Content::Json(|schemas| schemas.subschema_for::<LeaseBody>())),
        problems: &[Kind::NoRun, Kind::NotLockstep, Kind::Overloaded],
        handler: || post(lease::take),
    },
    Operation {
        verb: Verb::Get,
        path: "/v1/clock/leases",
        id: "listLeases",
        ko: "누가 시간을 붙들고 있는지",
        en: "Who holds the time of a run in lock-step.",
        query: &[],
        body: None,
        answer: (200, Content::Json(|schemas| schemas.subschema_for::<LeasesBody>())),
        problems: &[Kind::NoRun, Kind::NotLockstep],
        handler: || get(lease::list),
    },
    Operation {
        verb: Verb::Ask,
        path: "/v1/clock/leases/{id}/idle",
        id: "idleLease",
        ko: "할 일이 없다고 하고, 시간이 그때까지 가기를 기다린다",
        en: "Says that the application has nothing to do before an instant, and waits for it.",
        query: &[],
        body: Some(|schemas| schemas.subschema_for::<IdleBody>()),
        answer: (200, Content::Json(|schemas| schemas.subschema_for::<MovedBody>())),
        problems: &LEASE,
        handler: || post(lease::idle),
    },
    Operation {
        verb: Verb::Post,
        path: "/v1/clock/leases/{id}/busy",
        id: "busyLease",
        ko: "일하고 있다고 한다 (살아 있다는 신호이기도 하다)",
        en: "Says that the application works; also a sign of life.",
        query: &[],
        body: None,
        answer: (200, Content::Json(|schemas| schemas.subschema_for::<LeaseBody>())),
        problems: &LEASE,
        handler: || post(lease::busy),
    },
    Operation {
        verb: Verb::Delete,
        path: "/v1/clock/leases/{id}",
        id: "releaseLease",
        ko: "임대를 돌려준다",
        en: "Gives a lease back.",
        query: &[],
        body: None,
        answer: (200, Content::Json(|schemas| schemas.subschema_for::<LeaseBody>())),
        problems: &LEASE,
        handler: || delete(lease::release),
    },
];
