//! How bytes come from a peer: the seam behind which a whole network can be simulated.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use engagement_protocol::time::Timestamp;

/// A boxed future, so that the transport can be chosen at run time.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is asked of a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Get {
    /// The base address, from the register or the configuration, never from a feed.
    pub base: String,
    /// The path behind it.
    pub path: String,
    /// The entity tag of what is held, to be answered with 304.
    pub etag: Option<String>,
    /// Most bytes to accept, after decompression.
    pub limit: usize,
    /// How long to wait for all of it.
    pub deadline: Duration,
}

/// What a peer answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The entity tag.
    pub etag: Option<String>,
    /// What the peer's clock says.
    pub date: Option<Timestamp>,
    /// The body, at most as long as allowed.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The address may not be asked.
    #[error(
        "die Adresse {0} darf nicht abgefragt werden (nur https, keine IP-Adressen, keine internen Netze)"
    )]
    Forbidden(String),
    /// Nobody answers there.
    #[error("nicht erreichbar ({0})")]
    Unreachable(String),
    /// The answer took too long.
    #[error("keine vollständige Antwort innerhalb von {0} Sekunden")]
    Late(u64),
    /// The answer is longer than it may be.
    #[error("die Antwort ist länger als die erlaubten {0} Bytes")]
    TooLong(usize),
}

impl TransportError {
    /// Returns whether the peer was slow, so that it shares few of the connections from now on.
    #[must_use]
    pub const fn is_slow(&self) -> bool {
        matches!(self, Self::Late(_))
    }
}

/// Fetches bytes from peers; every implementation keeps every limit of a [`Get`].
pub trait PeerTransport: Debug + Send + Sync {
    /// Asks for something.
    fn get(&self, get: Get) -> Pending<'_, Result<Reply, TransportError>>;

    /// Sends a note.
    fn post(&self, post: Post) -> Pending<'_, Result<Reply, TransportError>>;
}

/// What is sent to a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The base address.
    pub base: String,
    /// The path behind it.
    pub path: String,
    /// The note.
    pub body: Vec<u8>,
    /// Most bytes to accept as an answer.
    pub limit: usize,
    /// How long to wait for all of it.
    pub deadline: Duration,
}
