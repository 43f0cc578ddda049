//! The upper half of the terminal report: what was done, who was reached, at what cost, and what the sender believed.

use crate::report::text::terminal::{Tone, clean, fit, right, width};
use crate::report::text::{LABEL, Page, plot};
use crate::report::view::RunView;
use crate::report::words::{self, money, number, percent, pick};
use crate::sim::model::words::Lang;
use crate::sim::time::{SimTime, Span};

/// Groups that are drawn; `verdict.json` and the report in HTML have all of them.
const GROUPS_SHOWN: usize = 16;

impl Page {
    pub(super) fn faults(&mut self, view: &RunView) {
        self.head("장애", "Faults");
        if view.faults.is_empty() {
            self.line(&format!("  {}", self.pick("없음", "none")));
        }
        for fault in &view.faults {
            let places: Vec<&str> = fault.networks.iter().map(|n| words::network(*n, self.lang)).collect();
            let window = match (fault.began, fault.window(view.clock.ended)) {
                (Some(_), Some((from, to))) if fault.ended.is_some() => format!("{from} – {to}"),
                (Some(_), Some((from, _))) => format!("{from} – {}", self.pick("끝까지", "to the end")),
                _ => self.pick("시작되지 않음", "never began").to_owned(),
            };
            let what = format!("{} · {}", words::fault_kind(fault.kind, self.lang), places.join(", "));
            let hits = match self.lang {
                Lang::Ko => format!("알림 {}건에 닿음, 사건 {}개", number(fault.notices), number(fault.hits)),
                Lang::En => format!("touched {} notices, {} events", number(fault.notices), number(fault.hits)),
            };
            let tone = if fault.hits == 0 { Tone::Warn } else { Tone::Faint };
            self.line(&format!("  {}  {}", fit(&fault.name, LABEL + 8), fit(&what, self.rest(LABEL + 8))));
            self.block(4, &format!("{window} · {hits}"), Some(tone));
        }
    }

    pub(super) fn reach(&mut self, view: &RunView) {
        let figures = &view.figures;
        self.head("도달", "Reach");
        let total = format!(
            "{} / {}  {}",
            number(figures.reached),
            number(figures.notices),
            percent(figures.reached, figures.notices)
        );
        self.row("전체", "in all", &total);
        for row in figures.media.iter().filter(|row| row.first > 0) {
            self.bar_row(words::medium(row.medium, self.lang), row.first, figures.notices);
        }
        let never = figures.notices.saturating_sub(figures.reached);
        if never > 0 {
            self.bar_row(pick(self.lang, "닿지 못함", "not reached"), never, figures.notices);
        }
        if figures.twice > 0 {
            let twice = format!("{}  {}", number(figures.twice), percent(figures.twice, figures.notices));
            self.row("두 번 받음", "reached twice", &twice);
        }
        if let Some(times) = words::reach_times(figures, self.lang) {
            self.row("걸린 시간", "time to reach", &times);
        }
        if let Some(group) = figures.worst_group() {
            let share = percent(group.reached, group.notices);
            let text = format!(
                "{}  {share} ({} / {})",
                clean(&words::group(&group.name, group.region, self.lang)),
                number(group.reached),
                number(group.notices)
            );
            self.row("가장 뒤처진 집단", "worst group", &text);
        }
        for (cause, count) in figures.fallbacks.iter().filter(|row| row.1 > 0) {
            let text = format!("{}  {}", number(*count), words::cause(*cause, self.lang));
            self.row("대체 발송", "fallbacks", &text);
        }
        if figures.sessions_lost > 0 {
            self.row("끊긴 접속", "sessions lost", &number(figures.sessions_lost));
        }
        for (name, count) in &figures.counters {
            self.row(name, name, &number(*count));
        }
    }

    /// Reach of each group, where there are several to compare: the one left furthest behind first.
    pub(super) fn groups(&mut self, view: &RunView) {
        let groups = view.figures.groups_by_reach();
        if groups.len() < 2 {
            return;
        }
        self.head("집단별 도달", "Reach by group");
        for group in groups.iter().take(GROUPS_SHOWN) {
            self.bar_row(&clean(&words::group(&group.name, group.region, self.lang)), group.reached, group.notices);
        }
        if let Some(more) = groups.len().checked_sub(GROUPS_SHOWN).filter(|more| *more > 0) {
            let text = match self.lang {
                Lang::Ko => format!("… 더 나은 집단 {more}개"),
                Lang::En => format!("… and {more} that fare better"),
            };
            self.line(&format!("  {text}"));
        }
    }

