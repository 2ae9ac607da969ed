//! What an operator decides: `node.toml`, and where the files of a node lie.
//!
//! A mistake is answered with line, column and what to write instead. Unknown options are refused: a
//! misspelt option that is silently ignored is found at the worst time.

pub mod anchors;
pub mod branding;
pub mod colour;
pub mod directory;
pub mod embedding;
pub mod network;
pub mod peers;
mod reason;
pub mod space;

use std::net::SocketAddr;
use std::path::Path;

use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::text;
use serde::Deserialize;

use anchors::Anchor;
use branding::{Branding, Legal};
use embedding::Embedding;
use network::Network;

/// The content of `node.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The official key of the town, district or Land, with the carrier behind a dot if it is one.
    pub id: NodeId,
    /// The name people read.
    pub name: String,
    /// The public base address, if the node has one.
    #[serde(default)]
    pub url: Option<String>,
    /// A functional address that people may write to.
    #[serde(default)]
    pub contact: Option<String>,
    /// Where the node listens, behind a reverse proxy.
    pub listen: SocketAddr,
    /// Allows peers on this machine and plain HTTP: for tests and demos only.
    #[serde(default)]
    pub allow_loopback: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(default = "loopback")]
    pub trusted_proxies: Vec<Network>,
    /// How much is written to the log.
    #[serde(default)]
    pub log: Log,
    /// Megabytes that stay free on the disk; less is an alarm.
    #[serde(default = "disk_reserve_mb")]
    pub disk_reserve_mb: u64,
    /// How others' feeds are read.
    #[serde(default)]
    pub sync: Sync,
    /// How much is served to whom.
    #[serde(default)]
    pub limits: Limits,
    /// How the pages look.
    #[serde(default)]
    pub branding: Branding,
    /// What the law wants the pages to say.
    #[serde(default)]
    pub legal: Legal,
    /// Which websites may show our results inside of their pages.
    #[serde(default)]
    pub embedding: Embedding,
    /// The registers that are believed, the first before the second.
    #[serde(default)]
    pub anchors: Vec<Anchor>,
    /// Nodes that are never followed, whoever lists them.
    #[serde(default)]
    pub blocks: Vec<NodeId>,
    /// The nodes whose feeds are read under a key that was given by hand, whatever a register says.
    #[serde(default)]
    pub peers: Vec<Peer>,
}

/// How much is written to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the levels every log has")]
pub enum Log {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
}

/// How others' feeds are read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sync {
    /// Seconds between two questions to the same peer, 5 to 86,400.
    pub interval_s: u64,
    /// Passes on news about the nodes it follows.
    pub relay: bool,
}

impl Default for Sync {
    fn default() -> Self {
        Self { interval_s: 60, relay: false }
    }
}

/// How much is served to whom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections at a time, 8 to 65,536.
    pub connections: usize,
    /// Requests a second from one client network on average; four times as many at once.
    pub requests_per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 512, requests_per_second: 50 }
    }
}

/// A node whose feed is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Its official key.
    pub id: NodeId,
    /// Where it lives; without it the feed is read through relays only.
    #[serde(default)]
    pub url: Option<String>,
    /// The key its feed is signed with.
    pub key: VerifierKey,
    /// Its copies of other nodes' feeds may be used.
    #[serde(default)]
    pub relay: bool,
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there, or the system refuses it.
    #[error("{path} lässt sich nicht lesen ({error}). {}", advice(error))]
    Missing {
        /// Which file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The text is no TOML, or an option is unknown or malformed.
    #[error("{path}, Zeile {line}, Spalte {column}: {message}\n{hint}")]
    Syntax {
        /// Which file.
        path: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser expected.
        message: String,
        /// What to do.
        hint: String,
    },
    /// An option has a value that cannot work.
    #[error("node.toml, Option `{option}`: {rule}")]
    Value {
        /// Which option.
        option: String,
        /// What would do.
        rule: String,
    },
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Missing { path: name.clone(), error })?;
        let mut config = Self::parse(&text, &name)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        config.branding.read(folder)?;
        config.legal.read(folder)?;
        Ok(config)
    }

    /// Returns the public base address without a slash at its end, if the node has one: what a path is put behind.
    ///
    /// Nothing is guessed from what a request says.
    #[must_use]
    pub fn base(&self) -> Option<&str> {
        self.url.as_deref().map(|url| url.trim_end_matches('/'))
    }

    /// Parses and checks a text; `path` is what the error names.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Syntax`] or [`ConfigError::Value`].
    pub fn parse(text: &str, path: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| syntax(text, path, &error))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        text::check_line(&self.name, 120).map_err(|error| value("name", reason::text(&error)))?;
        if let Some(contact) = &self.contact {
            check_contact(contact)?;
        }
        if let Some(url) = &self.url {
            check_url("url", url, self.allow_loopback)?;
        }
        if !(5..=86_400).contains(&self.sync.interval_s) {
            return Err(value("sync.interval_s", "5 bis 86400 Sekunden sind möglich".to_owned()));
        }
        if !(8..=65_536).contains(&self.limits.connections) {
            return Err(value("limits.connections", "8 bis 65536 sind möglich".to_owned()));
        }
        if self.limits.requests_per_second == 0 {
            return Err(value("limits.requests_per_second", "mindestens 1".to_owned()));
        }
        self.branding.check()?;
        self.embedding.check(self.allow_loopback)?;
        let mut seen = std::collections::BTreeSet::new();
        for peer in &self.peers {
            peer.check(&self.id, self.allow_loopback)?;
            if !seen.insert(&peer.id) {
                return Err(value("peers", format!("{} steht zweimal in der Liste", peer.id)));
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        for anchor in &self.anchors {
            anchor.check(&self.id, self.allow_loopback)?;
            if !seen.insert(&anchor.id) {
                return Err(value("anchors", format!("{} steht zweimal in der Liste", anchor.id)));
            }
        }
        if self.blocks.contains(&self.id) {
            return Err(value("blocks", "das ist dieser Knoten selbst".to_owned()));
        }
        Ok(())
    }

    /// Returns the anchor with this id.
    #[must_use]
    pub fn anchor(&self, id: &NodeId) -> Option<&Anchor> {
        self.anchors.iter().find(|anchor| anchor.id == *id)
    }

    /// Returns the peer with this id.
    #[must_use]
    pub fn peer(&self, id: &NodeId) -> Option<&Peer> {
        self.peers.iter().find(|peer| peer.id == *id)
    }
}

