//! A state to measure with: signed feeds of towns all over the Land, applied as they would be when they arrive.

use engagement_protocol::time::Timestamp;

use super::feeds::Origin;
use super::process::Node;
use super::records::Records;
use crate::config::{Peer, peers};
use crate::domain::gazetteer::Gazetteer;
use crate::store::{Store, Threading};

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Records in all.
    pub(super) records: usize,
    /// Records of one town.
    pub(super) each: usize,
    /// What they are made from.
    pub(super) seed: u64,
}

/// Applies the feeds of as many towns as it takes.
///
/// # Errors
///
/// If the node's database cannot be opened or refuses a feed.
pub(super) async fn fill(node: &Node, size: Size, now: Timestamp) -> anyhow::Result<Vec<Origin>> {
    let store = Store::open(&node.directory.database(), node.id.as_str(), Threading::Own)?;
    let mut records = Records::new(size.seed, now.day())?;
    let mut config = std::fs::read_to_string(node.directory.config())?;
    let mut origins = Vec::new();
    let towns = Gazetteer::embedded().municipalities();
    let towns: Vec<_> = towns.filter(|town| town.ags != node.id.ags()).collect();
    // Every fifth town, so that they lie all over the Land.
    let towns = (0..5).flat_map(|from| towns.iter().skip(from).step_by(5));
    let mut left = size.records;
    for town in towns {
        if left == 0 {
            break;
        }
        let count = left.min(size.each);
        left -= count;
        let mut origin = Origin::new(&town.ags)?;
        origin.publish(records.lines(&town.ags, count, now)?, &store, now).await?;
        let key = origin.key().clone();
        // Nobody can be asked for it: what is held is what is measured.
        let peer = Peer { id: key.node().clone(), url: None, key, relay: false };
        config = peers::with(&config, &peer)?;
        origins.push(origin);
    }
    node.directory.write_config(&config)?;
    Ok(origins)
}
