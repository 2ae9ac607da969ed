//! Names: official keys, nodes, feeds, records. Parsed once, at the door.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::hash::Hash;

/// What is wrong with a text that should be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// An official key has 2, 3, 5 or 8 digits.
    #[error("not an official key (AGS): 2, 3, 5 or 8 digits are expected, for example 05558012")]
    Ags,
    /// A carrier is named `.` and 1-32 of `a-z`, `0-9`, `-` behind the official key.
    #[error(
        "not a carrier: `.` and 1 to 32 of a-z, 0-9 and - are expected behind the official key"
    )]
    Carrier,
    /// A record id has 1-64 of `A-Za-z0-9._/-`.
    #[error("not a record id: 1 to 64 of A-Z, a-z, 0-9, `.`, `_`, `/` and `-` are expected")]
    Record,
    /// The protocol knows the feeds `offers`, `members` and `heads`.
    #[error("not a feed: offers, members or heads is expected")]
    Feed,
}

/// Implements what every name has: text in, text out, JSON both ways.
macro_rules! name {
    ($type:ty) => {
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// An official key (Amtlicher Gemeindeschlüssel) or the beginning of one.
///
/// `05` is the Land, `055` a Regierungsbezirk, `05558` a Kreis, `05558012` a municipality. A
/// kreisfreie Stadt uses its 8 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ags(String);

impl Ags {
    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether `other` lies in this area, or is it.
    ///
    /// ```
    /// # use engagement_protocol::id::Ags;
    /// let kreis: Ags = "05558".parse().unwrap();
    /// assert!(kreis.contains(&"05558012".parse().unwrap()));
    /// assert!(!kreis.contains(&"05".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl FromStr for Ags {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let shaped =
            matches!(text.len(), 2 | 3 | 5 | 8) && text.bytes().all(|byte| byte.is_ascii_digit());
        if shaped { Ok(Self(text.to_owned())) } else { Err(IdError::Ags) }
    }
}

impl fmt::Display for Ags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

name!(Ags);

/// The name of a node: an official key, and behind a dot the carrier inside it, if it is one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    text: String,
    digits: usize,
}

impl NodeId {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the official key that the node stands for or lies in.
    #[must_use]
    pub fn ags(&self) -> Ags {
        Ags(self.text.chars().take(self.digits).collect())
    }

    /// Returns whether the node is a carrier inside an area rather than the area itself.
    #[must_use]
    pub fn is_carrier(&self) -> bool {
        self.text.len() > self.digits
    }
}

impl FromStr for NodeId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (ags, carrier) = match text.split_once('.') {
            Some((ags, carrier)) => (ags, Some(carrier)),
            None => (text, None),
        };
        ags.parse::<Ags>()?;
        let shaped = carrier.is_none_or(|carrier| {
            (1..=32).contains(&carrier.len())
                && carrier
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        });
        if shaped {
            Ok(Self { text: text.to_owned(), digits: ags.len() })
        } else {
            Err(IdError::Carrier)
        }
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

name!(NodeId);

/// The three feeds that a node may sign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feed {
    /// Opportunities, and organisations later.
    Offers,
    /// The register of nodes.
    Members,
    /// What this node has applied from others.
    Heads,
}

impl Feed {
    /// Returns the name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offers => "offers",
            Self::Members => "members",
            Self::Heads => "heads",
        }
    }
}

impl FromStr for Feed {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "offers" => Ok(Self::Offers),
            "members" => Ok(Self::Members),
            "heads" => Ok(Self::Heads),
            _ => Err(IdError::Feed),
        }
    }
}

impl fmt::Display for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

name!(Feed);

/// The name of a record inside its feed: never reused, never derived from a person's name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(String);

impl RecordId {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns SHA-256 of the text: where the record stands in its feed.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(self.0.as_bytes())
    }
}

impl FromStr for RecordId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let shaped = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/' | b'-')
            });
        if shaped { Ok(Self(text.to_owned())) } else { Err(IdError::Record) }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

name!(RecordId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_official_keys_and_carriers() {
        for text in ["05", "055", "05558", "05558012", "05558012.caritas-coesfeld"] {
            assert_eq!(text.parse::<NodeId>().unwrap().as_str(), text);
        }
        let carrier: NodeId = "05558.kirche".parse().unwrap();
        assert_eq!(carrier.ags().as_str(), "05558");
        assert!(carrier.is_carrier());
    }

    #[test]
    fn refuses_other_names() {
        for text in ["", "5", "0555", "055580", "05558012.", "05558012.A", "05558012.a_b", "abc"] {
            assert!(text.parse::<NodeId>().is_err(), "{text}");
        }
        assert_eq!(format!("05.{}", "a".repeat(33)).parse::<NodeId>(), Err(IdError::Carrier));
    }

    #[test]
    fn refuses_record_ids_that_could_break_out_of_a_line() {
        for text in ["", "a b", "a\"b", "a\\b", "ä", "a\n"] {
            assert_eq!(text.parse::<RecordId>(), Err(IdError::Record), "{text:?}");
        }
        assert!("x".repeat(64).parse::<RecordId>().is_ok());
        assert!("x".repeat(65).parse::<RecordId>().is_err());
    }
}
