//! Notes: what the books keep for this contract of a call and of a message, beside what they know anyway.

use serde::{Deserialize, Serialize};

/// Of a call.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CallNote {
    /// Whether it came by the way of passwords.
    pub auth: bool,
    /// The app key.
    pub app: String,
    /// The sender profile, or the number that a text message is from.
    pub sender: String,
    /// The template; empty for text messages.
    pub template: String,
    /// The sender's own key for all of it.
    pub group: Option<String>,
    /// The key that makes it once.
    pub once: Option<String>,
    /// Recipients that were turned down before anybody was asked.
    pub refused: Vec<Refused>,
}

/// A recipient that was turned down.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// Its place in the request, from 1.
    pub seq: u32,
    /// The number as written.
    pub no: String,
    /// Why: code and message.
    pub code: i32,
    /// Why, in words.
    pub message: String,
    /// The sender's own key for it.
    pub key: Option<String>,
}

/// Of a message.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ItemNote {
    /// Its place in the request, from 1.
    pub seq: u32,
    /// The number as written.
    pub no: String,
    /// The sender's own key for it.
    pub key: Option<String>,
}

/// Reads a note back; one that is none of ours reads as empty.
pub fn read<T: Default + for<'a> Deserialize<'a>>(note: &str) -> T {
    serde_json::from_str(note).unwrap_or_default()
}

/// Writes a note.
pub fn write(note: &impl Serialize) -> String {
    serde_json::to_string(note).expect("notes are plain data")
}
