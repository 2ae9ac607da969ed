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
use crate::search::analysis::document::Memo;
use crate::search::analysis::words::words;

/// Words that are compared as one.
const SHINGLE: usize = 2;
/// How many of them are drawn.
const DRAWN: usize = 2;
/// Fewer words are too few to tell.
const LEAST_WORDS: usize = 20;

/// Returns what records that say the same have in common; 0 says nothing.
pub(super) fn of(record: &Opportunity, memo: &mut Memo) -> u64 {
    let places = places(record, memo);
    let title = essence(&record.title, &places, memo);
    let text = essence(&record.description, &places, memo);
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

/// Whether a folded word says nothing about what a text is about.
fn is_small(word: &str) -> bool {
    SMALL.binary_search(&word).is_ok()
}

/// Sorted by bytes. A list of its own: what queries pass over changes with what people type, and every change here
/// draws other words from all texts.
const SMALL: &[&str] = &[
    "ab", "aber", "als", "am", "an", "auch", "auf", "aus", "bei", "beim", "bin", "bis", "da",
    "das", "dass", "dem", "den", "der", "des", "die", "durch", "ein", "eine", "einem", "einen",
    "einer", "eines", "er", "es", "etwas", "fuer", "für", "gern", "gerne", "habe", "haben", "hat",
    "ich", "ihr", "im", "in", "ins", "ist", "kann", "kein", "keine", "mal", "man", "mein", "meine",
    "meinem", "meinen", "meiner", "mich", "mir", "mit", "moechte", "möchte", "nach", "nicht",
    "oder", "ohne", "sich", "sie", "sind", "so", "um", "und", "uns", "unser", "unsere", "vom",
    "von", "vor", "war", "was", "wer", "wie", "will", "wir", "wo", "zu", "zum", "zur", "über",
];

/// The stems of a text that say what it is about.
fn essence(text: &str, places: &BTreeSet<String>, memo: &mut Memo) -> Vec<String> {
    let base = |word: &crate::search::analysis::words::Spelled| {
        word.joined().or_else(|| word.bases().next().map(str::to_owned))
    };
    words(text)
        .iter()
        .filter_map(base)
        .filter(|word| !is_small(word) && !word.bytes().any(|b| b.is_ascii_digit()))
        .map(|word| memo.stem(&word))
        .filter(|stem| !places.contains(stem))
        .collect()
}

/// The stems of everything that names where a record is, and of who publishes it.
fn places(record: &Opportunity, memo: &mut Memo) -> BTreeSet<String> {
    let official = |place: &Place| Gazetteer::embedded().name_of(place.ags.as_ref()?);
    let names = record.places.iter().flat_map(|place| {
        [place.town.clone(), place.district.clone(), place.street.clone(), official(place)]
    });
    let by = record.organisation.as_ref().map(|by| by.name.clone());
    let names: Vec<String> = names.chain([by]).flatten().collect();
    let parts = names.iter().flat_map(|name| words(name));
    parts.flat_map(|word| word.parts).flatten().map(|word| memo.stem(&word)).collect()
}

/// The first eight bytes of a hash: the same on every machine and in every version of a library.
fn number(text: &str) -> u64 {
    Hash::of(text.as_bytes()).as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

#[cfg(test)]
mod tests {
    use engagement_protocol::opportunity::{Direction, Organisation};

    use super::*;
    use crate::search::check::record;

    /// The labelled set: groups with the numbers of their records.
    fn labelled() -> Vec<(&'static str, u64)> {
        let lines = include_str!("testdata/likeness.tsv").lines();
        let lines = lines.filter(|line| !line.starts_with('#'));
        let read = |line: &'static str| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [group, direction, commitment, title, town, plz, by, description] = columns[..]
            else {
                panic!("{line}")
            };
            let mut record = record(title);
            record.direction =
                if direction == "offer" { Direction::Offer } else { Direction::Seek };
            record.commitment = Some(commitment.to_owned());
            let place = Place {
                town: Some(town.to_owned()),
                plz: Some(plz.to_owned()),
                ..Place::default()
            };
            record.places = vec![place];
            record.organisation = Some(Organisation { id: None, name: by.to_owned(), url: None });
            record.description = description.to_owned();
            (group, of(&record, &mut Memo::default()))
        };
        lines.map(read).collect()
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(SMALL.is_sorted() && is_small("für"));
    }

    #[test]
    fn what_is_not_the_same_is_never_one_and_most_of_what_is_the_same_is() {
        let set = labelled();
        let (mut same, mut found) = (0, 0);
        for (at, (group, number)) in set.iter().enumerate() {
            for (other, likeness) in &set[at + 1..] {
                let alike = *number != 0 && number == likeness;
                assert!(!alike || group == other, "{group} {other}");
                same += i32::from(group == other);
                found += i32::from(group == other && alike);
            }
        }
        assert!(same > 50, "{same}");
        // Precision comes first: the texts are short, so that one word is a large part of them.
        assert!(found * 100 >= same * 60, "{found} of {same} pairs were found");
    }
}
