//! The page of an organisation: whom it is, as its records say, and what it offers now.
//!
//! Its address is made of its name, because not every record carries an id for it. Who has nothing on offer
//! has no page: this node holds no other copy of them.

use axum::extract::{Path, RawQuery, State};
use axum::response::Html;
use engagement_protocol::id::NodeId;
use engagement_protocol::opportunity::Opportunity;

use super::error::Error;
use super::frame::html;
use super::landing::{Landing, Link};
use super::phrase::german;
use super::text::t;
use super::{area, language, prose};
use crate::app::App;
use crate::app::opportunity::Shown;
use crate::app::search::{Asked, Found, LIMIT};

/// Where the pages of organisations lie.
pub(super) const ORGANISATIONS: &str = "/organisation";

/// Which page of offers.
const PAGE: &str = "seite";
/// Offers on a page.
const SHOWN: usize = 50;
/// Pages of the search that are read at most: nobody has more offers than that.
const READ: usize = 20;

/// Returns the link to the page of whoever seeks or offers; a private person has none.
pub(super) fn of(shown: &Shown) -> Option<Link> {
    let name = name(&shown.record)?;
    let slug = Some(area::slug(name)).filter(|slug| !slug.is_empty())?;
    let href = language::to(&format!("{ORGANISATIONS}/{}/{slug}", shown.origin.node));
    Some(Link { href, text: german(&self::shown(name)).into(), count: None })
}

/// `GET /organisation/{node}/{slug}`
pub(super) async fn show(
    State(app): State<App>,
    Path((node, slug)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Error> {
    let node: NodeId = node.parse().map_err(|_| Error::NoSuchPage)?;
    let number = page_of(query.as_deref().unwrap_or_default());
    let words = slug.replace('-', " ").chars().take(crate::app::search::WORDS_CHARS).collect();
    // A town in a name is part of the name: nothing in it asks for a place or a time.
    let asked =
        Asked { words, ungrouped: true, literal: true, limit: Some(LIMIT), ..Asked::default() };
    let is_its = |shown: &Shown| {
        shown.origin.node == node
            && name(&shown.record).is_some_and(|name| area::slug(name) == slug)
    };
    let found = all(&app, &asked, is_its).await?;
    let Some(first) = found.cards.first() else { return Err(Error::NoSuchPage) };
    let (heading, own) = (name(&first.shown.record).unwrap_or_default(), first.shown.origin.is_own);
    let (config, today) = (app.config(), app.clock().now().day());
    let mut page = Landing::new(&config, german(&shown(heading)).into(), &asked, &found, today);
    let path = format!("{ORGANISATIONS}/{node}/{slug}");
    let cards = found.cards.iter().skip((number - 1) * SHOWN).take(SHOWN);
    page.cards = cards.map(|card| super::card::Card::new(card, today)).collect();
    if page.cards.is_empty() {
        return Err(Error::NoSuchPage);
    }
    let more = found.cards.len() > number * SHOWN;
    let next = || format!("{}?{PAGE}={}", language::to(&path), number + 1);
    page.all = more.then(|| (next(), t!("results-next")));
    // The pages after the first are ways to the offers and nothing to be found by themselves.
    page.frame.index_at(&config, &path, own && number == 1);
    let sites = found
        .cards
        .iter()
        .filter_map(|card| card.shown.record.organisation.as_ref()?.url.as_deref());
    let site = sites.filter_map(prose::web_address).next();
    let site =
        site.map(|url| Link { href: url.to_owned(), text: url.to_owned().into(), count: None });
    page.add("internet", t!("organisation-site"), site.into_iter().collect());
    html(&page)
}

/// Returns a name as it is shown: what belongs together does not end a line apart.
pub(super) fn shown(name: &str) -> String {
    name.replace("e. V.", "e.\u{a0}V.")
}

/// Returns all records of an organisation, best first.
///
/// The search is how they are found, page by page; the name alone decides which they are. It ends where a page
/// has none of them any more: what follows shares some of the words and nothing else.
async fn all(app: &App, asked: &Asked, is_its: impl Fn(&Shown) -> bool) -> Result<Found, Error> {
    let mut found = app.search(asked).await?;
    found.cards.retain(|card| is_its(&card.shown));
    let mut cursor = found.next;
    for _ in 1..READ {
        let Some(after) = cursor.take() else { break };
        let next = Asked { cursor: Some(after.to_string()), ..asked.clone() };
        let page = app.search(&next).await?;
        let before = found.cards.len();
        found.cards.extend(page.cards.into_iter().filter(|card| is_its(&card.shown)));
        cursor = page.next.filter(|_| found.cards.len() > before);
    }
    found.total = u64::try_from(found.cards.len()).unwrap_or(u64::MAX);
    Ok(found)
}

/// Returns which page of offers is asked for, from 1; what is no number is the first.
fn page_of(query: &str) -> usize {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let asked = pairs.filter(|(key, _)| key == PAGE).find_map(|(_, value)| value.parse().ok());
    asked.unwrap_or(1).clamp(1, READ * LIMIT / SHOWN)
}

fn name(record: &Opportunity) -> Option<&str> {
    record.organisation.as_ref().map(|organisation| organisation.name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legal_form_stays_in_one_piece() {
        assert_eq!(shown("Leseclub e. V. Coesfeld"), "Leseclub e.\u{a0}V. Coesfeld");
        assert_eq!(shown("Leseclub e.V."), "Leseclub e.V.");
    }

    #[test]
    fn whatever_an_address_says_is_a_page() {
        assert_eq!(page_of(""), 1);
        assert_eq!(page_of("seite=3"), 3);
        assert_eq!(page_of("seite=0"), 1);
        assert_eq!(page_of("seite=-1&seite=x"), 1);
        assert_eq!(page_of("seite=999999999"), READ * LIMIT / SHOWN);
    }
}