    /// Two ways of telling people the same, or two things told: how long each took.
    pub(super) fn kinds(&mut self, view: &RunView) {
        if view.figures.kinds.len() < 2 {
            return;
        }
        self.head("알림별 도달 시간 (발송 시각부터)", "Kinds side by side (from the instant of sending)");
        let columns = |cells: [&str; 5]| {
            let [reached, rest @ ..] = cells;
            format!("{}{}", right(reached, 14), rest.map(|cell| right(cell, 11)).concat())
        };
        let last = self.pick("마지막", "the last");
        let head = columns([self.pick("닿음", "reached"), "50%", "90%", "99%", last]);
        self.raw_row("", "", &self.look.paint(Tone::Faint, &head));
        for kind in &view.figures.kinds {
            let after = |span: Option<Span>| match span {
                Some(span) => words::length(span, self.lang),
                None => pick(self.lang, "닿지 못함", "never").to_owned(),
            };
            let reached = format!("{} / {}", number(kind.reached), number(kind.notices));
            let [half, most, nearly] = kind.after.map(after);
            let text = columns([&reached, &half, &most, &nearly, &after(kind.last)]);
            self.line(&format!("  {}", clean(kind.title.text(self.lang))));
            self.raw_row("", "", &text);
        }
    }

    pub(super) fn over_time(&mut self, view: &RunView) {
        let room = self.rest(LABEL).saturating_sub(8).min(64);
        let used: Vec<_> = view.figures.media.iter().filter(|row| row.first > 0).collect();
        let squeezed: Vec<Vec<u64>> = used.iter().map(|row| plot::squeeze(&row.over_time, room)).collect();
        let wide = squeezed.iter().map(Vec::len).max().unwrap_or(0);
        if wide < 2 {
            return;
        }
        let each = (room / wide).max(1);
        let top = squeezed.iter().flatten().copied().max().unwrap_or(0);
        self.head("시간에 따른 첫 도달", "First reached, over time");
        for (row, numbers) in used.iter().zip(&squeezed) {
            self.row(row.medium.ko(), row.medium.name(), &plot::columns(numbers, top, each));
        }
        if view.faults.iter().any(|fault| fault.began.is_some()) {
            let line = self.look.paint(Tone::Bad, plot::windows(view, wide * each).trim_end());
            self.raw_row("장애", "fault", &line);
        }
        let end = SimTime::from_micros(plot::covered(view)).to_string();
        let gap = (wide * each).saturating_sub(8 + width(&end)).max(1);
        let axis = format!("00:00:00{}{end}", " ".repeat(gap));
        self.raw_row("", "", &self.look.paint(Tone::Faint, &axis));
    }

    pub(super) fn cost(&mut self, view: &RunView) {
        self.head("비용", "Cost");
        for row in view.figures.media.iter().filter(|row| row.attempts > 0) {
            let text = match self.lang {
                Lang::Ko => format!("{}  시도 {}건", right(&money(row.cost, self.lang), 14), number(row.attempts)),
                Lang::En => format!("{}  {} attempts", right(&money(row.cost, self.lang), 14), number(row.attempts)),
            };
            self.row(row.medium.ko(), row.medium.name(), &text);
        }
        let total = right(&money(view.figures.cost(), self.lang), 14);
        self.row("합계", "in all", &total);
    }

    pub(super) fn belief(&mut self, view: &RunView) {
        if view.figures.belief.is_empty() {
            return;
        }
        self.head("기관이 들은 말과 실제", "What the sender was told, and the truth");
        let columns = |a: &str, b: &str| format!("{}  {}", right(a, 12), right(b, 12));
        let head = columns(self.pick("실제 표시됨", "really shown"), self.pick("표시 안 됨", "not shown"));
        self.raw_row("", "", &self.look.paint(Tone::Faint, &head));
        for (claim, shown, not_shown) in &view.figures.belief {
            let text = columns(&number(*shown), &number(*not_shown));
            self.row(words::belief(*claim, Lang::Ko), words::belief(*claim, Lang::En), &text);
        }
        if let Some(refused) = words::requests_refused(&view.figures.requests_refused, self.lang) {
            self.row("", "", &refused);
        }
    }

    fn bar_row(&mut self, label: &str, part: u64, whole: u64) {
        let room = self.rest(LABEL).saturating_sub(20).clamp(8, 40);
        let text = format!(
            "{} {} {}",
            fit(&plot::bar(part, whole, room), room),
            right(&number(part), 9),
            right(&percent(part, whole), 7)
        );
        self.row(label, label, &text);
    }
}
