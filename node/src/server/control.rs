//! How commands reach the running node: HTTP on a Unix socket that only the node's user can open.
//!
//! A command writes to the database itself and then wakes the node, which publishes, updates the search
//! index it owns, and tells its peers.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use engagement_protocol::id::Feed;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::app::status::Status;
use crate::config::space;
use crate::feed::permit::Held;
use crate::store::StoreError;

/// Longest answer a command accepts.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// How long a command waits for the node.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longest socket path the system takes; a longer one is reached through the open directory.
const SOCKET_PATH: usize = 100;

/// What waking the node did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Woken {
    /// The number of the newest published state.
    pub seq: Option<u64>,
    /// Why publishing is on hold.
    pub on_hold: Option<String>,
}

/// Why a command did not reach the node.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No node runs on the directory.
    #[error("Auf diesem Verzeichnis läuft kein Knoten.")]
    NotRunning,
    /// The node did not answer properly.
    #[error("Der laufende Knoten antwortet nicht wie erwartet: {0}")]
    Broken(String),
}

/// Returns the routes for commands, with all public ones, so that `search` asks the same code.
fn router(app: &App) -> Router {
    let commands = Router::new()
        .route("/control/wake", post(wake))
        .route("/control/erase", post(erase))
        .route("/control/signing", get(signing))
        .route("/control/signing/allow", post(allow))
        .route("/control/signing/not-mine", post(not_mine))
        .route("/control/receipts", post(receipts))
        .route("/control/reload", post(reload))
        .route("/control/status", get(status))
        .route("/control/rotate", post(rotate))
        .route("/control/rotate-lost", post(rotate_lost))
        .with_state(app.clone());
    commands.merge(super::router(app))
}

/// Makes the socket of a node, so that commands reach it from the moment it says that it listens.
///
/// # Errors
///
/// The system's error if the socket cannot be made.
pub fn bind(app: &App) -> std::io::Result<UnixListener> {
    let path = app.directory().socket();
    // The lock is ours, so a socket that is there was left by a process that is gone.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let reach = Reach::to(&path)?;
    let listener = UnixListener::bind(&reach.path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Serves commands until `stop` changes.
pub async fn serve(app: App, listener: UnixListener, stop: watch::Receiver<bool>) {
    accept(listener, router(&app), stop).await;
    let _left_behind = std::fs::remove_file(app.directory().socket());
}

async fn accept(listener: UnixListener, router: Router, mut stop: watch::Receiver<bool>) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                while open.try_join_next().is_some() {}
                if let Ok((stream, _)) = accepted {
                    let (router, stop) = (router.clone(), stop.clone());
                    open.spawn(super::connection(TokioIo::new(stream), router, None, stop));
                }
            }
            _ = stop.changed() => break,
        }
    }
    while open.join_next().await.is_some() {}
}

/// `POST /control/wake`: publish what a command has written.
async fn wake(State(app): State<App>) -> Response {
    let publishing = app.clone();
    let published = to_the_end(async move { publishing.publish_and_tell().await }).await;
    let on_hold = match published {
        Ok(published) => published.err().map(|error| error.to_string()),
        Err(broken) => return broken,
    };
    let node = app.node().clone();
    let seq = app
        .store()
        .read(move |tx| tx.feed(&node, Feed::Offers))
        .await
        .ok()
        .flatten()
        .map(|state| state.seq);
    axum::Json(Woken { seq, on_hold }).into_response()
}

/// `POST /control/erase`: publish what a command has written, and remove every trace of what went.
async fn erase(State(app): State<App>) -> Response {
    let woken = wake(State(app.clone())).await;
    let purged = to_the_end(async move {
        app.purge_soon();
        app.purge().await
    });
    match purged.await {
        Ok(Ok(())) => woken,
        Ok(Err(error)) => {
            tracing::warn!(%error, "purge");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(broken) => broken,
    }
}

/// `POST /control/receipts`: asks the peers, and says how far our newest state has got.
async fn receipts(State(app): State<App>) -> Response {
    match to_the_end(async move { app.collect_receipts().await }).await {
        Ok(Ok(receipts)) => axum::Json(receipts).into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "receipts");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(broken) => broken,
    }
}

/// `GET /control/signing`: whether something is signed now; 409 with the reason if not.
async fn signing(State(app): State<App>) -> Response {
    match app.hold() {
        None => "Der Knoten unterschreibt und veröffentlicht.".into_response(),
        Some(hold) => (StatusCode::CONFLICT, Held(hold).to_string()).into_response(),
    }
}

/// `POST /control/signing/allow`: what is published is ours.
async fn allow(State(app): State<App>) -> Response {
    let deciding = app.clone();
    match to_the_end(async move { deciding.allow_signing().await }).await {
        Ok(()) => signing(State(app)).await,
        Err(broken) => broken,
    }
}

