//! How the processes talk: an order a line, of a word and numbers; an answer a line, of numbers, or `no` and why not.

use std::io::{self, BufRead, Write};
use std::time::{SystemTime, UNIX_EPOCH};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What to do.
    pub word: String,
    /// With what.
    pub numbers: Vec<u64>,
}

impl Order {
    /// The number at a place; 0 if there is none.
    pub fn number(&self, place: usize) -> u64 {
        self.numbers.get(place).copied().unwrap_or(0)
    }
}

/// Carries out orders until there are no more, and answers each.
pub fn obey(
    orders: impl BufRead,
    mut answers: impl Write,
    mut carry_out: impl FnMut(&Order) -> io::Result<Vec<u64>>,
) -> io::Result<()> {
    for line in orders.lines() {
        let line = line?;
        let mut words = line.split_whitespace();
        let word = words.next().unwrap_or_default().to_owned();
        let order = Order { word, numbers: words.filter_map(|number| number.parse().ok()).collect() };
        match carry_out(&order) {
            Ok(numbers) => writeln!(answers, "{}", written(&numbers))?,
            Err(error) => writeln!(answers, "no {error}")?,
        }
        answers.flush()?;
    }
    Ok(())
}

/// The numbers of an answer, or why there are none.
pub fn answered(line: &str) -> Result<Vec<u64>, String> {
    match line.strip_prefix("no ") {
        Some(why) => Err(why.to_owned()),
        None => line
            .split_whitespace()
            .map(|number| number.parse().map_err(|_| format!("expected numbers, found {line:?}")))
            .collect(),
    }
}

/// Numbers with spaces between.
pub fn written(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

/// Why an order makes no sense to this part.
pub fn unknown(order: &Order) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("no such order: {}", order.word))
}

/// Microseconds since 1970: the one clock that all processes share.
pub fn now_us() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_answered_with_numbers_or_a_reason() {
        let mut answers = Vec::new();
        obey(&b"send 2 x 3\nfly\n"[..], &mut answers, |order| match order.word.as_str() {
            "send" => Ok(order.numbers.clone()),
            _ => Err(unknown(order)),
        })
        .expect("memory");
        let answers = String::from_utf8(answers).expect("text");
        assert_eq!(answers, "2 3\nno no such order: fly\n");
        let read: Vec<_> = answers.lines().map(answered).collect();
        assert_eq!(read, [Ok(vec![2, 3]), Err("no such order: fly".to_owned())]);
    }
}
