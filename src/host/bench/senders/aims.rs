//! What was measured, figure by figure, each with its aim.

use crate::host::bench::fanout::aims::{Aim, Line};
use crate::host::bench::senders::{Figures, RECIPIENTS};

/// The lines of the senders. The aims are of the figures themselves; the ratios say what the machine is worth.
pub fn senders(figures: &Figures) -> Vec<Line> {
    let own = |line: Line| Line { of_own: true, ..line };
    let mib = |bytes: u64| bytes as f64 / 1_048_576.0;
    let none = |ko: &str, en: &str, count: u64| Line::single(ko, en, count as f64, Aim::AtMost(0.0));
    vec![
        own(Line::pair(
            &format!("{RECIPIENTS}명에게 한 번의 POST, 밀리초"),
            &format!("one POST of {RECIPIENTS}, ms"),
            figures.post,
            1e3,
            Aim::AtMost(300.0),
        )),
        own(Line::pair(
            "잇단 POST로 받은 알림, 천/초",
            "POST after POST: accepted, thousand/s",
            figures.accepted,
            1e3,
            Aim::AtLeast(20.0),
        )),
        own(Line::pair(
            "같은 때 웹훅으로 알린 결과, 천/초",
            "at the same time: reported, thousand/s",
            figures.reported,
            1e3,
            Aim::AtLeast(20.0),
        )),
        Line::single("받고 알리기까지, 천/CPU초", "accepted and reported, k/CPU-s", figures.whole / 1e3, None),
        none("오지 않은 결과", "reports that did not come", figures.missing),
        none("두 번 온 결과", "reports that came again", figures.repeated),
        Line::single("서버 메모리 최대, MiB", "memory of the server at most, MiB", mib(figures.peak), None),
    ]
}

#[cfg(test)]
mod tests {
    use super::senders;
    use crate::host::bench::fanout::Pair;
    use crate::host::bench::senders::Figures;

    #[test]
    fn aims_are_of_the_figures_and_not_of_the_ratios() {
        let pair = |floor, gateway| Pair { floor, gateway, ratio: gateway / floor };
        let figures = Figures {
            pairs: 1,
            body_bytes: 2_700_000,
            post: pair(3_000.0, 299_000.0),
            accepted: pair(1e6, 20_000.0),
            reported: pair(1e6, 19_999.0),
            whole: 1.0,
            missing: 1,
            repeated: 0,
            hook_bytes: 1,
            peak: 1,
        };
        let missed: Vec<String> =
            senders(&figures).into_iter().filter(|line| line.met() == Some(false)).map(|line| line.name.en).collect();
        assert_eq!(missed, ["at the same time: reported, thousand/s", "reports that did not come"]);
    }
}
