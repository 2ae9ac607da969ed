//! The pages people see: search, one opportunity, and what helps when something is not there.
//!
//! Everything works without scripts, cookies and other hosts. Text of a record comes from anybody and is only
//! ever escaped text. When something breaks a page says what to do; a fault of ours shows only its number.

mod assets;
mod card;
mod contact;
mod coverage;
mod dress;
mod empty;
pub mod error;
mod facets;
mod form;
mod format;
mod frame;
mod glance;
mod label;
mod link;
mod network;
mod opportunity;
mod over;
mod place;
mod prose;
mod schedule;
mod search;
mod text;
mod why;

use axum::Router;
use axum::middleware;
use axum::response::Redirect;
use axum::routing::get;

use crate::app::App;

/// Returns all routes of the pages; whatever no other route answers gets a page that helps.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/", get(async || Redirect::to(link::SEARCH)))
        .route(link::SEARCH, get(search::show))
        .route("/angebot/{node}/{*id}", get(opportunity::show))
        .route(link::NETWORK, get(network::show))
        .route("/assets/{name}", get(assets::hashed))
        .route("/favicon.svg", get(assets::favicon))
        .route("/robots.txt", get(assets::robots))
        .fallback(async || error::Error::NoSuchPage)
        .layer(middleware::from_fn_with_state(app.clone(), dress::dress))
}
