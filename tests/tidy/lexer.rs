//! Just enough of Rust's lexical rules to tell code from comments and from literals.

/// A source text twice, each with blanks where the other thing stood, so that lines and columns stay.
pub struct Split {
    /// Code: comments and the insides of literals are blank.
    pub code: String,
    /// Comments: all else is blank.
    pub comments: String,
}

/// Where the lexer is.
enum State {
    Code,
    LineComment,
    /// Nested so deep.
    BlockComment(u32),
    /// A string, or a raw one that ends with a quote and so many hashes.
    Text(Option<usize>),
}

/// Splits a text.
pub fn split(text: &str) -> Split {
    let chars: Vec<char> = text.chars().collect();
    let (mut code, mut comments) = (String::with_capacity(text.len()), String::with_capacity(text.len()));
    let (mut state, mut at) = (State::Code, 0);
    while at < chars.len() {
        let rest = &chars[at..];
        let in_comment = matches!(state, State::LineComment | State::BlockComment(_));
        let (next, length, keep) = step(state, rest, at.checked_sub(1).map(|before| chars[before]));
        let comment = in_comment || matches!(next, State::LineComment | State::BlockComment(_));
        for c in &rest[..length] {
            let blank = if *c == '\n' { '\n' } else { ' ' };
            code.push(if keep { *c } else { blank });
            comments.push(if comment { *c } else { blank });
        }
        (state, at) = (next, at + length);
    }
    Split { code, comments }
}

/// The state after the next piece, the piece's length, and whether it is code.
fn step(state: State, rest: &[char], before: Option<char>) -> (State, usize, bool) {
    match state {
        State::Code => code_step(rest, before),
        State::LineComment if rest[0] == '\n' => (State::Code, 1, true),
        State::LineComment => (State::LineComment, 1, false),
        State::BlockComment(depth) => match rest {
            ['*', '/', ..] if depth == 1 => (State::Code, 2, false),
            ['*', '/', ..] => (State::BlockComment(depth - 1), 2, false),
            ['/', '*', ..] => (State::BlockComment(depth + 1), 2, false),
            _ => (State::BlockComment(depth), 1, false),
        },
        State::Text(None) => match rest {
            ['\\', _, ..] => (State::Text(None), 2, false),
            ['"', ..] => (State::Code, 1, true),
            _ => (State::Text(None), 1, false),
        },
        State::Text(Some(hashes)) => {
            let ends = rest[0] == '"' && rest[1..].iter().take_while(|c| **c == '#').count() >= hashes;
            if ends { (State::Code, 1 + hashes, true) } else { (State::Text(Some(hashes)), 1, false) }
        }
    }
}

fn code_step(rest: &[char], before: Option<char>) -> (State, usize, bool) {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    match rest {
        ['/', '/', ..] => (State::LineComment, 2, false),
        ['/', '*', ..] => (State::BlockComment(1), 2, false),
        ['"', ..] => (State::Text(None), 1, true),
        ['r', tail @ ..] if !in_word || before == Some('b') => {
            let hashes = tail.iter().take_while(|c| **c == '#').count();
            let raw = tail.get(hashes) == Some(&'"');
            if raw { (State::Text(Some(hashes)), 2 + hashes, true) } else { (State::Code, 1, true) }
        }
        ['\'', '\\', tail @ ..] => {
            // The escaped character itself may be a quote; the literal ends at the next one.
            let length = tail.iter().skip(1).position(|c| *c == '\'').map_or(1, |end| end + 4);
            (State::Code, length, length == 1)
        }
        ['\'', _, '\'', ..] => (State::Code, 3, false),
        _ => (State::Code, 1, true),
    }
}

#[test]
fn code_comments_and_literals_are_told_apart() {
    let Split { code, comments } = split(concat!(
        "let a = \"// no \\\" comment\"; // tokio\n",
        "/* one /* two */ still */ let b = r#\"x \" y\"#;\n",
        "let c = ('\"', '\\'', 'x'); fn f<'a>(r: &'a str) {} /// end\n",
    ));
    assert_eq!(
        code,
        concat!(
            "let a = \"                \";         \n",
            "                          let b = r#\"     \"#;\n",
            "let c = (   ,     ,    ); fn f<'a>(r: &'a str) {}        \n",
        )
    );
    assert_eq!(
        comments.lines().map(str::trim).collect::<Vec<_>>(),
        ["// tokio", "/* one /* two */ still */", "/// end"]
    );
}
