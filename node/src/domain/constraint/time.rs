//! When and how much: "nur samstags", "abends", "in den Ferien", "2 Stunden die Woche", "einmal im Monat".
//!
//! The words are those of [`time_phrase`](crate::domain::time_phrase), but a query speaks of somebody who
//! has time, not of an offer that takes it: "2 Stunden die Woche" means at most so much.

use std::ops::Range;

use engagement_protocol::opportunity::Code;

use super::{Ask, Kind, Scan};
use crate::domain::effort;
use crate::domain::time_phrase::claim;
use crate::domain::time_phrase::item::{Item, Placed, items};
use crate::domain::time_phrase::lexicon::{Meaning, meaning};
use crate::domain::time_phrase::say;
use crate::domain::time_phrase::week::{Days, Parts, Week};
use crate::domain::vocabulary::{List, Vocabulary};

/// Words that may stand between times without being looked for.
const BETWEEN: &[&str] = &[
    "nur",
    "immer",
    "am",
    "an",
    "in",
    "im",
    "den",
    "der",
    "die",
    "jeweils",
    "von",
    "um",
    "ca",
    "circa",
    "etwa",
    "gern",
    "gerne",
    "pro",
    "je",
    "fuer",
    "zu",
    "maximal",
    "max",
    "hoechstens",
    "bis",
    "ab",
    "nach",
    "jeden",
    "jede",
    "waehrend",
    "auch",
    "mal",
    "u",
];
/// What makes a day a name: "Café Samstag".
const NAMES: &[&str] = &[
    "cafe",
    "café",
    "haus",
    "familie",
    "herr",
    "frau",
    "verein",
    "stiftung",
    "initiative",
    "ev",
    "gruppe",
    "treff",
    "robinson",
    "aktion",
    "projekt",
    "chor",
    "club",
    "klub",
    "black",
    "kreis",
    "kinder",
    "oster",
    "schwarzer",
];

/// What an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Slot,
    Effort,
    Commitment,
    /// It may stand inside.
    Between,
    Other,
}

