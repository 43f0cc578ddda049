//! Cell broadcasts 재난문자: how loud each level is, and what a newer phone shows of it.

use crate::sim::model::ids::KindId;
use crate::sim::model::medium::Medium;
use crate::sim::plan::message::Text;

/// The level of a cell broadcast. It decides the tone, and whether a phone may be told not to show it.
///
/// Disaster Act Art. 38-2 and the ministry's rules as of 2026: 위급 at 60 dB and more cannot be refused (war, an
/// earthquake of 6.0 and more, evacuation on the spot); 긴급 at 40 dB and more can be refused (evacuation); 안전안내
/// follows the phone's own sound setting and stays silent from 21:00 to 06:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 위급.
    Critical,
    /// 긴급.
    Urgent,
    /// 안전안내.
    Safety,
}

/// What is special about a kind of notice that goes out as a cell broadcast.
#[derive(Clone, Debug)]
pub struct Alert {
    /// The kind.
    pub kind: KindId,
    /// The medium that broadcasts.
    pub medium: Medium,
    /// Its level.
    pub level: Level,
    /// What newer phones show instead: up to 157 characters; the short text when absent.
    pub long: Option<Text>,
}

impl Level {
    /// How many levels there are.
    pub const COUNT: usize = 3;
    /// All levels with the words of the file, loudest first.
    pub const ALL: [(Level, &'static str); Level::COUNT] =
        [(Level::Critical, "critical"), (Level::Urgent, "urgent"), (Level::Safety, "safety")];

    /// The place in a table with one row a level.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The word of the file.
    pub const fn name(self) -> &'static str {
        Level::ALL[self as usize].1
    }
}
