//! What each kind of fault has of its own: its words for people, which keys, which of them it needs, what becomes of what
//! it held. The reader holds a file's keys against this table, and a page makes its form from it; so they cannot part.
//!
//! What the values mean stands in the table of a fault's keys (`faults`), what a kind does in `sim::fault`.

use crate::sim::model::event::Leg;
use crate::sim::model::words::Words;
use crate::sim::scenario::faults::TABLE;
use crate::sim::scenario::table::{Row, Shape};
use crate::sim::scenario::{lower, read_fault, recover};
use crate::sim::time::SimTime;

/// A kind of fault, for whoever makes a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindForm {
    /// The word of the file.
    pub name: &'static str,
    /// Its name for people.
    pub title: Words,
    /// What it does, in a sentence.
    pub does: Words,
    /// The legs that it bites when the line names none.
    pub legs: Vec<&'static str>,
    /// What becomes of what it held when the line does not say; `None`: it holds nothing.
    pub recover: Option<&'static str>,
    /// Its own keys.
    pub parameters: Vec<ParameterForm>,
}

/// A key that a kind has of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterForm {
    /// The key.
    pub key: &'static str,
    /// Whether the line must say it.
    pub needed: bool,
    /// What its value looks like: `text`, `number`, `span`, `spread`, `share`, `rate` or `word`.
    pub shape: &'static str,
    /// What it means.
    pub means: Words,
    /// Values that it may have. All that there are for a `word`, else examples.
    pub values: Vec<&'static str>,
}

/// A row of the table.
pub(super) struct Kind {
    pub(super) name: &'static str,
    ko: &'static str,
    en: &'static str,
    does_ko: &'static str,
    does_en: &'static str,
    pub(super) recover: Option<&'static str>,
    pub(super) parameters: &'static [Parameter],
}

