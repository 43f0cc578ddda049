//! The flow: messages in their order, each tried when the one before has failed, worded for one recipient.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use crate::host::provider::bizgo::answer::Fault;
use crate::host::provider::body::Object;
use crate::host::provider::senders::Senders;
use crate::host::provider::templates::{self, Found};
use crate::sim::engine::call::{STEPS_MAX, Said, Step};
use crate::sim::medium::Answer;
use crate::sim::medium::measure::cp949_bytes;
use crate::sim::model::ids::KindId;
use crate::sim::model::medium::Medium;
use crate::sim::plan::Plan;
use crate::sim::time::Span;

/// Most bytes of a short text and of a long one, in EUC-KR.
const SMS_MAX: u32 = 90;
const MMS_MAX: u32 = 2_000;
/// Most characters of an alimtalk, its words filled.
const ALIMTALK_MAX: usize = 1_300;
/// Seconds that may be waited for a receipt, and are if nobody says.
const TIMEOUT_S: std::ops::RangeInclusive<u64> = 10..=86_400;
const TIMEOUT_USUAL_S: u64 = 180;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Alimtalk {
    msg_type: Option<String>,
    sender_key: String,
    template_code: String,
    send_type: Option<String>,
    response_method: Option<String>,
    timeout: Option<Value>,
    text: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Plain {
    from: String,
    title: Option<String>,
    text: String,
}

/// A flow that was judged.
pub struct Flow<'p> {
    stages: Vec<Stage<'p>>,
}

enum Stage<'p> {
    /// A template whose words are filled for each.
    Template { found: Found<'p>, answer: Answer },
    /// A text in full.
    Text { medium: Medium, kind: Option<KindId>, title: String, text: String, answer: Option<Answer> },
}

impl<'p> Flow<'p> {
    /// Judges the flow of a request.
    pub fn read(plan: &'p Plan, senders: &Senders, flow: &[BTreeMap<String, Value>]) -> Result<Flow<'p>, Fault> {
        if !(1..=STEPS_MAX).contains(&flow.len()) {
            let en = format!("messageFlow: expected 1 to {STEPS_MAX} messages, found {}", flow.len());
            return Err(Fault::bad("A300", "messageFlow의 메시지 수가 맞지 않습니다", &en));
        }
        let stages = flow.iter().map(|stage| {
            let mut channels = stage.iter();
            match (channels.next(), channels.next()) {
                (Some((channel, message)), None) => read_stage(plan, senders, channel, message),
                (None, _) | (Some(_), Some(_)) => {
                    let en = "messageFlow: expected one channel in each place";
                    Err(Fault::bad("A300", "messageFlow의 각 자리에는 채널이 하나여야 합니다", en))
                }
            }
        });
        Ok(Flow { stages: stages.collect::<Result<_, _>>()? })
    }

    /// The kind of notice that it is, where a template says so.
    pub fn kind(&self) -> Option<KindId> {
        self.stages.iter().find_map(|stage| match stage {
            Stage::Template { found, .. } => Some(found.id),
            Stage::Text { kind, .. } => *kind,
        })
    }

    /// The steps of one recipient.
    pub fn steps(&self, words: &BTreeMap<String, String>) -> Result<Vec<Step>, Fault> {
        let step = |stage: &Stage<'_>| {
            let step = filled(stage, words)?;
            fits(step.medium, &step.said.text)?;
            Ok(step)
        };
        self.stages.iter().map(step).collect()
    }
}

/// What a flow that was refused would have begun with: the kind of notice, if its template is the scenario's, and the
/// medium.
pub fn first(plan: &Plan, flow: &[BTreeMap<String, Value>]) -> (Option<KindId>, Medium) {
    let code = |message: &Value| message["templateCode"].as_str().and_then(|code| templates::find(plan, code));
    match flow.first().and_then(|stage| stage.iter().next()) {
        Some((channel, _)) if channel == "sms" => (None, Medium::Sms),
        Some((channel, _)) if channel == "mms" || channel == "lms" => (None, Medium::Lms),
        Some((_, message)) => (code(message).map(|found| found.id), Medium::Alimtalk),
        None => (None, Medium::Alimtalk),
    }
}

/// A message of the flow in one recipient's words.
fn filled(stage: &Stage<'_>, words: &BTreeMap<String, String>) -> Result<Step, Fault> {
    match stage {
        Stage::Template { found, answer } => {
            let text = templates::filled(found, words.iter().map(|(name, word)| (name.as_str(), word.as_str())))
                .map_err(|missing| {
                    let names = missing.join(", ");
                    let ko = format!("replaceWords에 값이 없습니다: {names}");
                    Fault::bad("A300", &ko, &format!("replaceWords: no value for {names}"))
                })?;
            let said = Said { title: String::new(), text };
            Ok(Step { medium: Medium::Alimtalk, said: Arc::new(said), answer: Some(*answer) })
        }
        Stage::Text { medium, title, text, answer, .. } => {
            let said = Said { title: replaced(title, words), text: replaced(text, words) };
            Ok(Step { medium: *medium, said: Arc::new(said), answer: *answer })
        }
    }
}

