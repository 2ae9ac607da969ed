//! A page about one thing - a municipality, a Kreis, a field, an organisation - and what it offers.
//!
//! Such pages are meant to be found by search engines and to be bookmarked: one address each, counts that
//! are those of the search, and a way on to the search itself.

use askama::Template;

use super::card::Card;
use super::coverage::Coverage;
use super::form::Form;
use super::frame::Frame;
use super::map::Map;
use super::phrase::Phrase;
use super::text::t;
use super::{format, label, language, link, organisation};
use crate::app::search::{Asked, Found};
use crate::config::Config;
use crate::domain::vocabulary::{List, UNKNOWN};
use crate::search::answer::Facets;
use engagement_protocol::time::Day;

/// Results that are read for a page: cards, and whom they come from.
pub(super) const READ: usize = 40;
/// Cards that are shown of them.
const SHOWN: usize = 10;

/// The page.
#[derive(Template)]
#[template(path = "landing.html")]
pub(super) struct Landing {
    pub(super) frame: Frame,
    /// What lies above it, from the start page down.
    pub(super) trail: Vec<(String, String)>,
    pub(super) heading: Phrase,
    pub(super) lead: String,
    pub(super) form: Option<Form>,
    pub(super) map: Option<Map>,
    pub(super) cards: Vec<Card>,
    /// The search that shows all, with what it says.
    pub(super) all: Option<(String, String)>,
    pub(super) lists: Vec<Links>,
    pub(super) coverage: Coverage,
}

/// Links under a heading.
#[derive(Debug)]
pub(super) struct Links {
    pub(super) heading: String,
    /// What names the heading inside the page.
    pub(super) id: &'static str,
    pub(super) links: Vec<Link>,
}

/// A link and how much is behind it.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) text: Phrase,
    pub(super) count: Option<String>,
}

impl Landing {
    /// Returns the page of what a search found.
    pub(super) fn new(
        config: &Config,
        heading: Phrase,
        asked: &Asked,
        found: &Found,
        today: Day,
    ) -> Self {
        let shown = format::number(found.total);
        let cards: Vec<_> =
            found.cards.iter().take(SHOWN).map(|card| Card::new(card, today)).collect();
        let more = found.total > u64::try_from(cards.len()).unwrap_or(u64::MAX);
        let all = more.then(|| {
            let asked = Asked { limit: None, ..asked.clone() };
            (link::search(&asked), t!("landing-all", count = shown.as_str()))
        });
        let lead = t!("landing-count", count = found.total, shown = shown);
        let name = heading.text();
        let mut frame = Frame::new(config, &name);
        frame.description = Some(format!("{name}. {lead}"));
        Self {
            frame,
            trail: vec![(language::to("/"), t!("start-title"))],
            lead,
            heading,
            form: None,
            map: None,
            cards,
            all,
            lists: Vec::new(),
            coverage: Coverage::new(&found.coverage),
        }
    }

    /// Adds links under a heading, if there are any.
    pub(super) fn add(&mut self, id: &'static str, heading: String, links: Vec<Link>) {
        if !links.is_empty() {
            self.lists.push(Links { heading, id, links });
        }
    }
}

/// Returns a search for each field that was found, `asked` with only that field.
pub(super) fn fields(asked: &Asked, facets: &Facets) -> Vec<Link> {
    let counts = facets.0.get("field").map(Vec::as_slice).unwrap_or_default();
    let known = counts.iter().filter(|count| count.code != UNKNOWN);
    let link = |count: &crate::search::answer::FacetCount| Link {
        href: link::search(&Asked {
            fields: vec![count.code.to_owned()],
            limit: None,
            ..asked.clone()
        }),
        text: label::one(List::Fields, count.code).into(),
        count: Some(format::number(count.count)),
    };
    known.map(link).collect()
}

/// Returns whom the results come from, by name.
pub(super) fn organisations(found: &Found) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for card in &found.cards {
        let Some(page) = organisation::of(&card.shown) else { continue };
        if !links.iter().any(|link| link.href == page.href) {
            links.push(page);
        }
    }
    links.sort_by_cached_key(|link| crate::domain::spelling::fold(&link.text.text()));
    links
}
