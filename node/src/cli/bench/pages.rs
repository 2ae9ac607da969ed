//! Pages: what one view costs, what is left of it without the search, and how many go out in a second.
//!
//! Every page is asked for as a browser asks: packed, on a connection that stays. The mix is that of people who look for
//! something: results most, then what they found. The state is that of the whole Land, a feed for each town.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use super::cpu::Measured;
use super::process::Node;
use super::queries::Mix;
use super::search::quantiles;
use super::state::{self, Size};
use crate::app::App;
use crate::app::search::Asked;
use crate::cli::scratch::Scratch;
use crate::cli::session::seams;
use crate::clock::{Clock as _, SystemClock};
use crate::domain::gazetteer::Gazetteer;
use crate::domain::spelling;
use crate::server;
use crate::server::probe::{Inside, Probe};

/// Connections that ask at the same time.
const CONNECTIONS: usize = 4;
/// Towns that publish something.
const TOWNS: usize = 395;
/// Views of each kind that are measured one by one.
const VIEWS: usize = 200;
/// Views that are asked for before anything is measured.
const WARMING: usize = 20;

/// Options of `bench pages`.
#[derive(Debug, Args)]
pub(super) struct Pages {
    /// Datensätze
    #[arg(long, default_value_t = 25_000)]
    records: usize,
    /// Sekunden unter Last
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Startwert
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A kind of page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Start,
    Results,
    Offer,
    Town,
    Field,
    Finder,
}

/// Ten views, as they follow each other.
const VIEWED: [Kind; 10] = [
    Kind::Start,
    Kind::Results,
    Kind::Offer,
    Kind::Results,
    Kind::Offer,
    Kind::Results,
    Kind::Town,
    Kind::Offer,
    Kind::Finder,
    Kind::Field,
];

/// The addresses that are asked for, by kind, and the searches behind the results.
#[derive(Debug)]
struct Addresses {
    by_kind: BTreeMap<Kind, Vec<String>>,
    searches: Vec<Asked>,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Start, Self::Results, Self::Offer, Self::Town, Self::Field, Self::Finder];

    const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Results => "results",
            Self::Offer => "offer",
            Self::Town => "town",
            Self::Field => "field",
            Self::Finder => "finder",
        }
    }
}

impl Pages {
    /// Measures everything.
    ///
    /// # Errors
    ///
    /// If a node cannot be made, opened, started or asked, or a page is not answered with 200.
    pub(super) async fn run(&self) -> anyhow::Result<Value> {
        let scratch = Scratch::new("bench")?;
        let mut node = Node::make(&scratch, "05558012")?;
        let clock = SystemClock::new();
        let each = self.records.div_ceil(TOWNS).max(1);
        let size = Size { records: self.records, each, seed: self.seed };
        let towns = state::fill(&node, size, clock.now()).await?.len();

        let app = App::open(node.directory.clone(), seams(true)?).await?;
        app.catch_up_index().await?;
        let records = app.index().len();
        eprintln!("{records} Datensätze von {towns} Kommunen");
        let addresses = Arc::new(Addresses::of(&app, self.seed).await?);
        let alone = alone(&app, &addresses, &clock).await?;
        drop(app);

        node.start().await?;
        let views = views(&node, &addresses, &clock).await?;
        let load = under_load(&node, &addresses, self.seconds).await?;
        let rss = node.memory_mb("VmRSS")?;
        Ok(json!({
            "records": records, "towns": towns, "views": views, "without_search_ms": alone,
            "load": load, "rss_mb": rss,
        }))
    }
}

impl Addresses {
    /// Draws addresses of every kind.
    async fn of(app: &App, seed: u64) -> anyhow::Result<Self> {
        let mix = Mix::new(seed);
        let searches: Vec<Asked> = (0..VIEWS).map(|_| mix.next()).collect();
        let results = searches.iter().map(|asked| format!("/suche?{}", asked.to_query())).collect();
        let mut offers = Vec::new();
        for asked in &searches {
            for card in app.search(asked).await?.cards.into_iter().take(3) {
                offers
                    .push(format!("/angebot/{}/{}", card.shown.origin.node, card.shown.record.id));
            }
        }
        anyhow::ensure!(!offers.is_empty(), "nothing was found");
        let towns = Gazetteer::embedded().municipalities();
        let towns =
            towns.map(|town| format!("/ort/{}", spelling::fold(&town.name).replace(' ', "-")));
        let fields =
            ["sport", "kultur", "kinder", "bildung", "alter", "sozial", "umwelt", "rettung"];
        let wish = "wish_field=umwelt&wish_day=sa&near=48653&radius_km=25&age=16";
        let finder = (1..=6).map(|number| format!("/finden/{number}?{wish}"));
        let by_kind = [
            (Kind::Start, vec!["/".to_owned()]),
            (Kind::Results, results),
            (Kind::Offer, offers),
            (Kind::Town, towns.step_by(7).collect()),
            (Kind::Field, fields.map(|code| format!("/feld/{code}")).to_vec()),
            (Kind::Finder, finder.collect()),
        ];
        Ok(Self { by_kind: by_kind.into(), searches })
    }

