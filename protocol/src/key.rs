//! Ed25519 keys in the written form of C2SP signed notes.
//!
//! A verifier key is `name+keyid+base64(0x01 || public key)`, a signing key
//! `PRIVATE+KEY+name+keyid+base64(0x01 || seed)`. The name is the node id, and the key id binds name
//! and key: a signature made for one name is never one for another (`SPEC.md` section 4).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use zeroize::Zeroizing;

use crate::hash::Hash;
use crate::id::NodeId;

/// The algorithm byte of Ed25519 in C2SP key material.
const ED25519: u8 = 0x01;

/// What is wrong with a text that should be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not `name+keyid+base64`.
    #[error("not a verifier key: expected NAME+8 hexadecimal digits+base64, as `init` prints it")]
    Shape,
    /// The name is no node id.
    #[error("the key's name is not a node id (an official key such as 05558012)")]
    Name,
    /// The key is not Ed25519, or is one of the weak points that verify anything.
    #[error("the key is not a usable Ed25519 key")]
    Material,
    /// The key id does not belong to this name and key: the text was altered or mistyped.
    #[error("the key id does not fit name and key: a character is missing or mistyped")]
    KeyId,
}

/// The public half of a node's signing key, bound to the node's id.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    node: NodeId,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    fn new(node: NodeId, key: ed25519_dalek::VerifyingKey) -> Self {
        let id = key_id(&node, key.as_bytes());
        Self { node, id, key }
    }

    /// Returns the node that signs with this key.
    #[must_use]
    pub const fn node(&self) -> &NodeId {
        &self.node
    }

    /// Returns the four bytes that name this key in a signature line.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Returns whether `signature` is this key's over `text`, strictly (no malleable or small-order parts).
    #[must_use]
    pub(crate) fn verifies(&self, text: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key.verify_strict(text, &signature).is_ok()
    }

    /// Returns the bytes a fingerprint is made of: SHA-256 of the written key.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        Hash::of(self.to_string().as_bytes())
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (node, id, key) = parts(text)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key).map_err(|_| KeyError::Material)?;
        if key.is_weak() {
            return Err(KeyError::Material);
        }
        let key = Self::new(node, key);
        if key.id == id { Ok(key) } else { Err(KeyError::KeyId) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_parts(f, &self.node, self.id, self.key.as_bytes())
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl serde::Serialize for VerifierKey {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for VerifierKey {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Returns those of `keys` that bear the name of `node`: no other can sign for it, whatever a list says.
pub(crate) fn of_node(keys: &[VerifierKey], node: &NodeId) -> Vec<VerifierKey> {
    keys.iter().filter(|key| key.node == *node).cloned().collect()
}

/// A node's private signing key: zeroed when dropped, never printed.
///
/// During a planned rotation it carries the key before it, and both sign: whoever has not heard of the new
/// one yet goes on reading.
#[derive(Clone)]
pub struct SigningKey {
    verifier: VerifierKey,
    key: ed25519_dalek::SigningKey,
    before: Option<Box<Self>>,
}

impl SigningKey {
    /// Makes the key of `node` from 32 bytes of entropy.
    #[must_use]
    pub fn from_seed(node: NodeId, seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        Self { verifier: VerifierKey::new(node, key.verifying_key()), key, before: None }
    }

    /// Lets the key before this one sign beside it.
    ///
    /// # Errors
    ///
    /// [`KeyError::Name`] if that is another node's key.
    pub fn after(self, before: Self) -> Result<Self, KeyError> {
        if before.verifier.node != self.verifier.node {
            return Err(KeyError::Name);
        }
        let before = Some(Box::new(Self { before: None, ..before }));
        Ok(Self { before, ..self })
    }

    /// Lets this key sign alone again.
    #[must_use]
    pub fn alone(self) -> Self {
        Self { before: None, ..self }
    }

    /// Returns the key before this one, while both sign.
    #[must_use]
    pub fn before(&self) -> Option<&Self> {
        self.before.as_deref()
    }

    /// Returns the public halves of all that sign, this one first.
    #[must_use]
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        let before = self.before.iter().map(|before| before.verifier.clone());
        std::iter::once(self.verifier.clone()).chain(before).collect()
    }

    /// Returns the public half.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs `text`.
    #[must_use]
    pub(crate) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.key.sign(text).to_bytes()
    }

    /// Reads the written form.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the text is not a signing key.
    pub fn from_secret_text(text: &str) -> Result<Self, KeyError> {
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(KeyError::Shape)?;
        let (node, id, seed) = parts(rest)?;
        let key = Self::from_seed(node, &seed);
        if key.verifier.id == id { Ok(key) } else { Err(KeyError::KeyId) }
    }

    /// Returns the written form, for a file that only its owner can read.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        struct Secret<'a>(&'a SigningKey);
        impl fmt::Display for Secret<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("PRIVATE+KEY+")?;
                write_parts(f, &self.0.verifier.node, self.0.verifier.id, self.0.key.as_bytes())
            }
        }
        Zeroizing::new(Secret(self).to_string())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier)
    }
}

