//! What a search answers: places in the order of rank, an exact total, and counts for every facet.
//!
//! Hits are rows of the store: whoever shows them reads the records there, so nothing is shown from a copy.

use std::collections::BTreeMap;

use crate::search::analysis::word::Word;
use crate::search::query::After;

/// The answer to a [`Query`](crate::search::query::Query).
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The best records behind the query's position, best first.
    pub hits: Vec<Hit>,
    /// How many records satisfy the query, on all pages together.
    pub total: u64,
    /// How many of them have all words of the query that name a subject; the others have most of them, because there were too few.
    pub with_all_words: u64,
    /// How many of them say nothing against what was wished for; all if nothing was.
    pub unopposed: u64,
    /// How many of them state all of the time that somebody wished to spend; the others leave some of it open.
    pub stated: u64,
    /// How many of them, and of those one choice away, carry each code.
    pub facets: Facets,
    /// Where the next page begins, if there is one.
    pub next: Option<After>,
    /// The words that were looked for, in the query's order: what hits are explained by.
    pub searched: Vec<Word>,
    /// Words that no record has, and what was looked for instead.
    pub corrected: Vec<Corrected>,
}

/// A word of a query that no record has, and what was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// What was typed, letters folded.
    pub typed: String,
    /// What was looked for, as people write it, the most probable first; never empty.
    pub meant: Vec<String>,
    /// Whether it was looked for in place of what was typed, because it differs by a letter or two; otherwise
    /// these are similar words, looked for because there were hardly any hits.
    pub is_typo: bool,
}

/// One record that satisfies the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The store's number of the record.
    pub row: u64,
    /// Its rank; comparable within one answer only.
    pub score: f32,
    /// Whether it has all words of the query that name a subject.
    pub has_all_words: bool,
    /// Distance of its nearest place, if somebody stands somewhere and it has a place.
    pub distance_km: Option<f64>,
    /// Where it lies, seen from there.
    pub locality: Locality,
    /// Rows of records that say the same, best first: they satisfy the query too, and stand nowhere else.
    pub also: Vec<u64>,
}

/// Where a record lies, seen from where somebody searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locality {
    /// In the own municipality.
    Own,
    /// In a municipality that touches it.
    Neighbour,
    /// Within the asked radius, or what is near if none was asked.
    Near,
    /// Anywhere else.
    Land,
    /// Everywhere: it is done from home and has no distance.
    Remote,
}

/// How many records carry a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The code, or `weitere` for all that the vocabulary does not know.
    pub code: &'static str,
    /// How many records carry it.
    pub count: u64,
}

/// Counts by facet: `direction`, `field`, `activity`, `target`, `commitment`, `mode`, `hours`, `slot`,
/// `accessibility`, `suited`, `kreis` and `municipality`.
///
/// Among the slots stand groups of them too (`am`, `pm`, `ev`, `we`): a record counts once in each that it meets.
///
/// The biggest count comes first, equal ones by code; codes that no record carries are left out. What is
/// chosen in a facet does not hide its alternatives: they are counted as if nothing were chosen in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets(pub BTreeMap<&'static str, Vec<FacetCount>>);
