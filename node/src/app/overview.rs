//! What there is, at a glance: counts by Kreis and field, and what has just been added nearby.
//!
//! Counting reads everything, so it is done once for a state of the index and a day, and kept; whatever
//! changes the index makes the next question count anew.

use std::sync::{Arc, Mutex, PoisonError};

use engagement_protocol::time::Day;

use super::App;
use super::search::{Asked, Card, LIMIT, SearchError};
use crate::domain::gazetteer::Gazetteer;
use crate::search::answer::{Facets, Locality};

/// Most of what has just been added.
const NEWEST: usize = 4;
/// Most pages that are read to find them: a town in which nothing is new must not read the whole state.
const PAGES: usize = 20;

/// What there is.
#[derive(Debug)]
pub struct Overview {
    /// How many records there are.
    pub total: u64,
    /// Counts by every facet.
    pub facets: Facets,
    /// What was added last in this node's own surroundings, the newest first.
    pub newest: Vec<Card>,
}

/// The overview of one state of the index on one day.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Option<(u64, Day, Arc<Overview>)>>);

impl Overview {
    /// Returns how many records carry a code of a facet.
    #[must_use]
    pub fn count(&self, facet: &str, code: &str) -> u64 {
        count(&self.facets, facet, code)
    }
}

/// Returns how many records carry a code of a facet; 0 if none does.
#[must_use]
pub fn count(facets: &Facets, facet: &str, code: &str) -> u64 {
    let counts = facets.0.get(facet).map(Vec::as_slice).unwrap_or_default();
    counts.iter().find(|one| one.code == code).map_or(0, |one| one.count)
}

impl App {
    /// Returns what there is now.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub async fn overview(&self) -> Result<Arc<Overview>, SearchError> {
        let (applied, today) = (self.index().applied(), self.clock().now().day());
        let kept = self.inner.overview.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, day, overview)) = kept
            && (at, day) == (applied, today)
        {
            return Ok(overview);
        }
        let overview = Arc::new(self.count_all().await?);
        let kept = Some((applied, today, Arc::clone(&overview)));
        *self.inner.overview.0.lock().unwrap_or_else(PoisonError::into_inner) = kept;
        Ok(overview)
    }

    async fn count_all(&self) -> Result<Overview, SearchError> {
        let all = self.search(&Asked { limit: Some(0), ..Asked::default() }).await?;
        let newest = self.newest().await?;
        Ok(Overview { total: all.total, facets: all.facets, newest })
    }

    /// Returns what was created last nearby, wherever it ranks otherwise.
    async fn newest(&self) -> Result<Vec<Card>, SearchError> {
        // What lies in a Kreis or a Land is near to it; a municipality has neighbours too.
        let ags = self.node().ags();
        let is_town = Gazetteer::embedded().municipality(&ags).is_some();
        let areas = if is_town { Vec::new() } else { vec![ags.to_string()] };
        let near =
            |card: &Card| !is_town || !matches!(card.locality, Locality::Land | Locality::Remote);
        let mut asked = Asked { areas, newest: true, limit: Some(LIMIT), ..Asked::default() };
        let mut newest: Vec<Card> = Vec::new();
        for _ in 0..PAGES {
            let found = self.search(&asked).await?;
            let dated = |card: &Card| card.shown.record.created.is_some();
            // Without a day they rank last: nothing behind them has one.
            let is_over = found.next.is_none() || found.cards.iter().any(|card| !dated(card));
            newest.extend(found.cards.into_iter().filter(|card| dated(card) && near(card)));
            if is_over || newest.len() >= NEWEST {
                break;
            }
            asked.cursor = found.next.map(|after| after.to_string());
        }
        newest.truncate(NEWEST);
        Ok(newest)
    }
}
