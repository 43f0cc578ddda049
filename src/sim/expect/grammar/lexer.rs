//! Text to tokens. A word is a run of letters, digits and `_ - . / % :`, so names, numbers and times are all words.

use std::ops::Range;

use crate::sim::expect::ExpressionError;
use crate::sim::expect::expression::Op;
use crate::sim::expect::grammar::{quote, unexpected};
use crate::sim::model::words::Words;

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: Range<usize>,
    pub(super) kind: TokenKind,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word, or something in quotes (without them).
    Word(String),
    /// A comparison.
    Op(Op),
    /// One of `( ) { } , = +`.
    Sign(char),
    /// The end of the text.
    End,
}

/// All tokens; the last one is `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else {
            let (kind, length) = token(&text[start..], first, start)?;
            tokens.push(Token { at: start..start + length, kind });
            length
        };
        start += length;
    }
    tokens.push(Token { at: text.len()..text.len(), kind: TokenKind::End });
    Ok(tokens)
}

impl Token {
    /// How an error names it.
    pub(super) fn found(&self) -> Words {
        match &self.kind {
            TokenKind::Word(word) => quote(word),
            TokenKind::Op(op) => quote(op.sign()),
            TokenKind::Sign(sign) => quote(&sign.to_string()),
            TokenKind::End => the_end(),
        }
    }
}

/// The token at the beginning of `rest`, and its length in bytes.
fn token(rest: &str, first: char, start: usize) -> Result<(TokenKind, usize), ExpressionError> {
    if is_word(first) {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        return Ok((TokenKind::Word(rest[..length].to_owned()), length));
    }
    if first == '"' || first == '\'' {
        return quoted(rest, first, start);
    }
    // Two-byte signs come before the one-byte signs that they begin with.
    let op = Op::ALL.into_iter().filter(|(_, sign)| rest.starts_with(sign)).max_by_key(|(_, sign)| sign.len());
    if let Some((op, sign)) = op {
        return Ok((TokenKind::Op(op), sign.len()));
    }
    if "(){},=+".contains(first) {
        return Ok((TokenKind::Sign(first), 1));
    }
    let at = start..start + first.len_utf8();
    Err(unexpected(at, "식에 쓰는 글자", "a character of an expression", &quote(&first.escape_debug().to_string())))
}

fn quoted(rest: &str, quote: char, start: usize) -> Result<(TokenKind, usize), ExpressionError> {
    match rest[1..].find(quote) {
        Some(length) => Ok((TokenKind::Word(rest[1..=length].to_owned()), length + 2)),
        None => Err(unexpected(start..start + rest.len(), "닫는 따옴표", "a closing quote", &the_end())),
    }
}

fn the_end() -> Words {
    Words { ko: "식의 끝".to_owned(), en: "the end".to_owned() }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_-./%:".contains(c)
}
