//! Magic people: reserved people with a fixed fate, the same numbers in every run. One never opens anything, another's
//! receipts are lost, a third one has blocked the channel; so whoever tests a sender needs no scenario to see each case.
//!
//! They are people like all others, with habits and traits of their own and nothing left to luck; the engine asks for
//! traits and never for numbers. A fault stands between them and the sender as it does for everybody. Those of a file
//! that does not name them stand by: they are nobody's audience, belong to no count, and hold no session until the
//! first notice for them is made; from then on their phones are on. The engine plays them in every run, also in those
//! whose other phones come from outside. Deliberately not here: what fates mean for a medium.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::{GroupId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::model::person::{CHANNELS_WITH_FRIENDS_MAX, Friends, Groups, KakaoState, PhoneState};
use crate::sim::model::words::Words;
use crate::sim::network::Members;
use crate::sim::plan::traits::Traits;
use crate::sim::plan::{Cohort, Habits, Listed, Plan};
use crate::sim::time::Span;

/// The magic people of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Magic {
    /// The first; the others follow in the order of [`FATES`], and nobody comes after them.
    pub first: PersonId,
    /// Whether they stand by, because no row of the file names them.
    pub standby: bool,
}

/// One fate.
pub struct Fate {
    /// Its name, a group of that name where a file has the magic people among its own.
    pub key: &'static str,
    /// What becomes of a notice, Korean.
    pub ko: &'static str,
    /// What becomes of a notice, English.
    pub en: &'static str,
    /// Makes an ordinary person one of that fate.
    make: fn(&mut Listed, &mut Habits, &mut Traits),
}

/// The key of the row of those who stand by.
pub const STANDBY: &str = "magic";

/// All fates, in the order of their numbers: 010-1999-0001 and upwards. A new one goes to the end; numbers are kept.
pub const FATES: [Fate; 15] = [
    Fate {
        key: "delivered",
        ko: "언제나 도착, 10분 뒤 읽음",
        en: "always delivered, opened after 10 minutes",
        make: |_, _, _| {},
    },
    Fate {
        key: "no-account",
        ko: "카카오톡 미사용자 (3019)",
        en: "not a Kakao user (3019)",
        make: |who, _, _| who.kakao = KakaoState::None,
    },
    Fate {
        key: "inactive",
        ko: "휴면 계정 (3018)",
        en: "account unused for a week (3018)",
        make: |who, _, _| who.kakao = KakaoState::Inactive,
    },
    Fate {
        key: "blocked",
        ko: "채널을 차단함 (3020)",
        en: "has blocked the channel (3020)",
        make: |who, _, _| who.kakao = KakaoState::Blocked,
    },
    Fate {
        key: "not-a-friend",
        ko: "어느 채널의 친구도 아님 (3102)",
        en: "no friend of any channel (3102)",
        make: |who, _, _| who.friends = Friends::default(),
    },
    Fate {
        key: "receipt-late",
        ko: "도착하지만 수신 확인이 5분 늦음",
        en: "delivered, but the receipt comes 5 minutes late",
        make: |_, _, traits| traits.receipts.late = Some(Spread::Fixed(Span::from_secs(300))),
    },
    Fate {
        key: "receipt-lost",
        ko: "도착하지만 수신 확인이 오지 않음",
        en: "delivered, but no receipt ever comes",
        make: |_, _, traits| traits.receipts.lost = Share::ALL,
    },
    Fate {
        key: "never-opens",
        ko: "도착하지만 읽지 않음",
        en: "delivered, never opened",
        make: |_, habits, _| habits.never = Share::ALL,
    },
    Fate {
        key: "opens-at-once",
        ko: "1초 뒤 읽음",
        en: "opened a second after it shows",
        make: |_, habits, _| habits.reads_after = AT_ONCE,
    },
    Fate {
        key: "presses-at-once",
        ko: "1초 뒤 읽고 1초 뒤 첫 버튼을 누름",
        en: "opened after a second, the first button pressed a second later",
        make: |_, habits, _| {
            habits.reads_after = AT_ONCE;
            habits.presses_any = Share::ALL;
        },
    },
    Fate {
        key: "opens-next-day",
        ko: "하루 뒤 읽음",
        en: "opened a day after it shows",
        make: |_, habits, _| habits.reads_after = Spread::Fixed(Span::from_days(1)),
    },
    Fate {
        key: "phone-off",
        ko: "전화가 꺼져 있음",
        en: "the phone is off",
        make: |who, _, _| who.phone = PhoneState::Dark,
    },
    Fate {
        key: "other-holder",
        ko: "타인 명의 단말 (9353)",
        en: "the phone is in somebody else's name (9353)",
        make: |_, _, traits| traits.other_holder = Share::ALL,
    },
    Fate {
        key: "moved-away",
        ko: "이사해서 우편이 돌아옴",
        en: "moved away: letters come back",
        make: |_, _, traits| traits.moved = Share::ALL,
    },
    Fate {
        key: "other-app",
        ko: "다른 앱을 고름 (다른 앱이 있는 실행에서)",
        en: "picked the other application, in a run that has one",
        make: |_, _, _| {},
    },
];

