//! Understands constraints in the words of a search, and gives them up one by one rather than find nothing.
//!
//! What somebody chose explicitly beats what was recognised, where both cannot hold: such a constraint is reported as
//! overridden and asks for nothing. If the others together leave no record, the first of [`Kind::RELAXED`] without
//! which something is found is given up; if one is not enough, two, all but one, or all; at last the query is
//! searched as it was typed. The answer says which, so no hit is lost silently.

use std::collections::BTreeMap;

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::Code;
use engagement_protocol::time::Day;

use super::search::Asked;
use crate::domain::constraint::{self, Ask, Constraint, Kind};
use crate::domain::dates::Days;
use crate::domain::gazetteer::Gazetteer;
use crate::domain::time_phrase::say;
use crate::domain::time_phrase::week::{self, Parts, Week};
use crate::domain::vocabulary::List;
use crate::search::analysis;
use crate::search::analysis::fold::fold;
use crate::search::answer::Answer;
use crate::search::query::{Near, Query};

/// A constraint that was recognised in the words.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// What it is about.
    pub kind: Kind,
    /// The words.
    pub text: String,
    /// What people are shown, in German.
    pub label: String,
    /// What it asks of records, by the names of parameters.
    pub filter: BTreeMap<&'static str, Vec<String>>,
    /// Whether an explicit parameter asks for something else, so that this asks for nothing.
    pub overridden: bool,
    /// Whether it was given up because nothing was found with it.
    pub relaxed: bool,
    /// The query without it.
    pub without: String,
    /// Other places with the name that was understood, each as text that finds it.
    pub others: Vec<String>,
}

/// A word of a search that is a town's name, too: "Kochen Essen".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubtful {
    /// The town, as text for `near`.
    pub place: String,
    /// The query without it.
    pub without: String,
}

impl Doubtful {
    /// The same search in the town.
    #[must_use]
    pub fn there(&self, asked: &Asked) -> Asked {
        let near = Some(self.place.clone());
        Asked { words: self.without.clone(), near, cursor: None, ..asked.clone() }
    }
}

/// The words of a search, understood.
#[derive(Debug)]
pub(super) struct Plan {
    typed: String,
    today: Day,
    /// The words that are left to look for.
    words: String,
    constraints: Vec<(Constraint, bool)>,
    /// A word that may have been meant as a town.
    pub(super) doubtful: Option<Doubtful>,
}

impl Plan {
    /// Reads the words on `today`; `home` is whether the node has a place of its own.
    pub(super) fn new(asked: &Asked, home: bool, today: Day) -> Self {
        let typed = asked.words.clone();
        if asked.literal {
            let words = typed.clone();
            return Self { typed, today, words, constraints: Vec::new(), doubtful: None };
        }
        let reading = constraint::read(&typed);
        let anywhere = !home && asked.near.is_none();
        // Around what? Then "10 km" is only two words.
        let lost = |one: &Constraint| anywhere && matches!(one.ask, Ask::Around(None, _));
        // "in Heimen" is no mistyped Heiden: what the lexicon knows was meant.
        let wrong = |one: &Constraint| {
            let span = typed.get(one.named.clone()).unwrap_or_default();
            let last = span.split_whitespace().next_back().unwrap_or_default();
            one.guessed && analysis::is_noun(&fold(last))
        };
        let kept = |one: &Constraint| !lost(one) && !wrong(one);
        let mut found: Vec<_> = reading.constraints.into_iter().filter(kept).collect();
        // Near whom? It is still no word to look for.
        for one in found.iter_mut().filter(|one| anywhere && matches!(one.ask, Ask::Nearby(_))) {
            one.ask = Ask::Anything;
            one.label.push_str(" (ohne Filter)");
        }
        let mut words = constraint::left(&typed, &found);
        let constraints: Vec<_> =
            found.into_iter().map(|one| (one.clone(), is_overridden(&one, asked))).collect();
        // "Ich möchte samstags helfen": what is left beside a constraint names nothing to look for.
        let is_filtered = constraints.iter().any(|(_, overridden)| !overridden);
        if (is_filtered || is_said(&words)) && analysis::names_nothing(&words) {
            words.clear();
        }
        let is_somewhere = asked.near.is_some() || !asked.areas.is_empty();
        let doubtful = reading.doubtful.filter(|_| !is_somewhere).map(|(span, spot)| Doubtful {
            place: spot.label,
            without: constraint::without(&typed, &span),
        });
        Self { typed, today, words, constraints, doubtful }
    }

