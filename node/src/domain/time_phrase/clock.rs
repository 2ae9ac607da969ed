//! Times of the clock: "15-17 Uhr", "9.30–12.00", "ab 18 Uhr", "Mo 9-12".
//!
//! Two numbers alone are no times. They are if "Uhr" or minutes stand with them, or a day right before.

use super::item::{Item, Reader};
use super::lexicon::Meaning;
use super::week::Parts;

/// What was read, and where to go on.
type Found = Option<(Vec<Item>, usize)>;

/// A time of the clock.
struct Time {
    minute: u16,
    /// Whether it cannot be another number.
    sure: bool,
    next: usize,
}

impl Reader<'_> {
    /// Reads a time or a range of times.
    pub(super) fn clock(&self, at: usize, before: Option<Item>) -> Found {
        self.times(at, before).or_else(|| self.one_time(at))
    }

    fn times(&self, at: usize, before: Option<Item>) -> Found {
        let prefixed = matches!(self.meaning(at), Some(Meaning::From | Meaning::Between));
        let window = self.means(at, Meaning::Between);
        let mut start = at + usize::from(prefixed);
        start += usize::from(prefixed && self.word(start) == Some("ca"));
        let from = self.time(start)?;
        let joint = self.is(from.next, '-')
            || self.means(from.next, Meaning::Until)
            || (window && self.means(from.next, Meaning::And));
        if !joint {
            return None;
        }
        let to = self.time(from.next + 1)?;
        let rises = from.minute < to.minute || (from.minute >= 18 * 60 && to.minute <= 8 * 60);
        let day = from.minute >= 6 * 60 && to.minute <= 23 * 60;
        let beside_a_day =
            matches!(before, Some(Item::Days(..) | Item::DayPart(..) | Item::Part(_)))
                && day
                && !self.is_unit(to.next);
        let joint = self.means(to.next, Meaning::And)
            || [',', '/', '+', '&'].iter().any(|m| self.is(to.next, *m));
        let sure = from.sure || to.sure || beside_a_day || {
            // "8-12 und 14-18 Uhr"
            joint && day && self.times(to.next + 1, None).is_some()
        };
        let clock = Item::Clock { from: Some(from.minute), to: Some(to.minute), window };
        (sure && rises).then_some((vec![clock], to.next))
    }

    fn one_time(&self, at: usize) -> Found {
        let first = self.meaning(at);
        let open = matches!(
            first,
            Some(Meaning::Since | Meaning::After | Meaning::Until | Meaning::Before | Meaning::At)
        );
        let mut start = at + usize::from(open);
        while open && (self.means(start, Meaning::At) || self.means(start, Meaning::Filler)) {
            start += 1;
        }
        let time = self.time(start).filter(|time| time.sure)?;
        let minute = Some(time.minute);
        let clock = match first {
            Some(Meaning::Since | Meaning::After) => {
                Item::Clock { from: minute, to: None, window: true }
            }
            Some(Meaning::Until | Meaning::Before) => {
                Item::Clock { from: None, to: minute, window: true }
            }
            _ => Item::Clock { from: minute, to: minute, window: true },
        };
        Some((vec![clock], time.next))
    }

    fn time(&self, at: usize) -> Option<Time> {
        let digits = self.token(at)?.digits().filter(|digits| digits.len() <= 2)?;
        let hour: u16 = digits.parse().ok().filter(|hour| *hour <= 24)?;
        let glued = |at: usize| self.token(at).is_some_and(|token| token.glued);
        let mark = (self.is(at + 1, ':') || self.is(at + 1, '.')) && glued(at + 1) && glued(at + 2);
        let minutes =
            self.token(at + 2).and_then(|token| token.digits()).filter(|m| mark && m.len() == 2);
        let (minute, mut next, mut sure) = match minutes.and_then(|m| m.parse::<u16>().ok()) {
            Some(minute) if minute < 60 => (minute, at + 3, true),
            Some(_) => return None,
            None => (0, at + 1, false),
        };
        // "2.50 Stunden" is no time.
        let hours = self.word(next) == Some("h") && hour >= 6;
        if sure && self.is_unit(next) && !self.is(at + 1, ':') && !hours {
            return None;
        }
        let said =
            self.means(next, Meaning::Uhr) || (self.word(next) == Some("h") && (sure || hour > 12));
        if said {
            (next, sure) = (next + 1, true);
        }
        Some(Time { minute: hour * 60 + minute, sure, next })
    }

    fn is_unit(&self, at: usize) -> bool {
        matches!(
            self.meaning(at),
            Some(
                Meaning::Hour
                    | Meaning::Minute
                    | Meaning::HoursPer(_)
                    | Meaning::Mal
                    | Meaning::Period(..)
                    | Meaning::Countable
                    | Meaning::Times(_)
            )
        ) || self
            .word(at)
            .is_some_and(|word| word.starts_with("stuendig") || word.starts_with("jaehrig"))
    }
}

/// The times of day that a range of the clock lies in: where it has an hour, or half of itself.
///
/// An open end is taken to be three hours away. What begins at ten or ends before six is night: none.
pub(crate) fn parts(from: Option<u16>, to: Option<u16>) -> Option<Parts> {
    const BORDERS: [(Parts, u16, u16); 3] = [
        (Parts::MORNING, 5 * 60, 12 * 60),
        (Parts::AFTERNOON, 12 * 60, 18 * 60),
        (Parts::EVENING, 18 * 60, 24 * 60),
    ];
    let from = from?;
    let to = to.unwrap_or(from.saturating_add(180).min(24 * 60));
    if to < from || !(5 * 60..22 * 60).contains(&from) {
        return None;
    }
    if from == to {
        let at = BORDERS.iter().find(|(_, start, end)| (*start..*end).contains(&from))?;
        return Some(at.0);
    }
    let overlap = |start: u16, end: u16| end.min(to).saturating_sub(start.max(from));
    let enough = 60.min((to - from) / 2);
    let inside = BORDERS.iter().filter(|(_, start, end)| overlap(*start, *end) >= enough.max(1));
    let parts = inside.fold(Parts::NONE, |all, (part, ..)| all.and(*part));
    (!parts.is_empty()).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_day_needs_an_hour_of_it() {
        let at = |from: u16, to: u16| parts(Some(from), Some(to));
        assert_eq!(at(9 * 60 + 30, 12 * 60), Some(Parts::MORNING));
        assert_eq!(at(16 * 60, 18 * 60 + 30), Some(Parts::AFTERNOON));
        assert_eq!(at(17 * 60, 19 * 60), Some(Parts::AFTERNOON.and(Parts::EVENING)));
        assert_eq!(at(9 * 60, 16 * 60), Some(Parts::MORNING.and(Parts::AFTERNOON)));
        assert_eq!(at(12 * 60, 13 * 60), Some(Parts::AFTERNOON));
        assert_eq!(at(22 * 60, 6 * 60), None);
        assert_eq!(parts(Some(18 * 60), None), Some(Parts::EVENING));
        assert_eq!(parts(Some(9 * 60), None), Some(Parts::MORNING));
        assert_eq!(parts(None, Some(16 * 60)), None);
    }
}
