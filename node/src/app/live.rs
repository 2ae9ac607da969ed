//! What of our own is live: for whoever lists our pages.

use engagement_protocol::id::{Feed, RecordId};
use engagement_protocol::opportunity::{Record, Status};
use engagement_protocol::time::Day;

use super::App;
use crate::store::StoreError;

impl App {
    /// Returns our own live opportunities in the feed's order, and when each was last changed or confirmed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn own_live(&self) -> Result<Vec<(RecordId, Option<Day>)>, StoreError> {
        let (node, today) = (self.node().clone(), self.clock().now().day());
        self.store()
            .read(move |tx| {
                let mut live = Vec::new();
                tx.each_record(&node, Feed::Offers, |stored| {
                    if let Record::Opportunity(record) = Record::read(&stored.line)
                        && record.status == Status::Live
                        && record.is_valid_on(today)
                    {
                        let changed = record.updated.max(record.verified_at).max(record.created);
                        live.push((record.id, changed));
                    }
                    Ok::<_, StoreError>(())
                })?;
                Ok(live)
            })
            .await
    }
}
