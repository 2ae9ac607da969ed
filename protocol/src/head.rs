//! The head: the one signed statement which state of a feed is current (`SPEC.md` section 5).

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::id::{Feed, NodeId};
use crate::key::{self, SigningKey, VerifierKey};
use crate::limits::{HEAD_BYTES, HEAD_LIFE, ISSUED_AHEAD, MAX_INTEGER, SEQ_AHEAD};
use crate::note::{self, NoteError};
use crate::time::Timestamp;
use crate::verify::Verified;

/// The type line of a head.
pub const TYPE: &str = "engagement/head/1";

/// What a head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Whose feed.
    pub node: NodeId,
    /// Which feed.
    pub feed: Feed,
    /// The number of the state: strictly increasing, about Unix milliseconds.
    pub seq: u64,
    /// The hash of the index.
    pub index: Hash,
    /// When this note was signed.
    pub issued: Timestamp,
    /// When a reader begins to doubt that this is the newest.
    pub expires: Timestamp,
}

/// Why a head is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// The note is not one, or not signed by the node.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The head is a true one, of another node or feed.
    #[error("the head is of {node}/{feed}")]
    Misplaced {
        /// The node it speaks of.
        node: NodeId,
        /// The feed it speaks of.
        feed: Feed,
    },
    /// `seq` or `issued` lies too far ahead of the reader's clock.
    #[error(
        "the head comes from the future (seq {seq}, issued {issued}): one of the clocks is wrong"
    )]
    Future {
        /// Its number.
        seq: u64,
        /// When it says it was signed.
        issued: Timestamp,
    },
    /// `expires` is not within 48 hours after `issued`.
    #[error("the head's life is not between 0 and 48 hours")]
    Life,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    node: NodeId,
    feed: Feed,
    seq: u64,
    index: String,
    issued: u64,
    expires: u64,
}

impl Head {
    /// Returns the head if one of `keys` signed exactly these bytes and it is possible at `now`.
    ///
    /// Nothing is said here about newer, older or expired: only the replica knows which head it holds.
    ///
    /// # Errors
    ///
    /// [`HeadError`]; signatures are checked first.
    pub fn verify(
        bytes: &[u8],
        node: &NodeId,
        feed: Feed,
        keys: &[VerifierKey],
        now: Timestamp,
    ) -> Result<Verified<Self>, HeadError> {
        let keys = key::of_node(keys, node);
        let head = Self::from_wire(note::open(bytes, TYPE, &keys, HEAD_BYTES)?)?;
        if head.node != *node || head.feed != feed {
            return Err(HeadError::Misplaced { node: head.node, feed: head.feed });
        }
        if head.seq > now.plus(SEQ_AHEAD).as_ms() || head.issued > now.plus(ISSUED_AHEAD) {
            return Err(HeadError::Future { seq: head.seq, issued: head.issued });
        }
        if head.expires < head.issued || head.expires > head.issued.plus(HEAD_LIFE) {
            return Err(HeadError::Life);
        }
        Ok(Verified::new(head, bytes))
    }

    /// Returns a head that was accepted before, from a store: signature, node and feed are checked again,
    /// the clock is not asked, because it may have been set since.
    ///
    /// # Errors
    ///
    /// [`HeadError`]; a head that another key signed is [`HeadError::Note`].
    pub fn verify_held(
        bytes: &[u8],
        node: &NodeId,
        feed: Feed,
        keys: &[VerifierKey],
    ) -> Result<Verified<Self>, HeadError> {
        let now = Self::peek(bytes)?;
        let now = now.issued.max(Timestamp::from_ms(now.seq));
        Self::verify(bytes, node, feed, keys, now)
    }

    /// Returns what the head says **without looking at signatures**, to find out whose it is.
    ///
    /// # Errors
    ///
    /// [`HeadError::Note`] if the bytes are not a head.
    pub fn peek(bytes: &[u8]) -> Result<Self, HeadError> {
        Self::from_wire(note::peek(bytes, TYPE, HEAD_BYTES)?)
    }