    /// Returns an address of a kind; they come round again.
    fn get(&self, kind: Kind, at: usize) -> anyhow::Result<&str> {
        let all = self.by_kind.get(&kind).context("every kind has addresses")?;
        Ok(all.get(at % all.len()).context("a remainder is below its divisor")?)
    }
}

/// Returns what a page of results costs beyond its search: both are done one after the other in this process.
async fn alone(app: &App, addresses: &Addresses, clock: &SystemClock) -> anyhow::Result<Value> {
    let inside = Inside::new(server::router(app));
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for (at, asked) in addresses.searches.iter().enumerate() {
        let path = addresses.get(Kind::Results, at)?;
        let asked = Asked { explain: true, ..asked.clone() };
        // Once for what the first of two would have to read for both.
        app.search(&asked).await?;
        let measured = Measured::begin(clock)?;
        app.search(&asked).await?;
        let (search_cpu, search_wall) = measured.end(clock)?;
        let measured = Measured::begin(clock)?;
        let (status, _) = inside.get(path).await?;
        anyhow::ensure!(status == 200, "{path}: {status}");
        let (page_cpu, page_wall) = measured.end(clock)?;
        if at >= WARMING {
            cpu.push(page_cpu.saturating_sub(search_cpu));
            wall.push(page_wall.saturating_sub(search_wall));
        }
    }
    Ok(json!({"cpu": quantiles(&mut cpu), "wall": quantiles(&mut wall)}))
}

/// Returns what one view of each kind costs, one after the other.
async fn views(node: &Node, addresses: &Addresses, clock: &SystemClock) -> anyhow::Result<Value> {
    let mut probe = Probe::connect(&node.url).await?;
    let mut figures = serde_json::Map::new();
    for kind in Kind::ALL {
        let (mut times, mut bytes, mut cpu_s) = (Vec::new(), 0, 0.0);
        for at in 0..WARMING + VIEWS {
            if at == WARMING {
                (times, bytes, cpu_s) = (Vec::new(), 0, node.cpu_s()?);
            }
            let path = addresses.get(kind, at)?;
            let begun = clock.monotonic();
            let (status, body) = probe.view(path).await?;
            anyhow::ensure!(status == 200, "{path}: {status}");
            times.push(clock.monotonic().saturating_sub(begun));
            bytes += body.len();
        }
        let count = f64::from(u32::try_from(times.len())?);
        let cpu_ms = (node.cpu_s()? - cpu_s) * 1000.0 / count;
        let wall = quantiles(&mut times);
        let figure = json!({
            "wall_ms": wall, "cpu_ms": (cpu_ms * 100.0).round() / 100.0, "bytes": bytes / times.len(),
        });
        eprintln!("{}: {figure}", kind.name());
        figures.insert(kind.name().to_owned(), figure);
    }
    Ok(Value::Object(figures))
}

/// Returns how many pages go out in a second, and how long each kind takes then.
async fn under_load(
    node: &Node,
    addresses: &Arc<Addresses>,
    seconds: u64,
) -> anyhow::Result<Value> {
    let clock = Arc::new(SystemClock::new());
    let end = clock.monotonic() + Duration::from_secs(seconds);
    let asking = (0..CONNECTIONS).map(|from| {
        let (clock, url, addresses) = (Arc::clone(&clock), node.url.clone(), Arc::clone(addresses));
        tokio::spawn(async move {
            let mut probe = Probe::connect(&url).await?;
            let mut times: BTreeMap<Kind, Vec<Duration>> = BTreeMap::new();
            // Each begins elsewhere in the mix, or all would ask for the same.
            for (at, kind) in VIEWED.into_iter().cycle().enumerate().skip(from * 37) {
                let begun = clock.monotonic();
                if begun >= end {
                    break;
                }
                let path = addresses.get(kind, at)?;
                let (status, _) = probe.view(path).await?;
                anyhow::ensure!(status == 200, "{path}: {status}");
                times.entry(kind).or_default().push(clock.monotonic().saturating_sub(begun));
            }
            anyhow::Ok(times)
        })
    });
    let asking: Vec<_> = asking.collect();
    let mut times: BTreeMap<Kind, Vec<Duration>> = BTreeMap::new();
    for task in asking {
        for (kind, some) in task.await?? {
            times.entry(kind).or_default().extend(some);
        }
    }
    let count = u32::try_from(times.values().map(Vec::len).sum::<usize>())?;
    let by_kind: serde_json::Map<String, Value> =
        times.iter_mut().map(|(kind, times)| (kind.name().to_owned(), quantiles(times))).collect();
    let per_second = f64::from(count) / f64::from(u32::try_from(seconds.max(1))?);
    Ok(json!({"per_second": per_second.round(), "wall_ms": by_kind}))
}
