//! The record of proof: for every certified document when it was sent, received and read, as the relayer certified it.
//!
//! A certified document is proof because a third party recorded these three instants (KISA npost.kr, 2026). This table is
//! that party's record, not the sender's belief and not the truth; a hash of the text, which the world's record has as
//! well, is not kept here: the same seed makes the same text.

use std::collections::BTreeMap;

use crate::report::audit::select::Whose;
use crate::report::text::terminal::{Look, Tone, fit};
use crate::report::words::{number, pick};
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::ids::{AttemptId, PersonId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::model::service::word::{Certificate, DocumentEnd};
use crate::sim::model::words::Lang;
use crate::sim::plan::Clock;
use crate::sim::plan::numbers::Numbers;
use crate::sim::time::SimTime;

/// Columns of an attempt, a number and an instant.
const ID: usize = 10;
const NUMBER: usize = 15;
const INSTANT: usize = 17;

/// What is on record of one document.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    person: Option<PersonId>,
    /// By [`Certificate`]: when it was issued, and when the sender had it.
    issued: [Option<SimTime>; 3],
    held: [Option<SimTime>; 3],
    expired: Option<SimTime>,
}

/// Collects the record while events are read.
#[derive(Debug)]
pub struct Proof {
    whose: Option<Whose>,
    rows: BTreeMap<AttemptId, Row>,
}

impl Proof {
    /// Of everybody, or of one person or notice.
    pub fn of(whose: Option<Whose>) -> Proof {
        Proof { whose, rows: BTreeMap::new() }
    }

    /// Looks at one more event of the run.
    pub fn see(&mut self, event: &Event) {
        match event.kind {
            EventKind::Submitted { attempt, person, .. } if self.wants(attempt, person) => {
                self.rows.entry(attempt).or_default().person = Some(person);
            }
            EventKind::Service(ServiceEvent::CertificateIssued { attempt, certificate, .. }) => {
                self.note(attempt, |row| row.issued[certificate as usize] = Some(event.at));
            }
            EventKind::Service(ServiceEvent::CertificateHeld { attempt, certificate, end: DocumentEnd::Sender }) => {
                self.note(attempt, |row| row.held[certificate as usize] = Some(event.at));
            }
            EventKind::Service(ServiceEvent::LinkExpired { attempt, .. }) => {
                self.note(attempt, |row| row.expired = Some(event.at));
            }
            _of_no_document => {}
        }
    }

    /// The record as a table.
    pub fn text(&self, clock: &Clock, numbers: Numbers, lang: Lang, look: Look) -> String {
        let rows: Vec<(&AttemptId, &Row)> = self.rows.iter().filter(|(_, row)| row.issued[0].is_some()).collect();
        let title = title(&rows, lang);
        let mut out = format!("{}\n", look.paint(Tone::Head, &title));
        if rows.is_empty() {
            return out;
        }
        let head = [pick(lang, "송신", "sent"), pick(lang, "수신", "received"), pick(lang, "열람", "read")];
        let head = format!(
            "{}{}{}",
            fit(pick(lang, "문서", "document"), ID),
            fit(pick(lang, "받는 사람", "to"), NUMBER),
            head.map(|word| fit(word, INSTANT)).concat()
        );
        out.push_str(&format!("{}\n", look.paint(Tone::Faint, head.trim_end())));
        for (id, row) in rows {
            out.push_str(&line(*id, row, clock, numbers, lang));
        }
        if out.contains('△') {
            let note = pick(lang, "△ 증명이 기관에 아직 닿지 않음", "△ the certificate has not reached the sender");
            out.push_str(&format!("{}\n", look.paint(Tone::Faint, note)));
        }
        out
    }

    fn wants(&self, attempt: AttemptId, person: PersonId) -> bool {
        match self.whose {
            None => true,
            Some(Whose::Person(whose)) => whose == person,
            Some(Whose::Notice(notice)) => attempt.notice == notice,
        }
    }

    fn note(&mut self, attempt: AttemptId, note: impl FnOnce(&mut Row)) {
        if let Some(row) = self.rows.get_mut(&attempt) {
            note(row);
        }
    }
}

