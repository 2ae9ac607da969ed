//! What counts how much: every number that decides about the order of results.
//!
//! score = text × share^1.5 × place × freshness × completeness × said (× offer). Text is BM25F: the sum over the
//! query's words of rarity × weight of the way it is met × how often it stands there, where fields count as often as
//! [`times`] says; pairs and hints add to it. `share` is the part of the query that a record has. Without words text
//! and share are 1. The steps of place do not overlap even at the extremes of freshness and completeness, so that a
//! list without words is ordered by place first.
//!
//! The numbers were chosen on the odd half of `config/eval` in coarse steps, and where a range did as well as another
//! its middle was taken: halving or doubling one of them moved nDCG@10 there by less than 0.015. Without [`FRONT`] it
//! fell by 0.025, and by 0.027 if [`FILLER`] counted like any word.

use crate::search::answer::Locality;

use super::entry::Part;
use super::time::Fit;

/// Returns how often a word counts that stands once in a part of a record: a digit.
pub(super) const fn times(part: Part) -> char {
    match part {
        Part::Title => '6',
        Part::Summary => '3',
        Part::Labels | Part::Organisation | Part::Place => '2',
        Part::Text => '1',
    }
}

/// How much another form of a word counts against the word as it was typed.
pub(super) const STEM: f32 = 0.9;
/// How much two words near each other count, against the commoner of them.
pub(super) const PAIR: f32 = 0.5;

/// The frequency at which a word counts half, in a record of average length: high, because a word in a title
/// counts six times two.
const HALF_TIMES: f32 = 9.0;
/// How much of that grows with the length of the record.
const LENGTH: f32 = 0.3;

/// The shares of a query that a record has to have, the strictest first: all of it, most of it …
pub(super) const STEPS: [f32; 5] = [0.999, 0.65, 0.45, 0.3, 0.0];
/// So many records are enough: a page.
pub(super) const ENOUGH: usize = 20;

/// Returns, for every code of a length, the frequency at which a word counts half.
#[expect(clippy::cast_precision_loss, reason = "lengths are approximate anyway")]
pub(super) fn halves(tokens: u64, records: u64) -> Vec<f32> {
    let average = tokens as f32 / records.max(1) as f32;
    let half = |code: u8| {
        let length = tantivy::fieldnorm::FieldNormReader::id_to_fieldnorm(code) as f32;
        HALF_TIMES * (1.0 - LENGTH + LENGTH * length / average.max(1.0))
    };
    (0..=u8::MAX).map(half).collect()
}

/// Returns how much a text counts that has this share of the query.
#[inline]
pub(super) fn share(share: f32) -> f32 {
    share * share.sqrt()
}

/// The elements of a compound, somewhere in the record: `Bücherbusfahrer` by `Fahrer` and `Bücherbus`.
pub(super) const PARTS: f32 = 0.6;
/// The elements of its elements.
pub(super) const SHORT_PARTS: f32 = 0.4;
/// The parts between hyphens, which people chose to see apart.
pub(super) const HYPHENED: f32 = 0.8;
/// A word that differs from what was typed by a letter or two, if no record has what was typed.
pub(super) const TYPO: f32 = 0.9;
/// A word that shares most of its letters, if there are hardly any hits.
pub(super) const SIMILAR: f32 = 0.5;
/// A word that means nearly the same. It counts less if it is commoner than the word itself.
pub(super) const SYNONYM: f32 = 0.5;
/// One element of a compound without the others, if it is not the last: `Bücherbus` says what `Bücherbusfahrer` is
/// about. It counts less the commoner it is.
pub(super) const FRONT: f32 = 0.4;
/// The last element without the others: `Fahrer` says what kind of thing it is.
pub(super) const BACK: f32 = 0.2;
/// The part of a word that a record has, if it has one of its elements.
pub(super) const PART_SHARE: f32 = 0.6;
/// An element that more than one record of so many has says nothing alone.
pub(super) const COMMON: u64 = 7;
/// A word that stands in every second query: `helfen`, `suchen`.
pub(super) const FILLER: f32 = 0.2;
/// A word in small letters, where somebody writes nouns with capitals.
pub(super) const LOWER: f32 = 0.6;
/// A word that a record need not have: `samstags` in its text, where nothing says when it is.
const HINT: f32 = 0.4;
/// The most that hints add to what is worth 1 without words: as much as it costs to say nothing.
pub(super) const MOST_HINTS: f32 = 0.6;
/// An offer of help beside words, if nobody said that they look for one: most people who search want to help.
pub(super) const OFFER: f32 = 0.6;

/// What is near if nobody said how near, in kilometres.
pub(super) const NEAR_KM: f64 = 25.0;

