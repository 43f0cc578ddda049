//! The chronicle: what a person watching a live run wants to be told while it goes on, a line a turning point. Faults
//! come and go, connections break and come back, another medium takes over; and ten times a run, who has been reached.
//!
//! Reads the run's newest events; what it missed because it fell behind is missing, and nothing waits for it.

use crate::host::control::run::Run;
use crate::report::text::terminal::clean;
use crate::report::words::{self, number, percent};
use crate::sim::model::event::{Cause, Event, EventKind};
use crate::sim::model::ids::{AttemptId, FaultId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Lang;
use crate::sim::plan::Plan;
use crate::sim::time::{SimTime, Span};

/// What has been told of a run so far.
pub struct Chronicle {
    lang: Lang,
    /// Number of the last event read.
    since: u64,
    /// Telling of those reached comes every so often.
    every: Span,
    next: SimTime,
    /// One row a notice.
    notices: Vec<Heard>,
    /// Notices that were first shown on each medium.
    reached: [u64; Medium::COUNT],
    /// Media that have taken over already.
    took_over: [bool; Medium::COUNT],
    lines: [Line; Network::COUNT],
    /// Connections turned away since the last telling.
    refused: u64,
}

/// What is known of a notice.
#[derive(Clone, Default)]
struct Heard {
    /// The media of its attempts, by ordinal.
    media: Vec<Medium>,
    shown: bool,
}

/// The connections of a network.
#[derive(Clone, Copy, Default)]
struct Line {
    /// Cut by faults and not back yet.
    away: u64,
    /// Cut since the last telling, and when the first of them was.
    cut: u64,
    cut_at: SimTime,
    /// Back since all were there.
    back: u64,
}

/// Events read at once; the rest comes next time.
const EVENTS_AT_ONCE: usize = 200_000;
/// Cuts that come within so long are told as one.
const TOGETHER: Span = Span::from_secs(1);

impl Chronicle {
    /// Nothing has been told yet.
    pub fn new(plan: &Plan, lang: Lang) -> Chronicle {
        let every = Span::from_micros((plan.clock.stop.micros() / 10).max(1_000_000));
        Chronicle {
            lang,
            since: 0,
            every,
            next: SimTime::ZERO + every,
            notices: Vec::new(),
            reached: [0; Medium::COUNT],
            took_over: [false; Medium::COUNT],
            lines: [Line::default(); Network::COUNT],
            refused: 0,
        }
    }

    /// The lines for what has happened since the last call.
    pub fn read(&mut self, run: &Run) -> Vec<String> {
        let page = run.events(self.since, EVENTS_AT_ONCE);
        let names: Vec<String> =
            run.faults().iter().map(|fault| self.named(&fault.name, fault.kind, &fault.networks)).collect();
        let mut told = Vec::new();
        for event in &page.events {
            self.observe(event, &names, &mut told);
        }
        self.since = page.first + page.events.len() as u64 - 1;
        told
    }

    /// Takes one event; `faults` are the faults as they are told of, by id.
    fn observe(&mut self, event: &Event, faults: &[String], told: &mut Vec<String>) {
        let at = event.at;
        self.tell_cuts(at, told);
        while at >= self.next {
            let next = self.next;
            self.tell_reach(next, told);
            self.next += self.every;
        }
        match event.kind {
            EventKind::Created { .. } => self.notices.push(Heard::default()),
            EventKind::Submitted { attempt, medium, .. } => self.submitted(attempt, medium),
            EventKind::Shown { attempt, .. } => self.shown(attempt),
            EventKind::FellBack { to, cause, .. } => self.fell_back(at, to, cause, told),
            EventKind::FaultBegan { fault } => {
                told.push(self.turn(at, fault, faults, "▼", ("장애 시작", "fault begins")))
            }
            EventKind::FaultStaged { fault, .. } => {
                told.push(self.turn(at, fault, faults, "△", ("일부 복구", "partly back")));
            }
            EventKind::FaultEnded { fault, .. } => {
                self.tell_refused(at, told);
                told.push(self.turn(at, fault, faults, "▲", ("장애 끝", "fault ends")));
            }
            EventKind::SessionClosed { network, fault: Some(_), .. } => self.cut(at, network),
            EventKind::SessionOpened { network, .. } => self.back(at, network, told),
            EventKind::SessionRefused { .. } => self.refused += 1,
            EventKind::HandshakesRefused { count, .. } => self.refused += u64::from(count),
            EventKind::RunEnded { .. } => {
                self.tell_cuts(SimTime::NEVER, told);
                if at + self.every > self.next {
                    self.tell_reach(at, told);
                }
            }
            _tells_nothing_by_itself => {}
        }
    }

    fn submitted(&mut self, attempt: AttemptId, medium: Medium) {
        if let Some(notice) = self.notices.get_mut(attempt.notice.index()) {
            notice.media.push(medium);
        }
    }

    fn shown(&mut self, attempt: AttemptId) {
        let Some(notice) = self.notices.get_mut(attempt.notice.index()) else { return };
        let Some(medium) = notice.media.get(usize::from(attempt.ordinal)) else { return };
        if !std::mem::replace(&mut notice.shown, true) {
            self.reached[medium.index()] += 1;
        }
    }

    fn fell_back(&mut self, at: SimTime, to: Medium, cause: Cause, told: &mut Vec<String>) {
        if std::mem::replace(&mut self.took_over[to.index()], true) {
            return;
        }
        let (medium, cause) = (words::medium(to, self.lang), words::cause(cause, self.lang));
        told.push(self.line(
            at,
            "↘",
            match self.lang {
                Lang::Ko => format!("{medium} 대체 발송 시작 ({cause})"),
                Lang::En => format!("{medium} begins to take over ({cause})"),
            },
        ));
    }

    fn cut(&mut self, at: SimTime, network: Network) {
        let line = &mut self.lines[network.index()];
        if line.cut == 0 {
            line.cut_at = at;
        }
        line.cut += 1;
        line.away += 1;
    }

    fn back(&mut self, at: SimTime, network: Network, told: &mut Vec<String>) {
        let line = &mut self.lines[network.index()];
        if line.away == 0 {
            return;
        }
        line.away -= 1;
        line.back += 1;
        if line.away == 0 {
            let back = number(std::mem::take(&mut line.back));
            let network = words::network(network, self.lang);
            told.push(self.line(
                at,
                "⟲",
                match self.lang {
                    Lang::Ko => format!("{network} 연결 {back}개가 모두 돌아옴"),
                    Lang::En => format!("all {back} {network} connections are back"),
                },
            ));
        }
    }

    fn tell_cuts(&mut self, now: SimTime, told: &mut Vec<String>) {
        for network in Network::ALL {
            let line = &mut self.lines[network.index()];
            if line.cut == 0 || now < line.cut_at + TOGETHER {
                continue;
            }
            let (at, cut) = (line.cut_at, number(std::mem::take(&mut line.cut)));
            let network = words::network(network, self.lang);
            told.push(self.line(
                at,
                "✂",
                match self.lang {
                    Lang::Ko => format!("{network} 연결 {cut}개가 끊김"),
                    Lang::En => format!("{cut} {network} connections are cut"),
                },
            ));
        }
    }

    fn tell_refused(&mut self, at: SimTime, told: &mut Vec<String>) {
        if self.refused == 0 {
            return;
        }
        let refused = number(std::mem::take(&mut self.refused));
        told.push(self.line(
            at,
            "⊘",
            match self.lang {
                Lang::Ko => format!("그동안 거절된 접속 {refused}번"),
                Lang::En => format!("{refused} connections were turned away meanwhile"),
            },
        ));
    }

    fn tell_reach(&self, at: SimTime, told: &mut Vec<String>) {
        let all = self.notices.len() as u64;
        if all == 0 {
            return;
        }
        let reached: u64 = self.reached.iter().sum();
        let by_medium: Vec<String> = Medium::ALL
            .into_iter()
            .filter(|medium| self.reached[medium.index()] > 0)
            .map(|medium| format!("{} {}", words::medium(medium, self.lang), number(self.reached[medium.index()])))
            .collect();
        let (share, by_medium) = (percent(reached, all), by_medium.join(" · "));
        let (reached, all) = (number(reached), number(all));
        told.push(self.line(
            at,
            "✉",
            match self.lang {
                Lang::Ko => format!("보낸 {all}건 중 {reached}건 도달 {share} · {by_medium}"),
                Lang::En => format!("{reached} of {all} sent are reached {share} · {by_medium}"),
            },
        ));
    }

    fn turn(&self, at: SimTime, fault: FaultId, faults: &[String], mark: &str, words: (&str, &str)) -> String {
        let name = faults.get(fault.index()).map_or("", String::as_str);
        self.line(at, mark, format!("{} {name}", words::pick(self.lang, words.0, words.1)))
    }

    /// A fault as it is told of: `blackout (카카오 중단)`.
    fn named(&self, name: &str, kind: &str, networks: &[Network]) -> String {
        let networks: Vec<&str> = networks.iter().map(|network| words::network(*network, self.lang)).collect();
        format!("{} ({} {})", clean(name), networks.join("·"), words::fault_kind(kind, self.lang))
    }

    fn line(&self, at: SimTime, mark: &str, text: String) -> String {
        let whole = SimTime::from_micros(at.micros() / 1_000_000 * 1_000_000);
        format!("{whole}  {mark} {text}")
    }
}

#[cfg(test)]
mod tests {
    use super::Chronicle;
    use crate::cli::io::Io;
    use crate::cli::reading::{self, Changes};
    use crate::sim::engine::Phones;
    use crate::sim::engine::effect::Effect;
    use crate::sim::model::words::Lang;
    use crate::sim::rehearsal::Rehearsal;

    #[test]
    fn the_first_minute_is_told_turn_by_turn() {
        let io = Io::new(Vec::new(), Vec::new());
        let scenario = reading::read("first-minute", &Changes::default(), &io).expect("built in");
        let mut run = Rehearsal::new(&scenario, Phones::Simulated);
        let mut effects = Vec::new();
        while let Some(due) = run.next_wakeup() {
            run.step(due, None, &mut effects);
        }
        let mut chronicle = Chronicle::new(&scenario.plan, Lang::En);
        let mut told = Vec::new();
        for effect in &effects {
            if let Effect::Event(event) = effect {
                chronicle.observe(event, &["blackout (kakao down)".to_owned()], &mut told);
            }
        }
        let about = |mark: &str| told.iter().filter(|line| line.contains(mark)).cloned().collect::<Vec<_>>();
        assert_eq!(about("▼"), ["00:00:20  ▼ fault begins blackout (kakao down)"]);
        assert_eq!(about("✂"), ["00:00:20  ✂ 100 kakao connections are cut"]);
        assert_eq!(about("↘"), ["00:00:22  ↘ lms begins to take over (failure reported)"]);
        assert_eq!(about("▲"), ["00:00:40  ▲ fault ends blackout (kakao down)"]);
        assert!(about("⟲")[0].ends_with("all 100 kakao connections are back"), "{told:?}");
        assert_eq!(
            about("✉").last().expect("told at the end"),
            "00:02:00  ✉ 100 of 100 sent are reached 100.0% · alimtalk 71 · lms 29"
        );
        assert!(about("✉").len() >= 10, "{told:?}");
    }
}