impl Scan<'_> {
    /// Finds all times.
    pub(super) fn times(&mut self) {
        self.spare();
        let placed = self.items();
        let mut at = 0;
        while at < placed.len() {
            let end = self.run(&placed, at);
            if end > at {
                self.claim(placed.get(at..end).unwrap_or_default());
            }
            at = end.max(at + 1);
        }
    }

    /// Reads the items of every stretch that nothing has taken: "ich bin 17 samstags" has no 17 on Saturday.
    fn items(&self) -> Vec<Placed> {
        let mut placed = Vec::new();
        let mut from = 0;
        while from < self.tokens.len() {
            let free = self.taken.iter().skip(from).take_while(|taken| !**taken).count();
            let stretch = self.tokens.get(from..from + free).unwrap_or_default();
            placed.extend(items(stretch).into_iter().map(|one| Placed {
                tokens: one.tokens.start + from..one.tokens.end + from,
                ..one
            }));
            for one in &mut placed {
                // An offer says nothing sure with it, but who has time then means the evening.
                let is = |words: &[&str]| self.words(one.tokens.start, words) == one.tokens.len();
                if is(&["nach", "feierabend"]) {
                    one.item = Item::Part(Parts::EVENING);
                } else if is(&["mittags"]) {
                    one.item = Item::Part(Parts::MORNING.and(Parts::AFTERNOON));
                } else if let Item::Clock { from: None, to: Some(to), .. } = one.item {
                    // "bis 12 Uhr": an offer says little so, but who has time until then has it in the morning.
                    let parts = match to {
                        0..=780 => Parts::MORNING,
                        781..=1_110 => Parts::MORNING.and(Parts::AFTERNOON),
                        _ => Parts::ALL,
                    };
                    one.item = Item::Part(parts);
                }
            }
            from += free.max(1);
        }
        placed
    }

    /// Returns the end of the run of items of one class that begins at `at`, without what only joins.
    fn run(&self, placed: &[Placed], at: usize) -> usize {
        let class = |at: usize| placed.get(at).map_or(Class::Other, |placed| self.class(placed));
        let first = class(at);
        if matches!(first, Class::Between | Class::Other) {
            return at;
        }
        let (mut end, mut next) = (at + 1, at + 1);
        loop {
            let same_words = |end: usize| {
                let tokens = |at: usize| placed.get(at).map(|placed| placed.tokens.clone());
                tokens(end).is_some() && tokens(end) == tokens(end - 1)
            };
            match class(next) {
                Class::Between => next += 1,
                other if other == first || same_words(next) => {
                    next += 1;
                    end = next;
                }
                _ => return end,
            }
        }
    }

    fn claim(&mut self, run: &[Placed]) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let range = self.lead(first.tokens.start)..last.tokens.end;
        if !self.is_free(range.clone()) {
            return;
        }
        let mut items: Vec<Item> = run.iter().map(|placed| placed.item).collect();
        if self.is_a_name(run) {
            return;
        }
        if !self.obstacle(&mut range.clone()) {
            open(&mut items);
        }
        if items.iter().all(|item| *item == Item::Part(Parts::ALL)) {
            // "nicht vor 10 Uhr": no code says so.
            let label = format!("{} (ohne Filter)", self.text(&range));
            self.keep(range, Kind::Time, label, Ask::Anything, false);
            return;
        }
        let slots = slots(&items);
        let commitments = commitments(&items);
        let hours = claim::hours(&items, false);
        let (hours_at_once, hours_a_month, times_a_year) =
            hours.as_ref().map_or((None, None, None), |hours| {
                let rate = effort::times_a_month(hours);
                // An hour a day is an hour at once, on whichever days.
                let is_daily = hours.per.as_deref() == Some("day");
                let once = hours.per_occurrence.filter(|_| rate.is_none() || is_daily);
                let times = hours.per_occurrence.is_none().then_some(rate).flatten();
                let month = effort::a_month(hours).filter(|_| !is_daily);
                (once, month, times.map(|times| rounded(times * 12.0)))
            });
        let effort = hours_at_once.is_some() || hours_a_month.is_some() || times_a_year.is_some();
        let mut said: Vec<String> = Vec::new();
        if let Some(hours) = hours.filter(|_| effort) {
            said.push(format!("höchstens {}", say::hours(&hours)));
        }
        let vocabulary = Vocabulary::embedded();
        let labels: Vec<&str> =
            commitments.iter().map(|code| vocabulary.label(List::Commitment, code)).collect();
        said.extend(labels.first().map(|label| (*label).to_owned()));
        said.extend((!slots.is_empty()).then(|| say::slots(&slots)));
        let label = said.join(", ");
        if effort || !commitments.is_empty() {
            let ask =
                Ask::Effort { hours_at_once, hours_a_month, times_a_year, commitments, slots };
            self.take(range, Kind::Effort, label, ask);
        } else if !slots.is_empty() {
            self.take(range, Kind::Time, label, Ask::Slots(slots));
        }
    }

    /// "nicht länger als", "nicht mehr als" before an amount belong to it.
    pub(super) fn limit(&self, at: usize) -> usize {
        const LIMITS: &[&[&str]] = &[
            &["weniger", "als"],
            &["less", "than"],
            &["at", "most"],
            &["nicht", "laenger", "als"],
            &["nicht", "mehr", "als"],
            &["nicht", "oefter", "als"],
        ];
        let starts = LIMITS.iter().filter_map(|words| {
            let start = at.checked_sub(words.len())?;
            (self.words(start, words) > 0 && self.is_free(start..at)).then_some(start)
        });
        starts.min().unwrap_or(at)
    }

    /// "mindestens 2 Stunden", "mehr als 2 Stunden": at most so much would be the opposite.
    pub(super) fn is_least(&self, range: &Range<usize>) -> bool {
        const WORDS: &[&str] = &["mindestens", "mind", "wenigstens", "ueber", "ab"];
        const MORE: &[&[&str]] = &[&["mehr", "als"], &["laenger", "als"], &["oefter", "als"]];
        let is_least = |at: usize| self.word(at).is_some_and(|word| WORDS.contains(&word));
        let dot = usize::from(range.start > 0 && self.is(range.start - 1, '.'));
        let is_before = |words: &[&str]| {
            let start = range.start.checked_sub(words.len());
            start.is_some_and(|start| self.words(start, words) > 0)
        };
        let before = range.start.checked_sub(1 + dot);
        let is_more = MORE.iter().any(|words| is_before(words));
        let is_not = range.start.checked_sub(3).and_then(|at| self.word(at)) == Some("nicht");
        is_least(range.start)
            || before.is_some_and(is_least)
            || (is_more && !is_not)
            || is_before(&["nicht", "weniger", "als"])
            || is_before(&["nicht", "unter"])
    }

    /// "in den", "am", "für" before a time belong to it.
    fn lead(&self, at: usize) -> usize {
        const LEADS: &[&str] = &[
            "in", "im", "am", "an", "den", "der", "die", "fuer", "waehrend", "nach", "ab", "auf",
            "zu", "bis", "on", "at", "the", "einem",
        ];
        let mut start = at;
        while start > 0
            && self.is_free(start - 1..start)
            && self.word(start - 1).is_some_and(|word| LEADS.contains(&word))
        {
            start -= 1;
        }
        start
    }

    fn class(&self, placed: &Placed) -> Class {
        if !self.is_free(placed.tokens.clone()) {
            return Class::Other;
        }
        let between = |placed: &Placed| {
            placed.tokens.clone().all(|at| {
                self.word(at).is_some_and(|word| BETWEEN.contains(&word)) || self.is(at, '-')
            })
        };
        match placed.item {
            Item::Days(..)
            | Item::DayPart(..)
            | Item::Clock { .. }
            | Item::Night
            | Item::Part(_) => Class::Slot,
            Item::Arrangement | Item::Flexible => Class::Slot,
            Item::Holidays if self.is_when(placed) => Class::Slot,
            Item::Duration(_) | Item::Count(_) | Item::Per(..) | Item::Recurs => Class::Effort,
            Item::Once | Item::Regular | Item::OnCall | Item::Project => Class::Commitment,
            Item::And | Item::Comma => Class::Between,
            _ if between(placed) => Class::Between,
            _ => Class::Other,
        }
    }

    /// "Ferien" alone is what one does something in; "in den Ferien" is when.
    fn is_when(&self, placed: &Placed) -> bool {
        let before = placed.tokens.start.checked_sub(1).and_then(|at| self.word(at));
        matches!(before, Some("in" | "den" | "der" | "die" | "nur"))
            || self.tokens.len() == placed.tokens.len()
    }

    /// Whether nouns such as "Samstag" or "Abend" stand here as names and not as times.
    fn is_a_name(&self, run: &[Placed]) -> bool {
        let sure = |placed: &Placed| match placed.item {
            Item::Days(_, true) | Item::DayPart(..) | Item::Clock { .. } | Item::Night => true,
            Item::Days(..) | Item::Part(_) => placed.tokens.clone().any(|at| {
                if matches!(self.word(at), Some("unter" | "feierabend" | "mittags" | "uhr")) {
                    return true;
                }
                let meaning = self.word(at).and_then(meaning);
                matches!(
                    meaning,
                    Some(
                        Meaning::Day(_, true)
                            | Meaning::Part(_, true)
                            | Meaning::Short(_)
                            | Meaning::Weekdays
                    )
                )
            }),
            Item::And | Item::Comma | Item::Filler => false,
            _ => true,
        };
        if run.iter().any(sure) {
            return false;
        }
        let tokens =
            run.first().map_or(0, |p| p.tokens.start)..run.last().map_or(0, |p| p.tokens.end);
        let before = tokens.start.checked_sub(1).and_then(|at| self.word(at));
        let leads = [
            "am",
            "an",
            "einem",
            "weder",
            "noch",
            "jeden",
            "nur",
            "immer",
            "jedes",
            "den",
            "bis",
            "keine",
            "keinen",
            "kommenden",
            "naechsten",
            "diesen",
        ];
        if before.is_some_and(|word| leads.contains(&word)) {
            return false;
        }
        let parts = run.iter().any(|placed| matches!(placed.item, Item::Part(_)));
        let days = run.iter().any(|placed| matches!(placed.item, Item::Days(..)));
        let weekend = run.iter().any(|p| {
            p.tokens.clone().any(|at| self.word(at).and_then(meaning) == Some(Meaning::Weekend))
        });
        let list = run.iter().filter(|placed| matches!(placed.item, Item::Days(..))).count() > 1;
        if days && (parts || list || weekend) {
            return false;
        }
        // One noun: a time only at an end of the query or between commas, and not beside what names are made of.
        let beside = [tokens.start.checked_sub(1), Some(tokens.end)].into_iter().flatten();
        let mut beside = beside.filter_map(|at| self.word(at));
        let named = beside.any(|word| NAMES.contains(&word));
        let edge = self.is_a_start(tokens.start) || self.is_an_end(tokens.end);
        let is_all = self.is_a_start(tokens.start) && self.is_an_end(tokens.end);
        named || !(days && edge || parts && is_all)
    }

    /// Whether nothing stands before `at` that a noun there would belong to.
    fn is_a_start(&self, at: usize) -> bool {
        let before = at.checked_sub(1);
        before.is_none_or(|before| self.is(before, ',') || self.taken.get(before) == Some(&true))
            || self.is_town(&(0..at))
    }

    /// Whether nothing follows from `at` on: a town alone has its own place.
    fn is_an_end(&self, at: usize) -> bool {
        let is_taken = self.taken.get(at) == Some(&true);
        at == self.tokens.len()
            || self.is(at, ',')
            || is_taken
            || self.is_town(&(at..self.tokens.len()))
    }

    fn is_town(&self, range: &Range<usize>) -> bool {
        !self.is_word(range) && self.spot(range).is_some_and(|spot| spot.is_town())
    }
}

