//! How much time an opportunity takes: the hours of its record as one number, and the bands people choose from.
//!
//! What a record does not say is `None`, never a guess.

use engagement_protocol::opportunity::Hours;

/// Weeks in a month, on average.
const WEEKS: f64 = 365.25 / 7.0 / 12.0;
/// Days in a month, on average.
const DAYS: f64 = 365.25 / 12.0;

/// Hours a month, as people choose them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Up to 2 hours a month.
    UpTo2,
    /// More than 2, up to 5.
    UpTo5,
    /// More than 5, up to 10.
    UpTo10,
    /// More than 10.
    Over10,
}

impl Band {
    /// All, the shortest first.
    pub const ALL: [Self; 4] = [Self::UpTo2, Self::UpTo5, Self::UpTo10, Self::Over10];

    /// Returns the code that stands in addresses and facets.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UpTo2 => "bis_2",
            Self::UpTo5 => "2_bis_5",
            Self::UpTo10 => "5_bis_10",
            Self::Over10 => "ueber_10",
        }
    }

    /// Returns the band of a record; a border belongs to the shorter one.
    #[must_use]
    pub fn of(hours: &Hours) -> Option<Self> {
        let a_month = a_month(hours)?;
        // Two hours a week are 8.7 a month; nobody would forgive a band missed by a rounding.
        let within = |limit: f64| a_month <= limit + 0.01;
        Some(match () {
            () if within(2.0) => Self::UpTo2,
            () if within(5.0) => Self::UpTo5,
            () if within(10.0) => Self::UpTo10,
            () => Self::Over10,
        })
    }
}

/// Returns the hours a month, if the record says how long and how often.
#[must_use]
pub fn a_month(hours: &Hours) -> Option<f64> {
    let hours_once = hours.per_occurrence.filter(|hours| hours.is_finite() && *hours > 0.0)?;
    Some(hours_once * times_a_month(hours)?)
}

/// Returns how often a month, if the record says it.
#[must_use]
pub fn times_a_month(hours: &Hours) -> Option<f64> {
    let times = f64::from(hours.times.filter(|times| *times > 0)?);
    match hours.per.as_deref()? {
        "day" => Some(times * DAYS),
        "week" => Some(times * WEEKS),
        "month" => Some(times),
        "year" => Some(times / 12.0),
        _ => None,
    }
}

/// Returns hours in quarters of an hour, as they are compared; 0 if they are not said, at least 1 if they are.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "a float is cast to the nearest that fits")]
#[expect(clippy::cast_sign_loss, reason = "it is at least 1")]
pub fn quarters(hours: Option<f64>) -> u16 {
    hours.filter(|hours| *hours > 0.0).map_or(0, |hours| (hours * 4.0).round().max(1.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(per_occurrence: f64, times: u32, per: &str) -> Hours {
        let (times, per) = (Some(times), Some(per.to_owned()));
        Hours { per_occurrence: Some(per_occurrence), times, per, flexible: None }
    }

    #[test]
    fn a_band_is_counted_by_the_month() {
        let band = |once, times, per| Band::of(&hours(once, times, per));
        assert_eq!(band(2.0, 1, "month"), Some(Band::UpTo2));
        assert_eq!(band(1.0, 1, "week"), Some(Band::UpTo5));
        assert_eq!(band(5.0, 2, "month"), Some(Band::UpTo10));
        assert_eq!(band(2.0, 1, "week"), Some(Band::UpTo10));
        assert_eq!(band(0.5, 1, "day"), Some(Band::Over10));
        assert_eq!(band(24.0, 1, "year"), Some(Band::UpTo2));
    }

    #[test]
    fn what_is_not_said_is_not_guessed() {
        assert_eq!(Band::of(&hours(2.0, 1, "decade")), None);
        assert_eq!(Band::of(&hours(2.0, 0, "week")), None);
        assert_eq!(Band::of(&Hours { times: None, ..hours(2.0, 1, "week") }), None);
        assert_eq!(Band::of(&Hours { per_occurrence: None, ..hours(2.0, 1, "week") }), None);
        assert_eq!(Band::of(&hours(f64::NAN, 1, "week")), None);
    }
}
