//! The front door: accepts connections, bounds them, and closes them in order.
//!
//! `axum::serve` has no timer for half-sent headers, so the loop is our own: hyper with a header timeout,
//! a cap on connections, and a graceful end. A reverse proxy speaks TLS before it; whom it speaks for is
//! believed only of `trusted_proxies`.

pub mod control;
mod limiter;
pub mod probe;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use limiter::Limiter;

/// How long somebody may take to send a request's headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request may take us.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest request body; every route that takes one takes less.
const BODY_BYTES: usize = 128 * 1024;
/// Longest path and query; a list of fifty kept opportunities is a quarter of it.
const URI_BYTES: usize = 8 * 1024;
/// Longest headers together, names and values.
const HEAD_BYTES: usize = 16 * 1024;
/// What is read of a request before it is refused without a word; room to say why below that.
const BUFFER_BYTES: usize = 32 * 1024;
/// How hard answers are packed: the usual 6 takes up most of what a page costs and saves a thirtieth of its bytes.
const PACKED: CompressionLevel = CompressionLevel::Precise(4);
/// How long open requests may take to end when the node stops.
const GRACE: Duration = Duration::from_secs(10);

/// Who is asking, as far as it can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client(pub IpAddr);

/// Returns every route of a node.
pub fn router(app: &App) -> Router {
    let limiter = Arc::new(Limiter::new(app.config().limits.requests_per_second));
    crate::api::router(app)
        .merge(crate::web::router(app, &crate::api::described()))
        .layer(middleware::from_fn_with_state((app.clone(), limiter), limited))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .layer(middleware::from_fn(bounded))
        .layer(middleware::from_fn_with_state(app.clone(), problems))
        .layer(CompressionLayer::new().gzip(true).quality(PACKED))
        .with_state(app.clone())
}

/// Serves `router` on `listener` until `stop` changes; returns when the open requests have ended.
pub async fn serve(
    router: Router,
    listener: TcpListener,
    connections: usize,
    mut stop: watch::Receiver<bool>,
) {
    let permits = Arc::new(Semaphore::new(connections));
    let mut open = JoinSet::new();
    loop {
        // A permit first: at the cap, new connections wait in the kernel's queue instead of our memory.
        let permit = tokio::select! {
            permit = Arc::clone(&permits).acquire_owned() => permit,
            _ = stop.changed() => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        while open.try_join_next().is_some() {}
        match accepted {
            Ok((stream, address)) => {
                let (router, stop) = (router.clone(), stop.clone());
                // Without this a reply of two packets waits 40 ms for an acknowledgement.
                drop(stream.set_nodelay(true));
                open.spawn(async move {
                    let _permit = permit;
                    connection(TokioIo::new(stream), router, Some(address), stop).await;
                });
            }
            Err(error) => {
                // Out of file descriptors or the like: wait for connections to close rather than spin.
                tracing::warn!(%error, "accept");
                let _one_closed =
                    tokio::time::timeout(Duration::from_secs(1), open.join_next()).await;
            }
        }
    }
    let ended = async { while open.join_next().await.is_some() {} };
    let _in_time = tokio::time::timeout(GRACE, ended).await;
}

/// Serves one connection until it closes or `stop` changes.
async fn connection<S>(
    io: TokioIo<S>,
    router: Router,
    address: Option<SocketAddr>,
    mut stop: watch::Receiver<bool>,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            if let Some(address) = address {
                request.extensions_mut().insert(Client(address.ip()));
            }
            // A router answers every request: its error type has no values.
            let answered = router.oneshot(request).await;
            Ok::<Response, Infallible>(answered.unwrap_or_else(|never| match never {}))
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(io, service);
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        _ = stop.changed() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection");
    }
}