    /// Searches, and gives up constraints if they leave nothing. Returns the answer, the words that were looked
    /// for, and what was understood.
    pub(super) fn search<E>(
        self,
        base: &Query,
        mut search: impl FnMut(&Query) -> Result<Answer, E>,
    ) -> Result<(Answer, String, Vec<Understood>), E> {
        let asks = |kind: &Kind| {
            let mut of_it = self.constraints.iter().filter(|(one, _)| one.kind == *kind);
            of_it.any(|(one, overridden)| !overridden && one.ask != Ask::Anything)
        };
        let kinds: Vec<Kind> = Kind::RELAXED.into_iter().filter(asks).collect();
        let strict = search(&self.query(base, &[]))?;
        if strict.total > 0 || kinds.is_empty() {
            return Ok((strict, self.words.clone(), self.understood(&[])));
        }
        for given_up in given_up(&kinds) {
            let answer = search(&self.query(base, &given_up))?;
            if answer.total > 0 {
                return Ok((answer, self.words.clone(), self.understood(&given_up)));
            }
        }
        let typed = search(&Query { words: self.typed.clone(), ..base.clone() })?;
        // Only the place in the words, without what was looked for there, would be no answer.
        if typed.with_all_words > 0 {
            return Ok((typed, self.typed.clone(), self.understood(&kinds)));
        }
        Ok((strict, self.words.clone(), self.understood(&[])))
    }

    /// Returns the query with all constraints but those of some kinds.
    fn query(&self, base: &Query, given_up: &[Kind]) -> Query {
        let mut query = Query { words: self.words.clone(), hints: self.hints(), ..base.clone() };
        for (constraint, overridden) in &self.constraints {
            if *overridden {
                continue;
            }
            let is_given_up = given_up.contains(&constraint.kind);
            apply(&constraint.ask, is_given_up, base, &mut query);
        }
        query
    }

    /// Returns the words of constraints that records may have in their text alone.
    fn hints(&self) -> String {
        let hints = self.constraints.iter().filter(|(one, overridden)| {
            // What is not wanted shall not count more; "mit wenig Deutsch" is wanted.
            let may_be_text =
                matches!(one.kind, Kind::Time | Kind::Effort | Kind::Mode | Kind::Without);
            !overridden && !one.negated && may_be_text
        });
        let texts = hints.filter_map(|(one, _)| self.typed.get(one.span.clone()));
        texts.collect::<Vec<_>>().join(", ")
    }

    /// Returns the other places that have the name in a constraint.
    fn others(&self, constraint: &Constraint) -> Vec<String> {
        let label = match &constraint.ask {
            Ask::Inside(spots) | Ask::InsideOr(spots, _) | Ask::Outside(spots) => {
                spots.first().map(|spot| &spot.label)
            }
            Ask::Around(spot, _) => spot.as_ref().map(|spot| &spot.label),
            _ => None,
        };
        let Some(label) = label else { return Vec::new() };
        let text = self.typed.get(constraint.named.clone()).unwrap_or_default();
        let words: Vec<&str> = text.split_whitespace().collect();
        // The longest end of it that is a name: the words before lead to the place.
        let names = (0..words.len()).filter_map(|from| Some(words.get(from..)?.join(" ")));
        let spots = names
            .map(|name| Gazetteer::embedded().namesakes(&name))
            .find(|spots| spots.iter().any(|spot| spot.label == *label));
        let labels = spots.into_iter().flatten().map(|spot| spot.label);
        labels.filter(|other| other != label).collect()
    }

    fn understood(&self, given_up: &[Kind]) -> Vec<Understood> {
        let understood = self.constraints.iter().map(|(constraint, overridden)| Understood {
            kind: constraint.kind,
            text: self.typed.get(constraint.span.clone()).unwrap_or_default().to_owned(),
            label: constraint.label.clone(),
            filter: filter(&constraint.ask, self.today),
            overridden: *overridden,
            relaxed: !overridden
                && constraint.ask != Ask::Anything
                && given_up.contains(&constraint.kind),
            without: constraint::without(&self.typed, &constraint.span),
            others: self.others(constraint),
        });
        understood.collect()
    }
}

/// Whether somebody says what they want in a sentence: "ich möchte mich engagieren" asks for anything.
fn is_said(words: &str) -> bool {
    let mut words = words.split(|c: char| !c.is_alphanumeric());
    words.any(|word| matches!(fold(word).as_str(), "ich" | "wir" | "mich" | "uns" | "i" | "we"))
}

