//! `init`: creates a node.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;
use engagement_protocol::id::NodeId;
use engagement_protocol::key::SigningKey;
use engagement_protocol::seal::SealSecret;

use crate::config::Config;
use crate::config::directory::Directory;
use crate::domain::gazetteer::Gazetteer;
use crate::entropy::{Entropy, SystemEntropy, seed};
use crate::store::{Store, Threading};

/// Options of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Amtlicher Schlüssel (AGS), zum Beispiel 05558012
    #[arg(long)]
    pub id: NodeId,
    /// Name, den die Menschen lesen
    #[arg(long)]
    pub name: String,
    /// Adresse und Port, auf denen der Knoten antwortet
    #[arg(long, default_value = "127.0.0.1:8001")]
    pub listen: SocketAddr,
    /// Öffentliche Adresse
    #[arg(long)]
    pub url: Option<String>,
    /// Funktionsadresse für Anfragen
    #[arg(long)]
    pub contact: Option<String>,
    /// Erlaubt Gegenstellen auf diesem Rechner (nur für Versuche)
    #[arg(long)]
    pub allow_loopback: bool,
}

impl Init {
    /// Creates the node and prints its verifier key alone on the last line.
    ///
    /// # Errors
    ///
    /// If the directory holds a node, cannot be written, or an option is refused.
    pub fn run(&self, directory: &Directory) -> anyhow::Result<ExitCode> {
        let key = self.create(directory, &SystemEntropy)?;
        say!("Der Knoten {} ({}) liegt in {}.", self.name, self.id, directory.path().display());
        say!(
            "Sichern Sie node.key und seal.key an einem zweiten Ort. Starten: engagement-node serve --dir {}",
            directory.path().display()
        );
        if self.contact.is_none() {
            say!(
                "Noch fehlt eine Funktionsadresse, unter der Menschen Sie erreichen. Tragen Sie in node.toml ein: contact = \"ehrenamt@ihre-stadt.example\""
            );
        }
        if Gazetteer::embedded().area(&self.id.ags()).is_none() {
            say!(
                "Den amtlichen Schlüssel {} kennt das Verzeichnis der Kommunen in NRW nicht. Ist er richtig? Er lässt sich später nicht ändern.",
                self.id.ags()
            );
        }
        say!("Öffentlicher Schlüssel für Ihre Gegenstellen:");
        say!("{}", key.verifier());
        Ok(ExitCode::SUCCESS)
    }

    /// Creates the node.
    ///
    /// # Errors
    ///
    /// If the directory holds a node, cannot be written, or an option is refused.
    pub fn create(
        &self,
        directory: &Directory,
        entropy: &dyn Entropy,
    ) -> anyhow::Result<SigningKey> {
        let text = self.config();
        Config::parse(&text, "node.toml")?;
        directory.expect_empty()?;
        let key = SigningKey::from_seed(self.id.clone(), &seed(entropy));
        let seal = SealSecret::from_seed(*seed(entropy));
        let write = || -> anyhow::Result<()> {
            directory.write_keys(&key, &seal)?;
            Store::open(&directory.database(), self.id.as_str(), Threading::Caller)?;
            // The configuration comes last: a directory without it is no node.
            Ok(directory.write_config(&text)?)
        };
        // On a full disk nothing is left that would forbid to try again.
        write().inspect_err(|_| directory.discard_begun())?;
        Ok(key)
    }

    /// Returns the text of `node.toml`.
    pub(super) fn config(&self) -> String {
        use std::fmt::Write as _;
        let mut text = "# Alle Optionen erklärt node.example.toml.\n".to_owned();
        let quoted = |value: &str| toml::Value::String(value.to_owned()).to_string();
        let mut line = |name: &str, value: String| {
            let _cannot_fail = writeln!(text, "{name} = {value}");
        };
        line("id", quoted(self.id.as_str()));
        line("name", quoted(&self.name));
        if let Some(url) = &self.url {
            line("url", quoted(url));
        }
        if let Some(contact) = &self.contact {
            line("contact", quoted(contact));
        }
        line("listen", quoted(&self.listen.to_string()));
        if self.allow_loopback {
            line("allow_loopback", "true".to_owned());
        }
        text
    }
}
