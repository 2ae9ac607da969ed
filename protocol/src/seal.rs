//! The seal key: what others seal messages to. It exists from the first day of a node, so that the
//! node document names it before anybody needs it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::hash::Hash;

/// The public half, as the node document holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealKey {
    /// Names the key: the first 8 bytes of SHA-256 of the public key, in hexadecimal.
    pub kid: String,
    /// The X25519 public key, in base64.
    pub x25519: String,
}

/// The private half: zeroed when dropped, never printed.
pub struct SealSecret(StaticSecret);

/// What is wrong with a text that should be a seal secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a seal key: `X25519+` and 32 bytes in base64 are expected")]
pub struct SealError;

impl SealSecret {
    /// Makes a key from 32 bytes of entropy.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(StaticSecret::from(seed))
    }

    /// Returns the public half.
    #[must_use]
    pub fn public(&self) -> SealKey {
        let public = PublicKey::from(&self.0);
        let kid = Hash::of(public.as_bytes()).to_string().chars().take(16).collect();
        SealKey { kid, x25519: STANDARD.encode(public.as_bytes()) }
    }

    /// Reads the written form.
    ///
    /// # Errors
    ///
    /// [`SealError`] if the text is not a seal secret.
    pub fn from_secret_text(text: &str) -> Result<Self, SealError> {
        let encoded = text.strip_prefix("X25519+").ok_or(SealError)?;
        let seed = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| SealError)?);
        let seed: [u8; 32] = seed.as_slice().try_into().map_err(|_| SealError)?;
        Ok(Self::from_seed(seed))
    }

    /// Returns the written form, for a file that only its owner can read.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let seed = Zeroizing::new(self.0.to_bytes());
        let encoded = Zeroizing::new(STANDARD.encode(seed.as_slice()));
        Zeroizing::new(format!("X25519+{}", *encoded))
    }
}

impl std::fmt::Debug for SealSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealSecret({})", self.public().kid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_reads() {
        let secret = SealSecret::from_seed([3; 32]);
        let again = SealSecret::from_secret_text(&secret.to_secret_text()).unwrap();
        assert_eq!(again.public(), secret.public());
        assert!(SealSecret::from_secret_text("X25519+AAAA").is_err());
    }
}
