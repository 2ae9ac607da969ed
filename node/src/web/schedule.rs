//! When something takes place and how much time it takes, in words.

use engagement_protocol::opportunity::{Hours, Occurrence, Opportunity};
use engagement_protocol::time::Day;

use super::phrase::german;
use super::text::t;
use super::{format, label, language, prose};
use crate::domain::time_phrase::say;
use crate::domain::vocabulary::List;

/// Most dates that a page lists.
const DATES: usize = 8;
/// Longest words of its own that a card shows of a record, in characters.
const OWN_CHARS: usize = 80;

/// Days and times, as short as a card needs them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct When {
    pub(super) text: String,
    /// Whether it is the record's own text, which is German whatever the language of the page.
    pub(super) is_german: bool,
}

/// Returns the next date, or else the days of the week and times of day, or else the record's own words for them.
pub(super) fn days(record: &Opportunity, today: Day) -> Option<When> {
    let said = |text: String| When { text, is_german: false };
    let mut dates = ahead(record, today).into_iter();
    if let Some(next) = dates.next() {
        return Some(said(match dates.len() {
            0 => next,
            more => format!("{next}, {}", t!("glance-dates-more", count = more)),
        }));
    }
    let slots = slots(&record.slots);
    if !slots.is_empty() {
        return Some(said(slots));
    }
    let own = record.slots_text.as_deref().map(|text| prose::beginning(text, OWN_CHARS));
    own.filter(|text| !text.is_empty()).map(|text| When { text, is_german: true })
}

