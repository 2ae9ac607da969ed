//! The pages people see: search, one opportunity, and what helps when something is not there.
//!
//! Each page is there in every language, told apart by the beginning of its address.
//! Everything works without scripts, cookies and other hosts. Text of a record comes from anybody and is only
//! ever escaped text. When something breaks a page says what to do; a fault of ours shows only its number.

mod area;
mod assets;
mod card;
mod contact;
mod coverage;
mod desk;
mod dress;
mod easy;
mod embed;
mod empty;
pub mod error;
mod facets;
mod feeds;
mod field;
mod finder;
mod fit;
mod form;
mod format;
mod frame;
mod glance;
mod interface;
mod kept;
mod label;
mod landing;
mod language;
mod legal;
mod link;
mod maintenance;
mod map;
mod markdown;
mod network;
mod nodeinfo;
mod opportunity;
mod organisation;
mod over;
mod phrase;
mod place;
mod prose;
mod qr;
mod schedule;
mod search;
mod similar;
mod site;
mod start;
mod structured;
mod text;
mod town;
mod weights;
mod why;
mod wish;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;

use crate::app::App;
use crate::config::Config;
use crate::domain::language::Language;

/// Returns all routes of the pages; whatever no other route answers gets a page that helps.
///
/// `description` is that of the JSON interface (OpenAPI), which has a page as well.
pub fn router(app: &App, description: &serde_json::Value) -> Router<App> {
    let interface = Arc::new(interface::Interface::new(description));
    let pages = || pages(Arc::clone(&interface));
    let german = spoken(Language::German, pages().merge(files()), app);
    Language::ALL.into_iter().filter(|language| !language.prefix().is_empty()).fold(
        german,
        |router, language| {
            let start = language.prefix();
            let bare = get(async || Redirect::permanent(start));
            router.nest(start, spoken(language, pages(), app)).route(&format!("{start}/"), bare)
        },
    )
}

/// Returns the page for somebody whom the front door turns away before any page is reached; `path` is what they asked for.
///
/// Nothing if there is nothing to say about the status.
#[must_use]
pub fn turned_away(app: &App, path: &str, status: StatusCode) -> Option<Response> {
    let error = match status {
        StatusCode::TOO_MANY_REQUESTS => error::Error::TooMany,
        StatusCode::SERVICE_UNAVAILABLE => error::Error::TooSlow,
        StatusCode::PAYLOAD_TOO_LARGE => error::Error::TooLarge,
        StatusCode::URI_TOO_LONG => error::Error::TooLong,
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => error::Error::TooManyHeaders,
        _ => return None,
    };
    let page = language::within(language::of(path), || error.page(&app.config(), "", "", None));
    let mut response = (status, page.ok()?).into_response();
    dress::protect(response.headers_mut());
    Some(response)
}

/// Returns the page that a web server shows while the node does not run: one file, because nothing can be fetched then.
///
/// # Errors
///
/// [`error::Error::Internal`], which no configuration causes.
pub fn maintenance(config: &Config) -> Result<String, error::Error> {
    maintenance::page(config)
}

/// Returns pages that are said in a language.
fn spoken(language: Language, pages: Router<App>, app: &App) -> Router<App> {
    pages
        .fallback(async || error::Error::NoSuchPage)
        .layer(middleware::from_fn_with_state(app.clone(), dress::dress))
        .layer(middleware::from_fn_with_state(language, language::speak))
}

/// Returns what is there in every language.
fn pages(interface: Arc<interface::Interface>) -> Router<App> {
    let described = async move |state| interface::show(state, Arc::clone(&interface)).await;
    Router::new()
        .route(interface::INTERFACE, get(described))
        .route("/", get(start::show))
        .route(link::SEARCH, get(search::show))
        .route("/suche.atom", get(feeds::atom))
        .route("/suche.json", get(feeds::json))
        .route("/suche.ics", get(feeds::calendar))
        .route("/ort/{slug}", get(town::show))
        .route("/feld/{code}", get(field::show))
        .route("/organisation/{node}/{slug}", get(organisation::show))
        .route("/angebot/{node}/{*id}", get(opportunity::show))
        .route("/impressum", get(legal::imprint))
        .route("/datenschutz", get(legal::privacy))
        .route("/barrierefreiheit", get(legal::accessibility))
        .route(finder::question::FINDER, get(finder::first))
        .route(finder::question::WEIGHTS, get(weights::show))
        .route("/finden/{number}", get(finder::show))
        .route(desk::DESK, get(desk::show))
        .route("/schalter/angebot/{node}/{*id}", get(desk::offer))
        .route(easy::EASY, get(easy::show))
        .route("/opensearch.xml", get(site::opensearch))
        .route(kept::KEPT, get(kept::show))
        .route(embed::BUILD, get(embed::build))
        .route(embed::FRAME, get(embed::frame))
        .route(embed::PIECE, get(embed::piece))
        .route(link::NETWORK, get(network::show))
}

/// Returns what machines look for at one address.
fn files() -> Router<App> {
    Router::new()
        .route("/assets/{name}", get(assets::hashed))
        .route("/favicon.svg", get(assets::favicon))
        .route("/robots.txt", get(site::robots))
        .route("/sitemap.xml", get(site::sitemap))
        .route("/.well-known/security.txt", get(site::security))
        .route("/.well-known/nodeinfo", get(nodeinfo::links))
        .route(nodeinfo::NODEINFO, get(nodeinfo::show))
}