impl Peer {
    /// Checks what a peer must be to be followed by `own`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Value`].
    pub fn check(&self, own: &NodeId, allow_loopback: bool) -> Result<(), ConfigError> {
        let option = format!("peers[{}]", self.id);
        if self.id == *own {
            let rule = "das ist dieser Knoten selbst; tragen Sie nur andere Knoten ein";
            return Err(value(&option, rule.to_owned()));
        }
        if *self.key.node() != self.id {
            let rule = format!(
                "der Schlüssel gehört zu {}; Kennung und Schlüssel müssen zum selben Knoten gehören",
                self.key.node()
            );
            return Err(value(&format!("{option}.key"), rule));
        }
        match &self.url {
            Some(url) => check_url(&format!("{option}.url"), url, allow_loopback),
            None => Ok(()),
        }
    }
}

fn check_contact(contact: &str) -> Result<(), ConfigError> {
    let shaped = text::check_line(contact, 200).is_ok()
        && contact
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        && !contact.contains(char::is_whitespace);
    if shaped {
        Ok(())
    } else {
        let rule = "eine Funktionsadresse wie ehrenamt@stadt.example wird erwartet";
        Err(value("contact", rule.to_owned()))
    }
}

/// Checks a base address: https, no path parameters, no address literal unless tests allow it.
///
/// # Errors
///
/// [`ConfigError::Value`].
pub fn check_url(option: &str, url: &str, allow_loopback: bool) -> Result<(), ConfigError> {
    let rule = |rule: &str| Err(value(option, format!("{rule} (angegeben ist {url:?})")));
    let Ok(parsed) = url.parse::<base::Base>() else {
        return rule("eine Adresse wie https://ehrenamt.stadt.example wird erwartet");
    };
    if !parsed.https && !allow_loopback {
        return rule(
            "die Adresse muss mit https:// beginnen; für Versuche auf diesem Rechner erlaubt allow_loopback auch http://127.0.0.1",
        );
    }
    if parsed.literal && !(allow_loopback && parsed.loopback) {
        return rule(if allow_loopback {
            "ein Rechnername wird erwartet; von den IP-Adressen nur die dieses Rechners (127.0.0.1)"
        } else {
            "ein Rechnername wird erwartet, keine IP-Adresse"
        });
    }
    Ok(())
}

/// The little of an address that is needed to judge it.
mod base {
    use std::net::IpAddr;
    use std::str::FromStr;

    /// The parts of a base address that decide whether it may be used.
    pub(super) struct Base {
        pub(super) https: bool,
        pub(super) literal: bool,
        pub(super) loopback: bool,
    }

    impl FromStr for Base {
        type Err = ();

