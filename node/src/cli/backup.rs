//! `backup` and `restore`: one file, taken while the node serves, put back while it is stopped.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::session::Session;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::config::directory::Directory;
use crate::store::backup::{self, Contents};

/// Options of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// Zieldatei; sie wird ersetzt, wenn die neue vollständig ist
    file: PathBuf,
}

/// Options of `restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// Sicherung, wie `backup` sie schreibt
    file: PathBuf,
}

impl Backup {
    /// Writes the backup.
    ///
    /// # Errors
    ///
    /// If the database cannot be read or the file not be written; an older backup stays then.
    pub fn run(&self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let files = session.directory.kept_files()?;
        let names: Vec<_> = files.iter().map(|file| file.name.clone()).collect();
        let now = session.clock.now();
        backup::write(&session.directory.database(), &self.file, &files, now)?;
        let held = backup::contents(&self.file, true)?;
        say!("{} geschrieben: {}.", self.file.display(), describe(&held));
        say!("Enthält auch {}.", names.join(", "));
        say!(
            "ACHTUNG: Die Sicherung enthält die privaten Schlüssel. Nur Ihr Benutzer kann sie lesen; bewahren Sie sie verschlossen auf."
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl Restore {
    /// Puts the backup back into the directory of a node that does not run.
    ///
    /// Keys and configuration that are there stay: they may be younger than the backup.
    ///
    /// # Errors
    ///
    /// If the node runs, or the file is no backup of it: nothing has changed then.
    pub fn run(&self, directory: &Directory) -> anyhow::Result<ExitCode> {
        let held = backup::contents(&self.file, true)
            .with_context(|| format!("{} ist keine brauchbare Sicherung", self.file.display()))?;
        std::fs::create_dir_all(directory.path())
            .with_context(|| directory.path().display().to_string())?;
        let _lock = directory.lock()?;
        if directory.config().is_file() {
            let config = Config::read(&directory.config())?;
            anyhow::ensure!(
                config.id == held.node,
                "Die Sicherung gehört zum Knoten {}, das Verzeichnis zu {}. Nichts wurde verändert.",
                held.node,
                config.id
            );
        }
        match backup::contents(&directory.database(), false) {
            Ok(old) => say!("Ersetzt wird: {}.", describe(&old)),
            Err(_) if directory.database().exists() => {
                say!("Ersetzt wird eine Datenbank, die sich nicht lesen lässt.")
            }
            Err(_) => say!("Im Verzeichnis liegt noch keine Datenbank."),
        }
        backup::put_back(&self.file, &directory.database())?;
        let mut stayed = Vec::new();
        for file in backup::kept(&self.file)? {
            if !directory.put_missing(&file.name, &file.bytes)? {
                stayed.push(file.name);
            }
        }
        // Derived from the database that is gone.
        match std::fs::remove_dir_all(directory.index()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        say!("Zurückgespielt: {}.", describe(&held));
        if !stayed.is_empty() {
            say!("Unverändert, weil schon vorhanden: {}.", stayed.join(", "));
        }
        say!(
            "Starten Sie den Knoten. Er holt zuerst von den Gegenstellen zurück, was seit der Sicherung veröffentlicht wurde; was seither zurückgezogen wurde, bleibt zurückgehalten. Danach zeigt es: engagement-node withheld list"
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn describe(held: &Contents) -> String {
    let now = SystemClock::new().now();
    let taken = match held.taken_at {
        Some(at) => {
            format!("Sicherung vom {} (vor {} Stunden), ", at.day(), now.since(at).as_secs() / 3600)
        }
        None => String::new(),
    };
    let seq = held
        .seq
        .map_or_else(|| "noch nichts veröffentlicht".to_owned(), |seq| format!("Stand {seq}"));
    format!("{taken}Knoten {}, {seq}, {} eigene Angebote", held.node, held.live)
}
