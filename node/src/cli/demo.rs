//! `demo`: several nodes on this machine, with believable data and real HTTP between them.

pub mod generate;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;
use tokio::net::TcpListener;

use super::init::Init;
use super::serve::{self, Running};
use super::session::{Session, seams};
use crate::app::import::{self, Wishes};
use crate::clock::{Clock as _, SystemClock};
use crate::config::directory::Directory;
use crate::config::{Log, Peer, peers};
use crate::domain::gazetteer::Gazetteer;
use crate::domain::import::{Format, Options, read};
use crate::entropy::SystemEntropy;
use generate::Generator;

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Weitere Gemeinden neben den sechs Knoten der Vorführung
    #[arg(long, default_value_t = 0)]
    nodes: usize,
    /// Erzeugte Angebote je Gemeinde neben den geschriebenen
    #[arg(long, default_value_t = 40)]
    generated: usize,
    /// Startwert der erzeugten Angebote
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The nodes of the demo: id, name, own offers.
const CAST: [(&str, &str, Option<&str>); 6] = [
    ("05558", "Kreis Coesfeld", Some(include_str!("../../../config/demo/05558.jsonl"))),
    ("05558012", "Stadt Coesfeld", Some(include_str!("../../../config/demo/05558012.jsonl"))),
    ("05558016", "Stadt Dülmen", Some(include_str!("../../../config/demo/05558016.jsonl"))),
    ("05558024", "Stadt Lüdinghausen", Some(include_str!("../../../config/demo/05558024.jsonl"))),
    ("05334002", "Stadt Aachen", Some(include_str!("../../../config/demo/05334002.jsonl"))),
    ("05", "Land Nordrhein-Westfalen", None),
];

/// The Kreis relays its towns, and everybody reads through it; the Land does the same for all.
const RELAY: &str = "05558";

/// A node of the demo before it runs.
struct Member {
    id: NodeId,
    name: String,
    offers: Option<&'static str>,
    directory: Directory,
    listener: TcpListener,
    address: SocketAddr,
}

impl Member {
    /// Returns what `init` would be told for this start's address.
    fn init(&self) -> Init {
        Init {
            id: self.id.clone(),
            name: self.name.clone(),
            listen: self.address,
            url: Some(format!("http://{}", self.address)),
            contact: Some(format!("ehrenamt@{}.example", self.id)),
            allow_loopback: true,
        }
    }
}

impl Demo {
    /// Runs the demo until Ctrl-C.
    ///
    /// # Errors
    ///
    /// If a node cannot be made or started.
    pub async fn run(self, dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        serve::log(Log::Error);
        let fresh = dir.is_none();
        let dir = dir.unwrap_or_else(|| {
            std::env::temp_dir().join(format!("engagementnetz-demo-{}", std::process::id()))
        });
        let (mut running, mut stop) = (Vec::new(), serve::StopSignal::new()?);
        // Whoever ends it while it begins leaves nothing behind either.
        let begun = tokio::select! {
            begun = self.begin(&dir, &mut running) => begun.map(|()| true),
            () = stop.heard() => Ok(false),
        };
        if matches!(begun, Ok(true)) {
            stop.heard().await;
        }
        if begun.is_ok() {
            say!("\nDie Knoten werden beendet …");
        }
        for (_, node) in running {
            node.stop().await;
        }
        if fresh && dir.exists() {
            std::fs::remove_dir_all(&dir).with_context(|| dir.display().to_string())?;
        }
        begun.map(|_| ExitCode::SUCCESS)
    }

    async fn begin(
        &self,
        dir: &Path,
        running: &mut Vec<(String, serve::Running)>,
    ) -> anyhow::Result<()> {
        say!("Die Knoten werden angelegt und gleichen sich ab …");
        let members = self.members(dir).await?;
        let keys = members.iter().map(make).collect::<anyhow::Result<Vec<_>>>()?;
        let cast: Vec<_> =
            members.iter().map(|member| (member.id.clone(), member.address)).collect();
        for (at, member) in members.into_iter().enumerate() {
            introduce(&member, &cast, &keys)?;
            self.fill(&member, at).await?;
            let started = serve::start_on(member.directory, seams(true)?, member.listener).await?;
            running.push((member.name, started));
        }
        converge(running).await?;
        tell(running, dir).await
    }

