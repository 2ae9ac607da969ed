//! The node document: what a node says of itself (`SPEC.md` section 8).

use serde::{Deserialize, Serialize};

use crate::id::NodeId;
use crate::json;
use crate::key::{self, SigningKey, VerifierKey};
use crate::limits::{DOCUMENT_BYTES, ISSUED_AHEAD};
use crate::note::{self, NoteError};
use crate::seal::SealKey;
use crate::text::{self, TextError};
use crate::time::Timestamp;
use crate::verify::Verified;

/// The type line of a node document.
pub const TYPE: &str = "engagement/node/1";
/// Longest name, contact or software, in characters.
pub const TEXT_CHARS: usize = 200;

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
    /// A text that people would read breaks a rule.
    #[error("the node document's {field}: {error}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Which rule.
        error: TextError,
    },
    /// Among its keys is one of another name.
    #[error("the node document lists a key of {0}")]
    ForeignKey(NodeId),
}

#[derive(Serialize, Deserialize)]
struct Wire {
    node: NodeId,
    name: String,
    urls: Vec<String>,
    keys: Vec<VerifierKey>,
    #[serde(default, deserialize_with = "json::object", skip_serializing_if = "Option::is_none")]
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
        let keys = key::of_node(keys, node);
        let document = Self::from_wire(note::open(bytes, TYPE, &keys, DOCUMENT_BYTES)?);
        if document.node != *node {
            return Err(DocumentError::Misplaced(document.node));
        }
        if document.issued > now.plus(ISSUED_AHEAD) {
            return Err(DocumentError::Future(document.issued));
        }
        document.check()?;
        Ok(Verified::new(document, bytes))
    }

    /// Returns the key that `node` has passed on to, if the document is a planned rotation: signed by one of
    /// `keys`, which are the node's now, and by the first key that it lists, which is not among them.
    ///
    /// Both signatures are needed: the old key's says that the node wants this, the new key's that somebody
    /// holds it.
    #[must_use]
    pub fn successor(
        bytes: &[u8],
        node: &NodeId,
        keys: &[VerifierKey],
        now: Timestamp,
    ) -> Option<VerifierKey> {
        let document = Self::verify(bytes, node, keys, now).ok()?;
        let next = document.keys.first().filter(|next| !keys.contains(next))?;
        // Both in one list: a new key with the id of an old one would be mistaken for it.
        let alone = Self::verify(bytes, node, std::slice::from_ref(next), now);
        let known = keys.iter().any(|key| key.id() == next.id());
        (alone.is_ok() && !known).then(|| next.clone())
    }

    /// Returns what the document says **without looking at signatures**.
    ///
    /// The caller is about to ask a person whether the key is right, or trusts the first use and says so.
    ///
    /// # Errors
    ///
    /// [`DocumentError`] if the bytes are not a node document that may be shown to a person.
    pub fn peek(bytes: &[u8]) -> Result<Self, DocumentError> {
        let document = Self::from_wire(note::peek(bytes, TYPE, DOCUMENT_BYTES)?);
        document.check()?;
        Ok(document)
    }

    /// Checks what every reader checks, for a node that is about to sign its own document.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Text`] or [`DocumentError::ForeignKey`].
    pub fn check(&self) -> Result<(), DocumentError> {
        let texts = [
            ("name", Some(&self.name)),
            ("contact", self.contact.as_ref()),
            ("software", self.software.as_ref()),
        ];
        for (field, text) in texts {
            let Some(text) = text else { continue };
            text::check_line(text, TEXT_CHARS)
                .map_err(|error| DocumentError::Text { field, error })?;
        }
        // A document that lists a neighbour's key would put the neighbour's name to this node's word.
        match self.keys.iter().find(|key| *key.node() != self.node) {
            Some(key) => Err(DocumentError::ForeignKey(key.node().clone())),
            None => Ok(()),
        }
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

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn key(node: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(node.parse().unwrap(), &[seed; 32])
    }

    fn document() -> Document {
        Document {
            node: "05558".parse().unwrap(),
            name: "Kreis Coesfeld".to_owned(),
            urls: vec!["https://ehrenamt.kreis.example".to_owned()],
            keys: vec![key("05558", 1).verifier().clone()],
            seal: None,
            feeds: vec!["offers".to_owned()],
            relays: vec![],
            contact: None,
            software: None,
            issued: NOW,
        }
    }

    fn verify(document: Document, signer: &SigningKey) -> Result<Document, DocumentError> {
        let bytes = document.sign(signer).bytes().to_vec();
        let keys = [key("05558", 1).verifier().clone(), key("05", 1).verifier().clone()];
        Document::verify(&bytes, &"05558".parse().unwrap(), &keys, NOW).map(Verified::into_value)
    }

    #[test]
    fn verifies_what_it_signed_and_nothing_else() {
        assert_eq!(verify(document(), &key("05558", 1)), Ok(document()));
        let unknown = Err(DocumentError::Note(NoteError::UnknownKey));
        assert_eq!(verify(document(), &key("05558", 2)), unknown);
        assert_eq!(verify(document(), &key("05", 1)), unknown, "listed, and of another name");
        let other: NodeId = "05558012".parse().unwrap();
        let misplaced = Document { node: other.clone(), keys: vec![], ..document() };
        assert_eq!(verify(misplaced, &key("05558", 1)), Err(DocumentError::Misplaced(other)));
        let edge = NOW.plus(ISSUED_AHEAD);
        assert!(verify(Document { issued: edge, ..document() }, &key("05558", 1)).is_ok());
        let issued = edge.plus(std::time::Duration::from_millis(1));
        let refused = verify(Document { issued, ..document() }, &key("05558", 1));
        assert_eq!(refused, Err(DocumentError::Future(issued)));
    }

    #[test]
    fn only_both_keys_together_pass_on() {
        let node: NodeId = "05558".parse().unwrap();
        let (old, new) = (key("05558", 1), key("05558", 2));
        let present = [old.verifier().clone()];
        let keys = vec![new.verifier().clone(), old.verifier().clone()];
        let passing = Document { keys, ..document() };
        let successor = |bytes: &[u8]| Document::successor(bytes, &node, &present, NOW);
        let both = passing.clone().sign(&new.clone().after(old.clone()).unwrap());
        assert_eq!(successor(both.bytes()), Some(new.verifier().clone()));
        assert_eq!(successor(passing.clone().sign(&old).bytes()), None, "nobody holds the new key");
        assert_eq!(successor(passing.sign(&new).bytes()), None, "the node does not want it");
        assert_eq!(successor(document().sign(&old).bytes()), None, "nothing changes");
        // The order is the meaning: the first is the one it signs with from now on.
        let keys = vec![old.verifier().clone(), new.verifier().clone()];
        let backwards = Document { keys, ..document() };
        let both = backwards.sign(&new.after(old).unwrap());
        assert_eq!(successor(both.bytes()), None);
    }

    #[test]
    fn refuses_texts_and_keys_that_pretend() {
        let name = "Kreis \u{202e}dlefseoC".to_owned();
        let disguised = Document { name, ..document() };
        let refused = DocumentError::Text { field: "name", error: TextError::Character(0x202e) };
        assert_eq!(verify(disguised.clone(), &key("05558", 1)), Err(refused.clone()));
        let bytes = disguised.sign(&key("05558", 1)).bytes().to_vec();
        assert_eq!(Document::peek(&bytes), Err(refused));
        let keys = vec![key("05558012", 1).verifier().clone()];
        let refused = verify(Document { keys, ..document() }, &key("05558", 1));
        assert_eq!(refused, Err(DocumentError::ForeignKey("05558012".parse().unwrap())));
    }
}
