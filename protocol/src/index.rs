//! The index: one line per slice, named in the head by its hash (`SPEC.md` section 6).

use crate::hash::Hash;
use crate::limits::{FEED_BYTES, INDEX_BYTES, MAX_K, SLICE_BYTES};

/// Where a slice is and how long: one line of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceRef {
    /// SHA-256 of the slice's bytes.
    pub hash: Hash,
    /// Length of the slice in bytes; 0 for a slice without records.
    pub length: u32,
}

impl SliceRef {
    /// Returns the reference to `bytes`, which must be within [`SLICE_BYTES`].
    #[must_use]
    pub fn to(bytes: &[u8]) -> Self {
        Self { hash: Hash::of(bytes), length: u32::try_from(bytes.len()).unwrap_or(u32::MAX) }
    }

    /// Returns whether the slice has no records, so that nothing needs to be fetched.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// The slices of one state of a feed, 2^k of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    k: u8,
    slices: Vec<SliceRef>,
}

/// Why an index is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The bytes are not those that the head names.
    #[error("the index does not have the hash that the head names")]
    Hash,
    /// The index is longer than [`INDEX_BYTES`].
    #[error("the index is longer than {INDEX_BYTES} bytes")]
    TooLarge,
    /// A line is not `<sha256> <length>`.
    #[error("line {line} is not a SHA-256 hash, a space, a length without leading zeros")]
    Line {
        /// Which line, from 1.
        line: usize,
    },
    /// The number of lines is not a power of two up to 2^12.
    #[error("{lines} lines: a power of two up to 4096 is expected")]
    Count {
        /// How many there are.
        lines: usize,
    },
    /// A slice is longer than [`SLICE_BYTES`].
    #[error("the slice of line {line} is longer than {SLICE_BYTES} bytes")]
    SliceTooLarge {
        /// Which line, from 1.
        line: usize,
    },
    /// An empty slice has another hash than SHA-256 of nothing.
    #[error("line {line} has length 0 and a hash that is not that of nothing")]
    EmptyHash {
        /// Which line, from 1.
        line: usize,
    },
    /// All slices together are longer than allowed.
    #[error("the feed has {bytes} bytes, at most {limit} are allowed")]
    FeedTooLarge {
        /// Bytes of all slices.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
}

impl Index {
    /// Makes an index of 2^k slices.
    ///
    /// # Errors
    ///
    /// [`IndexError::Count`], [`IndexError::SliceTooLarge`], [`IndexError::EmptyHash`],
    /// [`IndexError::FeedTooLarge`].
    pub fn new(slices: Vec<SliceRef>) -> Result<Self, IndexError> {
        let lines = slices.len();
        let k = (0..=MAX_K).find(|k| lines == 1 << k).ok_or(IndexError::Count { lines })?;
        for (at, slice) in slices.iter().enumerate() {
            if slice.length > SLICE_BYTES {
                return Err(IndexError::SliceTooLarge { line: at + 1 });
            }
            if slice.is_empty() && slice.hash != Hash::of(b"") {
                return Err(IndexError::EmptyHash { line: at + 1 });
            }
        }
        let bytes = slices.iter().map(|slice| u64::from(slice.length)).sum();
        if bytes > FEED_BYTES {
            return Err(IndexError::FeedTooLarge { bytes, limit: FEED_BYTES });
        }
        Ok(Self { k, slices })
    }

    /// Reads the index that a verified head names.
    ///
    /// # Errors
    ///
    /// [`IndexError`]; the hash is checked before a byte is looked at.
    pub fn verify(bytes: &[u8], expected: Hash) -> Result<Self, IndexError> {
        if bytes.len() > INDEX_BYTES {
            return Err(IndexError::TooLarge);
        }
        if Hash::of(bytes) != expected {
            return Err(IndexError::Hash);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| IndexError::Line { line: 1 })?;
        let lines = text.matches('\n').count();
        let text = text.strip_suffix('\n').ok_or(IndexError::Line { line: lines + 1 })?;
        let slices = text
            .split('\n')
            .enumerate()
            .map(|(at, line)| read_line(line).ok_or(IndexError::Line { line: at + 1 }))
            .collect::<Result<_, _>>()?;
        Self::new(slices)
    }

    /// Returns the bytes that a head names.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = String::with_capacity(self.slices.len() * 73);
        for slice in &self.slices {
            text.push_str(&format!("{} {}\n", slice.hash, slice.length));
        }
        text.into_bytes()
    }

    /// Returns how many leading bits of SHA-256(id) choose a record's slice.
    #[must_use]
    pub const fn k(&self) -> u8 {
        self.k
    }

    /// Returns the slices in order.
    #[must_use]
    pub fn slices(&self) -> &[SliceRef] {
        &self.slices
    }

    /// Returns one slice, if `position` is below 2^k.
    #[must_use]
    pub fn slice(&self, position: u16) -> Option<SliceRef> {
        self.slices.get(usize::from(position)).copied()
    }

    /// Returns the length of all slices together, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.slices.iter().map(|slice| u64::from(slice.length)).sum()
    }
}

fn read_line(line: &str) -> Option<SliceRef> {
    let (hash, length) = line.split_once(' ')?;
    let plain = length.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = length.len() > 1 && length.starts_with('0');
    if !plain || leading_zero {
        return None;
    }
    Some(SliceRef { hash: hash.parse().ok()?, length: length.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Index, IndexError> {
        Index::verify(text.as_bytes(), Hash::of(text.as_bytes()))
    }

    #[test]
    fn writes_what_it_reads() {
        let slices = vec![SliceRef::to(b"a\n"), SliceRef::to(b"")];
        let index = Index::new(slices).unwrap();
        let bytes = index.to_bytes();
        assert_eq!(Index::verify(&bytes, Hash::of(&bytes)).unwrap(), index);
    }

    #[test]
    fn refuses_every_other_spelling() {
        let hash = Hash::of(b"a\n").to_string();
        assert!(read(&format!("{hash} 2\n")).is_ok());
        for line in [
            format!("{hash} 02\n"),
            format!("{hash} +2\n"),
            format!("{hash}  2\n"),
            format!("{hash} 2 \n"),
            format!("{hash} 2\r\n"),
            format!("{hash} 2"),
            format!("{} 2\n", hash.to_uppercase()),
            String::new(),
        ] {
            assert!(matches!(read(&line), Err(IndexError::Line { .. })), "{line:?}");
        }
        assert_eq!(read(&format!("{hash} 2\n").repeat(3)), Err(IndexError::Count { lines: 3 }));
        assert_eq!(read(&format!("{hash} 0\n")), Err(IndexError::EmptyHash { line: 1 }));
    }

    #[test]
    fn refuses_an_index_that_is_not_the_heads() {
        let bytes = Index::new(vec![SliceRef::to(b"")]).unwrap().to_bytes();
        assert_eq!(Index::verify(&bytes, Hash::of(b"other")), Err(IndexError::Hash));
    }

    #[test]
    fn refuses_more_than_a_feed_may_hold() {
        let full = SliceRef { hash: Hash::of(b"x"), length: SLICE_BYTES };
        assert!(Index::new(vec![full; 16]).is_ok());
        assert!(matches!(Index::new(vec![full; 32]), Err(IndexError::FeedTooLarge { .. })));
        let larger = SliceRef { length: SLICE_BYTES + 1, ..full };
        assert_eq!(Index::new(vec![larger]), Err(IndexError::SliceTooLarge { line: 1 }));
    }
}
