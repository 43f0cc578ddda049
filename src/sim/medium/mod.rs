//! Media 매체: what each can carry, to whom, when, for how much, and what it can tell the sender afterwards.
//!
//! One file a medium, each a function that answers its [`MediumRules`] with the source of every figure. The engine
//! reads the rules only; it never asks which medium it is.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// What a medium does in a run: the built-in, sourced defaults with the scenario's changes on top.
#[derive(Clone, Debug, PartialEq)]
pub struct MediumRules {
    /// What it travels on.
    pub network: Network,
    /// From acceptance to the phone.
    pub shows: Spread,
    /// From the phone to the sender's knowledge.
    pub receipt: Spread,
    /// How the platform answers.
    pub answer: Answer,
    /// Whether the sender learns that the person opened it.
    pub tells_opened: bool,
    /// Who may receive it.
    pub needs: Needs,
    /// Longest text it carries.
    pub limit: Limit,
    /// Most messages a second the sender may hand in; the rest wait in line at the sender.
    pub rate: Option<u32>,
    /// Price of one message, in hundredths of a won.
    pub price: u32,
    /// Adverts only by day.
    pub day_only: bool,
    /// Share that comes back to the sender instead of arriving (letters), or is not answered (calls).
    pub returned: Share,
    /// Share that arrives nowhere (letters).
    pub astray: Share,
    /// What a staged recovery counts it as.
    pub capability: Capability,
}

/// How and when a platform tells the sender what became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Success as soon as the person is an active user; no receipt is awaited.
    Push,
    /// Waits for the phone's receipt; without one by then, "uncertain".
    Polling(Span),
    /// Says nothing at all (ordinary letters, cell broadcast).
    Silent,
}

/// Who can receive a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// An active Kakao account that has not blocked the channel.
    KakaoAccount,
    /// That, and friendship with the channel.
    KakaoFriend,
    /// A phone number.
    Phone,
    /// Nothing: everybody has one (letter box, mail address).
    Address,
}

/// The longest text a medium carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// In characters.
    Chars(u32),
    /// In bytes of CP949; characters outside it are refused.
    Cp949Bytes(u32),
    /// No limit that matters.
    None,
}

/// The steps in which a platform comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// Sessions, login and plain text between people.
    Text,
    /// Pictures and files.
    Image,
    /// Channel talk.
    Channel,
    /// Business notices: alimtalk and certified messages.
    Alimtalk,
    /// Adverts.
    Ads,
    /// Mail.
    Mail,
}
