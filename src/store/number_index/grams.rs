//! Which numbers contain each sequence of one to three characters.

use roaring::RoaringBitmap;

/// The bitmaps of all texts of up to three characters, each of which has a code of four bits.
pub(super) struct Grams(Vec<RoaringBitmap>);

impl Default for Grams {
    fn default() -> Self {
        Self(vec![RoaringBitmap::new(); 1 << 12])
    }
}

impl Grams {
    /// Adds a number at a position that is higher than all before it.
    pub(super) fn push(&mut self, number: &str, position: u32) {
        let codes: Vec<usize> = number.bytes().filter_map(code).collect();
        for at in 0..codes.len() {
            for length in 1..=3.min(codes.len() - at) {
                // A text that the number has twice was pushed before.
                let _ = self.0[index(&codes[at..at + length])].try_push(position);
            }
        }
    }

    /// The numbers that may contain a text of at least one character: those that do, if it has at
    /// most three. `None`: no number can.
    pub(super) fn candidates(&self, text: &str) -> Option<RoaringBitmap> {
        let codes = text.bytes().map(code).collect::<Option<Vec<usize>>>()?;
        let mut all: Vec<&RoaringBitmap> =
            codes.windows(codes.len().min(3)).map(|gram| &self.0[index(gram)]).collect();
        all.sort_unstable_by_key(|bitmap| bitmap.len());
        let (first, rest) = all.split_first()?;
        let mut found = (*first).clone();
        for bitmap in rest {
            found &= *bitmap;
        }
        Some(found)
    }

    /// Stores what follows each other as ranges.
    pub(super) fn optimize(&mut self) {
        for bitmap in &mut self.0 {
            bitmap.optimize();
        }
    }
}

fn index(codes: &[usize]) -> usize {
    let code = |at: usize| codes.get(at).copied().unwrap_or_default();
    code(0) << 8 | code(1) << 4 | code(2)
}

/// The code of a character that a number can have; 0 is none.
fn code(byte: u8) -> Option<usize> {
    match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0') + 1),
        b'*' => Some(11),
        b'#' => Some(12),
        b'-' => Some(13),
        b'x' => Some(14),
        b'+' => Some(15),
        _ => None,
    }
}
