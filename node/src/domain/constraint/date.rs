//! On which days: "heute", "nächste Woche", "im Dezember", "am 24. Dezember", "ab Januar".
//!
//! A month, a season or a day without a year is the next one. Names of months are those of people and words as well,
//! so they count only behind a word that leads to them or behind a day.

use engagement_protocol::time::Day;

use super::{Ask, Kind, Scan};
use crate::domain::dates::Days;
use crate::domain::time_phrase::week::Parts;

/// Days that were named, before anybody knows what day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// So many days from today, the first and the last.
    Ahead(u32, u32),
    /// The week so many weeks from this one, Monday to Sunday.
    Week(u32),
    /// The month so many months from this one.
    Month(u32),
    /// The year so many years from this one.
    Year(i16),
    /// What the calendar names.
    Named(Named),
    /// From then on.
    From(Named),
    /// Until then.
    Until(Named),
    /// From the one to the other.
    Between(Named, Named),
}

/// Something that has a name in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The first month, from 1.
    first: i8,
    /// The last month; before the first one if it lies in the year after.
    last: i8,
    /// The day, if it is one.
    day: Option<i8>,
    /// The year, if it was said.
    year: Option<i16>,
}

const MONTHS: [&[&str]; 12] = [
    &["januar", "january", "jan", "jaenner"],
    &["februar", "february", "feb"],
    &["maerz", "march"],
    &["april"],
    &["mai", "may"],
    &["juni", "june"],
    &["juli", "july"],
    &["august"],
    &["september", "sept"],
    &["oktober", "october", "okt"],
    &["november", "nov"],
    &["dezember", "december", "dez"],
];
/// Seasons, each with its first and last month.
const SEASONS: &[(&str, i8, i8)] = &[
    ("fruehling", 3, 5),
    ("fruehjahr", 3, 5),
    ("sommer", 6, 8),
    ("herbst", 9, 11),
    ("winter", 12, 2),
];
/// What leads to a month or a season that something takes place in.
const IN: &[&[&str]] = &[
    &["im"],
    &["in"],
    &["anfang"],
    &["mitte"],
    &["ende"],
    &["zu", "anfang"],
    &["im", "monat"],
    &["im", "naechsten"],
    &["im", "kommenden"],
    &["naechsten"],
    &["naechstes"],
    &["kommenden"],
    &["diesen"],
    &["dieses"],
];
/// What leads to a beginning.
const FROM: &[&[&str]] =
    &[&["ab"], &["ab", "dem"], &["ab", "anfang"], &["ab", "mitte"], &["von"], &["vom"]];
