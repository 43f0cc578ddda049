//! `report.html`: the whole result on one self-contained page, for a meeting, a classroom, a projector or paper.
//!
//! Both languages stand in the file and two radio buttons choose, by style sheet alone. There is no script, no
//! address of anything outside, and a content policy that forbids both; everything from a scenario is escaped. The
//! markup is well-formed XML as well, which a test holds it to.

use std::fmt::Write as _;

use crate::report::audit::biography::to_the_millisecond;
use crate::report::next::{next, quoted};
use crate::report::svg::{bars, escape, reach};
use crate::report::text::sign;
use crate::report::view::{ClauseView, ExampleView, FoundView, RunView, Witness};
use crate::report::words::{self, money, number, percent, pick};
use crate::sim::expect::audit::Truth;
use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::Lang;

/// The content policy of the page: nothing may be loaded, nothing may run, only the page's own style applies.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("html.css");

/// The whole page; `first` is the language that shows when it opens.
pub fn report(view: &RunView, build: &str, first: Lang) -> String {
    let mut out = String::from("<!DOCTYPE html>\n");
    let checked = |lang| if lang == first { " checked=\"checked\"" } else { "" };
    let _ = write!(
        out,
        r#"<html lang="{}"><head><meta charset="utf-8"/><meta http-equiv="Content-Security-Policy" content="{}"/><meta name="viewport" content="width=device-width, initial-scale=1"/><title>{}</title><style>{STYLE}</style></head><body>
<input type="radio" name="lang" id="lang-ko"{}/><label for="lang-ko" lang="ko">한국어</label><input type="radio" name="lang" id="lang-en"{}/><label for="lang-en" lang="en">English</label>
"#,
        pick(first, "ko", "en"),
        escape(POLICY),
        escape(view.title.text(first)),
        checked(Lang::Ko),
        checked(Lang::En),
    );
    for lang in [Lang::Ko, Lang::En] {
        page(&mut out, view, build, lang);
    }
    out.push_str("</body></html>\n");
    out
}

