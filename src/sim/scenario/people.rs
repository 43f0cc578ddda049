//! `people:`: rows of people alike, by shares, or listed one by one.

use crate::sim::dice::Share;
use crate::sim::model::ids::{ButtonId, ChannelId, GroupId, PersonId, RegionId};
use crate::sim::model::medium::Network;
use crate::sim::model::person::{CHANNELS_WITH_FRIENDS_MAX, KakaoState, PhoneState};
use crate::sim::network::Members;
use crate::sim::plan::households::ALONE;
use crate::sim::plan::magic::{self, FATES};
use crate::sim::plan::numbers::PEOPLE_MAX;
use crate::sim::plan::service::alert::Level;
use crate::sim::plan::traits::Traits;
use crate::sim::plan::{Cohort, Habits, Plan};
use crate::sim::scenario::ages;
use crate::sim::scenario::list;
use crate::sim::scenario::problem::{At, Issue, Problems};
use crate::sim::scenario::reader::{Fields, leaf, reference, rows};
use crate::sim::scenario::service::relay;
use crate::sim::scenario::service::talk;
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::yaml::{Entry, Node};

/// `people:`.
pub(super) const SHAPE: Shape = Shape::Named(&Shape::Table(&TABLE));

const TABLE: Table = Table {
    name: "people",
    needs: &[],
    rows: &[
        Row("count", Shape::Number, "인원 / how many"),
        Row("magic", Shape::Flag, "운명이 정해진 시민 / the magic people, each with a fixed fate"),
        Row(
            "from",
            Shape::Text,
            "명단 파일 / a CSV file: phone, name, groups, kakao, region, powered, friends, prefers, age, household",
        ),
        Row("list", Shape::Text, "명단 / the same list, written here"),
        Row("kakao", Shape::Table(&KAKAO), "카카오 상태 비율 / shares of Kakao states; active takes what is not named"),
        Row("phone", Shape::Table(&PHONE), "단말 상태 비율 / shares of phone states"),
        Row("friends_of", Shape::Named(&Shape::Share), "채널 친구 비율 / shares of friends, by channel"),
        Row("groups", Shape::Named(&Shape::Share), "그룹 비율 / shares of members, by group"),
        Row("ages", ages::SHAPE, "나이대 / shares of bands of age; of a list, the bands that its ages are sorted into"),
        Row("households", Shape::Named(&Shape::Share), "가구원 수 / shares of homes, by how many live there"),
        Row("regions", Shape::Named(&Shape::Share), "거주 지역 비율 / shares that add up to 100%"),
        Row("contacts", Shape::Table(&relay::CONTACTS), "아는 사람 / how many people they know"),
        Row("holder", Shape::Table(&HOLDER), "단말 명의 / in whose name the phone is"),
        Row(
            "old_phones",
            Shape::Share,
            "2019년 이전 단말 비율 / share of phones from before 2019: 90 characters of a cell broadcast",
        ),
        Row(
            "mutes",
            Shape::Table(&MUTES),
            "재난문자 수신 거부 비율 / shares who switched cell broadcasts of a level off",
        ),
        Row(
            "stands",
            Shape::Named(&Shape::Share),
            "지금 있는 지역 비율 / shares who stand in a region now; the rest is at home",
        ),
        Row("receipts", Shape::Table(&RECEIPTS), "수신 확인 / what becomes of their phones' receipts"),
        Row("moved", Shape::Share, "이사한 비율 / share who moved away: letters to them come back"),
        Row("reads", Shape::Table(&READS), "읽는 습관 / how they read"),
        Row(
            "presses",
            Shape::Named(&Shape::Share),
            "누르는 비율 / shares of readers who press, by button; \"*\" is the first one",
        ),
        Row("press_after", Shape::Spread, "읽고 누르기까지 / from reading to pressing"),
        Row("prefers", Shape::Table(&PREFERS), "고른 앱 비율 / shares of the applications that notices shall come by"),
        Row("says", talk::SAYS, "읽고 하는 말 / what readers write to the channel"),
    ],
};

const RECEIPTS: Table = Table {
    name: "receipts",
    needs: &[],
    rows: &[
        Row("late", Shape::Spread, "늦는 시간 / so much later than the medium's own"),
        Row("lost", Shape::Share, "유실 비율 / share that never reaches the platform"),
    ],
};