/// `POST /control/signing/not-mine`: what is published is not ours.
async fn not_mine(State(app): State<App>) -> Response {
    match to_the_end(async move { app.disown().await }).await {
        Ok(Ok(discarded)) => format!(
            "Verworfen: {discarded} Änderungen. Mit diesem Schlüssel wird nichts mehr unterschrieben. Wie Sie einen neuen anlegen, steht im Betriebshandbuch unter „Schlüssel gestohlen“."
        )
        .into_response(),
        Ok(Err(error)) => {
            tracing::error!(%error, "not-mine");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(broken) => broken,
    }
}

/// `POST /control/reload`: follow the peers that `node.toml` names now.
async fn reload(State(app): State<App>) -> Response {
    match to_the_end(async move { app.reload().await }).await {
        Ok(Ok(())) => StatusCode::NO_CONTENT.into_response(),
        Ok(Err(error)) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
        Err(broken) => broken,
    }
}

/// Does `work` to its end even if the command that asked for it is killed meanwhile: hyper drops the answer
/// to whoever has gone, and with it what the answer was to be made of.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Response> {
    tokio::spawn(work).await.map_err(|error| {
        tracing::error!(%error, "command");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// `POST /control/rotate`: put a new key in the place of ours; both sign for a week.
async fn rotate(State(app): State<App>) -> Response {
    change_key(app, false).await
}

/// `POST /control/rotate-lost`: the same at once, because ours is lost or stolen.
async fn rotate_lost(State(app): State<App>) -> Response {
    change_key(app, true).await
}

async fn change_key(app: App, lost: bool) -> Response {
    match to_the_end(async move { app.rotate_key(lost).await }).await {
        Ok(Ok(key)) => key.to_string().into_response(),
        Ok(Err(error)) => (StatusCode::CONFLICT, error.to_string()).into_response(),
        Err(broken) => broken,
    }
}

/// `GET /control/status`: newer than the database.
async fn status(State(app): State<App>) -> Response {
    let (config, contacts, now) =
        (app.config(), app.sync().contacts(Feed::Offers), app.clock().now());
    let keys = app.signer().key.verifiers();
    let full = space::alarm(app.directory(), &config);
    let read =
        app.store().read(move |tx| Status::read(tx, (&config, &keys), Some(&contacts), now)).await;
    match read {
        Ok(mut status) => {
            status.serving = true;
            status.waiting = app.waiting();
            let trouble = app.trouble().filter(|_| status.waiting.is_none());
            if let Some(trouble) = trouble.filter(|said| !status.alarms.contains(said)) {
                status.alarms.push(trouble);
            }
            status.alarms.extend(full);
            axum::Json(status).into_response()
        }
        Err(error) => {
            (StatusCode::INTERNAL_SERVER_ERROR, StoreError::to_string(&error)).into_response()
        }
    }
}

/// Asks the node that runs on a directory.
///
/// # Errors
///
/// [`ControlError::NotRunning`] or [`ControlError::Broken`].
pub async fn ask(socket: &Path, method: &str, path: &str) -> Result<(u16, Bytes), ControlError> {
    let broken = |error: &dyn std::fmt::Display| ControlError::Broken(error.to_string());
    let reach = Reach::to(socket).map_err(|_| ControlError::NotRunning)?;
    let stream = UnixStream::connect(&reach.path).await.map_err(|_| ControlError::NotRunning)?;
    let answer = async {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|e| broken(&e))?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "node")
            .body(Full::new(Bytes::new()))
            .map_err(|e| broken(&e))?;
        let exchange = async {
            let response = sender.send_request(request).await.map_err(|e| broken(&e))?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), ANSWER_BYTES);
            let body = body.collect().await.map_err(|e| broken(&e))?.to_bytes();
            drop(sender);
            Ok((status, body))
        };
        // The connection has to be driven while its request is answered.
        let (answer, _closed) = tokio::join!(exchange, connection);
        answer
    };
    tokio::time::timeout(PATIENCE, answer).await.map_err(|e| broken(&e))?
}

/// A way to a socket that is short enough for the system.
struct Reach {
    path: PathBuf,
    _directory: Option<std::fs::File>,
}

impl Reach {
    fn to(socket: &Path) -> std::io::Result<Self> {
        use std::os::fd::AsRawFd as _;
        if socket.as_os_str().len() <= SOCKET_PATH {
            return Ok(Self { path: socket.to_owned(), _directory: None });
        }
        let (Some(parent), Some(name)) = (socket.parent(), socket.file_name()) else {
            return Ok(Self { path: socket.to_owned(), _directory: None });
        };
        let directory = std::fs::File::open(parent)?;
        let path = Path::new("/proc/self/fd").join(directory.as_raw_fd().to_string()).join(name);
        Ok(Self { path, _directory: Some(directory) })
    }
}
