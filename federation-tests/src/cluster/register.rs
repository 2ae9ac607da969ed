//! Registers in a cluster: who keeps one, who believes it, who is blocked.

use engagement_node::config::anchors::Anchor;
use engagement_node::store::register::Member;
use engagement_node::store::{Durability, StoreError};
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::register::{Row, Status};

use super::Cluster;

impl Cluster {
    /// Makes `at` believe `of` as a register, after those it believes already.
    pub async fn believe(&mut self, at: usize, of: usize) {
        let anchor = Anchor {
            id: self.id(of).clone(),
            url: Some(self.url(of).to_owned()),
            key: Some(self.app(of).key()),
            recovery: None,
            relay: false,
        };
        self.believe_anchor(at, anchor).await;
    }

    /// Makes `at` believe this anchor, in the place of one with the same id.
    pub async fn believe_anchor(&mut self, at: usize, anchor: Anchor) {
        let anchors = &mut self.node_mut(at).anchors;
        match anchors.iter_mut().find(|known| known.id == anchor.id) {
            Some(known) => *known = anchor,
            None => anchors.push(anchor),
        }
        self.introduce(at).await;
    }

    /// Makes `at` follow nobody of these, whoever lists them.
    pub async fn block(&mut self, at: usize, ids: &[NodeId]) {
        self.node_mut(at).blocks = ids.to_vec();
        self.introduce(at).await;
    }

    /// Returns the row that a register would have of a node of this cluster.
    #[must_use]
    pub fn row(&self, of: usize) -> Row {
        Row {
            id: self.id(of).clone(),
            name: format!("Stadt {}", self.id(of)),
            keys: vec![self.app(of).key()],
            url: Some(self.url(of).to_owned()),
            status: Status::Active,
            register: false,
            successor: None,
        }
    }

    /// Puts rows into the register of `at` and publishes it.
    pub async fn list(&self, at: usize, rows: &[Row]) {
        let (now, rows) = (self.node(at).clock_now(), rows.to_vec());
        let put = self.app(at).store().write(Durability::Full, move |tx| {
            rows.into_iter()
                .try_for_each(|row| tx.put_member(&Member { row, keys_until: None }, now))
        });
        put.await.expect("the rows are put");
        self.app(at).publish_register().await.expect("the register is published");
    }

    /// Returns the rows that the register of `at` holds of a node.
    pub async fn listed(&self, at: usize, id: &NodeId) -> Option<Row> {
        let members = self.app(at).store().read(|tx| tx.members()).await.expect("it is read");
        members.into_iter().map(|member| member.row).find(|row| row.id == *id)
    }

    /// Returns whether `at` holds records of the offers of `of`, shown or not.
    pub async fn keeps(&self, at: usize, of: &NodeId) -> bool {
        let of = of.clone();
        let counts = self.app(at).store().read(move |tx| tx.counts(&of, Feed::Offers)).await;
        counts.expect("the counts are read").opportunities > 0
    }

    /// Lets every running node do what the timetable does for registers and keys.
    pub async fn tend(&self) {
        for at in self.up() {
            self.app(at).tend_trust().await.expect("the node tends its trust");
            self.app(at).publish_register().await.expect("the register is published");
            drop(self.app(at).resign().await.expect("the heads are signed again"));
        }
    }

    /// Returns the keys under which `at` accepts the offers of `of` now.
    #[must_use]
    pub fn accepted_keys(&self, at: usize, of: &NodeId) -> Vec<VerifierKey> {
        self.app(at).sync().followed().keys(of, Feed::Offers).to_vec()
    }

    /// Confirms on `at` that the register has shrunk to this state.
    pub async fn confirm(&self, at: usize, register: &NodeId, seq: u64) {
        let register = register.clone();
        let confirm =
            self.app(at).store().write(Durability::Full, move |tx| tx.confirm(&register, seq));
        let confirmed: Result<(), StoreError> = confirm.await;
        confirmed.expect("it is confirmed");
        self.app(at).refollow().await.expect("the node settles");
    }
}

impl super::Node {
    fn clock_now(&self) -> engagement_protocol::time::Timestamp {
        engagement_node::clock::Clock::now(&self.clock)
    }
}
