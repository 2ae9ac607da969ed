//! Parameters of a search, read one by one; each refusal says what would do.

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::Direction;

use engagement_protocol::time::Day;

use super::SearchError;
use crate::domain::effort::Band;
use crate::domain::vocabulary::{List, UNKNOWN, Vocabulary};
use crate::search::query::After;

/// Most values of one filter.
const FILTER_VALUES: usize = 32;
/// Most characters of a wrong code that are repeated to whoever sent it.
const CODE_CHARS: usize = 40;

pub(super) fn parameter(name: &'static str, rule: String) -> SearchError {
    SearchError::Parameter { name, rule }
}

pub(super) fn each<T>(
    name: &'static str,
    values: &[String],
    parse: impl Fn(&str) -> Result<T, SearchError>,
) -> Result<Vec<T>, SearchError> {
    if values.len() > FILTER_VALUES {
        return Err(parameter(name, format!("Höchstens {FILTER_VALUES} Werte sind möglich.")));
    }
    values.iter().filter(|value| !value.is_empty()).map(|value| parse(value)).collect()
}

/// Reads codes of a list of the vocabulary; the one for all that it does not know is among them.
pub(super) fn codes(
    name: &'static str,
    list: List,
    values: &[String],
) -> Result<Vec<String>, SearchError> {
    let known = Vocabulary::embedded().codes(list).map(|(code, _)| code);
    among(name, &known.chain([UNKNOWN]).collect::<Vec<_>>(), values)
}

/// Reads codes of bands of hours.
pub(super) fn bands(name: &'static str, values: &[String]) -> Result<Vec<String>, SearchError> {
    let known = Band::ALL.iter().map(|band| band.code()).chain([UNKNOWN]);
    among(name, &known.collect::<Vec<_>>(), values)
}

/// A code that nothing can have would find nothing and say nothing.
fn among(
    name: &'static str,
    known: &[&str],
    values: &[String],
) -> Result<Vec<String>, SearchError> {
    each(name, values, |value| {
        if known.contains(&value) {
            return Ok(value.to_owned());
        }
        let value: String = value.chars().take(CODE_CHARS).collect();
        let rule = format!("{name} „{value}“ gibt es nicht. Möglich sind: {}.", known.join(", "));
        Err(parameter(name, rule))
    })
}

/// Reads a day, alone or with a time behind it.
pub(super) fn day(name: &'static str, value: &str) -> Result<Day, SearchError> {
    let date = value.split(['T', ' ']).next().unwrap_or_default();
    date.parse()
        .map_err(|_| parameter(name, format!("{name} ist ein Tag, zum Beispiel 2026-11-01.")))
}

pub(super) fn direction(value: &str) -> Result<Direction, SearchError> {
    match value {
        "seek" => Ok(Direction::Seek),
        "offer" => Ok(Direction::Offer),
        _ => Err(parameter("direction", "direction ist seek oder offer.".to_owned())),
    }
}

pub(super) fn area(value: &str) -> Result<Ags, SearchError> {
    value.parse().map_err(|_| {
        parameter(
            "ags",
            "ags hat 2, 3, 5 oder 8 Ziffern, zum Beispiel 05558 für den Kreis Coesfeld.".to_owned(),
        )
    })
}

/// Reads where a page of the search `of` ended.
pub(super) fn cursor(value: &str, of: u32) -> Result<After, SearchError> {
    let again = "Beginnen Sie die Suche ohne cursor neu.";
    let after: After = value
        .parse()
        .map_err(|_| parameter("cursor", format!("Diese Fortsetzung ist keine. {again}")))?;
    if after.is_of(of) {
        Ok(after)
    } else {
        let rule = format!("Diese Fortsetzung gehört zu einer anderen Suche. {again}");
        Err(parameter("cursor", rule))
    }
}
