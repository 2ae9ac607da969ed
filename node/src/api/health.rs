//! Whether the node lives, and whether it is ready.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::config::space;

pub(super) fn router() -> Router<App> {
    Router::new().route("/livez", get(live)).route("/readyz", get(ready))
}

/// `GET /livez`: the process answers.
async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: this node can search and publish, whatever its peers do. In the first minute, while they
/// are asked what was published before, a change is kept and goes out by itself: that is ready.
async fn ready(State(app): State<App>) -> Response {
    let searchable = app.store().read(|tx| tx.last_change()).await;
    let applied = app.index().applied();
    if space::is_full(app.directory()) {
        return not_ready("Der Datenträger ist voll: Dieser Knoten kann nichts veröffentlichen.");
    }
    match searchable {
        // The index follows within moments of a change; only one that cannot be written is a reason.
        Ok(last) if applied >= last || !app.index_is_stuck() => {
            match app.trouble().filter(|_| app.waiting().is_none()) {
                None => "ok\n".into_response(),
                Some(trouble) => not_ready(&trouble),
            }
        }
        Ok(last) => not_ready(&format!("Der Suchindex steht bei {applied} von {last}.")),
        Err(error) => not_ready(&error.to_string()),
    }
}

fn not_ready(reason: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")).into_response()
}
