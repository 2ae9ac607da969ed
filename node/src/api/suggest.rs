//! Suggestions while somebody types.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::asked;
use super::error::{Error, Problem};
use crate::app::App;
use crate::app::search::Asked;

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

/// Returns what somebody may be about to type.
#[utoipa::path(
    get,
    path = "/api/v1/suggest",
    params(("q" = String, Query, description = "Was bisher getippt ist, ab zwei Buchstaben und höchstens 200 Zeichen")),
    responses(
        (status = 200, body = Suggestions, description = "Vorschläge; keine, solange weniger als zwei Buchstaben getippt sind"),
        (status = 304, description = "Unverändert: If-None-Match nennt den ETag der Antwort"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Ein Parameter ist unbekannt oder nicht zu verstehen; detail sagt, was möglich ist"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Zu viele Anfragen; Retry-After sagt, wann wieder"),
        (status = 500, body = Problem, content_type = "application/problem+json", description = "Ein Fehler bei uns")
    )
)]
pub(super) async fn suggest(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<Suggestions>, Error> {
    let query = query.unwrap_or_default();
    asked::only(&query, &["q"])?;
    let found = app.suggest(&Asked::from_query(&query)?.words).await?;
    let item = |one: crate::app::suggest::Suggestion| Item {
        kind: one.kind.as_str(),
        text: one.text,
        path: one.path,
    };
    Ok(Json(Suggestions { data: found.into_iter().map(item).collect() }))
}
