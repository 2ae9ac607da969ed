//! Numbers, days and times as the readers of each language write them.
//!
//! Times are those of Europe/Berlin, from the time zone data inside the program: a server in UTC, or without
//! such data, shows the same.

use std::sync::LazyLock;

use engagement_protocol::opportunity::Occurrence;
use engagement_protocol::time::{Day, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, ZonedDateTime};

use super::language;
use super::text::t;
use crate::domain::language::Language;

/// Returns a day as `02.11.2026`, `2. November 2026` in simple and `2 November 2026` in English.
pub(super) fn day(day: Day) -> String {
    let (year, month, day) = day.ymd();
    calendar_day(year.into(), month.into(), day.into())
}

/// Returns a point in time as `22.11.2026, 07:42 Uhr`.
pub(super) fn moment(at: Timestamp) -> String {
    let ms = i64::try_from(at.as_ms()).unwrap_or(i64::MAX);
    let zoned = Instant::from_millisecond(ms).unwrap_or(Instant::MAX).to_zoned_datetime(berlin());
    t!("moment", day = date(zoned.date()), time = time(&zoned))
}

/// Returns when something takes place, or nothing if that is no time.
///
/// ```text
/// Samstag, 05.12.2026, 10:00 bis 12:00 Uhr
/// ```
pub(super) fn occurrence(at: &Occurrence) -> Option<String> {
    let start = zoned(&at.start)?;
    let Some(end) = at.end.as_deref().and_then(zoned).filter(|end| *end > start) else {
        return Some(date_at(&start));
    };
    if end.date() != start.date() {
        return Some(t!("date-until", start = date_at(&start), end = date_at(&end)));
    }
    let weekday = weekday(&start);
    let (day, time, end) = (date(start.date()), time(&start), time(&end));
    Some(t!("date-from-to", weekday = weekday, day = day, time = time, end = end))
}

/// Returns the day in Berlin on which something ends, to tell what is over.
pub(super) fn last_day(at: &Occurrence) -> Option<Day> {
    let date = zoned(at.end.as_deref().unwrap_or(&at.start))?.date();
    Day::new(date.year(), date.month(), date.day()).ok()
}

/// Returns a whole number as `12.345`, or `12,345` in English.
pub(super) fn number(number: u64) -> String {
    let (group, digits) = (marks().0, number.to_string());
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(group);
        }
        shown.push(digit);
    }
    shown
}

/// Returns a number with at most one decimal as `1,5`, or `1.5` in English.
pub(super) fn decimal(number: f64) -> String {
    let shown = format!("{number:.1}");
    shown.strip_suffix(".0").map_or_else(|| tenths(number), str::to_owned)
}

/// Returns a distance as `4,2 km`; from 10 km on in whole kilometres.
pub(super) fn distance(km: f64) -> String {
    match km {
        km if km < 1.0 => t!("card-distance-below"),
        // Somebody who asks for 10 km shall see why 10,4 km is not among them.
        km if km < 19.95 => t!("card-distance", km = decimal((km * 10.0).round() / 10.0)),
        km => t!("card-distance", km = format!("{km:.0}")),
    }
}

fn tenths(number: f64) -> String {
    format!("{number:.1}").replace('.', &marks().1.to_string())
}

/// Returns what stands between groups of digits, and before decimals.
fn marks() -> (char, char) {
    match language::current() {
        Language::German | Language::Simple => ('.', ','),
        Language::English => (',', '.'),
    }
}

fn calendar_day(year: i32, month: i32, day: i32) -> String {
    match language::current() {
        Language::German => format!("{day:02}.{month:02}.{year:04}"),
        // A number for a month has to be counted off, and in English it may be the day.
        Language::Simple | Language::English => {
            let month = t!("month", number = month);
            t!("day-said", day = day.to_string(), month = month, year = year.to_string())
        }
    }
}

fn berlin() -> TimeZone {
    static BERLIN: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC));
    BERLIN.clone()
}

fn zoned(text: &str) -> Option<ZonedDateTime> {
    Some(text.parse::<Instant>().ok()?.to_zoned_datetime(berlin()))
}

fn date_at(at: &ZonedDateTime) -> String {
    t!("date-at", weekday = weekday(at), day = date(at.date()), time = time(at))
}

fn weekday(at: &ZonedDateTime) -> String {
    t!("weekday", number = at.weekday().to_monday_one_offset())
}

fn date(date: Date) -> String {
    calendar_day(date.year().into(), date.month().into(), date.day().into())
}

fn time(at: &ZonedDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::speaking;
    use super::*;

    fn at(start: &str, end: Option<&str>) -> Option<String> {
        occurrence(&Occurrence { start: start.to_owned(), end: end.map(str::to_owned) })
    }

    #[test]
    fn times_are_those_of_berlin_in_winter_and_summer() {
        let ms = |text: &str| text.parse::<Instant>().unwrap().as_millisecond();
        let show = |text: &str| moment(Timestamp::from_ms(ms(text).try_into().unwrap()));
        assert_eq!(show("2026-11-22T06:42:59Z"), "22.11.2026, 07:42 Uhr");
        assert_eq!(show("2026-07-31T22:05:00Z"), "01.08.2026, 00:05 Uhr");
    }

    #[test]
    fn a_date_names_weekday_and_end() {
        let (start, end) = ("2026-12-05T10:00:00+01:00", "2026-12-05T12:00:00+01:00");
        assert_eq!(at(start, Some(end)).unwrap(), "Samstag, 05.12.2026, 10:00 bis 12:00 Uhr");
        assert_eq!(at(start, None).unwrap(), "Samstag, 05.12.2026, 10:00 Uhr");
        let later = at(start, Some("2026-12-06T12:00:00+01:00")).unwrap();
        assert_eq!(later, "Samstag, 05.12.2026, 10:00 Uhr bis Sonntag, 06.12.2026, 12:00 Uhr");
        assert_eq!(at(end, Some(start)).unwrap(), "Samstag, 05.12.2026, 12:00 Uhr");
        assert_eq!(at("morgen", None), None);
    }

    #[test]
    fn days_and_numbers_are_german() {
        assert_eq!(day("2026-11-02".parse().unwrap()), "02.11.2026");
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_234_567), "1.234.567");
        assert_eq!(decimal(1.5), "1,5");
        assert_eq!(decimal(2.0), "2");
    }

    #[test]
    fn every_language_writes_days_and_numbers_its_own_way() {
        let said = |language| {
            speaking(language, || {
                let start = "2026-12-05T10:00:00+01:00";
                [
                    day("2026-11-02".parse().unwrap()),
                    number(1234),
                    decimal(1.5),
                    at(start, None).unwrap(),
                ]
            })
        };
        let simple = ["2. November 2026", "1.234", "1,5", "Samstag, 5. Dezember 2026, 10:00 Uhr"];
        assert_eq!(said(Language::Simple), simple);
        let [day, number, decimal, moment] = said(Language::English);
        assert_eq!([day, number, decimal], ["2 November 2026", "1,234", "1.5"]);
        assert!(moment.starts_with("Saturday") && moment.contains("5 December 2026"), "{moment}");
    }

    #[test]
    fn distances_are_as_exact_as_they_are_useful() {
        assert_eq!(distance(0.4), "unter 1 km");
        assert_eq!(distance(4.24), "4,2 km");
        assert_eq!(distance(10.42), "10,4 km");
        assert_eq!(distance(19.97), "20 km");
        assert_eq!(distance(23.6), "24 km");
    }
}
