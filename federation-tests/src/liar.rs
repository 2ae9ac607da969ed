//! A web server between a node and the truth, which lies as a test tells it.
//!
//! Without a lie it passes on what the truth says and writes down what was asked: so it also counts.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::http::{self, Answer};
use crate::origin::Files;

/// Largest request that is passed on.
const REQUEST_BYTES: usize = 64 * 1024;

/// A server that lies.
#[derive(Debug)]
pub struct Liar {
    url: String,
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

/// What was asked, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// Whether it had `If-None-Match`.
    pub conditional: bool,
    /// The status answered.
    pub status: u16,
    /// Bytes of the body as they went over the wire.
    pub bytes: usize,
    /// The body of the request.
    pub sent: Vec<u8>,
}

/// What a liar answers.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Lying,
    /// It answers when this has a permit.
    pub after: Option<Arc<Semaphore>>,
}

/// A body of a liar.
#[derive(Debug)]
pub enum Lying {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes again and again, without end.
    Endless(Vec<u8>),
    /// These bytes, and then silence on an open connection.
    Silence(Vec<u8>),
}

/// Makes an answer from the path that was asked for and the true answer.
pub type Lie = Arc<dyn Fn(&str, Answer) -> Reply + Send + Sync>;

struct Inner {
    client: Client,
    truth: Mutex<Truth>,
    lie: Mutex<Option<Lie>>,
    seen: Mutex<Vec<Seen>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}

#[derive(Debug, Clone)]
enum Truth {
    Upstream(String),
    Files(Arc<Files>),
}

impl Liar {
    /// Stands before the server at `url`.
    pub async fn before(url: &str) -> Self {
        Self::start(Truth::Upstream(url.to_owned())).await
    }

    /// Serves files.
    pub async fn with(files: Files) -> Self {
        Self::start(Truth::Files(Arc::new(files))).await
    }

    async fn start(truth: Truth) -> Self {
        let any: SocketAddr = ([127, 0, 0, 1], 0).into();
        let listener = TcpListener::bind(any).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let inner = Arc::new(Inner {
            client: http::client(),
            truth: Mutex::new(truth),
            lie: Mutex::default(),
            seen: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move {
            let _ended = axum::serve(listener, router).await;
        });
        Self { url, inner, server }
    }

    /// Returns where it answers.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stands before another server from now on.
    pub fn move_to(&self, url: &str) {
        *lock(&self.inner.truth) = Truth::Upstream(url.to_owned());
    }

    /// Serves other files from now on.
    pub fn serve(&self, files: Files) {
        *lock(&self.inner.truth) = Truth::Files(Arc::new(files));
    }

    /// Lies from now on.
    pub fn lie(&self, lie: impl Fn(&str, Answer) -> Reply + Send + Sync + 'static) {
        *lock(&self.inner.lie) = Some(Arc::new(lie));
    }

    /// Tells the truth from now on.
    pub fn be_honest(&self) {
        *lock(&self.inner.lie) = None;
    }

    /// Returns what was asked since the last call.
    #[must_use]
    pub fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *lock(&self.inner.seen))
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Reply {
    /// Passes on an answer.
    #[must_use]
    pub fn of(answer: Answer) -> Self {
        let kept = ["etag", "date", "cache-control", "content-type", "content-encoding"];
        let headers = answer.headers.into_iter().filter(|(name, _)| kept.contains(&name.as_str()));
        Self {
            status: answer.status,
            headers: headers.collect(),
            body: Lying::Bytes(answer.body),
            after: None,
        }
    }

    /// Answers with a status and bytes.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: Lying::Bytes(body.into()), after: None }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

async fn answer(
    State(inner): State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let path = uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let sent = sent(body).await;
    let lie = lock(&inner.lie).clone();
    let truth = lock(&inner.truth).clone();
    let told = match truth {
        Truth::Files(files) => file(&files, &path),
        Truth::Upstream(base) => {
            // A lie wants to see the bytes themselves, not packed ones.
            let names: &[&str] = if lie.is_some() {
                &["if-none-match"]
            } else {
                &["if-none-match", "accept-encoding"]
            };
            let passed: Vec<(&str, &str)> = names
                .iter()
                .filter_map(|name| Some((*name, headers.get(*name)?.to_str().ok()?)))
                .collect();
            let url = format!("{base}{path}");
            let answer =
                http::ask(&inner.client, method.clone(), &url, &passed, sent.clone()).await;
            answer.unwrap_or_else(|| status(502))
        }
    };
    let reply = match lie {
        Some(lie) => lie(&path, told),
        None => Reply::of(told),
    };
    if let Some(after) = &reply.after {
        after.acquire().await.expect("nobody closes it").forget();
    }
    let bytes = match &reply.body {
        Lying::Bytes(bytes) | Lying::Endless(bytes) | Lying::Silence(bytes) => bytes.len(),
    };
    lock(&inner.seen).push(Seen {
        method: method.to_string(),
        path,
        conditional: headers.contains_key("if-none-match"),
        status: reply.status,
        bytes,
        sent,
    });
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response.body(reply.body.into_body()).expect("a lie is well-formed HTTP")
}

impl Lying {
    fn into_body(self) -> Body {
        use futures_util::{StreamExt as _, stream};
        match self {
            Self::Bytes(bytes) => Body::from(bytes),
            Self::Endless(bytes) => {
                let piece = Bytes::from(bytes);
                Body::from_stream(stream::repeat_with(move || {
                    Ok::<_, std::io::Error>(piece.clone())
                }))
            }
            Self::Silence(bytes) => {
                let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
                Body::from_stream(first.chain(stream::pending()))
            }
        }
    }
}

async fn sent(body: Body) -> Vec<u8> {
    use futures_util::StreamExt as _;
    let mut sent = Vec::new();
    let mut pieces = body.into_data_stream();
    while let Some(Ok(piece)) = pieces.next().await {
        assert!(sent.len() + piece.len() <= REQUEST_BYTES, "a node sends little");
        sent.extend_from_slice(&piece);
    }
    sent
}

fn file(files: &Files, path: &str) -> Answer {
    match files.get(path) {
        Some(body) => Answer { body: body.clone(), ..status(200) },
        None => status(404),
    }
}

fn status(status: u16) -> Answer {
    Answer { status, headers: std::collections::BTreeMap::new(), body: Vec::new() }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
