//! The `heads` feed: which states a node holds (`SPEC.md` section 13.2).
//!
//! One row for each feed that the node has applied, its own included, never for a `heads` feed:
//!
//! ```text
//! {"id":"05558012/offers","kind":"head","note":"engagement/head/1\n{…}\n\n— 05558012 …\n"}
//! ```
//!
//! It makes every node a relay (readers fetch what changed, and only that), gives origins their receipts,
//! and shows who was told something else. A row is a **claim of the node that lists it**; the note inside
//! is the origin's word and counts only when it verifies under the origin's key.

use serde::{Deserialize, Serialize};

use crate::head::Head;
use crate::id::{Feed, NodeId, RecordId};
use crate::json::{self, Numbers};
use crate::slice::Line;

/// The kind of a row.
pub const KIND: &str = "head";

/// One row: a feed, and the head note that the listing node has applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Whose feed.
    pub node: NodeId,
    /// Which feed.
    pub feed: Feed,
    /// The head note as the origin signed it.
    pub note: Vec<u8>,
}

/// Why a row says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a row of a heads feed: {0}")]
pub struct RowError(&'static str);

#[derive(Serialize, Deserialize)]
struct Wire {
    id: String,
    kind: String,
    note: String,
}

impl Row {
    /// Returns the id of the row of this feed.
    ///
    /// ```
    /// # use engagement_protocol::{heads::Row, id::Feed};
    /// let id = Row::id(&"05558012".parse().unwrap(), Feed::Offers);
    /// assert_eq!(id.as_str(), "05558012/offers");
    /// ```
    ///
    /// # Panics
    ///
    /// Never: a node id and a feed's name are always a record id.
    #[must_use]
    pub fn id(node: &NodeId, feed: Feed) -> RecordId {
        format!("{node}/{feed}").parse().expect("a node id and a feed's name make a record id")
    }

    /// Writes the row, or nothing if the note is no text.
    #[must_use]
    pub fn to_line(&self) -> Option<Line> {
        let wire = Wire {
            id: Self::id(&self.node, self.feed).to_string(),
            kind: KIND.to_owned(),
            note: String::from_utf8(self.note.clone()).ok()?,
        };
        Line::read(&serde_json::to_vec(&wire).ok()?).ok()
    }

    /// Reads a row. The note is looked into, **not verified**: its reader knows the origin's keys.
    ///
    /// # Errors
    ///
    /// [`RowError`] if the row is no head, is one of a `heads` feed, or speaks of another feed than its id.
    pub fn read(line: &Line) -> Result<Self, RowError> {
        let text = std::str::from_utf8(line.bytes()).map_err(|_| RowError("it is not UTF-8"))?;
        let value = json::parse(text, Numbers::Natural)
            .map_err(|_| RowError("it is not acceptable JSON"))?;
        let wire: Wire = serde_json::from_value(value)
            .map_err(|_| RowError("a field is missing or malformed"))?;
        if wire.kind != KIND {
            return Err(RowError("it is of another kind"));
        }
        let head = Head::peek(wire.note.as_bytes()).map_err(|_| RowError("its note is no head"))?;
        // A heads feed that listed heads feeds would change whenever itself was copied, for ever.
        if head.feed == Feed::Heads {
            return Err(RowError("it lists a heads feed"));
        }
        if Self::id(&head.node, head.feed) != *line.id() {
            return Err(RowError("its note is of another feed than its id says"));
        }
        Ok(Self { node: head.node, feed: head.feed, note: wire.note.into_bytes() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;
    use crate::key::SigningKey;
    use crate::limits::HEAD_LIFE;
    use crate::opportunity::Record;
    use crate::time::Timestamp;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn row(feed: Feed) -> Row {
        let node: NodeId = "05558012".parse().unwrap();
        let head = Head {
            node: node.clone(),
            feed,
            seq: 7,
            index: Hash::of(b"a"),
            issued: NOW,
            expires: NOW.plus(HEAD_LIFE),
        };
        let key = SigningKey::from_seed(node.clone(), &[1; 32]);
        Row { node, feed, note: head.sign(&key).bytes().to_vec() }
    }

    #[test]
    fn a_row_reads_back_as_it_was_written() {
        for feed in [Feed::Offers, Feed::Members] {
            let line = row(feed).to_line().unwrap();
            assert_eq!(Row::read(&line), Ok(row(feed)));
            let kind = Record::Unknown { kind: KIND.to_owned() };
            assert_eq!(Record::read(&line), kind, "older readers keep it and show nothing");
        }
    }

    #[test]
    fn a_heads_feed_lists_no_heads_feed_and_nobody_elses_row() {
        assert!(Row::read(&row(Feed::Heads).to_line().unwrap()).is_err());
        let moved = Row { node: "05558016".parse().unwrap(), ..row(Feed::Offers) };
        assert!(Row::read(&moved.to_line().unwrap()).is_err());
        let text =
            String::from_utf8(row(Feed::Offers).to_line().unwrap().bytes().to_vec()).unwrap();
        for broken in [
            text.replace("\"kind\":\"head\"", "\"kind\":\"tail\""),
            text.replace("engagement/head/1", "engagement/head/2"),
            text.replace(",\"kind\":\"head\"", ""),
        ] {
            assert!(Row::read(&Line::read(broken.as_bytes()).unwrap()).is_err(), "{broken}");
        }
    }
}
