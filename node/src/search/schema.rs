//! What the index holds of a record: words to find it by, numbers to filter and rank it by, no text.
//!
//! Whatever changes the meaning of what is stored changes [`version`], and an index of another version is
//! built anew from the store.

use std::sync::LazyLock;

use engagement_protocol::hash::Hash;
use engagement_protocol::id::{Ags, RecordId};
use engagement_protocol::opportunity::{Opportunity, Place, Status};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use crate::domain::dates;
use crate::domain::gazetteer::Gazetteer;
use crate::search::analysis::document::Memo;
use crate::search::analysis::lexicon;

use super::facets::layout;
use super::place::{self, Area};
use super::time::Time;
use super::{columns, entry, fit, likeness};

/// Counts up whenever columns or fields change. An index of another layout answers as well as it can until it is built
/// anew: it is read by the names of its columns. So a column whose numbers get another meaning gets another name.
const LAYOUT: u32 = 8;
/// Counts up whenever the analysis of texts changes: an index of another one finds a little less, until it is built anew.
const ANALYSIS: u32 = 3;

/// The name under which the engine knows how entries are read.
pub(super) const ENTRIES: &str = "entries";

/// How many questions [`answers`] asks a record.
pub(super) const QUESTIONS: u32 = 8;

pub(super) const ROW: &str = "row";
pub(super) const END: &str = "end";
pub(super) const VERIFIED: &str = "verified";
pub(super) const CODES_LOW: &str = "codes_low";
pub(super) const CODES_HIGH: &str = "codes_high";
pub(super) const POSITION: &str = "position";
pub(super) const AREA: &str = "area";
pub(super) const TIME: &str = "time";
pub(super) const ANSWERS: &str = "answers";
pub(super) const LIKENESS: &str = "likeness";
pub(super) const CHANGED: &str = "changed";
pub(super) const CREATED: &str = "created";
pub(super) const DEMANDS: &str = "demands";
pub(super) const DAYS: &str = "days";
pub(super) const ID_HIGH: &str = "id_high";
pub(super) const ID_LOW: &str = "id_low";
const WORDS: &str = "words";
const ORIGIN: &str = "origin";
const LOCAL: &str = "local";

/// The fields of the index.
#[derive(Debug)]
pub(super) struct Fields {
    /// All of them, as the engine wants them.
    pub(super) schema: Schema,
    row: Field,
    end: Field,
    verified: Field,
    codes_low: Field,
    codes_high: Field,
    position: Field,
    area: Field,
    origin: Field,
    local: Field,
    time: Field,
    answers: Field,
    likeness: Field,
    changed: Field,
    created: Field,
    demands: Field,
    days: Field,
    id_high: Field,
    id_low: Field,
    /// What a record is found by: see `entry.rs`.
    words: Field,
}

/// Returns the fields.
pub(super) fn fields() -> &'static Fields {
    static FIELDS: LazyLock<Fields> = LazyLock::new(Fields::new);
    &FIELDS
}

/// Returns the version of what is stored: of the layout with the vocabulary that numbers the codes, and behind a dot
/// of the analysis with the lexicon that takes words apart.
pub(super) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let digits =
            |bytes: &[u8]| -> String { Hash::of(bytes).to_string().chars().take(12).collect() };
        let vocabulary = digits(layout().fingerprint().as_bytes());
        format!("{LAYOUT}-{vocabulary}.{ANALYSIS}-{}", digits(lexicon::bytes()))
    });
    &VERSION
}

/// Returns whether somebody names a version so: an index that says nothing of its version is none of ours.
pub(super) fn is_version(text: &str) -> bool {
    let number =
        |part: &str| part.split_once('-').is_some_and(|(number, _)| number.parse::<u32>().is_ok());
    text.split_once('.').is_some_and(|(layout, analysis)| number(layout) && number(analysis))
}

/// Returns the field that holds the words, of whichever version, if the index can be read: it has words, knows whose they
/// are, and when they are no longer shown.
pub(super) fn words_in(schema: &Schema) -> Option<Field> {
    let has =
        |name| schema.get_field(name).is_ok_and(|field| schema.get_field_entry(field).is_fast());
    let words = schema.get_field(WORDS).ok().filter(|_| has(ROW) && has(END))?;
    let indexing = schema.get_field_entry(words).field_type().get_index_record_option();
    (indexing == Some(IndexRecordOption::WithFreqs)).then_some(words)
}

