//! The webhook `MESSAGE_RESULT_UPDATE`: results of Kakao messages, up to a hundred in one request.
//!
//! `X-Toast-Webhook-Signature` is "the signature that was entered with the webhook" (webhook-api-guide.md): a fixed
//! text, and the account's secret here. How often a webhook that was not taken is tried again, the page does not say:
//! assumed three times, after 10 s, 1 min and 5 min; taken is any status of 200 to 299.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::host::control::books::{Books, Place};
use crate::host::control::run::Run;
use crate::host::provider::Providers;
use crate::host::provider::ears;
use crate::host::provider::hooks::{Hook, Reports};
use crate::host::provider::nhn::note::{self, CallNote, ItemNote};
use crate::host::provider::nhn::number::request_id;
use crate::host::provider::nhn::{CONTRACT, result};
use crate::sim::engine::call::Tale;

/// Results of one request.
const LOT: usize = 100;
/// When it is tried again.
const WAITS: [Duration; 3] = [Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(300)];

/// Tells results.
pub struct Results;

impl Reports for Results {
    fn contract(&self) -> &'static str {
        CONTRACT
    }

    fn hooks(&self, providers: &Providers, run: &Run, news: &[Place]) -> Vec<Hook> {
        // Several words of one message in the same lot are one result, as it stands now.
        let places: BTreeSet<Place> = news.iter().copied().filter(|place| place.step == 0).collect();
        let mut rows: Vec<(String, Value, Tale)> =
            run.books(|books| places.iter().filter_map(|place| row(run, books, *place)).collect());
        // One request names one app key.
        rows.sort_by(|one, other| one.0.cmp(&other.0));
        let lots = rows.chunk_by(|one, other| one.0 == other.0).flat_map(|app| app.chunks(LOT));
        lots.map(|lot| hook(providers, lot)).collect()
    }

    fn taken(&self, _hook: &Hook, status: u16, _body: &[u8]) -> bool {
        (200..300).contains(&status)
    }

    fn waits(&self) -> &'static [Duration] {
        &WAITS
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(10)
    }
}

fn hook(providers: &Providers, lot: &[(String, Value, Tale)]) -> Hook {
    let account = providers.accounts.owner(&lot[0].0);
    let rows: Vec<&Value> = lot.iter().map(|row| &row.1).collect();
    let body = json!({
        "hooksId": format!("H{}", rows[0]["hookId"].as_str().unwrap_or_default()),
        "webhookConfigId": "bongsu",
        "productName": "KakaoTalk Bizmessage",
        "appKey": lot[0].0,
        "event": "MESSAGE_RESULT_UPDATE",
        "hooks": rows,
    });
    let json = HeaderValue::from_static("application/json;charset=UTF-8");
    let mut headers = vec![(CONTENT_TYPE, json)];
    // An account's secret is plain ASCII: `Account::parse` asks for it.
    headers.extend(
        HeaderValue::from_str(&account.secret)
            .map(|signature| (HeaderName::from_static("x-toast-webhook-signature"), signature)),
    );
    Hook { body: Bytes::from(body.to_string()), headers, tells: lot.iter().map(|row| row.2).collect(), whole: None }
}

/// A result; `None` if it is no news.
fn row(run: &Run, books: &Books, place: Place) -> Option<(String, Value, Tale)> {
    let call = books.call(place.call)?;
    let item = books.item(place)?;
    let step = item.steps.first()?;
    let told = step.told?;
    if !step.is_untold(ears::said(told)) {
        return None;
    }
    let of: CallNote = note::read(&call.note);
    let seat: ItemNote = note::read(&item.note);
    let request = request_id(run, call.number, call.at);
    let (class, path) = if of.auth { ("ALIMTALK_AUTH", "/auth") } else { ("ALIMTALK_NORMAL", "") };
    let href = format!("/alimtalk/v2.3/appkeys/{}{path}/messages/{request}/{}", of.app, seat.seq);
    let row = json!({
        "kakaoMessageType": class,
        "requestId": request,
        "recipientSeq": seat.seq,
        "requestDate": result::date(run, call.at),
        "createDate": result::date(run, call.at),
        "receiveDate": result::date(run, told.at),
        "recipientNo": seat.no,
        "resultCode": result::code(told),
        "senderGroupingKey": of.group,
        "recipientGroupingKey": seat.key,
        "isAddedChannel": null,
        "_links": { "self": { "href": href } },
        "hookId": format!("{request}-{}-{}", seat.seq, result::code(told)),
    });
    Some((of.app, row, (step.attempt, ears::said(told), told.code)))
}
