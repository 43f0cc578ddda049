//! A small made-up run that every format's golden test shows. Test code only.

use crate::report::view::{
    ClauseView, ClockView, ExampleView, FaultView, Figures, FoundView, GroupFigures, MediumFigures, Missed, PaceView,
    RunView, Witness,
};
use crate::sim::expect::Strength;
use crate::sim::expect::audit::{Contradiction, Row, Told};
use crate::sim::expect::expression::Op;
use crate::sim::expect::measure::Exact;
use crate::sim::expect::metric::Unit;
use crate::sim::expect::record::Belief;
use crate::sim::expect::verdict::{Measured, Outcome, Overall, Threshold};
use crate::sim::model::event::{Cause, Ear, End};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Words;
use crate::sim::time::{SimTime, Span};

/// Compares a text with a file of `src/report/golden`; `UPDATE_GOLDEN=1` rewrites it, to be reviewed as code.
pub fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("a golden file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the golden file is there");
    assert_eq!(text, expected, "{name} differs; UPDATE_GOLDEN=1 rewrites it");
}

fn words(ko: &str, en: &str) -> Words {
    Words { ko: ko.to_owned(), en: en.to_owned() }
}

fn minutes(n: u64) -> SimTime {
    SimTime::ZERO + Span::from_secs(n * 60)
}

/// A thousand rent bills, ten silent minutes, and one promise broken.
pub fn run() -> RunView {
    RunView {
        name: "lh-rent-blackout".to_owned(),
        again: Some("lh/rent-bill-blackout".to_owned()),
        folder: None,
        title: words("LH 임대료 고지 1,000세대, 카카오 10분 침묵", "LH rent bills to 1,000 homes, ten silent minutes"),
        lesson: None,
        sources: vec!["S11".to_owned(), "S13".to_owned()],
        seed: 20_221_015,
        people: 1_000,
        clock: ClockView { start_unix_s: 1_665_814_800, offset_s: 32_400, ended: minutes(50), pace: PaceView::Virtual },
        end: Some(End::Stop),
        verdict: Overall::Fail,
        reasons: vec![words(
            "반드시 지킬 약속 3개 가운데 1개가 깨졌습니다.",
            "1 of 3 promises marked must was broken.",
        )],
        clauses: clauses(),
        faults: vec![FaultView {
            name: "silence-10m".to_owned(),
            kind: "silence",
            networks: vec![Network::Kakao],
            planned: true,
            began: Some(minutes(5)),
            ended: Some(minutes(15)),
            hits: 824,
            notices: 412,
        }],
        figures: figures(),
        haste: None,
        missed: Missed {
            count: 23,
            reasons: vec![
                (words("silence-10m 장애가 삼킴", "lost to the fault silence-10m"), 14),
                (words("전화기가 꺼져 있음", "phone switched off"), 9),
            ],
            list: vec![lost_witness()],
        },
    }
}

fn figures() -> Figures {
    let row = |medium, attempts, first, cost, over_time: [u64; 10]| MediumFigures {
        medium,
        attempts,
        first,
        cost,
        over_time: over_time.to_vec(),
    };
    Figures {
        notices: 1_000,
        reached: 977,
        twice: 6,
        opened: 801,
        sessions_lost: 0,
        media: vec![
            row(Medium::Alimtalk, 1_000, 565, 800_000, [250, 0, 0, 250, 65, 0, 0, 0, 0, 0]),
            row(Medium::Lms, 412, 412, 1_112_400, [0, 150, 250, 12, 0, 0, 0, 0, 0, 0]),
        ],
        fallbacks: vec![(Cause::Failed, 12), (Cause::NoReceipt, 400)],
        belief: vec![
            (Belief::None, 0, 14),
            (Belief::Failed, 3, 6),
            (Belief::Delivered, 412, 3),
            (Belief::Shown, 562, 0),
        ],
        told: told(),
        found: found(),
        requests_refused: Vec::new(),
        bucket: Span::from_secs(300),
        reach_curve: curve(),
        groups: vec![
            GroupFigures { name: "senior".to_owned(), region: false, reached: 208, notices: 220 },
            GroupFigures { name: "nobody".to_owned(), region: false, reached: 0, notices: 0 },
            GroupFigures { name: "진주".to_owned(), region: true, reached: 490, notices: 500 },
        ],
        kinds: Vec::new(),
        counters: vec![("paid".to_owned(), 431)],
    }
}

fn told() -> Vec<Row> {
    let row = |told, ear, truths| Row { told, ear, truths };
    vec![
        row(Told::Nothing, None, [6, 0, 0, 0]),
        row(Told::Failed, Some(Ear::Answer), [0, 3, 0, 0]),
        row(Told::Accepted, Some(Ear::Answer), [14, 0, 0, 0]),
        row(Told::Delivered, Some(Ear::Answer), [3, 100, 312, 0]),
        row(Told::Shown, Some(Ear::Webhook), [0, 50, 489, 6]),
        row(Told::Shown, Some(Ear::Poll), [0, 17, 0, 0]),
    ]
}

