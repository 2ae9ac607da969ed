//! Walks a foreign node's feed with the full replica algorithm, and keeps nothing.

use engagement_protocol::document::{Document, DocumentError};
use engagement_protocol::head::{Head, HeadError};
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::limits::{
    DOCUMENT_BYTES, HEAD_BYTES, HEAD_DEADLINE, INDEX_BYTES, object_deadline,
};
use engagement_protocol::opportunity::Record;
use engagement_protocol::replica::{Decision, Replica, Source, Transfer, TransferError, Want};
use engagement_protocol::time::Timestamp;
use serde::Serialize;

use crate::sync::transport::{Get, PeerTransport, TransportError};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Walk {
    /// Whose feed it is.
    pub node: NodeId,
    /// The key it verifies under.
    pub key: VerifierKey,
    /// Whether the key was given, or taken from the node itself.
    pub key_given: bool,
    /// The number of the state.
    pub seq: u64,
    /// Opportunities that can be shown.
    pub opportunities: usize,
    /// Records of kinds this version does not know.
    pub unknown: usize,
    /// Records that break a rule, with the rule.
    pub unreadable: Vec<String>,
}

/// Why the feed does not hold.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// The node cannot be asked.
    #[error("{0}")]
    Transport(#[from] TransportError),
    /// It answers with something else.
    #[error("{path}: HTTP {status}{hint}")]
    Status {
        /// What was asked for.
        path: String,
        /// The answer.
        status: u16,
        /// What that may mean.
        hint: &'static str,
    },
    /// The key is another node's.
    #[error(
        "{base} ist der Knoten {found}, der Schlüssel gehört zu {expected}. Soll die Kopie geprüft werden, die {found} von {expected} weitergibt: --relayed"
    )]
    OtherNode {
        /// What was asked.
        base: String,
        /// Who answers there.
        found: NodeId,
        /// Whose key was given.
        expected: NodeId,
    },
    /// It serves web pages.
    #[error(
        "{0} antwortet mit einer Webseite (HTML) statt mit einem Feed. Prüfen Sie die Adresse."
    )]
    Html(String),
    /// The node document does not hold.
    #[error("Selbstauskunft: {0}")]
    Document(#[from] DocumentError),
    /// The head does not hold.
    #[error("Kopf: {0}")]
    Head(#[from] HeadError),
    /// The head has expired.
    #[error("Der Kopf ist am {0} abgelaufen: Der Knoten unterschreibt nicht mehr.")]
    Expired(Timestamp),
    /// Index or slices do not hold.
    #[error(transparent)]
    Transfer(#[from] TransferError),
}

/// Which feed is walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feeds {
    /// The node's own, under the key that it names itself.
    Own,
    /// The node's own, under this key.
    OwnUnder(VerifierKey),
    /// The copy that the node passes on, of the feed of the node whose key this is.
    Relayed(VerifierKey),
}

/// Walks a feed at `base`.
///
/// # Errors
///
/// [`WalkError`] for the first thing that does not hold.
pub async fn walk(
    transport: &dyn PeerTransport,
    base: &str,
    feeds: Feeds,
    now: Timestamp,
) -> Result<Walk, WalkError> {
    let walking = Walking { transport, base };
    let note = walking.get("/node", DOCUMENT_BYTES, HEAD_DEADLINE).await?;
    if note.trim_ascii_start().starts_with(b"<") {
        return Err(WalkError::Html(base.to_owned()));
    }
    let document = Document::peek(&note)?;
    let key_given = feeds != Feeds::Own;
    let own = !matches!(feeds, Feeds::Relayed(_));
    let keys = match feeds {
        Feeds::Own => document.keys.clone(),
        Feeds::OwnUnder(key) | Feeds::Relayed(key) => vec![key],
    };
    let Some(key) = keys.first().cloned() else {
        return Err(DocumentError::Misplaced(document.node).into());
    };
    let node = key.node().clone();
    if own && node != document.node {
        let (base, found) = (base.to_owned(), document.node);
        return Err(WalkError::OtherNode { base, found, expected: node });
    }
    let path = if own {
        Document::verify(&note, &node, &keys, now)?;
        "/f/offers/head".to_owned()
    } else {
        format!("/n/{node}/offers/head")
    };
    let note = walking.get(&path, HEAD_BYTES, HEAD_DEADLINE).await?;
    let head = Head::verify(&note, &node, Feed::Offers, &keys, now)?;
    let replica = Replica::empty();
    if replica.consider(&head, Source::Origin, now, &[]) == Decision::Expired {
        return Err(WalkError::Expired(head.expires));
    }
    let seq = head.seq;
    let mut transfer = replica.transfer(head);
    walking.fetch(&mut transfer).await?;
    let applied = transfer.finish()?;
    let mut walk =
        Walk { node, key, key_given, seq, opportunities: 0, unknown: 0, unreadable: Vec::new() };
    for line in applied.slices.values().flatten() {
        match Record::read(line) {
            Record::Opportunity(_) => walk.opportunities += 1,
            Record::Unknown { .. } => walk.unknown += 1,
            Record::Unreadable(error) => walk.unreadable.push(format!("{}: {error}", line.id())),
        }
    }
    Ok(walk)
}

struct Walking<'a> {
    transport: &'a dyn PeerTransport,
    base: &'a str,
}

impl Walking<'_> {
    async fn fetch(&self, transfer: &mut Transfer) -> Result<(), WalkError> {
        loop {
            match transfer.want() {
                Want::Nothing => return Ok(()),
                Want::Recut { .. } => transfer.recut(&[])?,
                Want::Index(hash) => {
                    let bytes = self.get(&format!("/o/{hash}"), INDEX_BYTES, HEAD_DEADLINE).await?;
                    transfer.index(&bytes)?;
                }
                Want::Slices(slices) => {
                    for (position, slice) in slices {
                        let limit = usize::try_from(slice.length).unwrap_or(usize::MAX);
                        let path = format!("/o/{}", slice.hash);
                        let bytes = self.get(&path, limit, object_deadline(slice.length)).await?;
                        transfer.slice(position, &bytes)?;
                    }
                }
            }
        }
    }

    async fn get(
        &self,
        path: &str,
        limit: usize,
        deadline: std::time::Duration,
    ) -> Result<Vec<u8>, WalkError> {
        let (base, path) = (self.base.to_owned(), path.to_owned());
        let get = Get { base, path: path.clone(), etag: None, limit, deadline };
        let reply = self.transport.get(get).await?;
        match reply.status {
            200 => Ok(reply.body),
            404 => Err(WalkError::Status {
                path,
                status: 404,
                hint: " – hier ist kein Knoten, oder er hält das nicht vor",
            }),
            status => Err(WalkError::Status { path, status, hint: "" }),
        }
    }
}
