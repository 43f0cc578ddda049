//! The scribe writes notices as frames: what all copies of a notice share is rendered and encoded once, and each copy
//! gets only its stamp (sequence, attempt, number, instant).
//!
//! A notice whose words depend on the person is rendered for each. Whoever asks brings the buffer: many frames for one
//! socket become one write. The scribe reads the board and nothing else; sending is the outbox's business.

use std::sync::{Arc, OnceLock};

use crate::host::gateway::frame;
use crate::host::gateway::mailbox::Row;
use crate::host::gateway::wire;
use crate::host::link::Board;
use crate::sim::model::ids::KindId;
use crate::sim::model::medium::Medium;
use crate::sim::plan::message::{Content, Part, Text, VarSource};
use crate::sim::plan::numbers::Numbers;
use crate::sim::time::SimTime;

/// Longest beginning of a frame: its words, the number of a person, and three numbers of at most 20, 10 and 3 digits.
const BEGINNING_MAX: usize = 128;

/// What stands between a body and the instant.
const BEFORE_INSTANT: &str = r#","sent_at":""#;

/// The scribe of one run.
#[derive(Debug)]
pub struct Scribe {
    board: Arc<Board>,
    /// By kind and medium: the body that all copies share, once somebody needed it.
    shared: Vec<OnceLock<Option<Vec<u8>>>>,
}

/// What a thread keeps between two frames: the second written last, which neighbours in a stream mostly share, and room
/// for a body.
#[derive(Debug, Default)]
pub struct Stamp {
    /// Seconds since 1970 and the calendar's offset in seconds: a thread may write for several runs.
    second: Option<(i64, i32)>,
    /// The end of a frame, with the instant in it.
    ending: Vec<u8>,
    /// Where its milliseconds stand; `None` beyond the calendar.
    millis_at: Option<usize>,
    body: Vec<u8>,
}

/// What a frame has before its body: put together apart, so that a frame is written in three pieces.
struct Beginning {
    bytes: [u8; BEGINNING_MAX],
    length: usize,
}

impl Scribe {
    /// A scribe who has written nothing yet.
    pub fn new(board: Arc<Board>) -> Scribe {
        let shared = (0..board.plan.kinds.len() * Medium::COUNT).map(|_| OnceLock::new()).collect();
        Scribe { board, shared }
    }

    /// Appends a notice as a text frame. Nothing for a kind that has no content on that medium, which the engine never
    /// transmits.
    pub fn put_frame(&self, row: &Row, stamp: &mut Stamp, out: &mut Vec<u8>) {
        self.put(row, stamp, out, true);
    }

    /// The notice as JSON text; `None` as above.
    pub fn text(&self, row: &Row, stamp: &mut Stamp) -> Option<String> {
        let mut out = Vec::new();
        self.put(row, stamp, &mut out, false);
        String::from_utf8(out).ok().filter(|text| !text.is_empty())
    }

    fn put(&self, row: &Row, stamp: &mut Stamp, out: &mut Vec<u8>, framed: bool) {
        let mut own = std::mem::take(&mut stamp.body);
        own.clear();
        if let Some(body) = self.body(row, &mut own) {
            let (beginning, ending) = (Beginning::of(row, self.board.people.numbers()), stamp.of(&self.board, row.at));
            let length = beginning.length + body.len() + ending.len();
            if framed {
                wire::put_text_header(out, length);
            }
            out.reserve(length);
            out.extend_from_slice(&beginning.bytes[..beginning.length]);
            out.extend_from_slice(body);
            out.extend_from_slice(ending);
        }
        stamp.body = own;
    }

    /// The body that all copies share, or the person's own, which is put into `own`.
    fn body<'a>(&'a self, row: &Row, own: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        let (kind, medium) = (row.kind, row.medium);
        if let Some(said) = self.board.words.of(row.attempt) {
            return frame::put_said(own, &self.board, kind, medium, row.person, &said).then_some(own);
        }
        let cell = self.shared.get(kind.index() * Medium::COUNT + medium.index())?;
        let shared = cell.get_or_init(|| {
            let mut body = Vec::new();
            (self.is_shared(kind, medium) && frame::put_body(&mut body, &self.board, kind, medium, row.person))
                .then_some(body)
        });
        match shared {
            Some(shared) => Some(shared),
            None => frame::put_body(own, &self.board, kind, medium, row.person).then_some(own),
        }
    }

    /// Whether every person gets the same words.
    fn is_shared(&self, kind: KindId, medium: Medium) -> bool {
        let Some(row) = self.board.plan.kinds.get(kind.index()) else { return false };
        if !row.for_groups.is_empty() {
            return false;
        }
        let fixed = |part: &Part| match part {
            Part::Fixed(_) => true,
            Part::Var(place) => match row.vars.get(usize::from(*place)).map(|var| &var.value) {
                None | Some(VarSource::Date(_) | VarSource::Fixed(_)) => true,
                Some(
                    VarSource::PersonName
                    | VarSource::NameMasked
                    | VarSource::PersonPhone
                    | VarSource::PhoneWhole
                    | VarSource::PersonRegion
                    | VarSource::Won(..)
                    | VarSource::AmountOf(_),
                ) => false,
            },
        };
        let all_fixed = |text: &Text| text.parts.iter().all(fixed);
        row.content(medium).is_some_and(|Content { title, text, .. }| all_fixed(title) && all_fixed(text))
    }
}

