//! The register: which nodes there are, under which keys, and who may say so (`SPEC.md` section 13.1).
//!
//! ```text
//! Row::read(line) -> Row                 one row of a `members` feed
//! may_list(register, id)                 the prefix is the authority
//! settle(local, feeds, memory, now)      whom to follow, under which keys, and what to tell the operator
//! ```
//!
//! Whoever runs a register can list, suspend and re-key the nodes below its prefix, and nothing else. What
//! the local operator has written down goes first. Nothing is forgotten because a row is absent: absence
//! may be a mistake, a stolen key or a cut line, so it takes a fortnight and raises an alarm.

pub mod anchor;
pub mod belief;
pub mod rotation;
pub mod settle;

use serde::{Deserialize, Serialize};

use crate::id::NodeId;
use crate::json::{self, JsonError, Numbers};
use crate::key::VerifierKey;
use crate::limits::MEMBER_KEYS;
use crate::planted::{self, Bug};
use crate::slice::Line;
use crate::text::{self, TextError};

/// Longest name of a member, in characters.
pub const NAME_CHARS: usize = 200;
/// Longest address of a member, in characters.
pub const URL_CHARS: usize = 500;

/// What a register says of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It takes part.
    Active,
    /// It is hidden at once and kept as evidence.
    Suspended,
    /// It takes part no longer: its copies go 30 days later.
    Left,
}

impl Status {
    /// Returns the word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Left => "left",
        }
    }
}

/// One row of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which node.
    pub id: NodeId,
    /// The name people read.
    pub name: String,
    /// The keys its feeds may be signed with; the first is the one it signs with from now on.
    pub keys: Vec<VerifierKey>,
    /// Where it lives.
    pub url: Option<String>,
    /// Whether it takes part.
    pub status: Status,
    /// Whether it is a register itself, for the ids that begin with its own.
    pub register: bool,
    /// The node that has taken its place.
    pub successor: Option<NodeId>,
}

/// Why a row cannot be used: it is kept and relayed, passed over, and reported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// It is not UTF-8.
    #[error("the row is not UTF-8")]
    Utf8,
    /// Its JSON is refused.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A field is missing or malformed.
    #[error("a field is missing or malformed: {0}")]
    Field(String),
    /// A text that people would read breaks a rule.
    #[error("{field}: {error}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Which rule.
        error: TextError,
    },
    /// It gives a node the key of another.
    #[error("the row lists a key of {0}")]
    ForeignKey(NodeId),
    /// It has no key, too many, or two with one key id.
    #[error("a row has 1 to {MEMBER_KEYS} keys with different key ids")]
    Keys,
    /// Its address cannot be one.
    #[error("the address is no http or https address")]
    Url,
    /// It is its own successor.
    #[error("a node cannot take its own place")]
    Successor,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    id: NodeId,
    name: String,
    #[serde(default)]
    keys: Vec<VerifierKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(deserialize_with = "json::word")]
    status: Status,
    #[serde(default)]
    register: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    successor: Option<NodeId>,
}

impl Row {
    /// Reads a line of a `members` feed.
    ///
    /// # Errors
    ///
    /// [`RowError`]; the line stays what it is, and is passed over.
    pub fn read(line: &Line) -> Result<Self, RowError> {
        let text = std::str::from_utf8(line.bytes()).map_err(|_| RowError::Utf8)?;
        let value = json::parse(text, Numbers::Any)?;
        if !value.is_object() {
            return Err(RowError::Field("a row is an object".to_owned()));
        }
        let wire: Wire =
            serde_json::from_value(value).map_err(|error| RowError::Field(error.to_string()))?;
        if wire.id.as_str() != line.id().as_str() {
            return Err(RowError::Field("id is not the line's".to_owned()));
        }
        let row = Self {
            id: wire.id,
            name: wire.name,
            keys: wire.keys,
            url: wire.url,
            status: wire.status,
            register: wire.register.unwrap_or(false),
            successor: wire.successor,
        };
        row.check()?;
        Ok(row)
    }

    /// Checks what every reader checks, for a register that is about to sign the row.
    ///
    /// # Errors
    ///
    /// [`RowError`].
    pub fn check(&self) -> Result<(), RowError> {
        text::check_line(&self.name, NAME_CHARS)
            .map_err(|error| RowError::Text { field: "name", error })?;
        if let Some(url) = &self.url {
            text::check_line(url, URL_CHARS)
                .map_err(|error| RowError::Text { field: "url", error })?;
            let web = url.starts_with("https://") || url.starts_with("http://");
            if !web || url.contains([' ', '"', '<', '>', '\\']) {
                return Err(RowError::Url);
            }
        }
        if let Some(key) = self.keys.iter().find(|key| *key.node() != self.id) {
            return Err(RowError::ForeignKey(key.node().clone()));
        }
        let ids: std::collections::BTreeSet<_> = self.keys.iter().map(VerifierKey::id).collect();
        let needed = usize::from(self.status != Status::Left);
        if ids.len() != self.keys.len() || !(needed..=MEMBER_KEYS).contains(&self.keys.len()) {
            return Err(RowError::Keys);
        }
        if self.successor.as_ref() == Some(&self.id) {
            return Err(RowError::Successor);
        }
        Ok(())
    }

