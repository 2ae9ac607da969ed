//! The node document: what a node says of itself (`SPEC.md` section 8).

use serde::{Deserialize, Serialize};

use crate::id::NodeId;
use crate::key::{SigningKey, VerifierKey};
use crate::limits::{DOCUMENT_BYTES, ISSUED_AHEAD};
use crate::note::{self, NoteError};
use crate::seal::SealKey;
use crate::time::Timestamp;
use crate::verify::Verified;

/// The type line of a node document.
pub const TYPE: &str = "engagement/node/1";

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Whose document.
    pub node: NodeId,
    /// The name people read.
    pub name: String,
    /// Where the node lives, best first.
    pub urls: Vec<String>,
    /// The keys it signs with.
    pub keys: Vec<VerifierKey>,
    /// What messages to it are sealed to, if it has an inbox.
    pub seal: Option<SealKey>,
    /// The feeds it publishes; names that this version does not know are kept.
    pub feeds: Vec<String>,
    /// The nodes it recommends as relays.
    pub relays: Vec<NodeId>,
    /// A functional address that people may write to, never a person's.
    pub contact: Option<String>,
    /// Name and version of the program.
    pub software: Option<String>,
    /// When this document was signed; the newest wins.
    pub issued: Timestamp,
}

/// Why a node document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The note is not one, or not signed by the node.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The document is of another node.
    #[error("the node document is of {0}")]
    Misplaced(NodeId),
    /// `issued` lies too far ahead of the reader's clock.
    #[error("the node document comes from the future ({0}): one of the clocks is wrong")]
    Future(Timestamp),
}

#[derive(Serialize, Deserialize)]
struct Wire {
    node: NodeId,
    name: String,
    urls: Vec<String>,
    keys: Vec<VerifierKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal: Option<SealKey>,
    #[serde(default)]
    feeds: Vec<String>,
    #[serde(default)]
    relays: Vec<NodeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    software: Option<String>,
    issued: u64,
}

impl Document {
    /// Returns the document of `node` if one of `keys` signed exactly these bytes.
    ///
    /// # Errors
    ///
    /// [`DocumentError`]; signatures are checked first.
    pub fn verify(
        bytes: &[u8],
        node: &NodeId,
        keys: &[VerifierKey],
        now: Timestamp,
    ) -> Result<Verified<Self>, DocumentError> {
        let document = Self::from_wire(note::open(bytes, TYPE, keys, DOCUMENT_BYTES)?);
        if document.node != *node {
            return Err(DocumentError::Misplaced(document.node));
        }
        if document.issued > now.plus(ISSUED_AHEAD) {
            return Err(DocumentError::Future(document.issued));
        }
        Ok(Verified::new(document, bytes))
    }

    /// Returns what the document says **without looking at signatures**.
    ///
    /// The caller is about to ask a person whether the key is right, or trusts the first use and says so.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Note`] if the bytes are not a node document.
    pub fn peek(bytes: &[u8]) -> Result<Self, DocumentError> {
        Ok(Self::from_wire(note::peek(bytes, TYPE, DOCUMENT_BYTES)?))
    }

    /// Signs this document.
    #[must_use]
    pub fn sign(self, key: &SigningKey) -> Verified<Self> {
        let document = self.clone();
        let wire = Wire {
            node: self.node,
            name: self.name,
            urls: self.urls,
            keys: self.keys,
            seal: self.seal,
            feeds: self.feeds,
            relays: self.relays,
            contact: self.contact,
            software: self.software,
            issued: self.issued.as_ms(),
        };
        let body = serde_json::to_string(&wire).expect("a document has only strings and numbers");
        Verified::new(document, &note::sign(TYPE, &body, &[key]))
    }

    fn from_wire(wire: Wire) -> Self {
        Self {
            node: wire.node,
            name: wire.name,
            urls: wire.urls,
            keys: wire.keys,
            seal: wire.seal,
            feeds: wire.feeds,
            relays: wire.relays,
            contact: wire.contact,
            software: wire.software,
            issued: Timestamp::from_ms(wire.issued),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifies_what_it_signed_and_nothing_else() {
        let node: NodeId = "05558".parse().unwrap();
        let key = SigningKey::from_seed(node.clone(), &[1; 32]);
        let now = Timestamp::from_ms(1_767_312_000_000);
        let document = Document {
            node: node.clone(),
            name: "Kreis Coesfeld".to_owned(),
            urls: vec!["https://ehrenamt.kreis.example".to_owned()],
            keys: vec![key.verifier().clone()],
            seal: None,
            feeds: vec!["offers".to_owned()],
            relays: vec![],
            contact: None,
            software: None,
            issued: now,
        };
        let signed = document.clone().sign(&key);
        let keys = [key.verifier().clone()];
        let read = Document::verify(signed.bytes(), &node, &keys, now).unwrap();
        assert_eq!(read.into_value(), document);
        let other = SigningKey::from_seed(node.clone(), &[2; 32]).verifier().clone();
        assert!(Document::verify(signed.bytes(), &node, &[other], now).is_err());
        let past = now.minus(ISSUED_AHEAD).minus(std::time::Duration::from_millis(1));
        let refused = Document::verify(signed.bytes(), &node, &keys, past);
        assert_eq!(refused, Err(DocumentError::Future(now)));
    }
}
