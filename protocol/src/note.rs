//! The signed note, the only signed thing of the protocol (`SPEC.md` section 4).
//!
//! ```text
//! engagement/head/1
//! {"node":"05558012","feed":"offers",…}
//!
//! — 05558012 base64(key id || Ed25519 signature)
//! ```
//!
//! The text is exactly two lines, the type and one JSON object; the type separates the domains, so a
//! head can never be read as a message. Bytes are signed and never written again: there is no
//! canonical form to disagree about. Signatures are checked before the JSON is looked at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::id::NodeId;
use crate::json::{self, JsonError, Numbers};
use crate::key::{SigningKey, VerifierKey};
use crate::limits::NOTE_SIGNATURES;
use crate::planted::{self, Bug};

/// What is wrong with a note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The note is longer than its type allows.
    #[error("the note has {size} bytes, at most {limit} are allowed")]
    TooLarge {
        /// Bytes received.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The bytes are not a signed note: text, an empty line, signature lines.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
    /// No signature is by a key that is the node's.
    #[error("no signature by a key that is known for this node")]
    UnknownKey,
    /// A signature names a known key and is not its.
    #[error("the signature is not the key's: the note was altered or forged")]
    Forged,
    /// The note is of another type.
    #[error("the note is of another type than `{expected}`")]
    WrongType {
        /// The type that was asked for.
        expected: &'static str,
    },
    /// The JSON is refused.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The JSON lacks a field or has one of another type.
    #[error("a field is missing or malformed: {0}")]
    Field(String),
}

/// Returns the JSON object of a note of type `kind` that at least one of `keys` has signed.
///
/// # Errors
///
/// Every variant of [`NoteError`]; signatures are checked before type and JSON.
pub fn open<T: DeserializeOwned>(
    bytes: &[u8],
    kind: &'static str,
    keys: &[VerifierKey],
    limit: usize,
) -> Result<T, NoteError> {
    let note = Parts::split(bytes, limit)?;
    if !planted::has(Bug::Signature) {
        note.verify(keys)?;
    }
    read(note.text, kind)
}

/// Returns the JSON object of a note **without looking at signatures**.
///
/// For what is needed before a key is known: which node a document speaks of, which key a
/// stranger offers. Nothing read this way may be stored or shown as somebody's word.
///
/// # Errors
///
/// [`NoteError`] if the bytes are not a note of this type.
pub fn peek<T: DeserializeOwned>(
    bytes: &[u8],
    kind: &'static str,
    limit: usize,
) -> Result<T, NoteError> {
    read(Parts::split(bytes, limit)?.text, kind)
}

/// Returns whether somebody has signed a note in the name of `node` with a key that is not among `keys`.
///
/// A hint and no more: the signature is not looked at. It may be the next key of a planned rotation.
#[must_use]
pub fn has_other_key(bytes: &[u8], node: &NodeId, keys: &[VerifierKey]) -> bool {
    Parts::split(bytes, bytes.len()).is_ok_and(|note| {
        let other = |key_id: [u8; 4]| keys.iter().all(|key| key.id() != key_id);
        note.signatures.iter().any(|line| line.name == node.as_str() && other(line.key_id))
    })
}

/// Returns a note of type `kind` with `body`, one line of JSON, signed by `keys`, and by the keys before them
/// where these still sign.
#[must_use]
pub fn sign(kind: &str, body: &str, keys: &[&SigningKey]) -> Vec<u8> {
    debug_assert!(!body.contains(char::is_control), "a body is one line");
    let mut note = format!("{kind}\n{body}\n");
    let text = note.clone();
    note.push('\n');
    for key in keys.iter().flat_map(|key| std::iter::once(*key).chain(key.before())) {
        let mut material = Zeroizing::new(key.verifier().id().to_vec());
        material.extend_from_slice(&key.sign(text.as_bytes()));
        note.push_str(&format!("— {} {}\n", key.verifier().node(), STANDARD.encode(&material)));
    }
    note.into_bytes()
}

struct Parts<'a> {
    text: &'a str,
    signatures: Vec<Signature<'a>>,
}

struct Signature<'a> {
    name: &'a str,
    key_id: [u8; 4],
    bytes: [u8; 64],
}

impl<'a> Parts<'a> {
    fn split(bytes: &'a [u8], limit: usize) -> Result<Self, NoteError> {
        if bytes.len() > limit {
            return Err(NoteError::TooLarge { size: bytes.len(), limit });
        }
        let note =
            std::str::from_utf8(bytes).map_err(|_| NoteError::Malformed("it is not UTF-8"))?;
        // Also refuses U+007F and the C1 controls: nobody has a use for them, and terminals do.
        if note.contains(|c: char| c.is_control() && c != '\n') {
            return Err(NoteError::Malformed("it holds control characters"));
        }
        let at = note.rfind("\n\n").ok_or(NoteError::Malformed("no empty line ends the text"))?;
        let (text, rest) = note.split_at(at + 1);
        let lines = rest
            .strip_prefix('\n')
            .and_then(|rest| rest.strip_suffix('\n'))
            .ok_or(NoteError::Malformed("the last line does not end"))?;
        let signatures = lines.split('\n').map(Signature::read).collect::<Option<Vec<_>>>();
        match signatures {
            Some(found) if found.len() <= NOTE_SIGNATURES => Ok(Self { text, signatures: found }),
            Some(_) => Err(NoteError::Malformed("too many signature lines")),
            None => Err(NoteError::Malformed("a signature line is malformed")),
        }
    }

