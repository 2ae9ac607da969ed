//! What is asked of the index: words, a place, choices, and where to go on.

use std::fmt;
use std::str::FromStr;

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::{Code, Direction};
use engagement_protocol::time::Day;

use crate::domain::dates::Days;
use crate::domain::matching;
use crate::domain::vocabulary::List;

/// Most hits in one answer.
pub const MAX_LIMIT: usize = 100;

/// A search.
///
/// Choices within one list are alternatives; all lists, the words and the radius must be satisfied. An
/// empty list asks for nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What somebody typed. A record has all of the words, or most of them if too few have all; stop words ask for
    /// nothing.
    pub words: String,
    /// Words that a record need not have and counts more for: what wishes and modes were said in.
    pub hints: String,
    /// Where somebody searches; without it, `home` is where.
    pub near: Option<Near>,
    /// How far away a record may be, in kilometres; remote ones pass. Without a place it asks for nothing.
    pub radius_km: Option<f64>,
    /// Where the node is at home.
    pub home: Option<Near>,
    /// Seek or offer.
    pub directions: Vec<Direction>,
    /// Codes of fields; `weitere` means those that the vocabulary does not know, here and below.
    pub fields: Vec<Code>,
    /// Codes of activities.
    pub activities: Vec<Code>,
    /// Codes of target groups.
    pub targets: Vec<Code>,
    /// Codes of commitments.
    pub commitments: Vec<Code>,
    /// Codes of modes.
    pub modes: Vec<Code>,
    /// Codes of slots.
    pub slots: Vec<Code>,
    /// Codes of bands of hours a month ([`Band`](crate::domain::effort::Band)).
    pub hours: Vec<Code>,
    /// Codes of accessibility, each of which the record must answer with yes.
    pub accessibility: Vec<Code>,
    /// Codes of those whom a record suits.
    pub suited: Vec<Code>,
    /// What somebody can do, and who they are.
    pub wish: Wish,
    /// What records are judged and ranked by instead of place and freshness; those behind a closed gate are left out.
    pub matching: Option<matching::Wish>,
    /// Whether what was created last comes first, whatever else it has.
    pub newest: bool,
    /// Areas that one of the places must lie in.
    pub areas: Vec<Ags>,
    /// Codes of modes in which a record need not lie in an area.
    pub or_modes: Vec<Code>,
    /// Areas that must not hold all of the places.
    pub not_areas: Vec<Ags>,
    /// Codes of fields, activities, targets and requirements, none of which a record may have.
    pub without: Vec<(List, Code)>,
    /// Beginnings of words, of each of which a record has to have a word; letters folded.
    pub begun: Vec<String>,
    /// Records that were changed earlier, by their own word, are left out; those that do not say when stay.
    pub modified_since: Option<Day>,
    /// What tells this search from others; a position in its results says so again.
    pub fingerprint: u32,
    /// Whether words are taken as they are typed, even if no record has them.
    pub exact: bool,
    /// Whether records that say the same are one hit.
    pub grouped: bool,
    /// The day on which it is asked: what expired before is not found.
    pub today: Day,
    /// Most hits; above [`MAX_LIMIT`] it is that, 0 asks for total and facets only.
    pub limit: usize,
    /// Where the page before ended.
    pub after: Option<After>,
}

impl Query {
    /// Returns the query that asks for everything that is shown on `today`.
    #[must_use]
    pub const fn all(today: Day) -> Self {
        Self {
            words: String::new(),
            hints: String::new(),
            near: None,
            radius_km: None,
            home: None,
            directions: Vec::new(),
            fields: Vec::new(),
            activities: Vec::new(),
            targets: Vec::new(),
            commitments: Vec::new(),
            modes: Vec::new(),
            slots: Vec::new(),
            hours: Vec::new(),
            accessibility: Vec::new(),
            suited: Vec::new(),
            wish: Wish::NOTHING,
            matching: None,
            newest: false,
            areas: Vec::new(),
            or_modes: Vec::new(),
            not_areas: Vec::new(),
            without: Vec::new(),
            begun: Vec::new(),
            modified_since: None,
            fingerprint: 0,
            exact: false,
            grouped: false,
            today,
            limit: 20,
            after: None,
        }
    }
}

/// What somebody said about their own time and age.
///
/// A record that states something else is left out. One that states nothing stays, behind those that do:
/// what is missing is unknown, and half of all records say nothing about time. This is what tells a wish
/// from the choices of a [`Query`], which only find what is stated.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Codes of slots at which somebody has time.
    pub slots: Vec<Code>,
    /// Codes of commitments that somebody would enter.
    pub commitments: Vec<Code>,
    /// Most hours at once.
    pub hours_at_once: Option<f64>,
    /// Most hours in a month.
    pub hours_a_month: Option<f64>,
    /// Most times in a year.
    pub times_a_year: Option<u32>,
    /// How old somebody is, in years.
    pub age: Option<u8>,
    /// The days on which somebody has time.
    pub days: Option<Days>,
}

