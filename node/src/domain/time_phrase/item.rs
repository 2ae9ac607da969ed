//! From tokens to what they say: days, hours, repetitions, and what joins or weakens them.
//!
//! Every token ends up in exactly one item. What is not understood is [`Item::Unknown`] and never skipped:
//! whoever claims something must see it.

use std::ops::Range;

use super::lexicon::{Meaning, Per, meaning};
use super::token::{Kind, Token};
use super::week::{Days, Parts};

/// What a stretch of tokens says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Item {
    /// On these days; whether on each of them ("jeden Montag").
    Days(Days, bool),
    /// At this time of day.
    Part(Parts),
    /// At this time of these days.
    DayPart(Days, Parts),
    /// From and to, in minutes of the day; whether it is a window in which one chooses.
    Clock {
        from: Option<u16>,
        to: Option<u16>,
        window: bool,
    },
    /// A time of day that no slot is.
    Unclear,
    Night,
    Holidays,
    /// So many hours.
    Duration(f64),
    /// So many times.
    Count(u32),
    /// So often in a stretch of time; whether this says that it goes on.
    Per(u32, Per, bool),
    /// Again and again, nobody knows how often.
    Recurs,
    /// A stretch of time: "6 Monate".
    Stretch,
    Arrangement,
    Flexible,
    OnCall,
    Once,
    Project,
    Regular,
    And,
    Comma,
    Stop,
    Filler,
    Hedge,
    Not,
    Date,
    Unknown,
}

/// An item and its tokens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) item: Item,
    pub(crate) tokens: Range<usize>,
}

/// Reads all tokens.
pub(crate) fn items(tokens: &[Token]) -> Vec<Placed> {
    let reader = Reader { tokens };
    let (mut items, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let before = items.last().map(|placed: &Placed| placed.item);
        let (found, next) = reader.at(at, before);
        // Whatever goes wrong, it ends.
        let next = next.max(at + 1);
        items.extend(found.into_iter().map(|item| Placed { item, tokens: at..next }));
        at = next;
    }
    items
}

/// Words that are written with a full stop.
const ABBREVIATED: &[&str] = &[
    "mo", "di", "mi", "do", "fr", "sa", "so", "std", "stdn", "stde", "h", "min", "ca", "mind",
    "max", "mtl", "monatl", "wo", "woechtl", "woech", "tgl", "taegl", "jaehrl", "vorm", "nachm",
    "evtl", "ggf", "u", "bzw", "ungef", "regelm", "mon", "vereinb",
];

/// What follows "Uhr" and its like: items and where to go on.
type Found = Option<(Vec<Item>, usize)>;

/// Looks at tokens without ever moving: every method says where to go on.
pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
}

