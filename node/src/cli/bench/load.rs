//! The node as a process of its own under load: full answers through HTTP, while one feed changes all its records
//! every second.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::process::Node;
use super::queries::Mix;
use super::records::Records;
use super::search::quantiles;
use crate::cli::scratch::Scratch;
use crate::clock::{Clock as _, SystemClock};
use crate::server::probe::Probe;

/// Connections that ask at the same time.
const CONNECTIONS: u64 = 4;
/// Records of the feed that changes.
const CHANGING: usize = 500;

/// How hard and how long.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) seed: u64,
    pub(super) seconds: u64,
}

/// Starts the node and measures how long that takes, what it holds in memory, and what it answers under load.
///
/// # Errors
///
/// If a node cannot be started or answers with something else than 200.
pub(super) async fn run(mut node: Node, scratch: &Scratch, load: &Load) -> anyhow::Result<Value> {
    let mut origin = Node::make(scratch, "05911000")?;
    node.follow(&origin)?;
    origin.follow(&node)?;
    // Once for the caches of the machine, which a restart finds filled.
    node.start().await?;
    node.stop();
    let cold = node.start().await?;
    let mut figures = json!({"cold_start_ms": cold.as_secs_f64() * 1000.0});
    if load.seconds > 0 {
        origin.start().await?;
        let http = under_load(&node, &origin, scratch, load).await?;
        figures = json!({"cold_start_ms": cold.as_secs_f64() * 1000.0, "http": http});
    }
    if let Some(figures) = figures.as_object_mut() {
        figures.insert("rss_mb".to_owned(), json!(node.memory_mb("VmRSS")?));
        figures.insert("rss_own_mb".to_owned(), json!(node.memory_mb("RssAnon")?));
    }
    Ok(figures)
}

async fn under_load(
    node: &Node,
    origin: &Node,
    scratch: &Scratch,
    load: &Load,
) -> anyhow::Result<Value> {
    let clock = Arc::new(SystemClock::new());
    let after = |clock: &SystemClock| clock.monotonic() + Duration::from_secs(load.seconds);
    // First one who asks alone, while nothing changes: what a full answer takes through HTTP.
    let mut alone = ask(node.url.clone(), load.seed, Arc::clone(&clock), after(&clock)).await?;
    let end = after(&clock);
    let asking = (0..CONNECTIONS)
        .map(|at| tokio::spawn(ask(node.url.clone(), load.seed + at, Arc::clone(&clock), end)));
    let asking: Vec<_> = asking.collect();
    let states = change(origin, scratch, load, &clock, end).await?;
    let mut times = Vec::new();
    for task in asking {
        times.extend(task.await??);
    }
    let answers = u32::try_from(times.len()).context("more answers than anybody counts")?;
    let seconds = u32::try_from(load.seconds)?;
    Ok(json!({
        "per_second": (f64::from(answers) / f64::from(seconds)).round(),
        "wall_ms": quantiles(&mut times), "states": states,
        "alone": {"wall_ms": quantiles(&mut alone)},
    }))
}

/// Asks one full answer after the other on one connection; returns how long each took.
async fn ask(
    url: String,
    seed: u64,
    clock: Arc<SystemClock>,
    end: Duration,
) -> anyhow::Result<Vec<Duration>> {
    let mix = Mix::new(seed);
    let mut probe = Probe::connect(&url).await?;
    let mut times = Vec::new();
    while clock.monotonic() < end {
        let path = format!("/api/v1/opportunities?{}", mix.next().to_query());
        let begun = clock.monotonic();
        let (status, _) = probe.get(&path).await?;
        anyhow::ensure!(status == 200, "{path}: {status}");
        times.push(clock.monotonic().saturating_sub(begun));
    }
    Ok(times)
}

/// Changes every record of one feed each second; returns how often that could be done.
async fn change(
    origin: &Node,
    scratch: &Scratch,
    load: &Load,
    clock: &SystemClock,
    end: Duration,
) -> anyhow::Result<u32> {
    let ags = origin.id.ags();
    let text = Records::new(load.seed, clock.now().day())?.jsonl(&ags, CHANGING)?;
    let file = scratch.path().join("changing.jsonl");
    let mut states = 0;
    while clock.monotonic() < end {
        let next = clock.monotonic() + Duration::from_secs(1);
        let mark = format!("\"description\":\"Ausgabe {states}. ");
        std::fs::write(&file, text.replace("\"description\":\"", &mark))?;
        let arguments = ["import", &file.display().to_string()].map(str::to_owned);
        let mut command = origin.command(&arguments.each_ref().map(String::as_str))?;
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        states += 1;
        tokio::time::sleep(next.saturating_sub(clock.monotonic())).await;
    }
    Ok(states)
}
