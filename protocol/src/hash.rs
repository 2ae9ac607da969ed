//! SHA-256, the only hash of the protocol, as a type: names objects, sorts records.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// A SHA-256 hash; written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Returns the hash of `bytes`.
    ///
    /// ```
    /// # use engagement_protocol::hash::Hash;
    /// assert!(Hash::of(b"").to_string().starts_with("e3b0c442"));
    /// ```
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Takes 32 bytes as a hash, for example from a database.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the first `k` bits as a number, the slice that a record belongs to; `k` is at most 16.
    ///
    /// ```
    /// # use engagement_protocol::hash::Hash;
    /// let hash: Hash = format!("a5{}", "00".repeat(31)).parse().unwrap();
    /// assert_eq!((hash.prefix(0), hash.prefix(1), hash.prefix(4)), (0, 1, 0xa));
    /// ```
    #[must_use]
    pub const fn prefix(&self, k: u8) -> u16 {
        let [first, second, ..] = self.0;
        match k {
            0 => 0,
            1..16 => u16::from_be_bytes([first, second]) >> (16 - k),
            _ => u16::from_be_bytes([first, second]),
        }
    }
}

/// What is wrong with a text that should be a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 hash: 64 lower-case hexadecimal digits are expected")]
pub struct HashError;

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        // One value, one spelling: upper case would give the same object two names.
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(HashError);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HashError)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_second_spelling() {
        let text = Hash::of(b"x").to_string();
        assert_eq!(text.parse::<Hash>().unwrap().to_string(), text);
        assert_eq!(text.to_uppercase().parse::<Hash>(), Err(HashError));
        assert_eq!(text[..62].parse::<Hash>(), Err(HashError));
    }

    #[test]
    fn prefix_takes_the_first_bits() {
        let mut bytes = [0; 32];
        bytes[0] = 0b1010_0000;
        bytes[1] = 0b1111_0000;
        let hash = Hash::from_bytes(bytes);
        assert_eq!(hash.prefix(3), 0b101);
        assert_eq!(hash.prefix(12), 0b1010_0000_1111);
        assert_eq!(hash.prefix(16), 0b1010_0000_1111_0000);
    }
}
