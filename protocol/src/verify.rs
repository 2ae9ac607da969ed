//! Evidence: a value that passed a check has another type.
//!
//! [`Verified`] has no public constructor. A function that takes a `Verified<Head>` cannot be called
//! with bytes from the network, so forgetting to verify does not compile.

use std::ops::Deref;

/// A value whose signature or hash was checked, together with the bytes it was read from.
///
/// What is stored and relayed is [`Verified::bytes`], never a value written again.
///
/// ```compile_fail
/// # use engagement_protocol::verify::Verified;
/// let forged = Verified { value: 1, bytes: vec![] };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    value: T,
    bytes: Vec<u8>,
}

impl<T> Verified<T> {
    /// Wraps a value that this crate has just checked.
    pub(crate) fn new(value: T, bytes: &[u8]) -> Self {
        Self { value, bytes: bytes.to_vec() }
    }

    /// Returns the bytes as received, signatures of other keys and unknown fields included.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the value without its evidence.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