fn found() -> Vec<FoundView> {
    let example = |witness: Witness, at| {
        let Witness { notice, person, story } = witness;
        vec![ExampleView { notice, person, at, story }]
    };
    let found = |what, count, cost, examples| FoundView { what, count, cost, examples };
    let lost = SimTime::ZERO + Span::from_millis(372_500);
    let twice = SimTime::ZERO + Span::from_secs(962);
    vec![
        found(Contradiction::DeliveredNotShown, 3, 2_400, example(lost_witness(), lost)),
        found(Contradiction::AcceptedNotShown, 0, 0, Vec::new()),
        found(Contradiction::FailedButShown, 3, 2_400, Vec::new()),
        found(Contradiction::ShownTwice, 6, 21_000, example(twice_witness(17), twice)),
        found(Contradiction::PaidUnseen, 0, 0, Vec::new()),
        found(Contradiction::SilentFallback, 0, 0, Vec::new()),
    ]
}

/// 57 % at once, up to 97 % after the fallback, three never.
fn curve() -> Vec<Option<Span>> {
    let after = |percent: u64| match percent {
        0..=56 => Some(Span::from_millis(400 + percent * 4)),
        57..=97 => Some(Span::from_millis(60_000 + percent * 50)),
        _ => None,
    };
    (0..=100).map(after).collect()
}

fn clauses() -> Vec<ClauseView> {
    let clause = |strength, source: &str, why, outcome, measured, reason| ClauseView {
        strength,
        source: source.to_owned(),
        why,
        outcome,
        measured,
        threshold: Threshold { op: Op::AtLeast, value: 975_000, unit: Unit::Share },
        reason,
        witnesses: Vec::new(),
    };
    let mut broken = clause(
        Strength::Must,
        "count(reached_twice) <= 5",
        words("한 집에 고지서 한 장", "one bill for one home"),
        Outcome::Broken,
        whole(6, Unit::Count, 1_000),
        words("6건, 5건 이하여야 함", "6, at most 5 expected"),
    );
    broken.witnesses = (17..21).map(twice_witness).collect();
    vec![
        clause(
            Strength::Steady,
            "ratio(reached_by{medium=alimtalk}) >= 85%",
            words("평소에는 알림톡이 간다", "alimtalk works before the fault"),
            Outcome::Held,
            share(230, 250),
            words("250건 중 230건 = 92.0%, 85% 이상이어야 함", "230 of 250 = 92.0%, at least 85% expected"),
        ),
        clause(
            Strength::Must,
            "ratio(reached, within=30m) >= 97.5%",
            words("장애로 아무도 잃지 않는다", "nobody is lost to the outage"),
            Outcome::Held,
            share(977, 1_000),
            words("1,000건 중 977건 = 97.7%, 97.5% 이상이어야 함", "977 of 1,000 = 97.7%, at least 97.5% expected"),
        ),
        broken,
        clause(
            Strength::Should,
            "sum(cost) <= 15000",
            words("예산(원) 안에서", "the budget in won"),
            Outcome::Broken,
            whole(1_912_400, Unit::Won, 1_412),
            words("19,124원, 15,000원 이하여야 함", "19,124 won, at most 15,000 expected"),
        ),
        clause(
            Strength::Sometimes,
            "count(notices{hit=flood}) >= 1",
            words("폭주가 정말 있었다", "the flood really came"),
            Outcome::Inconclusive,
            None,
            words("해당하는 알림이 없음", "no notice to judge it by"),
        ),
        clause(
            Strength::Stop,
            "count(attempts{medium=lms}) > 1500",
            words("발신 폭주", "runaway sender"),
            Outcome::Broken,
            whole(412, Unit::Count, 412),
            words("412건, 1,500건을 넘지 않음", "412, never over 1,500"),
        ),
    ]
}

fn whole(n: u128, unit: Unit, set: u64) -> Option<Measured> {
    Some(Measured { value: Exact::Whole(n), unit, set, group: None })
}

fn share(part: u128, whole: u64) -> Option<Measured> {
    Some(Measured { value: Exact::Fraction { part, whole }, unit: Unit::Share, set: whole, group: None })
}

fn twice_witness(n: u32) -> Witness {
    Witness {
        notice: format!("n{n}"),
        person: format!("010-0000-00{n}"),
        story: words(
            "장문 문자 00:16:02, 알림톡 00:15:40에 두 번 표시됨",
            "shown twice: lms at 00:16:02, alimtalk at 00:15:40",
        ),
    }
}

fn lost_witness() -> Witness {
    Witness {
        notice: "n88".to_owned(),
        person: "010-0000-0088".to_owned(),
        story: words("silence-10m 장애가 삼킴", "lost to the fault silence-10m"),
    }
}