/// Returns what is given up, in the order in which it is tried: one, two, all but one, all.
fn given_up(kinds: &[Kind]) -> Vec<Vec<Kind>> {
    let mut tried: Vec<Vec<Kind>> = kinds.iter().map(|kind| vec![*kind]).collect();
    for (at, one) in kinds.iter().enumerate() {
        tried.extend(kinds.iter().skip(at + 1).map(|other| vec![*one, *other]));
    }
    // What is most easily misunderstood is kept least.
    for kept in kinds.iter().rev() {
        tried.push(kinds.iter().filter(|kind| *kind != kept).copied().collect());
    }
    tried.push(kinds.to_vec());
    tried.retain(|some| !some.is_empty());
    tried.dedup();
    tried
}

const fn is_overridden(constraint: &Constraint, asked: &Asked) -> bool {
    match constraint.ask {
        Ask::Direction(_) => !asked.directions.is_empty(),
        Ask::Age(_) => asked.age.is_some(),
        Ask::Modes(_) => !asked.modes.is_empty(),
        Ask::Around(None, _) | Ask::Nearby(_) => asked.radius_km.is_some(),
        // What else is chosen narrows these further: what a box counts is what it finds.
        Ask::Effort { .. }
        | Ask::Slots(_)
        | Ask::When(..)
        | Ask::Needs(_)
        | Ask::Outside(_)
        | Ask::Without(_)
        | Ask::Anything => false,
        Ask::Inside(_) | Ask::InsideOr(..) | Ask::Around(Some(_), _) => {
            asked.near.is_some() || !asked.areas.is_empty()
        }
    }
}

/// Asks a query for what a constraint asks for. A place that is given up is still where distances begin.
fn apply(ask: &Ask, is_given_up: bool, base: &Query, query: &mut Query) {
    if let Ask::Inside(spots) | Ask::InsideOr(spots, _) = ask
        && let Some(spot) = spots.first()
    {
        // In the own Kreis distances still begin at home, and not in its middle.
        let home = base.home.as_ref().and_then(|home| home.ags.as_ref());
        let is_around_home = spot
            .ags
            .as_ref()
            .is_some_and(|ags| home.is_some_and(|own| ags != own && ags.contains(own)));
        if !is_around_home {
            query.near = Some(near(spot));
        }
    }
    if let Ask::Around(Some(spot), _) = ask {
        query.near = Some(near(spot));
    }
    if is_given_up {
        return;
    }
    match ask {
        Ask::Direction(direction) => query.directions = vec![*direction],
        Ask::Effort { hours_at_once, hours_a_month, times_a_year, commitments, slots } => {
            let wish = &mut query.wish;
            // Somebody who says two limits means both.
            wish.hours_at_once = least(wish.hours_at_once, *hours_at_once);
            wish.hours_a_month = least(wish.hours_a_month, *hours_a_month);
            wish.times_a_year = match (wish.times_a_year, *times_a_year) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            wish.commitments.extend(commitments.iter().cloned());
            at(slots, &mut wish.slots);
        }
        Ask::Slots(slots) => at(slots, &mut query.wish.slots),
        Ask::When(when, parts) => {
            let days = when.days(query.today);
            at(&slots_of(days, *parts), &mut query.wish.slots);
            query.wish.days = match (query.wish.days, days) {
                // "im Dezember, am 24." is the day, "heute … nächste Woche" all between.
                (Some(one), Some(other)) if one.meet(other) => {
                    Some(Days { from: one.from.max(other.from), to: one.to.min(other.to) })
                }
                (Some(one), Some(other)) => {
                    Some(Days { from: one.from.min(other.from), to: one.to.max(other.to) })
                }
                (one, other) => other.or(one),
            };
        }
        Ask::Age(age) => query.wish.age = Some(*age),
        Ask::Modes(modes) => query.modes.clone_from(modes),
        Ask::Needs(codes) => query.accessibility.extend(codes.iter().cloned()),
        // A radius that was chosen reaches around the place in the words.
        Ask::Inside(_) | Ask::InsideOr(..) if base.radius_km.is_some() => {}
        Ask::Inside(spots) | Ask::InsideOr(spots, _) => {
            query.areas = spots.iter().filter_map(|spot| spot.ags.clone()).collect();
            if let Ask::InsideOr(_, modes) = ask {
                query.or_modes.clone_from(modes);
            }
        }
        Ask::Without(codes) => query.without.extend(codes.iter().cloned()),
        Ask::Anything => {}
        Ask::Outside(spots) => {
            query.not_areas.extend(spots.iter().filter_map(|spot| spot.ags.clone()));
        }
        Ask::Around(_, km) | Ask::Nearby(km) => {
            query.radius_km = base.radius_km.or(Some(*km));
            if query.near.is_none() {
                query.near.clone_from(&base.home);
            }
        }
    }
}