const AT_ONCE: Spread = Spread::Fixed(Span::from_secs(1));
/// The place of the fate whose people are on the network of the other application.
const OTHER_APP: usize = 14;

impl Plan {
    /// Whether a person stands by: here, but in no audience and no count.
    pub fn stands_by(&self, person: PersonId) -> bool {
        self.magic.is_some_and(|magic| magic.standby && person >= magic.first)
    }

    /// A magic person's fate.
    pub fn fate_of(&self, person: PersonId) -> Option<&'static Fate> {
        FATES.get(person.0.checked_sub(self.magic?.first.0)? as usize)
    }
}

impl Fate {
    /// What becomes of a notice.
    pub fn words(&self) -> Words {
        Words { ko: self.ko.to_owned(), en: self.en.to_owned() }
    }
}

/// Puts the magic people behind everybody else. `groups` are those of their fates, in the order of [`FATES`]; without
/// any they stand by. A plan has them once; channels, networks and all other people have to be there.
pub fn join(plan: &mut Plan, key: &str, groups: &[GroupId]) {
    assert!(plan.magic.is_none(), "magic people join once");
    let first = PersonId(plan.people());
    let channels = (plan.channels.len() as u16).min(CHANNELS_WITH_FRIENDS_MAX);
    let friends = Friends(if channels == 64 { u64::MAX } else { (1 << channels) - 1 });
    let mut cohort = Cohort { listed: Vec::new(), own: Vec::new(), ..Cohort::plain(key, first, FATES.len() as u32) };
    cohort.habits.reads_after = Spread::Fixed(Span::from_secs(600));
    cohort.habits.press_after = AT_ONCE;
    for (place, fate) in FATES.iter().enumerate() {
        let group = groups.get(place).copied();
        let app = match plan.networks[Network::App.index()].members {
            Members::Of(group) if place == OTHER_APP => Some(group),
            Members::All | Members::Of(_) | Members::Nobody => None,
        };
        let mut who = Listed {
            groups: [group, app].into_iter().flatten().fold(Groups::default(), Groups::with),
            friends,
            ..Listed::plain()
        };
        let (mut habits, mut traits) = (cohort.habits.clone(), Traits::default());
        (fate.make)(&mut who, &mut habits, &mut traits);
        cohort.listed.push(who);
        cohort.own.push((habits, traits));
    }
    plan.cohorts.push(cohort);
    plan.magic = Some(Magic { first, standby: groups.is_empty() });
}

#[cfg(test)]
mod tests {
    use super::{FATES, OTHER_APP, join};
    use crate::sim::model::ids::PersonId;
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;

    #[test]
    fn every_fate_has_a_name_of_its_own() {
        for (place, fate) in FATES.iter().enumerate() {
            assert_eq!(FATES.iter().position(|other| other.key == fate.key), Some(place));
        }
        assert_eq!(FATES[OTHER_APP].key, "other-app");
    }

    #[test]
    fn those_who_stand_by_are_there_and_counted_by_nobody() {
        let mut plan = sample::rent();
        join(&mut plan, "magic", &[]);
        let people = Population::of(&plan);
        assert_eq!((plan.people(), people.all().len()), (1_000, 1_000));
        assert!(people.get(PersonId(1_000)).is_some() && people.get(PersonId(1_015)).is_none());
        let number = people.numbers().number(PersonId(1_007));
        assert_eq!(
            (number.as_str(), plan.fate_of(PersonId(1_007)).map(|fate| fate.key)),
            ("010-1999-0008", Some("never-opens"))
        );
        assert_eq!(plan.fate_of(PersonId(999)).map(|fate| fate.key), None);
    }
}
