//! The frames of `bongsu.v1` as a phone sees them. Read leniently: what a phone does not know, it ignores.

use serde::{Deserialize, Serialize};

/// A frame from the network.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Heard {
    /// Logged in.
    Welcome {
        /// How often the network pings.
        heartbeat_ms: u64,
    },
    /// A message.
    Notice {
        /// Place in the network's sequence.
        seq: u64,
        /// Attempt id.
        attempt: String,
        /// Phone numbers.
        to: Vec<String>,
        /// Which kind of notice it is.
        #[serde(default)]
        kind: String,
        /// Buttons.
        #[serde(default)]
        buttons: Vec<Button>,
    },
    /// Something is wrong.
    Error {
        /// What.
        code: String,
        /// Which phones it is about.
        #[serde(default)]
        phones: Vec<String>,
    },
    /// Anything else.
    #[serde(other)]
    Unknown,
}

/// A button of a message.
#[derive(Debug, Deserialize)]
pub struct Button {
    /// Its name.
    pub id: String,
}

/// A frame to the network.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said<'a> {
    /// Who is calling.
    Hello {
        /// Phone numbers.
        phones: Vec<String>,
        /// Last sequence number seen.
        since: u64,
    },
    /// What was shown and read.
    Receipt {
        /// Attempt ids.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        delivered: Vec<String>,
        /// Attempt ids.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        read: Vec<String>,
    },
    /// A button was pressed.
    Press {
        /// Attempt id.
        attempt: String,
        /// The button's name.
        button: &'a str,
    },
    /// Something is said to a channel.
    Say {
        /// The channel's key.
        channel: &'a str,
        /// What is said.
        text: &'a str,
        /// By whose phone.
        phone: String,
    },
}

impl Said<'_> {
    /// As it goes over the line.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("frames have string keys and no maps that could fail")
    }
}
