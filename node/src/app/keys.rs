//! Our own key, and how another takes its place: planned, with both signing for a week, or at once.
//!
//! That our last states have yet to be signed by the new key is written down first, then the key file is
//! replaced, then they are signed. Whatever comes in between, a crash or a clock that is doubted, leaves a node that
//! signs them anew before it signs anything else. What peers tell of us under the key before counts no more from
//! the moment on in which the key is another: whoever judges it and whoever changes the key wait for each other.

use std::sync::{Arc, PoisonError};

use engagement_protocol::document::Document;
use engagement_protocol::head::Head;
use engagement_protocol::id::Feed;
use engagement_protocol::key::{SigningKey, VerifierKey};
use engagement_protocol::limits::KEY_OVERLAP;
use engagement_protocol::seal::SealKey;
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;

use super::{App, OpenError};
use crate::clock::Clock;
use crate::config::Config;
use crate::config::directory::DirectoryError;
use crate::entropy::seed;
use crate::feed::FeedError;
use crate::store::audit::Actor;
use crate::store::feed::FeedState;
use crate::store::{Durability, StoreError};

/// What signs for this node.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The key, and the one before it while both sign.
    pub key: SigningKey,
    /// When the key before ends.
    pub until: Option<Timestamp>,
}

/// How the key changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Both sign for a while.
    Planned,
    /// The key before is lost or stolen.
    Lost,
    /// The key before ends as planned.
    Ended,
}

impl Change {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Lost => "lost",
            Self::Ended => "ended",
        }
    }
}

/// Why the key was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// A planned rotation is under way.
    #[error(
        "Der letzte Wechsel läuft noch bis {0}: So lange gelten der alte und der neue Schlüssel. Ist der neue verloren oder gestohlen, nehmen Sie --lost."
    )]
    UnderWay(Timestamp),
    /// The key file cannot be replaced.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing may be signed now, or our last states are damaged.
    #[error(transparent)]
    Feed(#[from] FeedError),
}

