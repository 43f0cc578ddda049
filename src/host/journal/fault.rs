//! A posted fault in the journal: every field of it, exactly, in whole microseconds and parts per million.
//!
//! Not the words of a scenario file: those leave things to be filled in, and a replay must not depend on how a later
//! build fills them in.

use serde::{Deserialize, Serialize};

use crate::host::journal::spread::SpreadLine;
use crate::sim::dice::Share;
use crate::sim::fault::{DownHow, Fault, FaultKind, LieClaim, Over, Recover, Scope, Stage, Then};
use crate::sim::medium::Capability;
use crate::sim::model::code::Code;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::RegionId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::Groups;
use crate::sim::time::{SimTime, Span};

/// A fault as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultLine {
    name: String,
    kind: KindLine,
    networks: Vec<String>,
    media: Vec<String>,
    legs: Vec<String>,
    share_ppm: Option<u32>,
    sticky: bool,
    groups: u64,
    regions: Vec<u16>,
    begins_us: u64,
    ends_us: Option<u64>,
    recover: RecoverLine,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pack: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum KindLine {
    Down {
        how: HowLine,
    },
    Silence {},
    Refuse {
        code: u16,
    },
    LateFailure {
        after: SpreadLine,
        code: u16,
    },
    Latency {
        add: SpreadLine,
    },
    Loss {},
    Duplicate {
        copies: u8,
        after: SpreadLine,
    },
    Reorder {
        window_us: u64,
    },
    Throttle {
        per_second: u32,
        over: OverLine,
    },
    Freeze {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release_us: Option<u64>,
    },
    Lie {
        claim: ClaimLine,
    },
    Sever {
        every_us: Option<u64>,
    },
    Flap {
        down_us: u64,
        up_us: u64,
    },
    Login {},
    AcceptThen {
        then: ThenLine,
    },
    Creep {
        code: u16,
        from_ppm: u32,
        rises_us: u64,
    },
    SenderDown {},
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum RecoverLine {
    Drop {},
    Flush { per_second: Option<u32>, newest_first: bool },
    Staged(Vec<(u64, CapabilityLine)>),
}

/// Mirrors one of our plain enums by name, both ways.
macro_rules! mirror {
    ($name:ident = $core:ident { $($variant:ident),* }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum $name { $($variant),* }

        impl From<$core> for $name {
            fn from(core: $core) -> $name {
                match core { $($core::$variant => $name::$variant),* }
            }
        }

        impl From<$name> for $core {
            fn from(line: $name) -> $core {
                match line { $($name::$variant => $core::$variant),* }
            }
        }
    };
}

mirror!(HowLine = DownHow { Reject, Hang, Reset });
mirror!(OverLine = Over { Queue, Drop, TooMany });
mirror!(ClaimLine = LieClaim { Delivered, Failed });
mirror!(CapabilityLine = Capability { Text, Image, Channel, Alimtalk, Ads, Mail });

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ThenLine {
    Reset {},
    Close {},
    Answer { after_us: u64 },
}

impl From<&Fault> for FaultLine {
    fn from(fault: &Fault) -> FaultLine {
        let scope = &fault.scope;
        FaultLine {
            name: fault.name.clone(),
            kind: KindLine::from(&fault.kind),
            networks: scope.networks.iter().map(|network| network.name().to_owned()).collect(),
            media: scope.media.iter().map(|medium| medium.name().to_owned()).collect(),
            legs: scope.legs.iter().map(|leg| leg.name().to_owned()).collect(),
            share_ppm: scope.share.map(Share::ppm),
            sticky: scope.sticky,
            groups: scope.groups.0,
            regions: scope.regions.iter().map(|region| region.0).collect(),
            begins_us: fault.begins.micros(),
            ends_us: fault.ends.map(SimTime::micros),
            recover: RecoverLine::from(&fault.recover),
            pack: fault.pack.clone(),
        }
    }
}

impl FaultLine {
    /// The fault; an error says which word or figure is impossible.
    pub fn fault(&self) -> Result<Fault, String> {
        let share = self.share_ppm.map(share).transpose()?;
        let scope = Scope {
            networks: words(&self.networks, "network", Network::parse)?,
            media: words(&self.media, "medium", Medium::parse)?,
            legs: words(&self.legs, "leg", Leg::parse)?,
            share,
            sticky: self.sticky,
            groups: Groups(self.groups),
            regions: self.regions.iter().copied().map(RegionId).collect(),
        };
        Ok(Fault {
            name: self.name.clone(),
            kind: self.kind.kind()?,
            scope,
            begins: SimTime::from_micros(self.begins_us),
            ends: self.ends_us.map(SimTime::from_micros),
            recover: self.recover.recover(),
            // Only a line of the timeline lifts ahead; a posted fault is lifted by an input of its own.
            lifted: false,
            pack: self.pack.clone(),
        })
    }
}

fn share(ppm: u32) -> Result<Share, String> {
    if ppm > Share::ALL.ppm() {
        return Err(format!("a share of {ppm} parts per million"));
    }
    Ok(Share::from_ppm(ppm))
}

fn words<T>(words: &[String], what: &str, parse: fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    words.iter().map(|word| parse(word).ok_or_else(|| format!("unknown {what} '{word}'"))).collect()
}

impl From<&FaultKind> for KindLine {
    fn from(kind: &FaultKind) -> KindLine {
        match kind {
            FaultKind::Down { how } => KindLine::Down { how: (*how).into() },
            FaultKind::Silence => KindLine::Silence {},
            FaultKind::Refuse { code } => KindLine::Refuse { code: code.0 },
            FaultKind::LateFailure { after, code } => KindLine::LateFailure { after: after.into(), code: code.0 },
            FaultKind::Latency { add } => KindLine::Latency { add: add.into() },
            FaultKind::Loss => KindLine::Loss {},
            FaultKind::Duplicate { copies, after } => KindLine::Duplicate { copies: *copies, after: after.into() },
            FaultKind::Reorder { window } => KindLine::Reorder { window_us: window.micros() },
            FaultKind::Throttle { per_second, over } => {
                KindLine::Throttle { per_second: *per_second, over: (*over).into() }
            }
            FaultKind::Freeze { release } => KindLine::Freeze { release_us: release.map(Span::micros) },
            FaultKind::Lie { claim } => KindLine::Lie { claim: (*claim).into() },
            FaultKind::Sever { every } => KindLine::Sever { every_us: every.map(Span::micros) },
            FaultKind::Flap { down, up } => KindLine::Flap { down_us: down.micros(), up_us: up.micros() },
            FaultKind::Login => KindLine::Login {},
            FaultKind::AcceptThen { then } => KindLine::AcceptThen { then: (*then).into() },
            FaultKind::Creep { code, from, rises } => {
                KindLine::Creep { code: code.0, from_ppm: from.ppm(), rises_us: rises.micros() }
            }
            FaultKind::SenderDown => KindLine::SenderDown {},
        }
    }
}

impl KindLine {
    fn kind(&self) -> Result<FaultKind, String> {
        Ok(match self {
            KindLine::Down { how } => FaultKind::Down { how: (*how).into() },
            KindLine::Silence {} => FaultKind::Silence,
            KindLine::Refuse { code } => FaultKind::Refuse { code: Code(*code) },
            KindLine::LateFailure { after, code } => {
                FaultKind::LateFailure { after: after.spread()?, code: Code(*code) }
            }
            KindLine::Latency { add } => FaultKind::Latency { add: add.spread()? },
            KindLine::Loss {} => FaultKind::Loss,
            KindLine::Duplicate { copies, after } => FaultKind::Duplicate { copies: *copies, after: after.spread()? },
            KindLine::Reorder { window_us } => FaultKind::Reorder { window: Span::from_micros(*window_us) },
            KindLine::Throttle { per_second, over } => {
                FaultKind::Throttle { per_second: *per_second, over: (*over).into() }
            }
            KindLine::Freeze { release_us } => FaultKind::Freeze { release: release_us.map(Span::from_micros) },
            KindLine::Lie { claim } => FaultKind::Lie { claim: (*claim).into() },
            KindLine::Sever { every_us } => FaultKind::Sever { every: every_us.map(Span::from_micros) },
            KindLine::Flap { down_us, up_us } => {
                FaultKind::Flap { down: Span::from_micros(*down_us), up: Span::from_micros(*up_us) }
            }
            KindLine::Login {} => FaultKind::Login,
            KindLine::AcceptThen { then } => FaultKind::AcceptThen { then: (*then).into() },
            KindLine::Creep { code, from_ppm, rises_us } => {
                FaultKind::Creep { code: Code(*code), from: share(*from_ppm)?, rises: Span::from_micros(*rises_us) }
            }
            KindLine::SenderDown {} => FaultKind::SenderDown,
        })
    }
}

impl From<&Recover> for RecoverLine {
    fn from(recover: &Recover) -> RecoverLine {
        match recover {
            Recover::Drop => RecoverLine::Drop {},
            Recover::Flush { per_second, newest_first } => {
                RecoverLine::Flush { per_second: *per_second, newest_first: *newest_first }
            }
            Recover::Staged(stages) => {
                RecoverLine::Staged(stages.iter().map(|stage| (stage.after.micros(), stage.gives.into())).collect())
            }
        }
    }
}

impl RecoverLine {
    fn recover(&self) -> Recover {
        match self {
            RecoverLine::Drop {} => Recover::Drop,
            RecoverLine::Flush { per_second, newest_first } => {
                Recover::Flush { per_second: *per_second, newest_first: *newest_first }
            }
            RecoverLine::Staged(stages) => Recover::Staged(
                stages
                    .iter()
                    .map(|(us, gives)| Stage { after: Span::from_micros(*us), gives: (*gives).into() })
                    .collect(),
            ),
        }
    }
}

impl From<Then> for ThenLine {
    fn from(then: Then) -> ThenLine {
        match then {
            Then::Reset => ThenLine::Reset {},
            Then::Close => ThenLine::Close {},
            Then::Answer(after) => ThenLine::Answer { after_us: after.micros() },
        }
    }
}

impl From<ThenLine> for Then {
    fn from(line: ThenLine) -> Then {
        match line {
            ThenLine::Reset {} => Then::Reset,
            ThenLine::Close {} => Then::Close,
            ThenLine::Answer { after_us } => Then::Answer(Span::from_micros(after_us)),
        }
    }
}
