//! Time as the protocol sees it: a [`Timestamp`] in Unix milliseconds and a [`Day`].
//!
//! Nothing here knows what time it is now. Clocks never order data: they only bound it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::Date;

use crate::limits::MAX_INTEGER;

const MS_PER_DAY: u64 = 24 * 3600 * 1000;

/// A point in time: Unix milliseconds, UTC, from 0 to 2^53 - 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Takes Unix milliseconds; what lies beyond 2^53 - 1 becomes 2^53 - 1.
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        Self(if ms > MAX_INTEGER { MAX_INTEGER } else { ms })
    }

    /// Returns Unix milliseconds.
    #[must_use]
    pub const fn as_ms(self) -> u64 {
        self.0
    }

    /// Returns this point in time moved into the future.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        let ms = u64::try_from(by.as_millis()).unwrap_or(MAX_INTEGER);
        Self::from_ms(self.0.saturating_add(ms))
    }

    /// Returns this point in time moved into the past, at most to 1970.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(u64::try_from(by.as_millis()).unwrap_or(MAX_INTEGER)))
    }

    /// Returns how long ago `earlier` was, or zero if it lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Returns the UTC day that this point in time falls on.
    #[must_use]
    pub fn day(self) -> Day {
        Day::from_number(u32::try_from(self.0 / MS_PER_DAY).unwrap_or(u32::MAX))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with seconds, as JSON answers and logs show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day();
        let seconds = self.0 % MS_PER_DAY / 1000;
        write!(f, "{day}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// A calendar day, written `YYYY-MM-DD`, from 1970-01-01 to 9999-12-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// What is wrong with a text that should be a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day: YYYY-MM-DD from 1970-01-01 to 9999-12-31 is expected")]
pub struct DayError;

impl Day {
    /// Returns the day of these numbers, if there is one.
    ///
    /// # Errors
    ///
    /// [`DayError`] if no such day exists.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, DayError> {
        let date = Date::new(year, month, day).map_err(|_| DayError)?;
        if date.year() < 1970 { Err(DayError) } else { Ok(Self(date)) }
    }

    /// Returns the day `number` days after 1970-01-01; what lies beyond the year 9999 becomes its end.
    #[must_use]
    pub fn from_number(number: u32) -> Self {
        let epoch = Date::constant(1970, 1, 1);
        // More days than a span can hold lie beyond the end, too.
        let days = jiff::Span::new().try_days(number).ok();
        Self(days.map_or(Date::MAX, |days| epoch.saturating_add(days)).max(epoch))
    }

    /// Returns the number of days since 1970-01-01.
    #[must_use]
    pub fn number(self) -> u32 {
        let days = Date::constant(1970, 1, 1).until(self.0).map_or(0, |span| span.get_days());
        u32::try_from(days).unwrap_or(0)
    }

    /// Returns the first instant of this day, UTC.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_ms(u64::from(self.number()) * MS_PER_DAY)
    }

    /// Returns the day `days` later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        Self::from_number(self.number().saturating_add(days))
    }

    /// Returns the same day of the month `months` later, or that month's last day.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        let span = jiff::Span::new().try_months(months).unwrap_or_default();
        Self(self.0.saturating_add(span))
    }

    /// Returns year, month and day.
    #[must_use]
    pub fn ymd(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), true) =
            (parts.next(), parts.next(), parts.next(), shaped)
        else {
            return Err(DayError);
        };
        Self::new(
            year.parse().map_err(|_| DayError)?,
            month.parse().map_err(|_| DayError)?,
            day.parse().map_err(|_| DayError)?,
        )
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_the_epoch() {
        let day: Day = "2026-11-23".parse().unwrap();
        assert_eq!(Day::from_number(day.number()), day);
        for beyond in [2_932_897, 7_304_485, u32::MAX] {
            assert_eq!(Day::from_number(beyond).to_string(), "9999-12-31");
        }
        assert_eq!(Timestamp::from_ms(u64::MAX).day().to_string(), "9999-12-31");
        assert_eq!(day.number(), 20_780);
        assert_eq!(day.start().day(), day);
        assert_eq!("1970-01-01".parse::<Day>().unwrap().number(), 0);
        assert_eq!(day.start().to_string(), "2026-11-23T00:00:00Z");
    }

    #[test]
    fn months_end_where_the_month_ends() {
        let day: Day = "2026-08-31".parse().unwrap();
        assert_eq!(day.plus_months(6).to_string(), "2027-02-28");
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in
            ["2026-02-30", "2026-2-3", "1969-12-31", "26-01-01", "2026-01-01T", "+026-01-01"]
        {
            assert_eq!(text.parse::<Day>(), Err(DayError), "{text}");
        }
    }
}