/// What leads to a stretch between two days.
const BETWEEN: &[&[&str]] = &[&["zwischen"], &["zwischen", "dem"], &["zwischen", "den"]];
/// What joins its end.
const AND: &[&[&str]] = &[&["und"], &["und", "dem"], &["und", "den"]];
/// What leads to an end.
const UNTIL: &[&[&str]] = &[&["bis"], &["bis", "zum"], &["bis", "ende"]];
/// What leads to a day.
const ON: &[&[&str]] = &[&["am"], &["den"], &["fuer", "den"], &["zum"], &["on"]];
/// Phrases that need no calendar.
const PHRASES: &[(&[&str], When)] = &[
    (&["heute"], When::Ahead(0, 0)),
    (&["uebermorgen"], When::Ahead(2, 2)),
    (&["in", "den", "naechsten", "tagen"], When::Ahead(0, 7)),
    (&["die", "naechsten", "tage"], When::Ahead(0, 7)),
    (&["in", "den", "naechsten", "wochen"], When::Ahead(0, 28)),
    (&["die", "naechsten", "wochen"], When::Ahead(0, 28)),
    (&["diese", "woche"], When::Week(0)),
    (&["in", "dieser", "woche"], When::Week(0)),
    (&["naechste", "woche"], When::Week(1)),
    (&["in", "der", "naechsten", "woche"], When::Week(1)),
    (&["kommende", "woche"], When::Week(1)),
    (&["in", "der", "kommenden", "woche"], When::Week(1)),
    (&["uebernaechste", "woche"], When::Week(2)),
    (&["diesen", "monat"], When::Month(0)),
    (&["in", "diesem", "monat"], When::Month(0)),
    (&["naechsten", "monat"], When::Month(1)),
    (&["im", "naechsten", "monat"], When::Month(1)),
    (&["kommenden", "monat"], When::Month(1)),
    (&["im", "kommenden", "monat"], When::Month(1)),
    (&["dieses", "jahr"], When::Year(0)),
    (&["in", "diesem", "jahr"], When::Year(0)),
    (&["naechstes", "jahr"], When::Year(1)),
    (&["im", "naechsten", "jahr"], When::Year(1)),
    (&["kommendes", "jahr"], When::Year(1)),
    (&["im", "kommenden", "jahr"], When::Year(1)),
    (&["today"], When::Ahead(0, 0)),
    (&["tomorrow"], When::Ahead(1, 1)),
    (&["this", "week"], When::Week(0)),
    (&["next", "week"], When::Week(1)),
];
/// Times of a day, behind it.
const PARTS: &[(&str, Parts)] = &[
    ("frueh", Parts::MORNING),
    ("vormittag", Parts::MORNING),
    ("mittag", Parts::MORNING.and(Parts::AFTERNOON)),
    ("nachmittag", Parts::AFTERNOON),
    ("abend", Parts::EVENING),
];
/// How far "from then on" reaches, in days.
const FAR: u32 = 3_650;

