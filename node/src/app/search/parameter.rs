//! Parameters of a search, read one by one; each refusal says what would do.

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::Direction;

use super::SearchError;
use crate::search::query::After;

/// Most values of one filter.
const FILTER_VALUES: usize = 32;

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

pub(super) fn codes(name: &'static str, values: &[String]) -> Result<Vec<String>, SearchError> {
    each(name, values, |value| {
        let plain = value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
        if plain && value.len() <= 40 {
            Ok(value.to_owned())
        } else {
            Err(parameter(
                name,
                format!(
                    "{name} ist ein Kürzel aus Kleinbuchstaben, Ziffern und _, zum Beispiel sport."
                ),
            ))
        }
    })
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

pub(super) fn cursor(value: &str) -> Result<After, SearchError> {
    value.parse().map_err(|_| {
        parameter(
            "cursor",
            "Diese Fortsetzung ist keine. Beginnen Sie die Suche ohne cursor neu.".to_owned(),
        )
    })
}
