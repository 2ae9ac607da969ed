//! The network as this node sees it, for machines.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{Error, Problem};
use crate::app::App;
use crate::app::network::{Node, State as NodeState};

/// A node as it is seen from here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NodeBody {
    /// Its official key.
    #[schema(example = "05558012")]
    id: String,
    /// Its name.
    name: String,
    /// `complete`, `late`, `unreachable`, `never`, `suspended` or `lying`.
    state: &'static str,
    /// The number of the state held; null if none is.
    seq: Option<u64>,
    /// Opportunities of it that are shown.
    live: u64,
    /// Seconds since a source last confirmed the state held; null if none is.
    age_s: Option<u64>,
    /// Why the last attempt failed; null if it did not.
    last_error: Option<String>,
    /// The node that last confirmed or brought the state: itself, or a relay.
    source: Option<String>,
}

/// Returns every node, how it is, and since when.
#[utoipa::path(
    get,
    path = "/api/v1/network",
    responses(
        (status = 200, body = Vec<NodeBody>, description = "Alle Knoten nach ihrem Schlüssel, dieser auch"),
        (status = 304, description = "Unverändert: If-None-Match nennt den ETag der Antwort"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Zu viele Anfragen; Retry-After sagt, wann wieder"),
        (status = 500, body = Problem, content_type = "application/problem+json", description = "Ein Fehler bei uns")
    )
)]
pub(super) async fn list(State(app): State<App>) -> Result<Json<Vec<NodeBody>>, Error> {
    Ok(Json(app.network().await?.into_iter().map(NodeBody::of).collect()))
}

impl NodeBody {
    fn of(node: Node) -> Self {
        Self {
            id: node.id.to_string(),
            name: node.name,
            state: match node.state {
                NodeState::Lying => "lying",
                NodeState::Suspended => "suspended",
                NodeState::Never => "never",
                NodeState::Unreachable => "unreachable",
                NodeState::Late => "late",
                NodeState::Complete => "complete",
            },
            seq: node.seq,
            live: node.live,
            age_s: node.age_s,
            last_error: node.last_error,
            source: node.source.map(|source| source.to_string()),
        }
    }
}