/// A key of a kind's own: whether it is needed, and values that show what may stand there.
pub(super) struct Parameter(pub(super) &'static str, bool, &'static [&'static str]);

const CODE: Parameter = Parameter("code", true, &["3006", "3005", "9999"]);
const NEEDED: bool = true;
const SPARE: bool = false;

/// All kinds, in the order of `FaultKind::NAMES`.
pub(super) const KINDS: [Kind; 17] = [
    Kind {
        name: "down",
        ko: "불통",
        en: "down",
        does_ko: "연결이 끊기고, 접속과 발송이 모두 실패합니다.",
        does_en: "Connections are cut; logins and calls fail.",
        recover: Some("flush"),
        parameters: &[Parameter("how", SPARE, &[])],
    },
    Kind {
        name: "silence",
        ko: "침묵",
        en: "silence",
        does_ko: "접수는 되지만 아무것도 전달되지 않습니다. 연결은 그대로입니다.",
        does_en: "Accepted, then nothing arrives. Connections stay up.",
        recover: Some("drop"),
        parameters: &[],
    },
    Kind {
        name: "refuse",
        ko: "거절",
        en: "refuse",
        does_ko: "발송 요청이 결과 코드와 함께 거절됩니다.",
        does_en: "Calls are answered with a result code.",
        recover: None,
        parameters: &[CODE],
    },
    Kind {
        name: "late_failure",
        ko: "지연 실패",
        en: "late failure",
        does_ko: "접수된 뒤 한참 지나서 실패로 보고됩니다.",
        does_en: "Accepted, and reported as failed a while later.",
        recover: None,
        parameters: &[Parameter("after", NEEDED, &["4m", "uniform(10s, 1m)", "lognormal(p50=5s, p99=60s)"]), CODE],
    },
    Kind {
        name: "latency",
        ko: "지연",
        en: "latency",
        does_ko: "전달이 늦어집니다.",
        does_en: "Delivery takes longer.",
        recover: None,
        parameters: &[Parameter("add", NEEDED, &["20s", "uniform(2s, 30s)", "lognormal(p50=3s, p99=60s)"])],
    },
    Kind {
        name: "loss",
        ko: "유실",
        en: "loss",
        does_ko: "흔적 없이 사라지고, 아무도 모릅니다.",
        does_en: "Vanishes, and nobody is told.",
        recover: None,
        parameters: &[],
    },
    Kind {
        name: "duplicate",
        ko: "중복",
        en: "duplicate",
        does_ko: "같은 알림이 여러 번 표시됩니다.",
        does_en: "The same notice shows more than once.",
        recover: None,
        parameters: &[Parameter("copies", SPARE, &["1", "2", "10"]), Parameter("after", SPARE, &["1s", "3s"])],
    },
    Kind {
        name: "reorder",
        ko: "순서 뒤바뀜",
        en: "reorder",
        does_ko: "하나하나가 정해진 시간 안에서 제각각 늦어져 순서가 섞입니다.",
        does_en: "Each waits for a random part of the window, so that their order is lost.",
        recover: None,
        parameters: &[Parameter("window", NEEDED, &["20s", "5s"])],
    },
    Kind {
        name: "throttle",
        ko: "처리량 제한",
        en: "throttle",
        does_ko: "1초에 정해진 수만 지나갑니다.",
        does_en: "So many a second get through.",
        recover: Some("drop"),
        parameters: &[Parameter("rate", NEEDED, &["1/s", "20/s"]), Parameter("over", SPARE, &[])],
    },
    Kind {
        name: "freeze",
        ko: "대기열 정지",
        en: "freeze",
        does_ko: "대기열이 멈췄다가 끝나면 한꺼번에 나옵니다. 오래된 것이라는 표시는 없습니다.",
        does_en: "The queue stands still and is let go at the end, and nothing tells that it is old.",
        recover: Some("flush"),
        parameters: &[Parameter("release", SPARE, &["2h", "266d"])],
    },
    Kind {
        name: "lie",
        ko: "거짓 보고",
        en: "lie",
        does_ko: "보고가 사실과 다릅니다. 전달됐다지만 표시되지 않거나, 실패라지만 표시됩니다.",
        does_en: "The report is not the truth: delivered and never shown, or failed and shown.",
        recover: None,
        parameters: &[Parameter("as", NEEDED, &[])],
    },
    Kind {
        name: "sever",
        ko: "연결 끊기",
        en: "sever",
        does_ko: "연결을 한 번, 또는 되풀이해서 끊습니다. 곧 다시 붙을 수 있습니다.",
        does_en: "Cuts connections once, or again and again; they may come back at once.",
        recover: None,
        parameters: &[Parameter("every", SPARE, &["30s", "5m"])],
    },
    Kind {
        name: "flap",
        ko: "단속",
        en: "flap",
        does_ko: "끊겼다 이어지기를 되풀이합니다.",
        does_en: "Down and up by turns.",
        recover: Some("flush"),
        parameters: &[Parameter("down", NEEDED, &["20s", "5s"]), Parameter("up", NEEDED, &["40s", "5s"])],
    },
    Kind {
        name: "login",
        ko: "로그인 거절",
        en: "login",
        does_ko: "새로 접속할 수 없습니다. 붙어 있던 것은 그대로입니다.",
        does_en: "No new logins; who is connected stays.",
        recover: None,
        parameters: &[],
    },
    Kind {
        name: "accept_then",
        ko: "접수 후 단절",
        en: "accept, then",
        does_ko: "요청은 접수되지만, 보낸 쪽은 제대로 된 답을 받지 못합니다.",
        does_en: "The request is taken, and its caller hears no proper answer.",
        recover: None,
        parameters: &[Parameter("then", NEEDED, &["reset", "close", "answer(6s)"])],
    },
    Kind {
        name: "creep",
        ko: "서서히 악화",
        en: "creep",
        does_ko: "거절되는 비율이 처음 값에서 대상 비율까지 서서히 옮겨 갑니다.",
        does_en: "The share that is refused moves slowly to the share of the scope.",
        recover: None,
        parameters: &[CODE, Parameter("rises", NEEDED, &["1m", "57m"]), Parameter("from", SPARE, &["0.001%", "10%"])],
    },
    Kind {
        name: "sender_down",
        ko: "발신 정지",
        en: "sender down",
        does_ko: "기관의 전산이 멈춰 아무것도 보내지 못하고, 보고도 듣지 못합니다.",
        does_en: "The agency's own systems stand still: nothing is sent, no report is heard.",
        recover: Some("flush"),
        parameters: &[],
    },
];

/// The row of a kind; `None` for no kind.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// Every kind of fault with its keys, in the order of `docs/faults.md`.
pub fn fault_kinds() -> Vec<KindForm> {
    KINDS.iter().map(form).collect()
}

/// Words that may stand under `legs:`.
pub fn fault_legs() -> [&'static str; 6] {
    Leg::ALL.map(Leg::name)
}

/// What can come back by a staged recovery.
pub fn capabilities() -> [&'static str; 6] {
    recover::CAPABILITY_WORDS
}

fn form(kind: &Kind) -> KindForm {
    let legs = read_fault("form", example(kind).as_bytes(), &lower::blank(), SimTime::ZERO);
    let legs = legs.expect("the table's own example is a fault").scope.legs;
    KindForm {
        name: kind.name,
        title: both(kind.ko, kind.en),
        does: both(kind.does_ko, kind.does_en),
        legs: legs.into_iter().map(Leg::name).collect(),
        recover: kind.recover,
        parameters: kind.parameters.iter().map(parameter).collect(),
    }
}

/// The shortest line of a kind, with the first value of every key that it needs.
fn example(kind: &Kind) -> String {
    let needed = kind.parameters.iter().filter(|parameter| parameter.1);
    let values = needed.map(|one| format!(", {}: {}", one.0, parameter(one).values[0]));
    format!("{{ fault: x, kind: {}, network: kakao, for: 1m{} }}", kind.name, values.collect::<String>())
}

fn parameter(of: &Parameter) -> ParameterForm {
    let Parameter(key, needed, examples) = *of;
    let Row(_, shape, said) = TABLE.rows.iter().find(|row| row.0 == key).expect("every key of a kind is in the table");
    let (shape, values) = match shape {
        Shape::OneOf(words) => ("word", words.to_vec()),
        Shape::Number => ("number", examples.to_vec()),
        Shape::Span => ("span", examples.to_vec()),
        Shape::Spread => ("spread", examples.to_vec()),
        Shape::Share => ("share", examples.to_vec()),
        Shape::Rate => ("rate", examples.to_vec()),
        Shape::Text
        | Shape::Words
        | Shape::Flag
        | Shape::Instant
        | Shape::Moment
        | Shape::Price
        | Shape::Speed
        | Shape::Medium
        | Shape::Network
        | Shape::Table(_)
        | Shape::Named(_)
        | Shape::List(_)
        | Shape::Either(_) => ("text", examples.to_vec()),
    };
    ParameterForm { key, needed, shape, means: meaning(said), values }
}

/// `kinds: 한국어 / English` of the table of keys.
fn meaning(said: &str) -> Words {
    let said = said.split_once(": ").map_or(said, |(_, rest)| rest);
    let (ko, en) = said.split_once(" / ").unwrap_or((said, said));
    both(ko, en)
}

fn both(ko: &str, en: &str) -> Words {
    Words { ko: ko.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, example, fault_kinds};
    use crate::sim::fault::{FaultKind, Recover};
    use crate::sim::model::words::Lang;
    use crate::sim::scenario::{lower, read_fault};
    use crate::sim::time::SimTime;

    fn read(line: &str) -> Result<crate::sim::fault::Fault, String> {
        let read = read_fault("x", line.as_bytes(), &lower::blank(), SimTime::ZERO);
        read.map_err(|problems| problems.render(Lang::En, false))
    }

    #[test]
    fn the_table_has_every_kind_and_what_it_says_of_keys_is_what_the_reader_wants() {
        assert_eq!(KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>(), FaultKind::NAMES);
        for (kind, form) in KINDS.iter().zip(fault_kinds()) {
            let line = example(kind);
            let fault = read(&line).unwrap_or_else(|problems| panic!("{line}: {problems}"));
            assert_eq!(fault.kind.name(), kind.name);
            let drops = fault.recover == Recover::Drop;
            assert_eq!(kind.recover != Some("flush"), drops, "{line}");
            for parameter in &form.parameters {
                for value in &parameter.values {
                    let bare = line.replace(&format!(", {}: {}", parameter.key, parameter.values[0]), "");
                    let with = bare.replace(" }", &format!(", {}: \"{value}\" }}", parameter.key));
                    let with = if parameter.key == "release" { with.replace("for: 1m", "for: 1h") } else { with };
                    read(&with).unwrap_or_else(|problems| panic!("{with}: {problems}"));
                    if parameter.needed {
                        let missing = read(&bare).expect_err("it is needed");
                        assert!(missing.contains(&format!("`{}` is missing", parameter.key)), "{missing}");
                    } else {
                        read(&bare).expect("it may be left out");
                    }
                }
                assert!(!parameter.values.is_empty() && parameter.means.ko != parameter.means.en, "{parameter:?}");
            }
            let recovers = read(&line.replace(" }", ", recover: flush 5/s }"));
            assert_eq!(recovers.is_ok(), form.recover.is_some(), "{}: {recovers:?}", kind.name);
            assert!(!form.legs.is_empty() && form.title.ko != form.title.en && form.does.ko != form.does.en);
        }
    }
}
