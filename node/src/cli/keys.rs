//! `keys` and `rotate-key`: which key does what, and how another takes its place.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use engagement_protocol::key::SigningKey;
use engagement_protocol::seal::SealSecret;
use engagement_protocol::words;

use super::session::{Session, seams, through_owner};
use crate::app::App;
use crate::config::directory::{Directory, DirectoryError};
use crate::entropy::{SystemEntropy, seed};

/// Options of `rotate-key`.
#[derive(Debug, Args)]
pub struct RotateKey {
    /// Der bisherige Schlüssel ist verloren oder gestohlen: Er unterschreibt nicht mehr mit
    #[arg(long)]
    lost: bool,
}

/// Says which key does what, and what to do when one is lost. No secret is printed.
///
/// # Errors
///
/// If there is no node.
pub fn keys(directory: Directory) -> anyhow::Result<ExitCode> {
    let session = Session::open(directory)?;
    let path = session.directory.path().display();
    match session.directory.read_keys() {
        Ok((key, seal)) => {
            say!(
                "{path}/node.key – unterschreibt Ihre Angebote und was dieser Knoten über sich sagt."
            );
            print(&key);
            if let (Some(before), Some(until)) = (key.before(), session.directory.key_until()?) {
                say!("  Bis {until} unterschreibt der vorige mit, dann endet er:");
                print(before);
            }
            say!(
                "  Verloren oder gestohlen: engagement-node rotate-key --lost --dir {path}, dann dem Register die"
            );
            say!(
                "  neue Zeile vorlesen (dort: engagement-node register set-key {} SCHLÜSSEL).",
                session.config.id
            );
            say!(
                "  Turnusmäßig wechseln: engagement-node rotate-key --dir {path}; das Register übernimmt ihn von selbst."
            );
            say!("");
            say!(
                "{path}/seal.key – öffnet vertrauliche Nachrichten an Ihren Knoten (Kennung {}).",
                seal.public().kid
            );
            say!(
                "  Verloren: Nachrichten, die dafür verschlossen wurden, sind nicht mehr lesbar. Gestohlen: Wer ihn hat"
            );
            say!("  und die Leitung abhört, kann sie lesen. Ihre Angebote berührt beides nicht.");
        }
        Err(error) => {
            say!("{error}");
            say!(
                "Ohne Sicherung: engagement-node rotate-key --lost --dir {path}, dann dem Register die neue Zeile"
            );
            say!(
                "vorlesen (dort: engagement-node register set-key {} SCHLÜSSEL).",
                session.config.id
            );
        }
    }
    say!("");
    say!(
        "Wiederherstellungsschlüssel – nur für Register, denen andere als anchors glauben: Er liegt im Tresor und setzt"
    );
    say!(
        "den Schlüssel des Registers, wenn dieser verloren oder gestohlen ist (engagement-node anchors appoint). Ist er"
    );
    say!("selbst verloren, müssen alle, die ihn eingetragen haben, einen neuen eintragen.");
    Ok(ExitCode::SUCCESS)
}

fn print(key: &SigningKey) {
    say!("  Öffentlicher Schlüssel: {}", key.verifier());
    say!("  Fingerabdruck zum Vorlesen: {}", words::of(key.verifier()));
}

impl RotateKey {
    /// Puts a new key in the place of the node's, whether it runs or not.
    ///
    /// # Errors
    ///
    /// If a planned rotation is under way, or the key file cannot be replaced.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        directory.expect_node()?;
        if self.lost && directory.has_key() && !directory.has_seal() {
            let _lock = directory.lock()?;
            new_seal(&directory)?;
            say!(
                "seal.key fehlte und ist neu angelegt; der Schlüssel zum Unterschreiben bleibt, wie er ist. Nachrichten,"
            );
            say!("die für den verlorenen verschlossen wurden, sind nicht mehr lesbar.");
            return Ok(ExitCode::SUCCESS);
        }
        let key = self.rotate(&directory).await?;
        if self.lost {
            say!(
                "Ihr Knoten unterschreibt jetzt mit einem neuen Schlüssel. Bis das Register ihn einträgt, lehnen andere"
            );
            say!("Ihre Angebote ab. Lesen Sie dort am Telefon vor:");
        } else {
            say!(
                "Ihr Knoten unterschreibt jetzt mit einem neuen Schlüssel, sieben Tage lang auch mit dem alten. Das Register"
            );
            say!(
                "übernimmt ihn von selbst. Sichern Sie node.key neu. Wer Sie von Hand eingetragen hat, braucht die neue Zeile:"
            );
        }
        if let Ok(key) = key.parse() {
            say!("Fingerabdruck: {}", words::of(&key));
        }
        say!("{key}");
        Ok(ExitCode::SUCCESS)
    }

    async fn rotate(&self, directory: &Directory) -> anyhow::Result<String> {
        let path = if self.lost { "/control/rotate-lost" } else { "/control/rotate" };
        let running = |status, body: &[u8]| {
            let said = String::from_utf8_lossy(body).into_owned();
            if status == 200 { Ok(said) } else { Err(anyhow::Error::msg(said)) }
        };
        through_owner(directory, path, running, || self.here(directory)).await?.context(
            "Der Knoten startet oder endet gerade. Nichts wurde geändert; versuchen Sie es noch einmal.",
        )
    }

    async fn here(&self, directory: &Directory) -> anyhow::Result<String> {
        let config = crate::config::Config::read(&directory.config())?;
        if self.lost && !directory.has_key() {
            // Without any key the node cannot even be opened: this one is replaced at once.
            let _lock = directory.lock()?;
            let key = SigningKey::from_seed(config.id.clone(), &seed(&SystemEntropy));
            directory.replace_key(&key, None)?;
            if !directory.has_seal() {
                new_seal(directory)?;
            }
        }
        let app = App::open(directory.clone(), seams(config.allow_loopback)?).await?;
        Ok(app.rotate_key(self.lost).await?.to_string())
    }
}

fn new_seal(directory: &Directory) -> Result<(), DirectoryError> {
    directory.write_seal(&SealSecret::from_seed(*seed(&SystemEntropy)))
}
