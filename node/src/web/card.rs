//! One result, as little as is needed to decide whether to open it.

use engagement_protocol::opportunity::{Direction, Opportunity};
use engagement_protocol::time::Day;

use super::fit::{self, Fit};
use super::text::t;
use super::{format, language, link, place, prose, schedule, why};
use crate::app::opportunity::Shown;
use crate::app::search;
use crate::domain::language::Language;
use crate::search::answer::Locality;

/// Longest text on a card, in characters.
const TEXT_CHARS: usize = 180;

/// A card.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) href: String,
    pub(super) title: String,
    /// What it is called in a list of kept ones.
    pub(super) name: String,
    pub(super) badges: Vec<Badge>,
    /// Who seeks or offers.
    pub(super) by: String,
    pub(super) text: String,
    /// The language of the text.
    pub(super) text_language: &'static str,
    pub(super) place: String,
    pub(super) distance: Option<String>,
    /// Kind and amount, or the next date.
    pub(super) when: Option<String>,
    pub(super) verified: Option<String>,
    pub(super) origin: String,
    /// Where else the same is published.
    pub(super) also: Option<String>,
    /// Why it was found.
    pub(super) why: Option<String>,
    /// What fits what was wished for, and what does not.
    pub(super) fits: Vec<Fit>,
}

/// A word that stands out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Badge {
    pub(super) label: String,
    /// Its look.
    pub(super) class: &'static str,
}

impl Card {
    /// Returns the card of a result.
    pub(super) fn new(card: &search::Card, today: Day) -> Self {
        let (record, origin) = (&card.shown.record, &card.shown.origin);
        let (text, text_language) = said(record);
        // Most results are what somebody seeks: only the exception is said.
        let offer = (record.direction == Direction::Offer).then(|| direction(record));
        // Near the middle of the own town a distance says nothing; from home there is none.
        let remote = record.mode.as_deref() == Some("remote");
        let here = card.locality == Locality::Own && card.distance_km.is_some_and(|km| km < 1.0);
        Self {
            href: link::opportunity(&origin.node, &record.id),
            title: record.title.clone(),
            name: format!("{}/{}", origin.node, record.id),
            badges: offer.into_iter().chain(urgency(record)).collect(),
            by: by(record),
            text: prose::beginning(text, TEXT_CHARS),
            text_language: text_language.tag(),
            place: place::short(record),
            distance: card.distance_km.filter(|_| !remote && !here).map(format::distance),
            when: schedule::short(record, today),
            verified: record.verified_at.map(|day| t!("card-verified", day = format::day(day))),
            origin: t!("card-origin", node = origin.name.as_str()),
            also: also(card),
            why: why::sentence(&card.why),
            fits: fit::of(&card.reasons),
        }
    }
}

/// Returns the text that says in short what it is about: on pages in simple language the simple one, if there is one.
fn said(record: &Opportunity) -> (&str, Language) {
    match (language::current(), record.plain.as_deref()) {
        (Language::Simple, Some(plain)) => (plain, Language::Simple),
        _ => (record.summary.as_deref().unwrap_or(&record.description), Language::German),
    }
}

/// Says where else the same is published.
fn also(card: &search::Card) -> Option<String> {
    if card.also_total == 0 {
        return None;
    }
    let town = |shown: &Shown| shown.record.places.iter().find_map(|place| place.town.clone());
    let own = town(&card.shown);
    let mut towns: Vec<String> = Vec::new();
    for town in card.also.iter().filter_map(town) {
        if Some(&town) != own.as_ref() && !towns.contains(&town) {
            towns.push(town);
        }
    }
    let rest = card.also_total - card.also.len();
    Some(match (towns.is_empty(), rest) {
        (true, _) => t!("card-also-here", count = card.also_total),
        (false, 0) => t!("card-also", places = towns.join(", ")),
        (false, rest) => t!("card-also-more", places = towns.join(", "), count = rest),
    })
}

/// Returns who seeks or offers.
pub(super) fn by(record: &Opportunity) -> String {
    let name = record.organisation.as_ref().map(|organisation| organisation.name.clone());
    name.unwrap_or_else(|| t!("private-person"))
}

/// Returns the badge that says who is looking for whom.
pub(super) fn direction(record: &Opportunity) -> Badge {
    match record.direction {
        Direction::Seek => Badge { label: t!("badge-seek"), class: "seek" },
        Direction::Offer => Badge { label: t!("badge-offer"), class: "offer" },
    }
}

/// Returns the badge of what cannot wait.
pub(super) fn urgency(record: &Opportunity) -> Option<Badge> {
    match record.urgency.as_deref() {
        Some("soon") => Some(Badge { label: t!("badge-soon"), class: "urgent" }),
        Some("emergency") => Some(Badge { label: t!("badge-emergency"), class: "urgent" }),
        _ => None,
    }
}
