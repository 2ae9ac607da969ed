//! The public JSON interface, and the paths that peers read (`protocol/SPEC.md` section 12).
//!
//! Errors are RFC 9457 problems with a stable `type` and a German `detail` that says what to do. Answers
//! have strong entity tags. What is public may be read from any page (`CORS *`, GET only).

mod asked;
pub mod error;
pub mod federation;
pub mod health;
pub mod matching;
pub mod network;
pub mod opportunities;
mod record;
pub mod suggest;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Request, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use engagement_protocol::hash::Hash;
use http_body_util::{BodyExt as _, Limited};
use utoipa::OpenApi as _;

use crate::app::App;

/// Largest JSON answer that gets an entity tag; a page of 100 results is far smaller.
const TAGGED_BYTES: usize = 4 * 1024 * 1024;

/// Returns all routes under `/api`, the feed paths and the health checks.
pub fn router(app: &App) -> Router<App> {
    let json = Router::new()
        .route("/api/v1/opportunities", get(opportunities::list))
        .route("/api/v1/opportunities/{node}/{*id}", get(opportunities::one))
        .route("/api/v1/match", get(matching::list))
        .route("/api/v1/coverage", get(opportunities::coverage))
        .route("/api/v1/network", get(network::list))
        .route("/api/v1/suggest", get(suggest::suggest))
        .route("/api/v1/openapi.json", get(description))
        .route("/api/{*rest}", get(error::no_such_path))
        .layer(middleware::from_fn(tagged));
    json.merge(federation::router())
        .merge(health::router())
        .layer(middleware::from_fn_with_state(app.clone(), dated))
}

/// The description of this interface.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Engagementnetz",
        description = "Angebote und Gesuche für das Ehrenamt, aus dem lokalen Bestand dieses Knotens beantwortet.",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2")
    ),
    paths(
        opportunities::list,
        opportunities::one,
        opportunities::coverage,
        matching::list,
        network::list,
        suggest::suggest
    ),
    components(schemas(error::Problem))
)]
struct Description;

/// Returns the description of this interface (OpenAPI 3.1), for the page that shows it.
#[must_use]
pub fn described() -> serde_json::Value {
    serde_json::to_value(Description::openapi()).unwrap_or_default()
}

/// `GET /api/v1/openapi.json`
async fn description() -> Response {
    axum::Json(Description::openapi()).into_response()
}

/// Adds a strong entity tag to what was found, and answers 304 where the asker holds it.
async fn tagged(request: Request<Body>, next: Next) -> Response {
    let held = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if response.status() != axum::http::StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = Limited::new(body, TAGGED_BYTES).collect().await else {
        return error::Error::internal("an answer beyond its bound").into_response();
    };
    let bytes = bytes.to_bytes();
    let etag = etag(&bytes);
    parts.headers.insert(header::ETAG, etag.clone());
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if held.is_some_and(|held| matches(&held, &etag)) {
        parts.status = axum::http::StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Says what our clock says: peers compare it with theirs. hyper's own header would not be simulated.
async fn dated(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = i64::try_from(app.clock().now().as_ms()).unwrap_or(i64::MAX);
    let date = jiff::Timestamp::from_millisecond(now).and_then(|now| {
        jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now)
    });
    if let Some(date) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// Returns the strong entity tag of some bytes.
pub(crate) fn etag(bytes: &[u8]) -> HeaderValue {
    let tag = format!("\"{}\"", Hash::of(bytes));
    HeaderValue::from_str(&tag).expect("a hash in quotes is visible ASCII")
}

/// Returns whether an `If-None-Match` names this tag; weak comparison, as RFC 9110 wants for GET.
pub(crate) fn matches(held: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(held), Ok(etag)) = (held.to_str(), etag.to_str()) else { return false };
    held.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == etag)
}
