//! What is not wanted: "nicht in Dülmen", "außer samstags", "weder abends noch online", "sonntags geht nicht".

use std::ops::Range;

use super::{AROUND, Ask, Scan};
use crate::domain::time_phrase::say;
use crate::domain::vocabulary::{List, Vocabulary};

/// What turns round what follows.
pub(super) const NOT: &[&str] = &[
    "nicht",
    "kein",
    "keine",
    "keinen",
    "keiner",
    "ausser",
    "ausserhalb",
    "ausgenommen",
    "ohne",
    "nie",
    "niemals",
    "weder",
];
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
    "jede",
    "jedes",
];
/// What leads to a "nicht", and says nothing without it.
const BEFORE: &[&str] = &["aber", "bitte", "und", "nur", "bloss", "am", "liebsten", "lieber"];
/// What may stand between a constraint and a "nicht" behind it.
const BEHIND: &[&str] = &["geht", "passt", "kann", "ich", "mir", "es", "bitte", "leider", "auch"];

/// What says behind a time that somebody is busy then.
const BUSY_BEHIND: &[&[&str]] = &[
    &["arbeite"],
    &["arbeite", "ich"],
    &["arbeiten", "muss"],
    &["muss", "ich", "arbeiten"],
    &["bin", "ich", "arbeiten"],
    &["bin", "ich", "auf", "der", "arbeit"],
    &["auf", "der", "arbeit", "bin"],
    &["berufstaetig", "bin"],
    &["dienst", "habe"],
    &["schule", "habe"],
    &["training", "habe"],
    &["zur", "schule", "muss"],
    &["zur", "schule", "gehe"],
    &["in", "der", "schule", "bin"],
    &["bin", "ich", "in", "der", "schule"],
    &["unterricht", "habe"],
    &["in", "der", "uni", "bin"],
    &["uni", "habe"],
    &["keine", "zeit", "habe"],
    &["habe", "ich", "keine", "zeit"],
    &["keine", "zeit"],
];
/// What somebody has and is busy with.
const BUSY: &[&str] =
    &["schule", "training", "unterricht", "uni", "dienst", "schicht", "probe", "vorlesung"];
/// What says so before it.
const BUSY_BEFORE: &[&[&str]] = &[
    &["ich", "arbeite"],
    &["arbeite"],
    &["ich", "arbeite", "von"],
    &["ich", "arbeite", "bis"],
    &["ich", "arbeite", "immer"],
    &["ich", "arbeite", "aber"],
    &["arbeite", "aber"],
    &["arbeite", "immer"],
];
/// What leads to it.
const BECAUSE: &[&str] = &["weil", "da", "denn", "aber", "ich", "und", "muss"];

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
        let free = |at: usize| self.is_free(at..at + 1);
        let partly = |at: usize| self.word(at).is_some_and(|word| PARTLY.contains(&word));
        // "nur" and "überall" belong to the constraint by now, "unbedingt" does not.
        let leads =
            |at: usize| partly(at) || self.word(at).is_some_and(|word| AROUND.contains(&word));
        let inner = (range.start..range.end).find(|at| !leads(*at)).unwrap_or(range.end);
        let mut first = range.start;
        while first > 0 && partly(first - 1) && free(first - 1) {
            first -= 1;
        }
        // "außer Dülmen": what turns it round leads to it.
        if self.is_not(inner) && inner + 1 < range.end {
            let is_partly = (first..inner).any(partly);
            return if is_partly { Negation::Partly } else { Negation::Plain };
        }
        let start = first.checked_sub(1).filter(|at| self.is_not(*at) && free(*at));
        let fall = first.checked_sub(3).filter(|at| {
            self.words(*at, &["auf", "keinen", "fall"]) > 0 && self.is_free(*at..first)
        });
        let Some(not) = fall.or(start) else { return self.negation_behind(range) };
        range.start = not;
        while range.start > 0
            && free(range.start - 1)
            && self.word(range.start - 1).is_some_and(|word| BEFORE.contains(&word))
        {
            range.start -= 1;
        }
        if (first..inner).any(partly) { Negation::Partly } else { Negation::Plain }
    }

    /// "weil ich tagsüber arbeite", "ich arbeite vormittags": when somebody has no time. Takes what says so into the range.
    pub(super) fn obstacle(&self, range: &mut Range<usize>) -> bool {
        let likes =
            |at: usize| matches!(self.word(at), Some("gern" | "gerne" | "lieber" | "liebsten"));
        let free = |range: Range<usize>| self.is_free(range);
        if (range.start..=range.end).any(likes) {
            return false;
        }
        let start = range.start;
        let word = |at: Option<usize>| at.and_then(|at| self.word(at));
        let is_busy = |at: usize| word(Some(at)).is_some_and(|word| BUSY.contains(&word));
        // "ich habe vormittags Schule": who has it belongs to the time by now.
        let has = (start..range.end).any(|at| self.word(at) == Some("habe"));
        let must = word(start.checked_sub(1)) == Some("muss");
        let behind =
            if must && self.word(range.end) == Some("arbeiten") || has && is_busy(range.end) {
                1
            } else if self.words(range.end, &["habe", "ich"]) > 0 && is_busy(range.end + 2) {
                3
            } else {
                self.longest(range.end, BUSY_BEHIND)
            };
        let before = BUSY_BEFORE.iter().filter_map(|words| {
            let from = start.checked_sub(words.len())?;
            (self.words(from, words) > 0 && free(from..start)).then_some(from)
        });
        let before = before.min();
        if behind > 0 && free(range.end..range.end + behind) {
            range.end += behind;
        } else if before.is_none() {
            return false;
        }
        range.start = before.unwrap_or(range.start);
        while range.start > 0
            && free(range.start - 1..range.start)
            && self.word(range.start - 1).is_some_and(|word| BECAUSE.contains(&word))
        {
            range.start -= 1;
        }
        true
    }

    /// "sonntags nicht", "montags geht es nicht": only where nothing follows that it could belong to.
    fn negation_behind(&self, range: &mut Range<usize>) -> Negation {
        let mut at = range.end;
        while self.is_free(at..at + 1)
            && self.word(at).is_some_and(|word| BEHIND.contains(&word))
            && at < range.end + BEHIND.len()
        {
            at += 1;
        }
        let is_over =
            at + 1 == self.tokens.len() || [',', ';', '.'].iter().any(|end| self.is(at + 1, *end));
        let is_not = matches!(self.word(at), Some("nicht" | "nie" | "niemals"));
        if !is_not || !is_over || !self.is_free(at..at + 1) {
            return Negation::None;
        }
        range.end = at + 1;
        Negation::Plain
    }

    /// Whether a word turns round what follows; "noch" does so behind "weder".
    fn is_not(&self, at: usize) -> bool {
        let Some(word) = self.word(at) else { return false };
        let is_second = || (0..at).any(|before| self.word(before) == Some("weder"));
        // "noch sonntags" is what is left of "weder samstags noch sonntags".
        NOT.contains(&word) || (word == "noch" && (at == 0 || is_second()))
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
        | Ask::When(..)
        | Ask::Needs(_)
        | Ask::Direction(_)
        | Ask::Around(..)
        | Ask::Anything
        | Ask::Nearby(_)
        | Ask::InsideOr(..)
        | Ask::Without(_)
        | Ask::Outside(_) => None,
    }
}
