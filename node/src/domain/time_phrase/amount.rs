//! How long and how often: "2-3 Stunden", "zweimal", "pro Woche", "alle 14 Tage", "jeden ersten Samstag im Monat".
//!
//! Of a range the upper end is taken: who asks for two hours at most must not be shown three.

use super::item::{Item, Reader};
use super::lexicon::{Meaning, Per};
use super::week::Days;

/// Most times that are believed.
const TIMES: f64 = 31.0;

/// What was read, and where to go on.
type Found = Option<(Vec<Item>, usize)>;

impl Reader<'_> {
    /// Reads a number: "2", "1,5", "2½", "zwei", "eine halbe".
    pub(super) fn number(&self, at: usize) -> Option<(f64, usize)> {
        let token = self.token(at)?;
        if token.is('½') {
            return Some((0.5, at + 1));
        }
        if let Some(digits) = token.digits() {
            if digits.len() > 4 {
                return None;
            }
            let glued = |at: usize| self.token(at).is_some_and(|token| token.glued);
            let comma =
                (self.is(at + 1, ',') || self.is(at + 1, '.')) && glued(at + 1) && glued(at + 2);
            let part =
                self.token(at + 2).and_then(|token| token.digits()).filter(|part| part.len() <= 2);
            if let Some(part) = part.filter(|_| comma) {
                return Some((format!("{digits}.{part}").parse().ok()?, at + 3));
            }
            let whole: f64 = digits.parse().ok()?;
            return Some(if self.is(at + 1, '½') {
                (whole + 0.5, at + 2)
            } else if whole == 1.0
                && self.is(at + 1, '/')
                && self.token(at + 2)?.digits() == Some("2")
            {
                (0.5, at + 3)
            } else {
                (whole, at + 1)
            });
        }
        match self.meaning(at)? {
            Meaning::Number(one) if self.means(at + 1, Meaning::Half) => {
                (one == 1.0).then_some((0.5, at + 2))
            }
            Meaning::Number(number) => Some((number, at + 1)),
            Meaning::Half => Some((0.5, at + 1)),
            _ => None,
        }
    }

    /// Reads a number or a range, as its upper end; the end may be a word such as "zweimal".
    fn range(&self, at: usize) -> Option<(f64, usize)> {
        let (low, next) = self.number(at)?;
        let mut from = next;
        while self.is(from, '-') || self.means(from, Meaning::Until) {
            from += 1;
        }
        if self.means(from, Meaning::Pro)
            || self.means(from, Meaning::Filler) && self.word(from) == Some("zu")
        {
            return Some((low, next));
        }
        if from == next && self.word(from) == Some("oder") {
            from += 1;
        }
        match self.number(from).filter(|_| from > next) {
            Some((high, end)) if high > low => Some((high, end)),
            Some(_) => None,
            None => Some((low, next)),
        }
    }

    /// Reads hours or a number of times.
    pub(super) fn amount(&self, at: usize) -> Found {
        match self.meaning(at) {
            Some(Meaning::Times(times)) => return Some((vec![Item::Count(times)], at + 1)),
            Some(Meaning::Hours(hours)) => return Some((vec![Item::Duration(hours)], at + 1)),
            Some(Meaning::Several) => {
                let end = self.per(at + 1).map_or(at + 1, |(_, end)| end);
                return Some((vec![Item::Recurs], end));
            }
            _ => {}
        }
        let (number, next) = self.range(at)?;
        let mut unit = next;
        while self.is(unit, '-') || self.means(unit, Meaning::Until) {
            unit += 1;
        }
        let integer =
            (number.fract() == 0.0 && (1.0..=TIMES).contains(&number)).then(|| whole(number));
        let found = match self.meaning(unit) {
            Some(Meaning::Hour) => vec![Item::Duration(number)],
            Some(Meaning::Minute) if number >= 10.0 => vec![Item::Duration(number / 60.0)],
            Some(Meaning::HoursPer(per)) => vec![Item::Duration(number), Item::Per(1, per, false)],
            Some(Meaning::Times(times)) if f64::from(times) > number => vec![Item::Count(times)],
            Some(Meaning::Mal | Meaning::Countable) => vec![Item::Count(integer?)],
            Some(Meaning::Tagig) => vec![every(integer?, Per::Day)],
            Some(Meaning::Period(1, Per::Day, _)) if !self.rhythm(unit) => {
                vec![Item::Count(integer?)]
            }
            Some(Meaning::Period(1, per, _)) if self.rhythm(unit) => {
                return Some((vec![every(integer?, per)], unit + 3));
            }
            Some(Meaning::Period(..)) => vec![Item::Stretch],
            Some(Meaning::Part(parts, false)) => vec![Item::Count(integer?), Item::Part(parts)],
            Some(Meaning::Rate(1, Per::Day)) if number == 14.0 => vec![every(14, Per::Day)],
            Some(Meaning::Day(days, _)) => vec![Item::Count(integer?), Item::Days(days, false)],
            Some(Meaning::Weekend) => vec![Item::Count(integer?), Item::Days(Days::WEEKEND, false)],
            _ if self.word(unit).is_some_and(|word| word.starts_with("stuendig")) => {
                vec![Item::Duration(number)]
            }
            _ => return None,
        };
        Some((found, self.behind(unit)))
    }

    /// "14-Tage-Rhythmus", with the unit at `at`.
    fn rhythm(&self, at: usize) -> bool {
        self.is(at + 1, '-') && matches!(self.word(at + 2), Some("rhythmus" | "turnus" | "takt"))
    }

    /// "pro Woche", "im Monat", "/Woche", "wöchentlich".
    pub(super) fn per(&self, at: usize) -> Found {
        if let Some(Meaning::Rate(times, per)) = self.meaning(at) {
            return Some((vec![Item::Per(times, per, true)], self.behind(at)));
        }
        let period = |at: usize| match self.meaning(at) {
            Some(Meaning::Period(times, per, true)) => Some((times, per, self.behind(at))),
            _ => None,
        };
        let mut noun = at + 1;
        let mut goes_on = false;
        if self.is(at, '/') {
            noun = at + 1;
        } else {
            match self.meaning(at)? {
                Meaning::Pro if self.word(at) == Some("p") => {
                    noun += usize::from(self.is(noun, '.'));
                    let short = match self.word(noun) {
                        Some("w") => Some(Per::Week),
                        Some("m") => Some(Per::Month),
                        Some("j") => Some(Per::Year),
                        _ => None,
                    };
                    if let Some(per) = short {
                        let end = noun + 1 + usize::from(self.is(noun + 1, '.'));
                        return Some((vec![Item::Per(1, per, false)], end));
                    }
                }
                Meaning::Pro | Meaning::In => {
                    let one = |at| {
                        matches!(
                            self.meaning(at),
                            Some(Meaning::Article | Meaning::Number(1.0) | Meaning::Every)
                        )
                    };
                    noun += usize::from(one(noun));
                }
                Meaning::Article => {}
                Meaning::Every => goes_on = true,
                _ => return None,
            }
        }
        let (times, per, end) = period(noun)?;
        Some((vec![Item::Per(times, per, goes_on)], end))
    }

    /// "alle zwei Wochen", "jede zweite Woche".
    pub(super) fn every(&self, at: usize) -> Found {
        if !self.means(at, Meaning::Every) {
            return None;
        }
        if let Some((number, next)) = self.number(at + 1) {
            // "jede 2. Woche"
            let next = next + usize::from(self.is(next, '.'));
            if let Some(Meaning::Period(1, per, _)) = self.meaning(next) {
                let integer = number.fract() == 0.0 && (1.0..=366.0).contains(&number);
                return Some((
                    vec![every(integer.then(|| whole(number))?, per)],
                    self.behind(next),
                ));
            }
            // "alle 2-3 Wochen"
            let (_, end) = self.range(at + 1)?;
            return match self.meaning(end) {
                Some(Meaning::Period(..)) => Some((vec![Item::Recurs], self.behind(end))),
                _ => None,
            };
        }
        if self.word(at + 1) == Some("paar")
            && matches!(self.meaning(at + 2), Some(Meaning::Period(..)))
        {
            return Some((vec![Item::Recurs], at + 3));
        }
        let Some(Meaning::Ordinal(number)) = self.meaning(at + 1) else { return None };
        let Some(Meaning::Period(1, per, true)) = self.meaning(at + 2) else { return None };
        Some((vec![every(number, per)], self.behind(at + 2)))
    }

    /// "jeden ersten Samstag im Monat", "am 1. und 3. Dienstag im Monat".
    pub(super) fn ordinal_day(&self, at: usize) -> Found {
        let each = self.means(at, Meaning::Every);
        let mut next = at;
        while matches!(self.meaning(next), Some(Meaning::Every | Meaning::In | Meaning::Article)) {
            next += 1;
        }
        let (mut ordinals, mut first) = (0, 0);
        while let Some((ordinal, end)) = self.ordinal(next) {
            if ordinals == 0 {
                first = ordinal;
            }
            ordinals += 1;
            next = end;
            let joint = self.means(end, Meaning::And)
                || [',', '/', '+', '&'].iter().any(|m| self.is(end, *m));
            if joint && self.ordinal(end + 1).is_some() {
                next = end + 1;
            }
        }
        if ordinals == 0 {
            return None;
        }
        let (days, part, mut end) = self.day(next, Some(Item::Days(Days::ALL, false)))?;
        let mut found =
            vec![part.map_or(Item::Days(days, false), |part| Item::DayPart(days, part))];
        if let Some(Meaning::Part(parts, _)) = self.meaning(end) {
            found = vec![Item::DayPart(days, parts)];
            end += 1;
        }
        let month = self
            .per(end)
            .filter(|(items, _)| matches!(items.first(), Some(Item::Per(1, Per::Month, _))));
        if let Some((_, end)) = month {
            found.push(Item::Per(ordinals, Per::Month, true));
            return Some((found, end));
        }
        // "jeden zweiten Samstag" is every other one; "jeden dritten" is one of three or the third, who knows.
        let rate = match (first, ordinals) {
            (2, 1) => Item::Per(2, Per::Month, true),
            (1 | 0, 1) => Item::Per(1, Per::Month, true),
            (_, 1) => Item::Recurs,
            (_, many) => Item::Per(many, Per::Month, true),
        };
        found.push(rate);
        // "am zweiten Samstag": one day that nobody names.
        if !each && ordinals < 2 {
            found = vec![Item::Unknown, Item::Days(days, false)];
        }
        Some((found, end))
    }

    /// Reads an ordinal; the last one is 0.
    fn ordinal(&self, at: usize) -> Option<(u32, usize)> {
        match self.meaning(at) {
            Some(Meaning::Ordinal(number)) => return Some((number, at + 1)),
            Some(Meaning::Last) => return Some((0, at + 1)),
            _ => {}
        }
        let number = self.token(at)?.digits()?.parse::<u32>().ok()?;
        ((1..=5).contains(&number) && self.is(at + 1, '.')).then_some((number, at + 2))
    }
}

/// How often "alle `number` …" is, as far as a record can say it.
const fn every(number: u32, per: Per) -> Item {
    let (times, per) = match (number, per) {
        (1, per) => (1, per),
        (7, Per::Day) => (1, Per::Week),
        (14 | 15, Per::Day) | (2, Per::Week) => (2, Per::Month),
        (28, Per::Day) | (4, Per::Week) => (1, Per::Month),
        (2, Per::Month) => (6, Per::Year),
        (3, Per::Month) => (4, Per::Year),
        (4, Per::Month) => (3, Per::Year),
        (6, Per::Month) => (2, Per::Year),
        _ => return Item::Recurs,
    };
    Item::Per(times, per, true)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a small whole number"
)]
const fn whole(number: f64) -> u32 {
    number as u32
}