impl Wish {
    /// Asks for nothing.
    pub const NOTHING: Self = Self {
        slots: Vec::new(),
        commitments: Vec::new(),
        hours_at_once: None,
        hours_a_month: None,
        times_a_year: None,
        age: None,
        days: None,
    };
}

/// A place where somebody stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The municipality, or a larger area, that is the own one there.
    pub ags: Option<Ags>,
}

/// Where a page ended: opaque, and text that may stand in a URL.
///
/// It names the state of the index that the page was read from, so that the next one neither repeats nor
/// leaves out records while others change, and the day its scores were counted for. It is not a secret and
/// not signed: whatever parses is a position, and a made-up one finds what lies behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct After {
    /// The last change in the state that the page was read from.
    pub(super) applied: u64,
    /// The day that freshness was counted to.
    pub(super) day: Day,
    /// The last hit's score.
    pub(super) score: f32,
    /// What the last hit's id is among others.
    pub(super) id: u128,
    /// The last hit's row.
    pub(super) row: u64,
    /// Which search it belongs to, as [`Query::fingerprint`] said.
    pub(super) of: u32,
}

impl After {
    /// Returns whether it is a position in the results of the search with this fingerprint.
    #[must_use]
    pub const fn is_of(&self, fingerprint: u32) -> bool {
        self.of == fingerprint
    }
}

/// The text is no position in a list of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a position in a list of results: begin with the first page")]
pub struct AfterError;

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { applied, day, score, id, row, of } = self;
        write!(f, "{applied:x}-{:x}-{:x}-{id:x}-{row:x}-{of:x}", day.number(), score.to_bits())
    }
}

impl FromStr for After {
    type Err = AfterError;

    fn from_str(text: &str) -> Result<Self, AfterError> {
        let mut parts = text.split('-').map(hex);
        let mut part = || parts.next().unwrap_or(Err(AfterError));
        let mut number = || part().and_then(|part| u64::try_from(part).map_err(|_| AfterError));
        let (applied, day, score) = (number()?, number()?, number()?);
        let id = part()?;
        let mut number = || part().and_then(|part| u64::try_from(part).map_err(|_| AfterError));
        let (row, of) = (number()?, number()?);
        let of = u32::try_from(of).map_err(|_| AfterError)?;
        if parts.next().is_some() {
            return Err(AfterError);
        }
        let day = Day::from_number(u32::try_from(day).map_err(|_| AfterError)?);
        let score = f32::from_bits(u32::try_from(score).map_err(|_| AfterError)?);
        // A NaN would be behind and before everything.
        if score.is_finite() && score.is_sign_positive() {
            Ok(Self { applied, day, score, id, row, of })
        } else {
            Err(AfterError)
        }
    }
}

fn hex(text: &str) -> Result<u128, AfterError> {
    let shaped = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if shaped { u128::from_str_radix(text, 16).map_err(|_| AfterError) } else { Err(AfterError) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_position_reads_back(
            applied: u64, day in 0u32..2_900_000, score in 0.0f32.., id: u128, row: u64, of: u32,
        ) {
            let after = After { applied, day: Day::from_number(day), score, id, row, of };
            let text = after.to_string();
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
            prop_assert_eq!(text.parse(), Ok(after));
        }

        #[test]
        fn takes_any_text(text in "\\PC*", digits in "[0-9a-f-]{0,40}") {
            let _ = text.parse::<After>();
            let _ = digits.parse::<After>();
        }
    }

    #[test]
    fn refuses_what_is_no_position() {
        for text in [
            "",
            "1-2-3",
            "1-2-3-4-5",
            "1-2-3-4-5-6-7",
            "1-2-7fc00000-4-5-6",
            "1-2-ff800000-4-5-6",
            "1-2-bf800000-4-5-6",
            "+1-2-3-4-5-6",
            "1-2-3-4-5-",
            "A-2-3-4-5-6",
            "1-2-100000000-4-5-6",
            "1-ffffffffff-3-4-5-6",
            "1-2-3-4-10000000000000000-6",
            "1-2-3-100000000000000000000000000000000-5-6",
            "1-2-3-4-5-100000000",
        ] {
            assert_eq!(text.parse::<After>(), Err(AfterError), "{text}");
        }
    }
}
