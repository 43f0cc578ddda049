//! A live run that goes too fast for its own promises, told as such.
//!
//! A live run's messages really cross sockets, the journal and the processes of phones, and that takes real time: ten
//! milliseconds are not unusual on a busy machine. At x60 they are 0.6 s of the run, at x100000 they are over sixteen
//! minutes. A promise or a waiting time that is shorter than that measures this machine and not the sender. The verdict
//! is left as it is: what was promised and not seen was not seen. But nobody should have to guess why.
//!
//! Virtual time and lock-step have no haste: their time stands while the machine works.

use crate::report::view::PaceView;
use crate::report::words::length;
use crate::sim::expect::verdict::ClauseVerdict;
use crate::sim::model::words::{Lang, Words};
use crate::sim::plan::Plan;
use crate::sim::plan::message::{Kind, RouteLeg};
use crate::sim::time::Span;

/// The way over a socket and back that a busy machine may take.
const ROUND_TRIP: Span = Span::from_millis(10);

/// How much of a run's own time the machine takes, and what is shorter than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Haste {
    /// What ten milliseconds of the machine are in the run.
    pub blur: Span,
    /// The shortest time that is promised or waited for.
    pub finest: Span,
    /// Promises shorter than the blur.
    pub promises: usize,
    /// Legs of routes that wait for less than the blur.
    pub legs: usize,
    /// The greatest speed at which the shortest is not below the blur; at least 1.
    pub at_most: u64,
}

impl Haste {
    /// The haste of a run, if it has any.
    pub fn of(plan: &Plan, clauses: &[ClauseVerdict], pace: PaceView) -> Option<Haste> {
        let PaceView::Live(times) = pace else { return None };
        let blur = ROUND_TRIP.times(u64::from(times));
        let promised: Vec<Span> =
            clauses.iter().filter_map(|clause| clause.finest).filter(|span| *span < blur).collect();
        let waited: Vec<Span> = plan.kinds.iter().flat_map(waits).filter(|span| *span < blur).collect();
        let finest = promised.iter().chain(&waited).min().copied()?;
        let at_most = (finest.micros() / ROUND_TRIP.micros()).max(1);
        Some(Haste { blur, finest, promises: promised.len(), legs: waited.len(), at_most })
    }

    /// In a sentence.
    pub fn words(self) -> Words {
        let Haste { promises, legs, at_most, .. } = self;
        let blur = |lang| length(self.blur, lang);
        let finest = |lang| length(self.finest, lang);
        Words {
            ko: format!(
                "이 배속에서는 소켓을 오가는 실제 10 ms가 {}이다. 이보다 짧은 약속 {promises}개와 대기 {legs}개(가장 짧은 것 {})는 발신자가 아니라 이 \
                 컴퓨터를 잰다. x{at_most} 이하나 가상 시간으로 판정할 것.",
                blur(Lang::Ko),
                finest(Lang::Ko),
            ),
            en: format!(
                "At this speed 10 ms of this machine, a way over a socket and back, are {}. What is promised ({promises}) or \
                 waited for ({legs}) in less, the shortest {}, measures the machine and not the sender. Judge it at x{at_most} or \
                 slower, or in virtual time.",
                blur(Lang::En),
                finest(Lang::En),
            ),
        }
    }
}

fn waits(kind: &Kind) -> impl Iterator<Item = Span> + '_ {
    let routes = kind.for_groups.iter().map(|of| &of.route);
    std::iter::once(&kind.route).chain(routes).flatten().flat_map(|leg: &RouteLeg| [leg.within, leg.arrives]).flatten()
}

#[cfg(test)]
mod tests {
    use super::Haste;
    use crate::report::view::PaceView;
    use crate::sim::expect::script::{must, plan, watch};
    use crate::sim::expect::verdict::Verdict;
    use crate::sim::time::Span;

    const SHORT: &str = "
        0s    created n0 p0
        1s    shown n0/0
        3000s end stop";

    fn verdict(clause: &str) -> Verdict {
        let plan = plan();
        let promise = must(&plan, &[clause]);
        watch(plan, SHORT, promise).finish()
    }

    fn without_waits() -> crate::sim::plan::Plan {
        let mut plan = plan();
        for kind in &mut plan.kinds {
            kind.for_groups.clear();
            kind.route.iter_mut().for_each(|leg| (leg.within, leg.arrives) = (None, None));
        }
        plan
    }

    #[test]
    fn a_promise_shorter_than_the_machines_ten_milliseconds_is_told_with_the_speed_that_can_judge_it() {
        let verdict = verdict("ratio(reached, within=10m) >= 99%");
        let haste = Haste::of(&without_waits(), &verdict.clauses, PaceView::Live(100_000)).expect("16 min 40 s");
        assert_eq!((haste.blur, haste.finest), (Span::from_secs(1_000), Span::from_secs(600)));
        assert_eq!((haste.promises, haste.legs, haste.at_most), (1, 0, 60_000));
        assert_eq!(Haste::of(&without_waits(), &verdict.clauses, PaceView::Live(60_000)), None);
    }

    #[test]
    fn time_that_stands_while_the_machine_works_is_never_hasty() {
        let verdict = verdict("p95(time_to_reach) <= 1ms");
        for pace in [PaceView::Virtual, PaceView::Lockstep] {
            assert_eq!(Haste::of(&plan(), &verdict.clauses, pace), None);
        }
        let haste = Haste::of(&without_waits(), &verdict.clauses, PaceView::Live(1)).expect("1 ms is less than ten");
        assert_eq!(haste.at_most, 1);
    }

    #[test]
    fn a_promise_that_something_lasts_long_enough_is_no_short_promise() {
        let verdict = verdict("max(time_to_reach) >= 1s");
        assert_eq!(Haste::of(&without_waits(), &verdict.clauses, PaceView::Live(3_600)), None);
    }

    #[test]
    fn a_leg_that_waits_for_less_falls_back_by_the_machine() {
        let mut plan = without_waits();
        plan.kinds[0].route[0].within = Some(Span::from_secs(30));
        let verdict = verdict("count(reached) == 1");
        let haste = Haste::of(&plan, &verdict.clauses, PaceView::Live(6_000)).expect("a minute");
        assert_eq!((haste.promises, haste.legs, haste.at_most), (0, 1, 3_000));
        assert!(haste.words().en.contains("x3000"), "{}", haste.words().en);
    }
}
