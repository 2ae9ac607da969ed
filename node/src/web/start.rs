//! The start page: a search, what there is by field and by place, what is new nearby, and how it works.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::card::Card;
use super::coverage::Coverage;
use super::error::Error;
use super::finder;
use super::form::{Form, Select};
use super::frame::{Frame, html};
use super::map::Map;
use super::text::t;
use super::{field, format, label};
use crate::app::App;
use crate::app::coverage;
use crate::app::overview::Overview;
use crate::app::search::Asked;
use crate::config::Config;
use crate::domain::gazetteer::Gazetteer;
use crate::domain::vocabulary::{List, Vocabulary};
use engagement_protocol::id::Ags;
use engagement_protocol::time::Day;

/// What people need most often to take part; the guided search asks for the rest.
const NEEDS: [&str; 6] =
    ["stufenlos", "rollstuhl_wc", "dgs", "leichte_sprache", "assistenz_moeglich", "von_zuhause"];

/// `GET /`
pub(super) async fn show(State(app): State<App>) -> Result<Html<String>, Error> {
    let (overview, coverage) = (app.overview().await?, app.coverage().await?);
    let today = app.clock().now().day();
    html(&Start::new(&app.config(), &app.node().ags(), &overview, &coverage, today))
}

/// Returns what was added last nearby, with what it is called together: for who has found nothing else.
pub(super) async fn newest(app: &App) -> Result<(String, Vec<Card>), Error> {
    let (overview, today) = (app.overview().await?, app.clock().now().day());
    let cards = overview.newest.iter().map(|card| Card::new(card, today)).collect();
    Ok((newest_heading(&app.node().ags()), cards))
}

/// A municipality has a neighbourhood; what lies in a Kreis or a Land is all its own.
fn newest_heading(own: &Ags) -> String {
    if own.as_str().len() == 8 { t!("start-new-near") } else { t!("start-new") }
}

#[derive(Template)]
#[template(path = "start.html")]
struct Start {
    frame: Frame,
    form: Form,
    lead: String,
    /// How many of them seek and how many offer, if there are both.
    kinds: Option<String>,
    /// The shortest way to something that fits.
    guide: Vec<Select>,
    tiles: Vec<Tile>,
    newest_heading: String,
    /// From where distances are told.
    distances: Option<String>,
    newest: Vec<Card>,
    map: Map,
    coverage: Coverage,
}

/// A field of engagement with its picture.
struct Tile {
    href: String,
    code: &'static str,
    label: String,
    count: String,
}

impl Start {
    fn new(
        config: &Config,
        own: &Ags,
        overview: &Overview,
        coverage: &coverage::Coverage,
        today: Day,
    ) -> Self {
        let tile = |(code, _): (&'static str, &'static str)| {
            let count = overview.count("field", code);
            let shown = format::number(count);
            Tile {
                href: field::href(code),
                code,
                label: label::one(List::Fields, code),
                count: t!("area-count", count = count, shown = shown),
            }
        };
        let mut frame = Frame::new(config, &t!("start-title"));
        frame.index_at(config, "/", true);
        let shown = format::number(overview.total);
        let lead = t!("start-lead", count = overview.total, shown = shown);
        frame.description = Some(lead.clone());
        Self {
            frame,
            form: Form::new(&Asked::default()),
            lead,
            kinds: kinds(overview),
            guide: guide(),
            tiles: Vocabulary::embedded().codes(List::Fields).map(tile).collect(),
            newest_heading: newest_heading(own),
            distances: distances(own),
            newest: overview.newest.iter().map(|card| Card::new(card, today)).collect(),
            map: Map::of_land(&overview.facets, own),
            coverage: Coverage::new(coverage),
        }
    }
}

/// What can be wished for on this page, all of it left open at first.
fn guide() -> Vec<Select> {
    let days = vec![
        ("weekdays".to_owned(), t!("guide-weekdays")),
        ("weekend".to_owned(), t!("guide-weekend")),
    ];
    let times = finder::times();
    let need = |code: &&str| ((*code).to_owned(), label::one(List::Accessibility, code));
    let needs = NEEDS.iter().map(need).collect();
    vec![
        Select::open("wish_field", t!("guide-field"), t!("guide-any"), labels(List::Fields)),
        Select::open(
            "wish_activity",
            t!("guide-activity"),
            t!("guide-any"),
            labels(List::Activities),
        ),
        Select::open("wish_day", t!("guide-days"), t!("guide-any"), days),
        Select::open("wish_time", t!("guide-times"), t!("guide-any"), times),
        Select::open("need", t!("guide-need"), t!("guide-nothing"), needs),
    ]
}

