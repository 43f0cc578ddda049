//! Templates, to read: what the scenario has. `TSC01` requested, `TSC02` inspecting, `TSC03` approved, `TSC04` rejected;
//! one that is blocked or dormant is approved all the same here, and says so in fields of its own.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response};
use serde_json::{Value, json};

use crate::host::provider::nhn::Nhn;
use crate::host::provider::nhn::answer::{Fault, reply, success};
use crate::host::provider::reception::Closed;
use crate::host::provider::templates::{self, Found};
use crate::sim::plan::message::Review;

/// All templates.
pub async fn list(
    State(nhn): State<Arc<Nhn>>,
    Path(path): Path<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response<Body> {
    let list = || {
        nhn.admit(named(&path, "appkey"), &headers)?;
        let run = nhn.providers.run_to_ask().ok_or(Closed::NoRun)?;
        let rows: Vec<Value> = templates::all(&run.plan).map(|found| row(&found, named(&path, "sender"))).collect();
        let response = json!({ "totalCount": rows.len(), "templates": rows });
        Ok(json!({ "header": success(), "templateListResponse": response }))
    };
    reply(list())
}

/// One template.
pub async fn one(
    State(nhn): State<Arc<Nhn>>,
    Path(path): Path<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response<Body> {
    let one = || {
        nhn.admit(named(&path, "appkey"), &headers)?;
        let run = nhn.providers.run_to_ask().ok_or(Closed::NoRun)?;
        let found = templates::find(&run.plan, named(&path, "code"));
        let found = found.ok_or_else(|| Fault::of(4, "그런 템플릿이 없습니다", "no such template"))?;
        Ok(json!({ "header": success(), "template": row(&found, named(&path, "sender")) }))
    };
    reply(one())
}

fn named<'p>(path: &'p [(String, String)], name: &str) -> &'p str {
    path.iter().find(|part| part.0 == name).map_or("", |part| part.1.as_str())
}

fn row(found: &Found<'_>, sender: &str) -> Value {
    let code = found.content.template.as_ref().map_or("", |template| template.code.as_str());
    let (status, name) = match found.review {
        Review::Requested => ("TSC01", "요청"),
        Review::Inspecting => ("TSC02", "검수 중"),
        Review::Approved | Review::Dormant | Review::Blocked => ("TSC03", "승인"),
        Review::Rejected => ("TSC04", "반려"),
    };
    let button = |(ordering, button): (usize, &crate::sim::plan::message::Button)| json!({ "ordering": ordering, "type": button.kind, "name": button.label });
    let buttons: Vec<Value> = (1..).zip(&found.content.buttons).map(button).collect();
    json!({
        "senderKey": sender,
        "templateCode": code,
        "templateName": found.kind.title.ko,
        "templateContent": templates::reviewed(found),
        "status": status,
        "statusName": name,
        "dormant": found.review == Review::Dormant,
        "block": found.review == Review::Blocked,
        "buttons": buttons,
    })
}
