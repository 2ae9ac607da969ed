//! The time, as a seam: real in a running node, stepped in tests and in simulation.
//!
//! Nothing else in this crate asks the system what time it is (`clippy.toml` refuses it).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engagement_protocol::time::Timestamp;

/// A source of time.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// Returns the wall clock. It may jump; it never orders data.
    fn now(&self) -> Timestamp;

    /// Returns time since some start, which never goes back.
    fn monotonic(&self) -> Duration;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// Begins to count.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    pub fn new() -> Self {
        Self { start: std::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let ms = since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        Timestamp::from_ms(ms)
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A clock that moves only when told to.
#[derive(Debug, Clone)]
pub struct ManualClock {
    at: Arc<Mutex<(Timestamp, Duration)>>,
}

impl ManualClock {
    /// Stands at `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { at: Arc::new(Mutex::new((now, Duration::ZERO))) }
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        *at = (at.0.plus(by), at.1 + by);
    }

    /// Sets the wall clock alone, as an operator or a broken battery does.
    pub fn set(&self, now: Timestamp) {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).0 = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn monotonic(&self) -> Duration {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}
