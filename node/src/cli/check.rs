//! `check`: proves again what is stored here, or what a foreign node serves.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use engagement_protocol::key::VerifierKey;

use super::session::{self, Session};
use crate::app::walk::Feeds;
use crate::app::{check, walk};
use crate::clock::{Clock as _, SystemClock};
use crate::sync::files::FileTransport;
use crate::sync::http::HttpTransport;
use crate::sync::trust::Trust;

/// Options of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Basisadresse eines fremden Knotens oder ein Ordner mit seinen Dateien; ohne sie wird der Bestand in --dir geprüft
    #[arg(value_name = "URL|ORDNER")]
    url: Option<String>,
    /// Öffentlicher Schlüssel, unter dem der fremde Feed gelten muss
    #[arg(long, requires = "url")]
    key: Option<VerifierKey>,
    /// Prüft die Kopie, die der fremde Knoten vom Feed des Knotens weitergibt, zu dem --key gehört
    #[arg(long, requires = "key")]
    relayed: bool,
    /// Gibt JSON aus
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Checks; succeeds only if everything holds.
    ///
    /// # Errors
    ///
    /// If something cannot be read at all.
    pub async fn run(self, dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        match &self.url {
            Some(url) => self.remote(url).await,
            None => self.local(dir),
        }
    }

    fn local(&self, dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let session = Session::open(session::directory(dir)?)?;
        let (key, _) = session.directory.read_keys()?;
        let (config, now) = (&session.config, session.clock.now());
        let proof = session.store.read_here(|tx| {
            let followed = Trust::read(tx, config, now)?.followed(config);
            check::store(tx, key.verifier(), &followed)
        })?;
        if self.json {
            say!("{}", serde_json::to_string(&proof)?);
        } else {
            say!(
                "{} Feeds mit {} Datensätzen gleichen dem unterschriebenen Stand.",
                proof.feeds,
                proof.records
            );
            for broken in &proof.broken {
                say!("FEHLER: {broken}");
            }
        }
        Ok(if proof.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn remote(&self, url: &str) -> anyhow::Result<ExitCode> {
        let now = SystemClock::new().now();
        let feeds = match self.key.clone() {
            None => Feeds::Own,
            Some(key) if self.relayed => Feeds::Relayed(key),
            Some(key) => Feeds::OwnUnder(key),
        };
        let walk = if std::path::Path::new(url).is_dir() {
            walk::walk(&FileTransport, url, feeds, now).await?
        } else {
            // Whoever types an address means it: plain HTTP and this machine are allowed.
            walk::walk(&HttpTransport::new(true)?, url, feeds, now).await?
        };
        if self.json {
            say!("{}", serde_json::to_string(&walk)?);
        } else {
            say!(
                "{}: Stand {} mit {} Angeboten gilt unter {}",
                walk.node,
                walk.seq,
                walk.opportunities,
                walk.key
            );
            if !walk.key_given {
                say!(
                    "Der Schlüssel stammt von dem Knoten selbst. Vergleichen Sie ihn, oder geben Sie --key an."
                );
            }
            say!("{} Datensätze unbekannter Art werden weitergegeben.", walk.unknown);
            for broken in &walk.unreadable {
                say!("nicht lesbar: {broken}");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
