//! On which days something takes place, as far as a record says.

use engagement_protocol::opportunity::Opportunity;
use engagement_protocol::time::Day;

use super::slots;
use super::time_phrase::week;

/// Days that follow each other, the first and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
}

impl Days {
    /// Returns whether they have a day in common.
    #[must_use]
    pub fn meet(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// Returns which days of the week they are; all, if there are seven or more.
    #[must_use]
    pub fn of_the_week(self) -> week::Days {
        // The first of January 1970 was a Thursday.
        let day = |day: Day| week::Days::one(u8::try_from((day.number() + 3) % 7).unwrap_or(0));
        let count = self.to.number().saturating_sub(self.from.number());
        if count < 6 { day(self.from).to(day(self.to)) } else { week::Days::ALL }
    }
}

/// Returns the days of a record: its dates, or else from its first to its last day.
///
/// Dates of a record that says itself at which times of the week it takes place are examples of that.
#[must_use]
pub fn of(record: &Opportunity) -> Vec<Days> {
    let day = |moment: &str| {
        let date = slots::berlin(moment)?.date();
        Day::new(date.year(), date.month(), date.day()).ok()
    };
    let dates = record.dates.iter().filter_map(|date| {
        let from = day(&date.start)?;
        let to = date.end.as_deref().and_then(day).unwrap_or(from);
        Some(Days { from, to: to.max(from) })
    });
    let dates: Vec<Days> = dates.filter(|_| record.slots.is_empty()).collect();
    if !dates.is_empty() || record.starts_on.or(record.ends_on).is_none() {
        return dates;
    }
    let from = record.starts_on.unwrap_or(Day::from_number(0));
    vec![Days { from, to: record.ends_on.unwrap_or(Day::from_number(u32::MAX)).max(from) }]
}

/// Returns whether something takes place on one of some days; nothing if the record names none from `today` on: what
/// was says nothing of what will be.
#[must_use]
pub fn take_place(days: &[Days], asked: Days, today: Day) -> Option<bool> {
    let mut to_come = days.iter().filter(|days| days.to >= today).peekable();
    to_come.peek()?;
    Some(to_come.any(|days| days.meet(asked)))
}

#[cfg(test)]
mod tests {
    use engagement_protocol::opportunity::Occurrence;

    use super::*;

    fn record() -> Opportunity {
        let json = r#"{"id":"a","direction":"seek","title":"Dorfputz","description":"Wir räumen auf.","status":"live","valid_until":"2027-01-01","places":[{"ags":"05558012"}],"organisation":{"name":"Verein"}}"#;
        serde_json::from_str(json).unwrap()
    }

    fn days(from: &str, to: &str) -> Days {
        Days { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn dates_say_more_than_the_first_and_the_last_day() {
        let mut record = record();
        assert_eq!(of(&record), []);
        record.starts_on = Some("2026-12-01".parse().unwrap());
        let open = of(&record)[0];
        assert!(open.meet(days("2030-01-01", "2030-01-01")));
        record.ends_on = Some("2026-12-31".parse().unwrap());
        assert_eq!(of(&record), [days("2026-12-01", "2026-12-31")]);
        // The first moment of the sixth here, whatever day it is elsewhere.
        let (start, end) = ("2026-12-05T23:30:00Z".to_owned(), "2026-12-07T02:00:00+01:00");
        record.dates = vec![Occurrence { start, end: Some(end.to_owned()) }];
        assert_eq!(of(&record), [days("2026-12-06", "2026-12-07")]);
        record.slots = vec!["su_am".to_owned()];
        assert_eq!(of(&record), [days("2026-12-01", "2026-12-31")], "a date is an example");
    }

    #[test]
    fn less_than_a_week_is_some_of_its_days() {
        let of = |from, to| days(from, to).of_the_week();
        assert_eq!(of("2026-11-28", "2026-11-29"), week::Days::WEEKEND);
        assert_eq!(of("2026-11-30", "2026-12-04"), week::Days::WEEKDAYS);
        assert_eq!(of("2026-11-28", "2026-12-04"), week::Days::ALL);
        assert_eq!(of("2026-11-28", "2027-11-28"), week::Days::ALL);
    }

    #[test]
    fn what_was_says_nothing_of_what_will_be() {
        let (today, asked) = ("2026-11-23".parse().unwrap(), days("2026-12-05", "2026-12-06"));
        let (past, hit) = (days("2026-06-05", "2026-06-05"), days("2026-12-06", "2026-12-09"));
        let miss = days("2027-01-01", "2027-01-01");
        assert_eq!(take_place(&[], asked, today), None);
        assert_eq!(take_place(&[past], asked, today), None);
        assert_eq!(take_place(&[past, miss], asked, today), Some(false));
        assert_eq!(take_place(&[miss, hit], asked, today), Some(true));
    }
}
