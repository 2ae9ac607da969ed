//! Slices: the records of a feed whose SHA-256(id) begins with the same k bits (`SPEC.md` section 7).
//!
//! Integrity is strict and about bytes: a line begins `{"id":"…"` and these bytes are the id, no JSON
//! parser decides it. What the line means is [`crate::opportunity`]'s business and fails soft.

use std::ops::RangeInclusive;

use crate::hash::Hash;
use crate::id::RecordId;
use crate::index::SliceRef;
use crate::limits::{MAX_K, RECORD_BYTES, SLICE_BYTES};
use crate::planted::{self, Bug};

const ID_PREFIX: &[u8] = br#"{"id":""#;

/// One record: its bytes without the line feed, and the id they begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    id: RecordId,
    place: Hash,
    bytes: Vec<u8>,
}

/// Why a line or a slice is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SliceError {
    /// The bytes are not those that the index names.
    #[error("the slice does not have the hash or length that the index names")]
    Hash,
    /// A line does not begin with `{"id":"`, an id and `"`.
    #[error("line {line} does not begin with an id")]
    Id {
        /// Which line, from 1.
        line: usize,
    },
    /// A line is longer than [`RECORD_BYTES`].
    #[error("line {line} is longer than {RECORD_BYTES} bytes")]
    LineTooLong {
        /// Which line, from 1.
        line: usize,
    },
    /// What should be one line holds a line feed, so a feed would read it as two.
    #[error("line {line} holds a line feed")]
    LineFeed {
        /// Which line, from 1.
        line: usize,
    },
    /// The last line does not end in a line feed.
    #[error("the last line does not end")]
    Unended,
    /// The lines are not strictly increasing by SHA-256(id).
    #[error("line {line} is not sorted by SHA-256 of its id, or stands twice")]
    Order {
        /// Which line, from 1.
        line: usize,
    },
    /// A record belongs to another slice.
    #[error("line {line} belongs to another slice")]
    Stray {
        /// Which line, from 1.
        line: usize,
    },
}

impl Line {
    /// Reads one line, without its line feed.
    ///
    /// ```
    /// # use engagement_protocol::slice::Line;
    /// let line = Line::read(br#"{"id":"a-1","title":"Lesepatin"}"#).unwrap();
    /// assert_eq!(line.id().as_str(), "a-1");
    /// assert!(Line::read(br#"{"title":"Lesepatin","id":"a-1"}"#).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`SliceError::Id`], [`SliceError::LineTooLong`] or [`SliceError::LineFeed`], with line 1.
    pub fn read(bytes: &[u8]) -> Result<Self, SliceError> {
        if bytes.len() > RECORD_BYTES {
            return Err(SliceError::LineTooLong { line: 1 });
        }
        // A second record would ride along under the first one's id.
        if bytes.contains(&b'\n') {
            return Err(SliceError::LineFeed { line: 1 });
        }
        let id = id_of(bytes).ok_or(SliceError::Id { line: 1 })?;
        Ok(Self { place: id.hash(), id, bytes: bytes.to_vec() })
    }

    /// Returns the record's id.
    #[must_use]
    pub const fn id(&self) -> &RecordId {
        &self.id
    }

    /// Returns SHA-256 of the id: where the record stands in its feed.
    #[must_use]
    pub const fn place(&self) -> Hash {
        self.place
    }

    /// Returns the bytes, without the line feed.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns SHA-256 of the bytes, which a store keeps beside them to notice rot.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.bytes)
    }
}

/// Reads the slice at `position` of 2^k that a verified index names.
///
/// # Errors
///
/// [`SliceError`]; length and hash are checked before a byte is looked at.
pub fn verify(
    bytes: &[u8],
    expected: SliceRef,
    k: u8,
    position: u16,
) -> Result<Vec<Line>, SliceError> {
    if SliceRef::to(bytes) != expected && !planted::has(Bug::SliceHash) {
        return Err(SliceError::Hash);
    }
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let body = bytes.strip_suffix(b"\n").ok_or(SliceError::Unended)?;
    let mut lines: Vec<Line> = Vec::new();
    for (at, bytes) in body.split(|byte| *byte == b'\n').enumerate() {
        let line = at + 1;
        let read = Line::read(bytes).map_err(|error| error.at(line))?;
        if lines.last().is_some_and(|last| last.place >= read.place) {
            return Err(SliceError::Order { line });
        }
        if read.place.prefix(k) != position {
            return Err(SliceError::Stray { line });
        }
        lines.push(read);
    }
    Ok(lines)
}

/// Returns the bytes of a slice from its lines, which must be sorted by [`Line::place`].
pub fn write<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend_from_slice(line);
        bytes.push(b'\n');
    }
    bytes
}

