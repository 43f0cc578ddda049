//! Accounts: which keys may call, and the secrets that sign. They are test keys by nature, but never written to a log.

use std::fmt;

/// The key of the account that is there when none is named.
pub const USUAL_KEY: &str = "bongsu-test-key";
/// Its secret.
pub const USUAL_SECRET: &str = "bongsu-test-secret";

/// One account, the same for every contract.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// API key, app key, access key: what a request names.
    pub key: String,
    /// What signs, or is sent beside the key.
    pub secret: String,
}

/// All accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts(Vec<Account>);

impl Accounts {
    /// These accounts; the usual one, if there are none.
    pub fn new(accounts: Vec<Account>) -> Accounts {
        let usual = || vec![Account { key: USUAL_KEY.to_owned(), secret: USUAL_SECRET.to_owned() }];
        Accounts(if accounts.is_empty() { usual() } else { accounts })
    }

    /// The account of a key.
    pub fn find(&self, key: &str) -> Option<&Account> {
        self.0.iter().find(|account| account.key == key)
    }

    /// The account that a note names; the first one, if the note is of a time when notes named none.
    pub fn owner(&self, noted: &str) -> &Account {
        self.find(noted).unwrap_or(&self.0[0])
    }

    /// Whether a message with that in its note is this account's: accounts see, and hear of, nothing of each other.
    pub fn owns(&self, key: &str, noted: &str) -> bool {
        key == noted || (noted.is_empty() && key == self.0[0].key)
    }
}

impl Account {
    /// Reads `KEY:SECRET`.
    pub fn parse(text: &str) -> Result<Account, String> {
        let wrong = || "expected KEY:SECRET, both without spaces".to_owned();
        let (key, secret) = text.split_once(':').ok_or_else(wrong)?;
        let plain = |part: &str| !part.is_empty() && part.len() <= 200 && part.chars().all(|c| c.is_ascii_graphic());
        if plain(key) && plain(secret) {
            Ok(Account { key: key.to_owned(), secret: secret.to_owned() })
        } else {
            Err(wrong())
        }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({}, ...)", self.key)
    }
}
