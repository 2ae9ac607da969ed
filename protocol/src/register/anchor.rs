//! The anchor note: which keys an anchor signs with now, said by its offline recovery key.
//!
//! Installations are configured with the recovery key, which lies in a safe and signs nothing else. So the
//! anchor's working key can be replaced, stolen or lost, without a change on any other machine.

use serde::{Deserialize, Serialize};

use crate::id::NodeId;
use crate::key::{self, SigningKey, VerifierKey};
use crate::limits::{ISSUED_AHEAD, MEMBER_KEYS, NOTE_BYTES};
use crate::note::{self, NoteError};
use crate::time::Timestamp;
use crate::verify::Verified;

/// The type line of an anchor note.
pub const TYPE: &str = "engagement/anchor/1";

/// What the holder of the recovery key says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorNote {
    /// Which anchor.
    pub node: NodeId,
    /// The keys it signs with now; the first is the one it signs with from now on.
    pub keys: Vec<VerifierKey>,
    /// When this was signed; the newest wins.
    pub issued: Timestamp,
}

/// Why an anchor note is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// The note is not one, or not signed by the recovery key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// It is of another anchor.
    #[error("the anchor note is of {0}")]
    Misplaced(NodeId),
    /// `issued` lies too far ahead of the reader's clock.
    #[error("the anchor note comes from the future ({0}): one of the clocks is wrong")]
    Future(Timestamp),
    /// It gives the anchor the key of another node.
    #[error("the anchor note lists a key of {0}")]
    ForeignKey(NodeId),
    /// It names no key, too many, two with one key id, or the recovery key itself.
    #[error("an anchor note names 1 to {MEMBER_KEYS} keys, none of them the recovery key")]
    Keys,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    node: NodeId,
    keys: Vec<VerifierKey>,
    issued: u64,
}

impl AnchorNote {
    /// Returns the note of `node` if `recovery` signed exactly these bytes.
    ///
    /// # Errors
    ///
    /// [`AnchorError`]; the signature is checked first.
    pub fn verify(
        bytes: &[u8],
        node: &NodeId,
        recovery: &VerifierKey,
        now: Timestamp,
    ) -> Result<Verified<Self>, AnchorError> {
        let keys = key::of_node(std::slice::from_ref(recovery), node);
        let wire: Wire = note::open(bytes, TYPE, &keys, NOTE_BYTES)?;
        let found =
            Self { node: wire.node, keys: wire.keys, issued: Timestamp::from_ms(wire.issued) };
        if found.node != *node {
            return Err(AnchorError::Misplaced(found.node));
        }
        if found.issued > now.plus(ISSUED_AHEAD) {
            return Err(AnchorError::Future(found.issued));
        }
        found.check(recovery)?;
        Ok(Verified::new(found, bytes))
    }

    /// Signs this note with the recovery key.
    ///
    /// # Errors
    ///
    /// [`AnchorError`] if readers would refuse it.
    pub fn sign(self, recovery: &SigningKey) -> Result<Verified<Self>, AnchorError> {
        if self.node != *recovery.verifier().node() {
            return Err(AnchorError::Misplaced(self.node));
        }
        self.check(recovery.verifier())?;
        let wire =
            Wire { node: self.node.clone(), keys: self.keys.clone(), issued: self.issued.as_ms() };
        let body = serde_json::to_string(&wire).expect("a note has only strings and numbers");
        Ok(Verified::new(self, &note::sign(TYPE, &body, &[recovery])))
    }

    fn check(&self, recovery: &VerifierKey) -> Result<(), AnchorError> {
        if let Some(key) = self.keys.iter().find(|key| *key.node() != self.node) {
            return Err(AnchorError::ForeignKey(key.node().clone()));
        }
        let ids: std::collections::BTreeSet<_> = self.keys.iter().map(VerifierKey::id).collect();
        let counted = (1..=MEMBER_KEYS).contains(&self.keys.len()) && ids.len() == self.keys.len();
        if counted && !self.keys.contains(recovery) { Ok(()) } else { Err(AnchorError::Keys) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn key(id: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(id.parse().unwrap(), &[seed; 32])
    }

    fn said(keys: &[SigningKey]) -> AnchorNote {
        let keys = keys.iter().map(|key| key.verifier().clone()).collect();
        AnchorNote { node: "05".parse().unwrap(), keys, issued: NOW }
    }

    fn verify(bytes: &[u8], recovery: &SigningKey) -> Result<AnchorNote, AnchorError> {
        let node = "05".parse().unwrap();
        AnchorNote::verify(bytes, &node, recovery.verifier(), NOW).map(Verified::into_value)
    }

    #[test]
    fn only_the_recovery_key_appoints() {
        let (recovery, working) = (key("05", 1), key("05", 2));
        let note = said(std::slice::from_ref(&working)).sign(&recovery).unwrap();
        assert_eq!(verify(note.bytes(), &recovery), Ok(said(std::slice::from_ref(&working))));
        let unknown = Err(AnchorError::Note(NoteError::UnknownKey));
        assert_eq!(verify(note.bytes(), &working), unknown);
        let usurped = said(&[key("05", 3)]).sign(&working).unwrap();
        assert_eq!(verify(usurped.bytes(), &recovery), unknown);
        assert_eq!(verify(note.bytes(), &key("05558", 1)), unknown, "another name's key");
    }

    #[test]
    fn refuses_what_would_lend_the_name() {
        let recovery = key("05", 1);
        let foreign = said(&[key("05558", 2)]).sign(&recovery);
        assert_eq!(foreign, Err(AnchorError::ForeignKey("05558".parse().unwrap())));
        assert_eq!(said(&[]).sign(&recovery), Err(AnchorError::Keys));
        assert_eq!(said(std::slice::from_ref(&recovery)).sign(&recovery), Err(AnchorError::Keys));
        let ahead = AnchorNote { issued: NOW.plus(ISSUED_AHEAD * 2), ..said(&[key("05", 2)]) };
        let ahead = ahead.sign(&recovery).unwrap();
        assert!(matches!(verify(ahead.bytes(), &recovery), Err(AnchorError::Future(_))));
    }
}
