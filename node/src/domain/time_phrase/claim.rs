//! From items to claims: what may be said of a record because somebody wrote it, and nothing else.
//!
//! A phrase is cut at commas and full stops. A piece with a word that is not understood claims nothing, and
//! what it speaks of (days, amounts) is claimed by no other piece either: "montags, im Winter auch
//! donnerstags" must not become "nur montags". A "nicht" ends everything.

use engagement_protocol::opportunity::Hours;

use super::TimePhrase;
use super::clock;
use super::item::{Item, Placed};
use super::lexicon::Per;
use super::week::{Days, Parts, Week};

/// Longest time that one occurrence is believed to take, in hours.
const AT_ONCE: f64 = 12.0;
/// Longest range of the clock that is one occurrence and not a time to choose from, in minutes.
const OCCURRENCE: u16 = 4 * 60;

/// What may not be claimed.
#[derive(Debug, Default, Clone, Copy)]
struct Taint {
    slots: bool,
    hours: bool,
    commitment: bool,
}

/// Reads the claims of a phrase.
pub(super) fn claims(items: &[Placed]) -> TimePhrase {
    let items: Vec<Item> = items.iter().map(|placed| placed.item).collect();
    if items.contains(&Item::Not) {
        return TimePhrase::default();
    }
    let mut taint = Taint::default();
    let mut kept: Vec<Item> = Vec::new();
    for piece in items.split_inclusive(|item| matches!(item, Item::Comma | Item::Stop)) {
        if piece.iter().any(|item| matches!(item, Item::Unknown | Item::Hedge)) {
            piece.iter().for_each(|item| taint.add(*item));
            // What stood on both sides is not side by side.
            kept.push(Item::Stop);
        } else {
            kept.extend(piece);
        }
    }
    if kept.contains(&Item::Date) {
        taint.slots = true;
    }
    let mut found = TimePhrase::default();
    let week = if taint.slots { None } else { week(&kept) };
    let clocks_count = !taint.slots && (week.is_some() || !kept.iter().any(|item| is_slot(*item)));
    if !taint.hours {
        found.hours = hours(&kept, clocks_count);
    }
    if !taint.commitment {
        found.commitment = commitment(&kept);
    }
    let mut slots = week.map(Week::codes).unwrap_or_default();
    if kept.contains(&Item::Arrangement) {
        slots.push("by_arrangement".to_owned());
    }
    if !taint.slots && kept.contains(&Item::Holidays) && !joined(&kept, Item::Holidays) {
        slots.push("holidays_only".to_owned());
    }
    let by_day = kept.iter().any(|item| matches!(item, Item::Days(..) | Item::DayPart(..)));
    if !taint.slots && kept.contains(&Item::Night) && !by_day {
        slots.push("night".to_owned());
    }
    found.slots = slots;
    found
}

impl Taint {
    fn add(&mut self, item: Item) {
        match item {
            item if is_slot(item) => self.slots = true,
            Item::Duration(_) | Item::Count(_) | Item::Stretch => self.hours = true,
            Item::Per(..) | Item::Recurs => (self.hours, self.commitment) = (true, true),
            Item::Once | Item::Project | Item::Regular | Item::OnCall => self.commitment = true,
            Item::Flexible => self.hours = true,
            _ => {}
        }
    }
}

const fn is_slot(item: Item) -> bool {
    matches!(
        item,
        Item::Days(..)
            | Item::Part(_)
            | Item::DayPart(..)
            | Item::Clock { .. }
            | Item::Unclear
            | Item::Night
            | Item::Holidays
    )
}

/// Whether an item stands beside "und" with other times: then it is not "nur".
fn joined(items: &[Item], item: Item) -> bool {
    let times = items.iter().filter(|item| is_slot(**item)).count();
    times > 1 && items.contains(&item) && items.contains(&Item::And)
}

/// What one group of a phrase has said so far: these days at these times.
#[derive(Debug, Default, Clone, Copy)]
struct Group {
    days: Days,
    parts: Parts,
    parts_first: bool,
}

/// Returns the slots; `None` if nothing is said, or something that is not sure.
pub(in crate::domain) fn week(items: &[Item]) -> Option<Week> {
    if items.contains(&Item::Unclear) || items.contains(&Item::Recurs) && items.contains(&Item::And)
    {
        return None;
    }
    // "6 Nachmittage", "vier Termine": some, not any.
    let many = items.iter().any(|item| matches!(item, Item::Count(_)));
    let often = items.iter().any(|item| matches!(item, Item::Per(..) | Item::Recurs));
    if many && !often {
        return None;
    }
    // "in der Woche vormittags": on weekdays, or once a week?
    let amount = items.iter().any(|item| matches!(item, Item::Duration(_) | Item::Count(_)));
    if !amount && items.iter().any(|item| matches!(item, Item::Per(_, Per::Week, false))) {
        return None;
    }
    let (mut groups, mut open): (Vec<Group>, Option<Group>) = (Vec::new(), None);
    // What stands between the last time and this one.
    let (mut and, mut comma) = (false, false);
    for item in items {
        let (days, parts, by_clock) = match *item {
            Item::Days(days, _) => (days, Parts::NONE, false),
            Item::Part(parts) => (Days::NONE, parts, false),
            Item::DayPart(days, parts) => (days, parts, false),
            Item::Clock { from, to, .. } => (Days::NONE, clock::parts(from, to)?, true),
            Item::And => {
                and = true;
                continue;
            }
            Item::Comma | Item::Stop => {
                comma = true;
                continue;
            }
            _ => continue,
        };
        let (and, comma) = (std::mem::take(&mut and), std::mem::take(&mut comma));
        let Some(group) = &mut open else {
            open = Some(Group { days, parts, parts_first: days.is_empty() });
            continue;
        };
        let both = !days.is_empty() && !parts.is_empty();
        let same = if days.is_empty() {
            group.days.is_empty() || !group.parts.is_empty()
        } else {
            group.parts.is_empty() || group.parts_first && !group.days.is_empty()
        };
        let turns = if days.is_empty() {
            group.parts_first && !group.days.is_empty()
        } else {
            !group.parts_first && !group.parts.is_empty()
        };
        let apart = !same && !turns && (and || comma);
        if apart && comma && !by_clock {
            // "samstags, vormittags": on Saturday mornings, or also on other mornings?
            return None;
        }
        if both || turns || (apart && and) {
            groups.push(*group);
            open = Some(Group { days, parts, parts_first: days.is_empty() });
        } else {
            (group.days, group.parts) = (group.days.and(days), group.parts.and(parts));
        }
    }
    groups.extend(open);
    let half = |group: &Group| group.parts.is_empty() && group.days != Days::WEEKEND;
    // "Mo vormittags und Mi": the whole Wednesday, or its morning?
    if groups.len() > 1
        && groups.iter().any(half)
        && groups.iter().any(|g| !g.days.is_empty() && !half(g) && !g.parts.is_empty())
    {
        return None;
    }
    let week = groups.iter().map(|group| Week::of(group.days, group.parts)).reduce(Week::and)?;
    (week != Week::ALL).then_some(week)
}

