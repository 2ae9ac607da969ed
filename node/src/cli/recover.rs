//! `recover`: rebuilds a node whose disk is lost from its peers.
//!
//! With the key at hand it is the same work as after a restored backup. Without it the published records are
//! taken over under the old key and published anew under a new one, which the register has to be told.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use engagement_protocol::document::Document;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::{SigningKey, VerifierKey};
use engagement_protocol::limits::{DOCUMENT_BYTES, HEAD_DEADLINE};
use engagement_protocol::seal::SealSecret;

use super::init::Init;
use super::session::seams;
use crate::app::App;
use crate::config::directory::Directory;
use crate::config::{Config, Peer, peers};
use crate::entropy::{SystemEntropy, seed};
use crate::store::Durability;
use crate::sync::http::HttpTransport;
use crate::sync::transport::{Get, PeerTransport as _};

/// Options of `recover`.
#[derive(Debug, Args)]
pub struct Recover {
    /// Amtlicher Schlüssel des verlorenen Knotens
    #[arg(long)]
    id: NodeId,
    /// Basisadressen von Knoten, die Kopien seiner Angebote haben
    #[arg(long, required = true, num_args = 1..)]
    from: Vec<String>,
    /// Bisheriger öffentlicher Schlüssel, wenn node.key verloren ist
    #[arg(long)]
    key: Option<VerifierKey>,
    /// Adresse und Port, auf denen der Knoten antwortet
    #[arg(long, default_value = "127.0.0.1:8001")]
    listen: SocketAddr,
    /// Erlaubt Gegenstellen auf diesem Rechner (nur für Versuche)
    #[arg(long)]
    allow_loopback: bool,
}

/// A node that was asked who it is.
struct Helper {
    url: String,
    document: Document,
}

