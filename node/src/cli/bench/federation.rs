//! Publishing, replicating, idling.

use std::time::Duration;

use clap::Args;
use engagement_protocol::head::Head;
use engagement_protocol::id::Feed;
use engagement_protocol::index::Index;
use engagement_protocol::slice;

use super::process::Node;
use super::{Figures, quantile_ms};
use crate::cli::demo::generate::Generator;
use crate::cli::scratch::Scratch;
use crate::cli::session::Session;
use crate::clock::{Clock as _, SystemClock};
use crate::domain::gazetteer::Gazetteer;
use crate::server::probe::Probe;

/// Options of `bench federation`.
#[derive(Debug, Args)]
pub(super) struct Federation {
    /// Feeds bei der ersten Kopie
    #[arg(long, default_value_t = 40)]
    feeds: usize,
    /// Datensätze bei der ersten Kopie, über alle Feeds
    #[arg(long, default_value_t = 25_000)]
    records: usize,
    /// Einzelne Änderungen
    #[arg(long, default_value_t = 20)]
    changes: usize,
    /// Startwert der erzeugten Datensätze
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Federation {
    pub(super) async fn run(&self, figures: &mut Figures) -> anyhow::Result<()> {
        self.pair(figures).await?;
        self.first_copy(figures).await
    }

    /// Two nodes that follow each other: start, idle, bulk import, single changes.
    async fn pair(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let scratch = Scratch::new("bench")?;
        let (mut origin, mut follower) =
            (Node::make(&scratch, "05558012")?, Node::make(&scratch, "05558016")?);
        origin.follow(&follower)?;
        follower.follow(&origin)?;
        figures.add("start_to_answer_ms", origin.start().await?.as_secs_f64() * 1000.0, "ms");
        follower.start().await?;
        follower.wait_for("/api/v1/coverage", "/complete", 2).await?;
        figures.add("idle_rss_mb", origin.memory_mb("VmRSS")?, "MB");
        let before = origin.cpu_s()?;
        tokio::time::sleep(Duration::from_secs(20)).await;
        figures.add("idle_cpu_percent", (origin.cpu_s()? - before) / 20.0 * 100.0, "%");

        let file = scratch.path().join("bulk.jsonl");
        let lines = Generator::new(self.seed)?.lines(&origin.id.ags(), 2_000);
        std::fs::write(&file, lines)?;
        let clock = SystemClock::new();
        origin.run(&["import", &file.display().to_string()])?;
        let imported = clock.monotonic();
        follower.wait_for("/api/v1/opportunities?limit=0", "/total", 2_000).await?;
        figures.add("import_2000_s", imported.as_secs_f64(), "s");
        figures.add("import_2000_on_follower_s", clock.monotonic().as_secs_f64(), "s");

        let mut times = Vec::new();
        for change in 0..self.changes {
            let word = format!("Markierung{change}x");
            let record = serde_json::json!({
                "title": format!("{word} gesucht"), "description": "Ein einzelner Datensatz.",
                "organisation": {"name": "Beispielverein e. V."}, "places": [{"ags": "05558012"}],
                "source": {"system": format!("einzeln-{change}"), "id": "1"},
            });
            std::fs::write(&file, record.to_string())?;
            let clock = SystemClock::new();
            origin.run(&["import", &file.display().to_string()])?;
            let path = format!("/api/v1/opportunities?limit=0&q={word}");
            follower.wait_for(&path, "/total", 1).await?;
            times.push(clock.monotonic());
            // Pings of one sender cause a burst of five fetches and then one in ten seconds.
            if change % 4 == 3 {
                tokio::time::sleep(Duration::from_secs(42)).await;
            }
        }
        figures.add("one_change_median_ms", quantile_ms(&mut times, 500), "ms");
        figures.add("one_change_worst_ms", quantile_ms(&mut times, 1000), "ms");
        Ok(())
    }

    /// A new node that follows many full ones.
    async fn first_copy(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let scratch = Scratch::new("bench")?;
        let towns: Vec<_> = Gazetteer::embedded().municipalities().take(self.feeds).collect();
        let mut follower = Node::make(&scratch, "05")?;
        let mut origins = Vec::new();
        let each = self.records / self.feeds.max(1);
        let mut verification = Duration::ZERO;
        for (seed, town) in (self.seed..).zip(towns) {
            let mut origin = Node::make(&scratch, town.ags.as_str())?;
            follower.follow(&origin)?;
            let file = scratch.path().join("first.jsonl");
            std::fs::write(&file, Generator::new(seed)?.lines(&town.ags, each))?;
            origin.run(&["import", &file.display().to_string()])?;
            verification += verify(&origin)?;
            origin.start().await?;
            origins.push(origin);
        }
        let clock = SystemClock::new();
        follower.start().await?;
        let total = u64::try_from(each * origins.len())?;
        follower.wait_for("/api/v1/opportunities?limit=0", "/total", total).await?;
        let took = clock.monotonic();
        figures.add("first_copy_s", took.as_secs_f64(), "s");
        figures.add("first_copy_peak_rss_mb", follower.memory_mb("VmHWM")?, "MB");
        figures.add(
            "verification_percent",
            verification.as_secs_f64() / took.as_secs_f64() * 100.0,
            "%",
        );
        figures.add("full_rss_mb", follower.memory_mb("VmRSS")?, "MB");
        let mut probe = Probe::connect(&follower.url).await?;
        let (_, body) = probe.get("/api/v1/coverage").await?;
        eprintln!("{}", String::from_utf8_lossy(&body));
        Ok(())
    }
}

/// Returns how long signatures and hashes of one whole feed take.
fn verify(node: &Node) -> anyhow::Result<Duration> {
    let session = Session::open(node.directory.clone())?;
    let id = node.id.clone();
    let (state, objects) = session.store.read_here(|tx| {
        let state = tx.feed(&id, Feed::Offers)?;
        let mut objects = Vec::new();
        if let Some(state) = &state {
            let hash = engagement_protocol::hash::Hash::of(&state.index);
            if let Ok(index) = Index::verify(&state.index, hash) {
                for slice in index.slices() {
                    objects.push(tx.object(slice.hash)?.unwrap_or_default());
                }
            }
        }
        Ok::<_, crate::store::StoreError>((state, objects))
    })?;
    let state = state.ok_or_else(|| anyhow::anyhow!("no feed"))?;
    let clock = SystemClock::new();
    let keys = [node.key.clone()];
    let head = Head::verify(&state.head, &node.id, Feed::Offers, &keys, clock.now())?;
    let begun = clock.monotonic();
    let index = Index::verify(&state.index, head.index)?;
    for ((position, named), bytes) in (0u16..).zip(index.slices()).zip(&objects) {
        slice::verify(bytes, *named, index.k(), position)?;
    }
    Ok(clock.monotonic().saturating_sub(begun))
}
