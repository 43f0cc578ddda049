//! `notices:`: the kinds of notices, what they say on each medium, and their routes.

use crate::sim::model::ids::{ButtonId, ChannelId, KindId};
use crate::sim::model::medium::Medium;
use crate::sim::model::words::Words;
use crate::sim::plan::Plan;
use crate::sim::plan::message::{Button, Content, Kind, Review, RouteLeg, Template, Text, Until, Var};
use crate::sim::scenario::problem::{At, Issue, Problems, quote};
use crate::sim::scenario::reader::{ASSUMED, Fields, items, one_of, reference, rows, text, word};
use crate::sim::scenario::service::{alert, certified};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::text::{VARS, parts, vars};
use crate::sim::scenario::variant;
use crate::sim::scenario::yaml::{Entry, Node, Value};
use crate::sim::time::Span;

/// `notices:`.
pub(super) const SHAPE: Shape = Shape::Named(&Shape::Table(&NOTICE));

const NOTICE: Table = Table {
    name: "notice",
    needs: &[],
    rows: &[
        Row("title", Shape::Words, "제목 / title for people"),
        Row("channel", Shape::Text, "보내는 채널 / the channel it comes from; the only one when left out"),
        Row("vars", VARS, "변수 / where the values of #{name} come from"),
        Row("alimtalk", CONTENT, "알림톡 / content on alimtalk"),
        Row("brand", CONTENT, "브랜드 메시지 / content on brand message"),
        Row("certified", CONTENT, "인증톡 / content as a certified e-document"),
        Row("chat", CONTENT, "채널 대화 / content in the channel's chat"),
        Row("sms", CONTENT, "단문 / content on sms"),
        Row("lms", CONTENT, "장문 / content on lms"),
        Row("email", CONTENT, "이메일 / content on e-mail"),
        Row("letter", CONTENT, "우편 / content on paper"),
        Row("registered", CONTENT, "등기우편 / content of a registered letter"),
        Row("broadcast", CONTENT, "재난문자 / content of a cell broadcast"),
        Row("call", CONTENT, "전화 / what is said in a call"),
        Row("push", CONTENT, "앱 알림 / content as a push message of another application"),
        Row("route", Shape::List(&Shape::Table(&LEG)), "경로 / legs in order; may be left out for a single medium"),
        Row("expires", Shape::Span, "유효 시간 / shown later than this is harm, not success"),
        Row("for", variant::SHAPE, "그룹별 / what differs for members of a group"),
    ],
};

pub(super) const CONTENT: Shape = Shape::Either(&[Shape::Text, Shape::Table(&CONTENT_TABLE)]);

const CONTENT_TABLE: Table = Table {
    name: "content",
    needs: &["text"],
    rows: &[
        Row("text", Shape::Text, "본문 / the text, with #{name} variables"),
        Row("title", Shape::Text, "제목 / title or subject"),
        Row("template", Shape::Text, "템플릿 코드 / code of the reviewed template"),
        Row("review", Shape::OneOf(&REVIEW_WORDS), "심사 상태 / where the template's review stands"),
        Row("approved", Shape::Text, "승인된 본문 / the approved text, if it differs from what is sent"),
        Row("advert", Shape::Flag, "광고 여부 / an advert: by day only"),
        Row(
            "identity",
            Shape::Table(&certified::IDENTITY),
            "인증톡 본인확인 / proof of identity before a certified document opens",
        ),
        Row("link", Shape::Span, "인증톡 열람 기한 / after this long a certified document cannot be opened"),
        Row("remind", Shape::Table(&certified::REMIND), "인증톡 다시 알림 / a reminder to who has not opened"),
        Row(
            "certificates",
            Shape::OneOf(&certified::CERTIFICATES),
            "인증톡 증명 / who gets certificates of sending, receiving, reading",
        ),
        Row("level", Shape::OneOf(&alert::LEVELS), "재난문자 등급 / 위급, 긴급 or 안전안내, the usual one"),
        Row("long", Shape::Text, "재난문자 긴 글 / what newer phones show: up to 157 characters"),
        Row(
            "buttons",
            Shape::List(&Shape::Table(&BUTTON)),
            "버튼 / at most ten, like { pay: WL, label: \"납부하기\" }",
        ),
    ],
};

