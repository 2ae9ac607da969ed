//! The opportunities that somebody has kept, as a page: all that it shows stands in its address.
//!
//! The list itself lies in the browser, which makes the address of it (`assets/engagementnetz.js`); without
//! scripts the page works for whoever was given the link. Nothing is stored here and nothing is logged.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use engagement_protocol::id::{NodeId, RecordId};

use super::card::Card;
use super::error::Error;
use super::form::Form;
use super::frame::{Frame, html};
use super::language;
use super::qr::{self, Qr};
use super::text::t;
use crate::app::App;
use crate::app::opportunity::Lookup;
use crate::app::search::{self, Asked};
use crate::search::answer::Locality;

/// Where the page lies.
pub(super) const KEPT: &str = "/merkliste";
/// Most that are shown; the script keeps no more.
const MOST: usize = 50;

/// `GET /merkliste?o=…&o=…`
pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Error> {
    let (config, today) = (app.config(), app.clock().now().day());
    let names = names(query.as_deref().unwrap_or_default());
    let (mut cards, mut gone) = (Vec::new(), 0_usize);
    for (node, id) in &names {
        match app.opportunity(node.clone(), id.clone()).await? {
            Lookup::Shown(shown) => cards.push(Card::new(&found(*shown), today)),
            Lookup::Over(_) | Lookup::Gone | Lookup::Unknown => gone += 1,
        }
    }
    let mut frame = Frame::new(&config, &t!("kept-title"));
    frame.noindex = true;
    let link =
        config.base().filter(|_| !cards.is_empty()).map(|base| format!("{base}{}", path(&names)));
    html(&Page {
        lead: if cards.is_empty() { t!("kept-empty") } else { t!("kept-lead") },
        gone: (gone > 0).then(|| t!("kept-gone", count = gone)),
        qr: link.as_deref().and_then(qr::of),
        form: cards.is_empty().then(|| Form::new(&Asked::default())),
        frame,
        cards,
        link,
    })
}

#[derive(Template)]
#[template(path = "kept.html")]
struct Page {
    frame: Frame,
    lead: String,
    cards: Vec<Card>,
    /// How many of the list are not there any more, in words.
    gone: Option<String>,
    /// The public address of the page, to be passed on.
    link: Option<String>,
    qr: Option<Qr>,
    /// The way to something that could be kept.
    form: Option<Form>,
}

/// Reads which opportunities an address names: each once, in its order; what names none is passed over.
fn names(query: &str) -> Vec<(NodeId, RecordId)> {
    let mut names = Vec::new();
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        let Some((node, id)) = value.split_once('/').filter(|_| key == "o") else { continue };
        let (Ok(node), Ok(id)) = (node.parse(), id.parse()) else { continue };
        let name = (node, id);
        if names.len() < MOST && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns the address of a list.
fn path(names: &[(NodeId, RecordId)]) -> String {
    let query: Vec<_> = names.iter().map(|(node, id)| format!("o={node}/{id}")).collect();
    format!("{}?{}", language::to(KEPT), query.join("&"))
}

/// Returns an opportunity as a search would have found it that asked for nothing.
fn found(shown: crate::app::opportunity::Shown) -> search::Card {
    search::Card {
        shown,
        score: 0.0,
        distance_km: None,
        locality: Locality::Land,
        also: Vec::new(),
        nearest_place: 0,
        has_all_words: true,
        lacks: Vec::new(),
        also_total: 0,
        why: Vec::new(),
        reasons: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_each_opportunity_once_and_in_its_order() {
        let query = "o=05558012/o-2&x=05558012/o-9&o=05334002/import/1&o=05558012%2Fo-2&o=&o=a/b&o=05558012";
        let named = names(query);
        assert_eq!(path(&named), "/merkliste?o=05558012/o-2&o=05334002/import/1");
        assert_eq!(names(path(&named).split_once('?').unwrap().1), named, "and the link is it");
    }

    #[test]
    fn a_list_is_bounded() {
        let many: String = (0..200).map(|n| format!("o=05558012/o-{n}&")).collect();
        assert_eq!(names(&many).len(), MOST);
    }
}
