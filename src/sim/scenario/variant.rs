//! `for:` of a notice: what differs for members of a group, be it the words, the route or the size of the letters.

use crate::sim::model::medium::Medium;
use crate::sim::plan::Plan;
use crate::sim::plan::message::{Content, ForGroup, RouteLeg};
use crate::sim::scenario::notices::{CONTENT, LEG, LEGS_MAX, Vars, content, leg};
use crate::sim::scenario::people::group;
use crate::sim::scenario::problem::{Issue, Problems, quote};
use crate::sim::scenario::reader::{Fields, items, rows};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::yaml::{Entry, Node};

/// `for:`.
pub(super) const SHAPE: Shape = Shape::Named(&Shape::Table(&TABLE));

const TABLE: Table = Table {
    name: "variant",
    needs: &[],
    rows: &[
        Row("route", Shape::List(&Shape::Table(&LEG)), "경로 / their own legs; everybody's when left out"),
        Row("large", Shape::Number, "큰 글씨 / shown in large type: most characters that go on the screen"),
        Row("alimtalk", CONTENT, "알림톡 / their content on alimtalk"),
        Row("brand", CONTENT, "브랜드 메시지 / their content on brand message"),
        Row("certified", CONTENT, "인증톡 / their content as a certified e-document"),
        Row("chat", CONTENT, "채널 대화 / their content in the channel's chat"),
        Row("sms", CONTENT, "단문 / their content on sms"),
        Row("lms", CONTENT, "장문 / their content on lms"),
        Row("email", CONTENT, "이메일 / their content on e-mail"),
        Row("letter", CONTENT, "우편 / their content on paper"),
        Row("registered", CONTENT, "등기 / their content as a registered letter"),
        Row("broadcast", CONTENT, "재난문자 / their content of a cell broadcast"),
        Row("call", CONTENT, "전화 / what is said to them in a call"),
        Row("push", CONTENT, "앱 알림 / their content as a push message of another application"),
    ],
};

const VARIANTS_MAX: usize = 64;
const LARGE_MAX: u64 = 2_000;

/// Reads `for:` of a notice, if it has one.
pub(super) fn read(notice: &Fields<'_>, vars: &mut Vars, plan: &mut Plan, problems: &mut Problems) -> Vec<ForGroup> {
    let Some(node) = notice.get("for", problems) else { return Vec::new() };
    let rows = rows("for", node, VARIANTS_MAX, problems);
    rows.into_iter().filter_map(|row| variant(notice, row, vars, plan, problems)).collect()
}

/// Says of every `for:` whose group nobody can be in. Once all people are known.
pub(super) fn check_groups(notices: &Node, plan: &Plan, problems: &mut Problems) {
    let variants = notices.entries().unwrap_or_default().iter().filter_map(|notice| notice.node.get("for"));
    for row in variants.filter_map(Node::entries).flatten() {
        let Some(id) = plan.groups.iter().position(|name| *name == row.key) else { continue };
        let drawn = plan.cohorts.iter().flat_map(|cohort| &cohort.groups).any(|(group, _)| group.index() == id);
        let listed = plan.cohorts.iter().flat_map(|cohort| &cohort.listed).any(|row| row.groups.0 >> id & 1 == 1);
        if !drawn && !listed {
            let name = quote(&row.key);
            let ko = format!("`{name}` 그룹에 속한 사람이 없습니다");
            problems.add(row.key_at, Issue::new(ko, format!("nobody is in the group `{name}`")));
        }
    }
}

fn variant(
    notice: &Fields<'_>,
    row: &Entry,
    vars: &mut Vars,
    plan: &mut Plan,
    problems: &mut Problems,
) -> Option<ForGroup> {
    let fields = Fields::of(&row.node, &row.key, &TABLE, problems)?;
    let group = group(&row.key, row.key_at, plan, problems)?;
    let mut contents: Vec<Content> = Vec::new();
    for medium in Medium::ALL {
        if let Some(node) = fields.get(medium.name(), problems) {
            contents.extend(content(medium, node, vars, plan, problems));
        }
    }
    let written = |medium: &Medium| notice.has(medium.name()) || fields.has(medium.name());
    let written: Vec<Medium> = Medium::ALL.into_iter().filter(written).collect();
    let legs = fields.get("route", problems).map_or(&[][..], |node| items("route", node, LEGS_MAX, problems));
    let route: Vec<RouteLeg> = legs.iter().filter_map(|item| leg(item, &written, problems)).collect();
    let large = fields.number("large", 1..LARGE_MAX + 1, problems).map(|most| most as u32);
    Some(ForGroup { group, route, contents, large })
}