impl Scan<'_> {
    /// Finds all.
    pub(super) fn dates(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            let found = self.when(at).filter(|(end, _)| self.is_free(at..*end));
            let Some((mut end, when)) = found else {
                at += 1;
                continue;
            };
            let part = PARTS.iter().find(|(word, _)| self.word(end) == Some(*word));
            // "heute Abend", "morgen früh"
            let is_day = matches!(when, When::Ahead(first, last) if first == last);
            let parts = part.filter(|_| is_day && self.is_free(end..end + 1));
            end += usize::from(parts.is_some());
            let parts = parts.map_or(Parts::NONE, |(_, parts)| *parts);
            let label = self.text(&(at..end)).to_owned();
            self.take(at..end, Kind::Time, label, Ask::When(when, parts));
            at = end;
        }
    }

    /// Reads what begins at `at`: where it ends, and what it is.
    fn when(&self, at: usize) -> Option<(usize, When)> {
        let phrase = PHRASES.iter().map(|(words, when)| (self.words(at, words), *when));
        if let Some((length, when)) =
            phrase.filter(|(length, _)| *length > 0).max_by_key(|one| one.0)
        {
            return Some((at + length, when));
        }
        if self.is_tomorrow(at) {
            return Some((at + 1, When::Ahead(1, 1)));
        }
        let lead = |leads| self.longest(at, leads);
        // "in den nächsten 2 Wochen"
        let next = self.longest(at, &[&["in", "den", "naechsten"], &["die", "naechsten"]]);
        if next > 0
            && let Some(count) = self.number(at + next).filter(|count| (1..=52).contains(count))
        {
            let days = match self.word(at + next + 1)? {
                "tage" | "tagen" => 1,
                "wochen" => 7,
                "monate" | "monaten" => 31,
                _ => return None,
            };
            return Some((at + next + 2, When::Ahead(0, count * days)));
        }
        let (within, from, until, on) = (lead(IN), lead(FROM), lead(UNTIL), lead(ON));
        if let Some(between) = self.between(at) {
            return Some(between);
        }
        // "ab dem 1. Januar"; "von Januar" alone says when something was.
        if from > 0
            && let Some((end, named)) = self.named(at + from, true)
        {
            return (self.word(at) == Some("ab")).then_some((end, When::From(named)));
        }
        if until > 0
            && let Some((end, named)) = self.named(at + until, true)
        {
            return Some((end, When::Until(named)));
        }
        let lead = within.max(on);
        // "Mai" alone is a month, a name beside other words.
        let is_alone = self.tokens.len() == 1;
        let (end, named) = self.named(at + lead, lead > 0 || is_alone)?;
        // "im Mai" is a month, "am Mai" is nothing; "24.12." needs no word before it.
        let is_month = is_alone && named.first == named.last;
        (named.day.is_some() || within > 0 || is_month).then_some((end, When::Named(named)))
    }

    /// "von Januar bis März", "24.12. - 26.12.", "zwischen dem 10. und 20. Dezember".
    fn between(&self, at: usize) -> Option<(usize, When)> {
        let between = self.longest(at, BETWEEN);
        let lead = between.max(self.longest(at, FROM));
        let start = at + lead;
        // "2.5 - 3.5" are numbers: of what nothing leads to, days have both their dots.
        let leads = lead > 0 || self.number(start).is_none();
        let joint = |end: usize| {
            let dash = usize::from(self.is(end, '-'));
            let words = self.longest(end, if between > 0 { AND } else { UNTIL });
            Some(dash.max(words)).filter(|joint| *joint > 0)
        };
        let last = |end: usize| self.named(end + joint(end)?, leads);
        if let Some((end, first)) = self.named(start, leads) {
            let (end, last) = last(end)?;
            return Some((end, When::Between(first, last)));
        }
        // "5.-7. Dezember": the first one is in the month of the last.
        let day = self.number(start).and_then(|day| i8::try_from(day).ok());
        let day = day.filter(|day| (1..=31).contains(day) && self.is(start + 1, '.'))?;
        let (end, last) = last(start + 2).filter(|(_, last)| last.day.is_some())?;
        Some((end, When::Between(Named { day: Some(day), ..last }, last)))
    }

    /// "morgen" is tomorrow where it begins something; behind a day it is when that begins.
    fn is_tomorrow(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.word(before));
        let leads =
            at == 0 || matches!(before, Some("ab" | "fuer" | "erst" | "schon" | "ich" | "habe"));
        let glued = self.is_joined(at + 1);
        // "Morgen" alone, with a capital, is one of many.
        let is_one = self.tokens.len() == 1 && self.tokens.iter().all(|token| token.capital);
        self.word(at) == Some("morgen") && leads && !glued && !is_one
    }

    /// A day, a month or a season at `at`; what could be another number needs a word that `leads` to it.
    fn named(&self, at: usize, leads: bool) -> Option<(usize, Named)> {
        let month = |at: usize| -> Option<i8> {
            let word = self.word(at)?;
            (1..).zip(MONTHS).find_map(|(month, names)| names.contains(&word).then_some(month))
        };
        let year = |at: usize| {
            let year = self.number(at).and_then(|year| i16::try_from(year).ok());
            year.filter(|year| (2020..2100).contains(year))
        };
        let with_year = |end: usize, first: i8, last: i8, day: Option<i8>| {
            let year = year(end);
            (end + usize::from(year.is_some()), Named { first, last, day, year })
        };
        if let Some(first) = month(at).filter(|_| leads) {
            let dot =
                usize::from(self.is(at + 1, '.') && self.word(at).is_some_and(|w| w.len() < 5));
            return Some(with_year(at + 1 + dot, first, first, None));
        }
        if let Some((_, first, last)) =
            SEASONS.iter().find(|(name, ..)| leads && self.word(at) == Some(*name))
        {
            return Some(with_year(at + 1, *first, *last, None));
        }
        // "24. Dezember", "24.12.", "24.12.2026"
        let day = self.number(at).and_then(|day| i8::try_from(day).ok());
        let day = day.filter(|day| (1..=31).contains(day) && self.is(at + 1, '.'))?;
        if let Some(first) = month(at + 2) {
            return Some(with_year(at + 3, first, first, Some(day)));
        }
        let first = self.number(at + 2).and_then(|month| i8::try_from(month).ok());
        let first = first.filter(|month| (1..=12).contains(month))?;
        let is_dotted = self.is(at + 3, '.');
        let end = at + 3 + usize::from(is_dotted);
        // "ab 9.10 Uhr", "2.5 Stunden"
        let is_other = self.word(end).is_some_and(|word| {
            word == "uhr"
                || word == "h"
                || word == "km"
                || word.starts_with("stunde")
                || word == "std"
        });
        let is_date = is_dotted || leads;
        (is_date && !is_other).then(|| with_year(end, first, first, Some(day)))
    }
}