fn page(out: &mut String, view: &RunView, build: &str, lang: Lang) {
    let code = pick(lang, "ko", "en");
    let _ = write!(out, r#"<main class="{code}" lang="{code}">"#);
    head(out, view, lang);
    section(out, pick(lang, "시간에 따른 도달", "Reach over time"), &reached(view, lang));
    section(out, pick(lang, "약속", "Promises"), &promises(view, lang));
    section(out, pick(lang, "장애", "Faults"), &faults(view, lang));
    let time = bars::time_to_reach(view, lang).inside(lang);
    section(out, pick(lang, "닿기까지 걸린 시간", "Time to reach"), &time);
    section(out, pick(lang, "기관이 들은 말과 실제", "What the sender was told, and the truth"), &belief(view, lang));
    section(out, pick(lang, "닿지 못한 사람", "Who was not reached"), &missed(view, lang));
    section(out, pick(lang, "매체별 비용", "Cost by medium"), &cost(view, lang));
    let note = pick(
        lang,
        "모의 실행입니다. 실제로 발송된 메시지는 없으며 번호는 쓰이지 않는 번호입니다.",
        "This was a simulation. Nothing was sent to anybody; the numbers are not in use.",
    );
    let _ = writeln!(out, "<footer><p>{note}</p><p>{}</p></footer></main>", escape(build));
}

fn section(out: &mut String, title: &str, body: &str) {
    let _ = write!(out, "<section><h2>{}</h2>{body}</section>", escape(title));
}

fn head(out: &mut String, view: &RunView, lang: Lang) {
    let class = match view.verdict {
        Overall::Pass => "good",
        Overall::Fail | Overall::Stopped => "bad",
        Overall::Inconclusive => "warn",
    };
    let _ = write!(
        out,
        r#"<header><h1>{}</h1><p class="verdict {class}"><strong>{}</strong> {}</p>"#,
        escape(view.title.text(lang)),
        words::verdict(view.verdict, lang),
        words::verdict_means(view.verdict, lang)
    );
    for reason in view.reasons.iter().filter(|_| view.verdict != Overall::Pass) {
        let _ = write!(out, "<p>{}</p>", escape(reason.text(lang)));
    }
    if let Some(haste) = view.haste {
        let _ = write!(out, "<p>{}</p>", escape(haste.words().text(lang)));
    }
    tiles(out, view, lang);
    let next = next(view, lang);
    let _ = write!(out, "<p>{}</p>", escape(&next.text));
    for command in &next.commands {
        let _ = write!(out, "<p><code>{}</code></p>", escape(command));
    }
    let start = words::calendar(view.clock.start_unix_s, view.clock.offset_s).unwrap_or_default();
    let facts = [
        (pick(lang, "시나리오", "scenario"), view.name.clone()),
        (pick(lang, "출처", "sources"), view.sources.join(", ")),
        (pick(lang, "시민", "people"), number(view.people)),
        (pick(lang, "알림", "notices"), number(view.figures.notices)),
        (pick(lang, "시작", "start"), start),
        (pick(lang, "길이", "length"), format!("{} ({})", view.clock.ended, words::end(view.end, lang))),
        (pick(lang, "시계", "clock"), words::pace(view.clock.pace, lang)),
        (pick(lang, "시드", "seed"), view.seed.to_string()),
    ];
    if let Some(lesson) = &view.lesson {
        let rows = [
            (pick(lang, "질문", "question"), &lesson.question),
            (pick(lang, "예상", "predict"), &lesson.predict),
            (pick(lang, "보여 준 것", "shown"), &lesson.answer),
        ];
        out.push_str("<dl class=\"lesson\">");
        for (name, text) in rows {
            let _ = write!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", escape(text.text(lang)));
        }
        out.push_str("</dl>");
    }
    out.push_str("<dl class=\"facts\">");
    for (name, value) in facts.iter().filter(|fact| !fact.1.is_empty()) {
        let _ = write!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", escape(value));
    }
    out.push_str("</dl></header>");
}

/// The figures that a meeting asks for first.
fn tiles(out: &mut String, view: &RunView, lang: Lang) {
    let figures = &view.figures;
    let soon = match figures.reached_after(95) {
        Some(span) => words::length(span, lang),
        None => pick(lang, "닿지 못함", "never").to_owned(),
    };
    let mut tiles = vec![
        (pick(lang, "닿은 알림", "reached").to_owned(), percent(figures.reached, figures.notices)),
        (pick(lang, "95%에 닿기까지", "95% reached after").to_owned(), soon),
        (pick(lang, "두 번 받음", "reached twice").to_owned(), number(figures.twice)),
        (pick(lang, "비용", "cost").to_owned(), money(figures.cost(), lang)),
    ];
    if let Some(group) = figures.worst_group() {
        let name = format!(
            "{}: {}",
            pick(lang, "가장 뒤처진 집단", "worst group"),
            words::group(&group.name, group.region, lang)
        );
        tiles.push((name, percent(group.reached, group.notices)));
    }
    out.push_str("<dl class=\"tiles\">");
    for (name, value) in tiles {
        let _ = write!(out, "<div><dt>{}</dt><dd>{}</dd></div>", escape(&name), escape(&value));
    }
    out.push_str("</dl>");
}

fn promises(view: &RunView, lang: Lang) -> String {
    if view.clauses.is_empty() {
        return format!("<p>{}</p>", pick(lang, "약속이 하나도 없습니다.", "Nothing was promised."));
    }
    let mut out = String::from("<ul class=\"promises\">");
    for clause in &view.clauses {
        promise(&mut out, clause, lang);
    }
    out.push_str("</ul>");
    out
}

fn promise(out: &mut String, clause: &ClauseView, lang: Lang) {
    let why = clause.why.text(lang);
    let nameless = why.trim().is_empty() || why == clause.source;
    let source = if nameless { String::new() } else { format!("<p><code>{}</code></p>", escape(&clause.source)) };
    let _ = write!(
        out,
        r#"<li class="{}"><p><span class="sign">{}</span> <b>{}</b> <small>{}</small></p><p class="measured">{}</p>{source}"#,
        if clause.kept() { "good" } else { "bad" },
        sign(clause).0,
        escape(if nameless { &clause.source } else { why }),
        words::strength(clause.strength, lang),
        escape(clause.reason.text(lang)),
    );
    if !clause.kept() && !clause.witnesses.is_empty() {
        out.push_str(&witnesses(&clause.witnesses, lang));
    }
    out.push_str("</li>");
}

fn witnesses(list: &[Witness], lang: Lang) -> String {
    let rows = list.iter().map(|w| vec![w.notice.clone(), w.person.clone(), w.story.text(lang).to_owned()]);
    let heads = [pick(lang, "알림", "notice"), pick(lang, "번호", "number"), pick(lang, "있었던 일", "what happened")];
    table(&heads, rows, 3).replacen("<table>", "<table class=\"lives\">", 1)
}

fn faults(view: &RunView, lang: Lang) -> String {
    let rows = view.faults.iter().map(|fault| {
        let places: Vec<&str> = fault.networks.iter().map(|n| words::network(*n, lang)).collect();
        let window = match fault.window(view.clock.ended) {
            Some((from, to)) => format!("{from} – {to}"),
            None => pick(lang, "시작되지 않음", "never began").to_owned(),
        };
        let kind = words::fault_kind(fault.kind, lang).to_owned();
        vec![fault.name.clone(), kind, places.join(", "), window, number(fault.notices), number(fault.hits)]
    });
    let heads = [
        pick(lang, "이름", "name"),
        pick(lang, "종류", "kind"),
        pick(lang, "망", "network"),
        pick(lang, "시간", "window"),
        pick(lang, "닿은 알림", "notices touched"),
        pick(lang, "사건", "events"),
    ];
    table(&heads, rows, 4)
}

fn reached(view: &RunView, lang: Lang) -> String {
    let figures = &view.figures;
    let mut rows: Vec<Vec<String>> = figures
        .media
        .iter()
        .filter(|row| row.first > 0)
        .map(|row| share_row(&first_by(words::medium(row.medium, lang), lang), row.first, figures.notices))
        .collect();
    rows.push(share_row(pick(lang, "닿은 알림", "reached"), figures.reached, figures.notices));
    rows.push(share_row(pick(lang, "두 번 닿음", "reached twice"), figures.twice, figures.notices));
    rows.push(share_row(pick(lang, "열람", "opened"), figures.opened, figures.notices));
    let heads = ["", pick(lang, "알림", "notices"), pick(lang, "비율", "share")];
    let mut out = reach::reach_over_time(view, lang).inside(lang);
    out.push_str(&table(&heads, rows.into_iter(), 1));
    if let Some(times) = words::reach_times(figures, lang) {
        let title = pick(lang, "닿기까지", "Reached after");
        let _ = write!(out, "<p>{title}: {}</p>", escape(&times));
    }
    out.push_str(&groups(view, lang));
    out
}

fn first_by(medium: &str, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("{medium}(으)로 먼저 닿음"),
        Lang::En => format!("first by {medium}"),
    }
}