/// A button's own name is a further key, which the schema cannot list.
const BUTTON: Table = Table {
    name: "button",
    needs: &["label"],
    rows: &[
        Row("label", Shape::Text, "글자 / what is printed on it"),
        Row("url", Shape::Text, "주소 / where it leads; not followed"),
    ],
};

pub(super) const LEG: Table = Table {
    name: "leg",
    needs: &["try"],
    rows: &[
        Row("try", Shape::Medium, "매체 / what is tried"),
        Row("until", Shape::OneOf(&UNTIL_WORDS), "끝나는 상태 / which state ends the route"),
        Row("within", Shape::Span, "기다리는 시간 / how long until the next leg"),
        Row("arrives", Shape::Span, "도착 확인 시간 / until opened: how long until it must be heard to have arrived"),
    ],
};

const REVIEWS: [(Review, &str); 6] = [
    (Review::Requested, "requested"),
    (Review::Inspecting, "inspecting"),
    (Review::Approved, "approved"),
    (Review::Rejected, "rejected"),
    (Review::Dormant, "dormant"),
    (Review::Blocked, "blocked"),
];
const REVIEW_WORDS: [&str; 6] = ["requested", "inspecting", "approved", "rejected", "dormant", "blocked"];
const UNTILS: [(Until, &str); 3] =
    [(Until::Delivered, "delivered"), (Until::Shown, "shown"), (Until::Opened, "opened")];
const UNTIL_WORDS: [&str; 3] = ["delivered", "shown", "opened"];

/// Kinds of button and quick reply that Kakao knows (Kakao business guide, template buttons, 2026-06).
const BUTTON_KINDS: [&str; 13] = ["WL", "AL", "DS", "BK", "MD", "BC", "BT", "AC", "BF", "P1", "P2", "P3", "TN"];

const KINDS_MAX: usize = 256;
pub(super) const LEGS_MAX: usize = 16;
const BUTTONS_MAX: usize = 10;
const BUTTON_NAMES_MAX: usize = 1_000;

/// Keys of a content, by medium: a letter has no template and a call no title.
const fn keys(medium: Medium) -> &'static [&'static str] {
    match medium {
        Medium::Alimtalk => &["text", "title", "template", "review", "approved", "buttons"],
        Medium::Certified => &[
            "text",
            "title",
            "template",
            "review",
            "approved",
            "buttons",
            "identity",
            "link",
            "remind",
            "certificates",
        ],
        Medium::Brand => &["text", "title", "template", "review", "approved", "advert", "buttons"],
        Medium::Chat => &["text", "buttons"],
        Medium::Sms => &["text", "advert", "buttons"],
        Medium::Lms | Medium::Email | Medium::Push => &["text", "title", "advert", "buttons"],
        Medium::Letter | Medium::Registered => &["text", "title"],
        Medium::Broadcast => &["text", "level", "long"],
        Medium::Call => &["text"],
    }
}

/// Variables of a notice, and which of them some text uses.
pub(super) struct Vars {
    list: Vec<Var>,
    used: Vec<bool>,
}

/// Reads `notices:` into the plan's kinds and buttons.
pub(super) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    for row in rows("notices", node, KINDS_MAX, problems) {
        let Some(kind) = kind(row, plan, problems) else { continue };
        let id = KindId(plan.kinds.len() as u16);
        plan.kinds.push(kind);
        if let Some(node) = row.node.get(Medium::Certified.name()) {
            certified::read(node, id, plan, problems);
        }
        if let Some(node) = row.node.get(Medium::Broadcast.name()) {
            alert::read(node, id, plan, problems);
        }
    }
}

