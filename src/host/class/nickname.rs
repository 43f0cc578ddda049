//! Nicknames: what a student is called while the class lasts. Any text that shows as one line is one; it stays a text.

use std::fmt;

/// Most characters.
pub const CHARS_MAX: usize = 20;

/// A nickname.
#[derive(Clone, PartialEq, Eq)]
pub struct Nickname(String);

impl Nickname {
    /// Reads one: without space around it, spaces within it single. `None` for nothing, too much, or what does not show
    /// (controls, and signs that turn the direction of what stands beside them).
    pub fn read(text: &str) -> Option<Nickname> {
        // Bounded before anything else is done with it.
        if text.chars().count() > CHARS_MAX * 4 {
            return None;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let name = words.join(" ");
        let fits = (1..=CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(hidden);
        fits.then_some(Nickname(name))
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether people would take one for the other: spaces, case and the colour of a sign make no difference.
    pub fn is_like(&self, other: &Nickname) -> bool {
        self.read_aloud() == other.read_aloud()
    }

    fn read_aloud(&self) -> String {
        let variant = |c: char| matches!(c, '\u{fe00}'..='\u{fe0f}');
        self.0.to_lowercase().chars().filter(|c| !c.is_whitespace() && !variant(*c)).collect()
    }
}

/// A nickname is in no log.
impl fmt::Debug for Nickname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nickname(…)")
    }
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff0}'..='\u{ffff}')
        || c as u32 >= 0xe0000
}

#[cfg(test)]
mod tests {
    use super::Nickname;

    fn read(text: &str) -> Option<String> {
        Nickname::read(text).map(|name| name.text().to_owned())
    }

    #[test]
    fn a_nickname_is_one_line_that_shows() {
        assert_eq!(read("  파란   고래 "), Some("파란 고래".to_owned()));
        assert_eq!(read("<b onclick=x>"), Some("<b onclick=x>".to_owned()), "a text like any other");
        assert_eq!(read(&"가".repeat(20)), Some("가".repeat(20)));
        for wrong in
            ["", "  ", "\n", "a\u{0}b", "a\u{202e}b", "\u{200b}", "\u{3164}", &"가".repeat(21), &" ".repeat(99)]
        {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn neither_case_nor_space_makes_another() {
        let name = |text| Nickname::read(text).expect("a nickname");
        assert!(name("Whale").is_like(&name("wHALE")) && !name("고래").is_like(&name("고레")));
        assert!(name("🐳고래").is_like(&name("🐳 고래")) && name("❤고래").is_like(&name("❤\u{fe0f} 고래")));
        assert!(!name("🐳고래").is_like(&name("🐋고래")));
        assert_eq!(format!("{:?}", name("고래")), "Nickname(…)");
    }
}