/// Returns the hashes that belong to the slice at `position` of 2^k, as a range for a database.
///
/// ```
/// # use engagement_protocol::{hash::Hash, slice};
/// let range = slice::range(1, 1);
/// assert!(range.contains(&Hash::from_bytes([0x80; 32])));
/// assert!(!range.contains(&Hash::from_bytes([0x7f; 32])));
/// ```
#[must_use]
pub fn range(k: u8, position: u16) -> RangeInclusive<Hash> {
    let k = k.min(MAX_K);
    let shift = 16 - u32::from(k);
    let first = u32::from(position) << shift;
    let last = first + (1 << shift) - 1;
    let bound = |bits: u32, fill: u8| {
        let mut bytes = [fill; 32];
        let [_, _, high, low] = bits.to_be_bytes();
        let [first, second, ..] = &mut bytes;
        (*first, *second) = (high, low);
        Hash::from_bytes(bytes)
    };
    bound(first, 0x00)..=bound(last, 0xff)
}

/// Whether a slice of `bytes` is small enough to be published.
#[must_use]
pub fn fits(bytes: &[u8]) -> bool {
    u32::try_from(bytes.len()).is_ok_and(|length| length <= SLICE_BYTES)
}

impl SliceError {
    fn at(self, line: usize) -> Self {
        match self {
            Self::Id { .. } => Self::Id { line },
            Self::LineTooLong { .. } => Self::LineTooLong { line },
            other => other,
        }
    }
}

fn id_of(bytes: &[u8]) -> Option<RecordId> {
    let rest = bytes.strip_prefix(ID_PREFIX)?;
    let end = rest.iter().take(65).position(|byte| *byte == b'"')?;
    std::str::from_utf8(rest.get(..end)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(ids: &[&str]) -> Vec<Line> {
        let mut lines: Vec<_> = ids
            .iter()
            .map(|id| Line::read(format!(r#"{{"id":"{id}"}}"#).as_bytes()).unwrap())
            .collect();
        lines.sort_by_key(Line::place);
        lines
    }

    fn verify_k0(bytes: &[u8]) -> Result<Vec<Line>, SliceError> {
        verify(bytes, SliceRef::to(bytes), 0, 0)
    }

    #[test]
    fn writes_what_it_reads() {
        let lines = lines(&["a", "b", "c"]);
        let bytes = write(lines.iter().map(Line::bytes));
        assert_eq!(verify_k0(&bytes).unwrap(), lines);
        assert_eq!(verify_k0(b"").unwrap(), []);
    }

    #[test]
    fn refuses_disorder_and_doubles() {
        let mut lines = lines(&["a", "b"]);
        lines.reverse();
        let bytes = write(lines.iter().map(Line::bytes));
        assert_eq!(verify_k0(&bytes), Err(SliceError::Order { line: 2 }));
        let twice = write([lines[0].bytes(), lines[0].bytes()]);
        assert_eq!(verify_k0(&twice), Err(SliceError::Order { line: 2 }));
    }

    #[test]
    fn refuses_strays_and_open_ends() {
        let line = &lines(&["a"])[0];
        let bytes = write([line.bytes()]);
        let position = line.place().prefix(4);
        assert!(verify(&bytes, SliceRef::to(&bytes), 4, position).is_ok());
        let other = position ^ 1;
        let stray = verify(&bytes, SliceRef::to(&bytes), 4, other);
        assert_eq!(stray, Err(SliceError::Stray { line: 1 }));
        assert_eq!(verify_k0(line.bytes()), Err(SliceError::Unended));
        assert_eq!(verify_k0(b"\n"), Err(SliceError::Id { line: 1 }));
    }

    #[test]
    fn ranges_cover_everything_once() {
        for k in 0..=MAX_K {
            let mut next = [0u8; 2];
            for position in 0..(1u32 << k) {
                let range = range(k, u16::try_from(position).unwrap());
                assert_eq!(&range.start().as_bytes()[..2], &next[..]);
                let [.., high, low] = (u32::from(u16::from_be_bytes(
                    range.end().as_bytes()[..2].try_into().unwrap(),
                )) + 1)
                    .to_be_bytes();
                next = [high, low];
            }
            assert_eq!(next, [0, 0], "k {k} ends where it began");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        let two = Line::read(b"{\"id\":\"a\"}\n{\"id\":\"b\"}");
        assert_eq!(two, Err(SliceError::LineFeed { line: 1 }));
    }

    #[test]
    fn keeps_lines_that_only_look_like_json() {
        assert!(verify_k0(b"{\"id\":\"a\" this is no JSON \xff\n").is_ok());
    }
}
