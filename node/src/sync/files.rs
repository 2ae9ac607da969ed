//! Reads a folder as if it were a node: for `check DIR`. It keeps every limit that the network keeps.

use std::io::Read as _;
use std::path::Path;

use super::transport::{Get, PeerTransport, Pending, Post, Reply, TransportError};

/// A folder of plain files; the base address is its path.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileTransport;

impl PeerTransport for FileTransport {
    fn get(&self, get: Get) -> Pending<'_, Result<Reply, TransportError>> {
        Box::pin(async move { read(&get) })
    }

    fn post(&self, post: Post) -> Pending<'_, Result<Reply, TransportError>> {
        Box::pin(async move { Err(TransportError::Unreachable(post.base)) })
    }
}

fn read(get: &Get) -> Result<Reply, TransportError> {
    let relative = get.path.trim_start_matches('/');
    if relative.split('/').any(|part| part == "..") {
        return Err(TransportError::Forbidden(get.path.clone()));
    }
    let file = match std::fs::File::open(Path::new(&get.base).join(relative)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Reply { status: 404, ..Reply::default() });
        }
        file => file.map_err(|error| TransportError::Unreachable(error.to_string()))?,
    };
    let mut body = Vec::new();
    // One byte more than allowed tells too long from long.
    let limit = u64::try_from(get.limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = file.take(limit).read_to_end(&mut body);
    read.map_err(|error| TransportError::Unreachable(error.to_string()))?;
    if body.len() > get.limit {
        return Err(TransportError::TooLong(get.limit));
    }
    Ok(Reply { status: 200, body, ..Reply::default() })
}