fn key_id(node: &NodeId, public: &[u8; 32]) -> [u8; 4] {
    let mut text = format!("{node}\n").into_bytes();
    text.push(ED25519);
    text.extend_from_slice(public);
    let [a, b, c, d, ..] = *Hash::of(&text).as_bytes();
    [a, b, c, d]
}

fn parts(text: &str) -> Result<(NodeId, [u8; 4], [u8; 32]), KeyError> {
    // Base64 may hold `+` as well: only the first two separate.
    let mut fields = text.splitn(3, '+');
    let (Some(name), Some(id), Some(material)) = (fields.next(), fields.next(), fields.next())
    else {
        return Err(KeyError::Shape);
    };
    let node = name.parse().map_err(|_| KeyError::Name)?;
    let mut key_id = [0; 4];
    if id.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(KeyError::Shape);
    }
    hex::decode_to_slice(id, &mut key_id).map_err(|_| KeyError::Shape)?;
    let material = Zeroizing::new(STANDARD.decode(material).map_err(|_| KeyError::Shape)?);
    let (algorithm, key) = material.split_first().ok_or(KeyError::Shape)?;
    if *algorithm != ED25519 {
        return Err(KeyError::Material);
    }
    Ok((node, key_id, key.try_into().map_err(|_| KeyError::Material)?))
}

fn write_parts(
    f: &mut fmt::Formatter<'_>,
    node: &NodeId,
    id: [u8; 4],
    key: &[u8; 32],
) -> fmt::Result {
    let mut material = Zeroizing::new(vec![ED25519]);
    material.extend_from_slice(key);
    let encoded = Zeroizing::new(STANDARD.encode(&material));
    write!(f, "{node}+{}+{}", hex::encode(id), *encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_seed("05558012".parse().unwrap(), &[7; 32])
    }

    #[test]
    fn writes_and_reads_both_halves() {
        let key = key();
        let public = key.verifier().to_string();
        assert_eq!(public.parse::<VerifierKey>().unwrap(), *key.verifier());
        let secret = key.to_secret_text();
        assert_eq!(SigningKey::from_secret_text(&secret).unwrap().verifier(), key.verifier());
    }

    #[test]
    fn never_prints_the_seed() {
        let key = key();
        let secret = key.to_secret_text();
        let seed = secret.rsplit('+').next().unwrap();
        assert!(!format!("{key:?}").contains(seed));
    }

    #[test]
    fn binds_the_key_to_the_name() {
        let text = key().verifier().to_string().replacen("05558012", "05558016", 1);
        assert_eq!(text.parse::<VerifierKey>(), Err(KeyError::KeyId));
    }

    #[test]
    fn refuses_keys_that_verify_anything() {
        let node: NodeId = "05".parse().unwrap();
        // The identity point, of order one: `verify` without `_strict` would accept a zero signature.
        let mut weak = [0; 32];
        weak[0] = 1;
        let mut material = vec![ED25519];
        material.extend_from_slice(&weak);
        let text =
            format!("{node}+{}+{}", hex::encode(key_id(&node, &weak)), STANDARD.encode(material));
        assert_eq!(text.parse::<VerifierKey>(), Err(KeyError::Material));
    }
}
