//! What questions of both products have in common: between which minutes, and which page. A date that is none, a span
//! that is too long and a page that is too large are refused, as they would be elsewhere: a report that a sender gets here
//! for a question that fails there would hide its mistake.
//!
//! Query parameters are text, so numbers are read by hand: `flatten` hands texts on.

use std::ops::Range;

use jiff::civil::{DateTime, Time};
use serde::Deserialize;

use crate::host::control::run::Run;
use crate::host::provider::calendar;
use crate::host::provider::nhn::answer::Fault;
use crate::sim::time::SimTime;

/// Rows of a page, unless the question says how many, and most of them.
const PAGE: usize = 15;
const PAGE_MAX: usize = 1_000;
/// Most days of a question (alimtalk-api-guide.md).
const DAYS_MAX: i64 = 30;

/// The dates of a question that names no request.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Asked {
    start_request_date: Option<String>,
    end_request_date: Option<String>,
    start_create_date: Option<String>,
    end_create_date: Option<String>,
}

/// From a minute to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    from: DateTime,
    to: DateTime,
}

/// Which rows.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Paging {
    page_num: Option<String>,
    page_size: Option<String>,
}

impl Asked {
    /// The dates; an error if there are none.
    pub fn read(&self) -> Result<Dates, Fault> {
        let requested = self.start_request_date.as_deref().zip(self.end_request_date.as_deref());
        let created = self.start_create_date.as_deref().zip(self.end_create_date.as_deref());
        let (from, to) =
            requested.or(created).ok_or_else(|| Fault::new(-2001, "The 'requestId' or dates must not be blank."))?;
        Dates::between(from, to)
    }
}

impl Dates {
    /// The minutes between two dates as written, `yyyy-MM-dd HH:mm`, or of whole days, `yyyy-MM-dd`.
    pub fn between(from: &str, to: &str) -> Result<Dates, Fault> {
        let last_minute = Time::constant(23, 59, 0, 0);
        let (from, to) = (date(from, Time::midnight())?, date(to, last_minute)?);
        let days = from.date().until(to.date()).map_or(i64::MAX, |span| i64::from(span.get_days()));
        if to < from || days > DAYS_MAX {
            let en = format!("dates: expected a span of at most {DAYS_MAX} days, found {from} to {to}");
            return Err(Fault::of(4, &format!("조회 기간은 {DAYS_MAX}일 이하여야 합니다"), &en));
        }
        Ok(Dates { from, to })
    }

    /// Whether an instant lies between them, by the scenario's clock.
    pub fn hold(self, run: &Run, at: SimTime) -> bool {
        let minute = calendar::local(run, at, "%Y-%m-%dT%H:%M");
        minute.parse::<DateTime>().is_ok_and(|minute| self.from <= minute && minute <= self.to)
    }
}

/// A date to the minute; a day alone is that hour of it.
fn date(text: &str, hour: Time) -> Result<DateTime, Fault> {
    let minute = |text: &str| DateTime::strptime("%Y-%m-%d %H:%M", text).ok();
    let day = |text: &str| jiff::civil::Date::strptime("%Y-%m-%d", text).ok().map(|day| day.to_datetime(hour));
    let seconds = text.get(..16).filter(|_| text.len() == 19);
    minute(seconds.unwrap_or(text)).or_else(|| day(text)).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        Fault::of(4, "날짜 형식이 아닙니다", &format!("expected a date, yyyy-MM-dd HH:mm, found '{shown}'"))
    })
}

impl Paging {
    /// The places of the rows among all, from 0.
    pub fn seats(&self) -> Result<Range<usize>, Fault> {
        let size = number("pageSize", &self.page_size, PAGE, PAGE_MAX)?;
        let page = number("pageNum", &self.page_num, 1, usize::MAX)?;
        let from = (page - 1).saturating_mul(size);
        Ok(from..from.saturating_add(size))
    }
}

fn number(name: &str, given: &Option<String>, usual: usize, most: usize) -> Result<usize, Fault> {
    let Some(text) = given else { return Ok(usual) };
    let bounds = || if most == usize::MAX { "1 or more".to_owned() } else { format!("1 to {most}") };
    let wrong = || Fault::of(4, &format!("{name}: 범위를 벗어났습니다"), &format!("{name}: expected {}", bounds()));
    text.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::{Dates, Paging};

    #[test]
    fn dates_are_minutes_or_days_and_at_most_thirty_days_apart() {
        assert!(Dates::between("2022-10-01 00:00", "2022-10-31 00:00").is_ok());
        assert_eq!(Dates::between("2022-10-01", "2022-10-02"), Dates::between("2022-10-01 00:00", "2022-10-02 23:59"));
        for (from, to) in [("zz", "2022-10-02"), ("2022-10-01", "2022-11-01"), ("2022-10-02", "2022-10-01"), ("", "")] {
            assert!(Dates::between(from, to).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn a_page_has_one_to_a_thousand_rows() {
        let paging = |num: Option<&str>, size: Option<&str>| {
            Paging { page_num: num.map(str::to_owned), page_size: size.map(str::to_owned) }.seats()
        };
        assert_eq!((paging(None, None), paging(Some("3"), Some("1000"))), (Ok(0..15), Ok(2_000..3_000)));
        for size in ["0", "1001", "many", "-1"] {
            assert!(paging(None, Some(size)).is_err(), "{size}");
        }
    }
}