/// The kind that a `send: "text"` line makes: alimtalk first, and the same text as lms when 60 s bring no delivery,
/// so that the shortest file already has a fallback to look at.
pub(super) fn short(key: String, node: &Node, channel: ChannelId, problems: &mut Problems) -> Option<Kind> {
    let text = parts(node, "send", &[], &mut [], problems)?;
    let title = Words::same(quote(node.text().unwrap_or_default()));
    let template = Template { code: "SHORT".to_owned(), review: Review::Approved, approved: None };
    let content = |medium, template| Content {
        medium,
        template,
        title: Text::default(),
        text: text.clone(),
        buttons: Vec::new(),
        advert: false,
    };
    Some(Kind {
        key,
        title,
        channel,
        vars: Vec::new(),
        contents: vec![content(Medium::Alimtalk, Some(template)), content(Medium::Lms, None)],
        route: vec![
            RouteLeg {
                medium: Medium::Alimtalk,
                until: Until::Delivered,
                within: Some(Span::from_secs(60)),
                arrives: None,
            },
            RouteLeg {
                medium: Medium::Lms,
                until: Until::Delivered,
                within: Some(Span::from_secs(600)),
                arrives: None,
            },
        ],
        expires: None,
        for_groups: Vec::new(),
    })
}

/// The kind of a desk's reply: one chat message.
pub(super) fn reply(key: String, node: &Node, channel: ChannelId, problems: &mut Problems) -> Option<Kind> {
    let text = parts(node, "reply", &[], &mut [], problems)?;
    let content = Content {
        medium: Medium::Chat,
        template: None,
        title: Text::default(),
        text,
        buttons: Vec::new(),
        advert: false,
    };
    Some(Kind {
        title: Words::same(quote(node.text().unwrap_or_default())),
        key,
        channel,
        vars: Vec::new(),
        contents: vec![content],
        route: vec![RouteLeg { medium: Medium::Chat, until: Until::Delivered, within: None, arrives: None }],
        expires: None,
        for_groups: Vec::new(),
    })
}

/// A text without variables, for what a service says.
pub(super) fn plain_text(name: &str, node: &Node, problems: &mut Problems) -> Option<Text> {
    parts(node, name, &[], &mut [], problems)
}

/// The channel that a row names, or the only one.
pub(super) fn channel(fields: &Fields<'_>, plan: &Plan, problems: &mut Problems) -> Option<ChannelId> {
    let known = plan.channels.iter().map(|channel| channel.key.as_str());
    if let Some(node) = fields.get("channel", problems) {
        return reference(("채널", "channel"), node, known, problems).map(|i| ChannelId(i as u16));
    }
    if plan.channels.len() == 1 {
        return Some(ChannelId(0));
    }
    let at = At { end: fields.at.start + 1, ..fields.at };
    let issue = Issue::new("채널이 여럿이니 `channel`을 적어야 합니다", "`channel` is missing, and there are several");
    problems.add(at, issue.expecting(one_of(known)));
    None
}

fn kind(row: &Entry, plan: &mut Plan, problems: &mut Problems) -> Option<Kind> {
    let fields = Fields::of(&row.node, &row.key, &NOTICE, problems)?;
    let list = fields.get("vars", problems).map_or_else(Vec::new, |node| vars(node, &plan.kinds, problems));
    let mut vars = Vars { used: vec![false; list.len()], list };
    let mut contents = Vec::new();
    for medium in Medium::ALL {
        if let Some(node) = fields.get(medium.name(), problems) {
            contents.extend(content(medium, node, &mut vars, plan, problems));
        }
    }
    let has = |medium: Medium| fields.has(medium.name());
    if !Medium::ALL.into_iter().any(has) {
        let media = Medium::ALL.map(Medium::name);
        let issue =
            Issue::new("알림에 내용이 없습니다", "the notice says nothing").expecting(one_of(media.into_iter()));
        problems.add(row.key_at, issue);
    }
    let for_groups = variant::read(&fields, &mut vars, plan, problems);
    unused(&fields, &vars, problems);
    let route = route(&fields, has, row.key_at, problems);
    let channel = channel(&fields, plan, problems);
    Some(Kind {
        key: row.key.clone(),
        title: fields.words("title", problems).unwrap_or_else(|| Words::same(row.key.as_str())),
        channel: channel?,
        vars: vars.list,
        contents,
        route,
        expires: fields.leaf("expires", problems),
        for_groups,
    })
}

