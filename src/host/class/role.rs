//! Roles: who knows what. The words are those of the API; what each may know is `view`'s.

/// What a member of the class plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A citizen: their own phone, and nothing else.
    Citizen,
    /// The sender's desk: what the sender was told, and nothing that is merely true.
    Sender,
    /// The operator of the messenger's platform: sessions, queues and faults of that one network.
    Operator,
    /// The ministry: what is reported to it, and late.
    Ministry,
    /// The press: what citizens complain about.
    Press,
}

impl Role {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Role; 5] = [Role::Citizen, Role::Sender, Role::Operator, Role::Ministry, Role::Press];

    /// The word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Citizen => "citizen",
            Role::Sender => "sender",
            Role::Operator => "operator",
            Role::Ministry => "ministry",
            Role::Press => "press",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == word)
    }
}
