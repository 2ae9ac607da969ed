//! The opportunity record: what a line of the `offers` feed means (`SPEC.md` section 9).
//!
//! Meaning fails soft: a line that this version cannot understand is [`Record::Unknown`] or
//! [`Record::Unreadable`]. It is kept as bytes, relayed, reported and not shown; it never blocks the feed.
//! The record has no field for a person's name, address or telephone number, so none can federate.

mod check;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::id::{Ags, RecordId};
use crate::json::{self, JsonError, Numbers};
use crate::slice::{Line, SliceError};
use crate::text::{self, TextError};
use crate::time::Day;

/// Longest title, in characters.
pub const TITLE_CHARS: usize = 90;
/// Longest summary, in characters.
pub const SUMMARY_CHARS: usize = 200;
/// Longest description, in characters.
pub const DESCRIPTION_CHARS: usize = 4_000;
/// Longest text in plain language, in characters.
pub const PLAIN_CHARS: usize = 600;
/// Longest name of an organisation, in characters.
pub const ORGANISATION_CHARS: usize = 200;
/// Longest contact role, in characters: a role, not a person.
pub const CONTACT_ROLE_CHARS: usize = 60;
/// Longest of all other texts, in characters.
pub const SHORT_CHARS: usize = 200;
/// Longest address of a page, in characters.
pub const URL_CHARS: usize = 500;
/// Most entries in any list.
pub const LIST_ITEMS: usize = 64;

/// A code of a vocabulary; a code that a reader does not know is kept and shown as "weitere".
pub type Code = String;

/// What a line of the `offers` feed is to this version.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// An opportunity that can be shown.
    Opportunity(Box<Opportunity>),
    /// A record of a kind that this version does not know.
    Unknown {
        /// Its `kind`.
        kind: String,
    },
    /// A record that breaks a rule; kept and relayed, not shown.
    Unreadable(RecordError),
}

impl Record {
    /// Reads a line.
    ///
    /// ```
    /// # use engagement_protocol::{opportunity::Record, slice::Line};
    /// let line = Line::read(br#"{"id":"o-1","kind":"organisation"}"#).unwrap();
    /// assert_eq!(Record::read(&line), Record::Unknown { kind: "organisation".to_owned() });
    /// ```
    #[must_use]
    pub fn read(line: &Line) -> Self {
        match read(line.bytes()) {
            Ok(record) => record,
            Err(error) => Self::Unreadable(error),
        }
    }

    /// Reads a line that [`Self::read`] has taken for an opportunity before, in less than half the time.
    ///
    /// What was checked then still holds, because the bytes are the same. Of any other line it may say
    /// something else than [`Self::read`], which alone decides what a line is.
    #[must_use]
    pub fn read_again(line: &Line) -> Self {
        match serde_json::from_slice::<Opportunity>(line.bytes()) {
            Ok(record) if record.kind == KIND => Self::Opportunity(Box::new(record)),
            // A field of a later version, or a null: passing over them takes the longer way.
            _ => Self::read(line),
        }
    }
}

/// Why a record cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The line is not UTF-8.
    #[error("the record is not UTF-8")]
    Utf8,
    /// The line is not acceptable JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A field is missing or of another type.
    #[error("a field is missing or malformed: {0}")]
    Field(String),
    /// A text breaks a rule.
    #[error("{field}: {error}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Which rule.
        error: TextError,
    },
    /// A field holds something other than its rule allows.
    #[error("{field}: {rule}")]
    Rule {
        /// Which field.
        field: &'static str,
        /// What the rule asks for.
        rule: &'static str,
    },
    /// The line cannot be part of a feed.
    #[error(transparent)]
    Line(#[from] SliceError),
}

/// Who is looking: the one who needs help, or the one who offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Somebody seeks people who help.
    Seek,
    /// Somebody offers to help.
    Offer,
}

impl Direction {
    /// Returns the code on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seek => "seek",
            Self::Offer => "offer",
        }
    }
}

/// The states in which a record federates; all others stay at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// People can take part.
    Live,
    /// For the moment nobody is sought.
    Paused,
    /// All seats are taken.
    Filled,
}