/// Adds times: "samstags … abends" is Saturday evening, "montags … mittwochs" is both.
fn at(slots: &[String], wished: &mut Vec<String>) {
    if slots.is_empty() {
        return;
    }
    let (week, others) = Week::read(slots);
    let (held, held_others) = Week::read(wished);
    let both = week.within(held);
    // Times that narrow each other leave of the rest what both name: "samstags, nicht abends" is no night.
    let (week, rest): (Week, Vec<&str>) = if both.is_empty() {
        (week.and(held), held_others.into_iter().chain(others).collect())
    } else {
        let in_both = others.into_iter().filter(|code| held_others.contains(code));
        (both, in_both.collect())
    };
    let mut codes = week.codes();
    codes.extend(rest.into_iter().map(str::to_owned));
    *wished = codes;
}

/// The slots that days and times of day are; none if they are all.
fn slots_of(days: Option<Days>, parts: Parts) -> Vec<Code> {
    let of_the_week = days.map_or(week::Days::ALL, Days::of_the_week);
    let week = Week::of(of_the_week, parts);
    if week == Week::ALL { Vec::new() } else { week.codes() }
}

fn least(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn near(spot: &crate::domain::gazetteer::Spot) -> Near {
    Near { lat: spot.lat, lon: spot.lon, ags: spot.ags.clone() }
}

/// Returns what a constraint asks of records, by the names of parameters.
fn filter(ask: &Ask, today: Day) -> BTreeMap<&'static str, Vec<String>> {
    let mut filter = BTreeMap::new();
    let mut put = |name: &'static str, values: Vec<String>| {
        if !values.is_empty() {
            filter.insert(name, values);
        }
    };
    let number = |number: f64| say::decimal(number).replace(',', ".");
    match ask {
        Ask::Direction(direction) => put("direction", vec![direction.as_str().to_owned()]),
        Ask::Effort { hours_at_once, hours_a_month, times_a_year, commitments, slots } => {
            put("hours_at_once", hours_at_once.map(number).into_iter().collect());
            put("hours_a_month", hours_a_month.map(number).into_iter().collect());
            put("times_a_year", times_a_year.map(|times| times.to_string()).into_iter().collect());
            put("commitment", commitments.clone());
            put("slot", slots.clone());
        }
        Ask::Slots(slots) => put("slot", slots.clone()),
        Ask::When(when, parts) => {
            let days = when.days(today);
            put("slot", slots_of(days, *parts));
            put("from", days.iter().map(|days| days.from.to_string()).collect());
            put("until", days.iter().map(|days| days.to.to_string()).collect());
        }
        Ask::Age(age) => put("age", vec![age.to_string()]),
        Ask::Modes(modes) => put("mode", modes.clone()),
        Ask::Needs(codes) => put("accessibility", codes.clone()),
        Ask::Inside(spots) | Ask::InsideOr(spots, _) => {
            let keys = spots.iter().filter_map(|spot| spot.ags.as_ref().map(Ags::to_string));
            put("ags", keys.collect());
            if let Ask::InsideOr(_, modes) = ask {
                put("or_mode", modes.clone());
            }
        }
        Ask::Without(codes) => {
            let of = |list: List| {
                let own = codes.iter().filter(|(of, _)| *of == list);
                own.map(|(_, code)| code.clone()).collect()
            };
            put("not_field", of(List::Fields));
            put("not_target", of(List::Targets));
            put("without", of(List::Requirements));
        }
        Ask::Anything => {}
        Ask::Outside(spots) => {
            let keys = spots.iter().filter_map(|spot| spot.ags.as_ref().map(Ags::to_string));
            put("not_ags", keys.collect());
        }
        Ask::Nearby(km) => put("radius_km", vec![number(*km)]),
        Ask::Around(spot, km) => {
            put("near", spot.iter().map(|spot| spot.label.clone()).collect());
            put("radius_km", vec![number(*km)]);
        }
    }
    filter
}

#[cfg(test)]
mod tests;