fn unused(fields: &Fields<'_>, vars: &Vars, problems: &mut Problems) {
    let rows = fields.entry("vars").and_then(|entry| entry.node.entries()).unwrap_or_default();
    for (var, _) in vars.list.iter().zip(&vars.used).filter(|(_, used)| !**used) {
        let Some(row) = rows.iter().find(|row| row.key == var.name) else { continue };
        let name = quote(&var.name);
        let ko = format!("`{name}` 변수를 쓰는 글이 없습니다");
        problems.add(row.key_at, Issue::new(ko, format!("no text uses the variable `{name}`")));
    }
}

pub(super) fn content(
    medium: Medium,
    node: &Node,
    vars: &mut Vars,
    plan: &mut Plan,
    problems: &mut Problems,
) -> Option<Content> {
    let plain = |text| Content { medium, template: None, title: Text::default(), text, buttons: vec![], advert: false };
    if node.text().is_some() {
        return parts(node, medium.name(), &vars.list, &mut vars.used, problems).map(plain);
    }
    let fields = Fields::with_keys(node, medium.name(), keys(medium), problems)?;
    let mut read = |key: &str, problems: &mut Problems| {
        let node = fields.get(key, problems)?;
        parts(node, key, &vars.list, &mut vars.used, problems)
    };
    let title = read("title", problems).unwrap_or_default();
    let approved = read("approved", problems);
    if !fields.has("text") {
        fields.missing("text", problems);
    }
    let text = read("text", problems);
    Some(Content {
        template: template(&fields, approved, problems),
        title,
        buttons: buttons(&fields, plan, problems),
        advert: fields.leaf("advert", problems).unwrap_or(false),
        ..plain(text?)
    })
}

fn template(fields: &Fields<'_>, approved: Option<Text>, problems: &mut Problems) -> Option<Template> {
    let review = fields.word("review", &REVIEWS, problems).unwrap_or_default();
    if !fields.has("template") && (fields.has("review") || fields.has("approved")) {
        fields.missing("template", problems);
    }
    let code = fields.text("template", problems)?.to_owned();
    Some(Template { code, review, approved })
}

fn buttons(fields: &Fields<'_>, plan: &mut Plan, problems: &mut Problems) -> Vec<Button> {
    let Some(node) = fields.get("buttons", problems) else { return Vec::new() };
    let mut buttons: Vec<Button> = Vec::new();
    for item in items("buttons", node, BUTTONS_MAX, problems) {
        let Some(button) = button(item, plan, problems) else { continue };
        if buttons.iter().any(|other| other.id == button.id) {
            problems.add(item.at, Issue::new("같은 이름의 버튼이 둘입니다", "two buttons with one name"));
        }
        buttons.push(button);
    }
    buttons
}

