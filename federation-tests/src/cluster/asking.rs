//! What a test asks a node of the cluster: through its pages, its database, its operator's eyes.

use std::collections::{BTreeMap, BTreeSet};

use engagement_node::app::status::Status;
use engagement_node::store::StoreError;
use engagement_node::store::contact::Contact;
use engagement_node::store::feed::FeedState;
use engagement_protocol::id::{Feed, NodeId};
use reqwest::Method;

use super::Cluster;
use crate::http::{self, Answer};

impl Cluster {
    /// Returns what `at` knows of how the feed of `of` was reached.
    #[must_use]
    pub fn contact(&self, at: usize, of: &NodeId) -> Contact {
        self.app(at).sync().contacts(Feed::Offers).get(of).cloned().unwrap_or_default()
    }

    /// Returns why `at` could not follow `of` last; empty if it could.
    #[must_use]
    pub fn error(&self, at: usize, of: &NodeId) -> String {
        self.contact(at, of).error.unwrap_or_default()
    }

    /// Returns the state that `at` holds of a feed.
    pub async fn state(&self, at: usize, of: &NodeId) -> Option<FeedState> {
        let of = of.clone();
        let read = self.app(at).store().read(move |tx| tx.feed(&of, Feed::Offers));
        read.await.expect("the state is read")
    }

    /// Returns the number of the state that `at` holds of a feed.
    pub async fn seq(&self, at: usize, of: &NodeId) -> Option<u64> {
        self.state(at, of).await.map(|state| state.seq)
    }

    /// Returns what an operator of `at` is told.
    pub async fn status(&self, at: usize) -> Status {
        let app = self.app(at);
        let (config, contacts, now) =
            (app.config(), app.sync().contacts(Feed::Offers), app.clock().now());
        let keys = app.signer().key.verifiers();
        let read =
            app.store().read(move |tx| Status::read(tx, (&config, &keys), Some(&contacts), now));
        let read = read.await;
        read.expect("the status is read")
    }

    /// Asks a node over HTTP.
    pub async fn get(&self, at: usize, path: &str) -> Answer {
        let url = format!("{}{path}", self.url(at));
        let answer = http::ask(&self.client, Method::GET, &url, &[], Vec::new()).await;
        answer.expect("the node answers")
    }

    /// Sends a node a note over HTTP.
    pub async fn post(&self, at: usize, path: &str, body: Vec<u8>) -> Answer {
        let url = format!("{}{path}", self.url(at));
        let answer = http::ask(&self.client, Method::POST, &url, &[], body).await;
        answer.expect("the node answers")
    }

    /// Returns the titles that a search on `at` finds, over HTTP and all pages.
    pub async fn titles(&self, at: usize, words: &str) -> BTreeSet<String> {
        let mut titles = BTreeSet::new();
        let mut next = Some(format!("/api/v1/opportunities?limit=100&q={words}"));
        while let Some(path) = next {
            let answer = self.get(at, &path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            let page = answer.json();
            let data =
                page.get("data").and_then(|data| data.as_array()).expect("a page of results");
            let titled = data.iter().filter_map(|item| item.get("title")?.as_str());
            titles.extend(titled.map(str::to_owned));
            next = page.pointer("/links/next").and_then(|next| next.as_str()).map(str::to_owned);
        }
        titles
    }

    /// Returns complete and all nodes of a search on `at`, and the reasons of the missing ones.
    pub async fn coverage(&self, at: usize) -> (u64, u64, Vec<String>) {
        let answer = self.get(at, "/api/v1/coverage").await.json();
        let number = |name: &str| answer.get(name).and_then(serde_json::Value::as_u64);
        let missing = answer.get("missing").and_then(|missing| missing.as_array()).cloned();
        let reason = |one: &serde_json::Value| Some(one.get("reason")?.as_str()?.to_owned());
        let missing = missing.unwrap_or_default().iter().filter_map(reason).collect();
        (number("complete").unwrap_or(0), number("nodes").unwrap_or(0), missing)
    }

    /// Proves from stored bytes that every node holds only what its origins signed, and that its search
    /// index holds exactly the opportunities among them.
    pub async fn check(&self) {
        for node in &self.nodes {
            let proof = node.proof();
            assert!(proof.holds(), "{}: {:?}", node.id, proof.broken);
            let Some(running) = &node.running else { continue };
            let app = &running.app;
            let (opportunities, last, removals) = app
                .store()
                .read(|tx| {
                    let mut opportunities = 0;
                    for state in tx.feeds()?.iter().filter(|state| state.feed == Feed::Offers) {
                        if tx.is_hidden(&state.node)? {
                            continue;
                        }
                        opportunities += tx.counts(&state.node, state.feed)?.opportunities;
                    }
                    Ok::<_, StoreError>((opportunities, tx.last_change()?, tx.has_removals()?))
                })
                .await
                .expect("the counts are read");
            assert_eq!(app.index().applied(), last, "{}: the index is behind", node.id);
            assert_eq!(app.index().len(), opportunities, "{}: the index misses some", node.id);
            assert!(!removals, "{}: removals pile up that the index has applied", node.id);
        }
    }

    /// What every running node holds, as (holder, origin, feed) and (number, head).
    pub(super) async fn states(&self) -> BTreeMap<(usize, NodeId, Feed), (u64, Vec<u8>)> {
        let mut states = BTreeMap::new();
        for at in self.up() {
            let feeds = self.app(at).store().read(|tx| tx.feeds()).await.expect("feeds are read");
            let named = |state: FeedState| ((at, state.node, state.feed), (state.seq, state.head));
            states.extend(feeds.into_iter().map(named));
        }
        states
    }
}