impl Reader<'_> {
    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.token(at)?.word()
    }

    pub(super) fn meaning(&self, at: usize) -> Option<Meaning> {
        meaning(self.word(at)?)
    }

    pub(super) fn is(&self, at: usize, mark: char) -> bool {
        self.token(at).is_some_and(|token| token.is(mark))
    }

    pub(super) fn means(&self, at: usize, meaning: Meaning) -> bool {
        self.meaning(at) == Some(meaning)
    }

    /// Whether these words stand from `at` on.
    fn are(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(i, word)| self.word(at + i) == Some(*word))
    }

    /// Returns where to go on behind the word at `at` and the full stop of its abbreviation.
    pub(super) fn behind(&self, at: usize) -> usize {
        let short = self.word(at).is_some_and(|word| ABBREVIATED.contains(&word));
        let stop = self.token(at + 1).is_some_and(|next| next.is('.') && next.glued);
        if short && stop { at + 2 } else { at + 1 }
    }

    fn at(&self, at: usize, before: Option<Item>) -> (Vec<Item>, usize) {
        self.date(at)
            .or_else(|| self.clock(at, before))
            .or_else(|| self.ordinal_day(at))
            .or_else(|| self.every(at))
            .or_else(|| self.amount(at))
            .or_else(|| self.per(at))
            .or_else(|| self.days(at, before))
            .or_else(|| self.times_of_day(at, before))
            .unwrap_or_else(|| self.single(at))
    }

    /// "12.12.2026", "1. März", "2026".
    fn date(&self, at: usize) -> Found {
        const MONTHS: &[&str] = &[
            "januar",
            "februar",
            "maerz",
            "april",
            "mai",
            "juni",
            "juli",
            "august",
            "september",
            "oktober",
            "november",
            "dezember",
        ];
        let digits = self.token(at)?.digits()?;
        let number = |at: usize| self.token(at)?.digits()?.parse::<u32>().ok();
        if digits.len() == 4 && (2000..2100).contains(&number(at)?) && !self.is(at + 1, ':') {
            return Some((vec![Item::Date], at + 1));
        }
        if digits.len() > 2 || !self.is(at + 1, '.') {
            return None;
        }
        if self.word(at + 2).is_some_and(|word| MONTHS.contains(&word)) {
            return Some((vec![Item::Date], at + 3));
        }
        let month = number(at + 2).filter(|month| (1..=12).contains(month));
        if month.is_none() || !self.is(at + 3, '.') {
            return None;
        }
        let year = number(at + 4).is_some_and(|year| year > 31);
        Some((vec![Item::Date], if year { at + 5 } else { at + 4 }))
    }

    /// "montags", "Mo.-Fr.", "samstagabends", "am Wochenende".
    fn days(&self, at: usize, before: Option<Item>) -> Found {
        let each = self.means(at, Meaning::Every);
        let first = if each { at + 1 } else { at };
        let (days, part, next) = self.day(first, before)?;
        let to = self.is(next, '-') || self.means(next, Meaning::Until);
        if let Some((last, None, end)) = self.day(next + 1, Some(Item::Days(days, false)))
            && to
            && part.is_none()
            && days.count() == 1
            && last.count() == 1
        {
            return Some((vec![Item::Days(days.to(last), each)], end));
        }
        let item = part.map_or(Item::Days(days, each), |part| Item::DayPart(days, part));
        Some((vec![item], next))
    }

    /// Reads one day; a short name only where it cannot be another word.
    pub(super) fn day(
        &self,
        at: usize,
        before: Option<Item>,
    ) -> Option<(Days, Option<Parts>, usize)> {
        let next = self.behind(at);
        if self.are(at, &["unter", "der", "woche"]) {
            return Some((Days::WEEKDAYS, None, at + 3));
        }
        match self.meaning(at)? {
            Meaning::Day(days, _) => Some((days, None, next)),
            Meaning::DayPart(days, parts) => Some((days, Some(parts), next)),
            // "we" is no weekend in an English sentence.
            Meaning::Weekend if self.word(at) != Some("we") || self.is_weekend(at) => {
                Some((Days::WEEKEND, None, next))
            }
            Meaning::Weekdays => Some((Days::WEEKDAYS, None, next)),
            Meaning::Short(days) if self.is_day(at, next, before) => Some((days, None, next)),
            _ => None,
        }
    }

    /// Whether "we" is the weekend here: with capitals, behind "am", or alone.
    fn is_weekend(&self, at: usize) -> bool {
        let behind = at.checked_sub(1).and_then(|at| self.meaning(at));
        let is_led = matches!(
            behind,
            Some(
                Meaning::In | Meaning::Every | Meaning::And | Meaning::Day(..) | Meaning::Short(_)
            )
        );
        self.tokens.len() == 1 || is_led || self.token(at).is_some_and(|token| token.capital)
    }

    /// Whether "so" or "do" is a day here: beside another one, or before a time.
    fn is_day(&self, at: usize, next: usize, before: Option<Item>) -> bool {
        let day = |at: usize| {
            matches!(
                self.meaning(at),
                Some(Meaning::Day(..) | Meaning::Short(_) | Meaning::DayPart(..))
            )
        };
        let joint = |at: usize| {
            [',', '/', '+', '&', '-'].iter().any(|mark| self.is(at, *mark))
                || matches!(self.meaning(at), Some(Meaning::And | Meaning::Until))
        };
        let before_stop = |at: usize| {
            let last = at.checked_sub(1)?;
            if self.is(last, '.') { last.checked_sub(1) } else { Some(last) }
        };
        let behind =
            before_stop(at).filter(|last| joint(*last)).and_then(before_stop).is_some_and(day);
        let capital = self.token(at).is_some_and(|token| token.capital);
        let clock = || self.clock(next, Some(Item::Days(Days::ALL, false))).is_some();
        // "do abend": so little else means this that the capital may be missing.
        let part = self.meaning(next).filter(|_| self.word(at) != Some("so"));
        let timed = match part {
            Some(Meaning::Part(_, is_adverb)) => capital || !is_adverb,
            _ => false,
        };
        let alone = self.word(at) != Some("so")
            && (matches!(before, Some(Item::Days(_, _)))
                || at.checked_sub(1).is_some_and(|last| self.means(last, Meaning::Every)));
        // "Mo Mi Fr"
        let row = capital
            && self.word(at) != Some("so")
            && matches!(self.meaning(next), Some(Meaning::Short(_)))
            && self.token(next).is_some_and(|token| token.capital);
        row || (joint(next) && day(self.behind(next)))
            || behind
            || timed
            || (capital && clock())
            || (capital && alone)
    }

    /// "vormittags", "vor- und nachmittags", "mittags".
    fn times_of_day(&self, at: usize, before: Option<Item>) -> Found {
        // "Samstag früh", but not "Montag früh bis spät".
        let day = matches!(before, Some(Item::Days(..) | Item::Part(Parts::MORNING)));
        let late = (at + 1..at + 3).any(|at| self.word(at) == Some("spaet"));
        let open = late || self.is(at + 1, '-') || self.means(at + 1, Meaning::Until);
        if day && !open && self.word(at) == Some("frueh") {
            return Some((vec![Item::Part(Parts::MORNING)], at + 1));
        }
        if self.means(at, Meaning::Before) {
            let joint = if self.is(at + 1, '-') { at + 2 } else { at + 1 };
            let and = self.means(joint, Meaning::And) || self.is(joint, '/');
            if let Some(Meaning::Part(Parts::AFTERNOON, _)) = self.meaning(joint + 1)
                && and
            {
                return Some((vec![Item::Part(Parts::MORNING.and(Parts::AFTERNOON))], joint + 2));
            }
        }
        // "ab mittags", "bis abends": where it ends or begins, nobody says.
        let open = matches!(
            self.meaning(at),
            Some(Meaning::Since | Meaning::Until | Meaning::After | Meaning::Before)
        );
        let mut part = at + usize::from(open);
        while open
            && matches!(self.meaning(part), Some(Meaning::Article | Meaning::In | Meaning::Filler))
        {
            part += 1;
        }
        match self.meaning(part)? {
            Meaning::Part(..) | Meaning::Noon if open => Some((vec![Item::Unclear], part + 1)),
            _ if open => None,
            Meaning::Part(parts, _) => Some((vec![Item::Part(parts)], self.behind(at))),
            Meaning::Noon => Some((vec![Item::Unclear], at + 1)),
            Meaning::Every if matches!(self.meaning(at + 1), Some(Meaning::Part(..))) => {
                let Some(Meaning::Part(parts, _)) = self.meaning(at + 1) else { return None };
                Some((vec![Item::Part(parts), Item::Recurs], at + 2))
            }
            _ => None,
        }
    }

    /// Everything that is one word or mark by itself.
    fn single(&self, at: usize) -> (Vec<Item>, usize) {
        let Some(token) = self.token(at) else { return (vec![Item::Unknown], at + 1) };
        let next = self.behind(at);
        let item = match &token.kind {
            Kind::Digits(_) => Item::Unknown,
            Kind::Mark(mark) => match mark {
                '/' | '+' | '&' => Item::And,
                ',' | '(' | ')' | '[' | ']' | '|' => Item::Comma,
                '.' | ';' | '!' => Item::Stop,
                '-' | ':' | '~' | '*' | '"' | '„' | '“' | '•' => Item::Filler,
                _ => Item::Unknown,
            },
            Kind::Word(word) => match word.as_str() {
                "n" if self.is(at + 1, '.')
                    && self.word(at + 2).is_some_and(|w| w == "v" || w == "vereinb") =>
                {
                    let end = at + 3 + usize::from(self.is(at + 3, '.'));
                    return (vec![Item::Arrangement], end);
                }
                "z" if self.is(at + 1, '.') && self.word(at + 2) == Some("b") => {
                    return (vec![Item::Hedge], at + 3 + usize::from(self.is(at + 3, '.')));
                }
                "bei" | "nach" if self.word(at + 1) == Some("bedarf") => {
                    let item = if word == "bei" { Item::OnCall } else { Item::Filler };
                    return (vec![item], at + 2);
                }
                _ => self.plain(at),
            },
        };
        (vec![item], next)
    }

    fn plain(&self, at: usize) -> Item {
        let Some(meaning) = self.meaning(at) else { return Item::Unknown };
        match meaning {
            Meaning::Night => Item::Night,
            Meaning::Holidays => Item::Holidays,
            Meaning::Arrangement => Item::Arrangement,
            Meaning::Flexible => Item::Flexible,
            Meaning::Free => {
                let chosen = ["waehlbar", "wahlbar", "einteilbar", "zeiteinteilung", "einteilung"];
                let freely = self.word(at + 1).is_some_and(|word| chosen.contains(&word));
                if freely { Item::Flexible } else { Item::Filler }
            }
            Meaning::OnCall => Item::OnCall,
            Meaning::Once => Item::Once,
            Meaning::Project => Item::Project,
            Meaning::Regular => Item::Regular,
            Meaning::Several | Meaning::Tagig => Item::Recurs,
            Meaning::And => Item::And,
            Meaning::Hedge => Item::Hedge,
            Meaning::Not => Item::Not,
            Meaning::From
            | Meaning::Since
            | Meaning::Until
            | Meaning::After
            | Meaning::At
            | Meaning::Between
            | Meaning::Pro
            | Meaning::In
            | Meaning::Article
            | Meaning::Filler
            | Meaning::Number(_)
            | Meaning::Countable
            | Meaning::Hour
            | Meaning::Mal => Item::Filler,
            _ => Item::Unknown,
        }
    }
}
