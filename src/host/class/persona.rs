//! Personas: what is special about a student's phone. The phone itself (a browser) keeps to it; the network and the
//! engine see only what follows: a phone that is off, a channel that is blocked, a message that stays unopened.

/// What is special about a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persona {
    /// Nothing: on, and looked at.
    Plain,
    /// The battery is empty: it is off until it is charged.
    Battery,
    /// The agency's channel is blocked.
    Blocked,
    /// It stays in the bag until lunch.
    Lunch,
}

impl Persona {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Persona; 4] = [Persona::Plain, Persona::Battery, Persona::Blocked, Persona::Lunch];

    /// The word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            Persona::Plain => "plain",
            Persona::Battery => "battery",
            Persona::Blocked => "blocked",
            Persona::Lunch => "lunch",
        }
    }

    /// The persona of a word.
    pub fn parse(word: &str) -> Option<Persona> {
        Persona::ALL.into_iter().find(|persona| persona.name() == word)
    }
}
