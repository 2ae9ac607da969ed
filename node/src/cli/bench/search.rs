//! Search over many records: what a full answer costs, what the engine alone costs, and what it is like through HTTP.
//!
//! Processor time is that of the whole process, read from the kernel in nanoseconds before and after each query, so that
//! the hop to a thread that may wait is in it. The records are signed feeds of many towns, applied as they would
//! be when they arrive.

use std::time::Duration;

use clap::Args;
use engagement_protocol::time::Timestamp;
use serde_json::{Value, json};

use super::cpu;
use super::feeds::Origin;
use super::load::{self, Load};
use super::process::Node;
use super::quantile_ms;
use super::queries::Mix;
use super::records::Records;
use super::state::{self, Size};
use crate::api::opportunities::List;
use crate::app::App;
use crate::app::search::Asked;
use crate::cli::scratch::Scratch;
use crate::cli::session::seams;
use crate::clock::{Clock as _, SystemClock};

/// Records of one town.
const EACH: usize = 2_500;
/// Queries that are asked before anything is measured.
const WARMING: usize = 100;
/// Queries that are typed and answered with suggestions.
const TYPED: usize = 500;
/// How often one change is made and waited for.
const CHANGES: usize = 5;

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
    /// Sekunden unter Last durch HTTP; 0 lässt sie aus
    #[arg(long, default_value_t = 10)]
    http_s: u64,
}

/// What queries cost, one after the other.
#[derive(Debug, Default)]
struct Costs {
    cpu: Vec<Duration>,
    wall: Vec<Duration>,
    per_second: f64,
}

impl Search {
    /// Measures everything.
    ///
    /// # Errors
    ///
    /// If a node cannot be made, opened, started or asked.
    pub(super) async fn run(&self) -> anyhow::Result<Value> {
        let scratch = Scratch::new("bench")?;
        let node = Node::make(&scratch, "05558012")?;
        let clock = SystemClock::new();
        let mut origins = self.fill(&node, clock.now()).await?;

        let app = App::open(node.directory.clone(), seams(true)?).await?;
        let begun = clock.monotonic();
        app.catch_up_index().await?;
        let build_s = (clock.monotonic() - begun).as_secs_f64();
        eprintln!("{} Datensätze, Index in {build_s:.1} s", app.index().len());
        let index_mb = size_mb(&node.directory.index())?;

        let mix = Mix::new(self.seed);
        let asked: Vec<Asked> = (0..self.queries).map(|_| mix.next()).collect();
        for asked in asked.iter().take(WARMING) {
            full(&app, asked).await?;
            app.index().bare(&app.index().looked_up(&asked.words)?)?;
        }
        let mut whole = Costs::default();
        let mut bare = Costs::default();
        for asked in &asked {
            let measured = cpu::Measured::begin(&clock)?;
            full(&app, asked).await?;
            whole.add(measured.end(&clock)?);
            let index = app.index();
            let words = index.looked_up(&asked.words)?;
            let measured = cpu::Measured::begin(&clock)?;
            // On a thread that waits, like the full answer.
            tokio::task::spawn_blocking(move || index.bare(&words)).await??;
            bare.add(measured.end(&clock)?);
        }
        whole.per_second = two_at_once(&app, &asked, &clock).await?;
        bare.per_second = two_bare_at_once(&app, &asked, &clock).await?;
        let mut typing = typing(&app, &asked, &clock).await?;
        let mut visible = self.visible(&app, &mut origins, &clock).await?;
        let mut figures = json!({
            "records": app.index().len(), "full": whole.json(), "bare": bare.json(),
            "suggest": typing.json(),
            "index_mb": index_mb, "build_s": build_s, "visible_ms": quantile_ms(&mut visible, 500),
        });
        drop(app);
        let served =
            load::run(node, &scratch, &Load { seed: self.seed, seconds: self.http_s }).await?;
        if let (Some(figures), Value::Object(served)) = (figures.as_object_mut(), served) {
            figures.extend(served);
        }
        Ok(figures)
    }

    /// Applies the feeds of as many towns as it takes.
    async fn fill(&self, node: &Node, now: Timestamp) -> anyhow::Result<Vec<Origin>> {
        state::fill(node, Size { records: self.records, each: EACH, seed: self.seed }, now).await
    }

