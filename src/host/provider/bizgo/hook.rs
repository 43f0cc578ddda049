//! The webhook: one report a request, signed, taken when the answer repeats its key.
//!
//! `X-IB-Signature` is HMAC-SHA256 of `X-IB-Timestamp` (milliseconds of the real clock, because receivers compare it
//! with theirs) under the account's secret, in hex digits; the SDK takes hex and base64. The body is not signed.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue};
use bytes::Bytes;
use serde_json::Value;

use crate::host::control::books::{Books, Place};
use crate::host::control::run::Run;
use crate::host::provider::Providers;
use crate::host::provider::bizgo::CONTRACT;
use crate::host::provider::bizgo::report::{self, Report};
use crate::host::provider::ears;
use crate::host::provider::hooks::{Hook, Reports};
use crate::host::provider::signature;

/// When it is tried again: three requests in all (assumed: how long the vendor waits between them).
const WAITS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];

/// Tells reports.
pub struct Results;

impl Reports for Results {
    fn contract(&self) -> &'static str {
        CONTRACT
    }

    fn hooks(&self, providers: &Providers, run: &Run, news: &[Place]) -> Vec<Hook> {
        // Several words of one message in the same lot are one report, as it stands now.
        let places: BTreeMap<(u32, u32), Place> = news.iter().map(|place| ((place.call, place.item), *place)).collect();
        let due = |books: &mut Books| {
            let due = places.values().filter_map(|place| report::at_place(run, books, *place));
            due.filter(|report| ears::is_untold(&report.last)).collect()
        };
        let reports: Vec<Report> = run.books(due);
        reports.into_iter().map(|report| hook(&providers.accounts.owner(&report.owner).secret, report)).collect()
    }

    fn taken(&self, hook: &Hook, status: u16, body: &[u8]) -> bool {
        let key = |body: &[u8]| {
            let value: Value = serde_json::from_slice(body).ok()?;
            value["msgKey"].as_str().map(str::to_owned)
        };
        (200..300).contains(&status) && key(body).is_some_and(|answered| Some(answered) == key(&hook.body))
    }

    fn waits(&self) -> &'static [Duration] {
        &WAITS
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(5)
    }
}

fn hook(secret: &str, report: Report) -> Hook {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis().to_string();
    let text = |text: &str| HeaderValue::from_str(text).expect("digits are a header's value");
    let headers = vec![
        (CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8")),
        (HeaderName::from_static("x-ib-timestamp"), text(&now)),
        (HeaderName::from_static("x-ib-signature"), text(&signature::hex(secret, now.as_bytes()))),
    ];
    Hook { body: Bytes::from(report.row.to_string()), headers, tells: report.told, whole: None }
}
