//! Processor time of this process, to the nanosecond.

use std::time::Duration;

use anyhow::Context as _;

use crate::clock::{Clock as _, SystemClock};

/// What something costs: begun and ended by the same task.
#[derive(Debug)]
pub(super) struct Measured {
    cpu: Duration,
    wall: Duration,
}

impl Measured {
    /// Begins.
    ///
    /// # Errors
    ///
    /// If the kernel does not say what threads have used.
    pub(super) fn begin(clock: &SystemClock) -> anyhow::Result<Self> {
        let cpu = used()?;
        Ok(Self { cpu, wall: clock.monotonic() })
    }

    /// Returns the processor time and the time that went by.
    ///
    /// # Errors
    ///
    /// If the kernel does not say what threads have used.
    pub(super) fn end(self, clock: &SystemClock) -> anyhow::Result<(Duration, Duration)> {
        let wall = clock.monotonic().saturating_sub(self.wall);
        Ok((used()?.saturating_sub(self.cpu), wall))
    }
}

/// The processor time of all threads. A thread that ended meanwhile is missing: none does between two queries.
fn used() -> anyhow::Result<Duration> {
    let mut nanoseconds = 0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let Ok(stat) = std::fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let first = stat.split_whitespace().next().context("schedstat is empty")?;
        nanoseconds += first.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}
