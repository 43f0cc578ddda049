//! Sheets: long lists in pieces that copies share until one of them writes. A key frame of a hundred thousand people costs what
//! has changed since the frame before, so that frames can lie close together.
//!
//! No more than a list needs to be here: no removal, no order but by place.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Entries of a piece.
const PIECE: usize = 1_024;

/// A list.
#[derive(Clone)]
pub struct Sheet<T> {
    pieces: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T: Copy> Sheet<T> {
    /// So many entries, all alike.
    pub fn of(entry: T, len: usize) -> Sheet<T> {
        let mut sheet = Sheet { pieces: Vec::new(), len: 0 };
        sheet.grow(len, entry);
        sheet
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.len
    }

    /// One of them.
    pub fn get(&self, place: usize) -> Option<&T> {
        self.pieces.get(place / PIECE)?.get(place % PIECE)
    }

    /// One of them, to be written: its piece is this sheet's own from now on.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.get(place)?;
        Arc::make_mut(self.pieces.get_mut(place / PIECE)?).get_mut(place % PIECE)
    }

    /// Has it grow to so many, with this entry at every new place; it never shrinks.
    pub fn grow(&mut self, len: usize, entry: T) {
        while self.len < len {
            if self.len.is_multiple_of(PIECE) {
                self.pieces.push(Arc::new(Vec::with_capacity(PIECE)));
            }
            let last = Arc::make_mut(self.pieces.last_mut().expect("there is one with room"));
            let more = (len - self.len).min(PIECE - last.len());
            last.resize(last.len() + more, entry);
            self.len += more;
        }
    }

    /// Bytes of the pieces that are not in `seen` yet; they are from now on.
    pub fn bytes(&self, seen: &mut BTreeSet<usize>) -> usize {
        let fresh = self.pieces.iter().filter(|piece| seen.insert(Arc::as_ptr(piece).addr()));
        fresh.map(|piece| piece.capacity() * size_of::<T>()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{PIECE, Sheet};

    #[test]
    fn a_copy_shares_all_but_what_was_written_since() {
        let mut sheet = Sheet::of(7_u8, 3 * PIECE + 5);
        let copy = sheet.clone();
        *sheet.get_mut(PIECE + 1).expect("a place") = 9;
        assert_eq!((sheet.get(PIECE + 1), copy.get(PIECE + 1)), (Some(&9), Some(&7)));
        let mut seen = BTreeSet::new();
        assert_eq!((sheet.bytes(&mut seen), copy.bytes(&mut seen)), (4 * PIECE, PIECE));
    }

    #[test]
    fn it_grows_over_the_edges_of_its_pieces_and_ends_where_it_ends() {
        let mut sheet = Sheet::of(1_u32, 0);
        assert_eq!((sheet.len, sheet.get(0)), (0, None));
        sheet.grow(PIECE - 1, 2);
        sheet.grow(PIECE + 1, 3);
        sheet.grow(5, 4);
        assert_eq!(
            [PIECE - 2, PIECE - 1, PIECE, PIECE + 1].map(|place| sheet.get(place).copied()),
            [Some(2), Some(3), Some(3), None]
        );
        assert_eq!((sheet.len, sheet.get_mut(PIECE + 1)), (PIECE + 1, None));
    }
}
