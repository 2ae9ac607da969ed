//! A small HTTP client on one kept-alive connection: for benchmarks, and for asking a node on this machine.

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::request::Builder;
use axum::http::{Request, Response, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::ServiceExt as _;

/// Longest answer that is accepted.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// One connection to a node.
#[derive(Debug)]
pub struct Probe {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
}

impl Probe {
    /// Connects to a base address such as `http://127.0.0.1:8001`.
    ///
    /// # Errors
    ///
    /// The system's error if nobody answers.
    pub async fn connect(base: &str) -> std::io::Result<Self> {
        let host = base.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let stream = TcpStream::connect(&host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(std::io::Error::other)?;
        tokio::spawn(connection);
        Ok(Self { sender, host })
    }

    /// Asks for `path`; returns status and body.
    ///
    /// # Errors
    ///
    /// The connection's error.
    pub async fn get(&mut self, path: &str) -> std::io::Result<(u16, Bytes)> {
        self.ask(Request::builder().uri(path)).await
    }

    /// Asks for a page as a browser does; returns status and body as it came over the wire.
    ///
    /// # Errors
    ///
    /// The connection's error.
    pub async fn view(&mut self, path: &str) -> std::io::Result<(u16, Bytes)> {
        self.ask(viewed(path)).await
    }

    async fn ask(&mut self, request: Builder) -> std::io::Result<(u16, Bytes)> {
        let request = request.header(header::HOST, &self.host).body(Empty::new());
        let request = request.map_err(std::io::Error::other)?;
        self.sender.ready().await.map_err(std::io::Error::other)?;
        let response = self.sender.send_request(request).await.map_err(std::io::Error::other)?;
        read(response).await
    }
}

/// The routes of a node, asked without a connection: what is measured is ours alone.
#[derive(Debug, Clone)]
pub struct Inside(Router);

impl Inside {
    /// Asks these routes.
    #[must_use]
    pub const fn new(router: Router) -> Self {
        Self(router)
    }

    /// Asks for a page as a browser does; returns status and body.
    ///
    /// # Errors
    ///
    /// An error of the body, which no page has.
    pub async fn get(&self, path: &str) -> std::io::Result<(u16, Bytes)> {
        let request = viewed(path).body(Body::empty()).map_err(std::io::Error::other)?;
        let answered = self.0.clone().oneshot(request).await;
        read(answered.unwrap_or_else(|never| match never {})).await
    }
}

fn viewed(path: &str) -> Builder {
    let accepted = [(header::ACCEPT, "text/html"), (header::ACCEPT_ENCODING, "gzip")];
    let request = Request::builder().uri(path);
    accepted.into_iter().fold(request, |request, (name, value)| request.header(name, value))
}

async fn read<B>(response: Response<B>) -> std::io::Result<(u16, Bytes)>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), ANSWER_BYTES);
    let body = body.collect().await.map_err(std::io::Error::other)?;
    Ok((status, body.to_bytes()))
}