const KAKAO: Table = Table {
    name: "kakao",
    needs: &[],
    rows: &[
        Row("active", Shape::Share, "사용 중 / uses it"),
        Row("inactive", Shape::Share, "휴면 / unused for seven days"),
        Row("blocked", Shape::Share, "차단 / blocked the channel"),
        Row("none", Shape::Share, "미가입 / has no account"),
    ],
};

const PHONE: Table = Table {
    name: "phone",
    needs: &[],
    rows: &[
        Row("powered", Shape::Share, "켜짐 / on, in coverage"),
        Row("dark", Shape::Share, "꺼짐 / off for the whole run"),
    ],
};

const PREFERS: Table = Table {
    name: "prefers",
    needs: &[],
    rows: &[
        Row("kakao", Shape::Share, "카카오톡 / the messenger; it takes what is not named"),
        Row("app", Shape::Share, "다른 앱 / another application"),
    ],
};

const READS: Table = Table {
    name: "reads",
    needs: &[],
    rows: &[
        Row("after", Shape::Spread, "표시 후 읽기까지 / from showing to reading"),
        Row("never", Shape::Share, "읽지 않는 비율 / share never read"),
        Row("heeds", Shape::Share, "다시 알리면 읽는 비율 / share of those who read a document after its reminder"),
    ],
};

const HOLDER: Table = Table {
    name: "holder",
    needs: &[],
    rows: &[
        Row("own", Shape::Share, "본인 명의 / in the person's own name"),
        Row("other", Shape::Share, "타인 명의 / in somebody else's: a certified document is refused"),
    ],
};

const MUTES: Table = Table {
    name: "mutes",
    needs: &[],
    rows: &[
        Row("urgent", Shape::Share, "긴급 / evacuation"),
        Row("safety", Shape::Share, "안전안내 / safety information; critical ones cannot be refused"),
    ],
};

const ROWS_MAX: usize = 1_000;
const GROUPS_MAX: usize = 64;
const REGIONS_MAX: usize = 1_000;
/// Keys that a list makes senseless.
const BY_SHARE: [&str; 8] = ["count", "kakao", "phone", "friends_of", "groups", "regions", "prefers", "households"];
/// The button that stands first, whatever its name.
const ANY_BUTTON: &str = "*";
const HOUSEHOLD_MAX: u64 = 100;

/// Reads `people:` into the plan's cohorts, groups and regions.
pub(super) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    let mut magic: Option<&Entry> = None;
    for row in rows("people", node, ROWS_MAX, problems) {
        if row.node.get("magic").is_some() {
            if is_magic(row, magic, problems) {
                magic = Some(row);
            }
            continue;
        }
        // A row that is wrong still stands, so that nobody who speaks of it is said to be wrong as well. It has nobody, which
        // no other row has: how many people there are is not known.
        let cohort = cohort(row, plan, problems).unwrap_or_else(|| Cohort::plain(&row.key, PersonId(plan.people()), 0));
        if u64::from(cohort.first.0) + u64::from(cohort.count) > u64::from(PEOPLE_MAX) {
            let ko = format!("사람이 {PEOPLE_MAX}명을 넘습니다");
            problems.add(row.key_at, Issue::new(ko, format!("more than {PEOPLE_MAX} people")));
            return;
        }
        plan.cohorts.push(cohort);
    }
    if let Some(row) = magic {
        // They come last wherever their row stands, so that their numbers need no row of their own.
        let fates = FATES.iter().filter_map(|fate| group(fate.key, row.key_at, plan, problems)).collect::<Vec<_>>();
        // One of them picked the other application: it is there, whoever else is on it.
        on_app(row.key_at, plan, problems);
        magic::join(plan, &row.key, &fates);
    }
}

/// Whether a row asks for the magic people, and for nothing else, and is the only one.
fn is_magic(row: &Entry, other: Option<&Entry>, problems: &mut Problems) -> bool {
    let Some(fields) = Fields::of(&row.node, &row.key, &TABLE, problems) else { return false };
    for entry in fields.entries().filter(|entry| entry.key != "magic") {
        let ko = format!("`magic`이 있으면 `{}`을(를) 쓸 수 없습니다", entry.key);
        let en = format!("`{}` does not go with `magic`: their fates are fixed", entry.key);
        problems.add(entry.key_at, Issue::new(ko, en));
    }
    if other.is_some() {
        let issue = Issue::new("운명이 정해진 시민은 한 번만 둡니다", "the magic people are there once only");
        problems.add(row.key_at, issue);
        return false;
    }
    if fields.leaf("magic", problems) == Some(false) {
        let at = fields.entry("magic").map_or(row.key_at, |entry| entry.node.at);
        let issue = Issue::new("`magic`은 true만 쓸 수 있습니다", "`magic` can only be true");
        problems.add(at, issue.expected("true", "true").found("false"));
    }
    true
}

