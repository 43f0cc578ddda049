//! Words for people, in Korean and English.

/// The language of a page, report or message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Korean, the first language of everything that citizens' teams read.
    #[default]
    Ko,
    /// English.
    En,
}

/// A text in both languages. A file that gives only one gets it for both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The same text in both languages.
    pub fn same(text: impl Into<String>) -> Words {
        let text = text.into();
        Words { ko: text.clone(), en: text }
    }

    /// The text in one language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ko => &self.ko,
            Lang::En => &self.en,
        }
    }
}