/// The distance at which nearness has fallen to a half, in kilometres.
const HALF_KM: f32 = 25.0;
/// The distance that is taken for a record whose place nobody knows, in kilometres.
const UNKNOWN_KM: f32 = 500.0;

/// The age at which half of the bonus for freshness is gone, in days.
const HALF_DAYS: f32 = 180.0;
/// The share of the score that freshness decides about.
const FRESH: f32 = 0.12;
/// The share of the score that completeness decides about.
const COMPLETE: f32 = 0.03;

/// How much a record counts for each thing that somebody wished for and it leaves open.
pub(super) const UNSAID: f32 = 0.6;
/// How much a record counts that names no age, if somebody said theirs.
pub(super) const AGELESS: f32 = 0.8;

/// Returns how much it counts that a record says so much of what somebody wished for.
#[inline]
pub(super) fn said(fit: Fit) -> f32 {
    UNSAID.powi(i32::from(fit.unsaid)) * if fit.ageless { AGELESS } else { 1.0 }
}

/// Returns how much a word counts as a hint that is so rare.
pub(super) fn hint(rarity: f32) -> f32 {
    HINT * rarity
}

/// Returns how much a record's place counts.
///
/// Own municipality 3.0 to 4.0, neighbours 1.8 to 2.4, near 0.75 to 1.5, remote 0.6, the rest up to 0.5.
#[inline]
pub(super) fn place(locality: Locality, distance_km: Option<f32>) -> f32 {
    let nearness = HALF_KM / (HALF_KM + distance_km.unwrap_or(UNKNOWN_KM));
    match locality {
        Locality::Own => 3.0 + nearness,
        Locality::Neighbour => 1.8 + 0.6 * nearness,
        Locality::Near => 0.75 + 0.75 * nearness,
        Locality::Remote => 0.6,
        Locality::Land => 0.5 * nearness,
    }
}

/// Returns the most that a record's place can count, however near it is.
pub(super) const fn most(locality: Locality) -> f32 {
    match locality {
        Locality::Own => 4.0,
        Locality::Neighbour => 2.4,
        Locality::Near => 1.5,
        Locality::Remote => 0.6,
        Locality::Land => 0.5,
    }
}

/// Returns how much a record's place counts beside words: half as much, or a word in passing would win.
#[inline]
pub(super) fn place_beside_words(place: f32) -> f32 {
    place.sqrt()
}

/// Returns how much it counts that a record was verified so many days ago, if ever.
#[expect(clippy::cast_precision_loss, reason = "days of a life fit exactly")]
#[inline]
pub(super) fn freshness(age_days: Option<u32>) -> f32 {
    let fresh = age_days.map_or(0.0, |days| HALF_DAYS / (HALF_DAYS + days as f32));
    (1.0 - FRESH + FRESH * fresh).min(1.0)
}

/// Returns how much it counts that a record answers so many of the questions that people ask.
#[expect(clippy::cast_precision_loss, reason = "it is a small number")]
#[inline]
pub(super) fn completeness(answers: u32) -> f32 {
    let share = answers.min(super::schema::QUESTIONS) as f32 / super::schema::QUESTIONS as f32;
    1.0 - COMPLETE + COMPLETE * share
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least and the most that a place can count, whatever the distance and freshness.
    fn range(locality: Locality, from_km: f32, to_km: Option<f32>) -> (f32, f32) {
        (
            place(locality, to_km) * freshness(None) * completeness(0),
            place(locality, Some(from_km)) * freshness(Some(0)) * completeness(u32::MAX),
        )
    }

    #[test]
    fn the_steps_of_place_do_not_overlap() {
        let steps = [
            range(Locality::Own, 0.0, None),
            range(Locality::Neighbour, 0.0, None),
            range(Locality::Near, 0.0, Some(1e6)),
            range(Locality::Remote, 0.0, None),
            range(Locality::Land, 0.0, None),
        ];
        for pair in steps.windows(2) {
            assert!(pair[0].0 > pair[1].1, "{steps:?}");
        }
        for locality in
            [Locality::Own, Locality::Neighbour, Locality::Near, Locality::Remote, Locality::Land]
        {
            assert!(place(locality, Some(0.0)) <= most(locality));
        }
        assert!(steps.iter().all(|step| step.0 > 0.0));
    }

    #[test]
    fn nearer_and_fresher_is_more() {
        assert!(place(Locality::Land, Some(60.0)) > place(Locality::Land, Some(61.0)));
        assert!(completeness(3) > completeness(2));
        assert!(freshness(Some(10)) > freshness(Some(400)));
        assert!(freshness(Some(u32::MAX)) >= freshness(None));
    }
}
