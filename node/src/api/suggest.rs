//! Suggestions while somebody types.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::{Error, Problem};
use crate::app::App;

/// What may be meant by what was typed so far.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Suggestions {
    /// At most twelve, grouped by kind.
    data: Vec<Item>,
}

/// One suggestion.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Item {
    /// `words`, `field`, `activity`, `target`, `place`, `opportunity` or `organisation`.
    kind: &'static str,
    /// What people read.
    text: String,
    /// Where it leads on this node.
    #[schema(example = "/suche?q=Gartenarbeit")]
    path: String,
}

/// What was typed.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    q: String,
}

/// Returns what somebody may be about to type.
#[utoipa::path(
    get,
    path = "/api/v1/suggest",
    params(("q" = String, Query, description = "Was bisher getippt ist, ab zwei Buchstaben und höchstens 200 Zeichen")),
    responses((status = 200, body = Suggestions), (status = 400, body = Problem))
)]
pub(super) async fn suggest(
    State(app): State<App>,
    Query(typed): Query<Typed>,
) -> Result<Json<Suggestions>, Error> {
    let found = app.suggest(&typed.q).await?;
    let item = |one: crate::app::suggest::Suggestion| Item {
        kind: one.kind.as_str(),
        text: one.text,
        path: one.path,
    };
    Ok(Json(Suggestions { data: found.into_iter().map(item).collect() }))
}
