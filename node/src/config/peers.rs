//! Adds and removes peers in `node.toml` without touching the operator's comments and order.

use engagement_protocol::id::NodeId;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::Peer;

/// Returns `text` with `peer` added, or replaced if its id is there already.
///
/// # Errors
///
/// The parser's error if `text` is no TOML.
pub fn with(text: &str, peer: &Peer) -> Result<String, toml_edit::TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let peers = tables(&mut document);
    peers.retain(|table| !is(table, &peer.id));
    let mut table = Table::new();
    table.insert("id", value(peer.id.as_str()));
    if let Some(url) = &peer.url {
        table.insert("url", value(url.as_str()));
    }
    table.insert("key", value(peer.key.to_string()));
    if peer.relay {
        table.insert("relay", value(true));
    }
    peers.push(table);
    Ok(document.to_string())
}

/// Returns `text` without the peer, or nothing if it was not there.
///
/// # Errors
///
/// The parser's error if `text` is no TOML.
pub fn without(text: &str, id: &NodeId) -> Result<Option<String>, toml_edit::TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let peers = tables(&mut document);
    let before = peers.len();
    peers.retain(|table| !is(table, id));
    Ok((peers.len() < before).then(|| document.to_string()))
}

fn is(table: &Table, id: &NodeId) -> bool {
    table.get("id").and_then(Item::as_str) == Some(id.as_str())
}

fn tables(document: &mut DocumentMut) -> &mut ArrayOfTables {
    let item = document.entry("peers").or_insert(Item::None);
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

    #[test]
    fn keeps_what_the_operator_wrote() {
        let text = include_str!("../../../config/node.example.toml");
        let before = Config::parse(text, "").unwrap();
        let id: NodeId = "05334002".parse().unwrap();
        let key = SigningKey::from_seed(id.clone(), &[1; 32]).verifier().clone();
        let url = Some("https://aachen.example".to_owned());
        let peer = Peer { id: id.clone(), url, key, relay: true };
        let added = with(text, &peer).unwrap();
        let after = Config::parse(&added, "").unwrap();
        assert_eq!(after.peer(&id), Some(&peer));
        assert_eq!(after.peers.len(), before.peers.len() + 1);
        assert!(text.lines().filter(|line| line.starts_with('#')).all(|line| added.contains(line)));
        assert_eq!(
            with(&added, &peer).map(|text| Config::parse(&text, "").unwrap()).unwrap(),
            after
        );
        let removed = without(&added, &id).unwrap().unwrap();
        assert_eq!(Config::parse(&removed, "").unwrap(), before);
        assert_eq!(without(&removed, &id).unwrap(), None);
    }
}
