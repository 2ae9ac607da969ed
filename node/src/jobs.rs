//! The timetable: what runs without anybody asking.
//!
//! tokio-cron-scheduler gives one tick every two seconds, in UTC, that only looks at what is due; when
//! things are due stands in the database or in the peers' table. Its repeated jobs are known to stop for
//! ever once a tick is missed and to shift at daylight saving: with one stateless tick neither matters,
//! and a watchdog ticks if the scheduler does not.

pub mod timetable;

use std::time::Duration;

use engagement_protocol::id::{Feed, NodeId};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::app::App;
use crate::sync::error::SyncError;
use crate::sync::round::Report;

/// Every two seconds, in UTC.
const TICK: &str = "1/2 * * * * *";
/// If no tick has come for this long, the watchdog ticks.
const WATCHDOG: Duration = Duration::from_secs(10);

/// Something that is to be done now, side by side with everything else that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Asks the peers what this node itself has published.
    Own,
    /// Asks for one feed.
    Round(NodeId, Feed),
    /// Asks who has taken what was withdrawn.
    Receipts,
    /// Tells the peers about a head.
    Tell(Vec<u8>),
}

impl Work {
    /// Does it; nothing is kept waiting by that, and dropping the future leaves the last good state.
    pub async fn run(self, app: &App) {
        match self {
            Self::Round(node, feed) => round(app, node, feed).await,
            Self::Own => {
                if app.ask_own().await {
                    drop(app.publish_and_tell().await);
                }
            }
            Self::Receipts => {
                if let Err(error) = app.collect_receipts().await {
                    tracing::warn!(%error, "receipts");
                }
            }
            Self::Tell(head) => app.tell(&head).await,
        }
    }
}

/// Runs the jobs that are due, and returns what else is: the step that is repeated while a node runs.
pub async fn due(app: &App) -> Vec<Work> {
    timetable::run_due(app).await;
    // After a minute without the peers' word nobody else says that it is time.
    if app.released() {
        drop(app.publish_and_tell().await);
    }
    let mut due = Vec::new();
    if app.own_due() {
        due.push(Work::Own);
    }
    due.extend(app.sync().due().into_iter().map(|(node, feed)| Work::Round(node, feed)));
    if app.receipts_due() {
        due.push(Work::Receipts);
    }
    if let Err(error) = app.publish_heads().await {
        tracing::warn!(%error, "heads");
    }
    due.extend(app.take_news().into_iter().map(Work::Tell));
    due
}

/// Runs everything that is due, until `stop` changes.
///
/// # Errors
///
/// [`JobSchedulerError`] if the tick cannot be set up.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) -> Result<(), JobSchedulerError> {
    let mut scheduler = JobScheduler::new().await?;
    let waker = app.clone();
    let tick = Job::new_async(TICK, move |_, _| {
        let app = waker.clone();
        Box::pin(async move { app.wake().notify_one() })
    })?;
    scheduler.add(tick).await?;
    scheduler.start().await?;
    app.keep_proofs().await;
    // Rounds run side by side: one slow peer keeps nobody waiting. Each is a task of its own: a future that
    // is polled only by this loop would keep what it was granted (a reader of the database) while the loop
    // waits for the same thing.
    let mut under_way = JoinSet::new();
    loop {
        for work in due(&app).await {
            let app = app.clone();
            under_way.spawn(async move { work.run(&app).await });
        }
        tokio::select! {
            () = app.wake().notified() => {}
            Some(_ended) = under_way.join_next() => {}
            () = wait_for_due(&app) => {}
            _ = stop.changed() => break,
        }
    }
    under_way.shutdown().await;
    scheduler.shutdown().await
}

/// Asks for one feed, and does what follows from the answer.
pub async fn round(app: &App, node: NodeId, feed: Feed) {
    match app.sync().round(&node, feed).await {
        Ok(report) => follow_up(app, &node, feed, report).await,
        Err(error) => tracing::error!(%node, %feed, %error, "round"),
    }
}

async fn follow_up(app: &App, node: &NodeId, feed: Feed, report: Report) {
    let monotonic = app.clock().monotonic();
    for (peer, theirs) in &report.dates {
        app.gate().peer_said(peer, *theirs, monotonic);
    }
    if let Some(error) = &report.error {
        tracing::warn!(%node, %feed, %error, "peer");
        if matches!(error, SyncError::Equivocation { .. }) {
            app.keep_proofs().await;
        }
    }
    if report.from_future && app.gate().vouches(app.clock().now(), monotonic) {
        match app.sync().let_go(node, feed).await {
            Ok(true) => {
                tracing::warn!(%node, %feed, "a copy from the future is let go of");
                app.purge_soon();
                if let Err(error) = app.catch_up_index().await {
                    tracing::error!(%error, "index");
                }
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%node, %feed, %error, "copy"),
        }
    }
    if feed == Feed::Heads
        && report.confirmed
        && let Err(error) = app.follow_heads(node).await
    {
        tracing::warn!(%node, %error, "relay");
    }
    if let Some(outcome) = report.applied {
        tracing::info!(%node, %feed, put = outcome.put, removed = outcome.removed, "applied");
        // Text also goes when a record is changed: its old terms and pages are purged with it.
        app.purge_soon();
        if let Err(error) = app.catch_up_index().await {
            tracing::error!(%error, "index");
        }
    }
    // Whom to follow, or under which key, may be another matter now.
    if (feed == Feed::Members && report.applied.is_some()) || report.passed_on {
        if report.passed_on
            && let Err(error) = app.publish_register().await
        {
            tracing::warn!(%error, "register");
        }
        if let Err(error) = app.refollow().await {
            tracing::error!(%error, "register");
        }
    }
    // A heads feed is polled; news of it would be news of news.
    let relays = app.config().sync.relay && feed != Feed::Heads;
    if let Some(head) = report.head.filter(|_| relays) {
        app.tell_soon(head);
    }
}

/// Waits until somebody is due, at most as long as the watchdog allows.
async fn wait_for_due(app: &App) {
    let now = app.clock().monotonic();
    let next = app.sync().next_due().map_or(WATCHDOG, |next| next.saturating_sub(now));
    tokio::time::sleep(next.clamp(Duration::from_millis(20), WATCHDOG)).await;
}