/// Reach by group, the one left furthest behind first; nothing without groups.
fn groups(view: &RunView, lang: Lang) -> String {
    let groups = view.figures.groups_by_reach();
    if groups.is_empty() {
        return String::new();
    }
    let rows = groups.into_iter().map(|group| {
        let (reached, notices) = (group.reached, group.notices);
        vec![words::group(&group.name, group.region, lang), number(notices), number(reached), percent(reached, notices)]
    });
    let heads = [
        pick(lang, "집단", "group"),
        pick(lang, "알림", "notices"),
        pick(lang, "닿음", "reached"),
        pick(lang, "비율", "share"),
    ];
    table(&heads, rows, 1)
}

fn share_row(name: &str, part: u64, whole: u64) -> Vec<String> {
    vec![name.to_owned(), number(part), percent(part, whole)]
}

fn cost(view: &RunView, lang: Lang) -> String {
    let total = escape(&money(view.figures.cost(), lang));
    format!("{}<p>{} {total}</p>", bars::cost(view, lang).inside(lang), pick(lang, "합계", "in all"))
}

/// What was told, by how it was heard, against the truth; then the contradictions, each with lives behind it.
fn belief(view: &RunView, lang: Lang) -> String {
    let rows = view.figures.told.iter().map(|row| {
        let mut cells = vec![words::told(row.told, lang).to_owned(), words::ear(row.ear, lang).to_owned()];
        cells.extend(row.truths.map(number));
        cells
    });
    let mut heads = vec![pick(lang, "기관이 들은 말", "told"), pick(lang, "들은 길", "heard by")];
    heads.extend(Truth::ALL.map(|(truth, _)| words::truth(truth, lang)));
    let mut out = table(&heads, rows, 2);
    let found: Vec<&FoundView> = view.figures.found.iter().filter(|found| found.count > 0).collect();
    if !found.is_empty() {
        out.push_str(&contradictions(&found, view, lang));
    }
    if let Some(refused) = words::requests_refused(&view.figures.requests_refused, lang) {
        let _ = write!(out, "<p>{}</p>", escape(&refused));
    }
    out
}

