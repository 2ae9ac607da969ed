//! The network as this node sees it, for machines.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};

use super::error::Error;
use crate::app::App;

/// `GET /api/v1/network`: every node, how it is, and since when.
#[utoipa::path(
    get,
    path = "/api/v1/network",
    responses((
        status = 200,
        description = "Je Knoten: id, name, state (complete, late, unreachable, never, lying), seq, live, age_s, last_error, source",
        content_type = "application/json"
    ))
)]
pub async fn list(State(app): State<App>) -> Result<Response, Error> {
    Ok(axum::Json(app.network().await?).into_response())
}
