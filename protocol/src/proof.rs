//! The proof that a node signed two states with one number (`SPEC.md` section 5.5).
//!
//! Two notes and the keys they were signed with, in one small file that a third party checks without asking
//! anybody: what it proves is that **whoever holds these keys** has signed both. Whether the keys are the
//! node's is for the third party to compare, by their fingerprints.

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::head::{Head, HeadError};
use crate::id::{Feed, NodeId};
use crate::json::{self, JsonError, Numbers};
use crate::key::VerifierKey;
use crate::limits::{NOTE_BYTES, NOTE_SIGNATURES};

/// The type of a proof file.
pub const TYPE: &str = "engagement/equivocation/1";

/// What a proof proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Who signed.
    pub node: NodeId,
    /// Which feed.
    pub feed: Feed,
    /// The number of both states.
    pub seq: u64,
    /// The indexes of the two states.
    pub indexes: [Hash; 2],
    /// The keys; each has signed at least one of the two notes.
    pub keys: Vec<VerifierKey>,
}

/// Why a file proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The file is longer than a proof can be.
    #[error("the file has {0} bytes, a proof at most {NOTE_BYTES}")]
    TooLarge(usize),
    /// The file is not UTF-8.
    #[error("the file is no text")]
    Utf8,
    /// The file is no acceptable JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A field is missing or malformed, or the type is another.
    #[error("the file is no proof of equivocation: {0}")]
    Field(String),
    /// A note is not signed by the keys, or is no possible head.
    #[error("one of the two notes does not count: {0}")]
    Head(#[from] HeadError),
    /// The notes speak of different feeds, or of different numbers: nothing contradicts.
    #[error(
        "the two notes are of different feeds or numbers, so they do not contradict each other"
    )]
    Unrelated,
    /// Both notes name the same index: one state, signed twice.
    #[error("both notes name the same state: signing it again is no lie")]
    SameState,
    /// A key is listed that has signed neither: it would be accused without evidence.
    #[error("the key {0} has signed neither note")]
    Idle(Box<VerifierKey>),
}

#[derive(Serialize, Deserialize)]
struct Wire {
    r#type: String,
    keys: Vec<VerifierKey>,
    first: String,
    second: String,
}

impl Proof {
    /// Writes the file for two notes, or nothing if they prove nothing under `keys`.
    ///
    /// Keys that signed neither are left out.
    #[must_use]
    pub fn write(first: &[u8], second: &[u8], keys: &[VerifierKey]) -> Option<Vec<u8>> {
        let node = Head::peek(first).ok()?.node;
        let feed = Head::peek(first).ok()?.feed;
        let signed = |key: &&VerifierKey| {
            let only = std::slice::from_ref(*key);
            [first, second].iter().any(|note| Head::verify_held(note, &node, feed, only).is_ok())
        };
        let wire = Wire {
            r#type: TYPE.to_owned(),
            keys: keys.iter().filter(signed).cloned().collect(),
            first: String::from_utf8(first.to_vec()).ok()?,
            second: String::from_utf8(second.to_vec()).ok()?,
        };
        let mut bytes = serde_json::to_vec_pretty(&wire).ok()?;
        bytes.push(b'\n');
        Self::verify(&bytes).ok().map(|_| bytes)
    }