/// One opportunity, as `SPEC.md` section 9 lists its fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the table in SPEC.md section 9 says each field's meaning and bound"
)]
pub struct Opportunity {
    pub id: RecordId,
    #[serde(default = "kind")]
    pub kind: String,
    #[serde(deserialize_with = "json::word")]
    pub direction: Direction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Code>,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<String>,
    #[serde(default, deserialize_with = "json::object", skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Organisation>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Code>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<Code>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Code>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub suited: Vec<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Code>,
    #[serde(default, deserialize_with = "json::object", skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slots_text: Option<String>,
    #[serde(default, deserialize_with = "json::objects", skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<Occurrence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Code>,
    #[serde(default, deserialize_with = "json::objects", skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats_left: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_min: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_max: Option<u8>,
    #[serde(default, deserialize_with = "json::objects", skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Code>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "BTreeMap::is_empty")]
    pub accessibility: BTreeMap<Code, Code>,
    #[serde(default, deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(deserialize_with = "json::word")]
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<Code>,
    pub valid_until: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Day>,
    #[serde(default, deserialize_with = "json::object", skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// Who seeks or offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the table in SPEC.md section 9 says each field's meaning and bound"
)]
pub struct Organisation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RecordId>,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How much time it takes: `per_occurrence` hours, `times` per `per`; or `flexible`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the table in SPEC.md section 9 says each field's meaning and bound"
)]
pub struct Hours {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_occurrence: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flexible: Option<bool>,
}

/// One date, RFC 3339 with offset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the table in SPEC.md section 9 says each field's meaning and bound"
)]
pub struct Occurrence {
    pub start: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

/// Where it takes place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the table in SPEC.md section 9 says each field's meaning and bound"
)]
pub struct Place {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ags: Option<Ags>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plz: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Code>,
}

/// A language and how much of it is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the table in SPEC.md section 9 says each field's meaning and bound"
)]
pub struct Language {
    pub code: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Code>,
}

/// Where an imported record comes from: its key there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the table in SPEC.md section 9 says each field's meaning and bound"
)]
pub struct Source {
    pub system: String,
    pub id: String,
}

impl Opportunity {
    /// Returns the line that federates, `id` first.
    ///
    /// # Errors
    ///
    /// [`RecordError`] if a rule is broken or the line would be longer than a feed allows.
    pub fn to_line(&self) -> Result<Line, RecordError> {
        self.check()?;
        let bytes = serde_json::to_vec(self).map_err(|e| RecordError::Field(e.to_string()))?;
        Ok(Line::read(&bytes)?)
    }

    /// Returns whether the record may be shown on `today`: `valid_until` is inclusive.
    #[must_use]
    pub fn is_valid_on(&self, today: Day) -> bool {
        today <= self.valid_until
    }

    /// Returns whether a person, not an organisation, offers help.
    #[must_use]
    pub fn is_private_offer(&self) -> bool {
        self.direction == Direction::Offer && self.actor.as_deref() == Some("privatperson")
    }
}

fn read(bytes: &[u8]) -> Result<Record, RecordError> {
    let text = std::str::from_utf8(bytes).map_err(|_| RecordError::Utf8)?;
    let mut value = json::parse(text, Numbers::Any)?;
    let found = value.get("kind").and_then(|kind| kind.as_str()).unwrap_or(KIND);
    if found != KIND {
        let kind = found.chars().filter(|c| !text::is_forbidden(*c)).take(40).collect();
        return Ok(Record::Unknown { kind });
    }
    if let Some(object) = value.as_object_mut() {
        object.retain(|key, value| FIELDS.contains(&key.as_str()) && !value.is_null());
    }
    let read: Opportunity =
        serde_json::from_value(value).map_err(|error| RecordError::Field(error.to_string()))?;
    read.check()?;
    Ok(Record::Opportunity(Box::new(read)))
}

/// Every field of an [`Opportunity`]; what is not here belongs to a later version and is passed over.
pub const FIELDS: &[&str] = &[
    "id",
    "kind",
    "direction",
    "actor",
    "title",
    "summary",
    "description",
    "plain",
    "tasks",
    "organisation",
    "fields",
    "activities",
    "targets",
    "suited",
    "commitment",
    "hours",
    "slots",
    "slots_text",
    "dates",
    "starts_on",
    "ends_on",
    "apply_until",
    "mode",
    "places",
    "seats",
    "seats_left",
    "age_min",
    "age_max",
    "languages",
    "requirements",
    "accessibility",
    "benefits",
    "contact_role",
    "url",
    "status",
    "urgency",
    "verified_at",
    "verified_by",
    "valid_until",
    "created",
    "updated",
    "source",
    "licence",
];

const KIND: &str = "opportunity";

fn kind() -> String {
    KIND.to_owned()
}

/// Reads `null` as an empty list.
fn list<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests;
