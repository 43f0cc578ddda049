//! What a message travels by: media 매체 and the networks 망 under them. Their rules are in `sim::medium` and
//! `sim::network`; here are only the names.

/// A medium 매체.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Medium {
    /// 알림톡: an informational template message to a phone number; friendship not needed.
    Alimtalk,
    /// 브랜드 메시지: an advert to friends or consenting people; forbidden at night.
    Brand,
    /// 인증톡: a certified e-document that asks for proof of identity before it opens.
    Certified,
    /// 채널 대화: talk inside a channel, both ways; friends only.
    Chat,
    /// Short text over the carrier, 90 bytes.
    Sms,
    /// Long text over the carrier, 2,000 bytes.
    Lms,
    /// E-mail.
    Email,
    /// A letter by post.
    Letter,
    /// 등기우편: a letter that somebody signs for.
    Registered,
    /// 재난문자: cell broadcast to everybody in an area; no receipt from anybody.
    Broadcast,
    /// A telephone call by a person, as in an emergency contact chain.
    Call,
    /// 앱 알림: a push message of another application than the messenger, to those who picked it.
    Push,
}

/// A network 망: what a medium travels on, and what can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Network {
    /// The messenger and its business platform.
    Kakao,
    /// The mobile carriers' text and voice.
    Mobile,
    /// Internet mail.
    Mail,
    /// Another application than the messenger, with lines of its own: what those who picked it are reached by.
    App,
    /// The post office.
    Post,
    /// Cell broadcast, which works beside a congested mobile network.
    Cell,
    /// Where money moves: payment platforms and wallets. No medium travels on it, and it fails apart from the others.
    Pay,
}

impl Medium {
    /// How many media there are.
    pub const COUNT: usize = 12;
    /// All media, in the order of their numbers.
    pub const ALL: [Medium; Medium::COUNT] = [
        Medium::Alimtalk,
        Medium::Brand,
        Medium::Certified,
        Medium::Chat,
        Medium::Sms,
        Medium::Lms,
        Medium::Email,
        Medium::Letter,
        Medium::Registered,
        Medium::Broadcast,
        Medium::Call,
        Medium::Push,
    ];

    /// The word used in files, events and frames.
    pub const fn name(self) -> &'static str {
        match self {
            Medium::Alimtalk => "alimtalk",
            Medium::Brand => "brand",
            Medium::Certified => "certified",
            Medium::Chat => "chat",
            Medium::Sms => "sms",
            Medium::Lms => "lms",
            Medium::Email => "email",
            Medium::Letter => "letter",
            Medium::Registered => "registered",
            Medium::Broadcast => "broadcast",
            Medium::Call => "call",
            Medium::Push => "push",
        }
    }

    /// The word a Korean reader expects.
    pub const fn ko(self) -> &'static str {
        match self {
            Medium::Alimtalk => "알림톡",
            Medium::Brand => "브랜드 메시지",
            Medium::Certified => "인증톡",
            Medium::Chat => "채널 대화",
            Medium::Sms => "단문 문자",
            Medium::Lms => "장문 문자",
            Medium::Email => "이메일",
            Medium::Letter => "우편",
            Medium::Registered => "등기우편",
            Medium::Broadcast => "재난문자",
            Medium::Call => "전화",
            Medium::Push => "앱 알림",
        }
    }

    /// The medium of that word.
    pub fn parse(word: &str) -> Option<Medium> {
        Medium::ALL.into_iter().find(|m| m.name() == word)
    }

    /// The place in a table with one row a medium.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl Network {
    /// How many networks there are.
    pub const COUNT: usize = 7;
    /// All networks, in the order of their numbers.
    pub const ALL: [Network; Network::COUNT] =
        [Network::Kakao, Network::Mobile, Network::Mail, Network::App, Network::Post, Network::Cell, Network::Pay];

    /// The word used in files, events and addresses (`/ws/kakao`).
    pub const fn name(self) -> &'static str {
        match self {
            Network::Kakao => "kakao",
            Network::Mobile => "mobile",
            Network::Mail => "mail",
            Network::App => "app",
            Network::Post => "post",
            Network::Cell => "cell",
            Network::Pay => "pay",
        }
    }

    /// The word a Korean reader expects.
    pub const fn ko(self) -> &'static str {
        match self {
            Network::Kakao => "카카오",
            Network::Mobile => "이동통신",
            Network::Mail => "메일",
            Network::App => "다른 앱",
            Network::Post => "우편망",
            Network::Cell => "재난문자망",
            Network::Pay => "결제망",
        }
    }

    /// The network of that word.
    pub fn parse(word: &str) -> Option<Network> {
        Network::ALL.into_iter().find(|n| n.name() == word)
    }

    /// The place in a table with one row a network.
    pub const fn index(self) -> usize {
        self as usize
    }
}