/// The place of a group by name, made when it is new.
pub(super) fn group(name: &str, at: At, plan: &mut Plan, problems: &mut Problems) -> Option<GroupId> {
    intern(name, &mut plan.groups, GROUPS_MAX, ("그룹", "groups"), at, problems).map(|i| GroupId(i as u8))
}

/// The place of a region by name, made when it is new.
pub(super) fn region(name: &str, at: At, plan: &mut Plan, problems: &mut Problems) -> Option<RegionId> {
    intern(name, &mut plan.regions, REGIONS_MAX, ("지역", "regions"), at, problems).map(|i| RegionId(i as u16))
}

/// A channel that can have friends.
pub(super) fn friend(node: &Node, plan: &Plan, problems: &mut Problems) -> Option<ChannelId> {
    let known = plan.channels.iter().map(|channel| channel.key.as_str());
    let index = reference(("채널", "channel"), node, known, problems)?;
    if index >= usize::from(CHANNELS_WITH_FRIENDS_MAX) {
        let issue =
            Issue::new("친구는 앞선 채널 64개까지만 둘 수 있습니다", "only the first 64 channels can have friends");
        problems.add(node.at, issue);
        return None;
    }
    Some(ChannelId(index as u16))
}

fn cohort(row: &Entry, plan: &mut Plan, problems: &mut Problems) -> Option<Cohort> {
    let fields = Fields::of(&row.node, &row.key, &TABLE, problems)?;
    let mut cohort = Cohort::plain(&row.key, PersonId(plan.people()), 0);
    habits(&fields, &mut cohort.habits, plan, problems);
    cohort.contacts = relay::contacts(&fields, problems);
    traits(&fields, &mut cohort.traits, plan, problems);
    talk::says(&fields, &cohort.habits.press_after, plan, problems);
    if let Some(node) = fields.get("list", problems) {
        for entry in fields.entries().filter(|entry| BY_SHARE.contains(&entry.key.as_str())) {
            let ko = format!("명단이 있으면 `{}`을(를) 쓸 수 없습니다", entry.key);
            problems.add(entry.key_at, Issue::new(ko, format!("`{}` does not go with a list", entry.key)));
        }
        cohort.listed = list::read(node, cohort.first, &fields, plan, problems)?;
        cohort.count = cohort.listed.len() as u32;
        return Some(cohort);
    }
    if fields.has("from") {
        return None; // The list could not be read, and that has been said.
    }
    if !fields.has("count") {
        fields.missing("count", problems);
    }
    let count = fields.number("count", 1..u64::from(PEOPLE_MAX) + 1, problems);
    shares_of_states(&fields, &mut cohort, problems);
    friends_and_groups(&fields, &mut cohort, plan, problems);
    households(&fields, &mut cohort, plan, problems);
    cohort.count = count? as u32;
    Some(cohort)
}

fn habits(fields: &Fields<'_>, habits: &mut Habits, plan: &Plan, problems: &mut Problems) {
    if let Some(node) = fields.get("reads", problems)
        && let Some(reads) = Fields::of(node, "reads", &READS, problems)
    {
        habits.reads_after = reads.leaf("after", problems).unwrap_or_else(|| habits.reads_after.clone());
        habits.never = reads.leaf("never", problems).unwrap_or(habits.never);
    }
    habits.press_after = fields.leaf("press_after", problems).unwrap_or_else(|| habits.press_after.clone());
    for row in shares(fields, "presses", problems) {
        if row.0.key == ANY_BUTTON {
            habits.presses_any = row.1;
            continue;
        }
        let known = plan.buttons.iter().map(String::as_str);
        let key = Node::quoted(row.0.key_at, row.0.key.as_str());
        let button = reference(("버튼", "button"), &key, known, problems);
        habits.presses.extend(button.map(|i| (ButtonId(i as u16), row.1)));
    }
}