    async fn members(&self, dir: &Path) -> anyhow::Result<Vec<Member>> {
        let cast =
            CAST.iter().map(|(id, name, offers)| ((*id).to_owned(), (*name).to_owned(), *offers));
        let more = Gazetteer::embedded()
            .municipalities()
            .filter(|town| CAST.iter().all(|(id, ..)| *id != town.ags.as_str()))
            .take(self.nodes)
            .map(|town| (town.ags.to_string(), town.name.clone(), Some("")));
        let mut members = Vec::new();
        for (id, name, offers) in cast.chain(more) {
            // Any free port: a second demo, or another program, does not stand in the way.
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            members.push(Member {
                directory: Directory::new(dir.join(&id)),
                id: id.parse()?,
                name,
                offers,
                address: listener.local_addr()?,
                listener,
            });
        }
        Ok(members)
    }

    async fn fill(&self, member: &Member, at: usize) -> anyhow::Result<()> {
        let Some(offers) = member.offers else { return Ok(()) };
        let session = Session::open(member.directory.clone())?;
        let seed = self.seed.wrapping_mul(1000).wrapping_add(u64::try_from(at)?);
        let generated = Generator::new(seed)?.lines(&member.id.ags(), self.generated);
        let now = session.clock.now();
        let generated = generate::dated(&generated, now.day())?;
        for text in [offers, &generated] {
            let options =
                Options { source: None, default_source: "demo".to_owned(), today: now.day() };
            if text.is_empty() {
                continue;
            }
            let batch = read(text.as_bytes(), Format::Jsonl, &options)?;
            let wishes = Wishes { dry_run: false, allow_shrink: true, revive: false };
            import::run(&session.store, batch, &options, wishes, Arc::new(SystemEntropy), now)
                .await?;
        }
        Ok(())
    }
}

/// Creates the node, or takes the one that an earlier demo left; returns its key.
fn make(member: &Member) -> anyhow::Result<VerifierKey> {
    if !member.directory.config().is_file() {
        member.init().create(&member.directory, &SystemEntropy)?;
    }
    Ok(member.directory.read_keys()?.0.verifier().clone())
}

/// Writes the peers of this start into the node's configuration: ports differ from start to start.
fn introduce(
    member: &Member,
    cast: &[(NodeId, SocketAddr)],
    keys: &[VerifierKey],
) -> anyhow::Result<()> {
    let mut text = member.init().config();
    let is_relay = |id: &NodeId| id.as_str() == RELAY || id.as_str() == "05";
    if is_relay(&member.id) {
        text.push_str("[sync]\nrelay = true\n");
    }
    for ((id, address), key) in cast.iter().zip(keys) {
        if *id == member.id {
            continue;
        }
        // Towns read each other through the Kreis; the Kreis and the Land ask every town themselves.
        let direct = is_relay(id) || is_relay(&member.id);
        let url = direct.then(|| format!("http://{address}"));
        let relay = id.as_str() == RELAY;
        text = peers::with(&text, &Peer { id: id.clone(), url, key: key.clone(), relay })?;
    }
    Ok(member.directory.write_config(&text)?)
}

/// Waits until every node holds everybody's newest state.
async fn converge(running: &[(String, Running)]) -> anyhow::Result<()> {
    let clock = SystemClock::new();
    let patience = std::time::Duration::from_secs(60);
    let mut changed = tokio::time::interval(std::time::Duration::from_millis(100));
    while clock.monotonic() < patience {
        let mut complete = true;
        for (_, node) in running {
            let coverage = node.app.coverage().await?;
            if coverage.complete < coverage.nodes {
                node.app.sync().hurry();
                node.app.wake().notify_one();
                complete = false;
            }
            let last = node.app.store().read(|tx| tx.last_change()).await?;
            complete &= node.app.index().applied() >= last;
        }
        if complete {
            break;
        }
        changed.tick().await;
    }
    Ok(())
}

async fn tell(running: &[(String, Running)], dir: &Path) -> anyhow::Result<()> {
    say!(
        "Engagementnetz: {} Knoten laufen auf diesem Rechner und haben ihre Feeds ausgetauscht.\n",
        running.len()
    );
    for (name, node) in running {
        let coverage = node.app.coverage().await?;
        say!(
            "{name}: {} von {} Knoten vollständig, {} Angebote durchsuchbar",
            coverage.complete,
            coverage.nodes,
            node.app.index().len()
        );
        say!("{}", node.url);
    }
    let first = running.get(1).map_or("", |(_, node)| node.url.as_str());
    say!("\nZum Ausprobieren:");
    say!("  {first}/suche?q=lesen              „lesen“ findet überall etwas");
    say!("  {first}/suche?q=garten&near=Dülmen&radius_km=20");
    say!("  curl '{first}/api/v1/opportunities?q=lesen&limit=3'");
    say!("  Verzeichnisse der Knoten: {}", dir.display());
    say!("\nStrg-C beendet die Vorführung.");
    Ok(())
}
