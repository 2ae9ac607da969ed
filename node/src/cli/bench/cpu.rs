//! Processor time of this process, to the nanosecond.

use std::time::Duration;

use anyhow::Context as _;
use rustix::time::{ClockId, clock_gettime};

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
    /// If the kernel's clock of processor time cannot be read.
    pub(super) fn begin(clock: &SystemClock) -> anyhow::Result<Self> {
        let cpu = used()?;
        Ok(Self { cpu, wall: clock.monotonic() })
    }

    /// Returns the processor time and the time that went by.
    ///
    /// # Errors
    ///
    /// If the kernel's clock of processor time cannot be read.
    pub(super) fn end(self, clock: &SystemClock) -> anyhow::Result<(Duration, Duration)> {
        let wall = clock.monotonic().saturating_sub(self.wall);
        Ok((used()?.saturating_sub(self.cpu), wall))
    }
}

/// The processor time of all threads.
fn used() -> anyhow::Result<Duration> {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(used).context("the kernel's clock of processor time is not a time")
}
