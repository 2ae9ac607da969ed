//! One opportunity as pages and answers show it: the record, whose it is, where its own page is.

use std::collections::BTreeMap;

use engagement_protocol::document::Document;
use engagement_protocol::id::{Feed, NodeId, RecordId};
use engagement_protocol::opportunity::{Opportunity, Record};

use super::App;
use super::coverage::name_of;
use crate::store::draft::{self, Draft};
use crate::store::record::Stored;
use crate::store::{ReadTx, StoreError};

/// An opportunity that may be shown, and its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The record.
    pub record: Opportunity,
    /// Its origin.
    pub origin: Origin,
}

/// A node as people meet it on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Which node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Its functional address.
    pub contact: Option<String>,
    /// Its base address.
    pub url: Option<String>,
    /// Whether it is this node.
    pub is_own: bool,
}

/// What became of an opportunity that is asked for by its permanent address.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// It can be shown.
    Shown(Box<Shown>),
    /// It has passed its last day, or is not live any more.
    Over(Box<Shown>),
    /// It was this node's own, and is published no longer; nothing of its text is kept.
    Gone,
    /// This node does not have it.
    Unknown,
}

impl Shown {
    /// Returns the permanent address of the opportunity at its origin, if the origin has one.
    #[must_use]
    pub fn page(&self) -> Option<String> {
        let base = self.origin.url.as_deref()?.trim_end_matches('/');
        Some(format!("{base}/angebot/{}/{}", self.origin.node, self.record.id))
    }
}

impl App {
    /// Returns one opportunity.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn opportunity(&self, node: NodeId, id: RecordId) -> Result<Lookup, StoreError> {
        use engagement_protocol::opportunity::Status;
        let today = self.clock().now().day();
        let app = self.clone();
        self.store()
            .read(move |tx| {
                let Some(stored) = tx.record(&node, Feed::Offers, &id)? else {
                    // A copy leaves no trace when it goes; only its origin can tell gone from never.
                    let own = if node == *app.node() { tx.draft(&id)? } else { None };
                    let gone =
                        |own: &Draft| own.status != draft::Status::Live || own.valid_until < today;
                    return Ok(if own.as_ref().is_some_and(gone) {
                        Lookup::Gone
                    } else {
                        Lookup::Unknown
                    });
                };
                let mut origins = Origins::new(&app);
                let Some(shown) = origins.show(tx, &stored)? else { return Ok(Lookup::Unknown) };
                let live = shown.record.status == Status::Live && shown.record.is_valid_on(today);
                let shown = Box::new(shown);
                Ok(if live { Lookup::Shown(shown) } else { Lookup::Over(shown) })
            })
            .await
    }
}

/// Looks up each origin once for a page of results.
pub(super) struct Origins<'a> {
    app: &'a App,
    known: BTreeMap<NodeId, Origin>,
}

impl<'a> Origins<'a> {
    pub(super) const fn new(app: &'a App) -> Self {
        Self { app, known: BTreeMap::new() }
    }

    /// Returns the stored record with its origin, or nothing if it is no opportunity.
    pub(super) fn show(
        &mut self,
        tx: &ReadTx<'_>,
        stored: &Stored,
    ) -> Result<Option<Shown>, StoreError> {
        self.with_origin(tx, stored, Record::read(&stored.line))
    }

    /// Returns what a search has found with its origin: the index knows nothing but opportunities.
    pub(super) fn show_found(
        &mut self,
        tx: &ReadTx<'_>,
        stored: &Stored,
    ) -> Result<Option<Shown>, StoreError> {
        self.with_origin(tx, stored, Record::read_again(&stored.line))
    }

    fn with_origin(
        &mut self,
        tx: &ReadTx<'_>,
        stored: &Stored,
        record: Record,
    ) -> Result<Option<Shown>, StoreError> {
        let Record::Opportunity(record) = record else { return Ok(None) };
        let origin = match self.known.get(&stored.node) {
            Some(origin) => origin.clone(),
            None => {
                let origin = self.origin(tx, &stored.node)?;
                self.known.insert(stored.node.clone(), origin.clone());
                origin
            }
        };
        Ok(Some(Shown { record: *record, origin }))
    }

    fn origin(&self, tx: &ReadTx<'_>, node: &NodeId) -> Result<Origin, StoreError> {
        let config = self.app.config();
        if node == self.app.node() {
            return Ok(Origin {
                node: node.clone(),
                name: config.name.clone(),
                contact: config.contact.clone(),
                url: config.url.clone(),
                is_own: true,
            });
        }
        let peer = config.peer(node);
        // Verified when it was stored, and deleted with the key it was verified under.
        let document = match tx.document(node)? {
            Some(note) => Document::peek(&note).ok(),
            None => None,
        };
        let web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        let url = document.as_ref().and_then(|document| document.urls.iter().find(|url| web(url)));
        Ok(Origin {
            node: node.clone(),
            name: document.as_ref().map_or_else(|| name_of(node), |doc| doc.name.clone()),
            contact: document.as_ref().and_then(|document| document.contact.clone()),
            url: url.cloned().or_else(|| peer.and_then(|peer| peer.url.clone())),
            is_own: false,
        })
    }
}
