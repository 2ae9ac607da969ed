//! The page of one opportunity.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use engagement_protocol::id::{NodeId, RecordId};
use engagement_protocol::opportunity::Direction;
use engagement_protocol::time::Day;

use super::card::{self, Badge, Card};
use super::contact::{self, Contact, Mail};
use super::error::Error;
use super::frame::{Frame, html};
use super::glance::{self, Fact};
use super::landing::Link;
use super::map::place::PlaceMap;
use super::over::Over;
use super::phrase::Phrase;
use super::prose::{self, Block};
use super::qr::{self, Qr};
use super::structured::{self, Script};
use super::text::t;
use super::{format, language, link, organisation, similar};
use crate::app::App;
use crate::app::opportunity::{Lookup, Shown};
use crate::config::Config;
use crate::domain::language::Language;

/// Longest description for search engines, in characters.
const DESCRIPTION_CHARS: usize = 155;

/// `GET /angebot/{node}/{id}`
pub(super) async fn show(
    State(app): State<App>,
    Path((node, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let node: NodeId = node.parse().map_err(|_| Error::NoSuchOpportunity)?;
    let id: RecordId = id.parse().map_err(|_| Error::NoSuchOpportunity)?;
    let (config, today) = (app.config(), app.clock().now().day());
    match app.opportunity(node, id).await? {
        Lookup::Shown(shown) => {
            let similar = similar::to(&app, &shown, today).await?;
            Ok(html(&Page::new(&config, *shown, similar, today))?.into_response())
        }
        Lookup::Over(shown) => {
            let similar = similar::to(&app, &shown, today).await?;
            Ok((StatusCode::GONE, html(&Over::new(&config, *shown, similar))?).into_response())
        }
        Lookup::Gone => Err(Error::OpportunityGone),
        Lookup::Unknown => Err(Error::NoSuchOpportunity),
    }
}

#[derive(Template)]
#[template(path = "opportunity.html")]
struct Page {
    frame: Frame,
    badges: Vec<Badge>,
    title: String,
    /// What the record is called in a list of kept ones.
    name: String,
    by: Phrase,
    /// The page of whoever seeks or offers.
    by_site: Option<String>,
    /// The page of the organisation at this node.
    by_page: Option<Link>,
    summary: Option<String>,
    description: Vec<Block>,
    tasks_heading: String,
    tasks: Vec<String>,
    plain: Vec<Block>,
    /// Whether the simple text stands first: whoever reads the simple page wants it.
    plain_first: bool,
    facts: Vec<Fact>,
    map: Option<PlaceMap>,
    contact: Contact,
    origin: Vec<Fact>,
    /// Whose copy this is, if it is one.
    copy: Option<String>,
    original: Option<Original>,
    report: Option<Mail>,
    similar: Vec<Card>,
    data: Option<Script>,
    /// The address that is passed on.
    share: Option<String>,
    qr: Option<Qr>,
}

/// The page at the origin.
struct Original {
    address: String,
    text: String,
}

/// Returns the address to pass on: of an own opportunity the page in the language that somebody is reading.
///
/// Of another node's it is the origin's, whose languages nobody here knows.
pub(super) fn to_share(config: &Config, shown: &Shown) -> Option<String> {
    let page = shown.page().filter(|page| prose::web_address(page).is_some())?;
    let own = config.base().filter(|_| shown.origin.is_own);
    let Some(base) = own.filter(|_| language::current() != Language::German) else {
        return Some(page);
    };
    Some(format!("{base}{}", link::opportunity(&shown.origin.node, &shown.record.id)))
}

impl Page {
    fn new(config: &Config, shown: Shown, similar: Vec<Card>, today: Day) -> Self {
        let page = shown.page();
        let page = page.as_deref().and_then(prose::web_address).map(str::to_owned);
        let share = to_share(config, &shown);
        let qr = share.as_deref().and_then(qr::of);
        let contact = Contact::new(&shown);
        let (report, data) = (contact::report(&shown), structured::data(&shown));
        let by_page = organisation::of(&shown);
        let Shown { record, origin: node } = shown;
        let copy = !node.is_own;
        let mut frame = Frame::new(config, &record.title);
        frame.noindex = copy;
        // A copy names the page of its origin, an original its own.
        frame.canonical.clone_from(&page);
        frame.alternates.clear();
        let text = record.summary.as_deref().unwrap_or(&record.description);
        frame.description = Some(prose::unmarked(&prose::beginning(text, DESCRIPTION_CHARS)));
        let organisation = record.organisation.as_ref();
        let url = organisation.and_then(|one| one.url.as_deref()).and_then(prose::web_address);
        let origin = [
            Fact::new(t!("origin-node"), [node.name.clone()]),
            Fact::new(t!("origin-verified"), record.verified_at.map(format::day)),
            Fact::new(t!("origin-valid"), [format::day(record.valid_until)]),
            Fact::new(t!("origin-updated"), record.updated.map(format::day)),
            Fact::new(t!("origin-id"), [format!("{}/{}", node.node, record.id)]),
            Fact::new(t!("origin-licence"), record.licence.clone()),
            Fact::new(t!("origin-share"), share.clone()),
        ];
        Self {
            badges: [card::direction(&record)].into_iter().chain(card::urgency(&record)).collect(),
            by: card::by(&record),
            by_site: url.map(str::to_owned),
            description: prose::blocks(&record.description),
            tasks_heading: match record.direction {
                Direction::Seek => t!("offer-tasks"),
                Direction::Offer => t!("offer-tasks-offer"),
            },
            plain: record.plain.as_deref().map(prose::blocks).unwrap_or_default(),
            plain_first: frame.language == Language::Simple,
            facts: glance::facts(&record, today),
            map: PlaceMap::of(&record),
            contact,
            by_page,
            share,
            qr,
            report,
            similar,
            data,
            origin: origin.into_iter().filter(|fact| !fact.values.is_empty()).collect(),
            copy: copy.then(|| t!("origin-copy")),
            original: page.filter(|_| copy).map(|address| {
                let text = t!("contact-origin-page", node = node.name.as_str());
                Original { address, text }
            }),
            name: format!("{}/{}", node.node, record.id),
            frame,
            title: record.title,
            summary: record.summary,
            tasks: record.tasks,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::language::tests::speaking;
    use super::*;
    use crate::app::opportunity::Origin;
    use engagement_protocol::opportunity::Opportunity;
    use serde_json::{Value as Json, json};

    /// A record with these fields; what the protocol would refuse is kept, so that pages prove themselves.
    pub(in crate::web) fn record(fields: &Json) -> Opportunity {
        let mut record = json!({"id":"o-1","direction":"seek","title":"Lesepatin gesucht","description":"Lesen.",
            "organisation":{"name":"Musterverein e. V."},"status":"live","valid_until":"2027-05-02"});
        for (key, value) in fields.as_object().unwrap() {
            record[key] = value.clone();
        }
        serde_json::from_value(record).unwrap()
    }

    pub(in crate::web) fn shown(fields: &Json, is_own: bool) -> Shown {
        let node = if is_own { "05558012" } else { "05334002" };
        let origin = Origin {
            node: node.parse().unwrap(),
            name: "Stadt & \"Region\"".to_owned(),
            contact: Some("ehrenamt@stadt.example".to_owned()),
            url: Some("https://ehrenamt.stadt.example/".to_owned()),
            is_own,
        };
        Shown { record: record(fields), origin }
    }

    /// A record that tries everything.
    pub(in crate::web) fn hostile() -> Json {
        let text = "<script>alert(1)</script>\" onload=\"x' <img src=x onerror=y> {{ 7*7 }} javascript:alert(1)";
        json!({"title": text, "summary": text, "description": format!("{text}\n\n• {text} https://ok.example/\"x"),
            "plain": text, "tasks": [text], "contact_role": text, "slots_text": text, "url": "javascript:alert(1)",
            "organisation": {"name": text, "url": "javascript:alert(1)"}, "licence": text, "fields": [text],
            "places": [{"plz": text, "town": text, "district": text, "street": text}], "mode": text,
            "commitment": text, "accessibility": {text: text}, "languages": [{"code": text, "need": text}],
            "dates": [{"start": text}], "hours": {"times": 2, "per": text}, "source": {"system": text, "id": text}})
    }

    pub(in crate::web) fn config() -> Config {
        let minimal = "id = \"05558012\"\nname = \"Stadt Coesfeld\"\nlisten = \"127.0.0.1:0\"\n";
        Config::parse(minimal, "").unwrap()
    }

    fn page(fields: &Json, is_own: bool) -> String {
        let today = "2026-11-23".parse().unwrap();
        html(&Page::new(&config(), shown(fields, is_own), Vec::new(), today)).unwrap().0
    }

    #[test]
    fn text_of_a_record_is_only_text() {
        let page = page(&hostile(), false);
        for poison in ["<script>", "<img src=x", "href=\"javascript:", "\" onload=\"", "\"x\""] {
            assert!(!page.contains(poison), "{poison}: {page}");
        }
        assert_eq!(page.matches("<script").count(), 1, "there is our own and no other");
        assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
        assert!(page.contains("{{ 7*7 }}"));
        assert!(page.contains("<a href=\"https://ok.example/\" rel=\"nofollow noopener\">"));
    }

    #[test]
    fn a_copy_points_to_its_origin_and_is_not_indexed() {
        let copy = page(&json!({}), false);
        let canonical =
            "<link rel=\"canonical\" href=\"https://ehrenamt.stadt.example/angebot/05334002/o-1\">";
        assert!(copy.contains(canonical), "{copy}");
        assert!(copy.contains("<meta name=\"robots\" content=\"noindex\">"));
        let own = page(&json!({}), true);
        assert!(!own.contains("noindex") && !own.contains("Kopie"));
        assert!(own.contains("/angebot/05558012/o-1\">"), "an original names itself");
        assert!(own.contains("application/ld+json") && !copy.contains("application/ld+json"));
    }

    #[test]
    fn every_language_keeps_the_records_own_words_and_says_whose_they_are() {
        let fields =
            json!({"plain": "Sie lesen vor.", "fields": ["sport"], "slots_text": "nach Absprache"});
        let page = |language| speaking(language, || page(&fields, true));
        let english = page(Language::English);
        assert!(english.contains("<html lang=\"en\" dir=\"ltr\">"), "{english}");
        assert!(english.contains("<h1 lang=\"de\" dir=\"auto\">Lesepatin gesucht</h1>"));
        assert!(english.contains("<span lang=\"de\">nach Absprache</span>"));
        assert!(english.contains("href=\"/en/suche?field=sport\""), "links stay in the language");
        assert!(!english.contains("hreflang=\"x-default\""), "an offer has one address");
        let at = |page: &str, text: &str| page.find(text).unwrap();
        let simple = page(Language::Simple);
        assert!(at(&simple, "Sie lesen vor.") < at(&simple, "<p>Lesen.</p>"), "simple comes first");
        let german = page(Language::German);
        assert!(at(&german, "Sie lesen vor.") > at(&german, "<p>Lesen.</p>"));
        let canonical = |page: &str| {
            let (_, rest) = page.split_once("rel=\"canonical\" href=\"").unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        assert_eq!(canonical(&german), canonical(&english), "and every language names it");
    }

    #[test]
    fn an_own_offer_is_passed_on_in_the_language_of_its_reader() {
        let mut config = config();
        config.url = Some("https://a.example".to_owned());
        let share = |language, is_own| {
            speaking(language, || to_share(&config, &shown(&json!({}), is_own)).unwrap())
        };
        let origin = "https://ehrenamt.stadt.example/angebot";
        assert_eq!(share(Language::German, true), format!("{origin}/05558012/o-1"));
        assert_eq!(share(Language::English, true), "https://a.example/en/angebot/05558012/o-1");
        let simple = share(Language::Simple, true);
        assert_eq!(simple, "https://a.example/de-simple/angebot/05558012/o-1");
        assert_eq!(share(Language::English, false), format!("{origin}/05334002/o-1"));
        let page = speaking(Language::English, || {
            let today = "2026-11-23".parse().unwrap();
            html(&Page::new(&config, shown(&json!({}), true), Vec::new(), today)).unwrap().0
        });
        assert!(
            page.contains("data-share=\"https://a.example/en/angebot/05558012/o-1\""),
            "{page}"
        );
        assert!(page.contains("rel=\"canonical\" href=\"https://ehrenamt.stadt.example/angebot/"));
    }

    #[test]
    fn the_simple_text_stands_under_its_own_heading() {
        let fields = json!({"plain": "Sie lesen vor.", "description": "Die Literaturvermittlung."});
        let page = speaking(Language::Simple, || page(&fields, true));
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
        let order =
            [">In Einfacher Sprache</h2>", "Sie lesen vor.", ">Beschreibung</h2>", "Die Literatur"];
        // The description for search engines comes before everything.
        let body = at("class=\"body\"");
        let places = order.map(|text| page[body..].find(text).unwrap());
        assert!(places.is_sorted(), "{places:?}: {page}");
    }

    #[test]
    fn says_how_to_get_what_few_people_know() {
        let page = page(&json!({"requirements": ["fuehrungszeugnis", "pkw"]}), true);
        assert!(page.contains("beim Bürgerbüro"), "{page}");
        assert!(!page.contains("Masernschutz heißt"), "only what is asked for is explained");
    }

    #[test]
    fn shows_what_somebody_needs_to_decide_and_to_write() {
        let page = page(
            &json!({"contact_role":"Team Kinderbücherei","verified_at":"2026-11-02","url":"https://verein.example/lesen",
                "places":[{"plz":"48653","town":"Coesfeld"}],"commitment":"regular","benefits":["nachweis"]}),
            true,
        );
        for text in [
            "Ansprechstelle: Team Kinderbücherei",
            "mailto:ehrenamt@stadt.example?subject=Ehrenamt%3A%20Lesepatin%20gesucht%20%2805558012%2Fo%2D1%29",
            "<a href=\"https://verein.example/lesen\" rel=\"nofollow noopener\">",
            "48653 Coesfeld",
            "Regelmäßig",
            "02.11.2026",
            "02.05.2027",
            "05558012/o-1",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        assert_eq!(page.matches("<h1").count(), 1);
    }
}