fn labels(list: List) -> Vec<(String, String)> {
    let codes = Vocabulary::embedded().codes(list);
    codes.map(|(code, _)| (code.to_owned(), label::one(list, code))).collect()
}

/// Says how many seek and how many offer: whoever sees only one kind later finds the same numbers.
fn kinds(overview: &Overview) -> Option<String> {
    let (seek, offer) = (overview.count("direction", "seek"), overview.count("direction", "offer"));
    let (seeking, offering) = (format::number(seek), format::number(offer));
    (seek > 0 && offer > 0).then(|| t!("start-kinds", seek = seeking, offer = offering))
}

/// Says from where a municipality tells distances.
fn distances(own: &Ags) -> Option<String> {
    let town = Gazetteer::embedded().municipality(own)?;
    Some(t!("distances-from", place = town.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::answer::{FacetCount, Facets};
    use crate::web::opportunity::tests::config;

    fn page(fields: &[(&'static str, u64)]) -> String {
        let count = |(code, count): &(&'static str, u64)| FacetCount { code, count: *count };
        let kinds = [("seek", 1200), ("offer", 34)].iter().map(count).collect();
        let facets =
            Facets([("field", fields.iter().map(count).collect()), ("direction", kinds)].into());
        let overview = Overview { total: 1234, facets, newest: Vec::new() };
        let coverage =
            coverage::Coverage { nodes: 1, complete: 1, missing: Vec::new(), as_of: None };
        let today = "2026-11-23".parse().unwrap();
        html(&Start::new(&config(), &"05558012".parse().unwrap(), &overview, &coverage, today))
            .unwrap()
            .0
    }

    #[test]
    fn the_shortest_guided_search_stands_here_and_asks_for_nothing_that_was_left_open() {
        let page = page(&[]);
        let form = page.split("class=\"guide\"").nth(1).unwrap().split("</form>").next().unwrap();
        for (key, value) in [
            ("wish_field", "umwelt"),
            ("wish_activity", "digital"),
            ("wish_day", "weekend"),
            ("wish_time", "ev"),
            ("need", "stufenlos"),
        ] {
            let select = form.split(&format!("name=\"{key}\">")).nth(1).unwrap();
            assert!(select.trim_start().starts_with("<option value=\"\">"), "{key} may stay open");
            assert!(select.contains(&format!("<option value=\"{value}\">")), "{key}={value}");
            let asked = Asked::from_query(&format!("{key}={value}")).unwrap();
            assert!(!asked.wish.is_empty(), "{key}={value} is a wish");
        }
        assert!(form.contains("name=\"age\""), "an age is asked for, or half of it is for others");
        let open = "direction=seek&must=field&must=activity&must=slot&wish_field=&wish_activity=&wish_day=&wish_time=&need=&age=";
        assert!(Asked::from_query(open).unwrap().wish.is_empty());
    }

    #[test]
    fn every_field_is_a_tile_with_its_picture_and_its_count() {
        let page = page(&[("sport", 2), ("kultur", 1)]);
        for (code, _) in Vocabulary::embedded().codes(List::Fields) {
            assert!(page.contains(&format!("href=\"/feld/{code}\"")), "{code}");
            assert!(page.contains(&format!("<symbol id=\"{code}\"")), "{code} has a picture");
        }
        assert!(page.contains("2 Angebote") && page.contains("1 Angebot<"));
        assert!(page.contains("1.234 Angebote"), "the total is said");
        assert!(
            page.contains("1.200-mal wird Hilfe gesucht, 34-mal wird Hilfe angeboten."),
            "{page}"
        );
        assert_eq!(page.matches("<h1").count(), 1);
    }

    #[test]
    fn the_map_and_the_list_beside_it_are_the_same_links() {
        let page = page(&[]);
        assert_eq!(page.matches("href=\"/ort/").count(), 2 * 53);
        assert!(page.contains("href=\"/ort/kreis-coesfeld\""));
    }

    /// Returns how many bytes go over the wire.
    fn sent(bytes: &[u8]) -> usize {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut packed, bytes).unwrap();
        packed.finish().unwrap().len()
    }

    #[test]
    fn the_page_stays_within_its_budget() {
        let page = sent(page(&[]).as_bytes());
        assert!(page < 15_000, "{page} bytes on every visit");
        let assets = ["engagementnetz.css", "engagementnetz.js", "favicon.svg"];
        let assets = assets.map(|name| sent(&std::fs::read(format!("assets/{name}")).unwrap()));
        let first = page + assets.iter().sum::<usize>();
        assert!(first < 60_000, "{first} bytes on the first visit");
    }
}
