//! What is true of a person and of their phone before anything is sent.

use crate::sim::model::ids::{ChannelId, GroupId, RegionId};

/// A person's standing with the messenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum KakaoState {
    /// Uses it.
    Active,
    /// Has an account, unused for seven days: alimtalk is refused with 3018.
    Inactive,
    /// Blocked this agency's alimtalk: refused with 3020.
    Blocked,
    /// Has no account: refused with 3019.
    None,
}

/// The state of a person's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum PhoneState {
    /// On, in coverage.
    Powered,
    /// Off or out of coverage for the whole run.
    Dark,
}

/// A set of groups, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Groups(pub u64);

/// How many channels of a plan can have friends: the first so many.
pub const CHANNELS_WITH_FRIENDS_MAX: u16 = 64;

/// A set of channels, one bit each; the first 64 channels of a plan can have friends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Friends(pub u64);

/// The fixed attributes of one person; 24 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Groups the person is in.
    pub groups: Groups,
    /// Channels the person is a friend of.
    pub friends: Friends,
    /// Row of `people:` the person comes from.
    pub cohort: u16,
    /// Where the person lives, if the file says.
    pub region: Option<RegionId>,
    /// Standing with the messenger.
    pub kakao: KakaoState,
    /// State of the phone.
    pub phone: PhoneState,
}

impl Groups {
    /// With one more group.
    pub const fn with(self, group: GroupId) -> Groups {
        Groups(self.0 | 1 << group.0)
    }

    /// Whether the group is in the set.
    pub const fn has(self, group: GroupId) -> bool {
        self.0 >> group.0 & 1 == 1
    }
}

impl Friends {
    /// With one more channel.
    pub const fn with(self, channel: ChannelId) -> Friends {
        Friends(self.0 | 1 << channel.0)
    }

    /// Without that channel.
    pub const fn without(self, channel: ChannelId) -> Friends {
        Friends(self.0 & !(1 << channel.0))
    }

    /// Whether the person is a friend of the channel.
    pub const fn has(self, channel: ChannelId) -> bool {
        channel.0 < CHANNELS_WITH_FRIENDS_MAX && self.0 >> channel.0 & 1 == 1
    }
}

impl KakaoState {
    /// All states, with the words of the file.
    pub const ALL: [(KakaoState, &'static str); 4] = [
        (KakaoState::Active, "active"),
        (KakaoState::Inactive, "inactive"),
        (KakaoState::Blocked, "blocked"),
        (KakaoState::None, "none"),
    ];

    /// The word of the file.
    pub const fn name(self) -> &'static str {
        KakaoState::ALL[self as usize].1
    }
}

impl PhoneState {
    /// All states, with the words of the file.
    pub const ALL: [(PhoneState, &'static str); 2] = [(PhoneState::Powered, "powered"), (PhoneState::Dark, "dark")];

    /// The word of the file.
    pub const fn name(self) -> &'static str {
        PhoneState::ALL[self as usize].1
    }
}