    /// Returns what a file proves.
    ///
    /// # Errors
    ///
    /// [`ProofError`] if it proves nothing.
    pub fn verify(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > NOTE_BYTES {
            return Err(ProofError::TooLarge(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ProofError::Utf8)?;
        let value = json::parse(text, Numbers::Natural)?;
        if !value.is_object() {
            return Err(ProofError::Field("an object is expected".to_owned()));
        }
        let wire: Wire =
            serde_json::from_value(value).map_err(|error| ProofError::Field(error.to_string()))?;
        if wire.r#type != TYPE {
            return Err(ProofError::Field(format!("the type is not {TYPE}")));
        }
        if wire.keys.is_empty() || wire.keys.len() > NOTE_SIGNATURES {
            return Err(ProofError::Field(format!("1 to {NOTE_SIGNATURES} keys are expected")));
        }
        let (node, feed) = {
            let first = Head::peek(wire.first.as_bytes())?;
            (first.node, first.feed)
        };
        let notes = [wire.first.as_bytes(), wire.second.as_bytes()];
        let open = |note: &[u8], keys: &[VerifierKey]| Head::verify_held(note, &node, feed, keys);
        let [first, second] = notes.map(|note| open(note, &wire.keys));
        let (first, second) = match (first, second) {
            (_, Err(HeadError::Misplaced { .. })) => return Err(ProofError::Unrelated),
            (first, second) => (first?, second?),
        };
        if first.seq != second.seq {
            return Err(ProofError::Unrelated);
        }
        if first.index == second.index {
            return Err(ProofError::SameState);
        }
        for key in &wire.keys {
            if !notes.iter().any(|note| open(note, std::slice::from_ref(key)).is_ok()) {
                return Err(ProofError::Idle(Box::new(key.clone())));
            }
        }
        let indexes = [first.index, second.index];
        Ok(Self { seq: first.seq, node, feed, indexes, keys: wire.keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use crate::limits::HEAD_LIFE;
    use crate::time::Timestamp;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed("05558012".parse().unwrap(), &[seed; 32])
    }

    fn note(seq: u64, index: &[u8], feed: Feed, key: &SigningKey) -> Vec<u8> {
        let head = Head {
            node: "05558012".parse().unwrap(),
            feed,
            seq,
            index: Hash::of(index),
            issued: NOW,
            expires: NOW.plus(HEAD_LIFE),
        };
        head.sign(key).bytes().to_vec()
    }

    fn offers(seq: u64, index: &[u8]) -> Vec<u8> {
        note(seq, index, Feed::Offers, &key(1))
    }

    #[test]
    fn anybody_can_check_what_was_written() {
        let keys = [key(1).verifier().clone(), key(2).verifier().clone()];
        let file = Proof::write(&offers(7, b"a"), &offers(7, b"b"), &keys).unwrap();
        let proof = Proof::verify(&file).unwrap();
        assert_eq!((proof.seq, proof.feed), (7, Feed::Offers));
        assert_eq!(proof.indexes, [Hash::of(b"a"), Hash::of(b"b")]);
        assert_eq!(proof.keys, [keys[0].clone()], "the other key has signed nothing");
    }

    #[test]
    fn what_does_not_contradict_proves_nothing() {
        let keys = [key(1).verifier().clone()];
        let write = |second: &[u8]| Proof::write(&offers(7, b"a"), second, &keys);
        assert!(write(&offers(8, b"b")).is_none(), "two numbers");
        assert!(write(&offers(7, b"a")).is_none(), "one state signed twice");
        assert!(write(&note(7, b"b", Feed::Members, &key(1))).is_none(), "two feeds");
        assert!(write(&note(7, b"b", Feed::Offers, &key(2))).is_none(), "an unknown key");
    }

    #[test]
    fn every_altered_file_is_refused() {
        let keys = [key(1).verifier().clone()];
        let file = Proof::write(&offers(7, b"a"), &offers(7, b"b"), &keys).unwrap();
        let mut accepted = Vec::new();
        for at in 0..file.len() {
            let mut altered = file.clone();
            altered[at] ^= 1;
            match Proof::verify(&altered) {
                // White space between the fields is not signed, and says nothing.
                Ok(proof) if proof == Proof::verify(&file).unwrap() => accepted.push(at),
                Ok(other) => unreachable!("byte {at} proves something else: {other:?}"),
                Err(_) => {}
            }
        }
        assert!(accepted.iter().all(|at| file[*at].is_ascii_whitespace()), "{accepted:?}");
    }

    #[test]
    fn nobody_is_accused_who_has_not_signed() {
        let keys = [key(1).verifier().clone()];
        let file = Proof::write(&offers(7, b"a"), &offers(7, b"b"), &keys).unwrap();
        let mut wire: serde_json::Value = serde_json::from_slice(&file).unwrap();
        let innocent = key(2).verifier().clone();
        wire["keys"].as_array_mut().unwrap().push(innocent.to_string().into());
        let refused = Proof::verify(wire.to_string().as_bytes());
        assert_eq!(refused, Err(ProofError::Idle(Box::new(innocent))));
        wire["keys"] = serde_json::json!([]);
        assert!(matches!(Proof::verify(wire.to_string().as_bytes()), Err(ProofError::Field(_))));
        assert!(matches!(Proof::verify(&[b' '; NOTE_BYTES + 1]), Err(ProofError::TooLarge(_))));
    }
}
