//! Offers from other systems: read, checked and compared with what is already there.
//!
//! [`read`] turns a file into a [`Batch`]; [`plan::plan`] says what it changes. Nothing is written here. A
//! record that cannot be used is reported with its line and skipped; the others are kept. The same file
//! read twice changes nothing the second time.

mod agree;
mod fields;
mod freinet;
mod hours;
mod jsonl;
mod key;
mod moment;
mod normal;
pub mod personal;
mod place;
pub mod plain;
pub mod plan;
mod table;

use std::str::FromStr;

use engagement_protocol::hash::Hash;
use engagement_protocol::id::RecordId;
use engagement_protocol::opportunity::{Opportunity, RecordError, Source};
use engagement_protocol::slice::Line;
use engagement_protocol::time::Day;

/// Largest file: more than any agency has, and small enough for memory.
pub const FILE_BYTES: usize = 64 * 1024 * 1024;
/// Most records of one file.
pub const FILE_RECORDS: usize = 50_000;
/// How long an offer without an end is valid.
pub const VALID_MONTHS: u32 = 6;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One record of JSON a line, or one array of records.
    Jsonl,
    /// A table as Excel saves it.
    Csv,
    /// The XML of Freinet-Online.
    Freinet,
}

impl Format {
    /// Returns the format that the name of a file and its first bytes suggest.
    #[must_use]
    pub fn guess(file_name: &str, bytes: &[u8]) -> Self {
        let name = file_name.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match text.first() {
            Some(b'<') => Self::Freinet,
            Some(b'{' | b'[') => Self::Jsonl,
            _ if ends(&[".jsonl", ".ndjson", ".json"]) => Self::Jsonl,
            _ if ends(&[".xml"]) => Self::Freinet,
            _ => Self::Csv,
        }
    }
}

/// What is wrong with the name of a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Das Format „{0}“ ist unbekannt. Möglich sind jsonl, csv und freinet.")]
pub struct FormatError(String);

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        match text {
            "jsonl" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            "freinet" => Ok(Self::Freinet),
            _ => Err(FormatError(text.to_owned())),
        }
    }
}

/// What the caller knows about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The name of the system, whatever the records say.
    pub source: Option<String>,
    /// The name of the system for records that name none.
    pub default_source: String,
    /// The day of the import.
    pub today: Day,
}

impl Options {
    /// Returns the system of a record that names `given`.
    fn system(&self, given: Option<&str>) -> String {
        self.source.as_deref().or(given).unwrap_or(&self.default_source).to_owned()
    }
}

/// Why a file as a whole cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file is larger than [`FILE_BYTES`].
    #[error(
        "Die Datei ist {0} Bytes groß; höchstens 64 MiB sind möglich. Bitte teilen Sie sie auf."
    )]
    TooLarge(usize),
    /// The file has more than [`FILE_RECORDS`] records.
    #[error("Die Datei enthält mehr als 50.000 Angebote. Bitte teilen Sie sie auf.")]
    TooMany,
    /// The file is not JSON.
    #[error(
        "Die Datei ist kein lesbares JSON ({0}). Erwartet wird ein Angebot je Zeile oder eine Liste \
        von Angeboten. Bitte prüfen Sie Datei und Format."
    )]
    Json(String),
    /// The file is not a table.
    #[error(
        "Die Datei ist keine lesbare Tabelle (Zeile {line}). Bitte speichern Sie sie als CSV mit \
        Überschriften in der ersten Zeile."
    )]
    Table {
        /// Where reading ended.
        line: u64,
    },
    /// Columns that every table needs are missing.
    #[error(
        "In der Tabelle fehlen Spalten: {}. Bitte ergänzen Sie diese Überschriften in der ersten Zeile.",
        .0.join(", ")
    )]
    Columns(Vec<&'static str>),
    /// The file is not XML.
    #[error(
        "Die Datei ist kein lesbares XML (nach {at} Bytes). Bitte erzeugen Sie den Export neu."
    )]
    Xml {
        /// After how many bytes reading ended.
        at: u64,
    },
    /// The file brings definitions of its own.
    #[error(
        "Die XML-Datei enthält eine Dokumenttyp-Definition (DOCTYPE). Solche Dateien werden aus \
        Sicherheitsgründen nicht gelesen. Bitte entfernen Sie die Definition."
    )]
    Doctype,
    /// The file is XML of another kind.
    #[error(
        "Die Datei ist kein Export aus Freinet-Online: Das Element „angebotsliste“ fehlt. Bitte \
        prüfen Sie Datei und Format."
    )]
    NotFreinet,
}

/// The records of one file in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// All records, also those that cannot be used.
    pub items: Vec<Item>,
    /// What there is to say about the file as a whole, in German.
    pub notes: Vec<String>,
    /// Whether the file is all there is; if not, nothing follows from what it lacks.
    pub complete: bool,
}

/// One record of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The line it begins on, or its number in a list; from 1.
    pub line: usize,
    /// What became of it.
    pub outcome: Result<Imported, Refusal>,
}

