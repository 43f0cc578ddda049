//! Values of arguments that are more than a word or a number, each with what it refuses and why.

use std::str::FromStr;

use crate::sim::scenario::Setting;
use crate::sim::time::Span;

/// How time passes in a run: `virtual`, `real`, or `x60` for sixty simulated seconds a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockArg {
    /// As fast as the machine can.
    Virtual,
    /// So many simulated seconds a second; 1 is real time.
    Live(u32),
    /// As applications that hold a lease let it.
    Lockstep,
}

/// `PACK[@AT]`: an outage pack and when it begins, from the run's start when not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageArg {
    /// Path or name.
    pub pack: String,
    /// When.
    pub at: Span,
}

/// A time of the real clock to keep something for, in seconds: `30d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeArg(pub i64);

/// A size in bytes: `64KiB`, `512MiB`, `2GiB`, `1TiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeArg(pub u64);

/// `path=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetArg(pub Setting);

/// `path=a,b,c`: a value of the scenario, and what it is to be in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepArg {
    /// The path, as in `--set`.
    pub path: String,
    /// The values, at least one. A comma always parts two of them.
    pub values: Vec<String>,
}

/// What is said of what is no size.
const SIZE: &str = "expected a whole number with KiB, MiB, GiB or TiB, such as 512MiB";
/// The fastest live clock: at more, sockets could not follow anyway.
const SPEED_MAX: u32 = 100_000;

impl FromStr for ClockArg {
    type Err = String;

    fn from_str(text: &str) -> Result<ClockArg, String> {
        let times = text.strip_prefix('x').and_then(|times| times.parse().ok());
        match (text, times) {
            ("virtual", _) => Ok(ClockArg::Virtual),
            ("real", _) => Ok(ClockArg::Live(1)),
            ("lockstep", _) => Ok(ClockArg::Lockstep),
            (_, Some(times @ 1..=SPEED_MAX)) => Ok(ClockArg::Live(times)),
            _ => Err(format!("expected virtual, real, x1 to x{SPEED_MAX}, or lockstep")),
        }
    }
}

impl FromStr for OutageArg {
    type Err = String;

    fn from_str(text: &str) -> Result<OutageArg, String> {
        let (pack, at) = match text.rsplit_once('@') {
            Some((pack, at)) => (pack, span(at).ok_or("expected a time such as 5m or 1h30m after @")?),
            None => (text, Span::ZERO),
        };
        if pack.is_empty() {
            return Err("expected a pack's name or path before @".to_owned());
        }
        Ok(OutageArg { pack: pack.to_owned(), at })
    }
}

/// As it is typed.
impl std::fmt::Display for OutageArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.at {
            Span::ZERO if !self.pack.contains('@') => f.write_str(&self.pack),
            at => write!(f, "{}@{at}", self.pack),
        }
    }
}

impl FromStr for AgeArg {
    type Err = String;

    fn from_str(text: &str) -> Result<AgeArg, String> {
        let seconds = span(text).and_then(|span| i64::try_from(span.micros() / 1_000_000).ok());
        seconds.map(AgeArg).ok_or_else(|| "expected a time such as 30d or 12h".to_owned())
    }
}

impl FromStr for SizeArg {
    type Err = String;

    fn from_str(text: &str) -> Result<SizeArg, String> {
        const UNITS: [(&str, u64); 4] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)];
        let sized = UNITS.iter().find_map(|(unit, bytes)| {
            let number = text.strip_suffix(unit)?;
            let plain = number.bytes().all(|byte| byte.is_ascii_digit());
            number.parse::<u64>().ok().filter(|_| plain)?.checked_mul(*bytes)
        });
        sized.filter(|bytes| *bytes > 0).map(SizeArg).ok_or_else(|| SIZE.to_owned())
    }
}

impl FromStr for SetArg {
    type Err = String;

    fn from_str(text: &str) -> Result<SetArg, String> {
        match text.split_once('=') {
            Some((path, value)) if !path.is_empty() => {
                Ok(SetArg(Setting { path: path.to_owned(), value: value.to_owned() }))
            }
            _ => Err("expected path=value, as in sender.policy=timer".to_owned()),
        }
    }
}

impl FromStr for SweepArg {
    type Err = String;

    fn from_str(text: &str) -> Result<SweepArg, String> {
        let wrong = || "expected path=a,b,... as in timeline.1.for=5m,10m".to_owned();
        let (path, values) = text.split_once('=').filter(|(path, _)| !path.is_empty()).ok_or_else(wrong)?;
        let values: Vec<String> = values.split(',').map(|value| value.trim().to_owned()).collect();
        if values.iter().any(String::is_empty) {
            return Err(wrong());
        }
        Ok(SweepArg { path: path.to_owned(), values })
    }
}

