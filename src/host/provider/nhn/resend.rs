//! Alternative sending 대체 발송: whether, by which text message, and with which words.

use std::sync::Arc;

use serde::Deserialize;

use crate::host::provider::nhn::answer::Fault;
use crate::host::provider::nhn::failback;
use crate::host::provider::senders::Senders;
use crate::sim::engine::call::{Said, Step};
use crate::sim::medium::measure::cp949_bytes;
use crate::sim::model::medium::Medium;

/// Most bytes of a short text, of a long one, and of its title (TOAST-DOCS/SMS, ko/api-guide.md).
const SMS_MAX: u32 = 90;
const LMS_MAX: u32 = 2_000;
const TITLE_MAX: u32 = 40;

/// What a request says about it, for one recipient.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wish {
    is_resend: Option<bool>,
    resend_type: Option<String>,
    resend_title: Option<String>,
    resend_content: Option<String>,
    resend_send_no: Option<String>,
}

/// A button of the message, as its alternative names it: `label - link`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Button {
    /// What is printed on it.
    pub name: String,
    /// Its link for phones.
    pub link_mo: Option<String>,
}

/// The step that a recipient's message takes if the first fails; `None` if it takes none.
pub fn step(
    wish: Option<&Wish>,
    default: Option<&failback::Default>,
    text: &str,
    buttons: &[Button],
    channel: &str,
    senders: &Senders,
) -> Result<Option<Step>, Fault> {
    let nothing = Wish::default();
    let wish = wish.unwrap_or(&nothing);
    if !wish.is_resend.unwrap_or_else(|| default.is_some_and(|default| default.on)) {
        return Ok(None);
    }
    let from = given(&wish.resend_send_no).or(default.map(|default| default.from.as_str()).filter(|no| !no.is_empty()));
    let from = from.ok_or(Fault::new(-2502, "Please set up plus-friend resend setting."))?;
    if !senders.has(from) {
        return Err(Fault::new(-1003, "Invalid Sms Sendno"));
    }
    let content = given(&wish.resend_content).map_or_else(|| own_words(text, buttons), str::to_owned);
    let medium = match given(&wish.resend_type) {
        Some("SMS") => Medium::Sms,
        Some("LMS") => Medium::Lms,
        Some(other) => {
            return Err(Fault::of(
                4,
                &format!("resendType: SMS 또는 LMS여야 하는데 '{other}'입니다"),
                &format!("resendType: expected SMS or LMS, found '{other}'"),
            ));
        }
        None if cp949_bytes(&content).is_some_and(|bytes| bytes <= SMS_MAX) => Medium::Sms,
        None => Medium::Lms,
    };
    let (title, most) = if medium == Medium::Sms {
        (String::new(), SMS_MAX)
    } else {
        (cut(given(&wish.resend_title).unwrap_or(channel), TITLE_MAX), LMS_MAX)
    };
    let said = Said { title, text: cut(&content, most) };
    Ok(Some(Step { medium, said: Arc::new(said), answer: None }))
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

/// The message's own words, and its buttons below.
fn own_words(text: &str, buttons: &[Button]) -> String {
    let mut words = text.to_owned();
    for button in buttons.iter().filter(|button| !button.name.is_empty()) {
        words.push('\n');
        words.push_str(&button.name);
        if let Some(link) = &button.link_mo {
            words.push_str(" - ");
            words.push_str(link);
        }
    }
    words
}

/// As much of a text as fits. One that a carrier cannot carry stays as it is, and fails there.
fn cut(text: &str, most: u32) -> String {
    let (mut kept, mut bytes) = (String::new(), 0);
    for c in text.chars() {
        let Some(more) = cp949_bytes(c.encode_utf8(&mut [0; 4])) else { return text.to_owned() };
        bytes += more;
        if bytes <= most {
            kept.push(c);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Button, SMS_MAX, Wish, cut, step};
    use crate::host::provider::nhn::failback;
    use crate::host::provider::senders::Senders;
    use crate::sim::model::medium::Medium;

    fn any() -> Senders {
        Senders::default()
    }

    fn wish(on: bool) -> Wish {
        Wish { is_resend: Some(on), resend_send_no: Some("0212345678".into()), ..Wish::default() }
    }

    #[test]
    fn the_length_decides_and_buttons_follow() {
        let button = Button { name: "납부".into(), link_mo: Some("https://lh.example/pay".into()) };
        let made =
            step(Some(&wish(true)), None, "임대료 안내", &[button], "@lh", &any()).expect("valid").expect("a step");
        assert_eq!((made.medium, made.said.text.as_str()), (Medium::Sms, "임대료 안내\n납부 - https://lh.example/pay"));
        let made = step(Some(&wish(true)), None, &"가".repeat(46), &[], "@lh", &any()).expect("valid").expect("a step");
        assert_eq!((made.medium, made.said.title.as_str()), (Medium::Lms, "@lh"));
    }

    #[test]
    fn what_is_too_long_is_cut_and_an_emoji_stays_to_fail() {
        let short = Wish { resend_type: Some("SMS".into()), ..wish(true) };
        let made = step(Some(&short), None, &"가".repeat(46), &[], "", &any()).expect("valid").expect("a step");
        assert_eq!(made.said.text, "가".repeat(45));
        assert_eq!(cut(&format!("{}😀", "가".repeat(60)), SMS_MAX).chars().count(), 61);
    }

    #[test]
    fn the_default_sends_for_those_who_say_nothing_and_a_word_beats_it() {
        let default = failback::Default { on: true, from: "0212345678".into() };
        assert!(step(None, Some(&default), "안내", &[], "", &any()).expect("valid").is_some());
        assert!(step(Some(&wish(false)), Some(&default), "안내", &[], "", &any()).expect("valid").is_none());
        assert!(step(None, None, "안내", &[], "", &any()).expect("valid").is_none());
        let unset = Wish { resend_send_no: None, ..wish(true) };
        assert!(step(Some(&unset), None, "안내", &[], "", &any()).is_err());
    }
}