impl Fields {
    fn new() -> Self {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(ENTRIES)
            .set_index_option(IndexRecordOption::WithFreqs);
        let words = TextOptions::default().set_indexing_options(indexing);
        Self {
            row: schema.add_u64_field(ROW, INDEXED | FAST),
            end: schema.add_u64_field(END, FAST),
            verified: schema.add_u64_field(VERIFIED, FAST),
            codes_low: schema.add_u64_field(CODES_LOW, FAST),
            codes_high: schema.add_u64_field(CODES_HIGH, FAST),
            position: schema.add_u64_field(POSITION, FAST),
            area: schema.add_u64_field(AREA, FAST),
            origin: schema.add_u64_field(ORIGIN, FAST),
            local: schema.add_bool_field(LOCAL, FAST),
            time: schema.add_u64_field(TIME, FAST),
            answers: schema.add_u64_field(ANSWERS, FAST),
            likeness: schema.add_u64_field(LIKENESS, FAST),
            changed: schema.add_u64_field(CHANGED, FAST),
            created: schema.add_u64_field(CREATED, FAST),
            demands: schema.add_u64_field(DEMANDS, FAST),
            days: schema.add_u64_field(DAYS, FAST),
            id_high: schema.add_u64_field(ID_HIGH, FAST),
            id_low: schema.add_u64_field(ID_LOW, FAST),
            words: schema.add_text_field(WORDS, words),
            schema: schema.build(),
        }
    }

    /// Returns what names a record for removal.
    pub(super) fn term(&self, row: u64) -> Term {
        Term::from_field_u64(self.row, row)
    }

    /// Returns what a word is looked up by.
    pub(super) fn word(&self, word: &str) -> Term {
        Term::from_field_text(self.words, word)
    }

    /// Returns what is stored of a record.
    pub(super) fn document(
        &self,
        row: u64,
        origin: u64,
        local: bool,
        record: &Opportunity,
        memo: &mut Memo,
    ) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.row, row);
        document.add_u64(self.origin, origin);
        document.add_bool(self.local, local);
        let live = record.status == Status::Live;
        let end = if live { u64::from(record.valid_until.number()) + 1 } else { 0 };
        document.add_u64(self.end, end);
        let verified = record.verified_at.map_or(0, |day| u64::from(day.number()) + 1);
        document.add_u64(self.verified, verified);
        let codes = layout().of_record(record);
        document.add_u64(self.codes_low, codes.low());
        document.add_u64(self.codes_high, codes.high());

        document.add_u64(self.time, Time::of(record).pack());
        document.add_u64(self.answers, u64::from(answers(record)));
        document.add_u64(self.likeness, likeness::of(record, memo));
        let changed =
            record.updated.max(record.created).map_or(0, |day| u64::from(day.number()) + 1);
        document.add_u64(self.changed, changed);
        let created = record.created.map_or(0, |day| u64::from(day.number()) + 1);
        document.add_u64(self.created, created);
        document.add_u64(self.demands, fit::demands(record));
        let (high, low) = halves(order(&record.id));
        document.add_u64(self.id_high, high);
        document.add_u64(self.id_low, low);
        for days in dates::of(record) {
            document.add_u64(self.days, columns::pack(days));
        }
        document.add_text(self.words, entry::of(record, memo));
        for place in &record.places {
            if let Some(position) = position(place) {
                document.add_u64(self.position, position);
            }
            for area in areas(place) {
                document.add_u64(self.area, Area::new(area).pack());
            }
        }
        document
    }
}

/// Returns a number that stands before another one if the id does, as far as sixteen bytes tell: no two of what a node
/// makes have more in common.
pub(super) fn order(id: &RecordId) -> u128 {
    let bytes = id.as_str().bytes().chain(std::iter::repeat(0)).take(16);
    bytes.fold(0, |number, byte| (number << 8) | u128::from(byte))
}

#[expect(clippy::cast_possible_truncation, reason = "each half is a number of its own")]
const fn halves(number: u128) -> (u64, u64) {
    ((number >> 64) as u64, number as u64)
}

/// Returns how many of the questions that people ask first a record answers.
fn answers(record: &Opportunity) -> u32 {
    let questions: [bool; QUESTIONS as usize] = [
        record.summary.is_some(),
        record.hours.is_some(),
        !record.slots.is_empty() || !record.dates.is_empty(),
        !record.accessibility.is_empty(),
        !record.activities.is_empty(),
        !record.requirements.is_empty(),
        record.organisation.as_ref().is_some_and(|by| by.url.is_some()) || record.url.is_some(),
        record.places.iter().any(|place| place.street.is_some()),
    ];
    questions.into_iter().map(u32::from).sum()
}

/// Where a place is: its own coordinates, or the centre of its PLZ, its municipality or its Kreis.
///
/// What is larger than a Kreis has no centre that a distance would mean something to.
fn position(place: &Place) -> Option<u64> {
    let own = place.lat.zip(place.lon);
    let gazetteer = Gazetteer::embedded();
    let plz = || gazetteer.by_plz(place.plz.as_ref()?);
    let area = || gazetteer.area(place.ags.as_ref().filter(|ags| ags.as_str().len() >= 5)?);
    let (lat, lon) = own.or_else(|| plz().or_else(area).map(|spot| (spot.lat, spot.lon)))?;
    Some(place::pack(lat, lon))
}

/// The area of a place: its own, or every municipality that its PLZ covers.
fn areas(place: &Place) -> &[Ags] {
    let by_plz = || {
        let plz = place.plz.as_deref();
        plz.map_or(&[][..], |plz| Gazetteer::embedded().plz_municipalities(plz))
    };
    place.ags.as_ref().map_or_else(by_plz, std::slice::from_ref)
}
