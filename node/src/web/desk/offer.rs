//! One offer at the desk: what a caller asks, in the order of asking, and large on paper.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use engagement_protocol::id::{NodeId, RecordId};
use engagement_protocol::time::Day;

use super::{DESK, Place};
use crate::app::App;
use crate::app::opportunity::{Lookup, Shown};
use crate::app::search::Card;
use crate::config::Config;
use crate::domain::language::Language;
use crate::domain::matching::codes::Codes;
use crate::domain::vocabulary::List;
use crate::web::contact::Contact;
use crate::web::error::Error;
use crate::web::frame::{Frame, html};
use crate::web::glance::{self, Fact};
use crate::web::phrase::Phrase;
use crate::web::prose::{self, Block};
use crate::web::text::t;
use crate::web::{card, label, language, link, opportunity};

/// Longest text that is read aloud, in characters.
const TEXT_CHARS: usize = 600;

/// Returns the path of an offer at the desk.
pub(super) fn path(card: &Card) -> String {
    let own = link::opportunity_path(&card.shown.origin.node, &card.shown.record.id);
    format!("{DESK}{own}")
}

/// Says what people need to bring.
pub(super) fn needed(codes: Codes) -> String {
    let labels: Vec<_> =
        codes.names(List::Requirements).map(|code| label::one(List::Requirements, code)).collect();
    t!("fit-requires", what = label::joined(&labels))
}

/// `GET /schalter/angebot/{node}/{id}`
pub(in crate::web) async fn show(
    State(app): State<App>,
    Path((node, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let node: NodeId = node.parse().map_err(|_| Error::NoSuchOpportunity)?;
    let id: RecordId = id.parse().map_err(|_| Error::NoSuchOpportunity)?;
    let (place, _) = Place::read(query.as_deref().unwrap_or_default());
    let (config, today) = (app.config(), app.clock().now().day());
    match app.opportunity(node, id).await? {
        Lookup::Shown(shown) => {
            Ok(html(&Page::new(&config, &shown, &place, true, today))?.into_response())
        }
        Lookup::Over(shown) => {
            let page = html(&Page::new(&config, &shown, &place, false, today))?;
            Ok((StatusCode::GONE, page).into_response())
        }
        Lookup::Gone => Err(Error::OpportunityGone),
        Lookup::Unknown => Err(Error::NoSuchOpportunity),
    }
}

#[derive(Template)]
#[template(path = "desk_offer.html")]
struct Page {
    frame: Frame,
    desk: String,
    hidden: Vec<(&'static str, String)>,
    list: String,
    title: String,
    by: Phrase,
    /// What to say first if nobody can take part any more.
    over: Option<String>,
    text: Vec<Block>,
    /// The language of the text.
    text_language: &'static str,
    facts: Vec<Fact>,
    contact: Contact,
    /// The page for everybody.
    page: String,
    /// The address to pass on.
    address: String,
    id: String,
}

impl Page {
    fn new(config: &Config, shown: &Shown, place: &Place, is_live: bool, today: Day) -> Self {
        let record = &shown.record;
        let mut frame = Frame::new(config, &record.title);
        frame.noindex = true;
        let page = link::opportunity(&shown.origin.node, &record.id);
        // Whoever has the simple page before them reads out the simple text.
        let simple = record.plain.as_deref().filter(|_| frame.language == Language::Simple);
        let (text, language) = match simple {
            Some(plain) => (plain, Language::Simple),
            None => (record.description.as_str(), Language::German),
        };
        Self {
            frame,
            desk: language::to(DESK),
            hidden: place.pairs(),
            list: place.address(DESK),
            title: record.title.clone(),
            by: card::by(record),
            over: (!is_live).then(|| t!("desk-over")),
            text: prose::blocks(&prose::beginning(text, TEXT_CHARS)),
            text_language: language.tag(),
            facts: glance::facts(record, today),
            contact: Contact::new(shown),
            address: opportunity::to_share(config, shown).unwrap_or_else(|| page.clone()),
            page,
            id: format!("{}/{}", shown.origin.node, record.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::tests::speaking;
    use crate::web::opportunity::tests::{config, hostile, shown};
    use serde_json::json;

    fn page(fields: &serde_json::Value, is_live: bool) -> String {
        let place = Place { words: "Lesen & mehr".to_owned(), cursor: None };
        let today = "2026-11-23".parse().unwrap();
        html(&Page::new(&config(), &shown(fields, false), &place, is_live, today)).unwrap().0
    }

    #[test]
    fn says_what_a_caller_asks_and_leads_back_to_the_list() {
        let page = page(&json!({"requirements": ["fuehrungszeugnis"]}), true);
        assert!(page.contains("Erweitertes Führungszeugnis"), "{page}");
        assert!(page.contains("ehrenamt@stadt.example"));
        assert!(page.contains("https://ehrenamt.stadt.example/angebot/05334002/o-1"));
        assert!(page.contains("href=\"/schalter?words=Lesen+%26+mehr\""), "{page}");
        assert!(page.contains("name=\"words\" value=\"Lesen &#38; mehr\""), "{page}");
        assert!(!page.contains("role=\"alert\""));
    }

    #[test]
    fn reads_the_simple_text_out_on_the_simple_page() {
        let fields = json!({"plain": "Sie lesen vor.", "description": "Die Literaturvermittlung."});
        let simple = speaking(Language::Simple, || page(&fields, true));
        assert!(
            simple.contains("<div class=\"prose\" lang=\"de-simple\" dir=\"auto\">"),
            "{simple}"
        );
        assert!(simple.contains("<p>Sie lesen vor.</p>"));
        assert!(!simple.contains("Literaturvermittlung"));
        let german = page(&fields, true);
        assert!(german.contains("Literaturvermittlung") && !german.contains("Sie lesen vor."));
    }

    #[test]
    fn says_first_that_it_is_over() {
        assert!(page(&json!({}), false).contains("role=\"alert\""));
    }

    #[test]
    fn text_of_a_record_is_only_text() {
        let page = page(&hostile(), true);
        for poison in ["<script>", "<img src=x", "href=\"javascript:", "\" onload=\""] {
            assert!(!page.contains(poison), "{poison}: {page}");
        }
    }
}
