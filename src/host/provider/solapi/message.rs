//! A message as an application writes it, and what the engine takes: for whom, which words, and what is sent instead.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::host::control::run::Run;
use crate::host::provider::recipients::{self, Nobody};
use crate::host::provider::senders::Senders;
use crate::host::provider::solapi::codes::{self, Status};
use crate::host::provider::solapi::kept::Kept;
use crate::host::provider::templates;
use crate::sim::engine::call::{HandIn, Said, Step};
use crate::sim::medium::measure::{cp949_bytes, length, within};
use crate::sim::model::ids::KindId;
use crate::sim::model::medium::Medium;

/// Longest short text in bytes of CP949, and longest subject.
const SMS_BYTES: u32 = 90;
/// Longest alimtalk in characters, its variables filled: the vendor's list says 1,000 at 1031, though Kakao takes more.
const ALIMTALK_CHARS: usize = 1_000;

/// A message of a request. What bongsu does not know is ignored, as the vendor does.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wanted {
    /// One number, or several.
    pub to: To,
    /// The sender's number.
    pub from: Option<String>,
    /// The text; beside a template, what is sent instead.
    pub text: Option<String>,
    /// The subject of a long text.
    pub subject: Option<String>,
    /// The country, `82`.
    pub country: Option<Value>,
    /// The type, where somebody says so.
    pub r#type: Option<String>,
    /// Channel, template, variables, and whether no text is sent instead.
    pub kakao_options: Option<Box<RawValue>>,
    /// Fields of the application's own.
    pub custom_fields: Option<Map<String, Value>>,
}

/// One number, or several.
#[derive(Clone, Debug)]
pub enum To {
    /// One.
    One(String),
    /// Several: as many messages.
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for To {
    /// What is no text is taken as it is written: it is one message's mistake, and not the request's.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<To, D::Error> {
        let text = |one: Value| match one {
            Value::Null => String::new(),
            Value::String(text) => text,
            other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
        };
        Ok(match Value::deserialize(from)? {
            Value::Array(several) => To::Many(several.into_iter().map(text).collect()),
            one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                To::One(text(one))
            }
        })
    }
}

impl Default for To {
    fn default() -> To {
        To::One(String::new())
    }
}

/// The parts of `kakaoOptions` that matter here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct KakaoOptions<'a> {
    #[serde(borrow)]
    pf_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    template_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    variables: Option<BTreeMap<Name<'a>, &'a RawValue>>,
    disable_sms: Option<bool>,
}

/// The name of a variable, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// A variable's value as its text: what is no text is taken as it is written.
fn value(given: &RawValue) -> Cow<'_, str> {
    let text: Option<Name<'_>> = serde_json::from_str(given.get()).ok();
    text.map_or(Cow::Borrowed(given.get()), |text| text.0)
}

/// A message that was refused when it was handed in.
#[derive(Clone, Debug)]
pub struct Failed {
    /// What it would have been.
    pub kept: Kept,
    /// Why.
    pub why: Status,
    /// More than the code says.
    pub more: Option<String>,
}

impl Failed {
    /// A row of `failedMessageList`.
    pub fn row(&self, id: &str, account: &str) -> Value {
        let words = self.more.clone().unwrap_or_else(|| self.why.words());
        row(&self.kept, id, account, self.why.0, &words)
    }
}

/// A message as the answers of a send list it.
pub fn row(kept: &Kept, id: &str, account: &str, code: &str, words: &str) -> Value {
    let mut row = json!({
        "to": kept.to, "from": kept.from, "type": kept.kind, "statusMessage": words, "country": "82",
        "messageId": id, "statusCode": code, "accountId": account,
    });
    if let Some(custom) = &kept.custom {
        row["customFields"] = Value::Object(custom.clone());
    }
    row
}

impl Wanted {
    /// The messages that it is: one a number.
    pub fn each(self) -> Vec<Wanted> {
        match &self.to {
            To::One(_) => vec![self],
            To::Many(numbers) => numbers.iter().map(|to| Wanted { to: To::One(to.clone()), ..self.clone() }).collect(),
        }
    }

