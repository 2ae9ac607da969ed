//! Search through HTTP over many records.

use std::time::Duration;

use clap::Args;

use super::process::Node;
use super::{Figures, quantile_ms};
use crate::cli::demo::generate::Generator;
use crate::cli::scratch::Scratch;
use crate::clock::{Clock as _, SystemClock};
use crate::domain::gazetteer::Gazetteer;
use crate::entropy::{SeededEntropy, below};
use crate::server::probe::Probe;

/// Words that people type; each query takes one or two of them.
const WORDS: &[&str] = &[
    "lesen",
    "Vorlesen",
    "Kinder",
    "Garten",
    "Fahrdienst",
    "Senioren",
    "Sport",
    "Musik",
    "Natur",
    "Tiere",
    "Computer",
    "Sprache",
    "Feuerwehr",
    "Museum",
    "kochen",
    "Hausaufgaben",
    "Besuch",
    "Begleitung",
    "Chor",
    "Fahrrad",
];

/// Options of `bench search`.
#[derive(Debug, Args)]
pub(super) struct Search {
    /// Datensätze
    #[arg(long, default_value_t = 25_000)]
    records: usize,
    /// Anfragen
    #[arg(long, default_value_t = 2_000)]
    queries: usize,
    /// Startwert
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Search {
    pub(super) async fn run(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let scratch = Scratch::new("bench")?;
        let mut node = Node::make(&scratch, "05558012")?;
        // No single node may publish that much: feeds of other towns, in the same way as they arrive.
        let mut origins = Vec::new();
        let towns = Gazetteer::embedded().municipalities().filter(|town| town.ags != node.id.ags());
        let each = 2_500.min(self.records.max(1));
        for (seed, town) in (self.seed..).zip(towns.take(self.records.div_ceil(each))) {
            let mut origin = Node::make(&scratch, town.ags.as_str())?;
            node.follow(&origin)?;
            let file = scratch.path().join("records.jsonl");
            let land = "05".parse()?;
            std::fs::write(&file, Generator::new(seed)?.lines(&land, each))?;
            origin.run(&["import", &file.display().to_string()])?;
            origin.start().await?;
            origins.push(origin);
        }
        node.start().await?;
        let total = u64::try_from(each * origins.len())?;
        node.wait_for("/api/v1/opportunities?limit=0", "/total", total).await?;
        drop(origins);

        let entropy = SeededEntropy::new(self.seed);
        let towns: Vec<_> = Gazetteer::embedded().municipalities().collect();
        let mut probe = Probe::connect(&node.url).await?;
        let mut times: Vec<Duration> = Vec::with_capacity(self.queries);
        let clock = SystemClock::new();
        let cpu = node.cpu_s()?;
        for _ in 0..self.queries {
            let path = query(&entropy, &towns);
            let begun = clock.monotonic();
            let (status, _) = probe.get(&path).await?;
            anyhow::ensure!(status == 200, "{path}: {status}");
            times.push(clock.monotonic().saturating_sub(begun));
        }
        let queries = u32::try_from(self.queries)?;
        figures.add("records", u32::try_from(total).map(f64::from)?, "");
        figures.add("http_p50_ms", quantile_ms(&mut times, 500), "ms");
        figures.add("http_p95_ms", quantile_ms(&mut times, 950), "ms");
        figures.add("http_p99_ms", quantile_ms(&mut times, 990), "ms");
        figures.add("cpu_per_query_ms", (node.cpu_s()? - cpu) * 1000.0 / f64::from(queries), "ms");
        figures.add("rss_mb", node.memory_mb("VmRSS")?, "MB");
        Ok(())
    }
}

/// Seven of ten queries ask near a town, three the whole Land; one or two words; sometimes a filter.
fn query(entropy: &SeededEntropy, towns: &[&crate::domain::gazetteer::Municipality]) -> String {
    let pick = |from: usize| {
        usize::try_from(below(entropy, u64::try_from(from).unwrap_or(1))).unwrap_or(0)
    };
    let word = || WORDS.get(pick(WORDS.len())).copied().unwrap_or("lesen");
    let mut path = format!("/api/v1/opportunities?limit=20&q={}", word());
    if pick(2) == 0 {
        path.push_str(&format!("+{}", word()));
    }
    if pick(10) < 7
        && let Some(town) = towns.get(pick(towns.len()))
    {
        path.push_str(&format!("&near={},{}&radius_km=20", town.lat, town.lon));
    }
    if pick(5) == 0 {
        path.push_str("&commitment=regular");
    }
    path
}
