//! What runs when: a pure function of time and table, and the few jobs there are.
//!
//! A period that was missed, because the machine slept or the clock jumped, is run once and not made up
//! for. Phases are spread by a hash of the node's id, so that a state of nodes does not act in step.

use std::collections::BTreeMap;
use std::time::Duration;

use engagement_protocol::hash::Hash;
use engagement_protocol::id::NodeId;
use engagement_protocol::time::Timestamp;

use crate::app::App;
use crate::config::space;
use crate::store::{Durability, StoreError};

/// A job of the timetable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// Publishes what is pending and leaves out what has passed its last day.
    Publish,
    /// Signs the last state again when it is half a day old.
    Resign,
    /// Removes the traces of what was removed.
    Purge,
    /// Asks what recovery keys say, and ends what has had its days: keys, missing and left nodes.
    Trust,
}

impl Job {
    /// All jobs, in the order they run when due together.
    pub const ALL: [Self; 4] = [Self::Publish, Self::Resign, Self::Purge, Self::Trust];

    /// Returns the name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Resign => "resign",
            Self::Purge => "purge",
            Self::Trust => "trust",
        }
    }

    /// Returns the pause between two runs.
    #[must_use]
    pub const fn period(self) -> Duration {
        match self {
            Self::Publish => Duration::from_secs(60),
            Self::Resign => Duration::from_secs(600),
            Self::Purge => Duration::from_secs(30),
            Self::Trust => Duration::from_secs(300),
        }
    }
}

/// Returns what is due at `now`, and when each runs next.
///
/// A job that is not in the table is due; one that lies further ahead than its period was written by a clock
/// that was ahead, and is due too.
#[must_use]
pub fn due(
    now: Timestamp,
    table: &BTreeMap<String, Timestamp>,
    node: &NodeId,
) -> Vec<(Job, Timestamp)> {
    Job::ALL
        .into_iter()
        .filter(|job| {
            table.get(job.name()).is_none_or(|next| *next <= now || *next > now.plus(job.period()))
        })
        .map(|job| (job, next(now, job, node)))
        .collect()
}

/// Returns the next run after `now`: a multiple of the period, shifted by the node's phase.
fn next(now: Timestamp, job: Job, node: &NodeId) -> Timestamp {
    let period = u64::try_from(job.period().as_millis()).unwrap_or(u64::MAX).max(1);
    let [a, b, c, d, ..] = *Hash::of(format!("{node}/{}", job.name()).as_bytes()).as_bytes();
    let phase = u64::from(u32::from_be_bytes([a, b, c, d])) % period;
    let shifted = now.as_ms().saturating_sub(phase);
    Timestamp::from_ms((shifted / period + 1) * period + phase)
}

/// Runs what is due now.
pub async fn run_due(app: &App) {
    let table = match app.store().read(|tx| tx.jobs()).await {
        Ok(table) => table,
        Err(error) => {
            tracing::error!(%error, "timetable");
            return;
        }
    };
    for (job, next_at) in due(app.clock().now(), &table, app.node()) {
        run(app, job).await;
        let written: Result<(), StoreError> =
            app.store().write(Durability::Process, move |tx| tx.set_job(job.name(), next_at)).await;
        if let Err(error) = written {
            tracing::error!(job = job.name(), %error, "timetable");
        }
    }
}

async fn run(app: &App, job: Job) {
    match job {
        // What stands in its way is kept and logged by the app, and shown by `/readyz` and `status`.
        Job::Publish => {
            drop(app.publish_and_tell().await);
            // A step that failed, on a full disk for one, is made up for.
            if let Err(error) = app.catch_up_index().await {
                tracing::error!(%error, "index");
            }
        }
        Job::Resign => match app.resign().await {
            Ok(heads) => heads.into_iter().for_each(|head| app.tell_soon(head)),
            Err(error) => tracing::warn!(%error, "resign"),
        },
        Job::Trust => {
            if let Some(full) = space::alarm(app.directory(), &app.config()) {
                tracing::error!(reason = %full, "disk");
            }
            if let Err(error) = app.tend_trust().await {
                tracing::warn!(%error, "trust");
            }
        }
        Job::Purge => {
            if let Err(error) = app.purge().await {
                tracing::warn!(%error, "purge");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn jobs(table: &[(Job, Timestamp)], now: Timestamp) -> Vec<Job> {
        let table = table.iter().map(|(job, at)| (job.name().to_owned(), *at)).collect();
        due(now, &table, &"05".parse().unwrap()).into_iter().map(|(job, _)| job).collect()
    }

    #[test]
    fn a_missed_period_is_run_once() {
        assert_eq!(jobs(&[], NOW), Job::ALL);
        let day = Duration::from_secs(24 * 3600);
        let table: Vec<_> = Job::ALL.iter().map(|job| (*job, NOW.minus(day))).collect();
        assert_eq!(jobs(&table, NOW), Job::ALL);
        let next: Vec<_> = due(NOW, &BTreeMap::new(), &"05".parse().unwrap());
        assert_eq!(jobs(&next, NOW), []);
        assert!(next.iter().all(|(job, at)| *at > NOW && *at <= NOW.plus(job.period())));
    }

    #[test]
    fn a_clock_that_was_ahead_does_not_stop_the_timetable() {
        let year = Duration::from_secs(365 * 24 * 3600);
        let table: Vec<_> = Job::ALL.iter().map(|job| (*job, NOW.plus(year))).collect();
        assert_eq!(jobs(&table, NOW), Job::ALL);
    }

    #[test]
    fn nodes_do_not_act_in_step() {
        let phases: std::collections::BTreeSet<_> = (10..99)
            .map(|id: u32| next(NOW, Job::Resign, &id.to_string().parse().unwrap()))
            .collect();
        assert!(phases.len() > 80);
    }
}