impl When {
    /// Returns the days, seen from `today`; nothing if there is no such day.
    #[must_use]
    pub fn days(self, today: Day) -> Option<Days> {
        let span = |from: Day, to: Day| Days { from, to };
        let (year, month, _) = today.ymd();
        match self {
            Self::Ahead(first, last) => Some(span(today.plus_days(first), today.plus_days(last))),
            Self::Week(weeks) => {
                // The first of January 1970 was a Thursday.
                let since_monday = (today.number() + 3) % 7;
                let monday = Day::from_number(today.number() - since_monday + 7 * weeks);
                Some(span(monday, monday.plus_days(6)))
            }
            Self::Month(months) => {
                let first = Day::new(year, month, 1).ok()?.plus_months(months);
                Some(span(first, before(first.plus_months(1))))
            }
            Self::Year(years) => {
                let of = |month, day| Day::new(year.saturating_add(years), month, day).ok();
                Some(span(of(1, 1)?, of(12, 31)?))
            }
            Self::Named(named) => named.days(today),
            Self::From(named) => {
                let from = named.days(today)?.from;
                Some(span(from, from.plus_days(FAR)))
            }
            Self::Between(first, last) => {
                // What has begun is not over: the end says which year it is, unless only the beginning has one.
                let begun = first.year.filter(|_| last.year.is_none());
                let since = begun.map_or(Some(today), |year| Some(first.of(year)?.from))?;
                let last = last.days(since)?;
                let (year, ..) = last.to.ymd();
                let mut years = first
                    .year
                    .map_or(vec![year, year.saturating_sub(1)], |one| vec![one])
                    .into_iter();
                let first =
                    years.find_map(|year| first.of(year).filter(|days| days.from <= last.to))?;
                Some(span(first.from, last.to))
            }
            Self::Until(named) => Some(span(today, named.days(today)?.to.max(today))),
        }
    }
}

impl Named {
    /// The one of the year that was said, or else the first that is not over.
    fn days(self, today: Day) -> Option<Days> {
        let (year, ..) = today.ymd();
        match self.year {
            Some(year) => self.of(year),
            // The last winter may not be over; the 29th of February is not in every year.
            None => (-1..=8).find_map(|ahead| {
                self.of(year.saturating_add(ahead)).filter(|days| days.to >= today)
            }),
        }
    }

    /// The one that begins in a year.
    fn of(self, year: i16) -> Option<Days> {
        let from = Day::new(year, self.first, self.day.unwrap_or(1)).ok()?;
        if self.day.is_some() {
            return Some(Days { from, to: from });
        }
        let year = if self.last < self.first { year.saturating_add(1) } else { year };
        let last = Day::new(year, self.last, 1).ok()?;
        Some(Days { from, to: before(last.plus_months(1)) })
    }
}