/// Says what was refused before it was reached: as a problem to programs, as a page to people.
async fn problems(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_api = path.starts_with("/api/");
    let accepts = request.headers().get(header::ACCEPT).and_then(|kinds| kinds.to_str().ok());
    let is_read = accepts.is_some_and(|kinds| kinds.contains("text/html"));
    let response = next.run(request).await;
    let status = response.status();
    let said = if is_api {
        crate::api::error::Error::refused(status).map(|problem| problem.into_response())
    } else if is_read {
        crate::web::turned_away(&app, &path, status)
    } else {
        None
    };
    let Some(mut said) = said else { return response };
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            said.headers_mut().insert(name, value.clone());
        }
    }
    said
}

/// Refuses an address or headers that are longer than anything that we link to or need.
async fn bounded(request: Request<Body>, next: Next) -> Response {
    let uri = request.uri();
    let uri_bytes = uri.path().len() + uri.query().map_or(0, str::len);
    let headers = request.headers().iter();
    let head_bytes: usize = headers.map(|(name, value)| name.as_str().len() + value.len()).sum();
    if uri_bytes > URI_BYTES {
        return (StatusCode::URI_TOO_LONG, "Die Adresse ist zu lang.\n").into_response();
    }
    if head_bytes > HEAD_BYTES {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return (status, "Die Kopfzeilen der Anfrage sind zu groß.\n").into_response();
    }
    next.run(request).await
}

/// Asks somebody who asks too much to come back later.
async fn limited(
    State((app, limiter)): State<(App, Arc<Limiter>)>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    let Some(Client(direct)) = request.extensions().get().copied() else {
        return next.run(request).await;
    };
    let config = app.config();
    let believed = |address: IpAddr| config.trusted_proxies.iter().any(|net| net.contains(address));
    let client = client(direct, &request, believed);
    request.extensions_mut().insert(Client(client));
    // This machine itself (health checks, the proxy's own probes) is not counted.
    let own =
        client.to_canonical().is_loopback() && !request.headers().contains_key("x-forwarded-for");
    // Whoever watches this node from outside must not take a busy network for a node that is down.
    let watched = matches!(request.uri().path(), "/livez" | "/readyz");
    if own || watched || limiter.admits(client, app.clock().monotonic()) {
        return next.run(request).await;
    }
    let mut response = (
        StatusCode::TOO_MANY_REQUESTS,
        "Zu viele Anfragen. Versuchen Sie es in einer Sekunde wieder.\n",
    )
        .into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Returns who is asking: the last address in `X-Forwarded-For` that is not one of our proxies.
fn client(direct: IpAddr, request: &Request<Body>, believed: impl Fn(IpAddr) -> bool) -> IpAddr {
    if !believed(direct) {
        return direct;
    }
    // From the right: each proxy appends whom it spoke to. What stands left of the first address that is not
    // ours was written by whoever asks, and is not even looked at.
    let values: Vec<_> = request.headers().get_all("x-forwarded-for").iter().collect();
    let parts = values.iter().rev().flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    for part in parts {
        let address = std::str::from_utf8(part).ok().and_then(|part| part.trim().parse().ok());
        match address {
            Some(address) if believed(address) => {}
            Some(address) => return address,
            None => return direct,
        }
    }
    direct
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_by(direct: &str, forwarded: &[&str]) -> String {
        let mut request = Request::new(Body::empty());
        for value in forwarded {
            request.headers_mut().append("x-forwarded-for", value.parse().unwrap());
        }
        let proxies = |address: IpAddr| address.is_loopback();
        client(direct.parse().unwrap(), &request, proxies).to_string()
    }

    #[test]
    fn believes_only_its_own_proxies() {
        assert_eq!(asked_by("203.0.113.9", &["10.9.9.9"]), "203.0.113.9");
        assert_eq!(asked_by("127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(asked_by("127.0.0.1", &["10.6.6.6, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(asked_by("127.0.0.1", &["10.6.6.6", "203.0.113.9, 127.0.0.1"]), "203.0.113.9");
        assert_eq!(asked_by("127.0.0.1", &["nonsense, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(asked_by("127.0.0.1", &["nonsense"]), "127.0.0.1");
        assert_eq!(asked_by("127.0.0.1", &[]), "127.0.0.1");
    }
}
