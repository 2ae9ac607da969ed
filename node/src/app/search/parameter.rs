//! Parameters of a search, read one by one; each refusal says what would do.

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::Direction;

use engagement_protocol::time::Day;

use super::SearchError;
use crate::domain::effort::Band;
use crate::domain::slots;
use crate::domain::vocabulary::{List, UNKNOWN, Vocabulary};
use crate::search::query::After;

/// Most values of one filter.
const FILTER_VALUES: usize = 32;
/// Most characters of a wrong code that are repeated to whoever sent it.
const CODE_CHARS: usize = 40;

pub(super) fn parameter(name: &'static str, rule: String) -> SearchError {
    SearchError::Parameter { name, rule }
}

/// Returns a value that is text: bytes that are none were replaced when the address was taken apart.
///
/// Searching for what is left of them would find something else and say nothing of it.
pub(super) fn legible<'a>(name: &'static str, value: &'a str) -> Result<&'a str, SearchError> {
    if value.contains(char::REPLACEMENT_CHARACTER) {
        let rule = format!(
            "Der Parameter {name} enthält Zeichen, die niemand lesen kann. Adressen sind in UTF-8 geschrieben: ü ist %C3%BC."
        );
        return Err(parameter(name, rule));
    }
    Ok(value)
}

/// Reads whether something is wanted.
pub(super) fn flag(name: &'static str, value: &str) -> Result<bool, SearchError> {
    let rule = || format!("Der Parameter {name} ist true oder false.");
    value.parse().map_err(|_| parameter(name, rule()))
}

pub(super) fn each<T>(
    name: &'static str,
    values: &[String],
    parse: impl Fn(&str) -> Result<T, SearchError>,
) -> Result<Vec<T>, SearchError> {
    if values.len() > FILTER_VALUES {
        let rule = format!(
            "Der Parameter {name} hat {} Werte, höchstens {FILTER_VALUES} sind möglich.",
            values.len()
        );
        return Err(parameter(name, rule));
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

/// Reads codes of slots, or of groups of them.
pub(super) fn slots(name: &'static str, values: &[String]) -> Result<Vec<String>, SearchError> {
    let known = Vocabulary::embedded().codes(List::Slots).map(|(code, _)| code);
    let known = slots::GROUPS.into_iter().chain(known).chain([UNKNOWN]);
    among(name, &known.collect::<Vec<_>>(), values)
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
        Err(unknown(name, value, known))
    })
}

/// Refuses a code that is none of those that there are.
pub(super) fn unknown(name: &'static str, code: &str, known: &[&str]) -> SearchError {
    let code: String = code.chars().take(CODE_CHARS).collect();
    let known = known.join(", ");
    parameter(name, format!("Der Parameter {name} kennt „{code}“ nicht. Möglich sind: {known}."))
}

/// Reads a day, alone or with a time behind it.
pub(super) fn day(name: &'static str, value: &str) -> Result<Day, SearchError> {
    let date = value.split(['T', ' ']).next().unwrap_or_default();
    date.parse().map_err(|_| {
        parameter(name, format!("Der Parameter {name} ist ein Tag, zum Beispiel 2026-11-01."))
    })
}

pub(super) fn direction(value: &str) -> Result<Direction, SearchError> {
    match value {
        "seek" => Ok(Direction::Seek),
        "offer" => Ok(Direction::Offer),
        _ => Err(parameter(
            "direction",
            "Die Richtung (direction) ist seek für Suche oder offer für Biete.".to_owned(),
        )),
    }
}

pub(super) fn area(value: &str) -> Result<Ags, SearchError> {
    value.parse().map_err(|_| {
        parameter(
            "ags",
            "Der amtliche Schlüssel (ags) hat 2, 3, 5 oder 8 Ziffern, zum Beispiel 05558 für den Kreis Coesfeld.".to_owned(),
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
