//! The page of an organisation: whom it is, as its records say, and what it offers now.
//!
//! Its address is made of its name, because not every record carries an id for it. Who has nothing on offer
//! has no page: this node holds no other copy of them.

use axum::extract::{Path, State};
use axum::response::Html;
use engagement_protocol::id::NodeId;
use engagement_protocol::opportunity::Opportunity;

use super::error::Error;
use super::frame::html;
use super::landing::{Landing, Link};
use super::text::t;
use super::{area, language, prose};
use crate::app::App;
use crate::app::opportunity::Shown;
use crate::app::search::{Asked, LIMIT};

/// Where the pages of organisations lie.
pub(super) const ORGANISATIONS: &str = "/organisation";

/// Returns the link to the page of whoever seeks or offers; a private person has none.
pub(super) fn of(shown: &Shown) -> Option<Link> {
    let name = name(&shown.record)?;
    let slug = Some(area::slug(name)).filter(|slug| !slug.is_empty())?;
    let href = language::to(&format!("{ORGANISATIONS}/{}/{slug}", shown.origin.node));
    Some(Link { href, text: name.to_owned(), count: None })
}

/// `GET /organisation/{node}/{slug}`
pub(super) async fn show(
    State(app): State<App>,
    Path((node, slug)): Path<(String, String)>,
) -> Result<Html<String>, Error> {
    let node: NodeId = node.parse().map_err(|_| Error::NoSuchPage)?;
    let words = slug.replace('-', " ").chars().take(crate::app::search::WORDS_CHARS).collect();
    let asked = Asked { words, ungrouped: true, limit: Some(LIMIT), ..Asked::default() };
    let mut found = app.search(&asked).await?;
    // The search is how its records are found; its name alone decides which they are.
    let is_its = |shown: &Shown| {
        shown.origin.node == node
            && name(&shown.record).is_some_and(|name| area::slug(name) == slug)
    };
    found.cards.retain(|card| is_its(&card.shown));
    found.total = u64::try_from(found.cards.len()).unwrap_or(u64::MAX);
    let Some(first) = found.cards.first() else { return Err(Error::NoSuchPage) };
    let (heading, own) = (name(&first.shown.record).unwrap_or_default(), first.shown.origin.is_own);
    let (config, today) = (app.config(), app.clock().now().day());
    let mut page = Landing::new(&config, heading.to_owned(), &asked, &found, today);
    page.all = None;
    page.cards = found.cards.iter().map(|card| super::card::Card::new(card, today)).collect();
    page.frame.index_at(&config, &format!("{ORGANISATIONS}/{node}/{slug}"), own);
    let sites = found
        .cards
        .iter()
        .filter_map(|card| card.shown.record.organisation.as_ref()?.url.as_deref());
    let site = sites.filter_map(prose::web_address).next();
    let site = site.map(|url| Link { href: url.to_owned(), text: url.to_owned(), count: None });
    page.add("internet", t!("organisation-site"), site.into_iter().collect());
    html(&page)
}

fn name(record: &Opportunity) -> Option<&str> {
    record.organisation.as_ref().map(|organisation| organisation.name.trim())
}