fn title(rows: &[(&AttemptId, &Row)], lang: Lang) -> String {
    let count =
        |which: Certificate| number(rows.iter().filter(|row| row.1.issued[which as usize].is_some()).count() as u64);
    let [sent, received, read] = [Certificate::Sent, Certificate::Received, Certificate::Read].map(count);
    match lang {
        Lang::Ko => format!("증명 기록: 송신 {sent}건, 수신 {received}건, 열람 {read}건"),
        Lang::En => format!("Record of proof: {sent} sent, {received} received, {read} read"),
    }
}

fn line(id: AttemptId, row: &Row, clock: &Clock, numbers: Numbers, lang: Lang) -> String {
    let whose = row.person.map_or_else(String::new, |person| numbers.number(person));
    let mut line = format!("{}{}", fit(&id.to_string(), ID), fit(&whose, NUMBER));
    for (issued, held) in row.issued.iter().zip(&row.held) {
        let late = if held.is_none() { " △" } else { "" };
        let told = issued.map_or_else(|| "–".to_owned(), |at| format!("{}{late}", instant(at, clock)));
        line.push_str(&fit(&told, INSTANT));
    }
    if let Some(at) = row.expired {
        // In place of the reading that never was.
        let word = pick(lang, "기한", "expired");
        line = format!("{}{word} {}", line.trim_end().trim_end_matches('–'), instant(at, clock));
    }
    format!("{}\n", line.trim_end())
}

/// The local instant, `10-11 17:00:03`: month and day, because a link may be open for weeks.
fn instant(at: SimTime, clock: &Clock) -> String {
    let seconds = i64::try_from(at.micros() / 1_000_000).unwrap_or(i64::MAX);
    let unix = clock.start_unix_s.saturating_add(seconds);
    let day = crate::report::words::calendar(unix, clock.offset_s).unwrap_or_default();
    let second = (unix + i64::from(clock.offset_s)).rem_euclid(60);
    format!("{}:{second:02}", day.get(5..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::Proof;
    use crate::report::text::terminal::Look;
    use crate::sim::model::event::{Event, EventKind};
    use crate::sim::model::ids::{AttemptId, NoticeId, PersonId};
    use crate::sim::model::medium::Medium;
    use crate::sim::model::service::ServiceEvent;
    use crate::sim::model::service::word::{Certificate, DocumentEnd};
    use crate::sim::model::words::Lang;
    use crate::sim::plan::Clock;
    use crate::sim::plan::numbers::Numbers;
    use crate::sim::time::{SimTime, Span};

    #[test]
    fn three_instants_are_on_record_and_what_never_came_is_not() {
        let attempt = |notice| AttemptId { notice: NoticeId(notice), ordinal: 0 };
        let issued = |attempt, certificate| ServiceEvent::CertificateIssued { attempt, certificate, ends: 1 };
        let held =
            |attempt, certificate| ServiceEvent::CertificateHeld { attempt, certificate, end: DocumentEnd::Sender };
        let mut proof = Proof::of(None);
        let mut see = |secs, kind| proof.see(&Event { at: SimTime::ZERO + Span::from_secs(secs), kind });
        for notice in [0, 1] {
            let (attempt, person) = (attempt(notice), PersonId(notice));
            see(0, EventKind::Submitted { attempt, medium: Medium::Certified, person });
            see(0, EventKind::Service(issued(attempt, Certificate::Sent)));
            see(1, EventKind::Service(held(attempt, Certificate::Sent)));
        }
        see(2, EventKind::Service(issued(attempt(0), Certificate::Received)));
        see(3, EventKind::Service(held(attempt(0), Certificate::Received)));
        see(86_400, EventKind::Service(issued(attempt(0), Certificate::Read)));
        see(99_999, EventKind::Service(ServiceEvent::LinkExpired { attempt: attempt(1), person: PersonId(1) }));
        // 2022-10-15 15:20 in Seoul.
        let clock = Clock { start_unix_s: 1_665_814_800, offset_s: 32_400, stop: SimTime::ZERO };
        let expected = "\
Record of proof: 2 sent, 1 received, 1 read
document  to             sent             received         read
n0/0      010-0000-0000  10-15 15:20:00   10-15 15:20:02   10-16 15:20:00 △
n1/0      010-0000-0001  10-15 15:20:00   –                expired 10-16 19:06:39
△ the certificate has not reached the sender
";
        assert_eq!(proof.text(&clock, Numbers::default(), Lang::En, Look::PLAIN), expected);
    }
}