impl Recover {
    /// Recovers the node into an empty directory, or one in which only its keys are left.
    ///
    /// # Errors
    ///
    /// If there is a node in the directory, or nobody has its records.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(
            !directory.config().exists() && !directory.database().exists(),
            "In {} gibt es bereits einen Knoten. Nichts wurde verändert.",
            directory.path().display()
        );
        let transport = HttpTransport::new(self.allow_loopback)?;
        let mut helpers = Vec::new();
        for url in &self.from {
            let body = fetch(&transport, url, "/node").await?;
            let document = Document::peek(&body)
                .with_context(|| format!("{url} antwortet nicht wie ein Knoten"))?;
            anyhow::ensure!(document.node != self.id, "{url} ist der Knoten selbst.");
            helpers.push(Helper { url: url.clone(), document });
        }
        std::fs::create_dir_all(directory.path())?;
        let has_key = directory.has_key();
        if !has_key {
            let key = SigningKey::from_seed(self.id.clone(), &seed(&SystemEntropy));
            directory.write_keys(&key, &SealSecret::from_seed(*seed(&SystemEntropy)))?;
        }
        let (key, _) = directory.read_keys()?;
        let key = key.verifier().clone();
        anyhow::ensure!(
            *key.node() == self.id,
            "node.key gehört zu {}, gesucht ist {}.",
            key.node(),
            self.id
        );
        let lost = self.lost_document(&transport).await;
        self.configure(&directory, &helpers, lost.as_ref())?;
        let app = App::open(directory.clone(), seams(self.allow_loopback)?).await?;
        let began = app.clock().monotonic();
        let _released = app.ask_own().await;
        let taken = if has_key { None } else { Some(self.take_over(&app, lost.as_ref()).await?) };
        drop(app.publish().await);
        app.catch_up_index().await?;
        let took = app.clock().monotonic().saturating_sub(began);
        let node = self.id.clone();
        let own = app.store().read(move |tx| tx.counts(&node, Feed::Offers)).await?;
        say!("{} eigene Angebote zurückgeholt in {} ms.", own.opportunities, took.as_millis());
        for helper in &helpers {
            say!(
                "Gegenstelle eingetragen: {} ({}), {}\n  Vergleichen Sie am Telefon den Fingerabdruck: {}",
                helper.document.name,
                helper.document.node,
                helper.url,
                helper
                    .document
                    .keys
                    .first()
                    .map_or_else(String::new, engagement_protocol::words::of)
            );
        }
        if taken.is_some() {
            say!(
                "Der alte Schlüssel ist verloren; der neue muss im Verzeichnis der Knoten eingetragen werden:"
            );
            say!("  engagement-node register set-key {} {key}", self.id);
        }
        if let Some(hold) = app.hold() {
            say!("Noch wird nichts unterschrieben: {}", crate::feed::permit::Held(hold));
            return Ok(ExitCode::FAILURE);
        }
        say!(
            "Prüfen Sie node.toml und starten Sie: engagement-node serve --dir {}",
            directory.path().display()
        );
        Ok(ExitCode::SUCCESS)
    }

    /// What the lost node said of itself, as far as somebody kept it. Nothing of it is trusted: it fills
    /// in `node.toml`, which the operator is told to look at.
    async fn lost_document(&self, transport: &HttpTransport) -> Option<Document> {
        for url in &self.from {
            let path = format!("/n/{}/node", self.id);
            if let Ok(body) = fetch(transport, url, &path).await
                && let Ok(document) = Document::peek(&body)
                && document.node == self.id
            {
                return Some(document);
            }
        }
        None
    }

    fn configure(
        &self,
        directory: &Directory,
        helpers: &[Helper],
        lost: Option<&Document>,
    ) -> anyhow::Result<()> {
        let init = Init {
            id: self.id.clone(),
            name: lost.map_or_else(
                || crate::app::coverage::name_of(&self.id),
                |document| document.name.clone(),
            ),
            listen: self.listen,
            url: lost.and_then(|document| document.urls.first().cloned()),
            contact: lost.and_then(|document| document.contact.clone()),
            allow_loopback: self.allow_loopback,
        };
        let mut text = init.config();
        for Helper { url, document } in helpers {
            let key = document.keys.first().cloned().context("Ein Knoten ohne Schlüssel")?;
            let peer = Peer { id: document.node.clone(), url: Some(url.clone()), key, relay: true };
            peer.check(&self.id, self.allow_loopback)?;
            text = peers::with(&text, &peer)?;
        }
        Config::parse(&text, "node.toml")?;
        Ok(directory.write_config(&text)?)
    }

    /// Takes over what is published under the lost key.
    async fn take_over(&self, app: &App, lost: Option<&Document>) -> anyhow::Result<usize> {
        let keys = match (&self.key, lost) {
            (Some(key), _) => vec![key.clone()],
            (None, Some(document)) => document.keys.clone(),
            (None, None) => anyhow::bail!(
                "node.key ist verloren. Nennen Sie den bisherigen öffentlichen Schlüssel mit --key; er steht im Verzeichnis der Knoten."
            ),
        };
        if self.key.is_none() {
            say!(
                "Der bisherige Schlüssel stammt aus der Selbstauskunft, die eine Gegenstelle aufbewahrt hat. Vergleichen Sie ihn mit dem Verzeichnis der Knoten:"
            );
            for key in &keys {
                say!("  {key}");
            }
        }
        let mut newest = None;
        for via in app.sync().witnesses() {
            let head = app
                .sync()
                .own_head(&via, Feed::Offers, &keys)
                .await
                .ok()
                .and_then(|(head, _)| head);
            if let Some(head) = head
                && newest.as_ref().is_none_or(
                    |(_, known): &(
                        _,
                        engagement_protocol::verify::Verified<engagement_protocol::head::Head>,
                    )| head.seq > known.seq,
                )
            {
                newest = Some((via, head));
            }
        }
        let (via, head) =
            newest.context("Keine der Gegenstellen hat einen Stand unter diesem Schlüssel.")?;
        let applied = app.sync().fetch_own(head, &via, None, &keys).await?;
        let lines: Vec<_> = applied.slices.into_values().flatten().collect();
        let now = app.clock().now();
        Ok(app.store().write(Durability::Full, move |tx| tx.take_over(&lines, now)).await?)
    }
}

async fn fetch(transport: &HttpTransport, base: &str, path: &str) -> anyhow::Result<Vec<u8>> {
    let get = Get {
        base: base.trim_end_matches('/').to_owned(),
        path: path.to_owned(),
        etag: None,
        limit: DOCUMENT_BYTES,
        deadline: HEAD_DEADLINE,
    };
    let reply = transport.get(get).await.with_context(|| base.to_owned())?;
    anyhow::ensure!(reply.status == 200, "{base}{path} antwortet mit HTTP {}", reply.status);
    Ok(reply.body)
}