/// The list first, so that each leads to its lives; who was missed has a row of their own further down.
fn contradictions(found: &[&FoundView], view: &RunView, lang: Lang) -> String {
    let code = pick(lang, "ko", "en");
    let id = |found: &FoundView| format!("{code}-{}", found.what.name());
    let mut out = String::from("<table><thead><tr>");
    let heads = [pick(lang, "어긋난 것", "contradiction"), pick(lang, "알림", "notices"), pick(lang, "비용", "cost")];
    let _ = write!(out, "<th scope=\"col\">{}</th>", heads[0]);
    let _ =
        write!(out, "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th>", heads[1], heads[2]);
    out.push_str("</tr></thead><tbody>");
    for found in found {
        let (name, cost) = (words::contradiction(found.what, lang), money(found.cost, lang));
        let count = number(found.count);
        let link = if found.examples.is_empty() { name.to_owned() } else { link(&id(found), name) };
        let _ = write!(out, "<tr><td>▲ {link}</td><td class=\"n\">{count}</td><td class=\"n\">{cost}</td></tr>");
    }
    out.push_str("</tbody></table>");
    for found in found.iter().filter(|found| !found.examples.is_empty()) {
        let _ = write!(out, "<h3 id=\"{}\">{}</h3>", id(found), words::contradiction(found.what, lang));
        out.push_str(&examples(&found.examples, view, lang));
    }
    let look = pick(lang, "한 사람에게 있었던 일 모두", "the whole story of one");
    let folder = view.folder.as_ref().map_or(pick(lang, "폴더", "FOLDER").to_owned(), |folder| quoted(folder));
    let person = pick(lang, "번호", "NUMBER");
    let _ =
        write!(out, "<p><small>{look}: <code>bongsu audit {} --person {person}</code></small></p>", escape(&folder));
    out
}

