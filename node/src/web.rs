//! Pages for people.

use axum::Router;

use crate::app::App;

/// Returns the routes of all pages.
pub fn router() -> Router<App> {
    Router::new()
}
