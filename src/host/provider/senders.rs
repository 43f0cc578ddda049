//! Numbers that texts are sent from. By law each is registered with the vendor before (Telecommunications Business Act,
//! article 84-2), so that a forgotten registration is a mistake that every sender can make. Which ones are registered, the
//! operator says; where nothing is said, any number is.

use std::collections::BTreeSet;

/// The registered numbers, as digits; none: any number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Senders(BTreeSet<String>);

impl Senders {
    /// These numbers, as [`Senders::parse`] reads them.
    pub fn new(numbers: impl IntoIterator<Item = String>) -> Senders {
        Senders(numbers.into_iter().collect())
    }

    /// The digits of a number as somebody writes it, `02-1234-5678` or `0212345678`.
    pub fn parse(written: &str) -> Result<String, String> {
        digits(written).ok_or_else(|| "expected a number of 8 to 12 digits, such as 02-1234-5678".to_owned())
    }

    /// Whether texts may be sent from a number.
    pub fn has(&self, written: &str) -> bool {
        digits(written).is_some_and(|number| self.0.is_empty() || self.0.contains(&number))
    }
}

fn digits(written: &str) -> Option<String> {
    let plain = written.chars().all(|c| c.is_ascii_digit() || c == '-');
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    (plain && (8..=12).contains(&digits.len())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::Senders;

    #[test]
    fn only_registered_numbers_are_had_where_some_are() {
        let some = Senders::new([Senders::parse("02-1234-5678").expect("a number")]);
        let any = Senders::default();
        for (number, in_any, in_some) in
            [("0212345678", true, true), ("02-1234-5678", true, true), ("15881588", true, false), ("abc", false, false)]
        {
            assert_eq!((any.has(number), some.has(number)), (in_any, in_some), "{number}");
        }
        assert!(Senders::parse("1234567").is_err() && Senders::parse("021234567890123").is_err());
    }
}
