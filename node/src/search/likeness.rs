//! Which records say the same: the same offer, published by several towns or twice by one.
//!
//! Equal numbers mean nearly the same text. Names of places, numbers and the organisation do not count, for they are
//! what differs from town to town. The title has to be the same but for them, and of the description the same
//! few sentences are compared, drawn by their hashes: one changed word leaves the draw mostly alone, another text
//! practically never draws alike. Precision comes first: two cards for one thing cost a glance, one card for
//! two things hides one.

use std::collections::BTreeSet;

use engagement_protocol::hash::Hash;
use engagement_protocol::opportunity::{Opportunity, Place};

use crate::domain::gazetteer::Gazetteer;
use crate::search::analysis::stem::stem;
use crate::search::analysis::stop::is_stop;
use crate::search::analysis::words::words;

/// Words that are compared as one.
const SHINGLE: usize = 4;
/// How many of them are drawn.
const DRAWN: usize = 2;
/// Fewer words are too few to tell.
const LEAST_WORDS: usize = 20;

/// Returns what records that say the same have in common; 0 says nothing.
pub(super) fn of(record: &Opportunity) -> u64 {
    let places = places(record);
    let title = essence(&record.title, &places);
    let text = essence(&record.description, &places);
    if title.is_empty() || text.len() < LEAST_WORDS {
        return 0;
    }
    let shingles: BTreeSet<u64> =
        text.windows(SHINGLE).map(|words| number(&words.join(" "))).collect();
    let drawn: Vec<String> = shingles.iter().take(DRAWN).map(u64::to_string).collect();
    let sorted: BTreeSet<&str> = title.iter().map(String::as_str).collect();
    let sorted: Vec<&str> = sorted.into_iter().collect();
    let mode = record.mode.as_deref().unwrap_or_default();
    let commitment = record.commitment.as_deref().unwrap_or_default();
    number(&format!(
        "{} {mode} {commitment} {} {}",
        record.direction.as_str(),
        sorted.join(" "),
        drawn.join(" ")
    ))
    .max(1)
}

/// The stems of a text that say what it is about.
fn essence(text: &str, places: &BTreeSet<String>) -> Vec<String> {
    let base = |word: &crate::search::analysis::words::Spelled| {
        word.joined().or_else(|| word.bases().next().map(str::to_owned))
    };
    words(text)
        .iter()
        .filter_map(base)
        .filter(|word| !is_stop(word) && !word.bytes().any(|b| b.is_ascii_digit()))
        .map(|word| stem(&word))
        .filter(|stem| !places.contains(stem))
        .collect()
}

/// The stems of everything that names where a record is, and of who publishes it.
fn places(record: &Opportunity) -> BTreeSet<String> {
    let official = |place: &Place| Gazetteer::embedded().name_of(place.ags.as_ref()?);
    let names = record.places.iter().flat_map(|place| {
        [place.town.clone(), place.district.clone(), place.street.clone(), official(place)]
    });
    let by = record.organisation.as_ref().map(|by| by.name.clone());
    let names: Vec<String> = names.chain([by]).flatten().collect();
    let parts = names.iter().flat_map(|name| words(name));
    parts.flat_map(|word| word.parts).flatten().map(|word| stem(&word)).collect()
}

/// The first eight bytes of a hash: the same on every machine and in every version of a library.
fn number(text: &str) -> u64 {
    Hash::of(text.as_bytes()).as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}
