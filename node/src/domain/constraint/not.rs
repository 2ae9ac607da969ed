//! What is not wanted: "nicht in Dülmen", "außer samstags", "nicht online".

use std::ops::Range;

use super::{Ask, Scan};
use crate::domain::time_phrase::lexicon::{Meaning, meaning};
use crate::domain::time_phrase::say;
use crate::domain::vocabulary::{List, Vocabulary};

/// What stands between "nicht" and a constraint so that little is said against it.
const PARTLY: &[&str] = &[
    "nur",
    "immer",
    "bloss",
    "allein",
    "unbedingt",
    "zwingend",
    "ausschliesslich",
    "notwendigerweise",
    "jeden",
];
/// What leads to a "nicht", and says nothing without it.
const BEFORE: &[&str] = &["aber", "bitte", "und", "nur", "bloss", "am", "liebsten"];

/// What the words before a constraint make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Negation {
    /// Nothing.
    None,
    /// The opposite.
    Plain,
    /// Nothing that could be asked for: "nicht nur samstags".
    Partly,
}

impl Scan<'_> {
    /// Returns what stands before a constraint, and takes that into its range.
    pub(super) fn negation(&self, range: &mut Range<usize>) -> Negation {
        let is_not =
            |at: usize| self.word(at).is_some_and(|word| meaning(word) == Some(Meaning::Not));
        let free = |at: usize| self.is_free(at..at + 1);
        let partly = |at: usize| self.word(at).is_some_and(|word| PARTLY.contains(&word));
        // "nur" belongs to the constraint by now, "unbedingt" does not.
        let inner = (range.start..range.end).find(|at| !partly(*at)).unwrap_or(range.end);
        let mut first = range.start;
        while first > 0 && partly(first - 1) && free(first - 1) {
            first -= 1;
        }
        // "außer Dülmen": what turns it round leads to it.
        if is_not(inner) && inner + 1 < range.end {
            return if first < inner { Negation::Partly } else { Negation::Plain };
        }
        let Some(not) = first.checked_sub(1).filter(|at| is_not(*at) && free(*at)) else {
            return Negation::None;
        };
        if first < inner {
            return Negation::Partly;
        }
        range.start = not;
        while range.start > 0
            && free(range.start - 1)
            && self.word(range.start - 1).is_some_and(|word| BEFORE.contains(&word))
        {
            range.start -= 1;
        }
        Negation::Plain
    }
}

/// Returns the opposite of what was asked for and how people are shown it; nothing if there is none.
pub(super) fn turned(ask: Ask) -> Option<(String, Ask)> {
    let vocabulary = Vocabulary::embedded();
    match ask {
        Ask::Slots(slots) => {
            let codes = vocabulary.codes(List::Slots).map(|(code, _)| code.to_owned());
            let rest: Vec<_> = codes.filter(|code| !slots.contains(code)).collect();
            Some((format!("nicht {}", say::slots(&slots)), Ask::Slots(rest)))
        }
        Ask::Effort {
            hours_at_once: None,
            hours_a_month: None,
            times_a_year: None,
            commitments,
            slots,
        } if slots.is_empty() => {
            let label = vocabulary.label(List::Commitment, commitments.first()?);
            let codes = vocabulary.codes(List::Commitment).map(|(code, _)| code.to_owned());
            let commitments = codes.filter(|code| !commitments.contains(code)).collect();
            let (hours_at_once, hours_a_month, times_a_year) = (None, None, None);
            let ask =
                Ask::Effort { hours_at_once, hours_a_month, times_a_year, commitments, slots };
            Some((format!("nicht: {label}"), ask))
        }
        Ask::Modes(modes) => {
            let is_remote = modes.iter().any(|mode| mode == "remote");
            let (label, codes) = if is_remote {
                ("nicht von zu Hause aus", ["onsite", "mobile", "hybrid"].as_slice())
            } else {
                ("nicht vor Ort", ["remote", "hybrid"].as_slice())
            };
            let codes = codes.iter().map(|code| (*code).to_owned()).collect();
            Some((label.to_owned(), Ask::Modes(codes)))
        }
        Ask::Inside(spots) => {
            let names: Vec<&str> = spots.iter().map(|spot| spot.label.as_str()).collect();
            Some((format!("nicht in {}", names.join(", ")), Ask::Outside(spots)))
        }
        Ask::Effort { .. }
        | Ask::Age(_)
        | Ask::Direction(_)
        | Ask::Around(..)
        | Ask::Outside(_) => None,
    }
}