/// Whether a text is no longer than its medium carries. Characters that a carrier cannot carry are found out behind the
/// provider, as the SDK's own words say.
fn fits(medium: Medium, text: &str) -> Result<(), Fault> {
    let long = match medium {
        Medium::Alimtalk => {
            (text.chars().count() > ALIMTALK_MAX).then(|| format!("text: expected at most {ALIMTALK_MAX} characters"))
        }
        Medium::Sms | Medium::Lms => {
            let most = if medium == Medium::Sms { SMS_MAX } else { MMS_MAX };
            let long = cp949_bytes(text).is_some_and(|bytes| bytes > most);
            long.then(|| format!("text: expected at most {most} bytes in EUC-KR"))
        }
        // The flow makes none of these.
        Medium::Brand
        | Medium::Certified
        | Medium::Chat
        | Medium::Email
        | Medium::Letter
        | Medium::Registered
        | Medium::Broadcast
        | Medium::Call
        | Medium::Push => None,
    };
    long.map_or(Ok(()), |en| Err(Fault::bad("A328", "최대 길이 초과 (필드명 : text)", &en)))
}

fn read_stage<'p>(plan: &'p Plan, senders: &Senders, channel: &str, message: &Value) -> Result<Stage<'p>, Fault> {
    match channel {
        "alimtalk" => alimtalk(plan, parsed(message)?),
        "sms" => plain(senders, Medium::Sms, parsed(message)?),
        "mms" | "lms" => plain(senders, Medium::Lms, parsed(message)?),
        other => {
            let (ko, en) = (format!("다루지 않는 채널입니다: {other}"), format!("channel not simulated: {other}"));
            Err(Fault::bad("A325", &ko, &en))
        }
    }
}

fn parsed<T: for<'a> Deserialize<'a>>(message: &Value) -> Result<T, Fault> {
    Object::<T>::deserialize(message)
        .map(|Object(message)| message)
        .map_err(|error| Fault::bad("A011", "JSON을 매핑 할 수 없음", &error.to_string()))
}

fn alimtalk(plan: &Plan, message: Alimtalk) -> Result<Stage<'_>, Fault> {
    if message.sender_key.is_empty() {
        return Err(Fault::bad("A502", "유효하지 않거나 비어있는 필드 (senderKey)", "senderKey: expected a key"));
    }
    let answer = answer(&message)?;
    let code = &message.template_code;
    let found = templates::find(plan, code).ok_or_else(|| {
        let en = format!("templateCode: no template of the scenario: '{code}'");
        Fault::bad("A505", "유효하지 않거나 비어있는 필드 (templateCode)", &en)
    })?;
    if message.send_type.as_deref() == Some("template") {
        return Ok(Stage::Template { found, answer });
    }
    if !matches!(message.msg_type.as_deref(), Some("AT" | "AI")) {
        return Err(Fault::bad("A523", "유효하지 않거나 비어있는 필드 (msgType)", "msgType: expected AT or AI"));
    }
    let text = message.text.filter(|text| !text.is_empty());
    let text = text
        .ok_or_else(|| Fault::bad("A303", "유효하지 않거나 비어있는 필드 (필드명 : text)", "text: expected words"))?;
    fits(Medium::Alimtalk, &text)?;
    let title = message.title.unwrap_or_default();
    Ok(Stage::Text { medium: Medium::Alimtalk, kind: Some(found.id), title, text, answer: Some(answer) })
}

/// How Kakao is to answer: at once for an active user, or after waiting for the phone's receipt.
fn answer(message: &Alimtalk) -> Result<Answer, Fault> {
    match message.response_method.as_deref() {
        None | Some("push") => Ok(Answer::Push),
        Some("polling") => {
            let seconds = match &message.timeout {
                None | Some(Value::Null) => Some(TIMEOUT_USUAL_S),
                Some(Value::String(digits)) => digits.parse().ok(),
                Some(other) => other.as_u64(),
            };
            let seconds = seconds.filter(|seconds| TIMEOUT_S.contains(seconds));
            let seconds = seconds.ok_or_else(|| {
                Fault::bad("A526", "유효하지 않거나 비어있는 필드 (timeout)", "timeout: expected 10 to 86400 seconds")
            })?;
            Ok(Answer::Polling(Span::from_secs(seconds)))
        }
        Some(other) => {
            let en = format!("responseMethod: expected push or polling, found '{other}'");
            Err(Fault::bad("A501", "유효하지 않거나 비어있는 필드 (responseMethod)", &en))
        }
    }
}

fn plain<'p>(senders: &Senders, medium: Medium, message: Plain) -> Result<Stage<'p>, Fault> {
    if !senders.has(&message.from) {
        return Err(Fault::bad("A327", "미등록 발신번호", "from: expected a registered number of 8 to 12 digits"));
    }
    if message.text.is_empty() {
        return Err(Fault::bad("A303", "유효하지 않거나 비어있는 필드 (필드명 : text)", "text: expected words"));
    }
    fits(medium, &message.text)?;
    let title = message.title.unwrap_or_default();
    Ok(Stage::Text { medium, kind: None, title, text: message.text, answer: None })
}

fn replaced(text: &str, words: &BTreeMap<String, String>) -> String {
    words.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("#{{{name}}}"), value))
}
