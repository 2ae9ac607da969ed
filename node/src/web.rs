//! The pages people see: search, one opportunity, and what helps when something is not there.
//!
//! Everything works without scripts, cookies and other hosts. Text of a record comes from anybody and is only
//! ever escaped text. When something breaks a page says what to do; a fault of ours shows only its number.

mod area;
mod assets;
mod card;
mod contact;
mod coverage;
mod dress;
mod empty;
pub mod error;
mod facets;
mod feeds;
mod field;
mod form;
mod format;
mod frame;
mod glance;
mod label;
mod landing;
mod legal;
mod link;
mod map;
mod markdown;
mod network;
mod opportunity;
mod organisation;
mod over;
mod place;
mod prose;
mod schedule;
mod search;
mod similar;
mod site;
mod start;
mod structured;
mod text;
mod town;
mod why;

use axum::Router;
use axum::middleware;
use axum::routing::get;

use crate::app::App;

/// Returns all routes of the pages; whatever no other route answers gets a page that helps.
pub fn router(app: &App) -> Router<App> {
    Router::new()
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
        .route(link::NETWORK, get(network::show))
        .route("/assets/{name}", get(assets::hashed))
        .route("/favicon.svg", get(assets::favicon))
        .route("/robots.txt", get(site::robots))
        .route("/sitemap.xml", get(site::sitemap))
        .route("/opensearch.xml", get(site::opensearch))
        .route("/.well-known/security.txt", get(site::security))
        .fallback(async || error::Error::NoSuchPage)
        .layer(middleware::from_fn_with_state(app.clone(), dress::dress))
}