/// `90s`, `5m`, `1h30m`, `3d`, `400ms`: whole numbers with units, in any order; `None` for anything else.
fn span(text: &str) -> Option<Span> {
    const UNITS: [(&str, u64); 5] =
        [("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000)];
    let mut rest = text;
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = (rest[..digits].parse::<u64>().ok()?, &rest[digits..]);
        let end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let size = UNITS.iter().find(|unit| unit.0 == &after[..end])?.1;
        sum = sum.checked_add(number.checked_mul(size)?)?;
        rest = &after[end..];
    }
    (!text.is_empty()).then(|| Span::from_micros(sum))
}

#[cfg(test)]
mod tests {
    use super::{AgeArg, ClockArg, OutageArg, SetArg, SizeArg, SweepArg, span};
    use crate::sim::time::Span;

    #[test]
    fn clocks() {
        assert_eq!("virtual".parse(), Ok(ClockArg::Virtual));
        assert_eq!("real".parse(), Ok(ClockArg::Live(1)));
        assert_eq!("x60".parse(), Ok(ClockArg::Live(60)));
        assert_eq!("lockstep".parse(), Ok(ClockArg::Lockstep));
        for wrong in ["", "x", "x0", "x-1", "x100001", "60", "Real"] {
            let error = wrong.parse::<ClockArg>().expect_err(wrong);
            assert_eq!(error, "expected virtual, real, x1 to x100000, or lockstep");
        }
    }

    #[test]
    fn outages_begin_at_the_start_unless_said() {
        let arg: OutageArg = "2022-10-15-pangyo".parse().expect("a pack");
        assert_eq!(arg, OutageArg { pack: "2022-10-15-pangyo".to_owned(), at: Span::ZERO });
        let arg: OutageArg = "a@b/x.yaml@1h30m".parse().expect("a pack");
        assert_eq!(arg, OutageArg { pack: "a@b/x.yaml".to_owned(), at: Span::from_secs(5_400) });
        assert!("x@".parse::<OutageArg>().is_err());
        assert!("@5m".parse::<OutageArg>().is_err());
    }

    #[test]
    fn settings_keep_everything_after_the_first_equals_sign() {
        let SetArg(setting) = "expect.0.must=count(x) == 1".parse().expect("a setting");
        assert_eq!((setting.path.as_str(), setting.value.as_str()), ("expect.0.must", "count(x) == 1"));
        assert!("seed".parse::<SetArg>().is_err());
        assert!("=1".parse::<SetArg>().is_err());
    }

    #[test]
    fn ages_and_sizes_need_units() {
        assert_eq!("30d".parse(), Ok(AgeArg(2_592_000)));
        assert_eq!("30".parse::<AgeArg>(), Err("expected a time such as 30d or 12h".to_owned()));
        assert_eq!("64KiB".parse(), Ok(SizeArg(65_536)));
        assert_eq!("2GiB".parse(), Ok(SizeArg(2_147_483_648)));
        assert_eq!("1TiB".parse(), Ok(SizeArg(1_099_511_627_776)));
        for wrong in ["", "64", "KiB", "+1KiB", "-1MiB", "1.5GiB", "0MiB", "99999999999GiB", "99999999TiB", "64kb"] {
            assert_eq!(wrong.parse::<SizeArg>(), Err(super::SIZE.to_owned()), "{wrong}");
        }
    }

    #[test]
    fn a_sweep_has_a_path_and_values() {
        let arg: SweepArg = "timeline.1.for=5m, 10m".parse().expect("a sweep");
        assert_eq!((arg.path.as_str(), arg.values), ("timeline.1.for", vec!["5m".to_owned(), "10m".to_owned()]));
        for wrong in ["", "seed", "=1,2", "seed=", "seed=1,,2"] {
            let error = wrong.parse::<SweepArg>().expect_err(wrong);
            assert_eq!(error, "expected path=a,b,... as in timeline.1.for=5m,10m");
        }
    }

    #[test]
    fn times_need_units() {
        assert_eq!(span("400ms"), Some(Span::from_millis(400)));
        assert_eq!(span("1d2h"), Some(Span::from_hours(26)));
        for wrong in ["", "5", "m", "5 m", "-5m", "5m3", "99999999999999d", "5µs", "5분"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
