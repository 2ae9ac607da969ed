//! Anchors: the registers that this node believes, in order; and how they are written into `node.toml`.

use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;
use serde::Deserialize;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::{ConfigError, check_url};

/// A register that is believed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Its official key.
    pub id: NodeId,
    /// Where it lives; without it its feeds are read through relays only.
    #[serde(default)]
    pub url: Option<String>,
    /// The key its feeds are signed with.
    #[serde(default)]
    pub key: Option<VerifierKey>,
    /// The offline key that says which keys it signs with now.
    #[serde(default)]
    pub recovery: Option<VerifierKey>,
    /// Its copies of other nodes' feeds may be used.
    #[serde(default)]
    pub relay: bool,
}

impl Anchor {
    /// Checks what an anchor must be for `own` to believe it.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Value`].
    pub fn check(&self, own: &NodeId, allow_loopback: bool) -> Result<(), ConfigError> {
        let option = format!("anchors[{}]", self.id);
        let refused = |rule: String| Err(super::value(&option, rule));
        if self.id == *own {
            return refused("das ist dieser Knoten selbst".to_owned());
        }
        if self.id.is_carrier() {
            let rule = "ein Träger führt kein Register; tragen Sie ihn unter [[peers]] ein";
            return refused(rule.to_owned());
        }
        if self.key.is_none() && self.recovery.is_none() {
            return refused("key oder recovery wird gebraucht".to_owned());
        }
        if let Some(key) = self.key.iter().chain(&self.recovery).find(|key| *key.node() != self.id)
        {
            return refused(format!("der Schlüssel gehört zu {}", key.node()));
        }
        match &self.url {
            Some(url) => check_url(&format!("{option}.url"), url, allow_loopback),
            None => Ok(()),
        }
    }
}

/// Returns `text` with `anchor` behind the others, or in its place if its id is there already.
///
/// # Errors
///
/// The parser's error if `text` is no TOML.
pub fn with(text: &str, anchor: &Anchor) -> Result<String, toml_edit::TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let anchors = tables(&mut document);
    let mut table = Table::new();
    table.insert("id", value(anchor.id.as_str()));
    if let Some(url) = &anchor.url {
        table.insert("url", value(url.as_str()));
    }
    if let Some(key) = &anchor.key {
        table.insert("key", value(key.to_string()));
    }
    if let Some(recovery) = &anchor.recovery {
        table.insert("recovery", value(recovery.to_string()));
    }
    if anchor.relay {
        table.insert("relay", value(true));
    }
    // The order is their rank: a changed anchor keeps its place.
    let at = anchors.iter().position(|known| is(known, &anchor.id));
    match at.and_then(|at| anchors.get_mut(at)) {
        Some(known) => {
            for name in ["url", "key", "recovery", "relay"] {
                known.remove(name);
            }
            for (name, item) in table.iter().filter(|(name, _)| *name != "id") {
                known.insert(name, item.clone());
            }
        }
        None => anchors.push(table),
    }
    Ok(document.to_string())
}

/// Returns `text` without the anchor, or nothing if it was not there.
///
/// # Errors
///
/// The parser's error if `text` is no TOML.
pub fn without(text: &str, id: &NodeId) -> Result<Option<String>, toml_edit::TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let anchors = tables(&mut document);
    let before = anchors.len();
    anchors.retain(|table| !is(table, id));
    Ok((anchors.len() < before).then(|| document.to_string()))
}

fn is(table: &Table, id: &NodeId) -> bool {
    table.get("id").and_then(Item::as_str) == Some(id.as_str())
}

fn tables(document: &mut DocumentMut) -> &mut ArrayOfTables {
    let item = document.entry("anchors").or_insert(Item::None);
    if !item.is_array_of_tables() {
        *item = Item::ArrayOfTables(ArrayOfTables::new());
    }
    item.as_array_of_tables_mut().expect("just made one")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use engagement_protocol::key::SigningKey;

    fn anchor(id: &str, seed: u8) -> Anchor {
        let id: NodeId = id.parse().unwrap();
        let key = SigningKey::from_seed(id.clone(), &[seed; 32]).verifier().clone();
        let url = Some(format!("https://{id}.example"));
        Anchor { id, url, key: Some(key), recovery: None, relay: true }
    }

    #[test]
    fn a_changed_anchor_keeps_its_rank() {
        let text = include_str!("../../../config/node.example.toml");
        let text = without(text, &"05".parse().unwrap()).unwrap().unwrap_or(text.to_owned());
        let two = with(&with(&text, &anchor("05558", 1)).unwrap(), &anchor("05", 1)).unwrap();
        let changed = with(&two, &anchor("05558", 2)).unwrap();
        let config = Config::parse(&changed, "").unwrap();
        assert_eq!(config.anchors, [anchor("05558", 2), anchor("05", 1)]);
        let less = without(&changed, &"05558".parse().unwrap()).unwrap().unwrap();
        assert_eq!(Config::parse(&less, "").unwrap().anchors, [anchor("05", 1)]);
        assert_eq!(without(&less, &"05558".parse().unwrap()).unwrap(), None);
        assert!(
            text.lines().filter(|line| line.starts_with('#')).all(|line| changed.contains(line))
        );
    }

    #[test]
    fn refuses_what_can_be_no_register() {
        let own = "05558012".parse().unwrap();
        assert!(anchor("05", 1).check(&own, false).is_ok());
        let carrier = anchor("05558.caritas", 1);
        let keyless = Anchor { key: None, ..anchor("05", 1) };
        let foreign = Anchor { key: anchor("06", 1).key, ..anchor("05", 1) };
        let plain = Anchor { url: Some("http://05.example".to_owned()), ..anchor("05", 1) };
        for refused in [carrier, keyless, foreign, plain, anchor("05558012", 1)] {
            assert!(refused.check(&own, false).is_err(), "{refused:?}");
        }
    }
}
