//! A small HTTP client on one kept-alive connection: for benchmarks, and for asking a node on this machine.

use axum::body::Bytes;
use axum::http::Request;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

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
        let request = Request::builder()
            .uri(path)
            .header("host", &self.host)
            .body(Empty::new())
            .map_err(std::io::Error::other)?;
        self.sender.ready().await.map_err(std::io::Error::other)?;
        let response = self.sender.send_request(request).await.map_err(std::io::Error::other)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_BYTES);
        let body = body.collect().await.map_err(std::io::Error::other)?;
        Ok((status, body.to_bytes()))
    }
}
