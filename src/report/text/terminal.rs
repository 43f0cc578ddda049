//! The terminal's arithmetic: how wide a text is, how to fit it, and how it is coloured.
//!
//! Hangul, Han and kana take two columns. Every text from outside is cleaned of control characters here, so that a
//! scenario's title cannot speak to the terminal.

/// How a report is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal; held between 60 and 160.
    pub width: usize,
    /// Whether to write colour codes.
    pub color: bool,
}

/// What a piece of text means, for its colour. The words and signs carry the meaning; colour only repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A heading.
    Head,
    /// Of less weight.
    Faint,
    /// As it should be.
    Good,
    /// As it should not be.
    Bad,
    /// Worth a look.
    Warn,
}

impl Look {
    /// 80 columns, no colour: what a file or a pipe gets.
    pub const PLAIN: Look = Look { width: 80, color: false };

    /// The width, within bounds.
    pub fn columns(self) -> usize {
        self.width.clamp(60, 160)
    }

    /// The text in a tone.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Head => "1",
            Tone::Faint => "2",
            Tone::Good => "32",
            Tone::Bad => "1;31",
            Tone::Warn => "33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// How many columns a text takes; it must hold no colour codes.
pub fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// How many columns a character takes: the wide ranges of Unicode's East Asian Width (UAX #11) that Korean texts use.
fn columns_of(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036f | 0x1160..=0x11ff | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xa960..=0xa97f
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Longest excerpt, in characters.
const EXCERPT_CHARS: usize = 300;

/// The text with every control character, and every sign that turns the direction of writing, made visible as `�`.
pub fn clean(text: &str) -> String {
    let turns = |c: char| matches!(u32::from(c), 0x202a..=0x202e | 0x2066..=0x2069);
    text.chars().map(|c| if c.is_control() || turns(c) { '\u{fffd}' } else { c }).collect()
}

/// What is said about a file that somebody else may have written, as one line that a terminal and a log can bear: cleaned,
/// and cut with `…` after `EXCERPT_CHARS` characters.
pub fn excerpt(text: &str) -> String {
    let mut out = clean(&text.chars().take(EXCERPT_CHARS).collect::<String>());
    if text.chars().nth(EXCERPT_CHARS).is_some() {
        out.push('…');
    }
    out
}

/// The text in exactly so many columns: cut with `…`, or filled with spaces.
pub fn fit(text: &str, columns: usize) -> String {
    let text = clean(text);
    let mut out = if width(&text) <= columns { text } else { cut(&text, columns) };
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// The text in so many columns, to the right.
pub fn right(text: &str, columns: usize) -> String {
    let pad = columns.saturating_sub(width(text));
    format!("{}{text}", " ".repeat(pad))
}

fn cut(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += columns_of(c);
        if used > columns {
            break;
        }
        out.push(c);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// The text in lines of at most so many columns, broken at spaces; a word longer than a line is broken anywhere.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = vec![String::new()];
    for word in clean(text).split_whitespace() {
        let last = lines.len() - 1;
        let room = columns.saturating_sub(width(&lines[last]));
        if !lines[last].is_empty() && width(word) < room {
            lines[last].push(' ');
            lines[last].push_str(word);
        } else if lines[last].is_empty() && width(word) <= columns {
            lines[last].push_str(word);
        } else {
            if !lines[last].is_empty() {
                lines.push(String::new());
            }
            break_word(&mut lines, word, columns);
        }
    }
    lines
}

fn break_word(lines: &mut Vec<String>, word: &str, columns: usize) {
    for c in word.chars() {
        let last = lines.len() - 1;
        if width(&lines[last]) + columns_of(c) > columns {
            lines.push(c.to_string());
        } else {
            lines[last].push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, Tone, clean, fit, right, width, wrap};

    #[test]
    fn hangul_takes_two_columns() {
        assert_eq!(width("알림톡 sms"), 10);
        assert_eq!(fit("알림톡", 8), "알림톡  ");
        assert_eq!(fit("알림톡", 5), "알림…");
        assert_eq!(fit("알림톡", 4), "알… ");
        assert_eq!(right("97%", 6), "   97%");
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrap("아무도 장애로 잃지 않는다", 14), ["아무도 장애로", "잃지 않는다"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 10), [""]);
        for line in wrap("긴 낱말하나가한줄을넘어도 넘치지 않는다", 10) {
            assert!(width(&line) <= 10, "{line}");
        }
    }

    #[test]
    fn a_title_cannot_speak_to_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\n"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}");
    }

    #[test]
    fn colour_is_only_written_when_asked_for() {
        assert_eq!(Look::PLAIN.paint(Tone::Good, "ok"), "ok");
        assert_eq!(Look { width: 80, color: true }.paint(Tone::Good, "ok"), "\u{1b}[32mok\u{1b}[0m");
    }
}