impl App {
    /// Returns what signs for this node.
    #[must_use]
    pub fn signer(&self) -> Arc<Signer> {
        Arc::clone(&self.inner.signer.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the key that our feeds are signed with.
    #[must_use]
    pub fn key(&self) -> VerifierKey {
        self.signer().key.verifier().clone()
    }

    /// Puts a new key in the place of ours, and signs everything again: together with the one before for
    /// seven days, or, if that is `lost` or stolen, alone. What cannot be signed at this moment is signed as soon as
    /// anything may be.
    ///
    /// # Errors
    ///
    /// [`RotateError`].
    pub async fn rotate_key(&self, lost: bool) -> Result<VerifierKey, RotateError> {
        let _alone = self.inner.settling.lock().await;
        let (signer, now) = (self.signer(), self.clock().now());
        if let Some(until) = signer.until.filter(|_| !lost) {
            return Err(RotateError::UnderWay(until));
        }
        if !lost {
            // Before anything is changed: what cannot be signed now is not begun.
            self.inner.publishing.may_sign()?;
        }
        let fresh = SigningKey::from_seed(self.node().clone(), &seed(self.inner.entropy.as_ref()));
        let next = match lost {
            true => Signer { key: fresh, until: None },
            false => {
                let key = fresh.after(signer.key.clone()).expect("both keys are this node's");
                Signer { key, until: Some(now.plus(KEY_OVERLAP)) }
            }
        };
        let verifier = next.key.verifier().clone();
        self.sign_with(next, if lost { Change::Lost } else { Change::Planned }).await?;
        Ok(verifier)
    }

    /// Lets the new key sign alone when the seven days are over, by a clock that others vouch for: behind one that has
    /// jumped, whoever has not heard of the new key yet would never hear of it.
    pub(super) async fn end_rotation(&self) -> Result<(), OpenError> {
        let _alone = self.inner.settling.lock().await;
        let (signer, now, monotonic) =
            (self.signer(), self.clock().now(), self.clock().monotonic());
        let is_over = signer.until.is_some_and(|until| now >= until);
        if !is_over || !self.gate().vouches(now, monotonic) {
            return Ok(());
        }
        let alone = Signer { key: signer.key.clone().alone(), until: None };
        if let Err(error) = self.sign_with(alone, Change::Ended).await {
            tracing::warn!(%error, "the key before still signs");
        }
        Ok(())
    }

    async fn sign_with(&self, signer: Signer, change: Change) -> Result<(), RotateError> {
        {
            let _alone = self.inner.keying.lock().await;
            let (now, key) = (self.clock().now(), signer.key.verifier().to_string());
            let object = self.node().to_string();
            let written = self.store().write(Durability::Full, move |tx| {
                if change == Change::Lost {
                    // Somebody else's signatures belonged to the key before, and so do the numbers of receipts.
                    tx.set_elsewhere(None)?;
                    tx.forget_all_receipts()?;
                }
                let before = tx.renewing()?;
                tx.set_renewing(Some(&key))?;
                tx.audit(now, &Actor::Operator, "rotate_key", &object, change.as_str())?;
                Ok::<_, StoreError>(before)
            });
            let before = written.await?;
            if let Err(error) = self.inner.directory.replace_key(&signer.key, signer.until) {
                // The key stays as it is, and with it what is due under it.
                let kept = self
                    .store()
                    .write(Durability::Full, move |tx| tx.set_renewing(before.as_deref()));
                kept.await?;
                return Err(error.into());
            }
            if change == Change::Lost {
                self.inner.permit.rekeyed();
            }
            self.inner.publishing.sign_with(signer.key.clone());
            *self.inner.signer.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(signer);
        }
        self.renew_document();
        // What is pending goes into the same transaction: rows of a thief that were adopted and disowned are never
        // signed by the new key.
        if let Err(error) = self.publish().await {
            tracing::warn!(%error, "not published under the new key yet");
        }
        match self.inner.publishing.renew().await {
            Err(error) if !error.is_transient() => return Err(error.into()),
            // It is done as soon as anything is signed.
            Err(_) => return Ok(()),
            Ok(_) => {}
        }
        let node = self.node().clone();
        let ours = self.store().read(move |tx| {
            let feeds = [Feed::Offers, Feed::Members, Feed::Heads];
            feeds.into_iter().map(|feed| tx.feed(&node, feed)).collect::<Result<Vec<_>, _>>()
        });
        let ours: Vec<Option<FeedState>> = ours.await?;
        ours.into_iter().flatten().for_each(|state| self.tell_soon(state.head));
        Ok(())
    }

    /// Returns whether `head`, which a peer has told, is signed by a key that is ours now.
    pub(super) fn is_own(&self, head: &Verified<Head>) -> bool {
        let keys = self.signer().key.verifiers();
        Head::verify_held(head.bytes(), self.node(), head.feed, &keys).is_ok()
    }

    /// Signs the node document again: keys or feeds are others now.
    pub(super) fn renew_document(&self) {
        let (config, signer) = (self.config(), self.signer());
        let register = self.store().read_here(|tx| tx.members()).is_ok_and(|rows| !rows.is_empty());
        let (seal, clock) = (self.inner.seal.clone(), self.clock());
        let document = document(&config, &signer.key, seal, register, clock).sign(&signer.key);
        let mut held = self.inner.document.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::new(document.bytes().to_vec());
    }
}

/// Returns what this node says of itself; the first key is the one it signs with from now on.
#[must_use]
pub fn document(
    config: &Config,
    key: &SigningKey,
    seal: SealKey,
    register: bool,
    clock: &dyn Clock,
) -> Document {
    let members = register.then_some(Feed::Members);
    // Who relays recommends itself: nodes below it choose it where their operator has chosen nobody.
    let own = config.sync.relay.then(|| config.id.clone());
    let chosen = config.peers.iter().filter(|peer| peer.relay).map(|peer| peer.id.clone());
    let feeds = [Feed::Offers].into_iter().chain(members).chain([Feed::Heads]);
    Document {
        node: config.id.clone(),
        name: config.name.clone(),
        urls: config.url.iter().cloned().collect(),
        keys: key.verifiers(),
        seal: Some(seal),
        feeds: feeds.map(|feed| feed.as_str().to_owned()).collect(),
        relays: own.into_iter().chain(chosen).collect(),
        contact: config.contact.clone(),
        software: Some(concat!("engagement-node/", env!("CARGO_PKG_VERSION")).to_owned()),
        issued: clock.now(),
    }
}