/// Why one record is skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its title, to find it again.
    pub title: Option<String>,
    /// Its key, as far as it could be read.
    pub source: Option<Source>,
    /// What is wrong and what to do, in German.
    pub reason: String,
    /// Whether its source itself says that the offer is over or not public.
    pub ended: bool,
}

/// One record that can be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Its key in the other system.
    pub source: Source,
    /// The key of its organisation in the other system, else the organisation's name.
    pub organisation_key: Option<String>,
    /// SHA-256 of what the file says about it: unchanged input changes nothing.
    pub input: Hash,
    /// The id it already has, if that is a ULID.
    pub own_id: Option<RecordId>,
    /// The last day it is valid: given, or the day after its last date.
    pub end: Option<Day>,
    /// When it was created there.
    pub created: Option<Day>,
    /// When it was last changed there.
    pub updated: Option<Day>,
    /// Fields that were missing and filled.
    pub defaults: Vec<&'static str>,
    /// What was cut, dropped or guessed, in German.
    pub warnings: Vec<String>,
    /// What was read out of words about time, in German.
    pub understood: Vec<String>,
    opportunity: Opportunity,
}

impl Imported {
    /// Returns the offer; its id, `valid_until` and dates of checking are not final before [`Self::finish`].
    #[must_use]
    pub const fn opportunity(&self) -> &Opportunity {
        &self.opportunity
    }

    /// Returns the last day of validity of an offer imported `today`.
    #[must_use]
    pub fn valid_until(&self, today: Day) -> Day {
        self.end.unwrap_or_else(|| today.plus_months(VALID_MONTHS))
    }

    /// Returns the line to publish.
    ///
    /// # Errors
    ///
    /// [`RecordError`] if the line would break a rule of the feed; [`read`] has checked all but its length
    /// with these ids.
    pub fn finish(
        &self,
        id: &RecordId,
        organisation: Option<&RecordId>,
        valid_until: Day,
        today: Day,
    ) -> Result<Line, RecordError> {
        let mut opportunity = self.opportunity.clone();
        opportunity.id = id.clone();
        if let Some(known) = &mut opportunity.organisation {
            known.id = organisation.cloned();
        }
        opportunity.valid_until = valid_until;
        opportunity.verified_at = Some(opportunity.verified_at.unwrap_or(today));
        opportunity.verified_by = Some("organisation".to_owned());
        opportunity.created = Some(self.created.unwrap_or(today));
        opportunity.updated = Some(self.updated.unwrap_or(today));
        opportunity.to_line()
    }
}

/// Reads a file.
///
/// # Errors
///
/// [`ImportError`] if nothing of it can be used.
pub fn read(bytes: &[u8], format: Format, options: &Options) -> Result<Batch, ImportError> {
    if bytes.len() > FILE_BYTES {
        return Err(ImportError::TooLarge(bytes.len()));
    }
    let file = match format {
        Format::Jsonl => {
            let records = jsonl::read(bytes)?;
            let notes = key::note(&records).into_iter().collect();
            File { records, notes, complete: true }
        }
        Format::Csv => File::whole(table::read(bytes)?),
        Format::Freinet => freinet::read(bytes)?,
    };
    let items = file.records.into_iter().map(|raw| normal::item(raw, options)).collect();
    Ok(Batch { items, notes: file.notes, complete: file.complete })
}

/// What a format finds in a file.
struct File {
    records: Vec<Raw>,
    notes: Vec<String>,
    complete: bool,
}

impl File {
    const fn whole(records: Vec<Raw>) -> Self {
        Self { records, notes: Vec::new(), complete: true }
    }
}

/// One record as its format gives it: named like our fields, not yet checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Raw {
    /// The line it begins on.
    line: usize,
    /// Its fields, or why there are none.
    fields: Result<serde_json::Map<String, serde_json::Value>, String>,
    /// What its format dropped, in German.
    notes: Vec<String>,
}

impl Raw {
    const fn new(
        line: usize,
        fields: Result<serde_json::Map<String, serde_json::Value>, String>,
    ) -> Self {
        Self { line, fields, notes: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart_by_their_first_bytes() {
        assert_eq!(Format::guess("a.csv", b"Titel;Ort"), Format::Csv);
        assert_eq!(Format::guess("a.txt", b"\xef\xbb\xbf {\"id\":1}"), Format::Jsonl);
        assert_eq!(Format::guess("export", b"<?xml version=\"1.0\"?>"), Format::Freinet);
        assert_eq!(Format::guess("a.jsonl", b""), Format::Jsonl);
        assert_eq!("csv".parse(), Ok(Format::Csv));
        assert!("excel".parse::<Format>().is_err());
    }

    #[test]
    fn refuses_a_file_that_is_too_large() {
        let today = "2026-11-02".parse().unwrap();
        let options = Options { source: None, default_source: "datei".to_owned(), today };
        let bytes = vec![b' '; FILE_BYTES + 1];
        let refused = read(&bytes, Format::Jsonl, &options);
        assert_eq!(refused, Err(ImportError::TooLarge(FILE_BYTES + 1)));
    }
}
