//! The language of searches: text to terms. What a key means is for whoever searches.
//!
//! ```text
//! query = { term }            every term must hold
//! term  = ["-"] key ":" value { "," value }
//! value = word | '"' text '"'
//! ```

use serde_json::Value;

use crate::host::api::problem::{Kind, Problem, cut, nearest};

/// Longest query, in characters.
pub const QUERY_MAX: usize = 1_000;
/// Most terms of a query.
pub const TERMS_MAX: usize = 16;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Must not hold.
    pub negated: bool,
    /// What is looked at.
    pub key: &'static str,
    /// Any of these; each with its column, from 1.
    pub values: Vec<(String, usize)>,
}

/// The terms of a query, over these keys.
pub fn terms(query: &str, keys: &[&'static str]) -> Result<Vec<Term>, Problem> {
    let chars: Vec<char> = query.chars().collect();
    if chars.len() > QUERY_MAX {
        return Err(wrong(QUERY_MAX + 1, format!("expected at most {QUERY_MAX} characters")));
    }
    let (mut reader, mut terms) = (Reader { chars: &chars, place: 0 }, Vec::new());
    while reader.skip_spaces() {
        if terms.len() == TERMS_MAX {
            return Err(wrong(reader.column(), format!("expected at most {TERMS_MAX} terms")));
        }
        terms.push(reader.term(keys)?);
    }
    Ok(terms)
}

/// A value that is none, located, with the nearest one.
pub fn unknown<'a>(key: &str, (value, column): &(String, usize), known: impl IntoIterator<Item = &'a str>) -> Problem {
    let near = nearest(value, known).map_or(Value::Null, Into::into);
    wrong(*column, format!("no {key} is called '{}'", cut(value))).with("nearest", near)
}

/// A problem of the query, with its column.
pub fn wrong(column: usize, what: String) -> Problem {
    Problem::new(Kind::InvalidQuery, format!("query:{column}: {what}")).with("column", column)
}

struct Reader<'a> {
    chars: &'a [char],
    place: usize,
}

impl Reader<'_> {
    fn column(&self) -> usize {
        self.place + 1
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.place).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        self.place += usize::from(there);
        there
    }

    /// Whether anything is left.
    fn skip_spaces(&mut self) -> bool {
        while self.peek().is_some_and(char::is_whitespace) {
            self.place += 1;
        }
        self.peek().is_some()
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> String {
        let start = self.place;
        while self.peek().is_some_and(|c| !ends(c)) {
            self.place += 1;
        }
        self.chars[start..self.place].iter().collect()
    }

    fn term(&mut self, keys: &[&'static str]) -> Result<Term, Problem> {
        let negated = self.take('-');
        let column = self.column();
        let name = self.until(|c| c == ':' || c.is_whitespace());
        let Some(key) = keys.iter().copied().find(|key| *key == name) else {
            let near = nearest(&name, keys.iter().copied()).map_or(Value::Null, Into::into);
            let what = format!("no such key as '{}', expected one of {}", cut(&name), keys.join(", "));
            return Err(wrong(column, what).with("nearest", near));
        };
        if !self.take(':') {
            return Err(wrong(self.column(), format!("expected ':' after {key}")));
        }
        let mut values = vec![self.value(key)?];
        while self.take(',') {
            values.push(self.value(key)?);
        }
        Ok(Term { negated, key, values })
    }

    fn value(&mut self, key: &str) -> Result<(String, usize), Problem> {
        let column = self.column();
        let value = if self.take('"') {
            let text = self.until(|c| c == '"');
            if !self.take('"') {
                return Err(wrong(column, "expected a closing quote".to_owned()));
            }
            text
        } else {
            self.until(|c| c == ',' || c.is_whitespace())
        };
        if value.is_empty() {
            return Err(wrong(column, format!("expected a value of {key}")));
        }
        Ok((value, column))
    }
}

#[cfg(test)]
mod tests {
    use super::{QUERY_MAX, Term, terms};

    const KEYS: [&str; 2] = ["state", "medium"];

    fn read(query: &str) -> Result<Vec<Term>, String> {
        terms(query, &KEYS).map_err(|problem| problem.detail)
    }

    #[test]
    fn terms_are_read() {
        let values = |values: &[(&str, usize)]| values.iter().map(|(text, at)| ((*text).to_owned(), *at)).collect();
        let state = Term { negated: false, key: "state", values: values(&[("reached", 7)]) };
        let medium = Term { negated: true, key: "medium", values: values(&[("lms", 24), ("a b", 28)]) };
        assert_eq!(read("state:reached  -medium:lms,\"a b\""), Ok(vec![state, medium]));
        assert_eq!(read("  "), Ok(Vec::new()));
    }

    #[test]
    fn mistakes_are_located() {
        for (query, message) in [
            ("state:a stat:b", "query:9: no such key as 'stat', expected one of state, medium"),
            ("state", "query:6: expected ':' after state"),
            ("state:", "query:7: expected a value of state"),
            ("state:a,", "query:9: expected a value of state"),
            ("가 state:a", "query:1: no such key as '가', expected one of state, medium"),
            ("state:\"a", "query:7: expected a closing quote"),
            (&"x".repeat(QUERY_MAX + 1), "query:1001: expected at most 1000 characters"),
            (&"state:a ".repeat(17), "query:129: expected at most 16 terms"),
        ] {
            assert_eq!(read(query), Err(message.to_owned()));
        }
        let problem = terms("state:a stat:b", &KEYS).expect_err("no such key");
        assert_eq!((problem.more["column"].as_u64(), problem.more["nearest"].as_str()), (Some(9), Some("state")));
    }
}
