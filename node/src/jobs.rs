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
use crate::sync::round::{Report, SyncError};

/// Every two seconds, in UTC.
const TICK: &str = "1/2 * * * * *";
/// If no tick has come for this long, the watchdog ticks.
const WATCHDOG: Duration = Duration::from_secs(10);

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
        timetable::run_due(&app).await;
        if app.own_due() {
            let app = app.clone();
            under_way.spawn(async move {
                if app.ask_own().await {
                    drop(app.publish_and_tell().await);
                }
            });
        }
        for (node, feed) in app.sync().due() {
            let app = app.clone();
            under_way.spawn(async move { round(&app, node, feed).await });
        }
        if app.receipts_due() {
            let app = app.clone();
            under_way.spawn(async move {
                if let Err(error) = app.collect_receipts().await {
                    tracing::warn!(%error, "receipts");
                }
            });
        }
        if let Err(error) = app.publish_heads().await {
            tracing::warn!(%error, "heads");
        }
        for head in app.take_news() {
            let app = app.clone();
            under_way.spawn(async move { app.tell(&head).await });
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
    let (now, monotonic) = (app.clock().now(), app.clock().monotonic());
    for (peer, theirs) in &report.dates {
        app.gate().peer_said(peer, *theirs, now, monotonic);
    }
    if let Some(error) = &report.error {
        tracing::warn!(%node, %feed, %error, "peer");
        if matches!(error, SyncError::Equivocation { .. }) {
            app.keep_proofs().await;
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