    /// Changes a record and takes the time from its commit until a search finds it.
    async fn visible(
        &self,
        app: &App,
        origins: &mut [Origin],
        clock: &SystemClock,
    ) -> anyhow::Result<Vec<Duration>> {
        let mut records = Records::new(self.seed + 1, clock.now().day())?;
        let mut times = Vec::new();
        for (at, origin) in (0..CHANGES).zip(origins) {
            let word = format!("Sichtbarkeit{at}");
            let ags = origin.key().node().ags();
            let text =
                records.jsonl(&ags, 1)?.replace("\"title\":\"", &format!("\"title\":\"{word} "));
            let now = clock.now();
            origin.publish(records.read(&text, now)?, app.store(), now).await?;
            let begun = clock.monotonic();
            app.catch_up_index().await?;
            let asked = Asked { words: word.clone(), ..Asked::default() };
            let found = app.search(&asked).await?;
            times.push(clock.monotonic() - begun);
            anyhow::ensure!(found.total == 1, "{word}: {} statt 1", found.total);
        }
        Ok(times)
    }
}

impl Costs {
    fn add(&mut self, (cpu, wall): (Duration, Duration)) {
        self.cpu.push(cpu);
        self.wall.push(wall);
    }

    fn json(&mut self) -> Value {
        json!({
            "cpu_ms": quantiles(&mut self.cpu), "wall_ms": quantiles(&mut self.wall),
            "per_second": self.per_second.round(),
        })
    }
}

/// Returns the quantiles that a promise is made of.
pub(super) fn quantiles(times: &mut [Duration]) -> Value {
    let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
    let [p50, p95, p99] = [500, 950, 990].map(|at| rounded(quantile_ms(times, at)));
    json!({"p50": p50, "p95": p95, "p99": p99})
}

/// A full answer: ranked, placed, counted, with its cards, as the bytes that go out.
async fn full(app: &App, asked: &Asked) -> anyhow::Result<usize> {
    let found = app.search(asked).await?;
    let list = List::of(asked, found).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(serde_json::to_vec(&list)?.len())
}

/// What is suggested while somebody types each of the first queries, when half of it stands there.
async fn typing(app: &App, asked: &[Asked], clock: &SystemClock) -> anyhow::Result<Costs> {
    let mut costs = Costs::default();
    let begun = clock.monotonic();
    let some = asked.iter().take(TYPED);
    for words in some.clone().map(|asked| &asked.words) {
        let half: String = words.chars().take(words.chars().count().div_ceil(2)).collect();
        let measured = cpu::Measured::begin(clock)?;
        app.suggest(&half).await?;
        costs.add(measured.end(clock)?);
    }
    costs.per_second = per_second(some.len(), clock.monotonic() - begun)?;
    Ok(costs)
}

async fn two_at_once(app: &App, asked: &[Asked], clock: &SystemClock) -> anyhow::Result<f64> {
    let begun = clock.monotonic();
    let (one, other) = asked.split_at(asked.len() / 2);
    let both = [one.to_vec(), other.to_vec()].map(|asked| {
        let app = app.clone();
        tokio::spawn(async move {
            for asked in &asked {
                full(&app, asked).await?;
            }
            anyhow::Ok(())
        })
    });
    for task in both {
        task.await??;
    }
    per_second(asked.len(), clock.monotonic() - begun)
}

async fn two_bare_at_once(app: &App, asked: &[Asked], clock: &SystemClock) -> anyhow::Result<f64> {
    let looked_up = asked.iter().map(|asked| app.index().looked_up(&asked.words));
    let looked_up = looked_up.collect::<Result<Vec<_>, _>>()?;
    let begun = clock.monotonic();
    let (one, other) = looked_up.split_at(asked.len() / 2);
    let both = [one.to_vec(), other.to_vec()].map(|words| {
        let index = app.index();
        tokio::task::spawn_blocking(move || {
            words.iter().try_for_each(|words| index.bare(words).map(|_| ()))
        })
    });
    for task in both {
        task.await??;
    }
    per_second(asked.len(), clock.monotonic() - begun)
}

fn per_second(count: usize, time: Duration) -> anyhow::Result<f64> {
    Ok(f64::from(u32::try_from(count)?) / time.as_secs_f64())
}

fn size_mb(directory: &std::path::Path) -> anyhow::Result<f64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(directory)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(f64::from(u32::try_from(bytes / 1024)?) / 1024.0)
}