fn traits(fields: &Fields<'_>, traits: &mut Traits, plan: &mut Plan, problems: &mut Problems) {
    if let Some(node) = fields.get("reads", problems)
        && let Some(reads) = Fields::unchecked(node)
    {
        traits.heeds = reads.leaf("heeds", problems).unwrap_or_default();
    }
    if let Some(node) = fields.get("holder", problems)
        && let Some(names) = Fields::of(node, "holder", &HOLDER, problems)
    {
        let (own, other) = (names.leaf::<Share>("own", problems), names.leaf::<Share>("other", problems));
        let rest = |share: Share| Share::from_ppm(1_000_000 - share.ppm());
        traits.other_holder = other.or(own.map(rest)).unwrap_or_default();
        whole("holder", node, [own.unwrap_or(rest(traits.other_holder)), traits.other_holder].into_iter(), problems);
    }
    if let Some(node) = fields.get("mutes", problems)
        && let Some(levels) = Fields::of(node, "mutes", &MUTES, problems)
    {
        for level in [Level::Urgent, Level::Safety] {
            traits.mutes[level.index()] = levels.leaf(level.name(), problems).unwrap_or_default();
        }
    }
    if let Some(node) = fields.get("receipts", problems)
        && let Some(receipts) = Fields::of(node, "receipts", &RECEIPTS, problems)
    {
        traits.receipts.late = receipts.leaf("late", problems);
        traits.receipts.lost = receipts.leaf("lost", problems).unwrap_or_default();
    }
    traits.moved = fields.leaf("moved", problems).unwrap_or_default();
    traits.old_phone = fields.leaf("old_phones", problems).unwrap_or_default();
    for (row, share) in shares(fields, "stands", problems) {
        traits.stands.extend(region(&row.key, row.key_at, plan, problems).map(|region| (region, share)));
    }
    if let Some(entry) = fields.entry("stands")
        && traits.stands.iter().map(|row| u64::from(row.1.ppm())).sum::<u64>() > 1_000_000
    {
        problems.add(
            entry.node.at,
            Issue::new("`stands`의 비율이 100%를 넘습니다", "the shares of `stands` are over 100%"),
        );
    }
}

fn shares_of_states(fields: &Fields<'_>, cohort: &mut Cohort, problems: &mut Problems) {
    if let Some(node) = fields.get("kakao", problems)
        && let Some(states) = Fields::of(node, "kakao", &KAKAO, problems)
    {
        let named = KakaoState::ALL.map(|(_, word)| states.leaf::<Share>(word, problems));
        let rest = named[1..].iter().flatten().fold(0, |sum, share| sum + share.ppm());
        let active = named[0].unwrap_or(Share::from_ppm(1_000_000_u32.saturating_sub(rest)));
        cohort.kakao = [Some(active), named[1], named[2], named[3]].map(Option::unwrap_or_default);
        whole("kakao", node, cohort.kakao.iter().copied(), problems);
    }
    if let Some(node) = fields.get("phone", problems)
        && let Some(states) = Fields::of(node, "phone", &PHONE, problems)
    {
        let named = PhoneState::ALL.map(|(_, word)| states.leaf::<Share>(word, problems));
        let other = |share: Share| Share::from_ppm(1_000_000 - share.ppm());
        let powered = named[0].or(named[1].map(other)).unwrap_or(Share::ALL);
        cohort.dark = named[1].unwrap_or_else(|| other(powered));
        whole("phone", node, [powered, cohort.dark].into_iter(), problems);
    }
}

fn friends_and_groups(fields: &Fields<'_>, cohort: &mut Cohort, plan: &mut Plan, problems: &mut Problems) {
    for (row, share) in shares(fields, "friends_of", problems) {
        let key = Node::quoted(row.key_at, row.key.as_str());
        cohort.friends.extend(friend(&key, plan, problems).map(|channel| (channel, share)));
    }
    for (row, share) in shares(fields, "groups", problems) {
        cohort.groups.extend(group(&row.key, row.key_at, plan, problems).map(|group| (group, share)));
    }
    let bands = ages::by_share(fields, plan, problems);
    cohort.ages = bands.into_iter().map(|band| (band.group, band.share)).collect();
    prefers(fields, cohort, plan, problems);
    for (row, share) in shares(fields, "regions", problems) {
        cohort.regions.extend(region(&row.key, row.key_at, plan, problems).map(|region| (region, share)));
    }
    if let Some(entry) = fields.entry("regions").filter(|_| !cohort.regions.is_empty()) {
        whole("regions", &entry.node, cohort.regions.iter().map(|row| row.1), problems);
    }
}