    /// Returns the line of a `members` feed that says this.
    ///
    /// # Errors
    ///
    /// [`RowError`] if readers would refuse it.
    pub fn to_line(&self) -> Result<Line, RowError> {
        self.check()?;
        let wire = Wire {
            id: self.id.clone(),
            name: self.name.clone(),
            keys: self.keys.clone(),
            url: self.url.clone(),
            status: self.status,
            register: Some(self.register),
            successor: self.successor.clone(),
        };
        let text = serde_json::to_string(&wire).expect("a row has only strings and booleans");
        Line::read(text.as_bytes()).map_err(|error| RowError::Field(error.to_string()))
    }
}

/// Returns whether `register` has authority over `id`: it is an area, not a carrier, and `id` is longer and
/// begins with it.
///
/// ```
/// # use engagement_protocol::register::may_list;
/// let id = |text: &str| text.parse().unwrap();
/// assert!(may_list(&id("05558"), &id("05558012")));
/// assert!(may_list(&id("05558012"), &id("05558012.caritas")));
/// assert!(!may_list(&id("05558"), &id("05558")), "nobody speaks for itself");
/// assert!(!may_list(&id("05558"), &id("05554016")));
/// assert!(!may_list(&id("05558012.caritas"), &id("05558012.caritas-2")));
/// ```
#[must_use]
pub fn may_list(register: &NodeId, id: &NodeId) -> bool {
    let (register_text, text) = (register.as_str(), id.as_str());
    if planted::has(Bug::Prefix) {
        return register != id;
    }
    !register.is_carrier() && text.len() > register_text.len() && text.starts_with(register_text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    fn key(id: &str, seed: u8) -> VerifierKey {
        SigningKey::from_seed(id.parse().unwrap(), &[seed; 32]).verifier().clone()
    }

    fn row() -> Row {
        Row {
            id: "05558012".parse().unwrap(),
            name: "Stadt Coesfeld".to_owned(),
            keys: vec![key("05558012", 1)],
            url: Some("https://ehrenamt.coesfeld.example".to_owned()),
            status: Status::Active,
            register: false,
            successor: None,
        }
    }

    fn read(text: &str) -> Result<Row, RowError> {
        Row::read(&Line::read(text.as_bytes()).unwrap())
    }

    #[test]
    fn reads_what_it_wrote() {
        let successor = Some("05558016".parse().unwrap());
        let left = Row { status: Status::Left, keys: vec![], url: None, successor, ..row() };
        let two = Row { keys: vec![key("05558012", 2), key("05558012", 1)], ..row() };
        for row in [row(), left, two, Row { register: true, ..row() }] {
            assert_eq!(Row::read(&row.to_line().unwrap()), Ok(row));
        }
    }

    #[test]
    fn refuses_rows_that_would_lend_a_name_or_a_key() {
        let foreign = Row { keys: vec![key("05558016", 1)], ..row() };
        assert_eq!(foreign.to_line(), Err(RowError::ForeignKey("05558016".parse().unwrap())));
        let doubled = Row { keys: vec![key("05558012", 1), key("05558012", 1)], ..row() };
        assert_eq!(doubled.to_line(), Err(RowError::Keys));
        assert_eq!(Row { keys: vec![], ..row() }.to_line(), Err(RowError::Keys));
        let many = (0..5).map(|seed| key("05558012", seed)).collect();
        assert_eq!(Row { keys: many, ..row() }.to_line(), Err(RowError::Keys));
        let disguised = Row { name: "Stadt \u{202e}".to_owned(), ..row() };
        assert!(matches!(disguised.to_line(), Err(RowError::Text { field: "name", .. })));
        for url in ["javascript:alert(1)", "ftp://a.example", "https://a.example/\"x"] {
            assert_eq!(Row { url: Some(url.to_owned()), ..row() }.to_line(), Err(RowError::Url));
        }
        let own = Row { successor: Some(row().id), ..row() };
        assert_eq!(own.to_line(), Err(RowError::Successor));
    }

    #[test]
    fn a_row_that_says_something_else_is_passed_over() {
        let good = String::from_utf8(row().to_line().unwrap().bytes().to_vec()).unwrap();
        assert!(read(&good).is_ok());
        assert!(read(&good.replace("active", "gone")).is_err());
        assert!(read(&good.replace("\"status\":\"active\"", "\"x\":1")).is_err());
        assert!(read(&good.replace("\"register\":false", "\"register\":1")).is_err());
        assert!(read("{\"id\":\"Rathaus\",\"name\":\"x\",\"status\":\"left\"}").is_err());
        assert!(read("{\"id\":\"05558012\"").is_err());
    }

    #[test]
    fn the_prefix_is_the_authority() {
        let (caritas, second) = ("05558012.caritas", "05558012.caritas-2");
        let ids = ["05", "055", "05558", "05558012", caritas, second, "05.land", "06", "05554"];
        let allowed = |register: &str| -> Vec<&str> {
            let register: NodeId = register.parse().unwrap();
            let may = |id: &&str| may_list(&register, &id.parse().unwrap());
            ids.into_iter().filter(may).collect()
        };
        assert_eq!(
            allowed("05"),
            ["055", "05558", "05558012", caritas, second, "05.land", "05554"]
        );
        assert_eq!(allowed("05558"), ["05558012", caritas, second]);
        assert_eq!(allowed("05558012"), [caritas, second]);
        assert_eq!(allowed(caritas), [""; 0], "a carrier is no register, though a name begins so");
    }
}