        fn from_str(url: &str) -> Result<Self, ()> {
            let (https, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
                (Some(rest), _) => (true, rest),
                (_, Some(rest)) => (false, rest),
                _ => return Err(()),
            };
            let authority = rest.split('/').next().unwrap_or_default();
            let plain = !authority.is_empty()
                && authority.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
                && !rest.contains(['?', '#', ' ', '\\', '"', '<', '>']);
            if !plain {
                return Err(());
            }
            let host = match authority.strip_prefix('[') {
                Some(rest) => rest.split(']').next().unwrap_or_default(),
                None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
            };
            // 127.1, 0x7f.1 and 2130706433 are addresses to a resolver: a name has a letter in its last label.
            let last = host.rsplit('.').next().unwrap_or_default();
            let numeric = last.bytes().next().is_none_or(|byte| byte.is_ascii_digit());
            let address = host.parse::<IpAddr>().ok();
            let loopback = address.is_some_and(|address| address.is_loopback());
            Ok(Self { https, literal: numeric || address.is_some(), loopback })
        }
    }
}

const fn disk_reserve_mb() -> u64 {
    200
}

fn loopback() -> Vec<Network> {
    ["127.0.0.0/8", "::1/128"].iter().filter_map(|text| text.parse().ok()).collect()
}

/// Says what to do about a file that cannot be read.
fn advice(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            "Legen Sie den Knoten mit `engagement-node init --dir …` an."
        }
        std::io::ErrorKind::InvalidData => {
            "Speichern Sie die Datei als Text in der Kodierung UTF-8."
        }
        _ => "Prüfen Sie, ob das Programm die Datei lesen darf.",
    }
}

fn value(option: &str, rule: String) -> ConfigError {
    ConfigError::Value { option: option.to_owned(), rule }
}

fn syntax(text: &str, path: &str, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let (message, hint) = reason::german(error.message());
    ConfigError::Syntax { path: path.to_owned(), line, column, message, hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str =
        "id = \"05558012\"\nname = \"Stadt Coesfeld\"\nlisten = \"127.0.0.1:8001\"\n";

    fn parse(more: &str) -> Result<Config, ConfigError> {
        Config::parse(&format!("{MINIMAL}{more}"), "node.toml")
    }

    #[test]
    fn the_minimum_is_enough() {
        let config = parse("").unwrap();
        assert_eq!(config.sync.interval_s, 60);
        assert!(!config.allow_loopback);
        assert_eq!(config.trusted_proxies.len(), 2);
        assert_eq!(config.disk_reserve_mb, 200);
    }

    #[test]
    fn names_line_and_column_of_a_mistake() {
        let Err(ConfigError::Syntax { line, column, .. }) = parse("log = info\n") else { panic!() };
        assert_eq!((line, column), (4, 7));
        let error = parse("lisen = 1\n").unwrap_err().to_string();
        assert!(error.contains("Zeile 4") && error.contains("gibt es hier nicht"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_text_is_told_from_one_that_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("node.toml");
        let missing = Config::read(&path).unwrap_err().to_string();
        assert!(missing.contains("init"), "{missing}");
        std::fs::write(&path, b"name = \"D\xfclmen\"\n").unwrap();
        let latin = Config::read(&path).unwrap_err().to_string();
        assert!(latin.contains("UTF-8") && !latin.contains("init"), "{latin}");
    }

    #[test]
    fn refuses_addresses_that_lead_elsewhere() {
        for url in [
            "http://stadt.example",
            "https://127.0.0.1",
            "https://[::1]",
            "https://0x7f.1",
            "https://2130706433",
            "https://a b.example",
            "ftp://stadt.example",
            "https://user@stadt.example",
        ] {
            assert!(parse(&format!("url = {url:?}\n")).is_err(), "{url}");
        }
        assert!(parse("url = \"https://ehrenamt.stadt.example/netz\"\n").is_ok());
        let tried = |url: &str| parse(&format!("allow_loopback = true\nurl = {url:?}\n"));
        assert!(tried("http://127.0.0.1:1").is_ok());
        assert!(tried("http://[::1]:1").is_ok());
        assert!(tried("http://localhost:1").is_ok());
        // A trial on one machine does not reach into the town's network either.
        for url in ["http://10.0.0.1", "http://192.168.0.1:80", "http://0x7f.1", "http://[fe80::1]"]
        {
            assert!(tried(url).is_err(), "{url}");
        }
    }

    #[test]
    fn the_shipped_configurations_load() {
        for (name, text) in [
            ("node.example.toml", include_str!("../../config/node.example.toml")),
            ("kreis-coesfeld.toml", include_str!("../../config/kreis-coesfeld.toml")),
            ("land-nrw.toml", include_str!("../../config/land-nrw.toml")),
        ] {
            let config = Config::parse(text, name).unwrap_or_else(|error| panic!("{error}"));
            assert!(!config.allow_loopback, "{name} is for production");
        }
        let kreis = Config::parse(include_str!("../../config/kreis-coesfeld.toml"), "").unwrap();
        let towns = kreis.peers.iter().filter(|peer| kreis.id.ags().contains(&peer.id.ags()));
        assert_eq!(towns.count(), 11, "the Kreis follows its eleven towns");
        assert!(kreis.sync.relay);
    }
}
