//! What was measured, figure by figure, each with its aim: for tables, and for `--check`.

use std::fmt;

use crate::host::bench::fanout::{BURST, Figures, Pair, storm};
use crate::sim::model::words::Words;

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is, with its unit.
    pub name: Words,
    /// The floor's, or what it is compared with.
    pub floor: Option<f64>,
    /// Ours.
    pub own: f64,
    /// Ours over the other.
    pub ratio: Option<f64>,
    /// What it should be: the ratio, or if there is none, the figure itself.
    pub aim: Option<Aim>,
    /// Whether the aim is of the figure itself, where there is a ratio too.
    pub of_own: bool,
}

impl Aim {
    /// Whether a figure is what it should be.
    pub fn met(self, figure: f64) -> bool {
        match self {
            Aim::AtLeast(least) => figure >= least,
            Aim::AtMost(most) => figure <= most,
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Aim::AtLeast(least) => write!(f, ">= {least}"),
            Aim::AtMost(most) => write!(f, "<= {most}"),
        }
    }
}

impl Line {
    /// Whether the aim is met; `None` without one.
    pub fn met(&self) -> Option<bool> {
        self.aim.map(|aim| aim.met(self.ratio.filter(|_| !self.of_own).unwrap_or(self.own)))
    }

    /// A figure beside the floor's, whose ratio has an aim.
    pub fn pair(ko: &str, en: &str, pair: Pair, unit: f64, aim: Aim) -> Line {
        let ratio = Some(pair.ratio);
        Line { floor: Some(pair.floor / unit), own: pair.gateway / unit, ratio, ..Line::single(ko, en, 0.0, aim) }
    }

    /// A figure alone.
    pub fn single(ko: &str, en: &str, own: f64, aim: impl Into<Option<Aim>>) -> Line {
        let name = Words { ko: ko.to_owned(), en: en.to_owned() };
        Line { name, floor: None, own, ratio: None, aim: aim.into(), of_own: false }
    }
}

/// The lines of the fan-out.
pub fn fanout(figures: &Figures) -> Vec<Line> {
    let ratio = figures.after_kib / figures.idle_kib;
    let after = Line::single(
        "배달 뒤의 KiB (우편함 빼고)",
        "KiB after traffic, without the mailbox",
        figures.after_kib,
        Aim::AtMost(1.2),
    );
    vec![
        Line::pair(
            "한 통씩, 천 배달/CPU초",
            "lock-step, thousand deliveries/CPU-s",
            figures.lockstep,
            1e3,
            Aim::AtLeast(0.85),
        ),
        Line::pair(
            &format!("한꺼번에 {BURST}, 천 배달/CPU초"),
            &format!("bursts of {BURST}, thousand deliveries/CPU-s"),
            figures.burst,
            1e3,
            Aim::AtLeast(12.0),
        ),
        Line::pair("p99, 밀리초", "p99, ms", figures.p99, 1e3, Aim::AtMost(1.1)),
        Line::pair("핸드셰이크, 천/초", "handshakes, thousand/s", figures.handshakes, 1e3, Aim::AtLeast(0.5)),
        Line {
            // Without engine and journal there is no aim of the kind: what counts is the next line.
            aim: None,
            ..Line::pair(
                "개인 알림과 영수증, 게이트웨이만, 천/CPU초",
                "personal notice, receipt: gateway alone, k/CPU-s",
                figures.exchange,
                1e3,
                Aim::AtLeast(0.6),
            )
        },
        Line::pair(
            "엔진과 저널까지, 천/CPU초",
            "the same with engine and journal, k/CPU-s",
            figures.whole,
            1e3,
            Aim::AtLeast(0.6),
        ),
        Line::pair(
            "멈춘 단말이 없을 때와 있을 때 p99, 밀리초",
            "p99 without and with a stalled reader, ms",
            figures.stalled,
            1e3,
            Aim::AtMost(1.1),
        ),
        Line::single("사용자 시간의 몫, %", "user share of CPU, %", figures.user_share * 100.0, Aim::AtMost(15.0)),
        Line::single("쉬는 연결의 KiB", "KiB an idle connection", figures.idle_kib, Aim::AtMost(4.0)),
        Line { ratio: Some(ratio), floor: Some(figures.idle_kib), ..after },
        Line::single("우편함, MiB", "mailbox, MiB", figures.mailbox_mib, None),
    ]
}

/// The lines of the storm.
pub fn storm(figures: &storm::Figures) -> Vec<Line> {
    let (bare, laden) = (figures.bare, figures.laden);
    let seconds = |micros: u64| micros as f64 / 1e6;
    let mib = |bytes: u64| bytes as f64 / 1_048_576.0;
    let back = |ko: &str, en: &str, micros| Line::single(ko, en, seconds(micros), Aim::AtMost(5.0));
    let refused = |ko: &str, en: &str, count: u64| Line::single(ko, en, count as f64, Aim::AtMost(0.0));
    let missing = u64::from(figures.clients) * u64::from(figures.missed) - laden.notices;
    vec![
        Line::single("100명 중 99명 돌아온 때, 초", "99 of 100 back, s", seconds(bare.back_99), None),
        back("모두 돌아온 때, 초", "all back, s", bare.back),
        refused("거절", "refused", bare.refused),
        Line::single("양쪽 메모리 최대, MiB", "memory of both ends at most, MiB", mib(bare.peak), Aim::AtMost(300.0)),
        back("밀린 알림이 있을 때 모두 돌아온 때, 초", "with backlog and strangers: all back, s", laden.back),
        Line::single("모두 따라잡은 때, 초", "all caught up, s", seconds(laden.caught_up), None),
        refused("거절", "refused", laden.refused),
        refused("오지 않은 알림", "notices that did not come", missing),
        Line::single(
            "더 든 메모리, MiB",
            "more memory at most, MiB",
            mib(laden.peak.saturating_sub(laden.before)),
            Aim::AtMost(200.0),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Aim, storm};
    use crate::host::bench::fanout::storm::{Figures, Storm};

    #[test]
    fn an_aim_is_met_at_its_edge_and_missed_beyond() {
        assert!(Aim::AtLeast(0.85).met(0.85) && !Aim::AtLeast(0.85).met(0.849));
        assert!(Aim::AtMost(1.1).met(1.1) && !Aim::AtMost(1.1).met(1.101));
        assert_eq!(Aim::AtMost(1.1).to_string(), "<= 1.1");
    }

    #[test]
    fn a_storm_that_lost_a_notice_misses_its_aim() {
        let all = Storm { notices: 100, ..Storm::default() };
        let figures = Figures { clients: 2, bare: all, laden: all, missed: 50, strangers: 0 };
        assert!(storm(&figures).iter().all(|line| line.met() != Some(false)));
        let figures = Figures { laden: Storm { notices: 99, refused: 1, back: 5_000_001, ..all }, ..figures };
        let missed: Vec<String> =
            storm(&figures).into_iter().filter(|line| line.met() == Some(false)).map(|line| line.name.en).collect();
        assert_eq!(missed, ["with backlog and strangers: all back, s", "refused", "notices that did not come"]);
    }
}