    fn verify(&self, keys: &[VerifierKey]) -> Result<(), NoteError> {
        let mut signed = false;
        for signature in &self.signatures {
            let known = keys
                .iter()
                .find(|key| key.id() == signature.key_id && key.node().as_str() == signature.name);
            let Some(key) = known else { continue };
            if !key.verifies(self.text.as_bytes(), &signature.bytes) {
                return Err(NoteError::Forged);
            }
            signed = true;
        }
        if signed { Ok(()) } else { Err(NoteError::UnknownKey) }
    }
}

impl<'a> Signature<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
            return None;
        }
        let material = STANDARD.decode(encoded).ok()?;
        let (key_id, bytes) = material.split_first_chunk::<4>().filter(|(_, s)| !s.is_empty())?;
        // Signatures of other algorithms are longer or shorter; ours is looked at only if it is ours.
        let bytes = bytes.try_into().unwrap_or([0; 64]);
        Some(Self { name, key_id: *key_id, bytes })
    }
}

fn read<T: DeserializeOwned>(text: &str, kind: &'static str) -> Result<T, NoteError> {
    let rest = text
        .strip_prefix(kind)
        .and_then(|rest| rest.strip_prefix('\n'))
        .ok_or(NoteError::WrongType { expected: kind })?;
    let body = rest.strip_suffix('\n').unwrap_or(rest);
    if body.contains('\n') || !body.starts_with('{') || !body.ends_with('}') {
        return Err(NoteError::Malformed("the text is not a type line and one JSON object"));
    }
    let value = json::parse(body, Numbers::Natural)?;
    serde_json::from_value(value).map_err(|error| NoteError::Field(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const KIND: &str = "engagement/test/1";

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed("05".parse().unwrap(), &[seed; 32])
    }

    fn open_with(bytes: &[u8], key: &SigningKey) -> Result<Value, NoteError> {
        open(bytes, KIND, &[key.verifier().clone()], 4096)
    }

    #[test]
    fn opens_what_it_signed_and_refuses_every_flipped_byte() {
        let key = key(1);
        let note = sign(KIND, r#"{"a":1}"#, &[&key]);
        assert!(open_with(&note, &key).is_ok());
        for at in 0..note.len() {
            for bit in [1, 0x20, 0x80] {
                let mut flipped = note.clone();
                flipped[at] ^= bit;
                assert!(open_with(&flipped, &key).is_err(), "byte {at} bit {bit:#x}");
            }
        }
    }

    #[test]
    fn ignores_unknown_keys_but_never_a_bad_signature_of_a_known_one() {
        let (mine, other) = (key(1), key(2));
        let note = sign(KIND, r#"{"a":1}"#, &[&other, &mine]);
        assert!(open_with(&note, &mine).is_ok());
        assert_eq!(open_with(&note, &key(3)), Err(NoteError::UnknownKey));
        let tampered = String::from_utf8(note).unwrap().replace("1}", "2}");
        assert_eq!(open_with(tampered.as_bytes(), &mine), Err(NoteError::Forged));
    }

    #[test]
    fn a_key_in_rotation_signs_together_with_the_one_before() {
        let (old, new) = (key(1), key(2));
        let both = new.clone().after(old.clone()).unwrap();
        let note = sign(KIND, "{}", &[&both]);
        assert!(open_with(&note, &old).is_ok() && open_with(&note, &new).is_ok());
        let node = "05".parse().unwrap();
        assert!(has_other_key(&note, &node, &[old.verifier().clone()]));
        assert!(!has_other_key(&note, &node, &both.verifiers()));
        assert!(!has_other_key(&note, &"06".parse().unwrap(), &[]));
        let foreign = SigningKey::from_seed("06".parse().unwrap(), &[1; 32]);
        assert!(new.after(foreign).is_err());
    }

    #[test]
    fn a_note_of_another_type_is_another_note() {
        let key = key(1);
        let note = sign("engagement/other/1", "{}", &[&key]);
        assert_eq!(open_with(&note, &key), Err(NoteError::WrongType { expected: KIND }));
    }

    #[test]
    fn refuses_text_that_is_not_two_lines() {
        let key = key(1);
        let note = sign(&format!("{KIND}\n{{}}"), "{}", &[&key]);
        assert!(matches!(open_with(&note, &key), Err(NoteError::Malformed(_))));
    }
}