    /// Takes one message; `seen` are the numbers that the request or group has already.
    pub fn take(
        &self,
        run: &Run,
        senders: &Senders,
        seen: &mut BTreeSet<String>,
        allow_duplicates: bool,
    ) -> Result<HandIn, Box<Failed>> {
        let written = match &self.to {
            To::One(to) => to.as_str(),
            To::Many(_) => "",
        };
        let to: String = written.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        let kakao = self.kakao_options.as_ref().and_then(|options| serde_json::from_str(options.get()).ok());
        let kakao: KakaoOptions<'_> = kakao.unwrap_or_default();
        let text = self.text.as_deref().unwrap_or_default();
        let subject = self.subject.as_deref().unwrap_or_default();
        let kind = self.kind(&kakao, text, subject);
        let kept = Kept {
            to: to.clone(),
            from: self.from.clone().unwrap_or_default().replace('-', ""),
            kind: kind.clone(),
            kakao: self.kakao_options.clone(),
            custom: self.custom_fields.clone(),
        };
        let failed = |why: Status, more: Option<String>| Box::new(Failed { kept: kept.clone(), why, more });
        if written.is_empty() {
            return Err(failed(codes::MISSING, None));
        }
        let person = recipients::person(run, written).map_err(|nobody| {
            let (ko, en) = nobody.words();
            let why = if nobody == Nobody::NotHere { codes::NO_ROUTE } else { codes::FORMAT };
            failed(why, Some(format!("{}: {ko} / {en}", why.1)))
        })?;
        let (template, steps) = match kind.as_str() {
            "ATA" => self.alimtalk(run, &kakao).map_err(|(why, more)| failed(why, more))?,
            "SMS" | "LMS" => (None, vec![plain(&kind, subject, text)]),
            _ => return Err(failed(codes::TYPE, None)),
        };
        self.fits(run, senders, &steps, &kept.from).map_err(|why| failed(why, None))?;
        if !seen.insert(to) && !allow_duplicates {
            return Err(failed(codes::DUPLICATE, None));
        }
        Ok(HandIn { person, kind: template, note: kept.written().into(), steps, on_uncertain: false })
    }

    /// What it is: what it says, an alimtalk by its template, or a text by its length.
    fn kind(&self, kakao: &KakaoOptions<'_>, text: &str, subject: &str) -> String {
        match &self.r#type {
            Some(kind) => kind.to_ascii_uppercase(),
            None if kakao.template_id.is_some() => "ATA".to_owned(),
            None if fits_sms(subject, text) => "SMS".to_owned(),
            None => "LMS".to_owned(),
        }
    }

    /// The alimtalk, and the text instead of it.
    fn alimtalk(&self, run: &Run, kakao: &KakaoOptions<'_>) -> Result<Taken, (Status, Option<String>)> {
        if kakao.pf_id.as_deref().unwrap_or_default().is_empty() {
            return Err((codes::CHANNEL, None));
        }
        let code = kakao.template_id.as_deref().unwrap_or_default();
        let found = templates::find(&run.plan, code).ok_or((codes::TEMPLATE, None))?;
        let variables = kakao.variables.iter().flatten();
        let values: Vec<(&str, Cow<'_, str>)> = variables.map(|(name, given)| (&*name.0, value(given))).collect();
        let values = values.iter().map(|(name, value)| (*name, &**value));
        let text = templates::filled(&found, values).map_err(|missing| {
            let names = missing.iter().map(|name| format!("#{{{name}}}")).collect::<Vec<_>>().join(", ");
            (codes::CONTENT, Some(format!("변수 값이 없습니다: {names} / no value for {names}")))
        })?;
        let instead = self.text.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| text.clone());
        let said = Arc::new(Said { title: String::new(), text });
        let mut steps = vec![Step { medium: Medium::Alimtalk, said, answer: None }];
        if !kakao.disable_sms.unwrap_or(false) {
            let subject = self.subject.as_deref().unwrap_or_default();
            let kind = if fits_sms(subject, &instead) { "SMS" } else { "LMS" };
            steps.push(plain(kind, subject, &instead));
        }
        Ok((Some(found.id), steps))
    }

    /// What is looked at before a message is taken: the first step's length, and the number that a text comes from.
    fn fits(&self, run: &Run, senders: &Senders, steps: &[Step], from: &str) -> Result<(), Status> {
        let first = &steps[0];
        if first.said.text.is_empty() {
            return Err(codes::MISSING);
        }
        let limit = run.plan.medium(first.medium).limit;
        // Characters that cannot be carried have no length: the carrier refuses them, later.
        let long = first.medium == Medium::Alimtalk && first.said.text.chars().count() > ALIMTALK_CHARS;
        if long || length(limit, &first.said.text).is_some_and(|length| !within(limit, length)) {
            return Err(codes::TOO_LONG);
        }
        let texts = steps.iter().any(|step| step.medium != Medium::Alimtalk);
        // An alimtalk alone needs no number; one that is named is looked at all the same.
        if (texts || !from.is_empty()) && !senders.has(from) { Err(codes::SENDER) } else { Ok(()) }
    }
}

type Taken = (Option<KindId>, Vec<Step>);

fn plain(kind: &str, subject: &str, text: &str) -> Step {
    let medium = if kind == "SMS" { Medium::Sms } else { Medium::Lms };
    let title = if kind == "SMS" { String::new() } else { subject.to_owned() };
    Step { medium, said: Arc::new(Said { title, text: text.to_owned() }), answer: None }
}

fn fits_sms(subject: &str, text: &str) -> bool {
    subject.is_empty() && cp949_bytes(text).is_some_and(|bytes| bytes <= SMS_BYTES)
}