/// How large homes are; `contacts` may say the same for all of them.
fn households(fields: &Fields<'_>, cohort: &mut Cohort, plan: &mut Plan, problems: &mut Problems) {
    let Some(entry) = fields.entry("households") else { return };
    if cohort.contacts.household > 1 {
        let issue = Issue::new(
            "`households`와 `contacts.household` 중 하나만 씁니다",
            "`households` and `contacts.household` exclude each other",
        );
        return problems.add(entry.key_at, issue);
    }
    for (row, share) in shares(fields, "households", problems) {
        match row.key.parse::<u32>().ok().filter(|size| (1..=HOUSEHOLD_MAX).contains(&u64::from(*size))) {
            Some(size) => cohort.households.sizes.push((size, share)),
            None => {
                let issue = Issue::new("가구원 수가 아닙니다", "no size of a household")
                    .expected(format!("1에서 {HOUSEHOLD_MAX}"), format!("1 to {HOUSEHOLD_MAX}"))
                    .found(&row.key);
                problems.add(row.key_at, issue);
            }
        }
    }
    if !cohort.households.sizes.is_empty() {
        whole("households", &entry.node, cohort.households.sizes.iter().map(|row| row.1), problems);
        cohort.households.alone = group(ALONE, entry.key_at, plan, problems);
    }
}

/// Those who pick another application are a group, and its network is theirs.
fn prefers(fields: &Fields<'_>, cohort: &mut Cohort, plan: &mut Plan, problems: &mut Problems) {
    let Some(node) = fields.get("prefers", problems) else { return };
    let Some(picks) = Fields::of(node, "prefers", &PREFERS, problems) else { return };
    let (kakao, app) = (picks.leaf::<Share>("kakao", problems), picks.leaf::<Share>("app", problems));
    let rest = |share: Share| Share::from_ppm(1_000_000 - share.ppm());
    let app = app.or(kakao.map(rest)).unwrap_or_default();
    whole("prefers", node, [kakao.unwrap_or_else(|| rest(app)), app].into_iter(), problems);
    cohort.groups.extend(on_app(node.at, plan, problems).map(|group| (group, app)));
}

/// The group of those who picked the other application; from now on they are on its network.
pub(super) fn on_app(at: At, plan: &mut Plan, problems: &mut Problems) -> Option<GroupId> {
    let group = group(Network::App.name(), at, plan, problems)?;
    plan.networks[Network::App.index()].members = Members::Of(group);
    Some(group)
}

/// The rows of a mapping from names to shares.
pub(super) fn shares<'a>(fields: &Fields<'a>, key: &str, problems: &mut Problems) -> Vec<(&'a Entry, Share)> {
    let Some(node) = fields.get(key, problems) else { return Vec::new() };
    let rows = rows(key, node, REGIONS_MAX, problems);
    rows.into_iter().filter_map(|row| Some((row, leaf(&row.key, &row.node, problems)?))).collect()
}

/// Says when shares of one whole do not add up to it.
pub(super) fn whole(name: &str, node: &Node, shares: impl Iterator<Item = Share>, problems: &mut Problems) {
    let sum: u64 = shares.map(|share| u64::from(share.ppm())).sum();
    if sum != 1_000_000 {
        let found = format!("{}.{:04}", sum / 10_000, sum % 10_000);
        let found = format!("{}%", found.trim_end_matches('0').trim_end_matches('.'));
        let issue = Issue::new(
            format!("`{name}`의 비율을 더해도 100%가 아닙니다"),
            format!("the shares of `{name}` do not add up"),
        )
        .expected("100%", "100%")
        .found(&found);
        problems.add(node.at, issue);
    }
}

fn intern(
    name: &str,
    names: &mut Vec<String>,
    max: usize,
    what: (&str, &str),
    at: At,
    problems: &mut Problems,
) -> Option<usize> {
    if let Some(index) = names.iter().position(|known| known == name) {
        return Some(index);
    }
    if names.len() >= max {
        let ko = format!("{}은(는) {max}개까지입니다", what.0);
        problems.add(at, Issue::new(ko, format!("at most {max} {} are possible", what.1)));
        return None;
    }
    names.push(name.to_owned());
    Some(names.len() - 1)
}
