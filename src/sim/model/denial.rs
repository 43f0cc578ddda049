//! Denials: what providers say when they do not take a request because of the request itself, in their own codes.
//!
//! [`Code`](crate::sim::model::code::Code) is what platforms and carriers answer about a message; a denial comes before
//! there is one: a wrong template, a missing variable, a key that nobody has. One table of contract and code, so that an
//! event, a journal's line and a label of a metric can name one in two bytes, and there are never more of them than rows.
//! A code that has no row is its contract's [`OTHER`].

use std::fmt;

/// What a provider said, by its place in [`CONTRACTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Denial(u8);

/// The code of a contract for everything that has no row.
pub const OTHER: &str = "other";

/// Every contract with its codes; the last is always [`OTHER`]. Rows are only ever added at a contract's end.
pub const CONTRACTS: [(&str, &[&str]); 5] = [
    (
        "solapi",
        &[
            "1010",
            "1011",
            "1024",
            "1025",
            "1026",
            "1031",
            "1041",
            "1042",
            "1043",
            "1058",
            "1062",
            "InvalidAPIKey",
            "SignatureDoesNotMatch",
            "RequestTimeTooSkewed",
            "DuplicatedSignature",
            "ValidationError",
            "ResourceNotFound",
            "RequestBodyTooLarge",
            "FailedToAddMessage",
            "InvalidTemplateStatus",
            "ChannelOfScenario",
            "TemplateOfScenario",
            "TooManyGroups",
            "TooManyTemplates",
            "ServiceUnavailable",
            "TooManyRequests",
            "RequestTimeout",
            "UnsupportedMediaType",
            "MethodNotAllowed",
            OTHER,
        ],
    ),
    (
        "nhn",
        &[
            "4", "-1000", "-1001", "-1003", "-1005", "-2001", "-2002", "-2004", "-2502", "-9998", "-9429", "-2000",
            "-3002", OTHER,
        ],
    ),
    ("nhn-sms", &["4", "-1000", "-1001", "-1003", "-2001", "-2004", "-9998", "-9429", "-3002", OTHER]),
    (
        "bizgo",
        &[
            "A010", "A011", "A020", "A300", "A301", "A303", "A306", "A308", "A309", "A318", "A320", "A325", "A327",
            "A328", "A401", "A501", "A502", "A505", "A523", "A526", "A802", "A820", "A920", "A999", OTHER,
        ],
    ),
    ("smtp", &["500", "501", "502", "503", "504", "535", "550", "552", "554", "555", OTHER]),
];

/// How many denials there are.
pub const COUNT: usize = {
    let (mut contract, mut count) = (0, 0);
    while contract < CONTRACTS.len() {
        count += CONTRACTS[contract].1.len();
        contract += 1;
    }
    count
};

impl Denial {
    /// All of them, in the order of the table.
    pub fn all() -> impl Iterator<Item = Denial> {
        (0..COUNT as u8).map(Denial)
    }

    /// What a contract says with a code; `None` for a contract that there is not.
    pub fn find(contract: &str, code: &str) -> Option<Denial> {
        // Scenarios name a version beside the contract, as `solapi@4`.
        let contract = contract.split('@').next().unwrap_or_default();
        let mut first = 0;
        for (name, codes) in CONTRACTS {
            if name == contract {
                let place = codes.iter().position(|row| *row == code).unwrap_or(codes.len() - 1);
                return Some(Denial((first + place) as u8));
            }
            first += codes.len();
        }
        None
    }

    /// Its place in the table.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The contract and the code.
    fn row(self) -> (&'static str, &'static str) {
        let mut place = self.index();
        for (contract, codes) in CONTRACTS {
            match codes.get(place) {
                Some(code) => return (contract, code),
                None => place -= codes.len(),
            }
        }
        unreachable!("denials are made from the table alone")
    }

    /// By which contract.
    pub fn contract(self) -> &'static str {
        self.row().0
    }

    /// With which code of the contract's.
    pub fn code(self) -> &'static str {
        self.row().1
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (contract, code) = self.row();
        write!(f, "{contract} {code}")
    }
}

#[cfg(test)]
mod tests {
    use super::{CONTRACTS, COUNT, Denial, OTHER};

    #[test]
    fn every_row_is_found_by_its_words_and_stands_once() {
        let all: Vec<Denial> = Denial::all().collect();
        assert_eq!(all.len(), COUNT);
        assert!(COUNT <= usize::from(u8::MAX));
        for denial in all {
            assert_eq!(Denial::find(denial.contract(), denial.code()), Some(denial), "{denial}");
        }
        assert!(CONTRACTS.iter().all(|row| row.1.last() == Some(&OTHER)));
    }

    #[test]
    fn what_has_no_row_is_other_and_no_contract_is_nothing() {
        let said = |contract, code| Denial::find(contract, code).map(|denial| denial.to_string());
        assert_eq!(said("solapi@4", "1042"), Some("solapi 1042".to_owned()));
        assert_eq!(said("bizgo", "A999999"), Some("bizgo other".to_owned()));
        assert_eq!(said("telex", "1042"), None);
    }
}