/// Reads "ab 10 Uhr" as all that comes after, too: it asks for nothing, unless another time of day says more.
fn open(items: &mut Vec<Item>) {
    for item in items.iter_mut() {
        if let Item::Clock { from: Some(from), to: None, .. } = item {
            match from {
                0..720 => *item = Item::Part(Parts::ALL),
                720..900 => *item = Item::Part(Parts::AFTERNOON.and(Parts::EVENING)),
                _ => {}
            }
        }
    }
    let says = |item: &Item| match item {
        Item::Part(parts) => *parts != Parts::ALL,
        item => matches!(item, Item::DayPart(..) | Item::Night),
    };
    if items.iter().any(says) {
        items.retain(|item| *item != Item::Part(Parts::ALL));
    }
}

/// The days and times that somebody has; of what an offer would leave open, all that it can mean.
fn week(items: &[Item]) -> Option<Week> {
    let apart = || {
        // "samstags abends montags": a day behind a time begins anew.
        let mut groups: Vec<Vec<Item>> = vec![Vec::new()];
        let mut is_timed = false;
        for item in items {
            let is_day = matches!(item, Item::Days(..) | Item::DayPart(..));
            if is_day && std::mem::take(&mut is_timed) {
                groups.push(Vec::new());
            }
            is_timed |= matches!(item, Item::Part(_) | Item::DayPart(..) | Item::Clock { .. });
            groups.last_mut()?.push(*item);
        }
        let weeks = groups.iter().map(|group| claim::week(group));
        weeks.collect::<Option<Vec<_>>>()?.into_iter().reduce(Week::and)
    };
    claim::week(items).or_else(apart)
}