    /// Signs this head.
    #[must_use]
    pub fn sign(self, key: &SigningKey) -> Verified<Self> {
        let wire = Wire {
            node: self.node.clone(),
            feed: self.feed,
            seq: self.seq,
            index: self.index.to_string(),
            issued: self.issued.as_ms(),
            expires: self.expires.as_ms(),
        };
        let body = serde_json::to_string(&wire).expect("a head has only strings and numbers");
        let bytes = note::sign(TYPE, &body, &[key]);
        Verified::new(self, &bytes)
    }

    /// Returns whether the head has expired at `now`.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.expires
    }

    fn from_wire(wire: Wire) -> Result<Self, HeadError> {
        let index = wire.index.parse().map_err(|_| {
            HeadError::Note(NoteError::Field("index is not a SHA-256 hash".to_owned()))
        })?;
        debug_assert!(wire.seq <= MAX_INTEGER, "json::parse bounds integers");
        Ok(Self {
            node: wire.node,
            feed: wire.feed,
            seq: wire.seq,
            index,
            issued: Timestamp::from_ms(wire.issued),
            expires: Timestamp::from_ms(wire.expires),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn key() -> SigningKey {
        SigningKey::from_seed("05558012".parse().unwrap(), &[1; 32])
    }

    fn head() -> Head {
        Head {
            node: "05558012".parse().unwrap(),
            feed: Feed::Offers,
            seq: NOW.as_ms(),
            index: Hash::of(b""),
            issued: NOW,
            expires: NOW.plus(HEAD_LIFE),
        }
    }

    fn verify(head: Head) -> Result<Verified<Head>, HeadError> {
        let bytes = head.sign(&key()).bytes().to_vec();
        let keys = [key().verifier().clone()];
        Head::verify(&bytes, &"05558012".parse().unwrap(), Feed::Offers, &keys, NOW)
    }

    #[test]
    fn accepts_what_it_signed() {
        assert_eq!(verify(head()).unwrap().into_value(), head());
    }

    #[test]
    fn refuses_a_head_signed_by_another_key() {
        let bytes = head().sign(&key()).bytes().to_vec();
        let other = SigningKey::from_seed("05558012".parse().unwrap(), &[2; 32]);
        let refused = Head::verify(
            &bytes,
            &"05558012".parse().unwrap(),
            Feed::Offers,
            &[other.verifier().clone()],
            NOW,
        );
        assert_eq!(refused, Err(HeadError::Note(NoteError::UnknownKey)));
    }

    #[test]
    fn refuses_a_key_of_another_name_even_if_it_is_listed() {
        let node: NodeId = "05558016".parse().unwrap();
        let bytes = Head { node: node.clone(), ..head() }.sign(&key()).bytes().to_vec();
        let keys = [key().verifier().clone()];
        let refused = Head::verify(&bytes, &node, Feed::Offers, &keys, NOW);
        assert_eq!(refused, Err(HeadError::Note(NoteError::UnknownKey)));
    }

    #[test]
    fn refuses_another_nodes_or_feeds_head() {
        let other = Head { feed: Feed::Members, ..head() };
        assert!(matches!(verify(other), Err(HeadError::Misplaced { .. })));
        let other = Head { node: "05558016".parse().unwrap(), ..head() };
        assert!(matches!(verify(other), Err(HeadError::Misplaced { .. })));
    }

    #[test]
    fn refuses_the_future_and_accepts_its_edge() {
        let edge = NOW.plus(SEQ_AHEAD).as_ms();
        assert!(verify(Head { seq: edge, ..head() }).is_ok());
        assert!(matches!(verify(Head { seq: edge + 1, ..head() }), Err(HeadError::Future { .. })));
        let issued = NOW.plus(ISSUED_AHEAD);
        assert!(verify(Head { issued, expires: issued, ..head() }).is_ok());
        let issued = issued.plus(Duration::from_millis(1));
        let refused = verify(Head { issued, expires: issued, ..head() });
        assert!(matches!(refused, Err(HeadError::Future { .. })));
    }

    #[test]
    fn refuses_a_life_beyond_two_days() {
        let expires = NOW.plus(HEAD_LIFE).plus(Duration::from_millis(1));
        assert_eq!(verify(Head { expires, ..head() }), Err(HeadError::Life));
        let expires = NOW.minus(Duration::from_millis(1));
        assert_eq!(verify(Head { expires, ..head() }), Err(HeadError::Life));
    }
}