/// Returns how long and how often.
pub(in crate::domain) fn hours(items: &[Item], clocks_count: bool) -> Option<Hours> {
    let nothing = Hours { per_occurrence: None, times: None, per: None, flexible: None };
    let mut durations: Vec<f64> = Vec::new();
    let (mut counts, mut rates): (Vec<u32>, Vec<(u32, Per, bool)>) = (Vec::new(), Vec::new());
    let mut clocks: Vec<(u16, u16)> = Vec::new();
    let (mut each, mut days) = (false, 0);
    for (at, item) in items.iter().enumerate() {
        match *item {
            Item::Duration(hours) if !durations.contains(&hours) => durations.push(hours),
            Item::Count(count) if !counts.contains(&count) => counts.push(count),
            Item::Per(times, per, goes_on) => {
                // "2 Wochen im Jahr" is not once a year.
                if at.checked_sub(1).and_then(|last| items.get(last)) == Some(&Item::Stretch) {
                    return None;
                }
                if rates.iter().all(|(known, of, _)| (*known, *of) != (times, per)) {
                    rates.push((times, per, goes_on));
                }
            }
            Item::Clock { from: Some(from), to: Some(to), window: false } => {
                clocks.push((from, to))
            }
            Item::Days(set, every) => {
                each |= every;
                days += set.count();
            }
            Item::DayPart(set, _) => days += set.count(),
            _ => {}
        }
    }
    if durations.len() > 1 || counts.len() > 1 {
        return None;
    }
    let mut duration = durations.first().copied();
    if let ([(from, to)], None, true) = (clocks.as_slice(), duration, clocks_count) {
        let length = to.saturating_sub(*from);
        duration = (length > 0 && length <= OCCURRENCE).then(|| f64::from(length) / 60.0);
    }
    if rates.is_empty() && each && days == 1 && counts.is_empty() && !items.contains(&Item::Recurs)
    {
        rates.push((1, Per::Week, true));
    }
    let rate = match rates.as_slice() {
        [(times, per, goes_on)] if !items.contains(&Item::Recurs) => {
            let count = counts.first().copied();
            let said = *goes_on || count.is_some() || duration.is_some();
            // "2 mal vierteljährlich" is more than anybody says by it.
            let plain = count.is_none_or(|count| count == 1 || *times == 1);
            (said && plain).then(|| (count.unwrap_or(1) * times, *per))
        }
        _ => None,
    };
    let believable = match rate {
        Some((_, Per::Day)) | None => AT_ONCE,
        // What is counted by the year or the month may be its sum.
        Some((_, Per::Week)) => 40.0,
        Some((_, Per::Month)) => 100.0,
        Some((_, Per::Year)) => 400.0,
    };
    let unsure = rates.len() > 1 || items.contains(&Item::Recurs);
    let duration = duration.filter(|hours| *hours > 0.0 && *hours <= believable);
    // "2 Stunden" with two rates: nobody knows which of them it belongs to.
    let duration = duration.filter(|_| !unsure || durations.is_empty() || counts.is_empty());
    if duration.is_none() && !durations.is_empty() {
        return None;
    }
    if let Some((times, per)) = rate {
        let (times, per) = (Some(times), Some(per.code().to_owned()));
        return Some(Hours { per_occurrence: duration, times, per, flexible: None });
    }
    if duration.is_some() && rates.is_empty() {
        return Some(Hours { per_occurrence: duration, ..nothing });
    }
    let flexible = items.contains(&Item::Flexible) && durations.is_empty() && rates.is_empty();
    flexible.then_some(Hours { flexible: Some(true), ..nothing })
}

/// Returns the kind of commitment, if only one is named.
fn commitment(items: &[Item]) -> Option<&'static str> {
    let amount = items.iter().any(|item| matches!(item, Item::Duration(_) | Item::Count(_)));
    let mut kinds: Vec<&'static str> = Vec::new();
    for item in items {
        let kind = match item {
            Item::Once => "once",
            Item::Project => "project",
            Item::OnCall => "on_call",
            Item::Regular | Item::Recurs | Item::Days(_, true) => "regular",
            Item::Per(_, Per::Week | Per::Month, goes_on) if *goes_on || amount => "regular",
            Item::Per(4.., Per::Year, true) => "regular",
            _ => continue,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    match kinds.as_slice() {
        [kind] => Some(kind),
        _ => None,
    }
}
