//! Asks a node as any program would.

use std::collections::BTreeMap;

use engagement_node::sync::http::HttpTransport;
use reqwest::{Client, Method};

/// An answer, body and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The bytes that came over the wire, not unpacked.
    pub body: Vec<u8>,
}

impl Answer {
    /// Returns the body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the body as JSON; null if it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Returns a client that follows nothing and unpacks nothing.
#[must_use]
pub fn client() -> Client {
    // It chooses the TLS provider of the process, without which no client can be made.
    let _chosen = HttpTransport::new(true).expect("a client can be made");
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .no_gzip()
        .build()
        .expect("a client can be made")
}

/// Sends one request; nothing if nobody answers.
pub async fn ask(
    client: &Client,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Option<Answer> {
    let mut request = client.request(method, url).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or("").to_owned();
    let headers = response.headers();
    let headers = headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let body = response.bytes().await.ok()?.to_vec();
    Some(Answer { status, headers, body })
}
