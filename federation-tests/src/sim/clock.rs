//! A node's clock: the world's time, as far off as the fault at hand makes it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engagement_node::clock::Clock;
use engagement_protocol::time::Timestamp;

use super::executor::Handle;

/// A clock that follows the virtual time and can be set wrong.
#[derive(Debug, Clone)]
pub struct SimClock {
    handle: Handle,
    /// Milliseconds that the wall clock is ahead of the truth.
    ahead_ms: Arc<Mutex<i64>>,
}

impl SimClock {
    /// Goes right.
    #[must_use]
    pub fn new(handle: Handle) -> Self {
        Self { handle, ahead_ms: Arc::default() }
    }

    /// Sets the wall clock this far ahead of the truth, or behind it.
    pub fn set_ahead(&self, ms: i64) {
        *self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner) = ms;
    }

    /// Returns how far it is ahead.
    #[must_use]
    pub fn ahead_ms(&self) -> i64 {
        *self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what time it really is.
    #[must_use]
    pub fn truth(&self) -> Timestamp {
        self.handle.wall()
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        let ahead = self.ahead_ms();
        let by = Duration::from_millis(ahead.unsigned_abs());
        if ahead < 0 { self.truth().minus(by) } else { self.truth().plus(by) }
    }

    fn monotonic(&self) -> Duration {
        // A machine has run for a while before the node starts.
        Duration::from_secs(1000) + self.handle.now()
    }
}
