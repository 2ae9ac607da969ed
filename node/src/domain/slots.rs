//! When an opportunity takes place, as slots of a week: those that its record names, and those that its dates fall into.
//!
//! A clean-up on Saturday, 5 December at ten is something for somebody who has time on Saturday mornings, although
//! nobody wrote that down as a slot. Days and hours are those of Europe/Berlin. What is no time adds nothing.

use std::sync::LazyLock;

use engagement_protocol::opportunity::{Occurrence, Opportunity};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::time_phrase::clock;
use super::time_phrase::week::{Days, Parts, Week};

/// Codes that stand for several slots at once: all mornings, afternoons and evenings, and the weekend.
///
/// People ask for them; no record says them, and no record may: they are what its slots are together.
pub const GROUPS: [&str; 4] = ["am", "pm", "ev", "we"];

/// Returns the slots that a group stands for; none if it is no group.
#[must_use]
pub fn in_group(group: &str) -> Vec<&'static str> {
    let week = match group {
        "am" => Week::of(Days::ALL, Parts::MORNING),
        "pm" => Week::of(Days::ALL, Parts::AFTERNOON),
        "ev" => Week::of(Days::ALL, Parts::EVENING),
        "we" => Week::of(Days::WEEKEND, Parts::ALL),
        _ => Week::NONE,
    };
    week.names().collect()
}

/// Returns the codes of the slots of a record, in its own order; those that follow from dates come last.
///
/// A record that says itself when it takes place is believed: its dates are then examples of that.
#[must_use]
pub fn of(record: &Opportunity) -> Vec<&str> {
    if !record.slots.is_empty() {
        return record.slots.iter().map(String::as_str).collect();
    }
    let dates = record.dates.iter().map(of_date);
    dates.fold(Week::NONE, Week::and).names().collect()
}

/// Returns the slots that a date falls into: one that goes over midnight has every time of each of its days.
fn of_date(date: &Occurrence) -> Week {
    let Some(start) = berlin(&date.start) else { return Week::NONE };
    let end = date.end.as_deref().and_then(berlin).filter(|end| *end > start);
    match end {
        Some(end) if end.date() != start.date() => Week::of(days(&start, &end), Parts::ALL),
        // Midnight is how calendars write a day of which nobody knows the hour.
        None if minute(&start) == 0 => Week::of(day(&start), Parts::ALL),
        end => clock::parts(Some(minute(&start)), end.as_ref().map(minute))
            .map_or(Week::NONE, |parts| Week::of(day(&start), parts)),
    }
}

/// Returns the days from one to the other; whatever takes a week is on all of them.
fn days(start: &ZonedDateTime, end: &ZonedDateTime) -> Days {
    let is_short = end.timestamp().duration_since(start.timestamp()).as_hours() < 6 * 24;
    if is_short { day(start).to(day(end)) } else { Days::ALL }
}

fn day(at: &ZonedDateTime) -> Days {
    Days::one(at.weekday().to_monday_zero_offset().unsigned_abs())
}

fn minute(at: &ZonedDateTime) -> u16 {
    u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs())
}

/// Returns a date as it is read on the spot.
pub(super) fn berlin(text: &str) -> Option<ZonedDateTime> {
    static BERLIN: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC));
    Some(text.parse::<Timestamp>().ok()?.to_zoned_datetime(BERLIN.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_dates(dates: &[(&str, Option<&str>)]) -> Vec<String> {
        let json = r#"{"id":"a","direction":"seek","title":"Dorfputz","description":"Wir räumen auf.","status":"live","valid_until":"2027-01-01","places":[{"ags":"05558012"}],"organisation":{"name":"Verein"}}"#;
        let mut record: Opportunity = serde_json::from_str(json).unwrap();
        let date = |(start, end): &(&str, Option<&str>)| Occurrence {
            start: (*start).to_owned(),
            end: end.map(str::to_owned),
        };
        record.dates = dates.iter().map(date).collect();
        of(&record).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_date_is_the_slot_that_it_falls_into() {
        let morning = ("2026-12-05T10:00:00+01:00", Some("2026-12-05T12:00:00+01:00"));
        assert_eq!(of_dates(&[morning]), ["sa_am"]);
        // The same moment in another offset, and what takes the whole day.
        assert_eq!(of_dates(&[("2026-12-05T09:00:00Z", Some("2026-12-05T11:00:00Z"))]), ["sa_am"]);
        let long = ("2026-12-05T10:00:00+01:00", Some("2026-12-05T16:00:00+01:00"));
        assert_eq!(of_dates(&[long]), ["sa_am", "sa_pm"]);
        assert_eq!(of_dates(&[("2026-12-05T19:00:00+01:00", None)]), ["sa_ev"]);
        assert_eq!(of_dates(&[("2026-12-05T00:00:00+01:00", None)]), ["sa_am", "sa_pm", "sa_ev"]);
    }

    #[test]
    fn several_dates_add_up_and_several_days_are_all_of_them() {
        let weekly = [("2026-12-01T18:30:00+01:00", None), ("2026-12-08T18:30:00+01:00", None)];
        assert_eq!(of_dates(&weekly), ["tu_ev"]);
        let camp = ("2026-12-04T15:00:00+01:00", Some("2026-12-06T12:00:00+01:00"));
        assert_eq!(of_dates(&[camp]).len(), 9);
        let month = ("2026-12-04T15:00:00+01:00", Some("2027-01-06T12:00:00+01:00"));
        assert_eq!(of_dates(&[month]).len(), 21);
        assert!(of_dates(&[("bald", None)]).is_empty());
    }

    #[test]
    fn a_group_is_every_slot_of_a_time_of_day_or_the_weekend() {
        let weekend = ["sa_am", "sa_pm", "sa_ev", "su_am", "su_pm", "su_ev"];
        assert_eq!(in_group("we"), weekend);
        assert_eq!(GROUPS.map(|group| in_group(group).len()), [7, 7, 7, 6]);
        assert!(in_group("sa_am").is_empty());
    }

    #[test]
    fn what_a_record_says_itself_is_believed() {
        let json = r#"{"id":"a","direction":"seek","title":"Dorfputz","description":"Wir räumen auf.","status":"live","valid_until":"2027-01-01","slots":["su_pm","neu"],"dates":[{"start":"2026-12-05T10:00:00+01:00"}]}"#;
        let record: Opportunity = serde_json::from_str(json).unwrap();
        assert_eq!(of(&record), ["su_pm", "neu"]);
    }
}
