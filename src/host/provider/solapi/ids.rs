//! Numbers: `M4V` for messages, `G4V` for groups, then the time on the wall in fourteen digits, then fifteen characters
//! (`solapi/documents`). The characters say run, call and item, so that a run that was rebuilt gives the same, and so
//! that a number is found without an index.

/// What a number's fifteen characters say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The run.
    pub run: u32,
    /// Which batch of messages.
    pub batch: Batch,
    /// Which of its messages; 0 for the batch itself.
    pub item: u32,
}

/// What messages were handed in together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Batch {
    /// One call.
    Call(u32),
    /// A group that was filled over several calls.
    Group(u32),
}

impl Number {
    /// The number of a message, at that time on the wall.
    pub fn message(self, wall: &str) -> String {
        format!("M4V{wall}{}", self.tail())
    }

    /// The number of its group.
    pub fn group(self, wall: &str) -> String {
        format!("G4V{wall}{}", Number { item: 0, ..self }.tail())
    }

    fn tail(self) -> String {
        let batch = match self.batch {
            Batch::Call(call) => digits(call, 7),
            Batch::Group(group) => format!("G{}", digits(group, 6)),
        };
        format!("{}{batch}{}", digits(self.run, 4), digits(self.item, 4))
    }

    /// Reads a number with that beginning; `None` for anything else.
    pub fn parse(text: &str, begins: &str) -> Option<Number> {
        let rest = text.strip_prefix(begins).filter(|rest| rest.len() == 29 && rest.is_ascii())?;
        let read = |part: &str| {
            let plain = part.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
            u32::from_str_radix(part, 36).ok().filter(|_| plain)
        };
        let (run, batch, item) = (read(&rest[14..18])?, &rest[18..25], read(&rest[25..])?);
        let batch = match batch.strip_prefix('G') {
            Some(group) => Batch::Group(read(group)?),
            None => Batch::Call(read(batch)?),
        };
        Some(Number { run, batch, item })
    }
}

/// A number in base 36, so wide.
fn digits(mut number: u32, wide: usize) -> String {
    let mut out = vec![b'0'; wide];
    for place in out.iter_mut().rev() {
        let digit = (number % 36) as u8;
        *place = if digit < 10 { b'0' + digit } else { b'A' + digit - 10 };
        number /= 36;
    }
    out.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::{Batch, Number};

    #[test]
    fn a_number_reads_back_what_it_prints() {
        for batch in [Batch::Call(1), Batch::Call(u32::MAX), Batch::Group(77_777)] {
            let number = Number { run: 12, batch, item: 9_999 };
            let written = number.message("20221015152000");
            assert_eq!((written.len(), Number::parse(&written, "M4V")), (32, Some(number)));
            assert_eq!(Number::parse(&written, "G4V"), None);
        }
        for wrong in ["", "M4V", "M4V20221015152000000c00000010007", "M4V2022101515200가00C00000010007"] {
            assert_eq!(Number::parse(wrong, "M4V"), None, "{wrong}");
        }
    }
}
