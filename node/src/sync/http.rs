//! Peers over HTTP: the one place that knows there is reqwest.
//!
//! No redirects, no proxy, no cookies; only https to names that resolve to public addresses, unless tests
//! and demos allow this machine. Bodies are read in pieces under a cap on *decoded* bytes, so that a few
//! kilobytes of gzip cannot become gigabytes.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use engagement_protocol::time::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, DATE, ETAG, HeaderMap, IF_NONE_MATCH};
use reqwest::{Client, RequestBuilder, Response, Url};

use super::address::is_global;
use super::transport::{Get, PeerTransport, Pending, Post, Reply, TransportError};

/// How this program names itself to peers.
const USER_AGENT: &str = concat!("engagement-node/", env!("CARGO_PKG_VERSION"));

/// Asks peers over HTTP.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: Client,
    allow_loopback: bool,
}

/// Why there is no HTTP client.
#[derive(Debug, thiserror::Error)]
#[error("Die Verbindung zu anderen Knoten lässt sich nicht vorbereiten: {0}")]
pub struct HttpError(#[from] reqwest::Error);

impl HttpTransport {
    /// Makes a client; `allow_loopback` is for tests and demos.
    ///
    /// # Errors
    ///
    /// [`HttpError`] if the system has no usable TLS roots.
    pub fn new(allow_loopback: bool) -> Result<Self, HttpError> {
        // The provider is an immutable choice of code, not state: a second call changes nothing.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .https_only(!allow_loopback)
            .dns_resolver(PublicResolver { allow_loopback })
            .connect_timeout(Duration::from_secs(5))
            .pool_max_idle_per_host(4)
            .pool_idle_timeout(Duration::from_secs(90))
            .build()?;
        Ok(Self { client, allow_loopback })
    }

    fn url(&self, base: &str, path: &str) -> Result<Url, TransportError> {
        let forbidden = || TransportError::Forbidden(base.to_owned());
        // The base alone first: with a path behind it, `https://` would become a host of that name.
        let _complete: Url = base.parse().map_err(|_| forbidden())?;
        let url: Url =
            format!("{}{path}", base.trim_end_matches('/')).parse().map_err(|_| forbidden())?;
        // A resolver never sees an address literal, so literals are judged here. The parser has already
        // turned 0x7f.1 and 2130706433 into 127.0.0.1.
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let literal = host.parse::<IpAddr>().ok();
        let allowed = match (self.allow_loopback, url.scheme(), literal) {
            (true, "http" | "https", None) => true,
            (true, "http" | "https", Some(address)) => address.is_loopback() || is_global(address),
            (false, "https", None) => true,
            _ => false,
        };
        let plain = url.username().is_empty() && url.password().is_none();
        if allowed && plain { Ok(url) } else { Err(forbidden()) }
    }

    async fn send(
        request: RequestBuilder,
        limit: usize,
        deadline: Duration,
    ) -> Result<Reply, TransportError> {
        let answer = async { read(request.send().await.map_err(|e| failed(&e))?, limit).await };
        match tokio::time::timeout(deadline, answer).await {
            Ok(reply) => reply,
            Err(_) => Err(TransportError::Late(deadline.as_secs())),
        }
    }
}

impl PeerTransport for HttpTransport {
    fn get(&self, get: Get) -> Pending<'_, Result<Reply, TransportError>> {
        Box::pin(async move {
            let url = self.url(&get.base, &get.path)?;
            let mut request = self.client.get(url).header(ACCEPT, "*/*");
            if let Some(etag) = get.etag {
                request = request.header(IF_NONE_MATCH, etag);
            }
            Self::send(request, get.limit, get.deadline).await
        })
    }

    fn post(&self, post: Post) -> Pending<'_, Result<Reply, TransportError>> {
        Box::pin(async move {
            let url = self.url(&post.base, &post.path)?;
            let request = self.client.post(url).body(post.body);
            Self::send(request, post.limit, post.deadline).await
        })
    }
}

async fn read(mut response: Response, limit: usize) -> Result<Reply, TransportError> {
    let mut reply = Reply {
        status: response.status().as_u16(),
        etag: text(response.headers(), &ETAG).filter(|etag| etag.len() <= 200),
        date: text(response.headers(), &DATE).and_then(|date| http_date(&date)),
        body: Vec::new(),
    };
    if reply.status != 200 && reply.status != 202 {
        return Ok(reply);
    }
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if reply.body.len() + chunk.len() > limit {
            return Err(TransportError::TooLong(limit));
        }
        reply.body.extend_from_slice(&chunk);
    }
    Ok(reply)
}

fn text(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn http_date(text: &str) -> Option<Timestamp> {
    let parsed = jiff::fmt::rfc2822::parse(text).ok()?;
    u64::try_from(parsed.timestamp().as_millisecond()).ok().map(Timestamp::from_ms)
}

/// Says what failed without the address, which the caller knows and logs may not need.
fn failed(error: &reqwest::Error) -> TransportError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        if let Some(Refused) = source.downcast_ref() {
            return TransportError::Forbidden("hinter diesem Namen".to_owned());
        }
        cause = source;
    }
    TransportError::Unreachable(cause.to_string())
}

/// Resolves names to public addresses only; what else a name resolves to is left out.
#[derive(Debug, Clone, Copy)]
struct PublicResolver {
    allow_loopback: bool,
}

/// No address behind a name may be asked.
#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
struct Refused;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_loopback = self.allow_loopback;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found
                .filter(|a| is_global(a.ip()) || (allow_loopback && a.ip().is_loopback()))
                .collect();
            if allowed.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_addresses_however_they_are_spelt() {
        let strict = HttpTransport::new(false).unwrap();
        for base in [
            "http://stadt.example",
            "https://127.0.0.1",
            "https://[::1]",
            "https://0x7f.1",
            "https://2130706433",
            "https://127.1",
            "https://017700000001",
            "https://[::ffff:10.0.0.1]",
            "https://user@stadt.example",
            "ftp://stadt.example",
            "https://8.8.8.8",
            "",
            "https://",
        ] {
            assert!(
                matches!(strict.url(base, "/node"), Err(TransportError::Forbidden(_))),
                "{base}"
            );
        }
        assert!(strict.url("https://ehrenamt.stadt.example/netz/", "/node").is_ok());
        let lax = HttpTransport::new(true).unwrap();
        assert!(lax.url("http://127.0.0.1:1", "/node").is_ok());
        assert!(lax.url("http://10.0.0.1", "/node").is_err());
    }

    #[test]
    fn reads_the_date_of_http() {
        let read = http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert_eq!(read.to_string(), "1994-11-06T08:49:37Z");
        assert_eq!(http_date("yesterday"), None);
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused() {
        let strict = HttpTransport::new(false).unwrap();
        let get = Get {
            base: "https://localhost:1".to_owned(),
            path: "/node".to_owned(),
            etag: None,
            limit: 10,
            deadline: Duration::from_secs(5),
        };
        assert!(matches!(strict.get(get).await, Err(TransportError::Forbidden(_))));
    }
}
