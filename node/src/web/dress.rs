//! What every answer of the pages gets: headers that protect, a tag, and the page for an error.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use engagement_protocol::hash::Hash;
use http_body_util::{BodyExt as _, Limited};

use super::error::Error;
use super::start;
use crate::app::App;

/// Largest page; a hundred cards are a fifth of it.
const PAGE_BYTES: usize = 2 * 1024 * 1024;

/// On every answer. Nothing may run but the scripts that are part of the program, which may not make markup out
/// of text, and nothing is fetched from or sent to anybody else. `connect-src` lets the checkers that webmasters use
/// read our robots.txt from inside of a page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const HEADERS: [(HeaderName, &str); 2] =
    [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::REFERRER_POLICY, "no-referrer")];

/// Dresses an answer.
pub(super) async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let held = request.headers().get(header::IF_NONE_MATCH).cloned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        response = explain(&app, &error, &query, route.as_ref(), response).await;
    }
    let mut response = tag(response, held.as_ref()).await;
    protect(response.headers_mut());
    response
}

/// Gives an error its page. The query is shown to who typed it and never logged.
async fn explain(
    app: &App,
    error: &Error,
    query: &str,
    route: Option<&MatchedPath>,
    response: Response,
) -> Response {
    static FAULTS: AtomicU64 = AtomicU64::new(0);
    let status = response.status();
    let mut number = String::new();
    if let Error::Internal(reason) = error {
        let count = FAULTS.fetch_add(1, Ordering::Relaxed);
        number = format!("{:x}-{count:x}", app.clock().now().as_ms());
        let route = route.map_or("", MatchedPath::as_str);
        tracing::error!(request = %number, route, %reason, "page failed");
    }
    let instead = if error.has_alternatives() { start::newest(app).await.ok() } else { None };
    match error.page(&app.config(), query, &number, instead) {
        Ok(page) => (status, page).into_response(),
        Err(_) => response,
    }
}

/// Adds a strong entity tag to a page, and answers 304 to those who hold it.
async fn tag(response: Response, held: Option<&HeaderValue>) -> Response {
    if response.status() != StatusCode::OK || response.headers().contains_key(header::CACHE_CONTROL)
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = Limited::new(body, PAGE_BYTES).collect().await else {
        tracing::error!("a page beyond its bound");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let body = body.to_bytes();
    let tag = format!("\"{}\"", Hash::of(&body));
    let unchanged = held.is_some_and(|held| names(held, &tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if unchanged {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

/// Returns the policy of a page that others may put into a frame: nothing runs in it and nothing is sent.
///
/// `ancestors` are checked where the configuration is read.
pub(super) fn framed(ancestors: &str) -> Result<HeaderValue, Error> {
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    );
    HeaderValue::try_from(policy).map_err(|error| Error::Internal(error.to_string()))
}

pub(super) fn protect(headers: &mut HeaderMap) {
    // Only a page that is meant for frames brings a policy of its own.
    let policy = HeaderValue::from_static(POLICY);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
}

/// Returns whether `If-None-Match` names this tag: weak comparison, as RFC 9110 wants it.
fn names(held: &HeaderValue, tag: &str) -> bool {
    let Ok(held) = held.to_str() else { return false };
    held.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::Html;

    async fn tagged(held: Option<&str>) -> Response {
        let held = held.map(|held| HeaderValue::from_str(held).unwrap());
        tag(Html("<p>Seite").into_response(), held.as_ref()).await
    }

    #[tokio::test]
    async fn who_holds_a_page_does_not_get_it_again() {
        let first = tagged(None).await;
        assert_eq!(first.status(), StatusCode::OK);
        let etag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag} is strong");
        for held in [etag.clone(), format!("\"x\", W/{etag}"), "*".to_owned()] {
            let again = tagged(Some(&held)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{held}");
            assert_eq!(again.headers()[header::ETAG], etag.as_str());
            assert!(again.into_body().collect().await.unwrap().to_bytes().is_empty());
        }
        assert_eq!(tagged(Some("\"other\"")).await.status(), StatusCode::OK);
    }

    #[test]
    fn nothing_runs_and_nothing_is_fetched_elsewhere() {
        let mut headers = HeaderMap::new();
        protect(&mut headers);
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"));
        assert!(!policy.contains("http") && policy.contains("frame-ancestors 'none'"));
        assert!(
            policy.contains(
                "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
            )
        );
        assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer", "an address holds answers");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}
