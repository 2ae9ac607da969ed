//! Whom this node follows now, settled again whenever a register, a key or the configuration has changed.
//!
//! Nothing is shown that does not verify under the keys settled last: copies under other keys are dropped
//! before [`App::refollow`] returns, suspended nodes leave the index with it.

use std::sync::{Arc, PoisonError};

use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::limits::KEY_OVERLAP;
use engagement_protocol::register::Status;
use engagement_protocol::register::settle::{Authority, Standing};
use engagement_protocol::slice::Line;
use engagement_protocol::time::Timestamp;

use super::{App, OpenError, own};
use crate::feed::FeedError;
use crate::store::audit::Actor;
use crate::store::register::Member;
use crate::store::{Durability, ReadTx, StoreError, WriteTx};
use crate::sync::trust::Trust;

impl App {
    /// Returns whom this node follows, and by whose word.
    #[must_use]
    pub fn trust(&self) -> Arc<Trust> {
        Arc::clone(&self.inner.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Settles again whom to follow, and follows them.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; then everything stays as it was, and the timetable tries again.
    pub async fn refollow(&self) -> Result<(), OpenError> {
        // One at a time: a slower one would put back what a faster one has settled since.
        let _alone = self.inner.settling.lock().await;
        let (config, now) = (self.config(), self.clock().now());
        let looking = Arc::clone(&config);
        let mut trust = self.store().read(move |tx| Trust::read(tx, &looking, now)).await?;
        if trust.is_news() {
            let deciding = Arc::clone(&config);
            let written = self.store().write(Durability::Full, move |tx| {
                let trust = Trust::read(tx, &deciding, now)?;
                trust.remember(tx)?;
                Ok::<_, StoreError>(trust)
            });
            trust = written.await?;
        }
        let followed = trust.followed(&config);
        self.inner.permit.follow(own::askable(&followed));
        if *self.sync().followed() != followed && self.sync().follow(followed).await? {
            self.purge_soon();
        }
        let keys = self.signer().key.verifiers();
        let before = alarms(&self.trust(), &keys);
        for alarm in alarms(&trust, &keys).iter().filter(|alarm| !before.contains(alarm)) {
            tracing::error!(reason = %alarm, "ALARM");
        }
        *self.inner.trust.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(trust);
        self.catch_up_index().await?;
        self.inner.wake.notify_one();
        Ok(())
    }

    /// Publishes our own register, if we keep one, and follows whom it lists.
    ///
    /// # Errors
    ///
    /// [`FeedError`]; the rows stay, and the timetable tries again.
    pub async fn publish_register(&self) -> Result<(), FeedError> {
        let keeps = self.store().read(|tx| tx.members().map(|members| !members.is_empty())).await?;
        if !keeps {
            return Ok(());
        }
        let now = self.clock().now();
        let published = self.inner.publishing.publish_rows(Feed::Members, move |tx| {
            tend(tx, now)?;
            rows(tx).map(Some)
        });
        if let Some(published) = published.await? {
            tracing::info!(seq = published.seq, changes = published.changes, "register published");
            self.tell_soon(published.head);
            self.renew_document();
            if let Err(error) = self.refollow().await {
                tracing::error!(%error, "register");
            }
        }
        Ok(())
    }

    /// Fetches what recovery keys say, settles again, and ends what has had its time.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn tend_trust(&self) -> Result<(), OpenError> {
        if self.sync().refresh_anchors().await? {
            tracing::info!("an anchor has appointed keys");
        }
        self.end_rotation().await?;
        self.refollow().await
    }
}

/// Brings our own register up to date: a member's key that has passed on, and keys whose seven days are over.
fn tend(tx: &WriteTx<'_>, now: Timestamp) -> Result<(), StoreError> {
    for mut member in tx.members()? {
        let Some(present) = member.row.keys.first().cloned() else { continue };
        let rotations = tx.rotations(&member.row.id)?;
        let passed = rotations.iter().find(|rotation| rotation.before == present);
        if let Some(rotation) = passed.filter(|one| !member.row.keys.contains(&one.after)) {
            member.row.keys = vec![rotation.after.clone(), present];
            member.keys_until = Some(rotation.at.plus(KEY_OVERLAP));
            tx.put_member(&member, now)?;
            let peer = Actor::Peer(member.row.id.clone());
            tx.audit(now, &peer, "rotate_key", member.row.id.as_str(), "")?;
        } else if member.keys_until.is_some_and(|until| now >= until) {
            member.row.keys.truncate(1);
            member.keys_until = None;
            tx.put_member(&member, now)?;
        }
    }
    Ok(())
}

/// Returns what our register says.
fn rows(tx: &ReadTx<'_>) -> Result<Vec<Line>, StoreError> {
    let line = |member: Member| {
        let damaged = |_| StoreError::Damaged(format!("die Zeile {} im Register", member.row.id));
        member.row.to_line().map_err(damaged)
    };
    tx.members()?.into_iter().map(line).collect()
}

/// What an operator has to look at.
#[must_use]
pub fn alarms(trust: &Trust, own: &[engagement_protocol::key::VerifierKey]) -> Vec<String> {
    let settled = &trust.settled;
    let mut alarms = Vec::new();
    for (register, shrink) in &settled.shrinks {
        alarms.push(format!(
            "Das Register {register} nennt nur noch {} statt {} Knoten. Das wird nicht übernommen, bis ein Mensch es bestätigt. Fragen Sie dort nach; dann: engagement-node register accept {register}",
            shrink.to, shrink.from
        ));
    }
    for (id, member) in &settled.members {
        if let Standing::Missing { since } = member.standing {
            alarms.push(format!(
                "{id} steht seit {} nicht mehr im Register. Seine Angebote bleiben 14 Tage, danach gilt der Knoten als ausgeschieden.",
                since.day()
            ));
        }
    }
    if let Some(member) = &settled.own {
        let by = match &member.authority {
            Authority::Register(register) => register.to_string(),
            _ => "hier".to_owned(),
        };
        match member.standing {
            Standing::Suspended { .. } => alarms.push(format!(
                "Dieser Knoten ist im Register {by} gesperrt: Andere zeigen seine Angebote nicht. Fragen Sie dort nach."
            )),
            Standing::Followed if !member.keys.iter().any(|key| own.contains(key)) => {
                alarms.push(format!(
                    "Das Register {by} nennt für diesen Knoten einen anderen Schlüssel: Andere lehnen seine Angebote ab. Fragen Sie dort nach; den eigenen Schlüssel zeigt: engagement-node keys"
                ));
            }
            _ => {}
        }
    }
    alarms
}

/// What is worth knowing, and no alarm.
#[must_use]
pub fn notes(trust: &Trust) -> Vec<String> {
    let settled = &trust.settled;
    let conflicts = settled.conflicts.iter().map(|conflict| {
        format!(
            "{}: Das Register {} sagt etwas anderes; es gilt {}.",
            conflict.id,
            conflict.passed_over,
            authority(&conflict.kept)
        )
    });
    let strays = settled.strays.iter().map(|(register, id)| {
        format!("Das Register {register} nennt {id}. Dafür ist es nicht zuständig; die Zeile wird übergangen.")
    });
    let unreadable = trust.unreadable.iter().map(|(register, count)| {
        format!("{count} Zeilen des Registers {register} sind nicht lesbar und werden übergangen.")
    });
    let passed_on = trust.passed_on.iter().map(|(id, key)| {
        format!("{id} hat planmäßig den Schlüssel gewechselt. Tragen Sie in node.toml den neuen ein: {key}")
    });
    conflicts.chain(strays).chain(unreadable).chain(passed_on).collect()
}

/// Returns by whose word something stands, for people.
#[must_use]
pub fn authority(authority: &Authority) -> String {
    match authority {
        Authority::Block => "die eigene Sperre".to_owned(),
        Authority::Pin => "der eigene Eintrag unter peers".to_owned(),
        Authority::Anchor => "der eigene Eintrag unter anchors".to_owned(),
        Authority::Register(register) => format!("das Register {register}"),
    }
}

/// Returns the word for how a node stands, in JSON.
#[must_use]
pub const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Followed => Status::Active.as_str(),
        Standing::Suspended { .. } => Status::Suspended.as_str(),
        Standing::Leaving { .. } | Standing::Gone => Status::Left.as_str(),
        Standing::Missing { .. } => "missing",
        Standing::Blocked => "blocked",
    }
}

/// Returns since when a node stands as it does, if that is not for ever.
#[must_use]
pub const fn since(standing: Standing) -> Option<Timestamp> {
    match standing {
        Standing::Suspended { since }
        | Standing::Leaving { since }
        | Standing::Missing { since } => Some(since),
        Standing::Followed | Standing::Gone | Standing::Blocked => None,
    }
}

/// Returns the name of a node as a register gives it, or that of its area.
#[must_use]
pub fn name(trust: &Trust, id: &NodeId) -> String {
    let listed = trust.settled.members.get(id).and_then(|member| member.name.clone());
    listed.unwrap_or_else(|| super::coverage::name_of(id))
}