/// The day before.
fn before(day: Day) -> Day {
    Day::from_number(day.number().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::constraint::read;

    fn days(query: &str, today: &str) -> Vec<String> {
        let today = today.parse().unwrap();
        let asks = read(query).constraints.into_iter().filter_map(|one| match one.ask {
            Ask::When(when, _) => when.days(today),
            _ => None,
        });
        asks.map(|days| format!("{}/{}", days.from, days.to)).collect()
    }

    #[test]
    fn days_are_those_that_come_next() {
        // A Saturday.
        let today = "2026-11-28";
        let table = [
            ("heute", "2026-11-28/2026-11-28"),
            ("morgen helfen", "2026-11-29/2026-11-29"),
            ("übermorgen", "2026-11-30/2026-11-30"),
            ("diese Woche", "2026-11-23/2026-11-29"),
            ("nächste Woche", "2026-11-30/2026-12-06"),
            ("in den nächsten 2 Wochen", "2026-11-28/2026-12-12"),
            ("nächsten Monat", "2026-12-01/2026-12-31"),
            ("nächstes Jahr", "2027-01-01/2027-12-31"),
            ("im Dezember", "2026-12-01/2026-12-31"),
            ("im November", "2026-11-01/2026-11-30"),
            ("im Oktober", "2027-10-01/2027-10-31"),
            ("im Februar 2028", "2028-02-01/2028-02-29"),
            ("Ende Januar", "2027-01-01/2027-01-31"),
            ("im Winter", "2026-12-01/2027-02-28"),
            ("Mai", "2027-05-01/2027-05-31"),
            ("im Sommer", "2027-06-01/2027-08-31"),
            ("von Januar bis März", "2027-01-01/2027-03-31"),
            ("bis März", "2026-11-28/2027-03-31"),
            ("vom 1.12. bis 15.12.", "2026-12-01/2026-12-15"),
            ("24.12. – 26.12.", "2026-12-24/2026-12-26"),
            ("5.-7. Dezember", "2026-12-05/2026-12-07"),
            ("vom 1. bis 15. Dezember", "2026-12-01/2026-12-15"),
            ("zwischen dem 10. und 20. Dezember", "2026-12-10/2026-12-20"),
            ("Februar bis April", "2027-02-01/2027-04-30"),
            ("vom 28.12. bis zum 5. Januar", "2026-12-28/2027-01-05"),
            ("ab 1. Mai", "2027-05-01/2037-04-28"),
            ("am 24. Dezember", "2026-12-24/2026-12-24"),
            ("24.12.", "2026-12-24/2026-12-24"),
            ("am 5.1.2028", "2028-01-05/2028-01-05"),
            ("am 29. Februar", "2028-02-29/2028-02-29"),
        ];
        for (query, expected) in table {
            assert_eq!(days(query, today), [expected], "{query}");
        }
        // What has begun is not over.
        assert_eq!(days("von Januar bis März", "2027-02-10"), ["2027-01-01/2027-03-31"]);
        assert_eq!(days("vom 1.12. bis 15.12.", "2026-12-10"), ["2026-12-01/2026-12-15"]);
        assert_eq!(days("vom 20.12. bis 5.1.", "2027-01-02"), ["2026-12-20/2027-01-05"]);
        assert_eq!(days("vom 20.12. bis 5.1.2027", today), ["2026-12-20/2027-01-05"]);
        assert_eq!(days("November bis Januar 2027", today), ["2026-11-01/2027-01-31"]);
        assert_eq!(days("vom 1.12.2027 bis 15.12.", today), ["2027-12-01/2027-12-15"]);
        assert_eq!(days("28.-3. Januar 2027", today), [""; 0], "backwards");
        assert_eq!(days("im Winter", "2027-01-15"), ["2026-12-01/2027-02-28"]);
        assert_eq!(days("am 31. Februar", today), [""; 0]);
    }

    #[test]
    fn names_and_numbers_are_no_days() {
        for query in [
            "August Macke",
            "Mai und Juni",
            "Sommerfest",
            "Winter",
            "Familie Winter",
            "ab 9.10 Uhr",
            "2.5 Stunden",
            "Samstag morgen",
            "guten Morgen",
            "am Morgen",
            "1. Hilfe",
            "am 1. Samstag im Monat",
            "10.12",
            "Wandern 2.5 - 3.5 km",
            "samstags 8.10 - 12.10",
        ] {
            assert_eq!(days(query, "2026-11-28"), [""; 0], "{query}");
        }
    }
}
