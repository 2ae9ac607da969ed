//! One result, as little as is needed to decide whether to open it.

use engagement_protocol::opportunity::{Direction, Opportunity};
use engagement_protocol::time::Day;

use super::fit::{self, Fit};
use super::phrase::{Phrase, german};
use super::schedule::When;
use super::text::t;
use super::{format, glance, label, language, link, organisation, place, prose, schedule, why};
use crate::app::opportunity::Shown;
use crate::app::search;
use crate::domain::language::Language;
use crate::domain::matching::reason::{About, Reason};
use crate::domain::vocabulary::{List, Vocabulary};
use crate::search::answer::Locality;

/// Longest text on a card, in characters.
const TEXT_CHARS: usize = 180;
/// Most things of a kind that a card lists.
const LISTED: usize = 3;

/// A card.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) href: String,
    pub(super) title: String,
    /// What it is called in a list of kept ones.
    pub(super) name: String,
    pub(super) badges: Vec<Badge>,
    /// Who seeks or offers.
    pub(super) by: Phrase,
    pub(super) text: String,
    /// The language of the text.
    pub(super) text_language: &'static str,
    pub(super) place: String,
    pub(super) distance: Option<String>,
    /// Days and times, or the next date: what decides most often whether somebody can come.
    pub(super) when: Option<When>,
    /// Kind and amount.
    pub(super) amount: String,
    /// How old one has to be and what to bring, unless what fits says so already.
    pub(super) needed: Option<String>,
    /// What is accessible.
    pub(super) accessible: Option<String>,
    /// Whom it suits, unless what fits says so already.
    pub(super) suited: Option<String>,
    pub(super) verified: Option<String>,
    pub(super) origin: String,
    /// Where else the same is published.
    pub(super) also: Option<String>,
    /// Why it was found.
    pub(super) why: Option<Phrase>,
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
            place: place::short(record, card.nearest_place),
            distance: card.distance_km.filter(|_| !remote && !here).map(format::distance),
            when: schedule::days(record, today),
            amount: schedule::amount(record).join(" · "),
            needed: needed(record).filter(|_| card.reasons.is_empty()),
            accessible: accessible(record),
            suited: suited(record).filter(|_| !card.reasons.iter().any(says_whom_it_suits)),
            verified: record.verified_at.map(|day| t!("card-verified", day = format::day(day))),
            origin: t!("card-origin", node = origin.name.as_str()),
            also: also(card),
            why: why::sentence(&card.why, &card.lacks),
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

/// Says how old one has to be and what to bring.
fn needed(record: &Opportunity) -> Option<String> {
    let requirements = label::all(List::Requirements, &record.requirements);
    let all = glance::age(record).into_iter().chain(requirements).collect();
    some(all).map(|what| t!("card-needed", what = what))
}

/// Says what is accessible; what is not, and what nobody knows, stands on the page of the opportunity.
fn accessible(record: &Opportunity) -> Option<String> {
    // In the order of the vocabulary: what most people ask for comes first.
    let known = Vocabulary::embedded().codes(List::Accessibility);
    let is_yes = |code: &str| record.accessibility.get(code).is_some_and(|said| said == "yes");
    let yes = known.filter(|(code, _)| is_yes(code));
    some(yes.map(|(code, _)| label::one(List::Accessibility, code)).collect())
}

/// Says whom it suits; who asks himself whether he may come at all finds himself first.
const fn says_whom_it_suits(reason: &Reason) -> bool {
    matches!(reason.about, About::Suited(_))
}

fn suited(record: &Opportunity) -> Option<String> {
    const FIRST: [&str; 2] = ["wenig_deutsch", "behinderung"];
    let mut codes: Vec<&String> = record.suited.iter().collect();
    codes.sort_by_key(|code| !FIRST.contains(&code.as_str()));
    let labels = codes.into_iter().map(|code| label::suited(record, code));
    some(labels.filter(|label| *label != t!("other")).collect())
}

/// Returns the first of some things and how many there are besides, if there are any.
fn some(mut all: Vec<String>) -> Option<String> {
    let rest = all.len().saturating_sub(LISTED);
    all.truncate(LISTED);
    let first = label::joined(&all);
    match rest {
        0 => (!first.is_empty()).then_some(first),
        rest => Some(t!("card-some", first = first, count = rest)),
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
pub(super) fn by(record: &Opportunity) -> Phrase {
    let name = record.organisation.as_ref().map(|one| german(&organisation::shown(&one.name)));
    name.unwrap_or_else(|| t!("private-person")).into()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::opportunity::tests::record;
    use serde_json::json;

    #[test]
    fn a_card_says_what_is_needed_and_what_is_accessible_and_no_more() {
        let some = record(&json!({"age_min": 16,
            "requirements": ["fuehrungszeugnis", "masern", "gespraech", "pkw"],
            "accessibility": {"stufenlos": "yes", "dgs": "no", "rollstuhl_wc": "unknown"}}));
        let needed = needed(&some).unwrap();
        assert!(
            needed.starts_with("Nötig: ab 16 Jahren, Erweitertes Führungszeugnis, "),
            "{needed}"
        );
        assert!(needed.ends_with(" und 2 weitere"), "{needed}");
        assert_eq!(accessible(&some).as_deref(), Some("Stufenlos zugänglich"));
        let suits =
            json!({"suited": ["einsteiger", "neu_1", "gruppen", "firmen", "wenig_deutsch"]});
        assert_eq!(
            suited(&record(&suits)).as_deref(),
            Some(
                "Menschen, die wenig Deutsch sprechen; Menschen ohne Vorerfahrung; Gruppen und 1 weiteres"
            )
        );
        let nothing = record(&json!({"accessibility": {"stufenlos": "no"}}));
        assert_eq!((super::needed(&nothing), accessible(&nothing)), (None, None));
    }
}
