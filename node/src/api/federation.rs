//! What peers read: our own feed, and as a relay everybody's.
//!
//! All of it could be plain files on any web server; only `/ping` cannot.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use engagement_protocol::hash::Hash;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::limits::HEAD_BYTES;
use serde_json::json;

use super::error::Error;
use super::{etag, matches};
use crate::app::App;
use crate::store::StoreError;
use crate::sync::PingOutcome;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/node", get(document))
        .route("/f/{feed}/head", get(own_head))
        .route("/anchor", get(own_anchor))
        .route("/n/{node}/node", get(relayed_document))
        .route("/n/{node}/anchor", get(relayed_anchor))
        .route("/n/{node}/{feed}/head", get(relayed_head))
        .route("/o/{hash}", get(object))
        .route("/ping", post(ping).layer(DefaultBodyLimit::max(HEAD_BYTES)))
}

/// `GET /node`: who we are, signed.
async fn document(State(app): State<App>, headers: HeaderMap) -> Response {
    note(app.document().to_vec(), &headers)
}

/// `GET /anchor`: which keys we sign with, said by our recovery key.
async fn own_anchor(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let node = app.node().clone();
    anchor(&app, node, &headers).await
}

/// `GET /n/{node}/anchor`: the same of any anchor that we believe.
async fn relayed_anchor(
    State(app): State<App>,
    Path(node): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let node = node.parse::<NodeId>().map_err(|_| unknown())?;
    anchor(&app, node, &headers).await
}

async fn anchor(app: &App, node: NodeId, headers: &HeaderMap) -> Result<Response, Error> {
    let held = app.store().read(move |tx| tx.anchor_note(&node)).await?;
    Ok(note(held.ok_or_else(unknown)?, headers))
}

/// `GET /f/{feed}/head`: the head of our own feed.
async fn own_head(
    State(app): State<App>,
    Path(feed): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let node = app.node().clone();
    head(&app, node, &feed, &headers).await
}

/// `GET /n/{node}/{feed}/head`: the head of any feed we hold.
async fn relayed_head(
    State(app): State<App>,
    Path((node, feed)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let node = node.parse::<NodeId>().map_err(|_| unknown())?;
    head(&app, node, &feed, &headers).await
}

/// `GET /n/{node}/node`: the node document of any node whose feed we hold.
async fn relayed_document(
    State(app): State<App>,
    Path(node): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let node = node.parse::<NodeId>().map_err(|_| unknown())?;
    if node == *app.node() {
        return Ok(note(app.document().to_vec(), &headers));
    }
    let read = app.store().read(move |tx| match tx.is_hidden(&node)? {
        true => Ok::<_, StoreError>(None),
        false => tx.document(&node),
    });
    let held = read.await?;
    Ok(note(held.ok_or_else(unknown)?, &headers))
}

async fn head(app: &App, node: NodeId, feed: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let feed = feed.parse::<Feed>().map_err(|_| unknown())?;
    // A suspended node's copy is kept as evidence and handed to nobody.
    let read = app.store().read(move |tx| match tx.is_hidden(&node)? {
        true => Ok::<_, StoreError>(None),
        false => tx.feed(&node, feed),
    });
    let held = read.await?;
    Ok(note(held.ok_or_else(unknown)?.head, headers))
}

/// `GET /o/{hash}`: an index or a slice.
async fn object(State(app): State<App>, Path(hash): Path<String>) -> Result<Response, Error> {
    let hash = hash.parse::<Hash>().map_err(|_| unknown())?;
    let bytes = app.store().read(move |tx| tx.object(hash)).await?.ok_or_else(unknown)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "immutable, max-age=600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}

/// `POST /ping`: somebody says that a feed has changed.
async fn ping(State(app): State<App>, body: Bytes) -> Response {
    match app.ping(&body).await {
        PingOutcome::Taken { held } => {
            app.wake().notify_one();
            (StatusCode::ACCEPTED, axum::Json(json!({"seq": held}))).into_response()
        }
        PingOutcome::Unreadable => {
            Error::bad_request("Ein unterschriebener Kopf wird erwartet.").into_response()
        }
        PingOutcome::Unknown => unknown().into_response(),
        PingOutcome::Forged => StatusCode::FORBIDDEN.into_response(),
    }
}

fn note(bytes: Vec<u8>, headers: &HeaderMap) -> Response {
    let etag = etag(&bytes);
    let held = headers.get(header::IF_NONE_MATCH).is_some_and(|held| matches(held, &etag));
    let common = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, HeaderValue::from_static("max-age=30")),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    if held {
        (StatusCode::NOT_MODIFIED, common).into_response()
    } else {
        (common, bytes).into_response()
    }
}

fn unknown() -> Error {
    Error::not_found("Dieser Knoten hält das nicht vor.")
}
