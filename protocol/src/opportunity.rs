//! The opportunity record: what a line of the `offers` feed means (`SPEC.md` section 9).
//!
//! Meaning fails soft: a line that this version cannot understand is [`Record::Unknown`] or
//! [`Record::Unreadable`]. It is kept as bytes, relayed, reported and not shown; it never blocks the feed.
//! The record has no field for a person's name, address or telephone number, so none can federate.

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

    /// Checks every rule of `SPEC.md` section 9.
    ///
    /// # Errors
    ///
    /// [`RecordError`] for the first rule that is broken.
    pub fn check(&self) -> Result<(), RecordError> {
        if self.kind != KIND {
            return Err(rule("kind", "an opportunity's kind is opportunity"));
        }
        self.check_texts()?;
        self.check_lists()?;
        for place in &self.places {
            self.check_place(place)?;
        }
        let remote = self.mode.as_deref() == Some("remote");
        if !remote && !self.places.iter().any(|place| place.ags.is_some() || place.plz.is_some()) {
            return Err(rule(
                "places",
                "one place with ags or plz is needed unless mode is remote",
            ));
        }
        if self.organisation.is_none() && self.actor.as_deref() != Some("privatperson") {
            return Err(rule("organisation", "a name is needed unless actor is privatperson"));
        }
        if let Some(hours) = self.hours.as_ref().and_then(|hours| hours.per_occurrence)
            && !(hours > 0.0 && hours <= 744.0)
        {
            return Err(rule("hours", "per_occurrence is above 0 and at most 744 hours"));
        }
        Ok(())
    }

    fn check_texts(&self) -> Result<(), RecordError> {
        line("title", Some(&self.title), TITLE_CHARS)?;
        line("summary", self.summary.as_deref(), SUMMARY_CHARS)?;
        checked("description", text::check(&self.description, DESCRIPTION_CHARS))?;
        if let Some(plain) = &self.plain {
            checked("plain", text::check(plain, PLAIN_CHARS))?;
        }
        line("slots_text", self.slots_text.as_deref(), SHORT_CHARS)?;
        line("contact_role", self.contact_role.as_deref(), CONTACT_ROLE_CHARS)?;
        line("licence", self.licence.as_deref(), SHORT_CHARS)?;
        url("url", self.url.as_deref())?;
        if let Some(organisation) = &self.organisation {
            line("organisation.name", Some(&organisation.name), ORGANISATION_CHARS)?;
            url("organisation.url", organisation.url.as_deref())?;
        }
        if let Some(source) = &self.source {
            line("source.system", Some(&source.system), SHORT_CHARS)?;
            line("source.id", Some(&source.id), SHORT_CHARS)?;
        }
        self.tasks.iter().try_for_each(|task| line("tasks", Some(task), SHORT_CHARS))?;
        self.dates.iter().try_for_each(|date| {
            date_time(&date.start)?;
            date.end.as_deref().map_or(Ok(()), date_time)
        })
    }

    fn check_lists(&self) -> Result<(), RecordError> {
        let codes = [
            ("fields", &self.fields),
            ("activities", &self.activities),
            ("targets", &self.targets),
            ("suited", &self.suited),
            ("slots", &self.slots),
            ("requirements", &self.requirements),
            ("benefits", &self.benefits),
        ];
        for (field, list) in codes {
            bounded(field, list.len())?;
            list.iter().try_for_each(|entry| code(field, Some(entry)))?;
        }
        bounded("tasks", self.tasks.len())?;
        bounded("places", self.places.len())?;
        bounded("dates", self.dates.len())?;
        bounded("languages", self.languages.len())?;
        bounded("accessibility", self.accessibility.len())?;
        for (key, value) in &self.accessibility {
            code("accessibility", Some(key))?;
            code("accessibility", Some(value))?;
        }
        for language in &self.languages {
            code("languages", Some(&language.code))?;
            code("languages", language.need.as_ref())?;
        }
        code("actor", self.actor.as_ref())?;
        code("commitment", self.commitment.as_ref())?;
        code("mode", self.mode.as_ref())?;
        code("urgency", self.urgency.as_ref())?;
        code("verified_by", self.verified_by.as_ref())?;
        code("hours", self.hours.as_ref().and_then(|hours| hours.per.as_ref()))
    }

    fn check_place(&self, place: &Place) -> Result<(), RecordError> {
        line("places.town", place.town.as_deref(), SHORT_CHARS)?;
        line("places.district", place.district.as_deref(), SHORT_CHARS)?;
        line("places.street", place.street.as_deref(), SHORT_CHARS)?;
        code("places.precision", place.precision.as_ref())?;
        // A private person shows the area, never the address: nobody is to be found at home.
        let private = self.is_private_offer();
        if let Some(plz) = &place.plz {
            let digits = if private { 3 } else { 5 };
            if plz.len() != digits || !plz.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(rule("places.plz", "5 digits, or the first 3 of a private person's"));
            }
        }
        if private && (place.street.is_some() || place.lat.is_some() || place.lon.is_some()) {
            return Err(rule(
                "places",
                "a private person's offer has no street and no coordinates",
            ));
        }
        match (place.lat, place.lon) {
            (None, None) => Ok(()),
            (Some(lat), Some(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Ok(()),
            _ => Err(rule("places", "lat and lon come together, in degrees")),
        }
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

const fn rule(field: &'static str, rule: &'static str) -> RecordError {
    RecordError::Rule { field, rule }
}

fn checked(field: &'static str, result: Result<(), TextError>) -> Result<(), RecordError> {
    result.map_err(|error| RecordError::Text { field, error })
}

fn line(field: &'static str, text: Option<&str>, limit: usize) -> Result<(), RecordError> {
    text.map_or(Ok(()), |text| checked(field, text::check_line(text, limit)))
}

fn url(field: &'static str, url: Option<&str>) -> Result<(), RecordError> {
    let Some(url) = url else { return Ok(()) };
    line(field, Some(url), URL_CHARS)?;
    // Only what a browser opens as a page: a `javascript:` link from a feed would run on our site.
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web && !url.contains([' ', '"', '<', '>', '\\']) {
        Ok(())
    } else {
        Err(rule(field, "an address that begins with https:// or http:// is expected"))
    }
}

fn code(field: &'static str, code: Option<&Code>) -> Result<(), RecordError> {
    let Some(code) = code else { return Ok(()) };
    let shaped = (1..=40).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if shaped { Ok(()) } else { Err(rule(field, "a code is 1 to 40 of a-z, 0-9, _ and -")) }
}

fn bounded(field: &'static str, items: usize) -> Result<(), RecordError> {
    if items <= LIST_ITEMS { Ok(()) } else { Err(rule(field, "at most 64 entries")) }
}

fn date_time(text: &str) -> Result<(), RecordError> {
    // The parser knows more spellings than RFC 3339 and no other reader knows the same ones.
    if is_date_time(text) && text.parse::<jiff::Timestamp>().is_ok() {
        Ok(())
    } else {
        Err(rule("dates", "date and time with offset are expected, as 2026-12-05T10:00:00+01:00"))
    }
}

/// Whether a text has the shape `YYYY-MM-DDThh:mm:ss`, a fraction of up to 9 digits, `Z` or `±hh:mm`.
fn is_date_time(text: &str) -> bool {
    let fits = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(found, expected)| match expected {
                b'0' => found.is_ascii_digit(),
                b'+' => matches!(found, b'+' | b'-'),
                _ => found == expected,
            })
    };
    let Some((time, rest)) = text.split_at_checked(19) else { return false };
    let fraction = rest.strip_prefix('.').map(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        ((1..=9).contains(&digits), rest.get(digits..).unwrap_or_default())
    });
    let (bounded, offset) = fraction.unwrap_or((true, rest));
    fits(time, "0000-00-00T00:00:00") && bounded && (offset == "Z" || fits(offset, "+00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn minimal() -> Value {
        json!({"id":"o-1","direction":"seek","title":"Lesepatin gesucht","description":"Einmal in der Woche.",
            "organisation":{"name":"Musterverein e. V."},"places":[{"plz":"48653"}],"status":"live","valid_until":"2027-05-02"})
    }

    fn with(field: &str, value: Value) -> Record {
        let mut record = minimal();
        record[field] = value;
        // serde_json sorts keys; the id must come first.
        let id = record["id"].take();
        let rest = record.as_object().unwrap().iter().filter(|(key, _)| *key != "id");
        let rest: Vec<_> = rest.map(|(key, value)| format!("{}:{value}", json!(key))).collect();
        let text = format!("{{\"id\":{id},{}}}", rest.join(","));
        Record::read(&Line::read(text.as_bytes()).unwrap())
    }

    fn is_unreadable(record: &Record) -> bool {
        matches!(record, Record::Unreadable(_))
    }

    #[test]
    fn reads_and_writes_the_minimum() {
        let Record::Opportunity(read) = with("licence", json!("CC0-1.0")) else { panic!() };
        let line = read.to_line().unwrap();
        assert!(
            line.bytes().starts_with(br#"{"id":"o-1","kind":"opportunity","direction":"seek""#)
        );
        assert_eq!(Record::read(&line), Record::Opportunity(read));
    }

    #[test]
    fn every_field_is_listed_once() {
        let Record::Opportunity(mut all) = with("licence", json!("CC0-1.0")) else { panic!() };
        all.tasks = vec!["Lesen".to_owned()];
        let value = serde_json::to_value(&*all).unwrap();
        assert!(value.as_object().unwrap().keys().all(|key| FIELDS.contains(&key.as_str())));
        let mut sorted = FIELDS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), FIELDS.len());
    }

    #[test]
    fn passes_over_unknown_fields_and_nulls() {
        assert!(matches!(with("colour", json!("red")), Record::Opportunity(_)));
        assert!(matches!(with("seats", Value::Null), Record::Opportunity(_)));
        assert!(matches!(with("fields", Value::Null), Record::Opportunity(_)));
        assert!(matches!(with("fields", json!(["from_the_future"])), Record::Opportunity(_)));
    }

    #[test]
    fn refuses_what_would_harm_a_page() {
        assert!(is_unreadable(&with("url", json!("javascript:alert(1)"))));
        assert!(is_unreadable(&with("title", json!("\u{202e}liam"))));
        assert!(is_unreadable(&with("title", json!("x".repeat(91)))));
        assert!(is_unreadable(&with("fields", json!(["a b"]))));
        assert!(is_unreadable(&with("places", json!([{"plz":"48653","lat":1e308,"lon":7}]))));
        assert!(is_unreadable(&with("dates", json!([{"start":"tomorrow"}]))));
    }

    #[test]
    fn refuses_shapes_that_only_our_parser_reads() {
        assert!(is_unreadable(&with("organisation", json!([null, "Musterverein", null]))));
        assert!(is_unreadable(&with("places", json!([["05558012"]]))));
        assert!(is_unreadable(&with("direction", json!({"seek": null}))));
        assert!(is_unreadable(&with("kind", json!(7))));
    }

    #[test]
    fn dates_have_one_spelling() {
        let start = |text: &str| with("dates", json!([{ "start": text }]));
        for text in [
            "2026-12-05T10:00:00Z",
            "2026-12-05T10:00:00+01:00",
            "2026-12-05T10:00:00.123456789-05:00",
        ] {
            assert!(!is_unreadable(&start(text)), "{text}");
        }
        for text in [
            "2026-12-05T10:00:00",
            "2026-12-05 10:00:00Z",
            "2026-12-05t10:00:00z",
            "2026-12-05T10:00:00+01:00[UTC]",
            "2026-12-05T10:00+01:00",
            "20261205T100000.0000Z",
            "2026-12-05T10:00:00,5Z",
            "2026-12-05T10:00:00.Z",
            "2026-12-05T10:00:00.1234567890Z",
            "2026-02-30T10:00:00Z",
            "2026-12-05T25:00:00Z",
        ] {
            assert!(is_unreadable(&start(text)), "{text}");
        }
    }

    #[test]
    fn signs_no_kind_but_its_own() {
        let Record::Opportunity(mut record) = with("licence", json!("CC0-1.0")) else { panic!() };
        record.kind = "organisation".to_owned();
        assert!(record.to_line().is_err());
    }

    #[test]
    fn a_private_persons_offer_shows_only_the_area() {
        let offer = |place: Value| {
            let Record::Opportunity(mut record) = with("direction", json!("offer")) else {
                panic!()
            };
            record.actor = Some("privatperson".to_owned());
            record.places = vec![serde_json::from_value(place).unwrap()];
            record.check()
        };
        assert_eq!(offer(json!({"plz":"486","town":"Coesfeld"})), Ok(()));
        assert!(offer(json!({"plz":"48653"})).is_err());
        assert!(offer(json!({"plz":"486","street":"Markt 1"})).is_err());
        assert!(offer(json!({"plz":"486","lat":51.9,"lon":7.1})).is_err());
    }

    #[test]
    fn valid_until_is_inclusive() {
        let Record::Opportunity(record) = with("licence", json!("CC0-1.0")) else { panic!() };
        assert!(record.is_valid_on("2027-05-02".parse().unwrap()));
        assert!(!record.is_valid_on("2027-05-03".parse().unwrap()));
    }
}
