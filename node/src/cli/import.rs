//! `import`: reads opportunities from a file and publishes them.

mod report;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use super::session::Session;
use crate::app::import::{self, ImportError, Wishes};
use crate::config::directory::Directory;
use crate::domain::import::{Format, Options, read};
use crate::entropy::SystemEntropy;

/// Options of `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Datei: JSON Lines, CSV oder Freinet-Online-XML
    file: PathBuf,
    /// Format; sonst an Name und Inhalt erkannt
    #[arg(long)]
    format: Option<Format>,
    /// Name der Quelle; ersetzt source.system jedes Datensatzes
    #[arg(long)]
    source: Option<String>,
    /// Zeigt nur, was geschehen würde
    #[arg(long)]
    dry_run: bool,
    /// Erlaubt, dass mehr als ein Fünftel der Quelle verschwindet
    #[arg(long)]
    allow_shrink: bool,
    /// Holt hier zurückgezogene Angebote wieder hervor
    #[arg(long)]
    revive: bool,
    /// Gibt JSON aus
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Imports a file; a refused record is reported and skipped. Fails if every record was refused and one of them is not over.
    ///
    /// # Errors
    ///
    /// If the file is unusable or the source would shrink too much: nothing has changed then.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let name = self.file.display().to_string();
        let bytes =
            std::fs::read(&self.file).with_context(|| format!("{name} lässt sich nicht lesen"))?;
        let format = self.format.unwrap_or_else(|| Format::guess(&name, &bytes));
        let now = session.clock.now();
        let options = Options {
            source: self.source.clone(),
            default_source: "import".to_owned(),
            today: now.day(),
        };
        let batch = read(&bytes, format, &options).with_context(|| name.clone())?;
        let wishes =
            Wishes { dry_run: self.dry_run, allow_shrink: self.allow_shrink, revive: self.revive };
        let entropy = Arc::new(SystemEntropy);
        let run = import::run(&session.store, batch, &options, wishes, entropy, now).await;
        if let Err(ImportError::Shrink(shrink)) = &run
            && self.json
        {
            print(&format!("{}\n", serde_json::json!({ "shrink": shrink })))?;
        }
        let summary = run?;
        let on_hold = if self.dry_run { None } else { session.publish().await?.on_hold };
        if self.json {
            print(&format!("{}\n", serde_json::to_string(&summary)?))?;
        } else {
            print(&report::text(&summary))?;
        }
        if let Some(shrink) = summary.shrink {
            return Err(shrink.into());
        }
        if let Some(reason) = on_hold {
            eprintln!("Noch nicht veröffentlicht: {reason}");
        }
        let taken = summary.new
            + summary.changed
            + summary.extended
            + summary.revived
            + summary.unchanged
            + summary.withdrawn_kept;
        Ok(if taken == 0 && summary.refused.iter().any(|refused| !refused.ended) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn print(text: &str) -> std::io::Result<()> {
    std::io::stdout().write_all(text.as_bytes())
}