/// Returns days and times, kind and amount in a line, for a [`Phrase`](super::phrase::Phrase).
pub(super) fn short(record: &Opportunity, today: Day) -> Option<String> {
    let said = |when: When| if when.is_german { german(&when.text) } else { when.text };
    let days = days(record, today).map(said);
    let parts: Vec<_> = days.into_iter().chain(amount(record)).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// Returns everything that is said about when, but for the record's own words.
pub(super) fn times(record: &Opportunity, today: Day) -> Vec<String> {
    let mut lines = coming(record, today);
    if lines.len() > DATES {
        let more = lines.len() - DATES;
        lines.truncate(DATES);
        lines.push(t!("glance-dates-more", count = more));
    }
    lines.extend(match (record.starts_on, record.ends_on) {
        (Some(from), Some(to)) => {
            Some(t!("from-until-day", from = format::day(from), to = format::day(to)))
        }
        (Some(from), None) => Some(t!("from-day", day = format::day(from))),
        (None, Some(to)) => Some(t!("until-day", day = format::day(to))),
        (None, None) => None,
    });
    let slots = slots(&record.slots);
    if !slots.is_empty() {
        lines.push(slots);
    }
    lines
}

/// Returns days and times of day in words; what nobody knows is "weitere".
pub(super) fn slots(codes: &[String]) -> String {
    // "abends" is seven slots; nobody wants to read seven.
    say::slots_in(language::current(), codes, |code| label::one(List::Slots, code))
}

/// Returns kind and amount.
pub(super) fn amount(record: &Opportunity) -> Vec<String> {
    let kind = record.commitment.as_deref().map(|code| label::one(List::Commitment, code));
    kind.into_iter().chain(record.hours.as_ref().and_then(hours)).collect()
}

/// Returns the dates that are not over; all of them if all are.
fn coming(record: &Opportunity, today: Day) -> Vec<String> {
    let coming = ahead(record, today);
    if coming.is_empty() { dates(record, |_| true) } else { coming }
}

/// Returns the dates that are not over, the next one first.
fn ahead(record: &Opportunity, today: Day) -> Vec<String> {
    dates(record, |date| format::last_day(date).is_some_and(|day| day >= today))
}

fn dates(record: &Opportunity, shown: impl Fn(&Occurrence) -> bool) -> Vec<String> {
    let mut dates: Vec<_> = record.dates.iter().filter(|date| shown(date)).collect();
    dates.sort_by_key(|date| date.start.parse::<jiff::Timestamp>().ok());
    dates.into_iter().filter_map(format::occurrence).collect()
}

fn hours(hours: &Hours) -> Option<String> {
    if hours.flexible == Some(true) && hours.per_occurrence.is_none() {
        return Some(t!("hours-flexible"));
    }
    let amount = hours.per_occurrence.map(|hours| {
        if hours < 0.95 {
            return t!("hours-minutes", minutes = format!("{:.0}", hours * 60.0));
        }
        let count = if (hours - 1.0).abs() < 0.05 { 1 } else { 2 };
        t!("hours-once", count = count, hours = format::decimal(hours))
    });
    let Some(times) = hours.times.filter(|times| *times > 0) else { return amount };
    let times = t!("times", count = times);
    Some(match (amount, hours.per.as_deref()) {
        (Some(amount), Some("day")) => t!("hours-per-day", amount = amount, times = times),
        (Some(amount), Some("week")) => t!("hours-per-week", amount = amount, times = times),
        (Some(amount), Some("month")) => t!("hours-per-month", amount = amount, times = times),
        (Some(amount), Some("year")) => t!("hours-per-year", amount = amount, times = times),
        (None, Some("day")) => t!("times-per-day", times = times),
        (None, Some("week")) => t!("times-per-week", times = times),
        (None, Some("month")) => t!("times-per-month", times = times),
        (None, Some("year")) => t!("times-per-year", times = times),
        (amount, _) => return amount,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::web::language::tests::speaking;
    use crate::web::opportunity::tests::record;
    use serde_json::{Value, json};

    fn amount_of(hours: &Value) -> String {
        super::hours(&serde_json::from_value(hours.clone()).unwrap()).unwrap_or_default()
    }

    #[test]
    fn hours_are_a_sentence() {
        let regular = json!({"per_occurrence":1.5,"times":2,"per":"month"});
        assert_eq!(amount_of(&regular), "1,5 Stunden, zweimal im Monat");
        assert_eq!(amount_of(&json!({"per_occurrence":1})), "1 Stunde");
        assert_eq!(amount_of(&json!({"per_occurrence":0.5})), "30 Minuten");
        assert_eq!(amount_of(&json!({"times":1,"per":"week"})), "einmal in der Woche");
        assert_eq!(amount_of(&json!({"flexible":true})), "Zeit frei einteilbar");
        assert_eq!(amount_of(&json!({"per_occurrence":3,"times":1,"per":"aeon"})), "3 Stunden");
    }

    #[test]
    fn a_card_shows_the_next_date_and_not_the_last() {
        let dates = json!({"commitment":"once","dates":[
            {"start":"2026-12-24T10:00:00+01:00"},{"start":"2026-12-05T10:00:00+01:00"}]});
        let on = |day: &str| short(&record(&dates), day.parse().unwrap()).unwrap();
        assert_eq!(
            on("2026-12-05"),
            "Samstag, 05.12.2026, 10:00 Uhr, und 1 weiterer Termin · Einmalig"
        );
        assert_eq!(on("2026-12-06"), "Donnerstag, 24.12.2026, 10:00 Uhr · Einmalig");
        assert_eq!(on("2026-12-25"), "Einmalig", "a date that is over is no reason to come");
    }

    #[test]
    fn a_card_says_the_days_in_every_language_and_the_records_own_words_last() {
        let day = |fields: &Value| days(&record(fields), "2026-11-23".parse().unwrap());
        let text = |fields: &Value| day(fields).map(|when| when.text);
        let weekly = json!({"slots":["tu_am","th_am","by_arrangement"],"slots_text":"2. Stunde",
            "commitment":"regular","hours":{"per_occurrence":2,"times":1,"per":"week"}});
        let said = |language| speaking(language, || text(&weekly)).unwrap();
        assert_eq!(said(Language::German), "dienstags und donnerstags vormittags, nach Absprache");
        assert!(said(Language::English).starts_with("Tuesday and Thursday mornings, "));
        assert!(said(Language::Simple).starts_with("Dienstag und Donnerstag am Vormittag, "));
        let own = json!({"slots_text":"jeden dritten Samstag"});
        let when = day(&own).unwrap();
        assert_eq!((when.text.as_str(), when.is_german), ("jeden dritten Samstag", true));
        assert_eq!(day(&json!({"commitment":"regular"})), None);
    }

    #[test]
    fn many_dates_are_cut_with_their_number() {
        let date = json!({"start":"2026-12-05T10:00:00+01:00"});
        let many = record(&json!({"dates": vec![date; 10]}));
        let lines = times(&many, "2026-11-23".parse().unwrap());
        assert_eq!((lines.len(), lines[8].as_str()), (9, "und 2 weitere Termine"));
    }
}