fn examples(list: &[ExampleView], view: &RunView, lang: Lang) -> String {
    let mut out = String::from("<table class=\"lives\"><thead><tr>");
    let heads = [pick(lang, "알림", "notice"), pick(lang, "번호", "number"), pick(lang, "시각", "time")];
    for head in heads.into_iter().chain([pick(lang, "있었던 일", "what happened")]) {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for ExampleView { notice, person, at, story } in list {
        let missed = view.missed.list.iter().any(|row| row.notice == *notice);
        let notice = if missed { link(&row_id(notice, lang), notice) } else { escape(notice) };
        let (at, story) = (to_the_millisecond(*at), escape(story.text(lang)));
        let _ = write!(out, "<tr><td>{notice}</td><td>{}</td><td>{at}</td><td>{story}</td></tr>", escape(person));
    }
    out.push_str("</tbody></table>");
    out
}

fn link(id: &str, name: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", escape(id), escape(name))
}

/// The anchor of a missed notice's row.
fn row_id(notice: &str, lang: Lang) -> String {
    format!("{}-{notice}", pick(lang, "ko", "en"))
}

fn missed(view: &RunView, lang: Lang) -> String {
    let missed = &view.missed;
    if missed.count == 0 {
        return format!("<p>{}</p>", pick(lang, "없습니다.", "Nobody."));
    }
    let share = percent(missed.count, view.figures.notices);
    let mut out = format!("<p><strong>{}</strong> {share}</p>", number(missed.count));
    let rows = missed.reasons.iter().map(|(reason, count)| vec![reason.text(lang).to_owned(), number(*count)]);
    out.push_str(&table(&[pick(lang, "까닭", "reason"), pick(lang, "알림", "notices")], rows, 1));
    let mut rows = witnesses(&missed.list, lang);
    for row in &missed.list {
        let cell = format!("<tr><td>{}</td>", escape(&row.notice));
        let anchored = format!("<tr id=\"{}\"><td>{}</td>", escape(&row_id(&row.notice, lang)), escape(&row.notice));
        rows = rows.replacen(&cell, &anchored, 1);
    }
    out.push_str(&rows);
    out
}

/// A table; columns from `numbers` on are set to the right.
fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>, numbers: usize) -> String {
    let class = |i: usize| if i >= numbers { " class=\"n\"" } else { "" };
    let mut out = String::from("<table><thead><tr>");
    for (i, head) in heads.iter().enumerate() {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(i), escape(head));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            let _ = write!(out, "<td{}>{}</td>", class(i), escape(cell));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

#[cfg(test)]
mod tests {
    use quick_xml::events::Event;
    use quick_xml::reader::Reader;

    use super::report;
    use crate::report::sample;
    use crate::sim::model::words::{Lang, Words};

    fn assert_well_formed(page: &str) {
        let mut reader = Reader::from_str(page);
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(tag) | Event::Empty(tag) => {
                    tag.attributes().for_each(|attribute| drop(attribute.expect("a sound attribute")));
                }
                Event::Eof => return,
                _ => {}
            }
        }
    }

    fn hostile() -> String {
        let bad = "<img src=x onerror=alert(1)>\"'&</style></main><script>";
        let mut view = sample::run();
        view.name = bad.to_owned();
        view.title = Words::same(bad);
        view.sources = vec![bad.to_owned()];
        view.reasons = vec![Words::same(bad)];
        view.faults[0].name = bad.to_owned();
        view.figures.groups[0].name = bad.to_owned();
        view.missed.reasons[0].0 = Words::same(bad);
        view.missed.list[0].notice = bad.to_owned();
        view.figures.found[0].examples[0].notice = bad.to_owned();
        view.figures.found[0].examples[0].story = Words::same(bad);
        for clause in &mut view.clauses {
            clause.why = Words::same(bad);
            clause.source = bad.to_owned();
            clause.reason = Words::same(bad);
            for witness in &mut clause.witnesses {
                witness.story = Words::same(bad);
            }
        }
        report(&view, bad, Lang::Ko)
    }

    #[test]
    fn the_page_is_well_formed_and_needs_nothing_from_outside() {
        for page in [report(&sample::run(), "bongsu test", Lang::En), hostile()] {
            assert_well_formed(&page);
            let lower = page.to_lowercase();
            for forbidden in
                ["<script", "<img", "<link", "<iframe", "<object", "http://", "https://", "url(", "@import"]
            {
                assert!(!lower.contains(forbidden), "{forbidden}");
            }
            assert!(lower.contains("default-src &apos;none&apos;"), "{lower}");
        }
    }

    #[test]
    fn both_languages_stand_in_the_file_and_one_is_chosen() {
        let page = report(&sample::run(), "bongsu test", Lang::En);
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{page}");
        assert!(page.contains("id=\"lang-en\" checked=\"checked\""), "{page}");
        assert!(page.contains("<h1>LH 임대료 고지 1,000세대, 카카오 10분 침묵</h1>"), "{page}");
        assert!(page.contains("<h1>LH rent bills to 1,000 homes, ten silent minutes</h1>"), "{page}");
        assert!(page.contains("<td>통보 없음</td>") && page.contains("<td>nothing</td>"), "{page}");
    }

    #[test]
    fn a_contradiction_leads_to_its_people_without_a_script() {
        let page = report(&sample::run(), "bongsu test", Lang::En);
        let row = "<td>▲ <a href=\"#en-delivered_not_shown\">told delivered, and it never showed</a></td>";
        assert!(page.contains(row), "{page}");
        assert!(page.contains("<h3 id=\"en-delivered_not_shown\">"), "{page}");
        assert!(
            page.contains("<td><a href=\"#en-n88\">n88</a></td><td>010-0000-0088</td><td>00:06:12.5</td>"),
            "{page}"
        );
        assert!(page.contains("<tr id=\"en-n88\"><td>n88</td>"), "who was missed has a row to go to: {page}");
        assert!(
            page.contains("<td>▲ told failed or nothing, and it showed</td>"),
            "nobody to go to, so no link: {page}"
        );
        let targets: Vec<&str> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(targets.len() >= 6 && targets.iter().all(|id| page.contains(&format!(" id=\"{id}\""))), "{targets:?}");
    }

    #[test]
    fn ids_are_unique() {
        let page = report(&sample::run(), "bongsu test", Lang::Ko);
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}