fn button(item: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<Button> {
    let fixed = |key: &str| key == "label" || key == "url" || key == ASSUMED;
    let named = item.entries().and_then(|entries| entries.iter().find(|entry| !fixed(&entry.key)));
    let Some(named) = named else {
        let issue = Issue::new("버튼에 이름이 없습니다", "the button has no name")
            .expected("{ pay: WL, label: \"납부하기\" } 모양", "the form { pay: WL, label: \"...\" }");
        problems.add(item.at, issue);
        return None;
    };
    super::reader::check_name(&named.key, named.key_at, problems);
    let fields = Fields::with_keys(item, "buttons", &[named.key.as_str(), "label", "url"], problems)?;
    let choices = BUTTON_KINDS.map(|kind| (kind, kind));
    let kind = word(&named.key, &named.node, &choices, problems);
    let label = fields.need("label", problems).and_then(|node| text("label", node, problems));
    let id = intern(&named.key, plan, named.key_at, problems)?;
    Some(Button { id, label: label?.to_owned(), kind: kind?.to_owned() })
}

fn intern(name: &str, plan: &mut Plan, at: At, problems: &mut Problems) -> Option<ButtonId> {
    if let Some(index) = plan.buttons.iter().position(|known| known == name) {
        return Some(ButtonId(index as u16));
    }
    if plan.buttons.len() >= BUTTON_NAMES_MAX {
        problems.add(at, Issue::new("버튼 이름이 너무 많습니다", "too many names of buttons"));
        return None;
    }
    plan.buttons.push(name.to_owned());
    Some(ButtonId((plan.buttons.len() - 1) as u16))
}

fn route(fields: &Fields<'_>, has: impl Fn(Medium) -> bool, at: At, problems: &mut Problems) -> Vec<RouteLeg> {
    let written: Vec<Medium> = Medium::ALL.into_iter().filter(|medium| has(*medium)).collect();
    let Some(node) = fields.get("route", problems) else {
        if written.len() > 1 && !fields.has("route") {
            let issue = Issue::new(
                "매체가 여럿이니 `route`를 적어야 합니다",
                "`route` is missing, and there are several media",
            );
            problems.add(at, issue.expecting(one_of(written.iter().map(|medium| medium.name()))));
        }
        let leg = |medium| RouteLeg { medium, until: Until::Delivered, within: None, arrives: None };
        return written.first().map(|medium| leg(*medium)).into_iter().collect();
    };
    let legs = items("route", node, LEGS_MAX, problems);
    if matches!(&node.value, Value::List(items) if items.is_empty()) {
        problems.add(node.at, Issue::new("경로가 비어 있습니다", "the route has no leg"));
    }
    legs.iter().filter_map(|item| leg(item, &written, problems)).collect()
}

pub(super) fn leg(item: &Node, written: &[Medium], problems: &mut Problems) -> Option<RouteLeg> {
    let fields = Fields::of(item, "route", &LEG, problems)?;
    let choices = Medium::ALL.map(|medium| (medium, medium.name()));
    let node = fields.need("try", problems);
    let medium = node.and_then(|node| word("try", node, &choices, problems));
    if let (Some(medium), Some(node)) = (medium, node)
        && !written.contains(&medium)
    {
        let name = medium.name();
        let issue = Issue::new(
            format!("이 알림에는 `{name}` 내용이 없습니다"),
            format!("the notice has no content for `{name}`"),
        );
        problems.add(node.at, issue.expecting(one_of(written.iter().map(|medium| medium.name()))));
    }
    let until = fields.word("until", &UNTILS, problems).unwrap_or(Until::Delivered);
    let within = fields.leaf::<Span>("within", problems);
    let arrives = arrives(&fields, until, within, problems);
    Some(RouteLeg { medium: medium?, until, within, arrives })
}

/// `arrives:` of a leg that waits for opening; on any other leg, or no sooner than `within`, it would watch for nothing.
fn arrives(fields: &Fields<'_>, until: Until, within: Option<Span>, problems: &mut Problems) -> Option<Span> {
    let arrives = fields.leaf::<Span>("arrives", problems)?;
    let entry = fields.entry("arrives")?;
    if until != Until::Opened {
        let ko = "`arrives`는 `until: opened`인 단계에만 씁니다";
        problems.add(entry.key_at, Issue::new(ko, "`arrives` is for a leg with `until: opened` only"));
    } else if let Some(within) = within.filter(|within| arrives >= *within) {
        let issue = Issue::new("`arrives`가 `within`보다 짧지 않습니다", "`arrives` is no shorter than `within`")
            .expected(format!("{within} 미만"), format!("less than {within}"))
            .found(&arrives.to_string());
        problems.add(entry.node.at, issue);
    }
    Some(arrives)
}

/// The longest that a route's legs may take one after the other.
pub(super) fn longest(kind: &Kind) -> Span {
    let length =
        |route: &[RouteLeg]| route.iter().filter_map(|leg| leg.within).fold(Span::ZERO, |sum, within| sum + within);
    kind.for_groups.iter().map(|row| length(&row.route)).fold(length(&kind.route), Span::max)
}