impl Beginning {
    fn of(row: &Row, numbers: Numbers) -> Beginning {
        // By hand: a formatter costs more here than all the rest.
        let mut beginning = Beginning { bytes: [0; BEGINNING_MAX], length: 0 };
        let mut digits = itoa::Buffer::new();
        beginning.put(br#"{"type":"notice","seq":"#);
        beginning.put(digits.format(row.seq).as_bytes());
        beginning.put(br#","attempt":"n"#);
        beginning.put(digits.format(row.attempt.notice.0).as_bytes());
        beginning.put(b"/");
        beginning.put(digits.format(row.attempt.ordinal).as_bytes());
        beginning.put(br#"","to":["010-"#);
        let number = numbers.digits(row.person);
        beginning.put(&four(number / 10_000));
        beginning.put(b"-");
        beginning.put(&four(number % 10_000));
        beginning.put(br#""],"#);
        beginning
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }
}

/// Four digits.
fn four(number: u32) -> [u8; 4] {
    [number / 1_000, number / 100, number / 10, number].map(|digits| b'0' + (digits % 10) as u8)
}

impl Stamp {
    /// The end of a frame that was sent at that instant.
    fn of(&mut self, board: &Board, at: SimTime) -> &[u8] {
        let clock = &board.plan.clock;
        let millis = clock.start_unix_s.saturating_mul(1_000).saturating_add((at.micros() / 1_000) as i64);
        let second = (millis.div_euclid(1_000), clock.offset_s);
        if self.second != Some(second) {
            let local = local(second);
            // Beyond the calendar every instant is another text.
            self.second = local.is_some().then_some(second);
            self.millis_at = local.as_ref().map(|local| BEFORE_INSTANT.len() + local.0.len() + 1);
            let instant = local.map_or_else(|| at.to_string(), |(local, offset)| format!("{local}.000{offset}"));
            self.ending = format!(r#"{BEFORE_INSTANT}{instant}"}}"#).into_bytes();
        }
        if let Some(begins) = self.millis_at {
            let [_, digits @ ..] = four(millis.rem_euclid(1_000) as u32);
            self.ending[begins..begins + digits.len()].copy_from_slice(&digits);
        }
        &self.ending
    }
}

/// The second in the run's calendar, and the calendar's offset; `None` beyond the calendar.
fn local((seconds, offset_s): (i64, i32)) -> Option<(String, String)> {
    let instant = jiff::Timestamp::from_second(seconds).ok()?;
    let local = jiff::tz::Offset::from_seconds(offset_s).ok()?.to_datetime(instant);
    let minutes = offset_s.unsigned_abs() / 60;
    let sign = if offset_s < 0 { '-' } else { '+' };
    Some((local.strftime("%Y-%m-%dT%H:%M:%S").to_string(), format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Scribe, Stamp};
    use crate::host::gateway::mailbox::Row;
    use crate::host::link::Board;
    use crate::sim::model::ids::{AttemptId, KindId, NoticeId, PersonId};
    use crate::sim::model::medium::Medium;
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;
    use crate::sim::time::SimTime;

    fn texts(words: Option<&str>, medium: Medium) -> Vec<Option<String>> {
        let mut plan = sample::rent();
        if let Some(words) = words {
            plan.kinds[0].contents[0].text = sample::fixed(words);
        }
        let plan = Arc::new(plan);
        let people = Arc::new(Population::of(&plan));
        let scribe = Scribe::new(Arc::new(Board { run: "r1".to_owned(), plan, people, words: Arc::default() }));
        let mut stamp = Stamp::default();
        // Within a second, into the next one, and back: every frame has its own instant all the same.
        let row = |seq: u64| Row {
            seq,
            at: SimTime::from_micros([1_500_000, 1_500_999, 1_507_000, 2_000_000, 1_042_000][seq as usize - 1]),
            attempt: AttemptId { notice: NoticeId(seq as u32), ordinal: 0 },
            person: PersonId(seq as u32),
            kind: KindId(0),
            medium,
        };
        (1..=5).map(|seq| scribe.text(&row(seq), &mut stamp)).collect()
    }

    #[test]
    fn a_notice_has_the_shape_of_the_protocol() {
        let frames = texts(Some("[LH] \"모의\" 알림"), Medium::Alimtalk);
        for (place, (seq, second)) in (1..).zip(["01.500", "01.500", "01.507", "02.000", "01.042"]).enumerate() {
            let wanted = format!(
                r#"{{"type":"notice","seq":{seq},"attempt":"n{seq}/0","to":["010-0000-000{seq}"],"kind":"rent","channel":"lh","medium":"alimtalk","text":"[LH] \"모의\" 알림","buttons":[{{"id":"pay","label":"납부하기","kind":"WL"}}],"sent_at":"2022-10-15T15:20:{second}+09:00"}}"#
            );
            assert_eq!(frames[place].as_deref(), Some(wanted.as_str()));
        }
    }

    #[test]
    fn personal_words_are_each_persons_own() {
        let frames = texts(None, Medium::Lms);
        let body = |place: usize| frames[place].as_ref().expect("a frame").split("\"title\"").nth(1).map(str::to_owned);
        assert!(body(0).is_some() && body(0) != body(1), "{frames:?}");
        assert_eq!(texts(None, Medium::Letter), vec![None; 5]);
    }
}