fn slots(items: &[Item]) -> Vec<Code> {
    let mut week = week(items).unwrap_or(Week::NONE);
    if items.contains(&Item::Night) {
        // "sonntags nachts" is not the whole Sunday.
        let evening = week.within(Week::of(Days::ALL, Parts::EVENING));
        week = if evening.is_empty() { week } else { evening };
    }
    let mut slots = week.codes();
    if items.contains(&Item::Arrangement) || items.contains(&Item::Flexible) {
        slots.push("by_arrangement".to_owned());
    }
    if items.contains(&Item::Holidays) {
        slots.push("holidays_only".to_owned());
    }
    if items.contains(&Item::Night) {
        slots.push("night".to_owned());
    }
    slots
}

/// The commitments that somebody would enter who says so.
pub(super) fn commitments(items: &[Item]) -> Vec<Code> {
    let codes: &[&str] = items
        .iter()
        .find_map(|item| match item {
            Item::Once => Some(["once", "micro"].as_slice()),
            Item::Regular => Some(["regular", "function"].as_slice()),
            Item::OnCall => Some(["on_call"].as_slice()),
            Item::Project => Some(["project"].as_slice()),
            _ => None,
        })
        .unwrap_or_default();
    codes.iter().map(|code| (*code).to_owned()).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most a few hundred, above 0"
)]
const fn rounded(number: f64) -> u32 {
    number.round() as u32
}
