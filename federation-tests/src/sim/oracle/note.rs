//! Signed notes, read with nothing of the code that is judged.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A public key with the name it is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

/// What a head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whose feed.
    pub node: String,
    /// Which feed.
    pub feed: String,
    /// The number of the state.
    pub seq: u64,
    /// SHA-256 of the index, in hexadecimal digits.
    pub index: String,
}

impl Key {
    /// Reads `name+keyid+base64(1 || key)`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '+');
        let (name, id, material) = (parts.next()?, parts.next()?, parts.next()?);
        let id: [u8; 4] = hex::decode(id).ok()?.try_into().ok()?;
        let material = STANDARD.decode(material).ok()?;
        let (kind, key) = material.split_first()?;
        let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
        (*kind == 1).then(|| Self { name: name.to_owned(), id, key })
    }

    /// Returns whether this key signed the note.
    #[must_use]
    pub fn signed(&self, note: &[u8]) -> bool {
        let Some((text, signatures)) = split(note) else { return false };
        signatures.lines().any(|line| {
            let Some((name, material)) =
                line.strip_prefix("\u{2014} ").and_then(|line| line.split_once(' '))
            else {
                return false;
            };
            let Ok(material) = STANDARD.decode(material) else { return false };
            let Some((id, signature)) = material.split_first_chunk::<4>() else { return false };
            let Ok(signature) = Signature::from_slice(signature) else { return false };
            name == self.name
                && *id == self.id
                && self.key.verify_strict(text.as_bytes(), &signature).is_ok()
        })
    }
}

/// Reads a head, whoever signed it.
#[must_use]
pub fn head(note: &[u8]) -> Option<Said> {
    let (text, _) = split(note)?;
    let body = text.strip_prefix("engagement/head/1\n")?;
    let body: Value = serde_json::from_str(body).ok()?;
    let text = |name: &str| body.get(name)?.as_str().map(str::to_owned);
    Some(Said {
        node: text("node")?,
        feed: text("feed")?,
        seq: body.get("seq")?.as_u64()?,
        index: text("index")?,
    })
}

/// Returns SHA-256 in hexadecimal digits.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn split(note: &[u8]) -> Option<(&str, &str)> {
    let note = std::str::from_utf8(note).ok()?;
    let at = note.find("\n\n")?;
    Some((note.get(..=at)?, note.get(at + 2..)?))
}
