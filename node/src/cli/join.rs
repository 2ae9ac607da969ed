//! `join`: takes a new town to replicating the whole state.
//!
//! Whoever answers at an address may be anybody. So the fingerprint is compared by people, in words that can
//! be read over the telephone, before the node is believed as a register.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use engagement_protocol::document::Document;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::limits::{DOCUMENT_BYTES, HEAD_DEADLINE};
use engagement_protocol::words;

use super::session::Session;
use crate::config::anchors::{self, Anchor};
use crate::config::directory::Directory;
use crate::sync::http::HttpTransport;
use crate::sync::transport::{Get, PeerTransport as _};

/// Options of `join`.
#[derive(Debug, Args)]
pub struct Join {
    /// Basisadresse des Registers, zum Beispiel die des Landes
    url: String,
    /// Fingerabdruck, den man Ihnen genannt hat: zehn Wörter oder 64 Zeichen
    #[arg(long)]
    fingerprint: Option<String>,
    /// Fragt nicht nach (vertraut dem, was die Adresse jetzt antwortet)
    #[arg(long)]
    yes: bool,
}

impl Join {
    /// Believes the node at the address as a register, and follows whom it lists.
    ///
    /// # Errors
    ///
    /// If it cannot be asked, or its fingerprint is another: nothing has changed then.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let url = self.url.trim_end_matches('/').to_owned();
        crate::config::check_url("URL", &url, session.config.allow_loopback)?;
        let (document, key) = ask(&session, &url).await?;
        let id = &document.node;
        say!("{} ({id}) antwortet auf {url}.", document.name);
        say!("Fingerabdruck: {}", words::of(&key));
        self.compare(&key)?;
        let known = session.config.anchor(id).and_then(|anchor| anchor.key.as_ref());
        anyhow::ensure!(
            known.is_none_or(|known| *known == key),
            "Für {id} ist schon ein anderer Schlüssel eingetragen. Nichts wurde geändert. Hat das Register ihn gewechselt, entfernen Sie erst den alten: engagement-node anchors remove {id}"
        );
        let recovery = session.config.anchor(id).and_then(|anchor| anchor.recovery.clone());
        let anchor =
            Anchor { id: id.clone(), url: Some(url), key: Some(key), recovery, relay: true };
        anchor.check(&session.config.id, session.config.allow_loopback)?;
        let (own, own_key) = (session.config.clone(), session.directory.read_keys()?.0);
        session.configure(|text| Ok(anchors::with(text, &anchor)?)).await?;
        say!("Dieser Knoten folgt jetzt allen, die {id} in seinem Register führt.");
        say!("Damit auch Ihre Angebote überall erscheinen, nimmt {id} Sie so auf:");
        say!(
            "engagement-node register add --dir … --id {} --key {} --url {}",
            own.id,
            own_key.verifier(),
            own.url.as_deref().unwrap_or("https://…")
        );
        Ok(ExitCode::SUCCESS)
    }

    fn compare(&self, key: &VerifierKey) -> anyhow::Result<()> {
        if let Some(said) = &self.fingerprint {
            anyhow::ensure!(
                words::matches(said, key),
                "Der Fingerabdruck ist ein anderer als der genannte. Nichts wurde geändert. Prüfen Sie die Adresse, und fragen Sie beim Register nach: Vielleicht antwortet hier jemand anderes."
            );
            return Ok(());
        }
        if self.yes {
            return Ok(());
        }
        let mut input = std::io::stdin().lock();
        anyhow::ensure!(
            input.is_terminal(),
            "Vergleichen Sie den Fingerabdruck mit dem, den man Ihnen am Telefon vorliest, und geben Sie ihn mit --fingerprint an. Nichts wurde geändert."
        );
        print!("Rufen Sie dort an, und vergleichen Sie die zehn Wörter. Stimmen alle? (ja/nein) ");
        std::io::stdout().flush()?;
        let mut answer = String::new();
        input.read_line(&mut answer)?;
        anyhow::ensure!(
            answer.trim().eq_ignore_ascii_case("ja"),
            "Nicht bestätigt. Nichts wurde geändert."
        );
        Ok(())
    }
}

/// Returns what the node at `url` says of itself, and the key it says it with.
async fn ask(session: &Session, url: &str) -> anyhow::Result<(Document, VerifierKey)> {
    let transport = HttpTransport::new(session.config.allow_loopback)?;
    let (limit, deadline) = (DOCUMENT_BYTES, HEAD_DEADLINE);
    let get = Get { base: url.to_owned(), path: "/node".to_owned(), etag: None, limit, deadline };
    let reply = transport.get(get).await.with_context(|| url.to_owned())?;
    anyhow::ensure!(
        reply.status == 200 && !reply.body.trim_ascii_start().starts_with(b"<"),
        "Auf {url} antwortet kein Knoten (HTTP {}). Prüfen Sie die Adresse.",
        reply.status
    );
    let said = Document::peek(&reply.body).with_context(|| format!("Selbstauskunft von {url}"))?;
    let key = said.keys.first().context("Die Selbstauskunft nennt keinen Schlüssel.")?.clone();
    // The first key has to have signed it: whoever only repeats somebody's key does not hold it.
    let own = std::slice::from_ref(&key);
    let document = Document::verify(&reply.body, &said.node, own, session.clock.now())
        .with_context(|| format!("Selbstauskunft von {url}"))?;
    Ok((document.into_value(), key))
}
