//! Whether a node may sign (`SPEC.md` section 13.4).
//!
//! A node whose database is older than what it has published, because a backup was restored, must not sign
//! before it knows: it would bring back what was withdrawn since. And a node whose key somebody else uses
//! must stop. Both are told by peers, which hold the node's own heads: [`Signing::told`] counts who has
//! answered, [`Signing::hear`] judges each own head, [`Signing::may_sign`] says yes or why not.
//!
//! Nothing here waits or asks: time and answers come in as arguments, the decision goes out as a value.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::id::{Feed, NodeId};
use crate::planted::{self, Bug};
use crate::time::Timestamp;

/// How many peers have to say which own heads they hold; all of them if there are fewer.
pub const WITNESSES: usize = 3;
/// How long a node waits for peers that do not answer, if its own memory does not contradict itself.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How long a node remembers what it signed, beyond the newest of each feed.
pub const MEMORY: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long after a word a lower answer to the same question may still be a cache's (`max-age` of heads is 30 s).
pub const CACHED: Duration = Duration::from_secs(60);
/// How long rows that only a restored backup has are withheld before they are erased.
pub const WITHHELD: Duration = Duration::from_secs(7 * 24 * 3600);

/// What an own head, signed by the node's key and told by a peer, means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// This node remembers that it signed it.
    Known,
    /// It is older than what this node held when it started: longer ago than the memory reaches.
    Old,
    /// This node signed it before this start and does not remember: its database was restored.
    Restored,
    /// It was signed after this start, and not here: somebody else holds the key.
    Elsewhere,
}

/// Why a node does not sign now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Hold {
    /// Peers have yet to say which own heads they hold.
    #[error("{missing} of {wanted} peers have yet to say which own heads they hold")]
    Asking {
        /// How many answers are missing.
        missing: usize,
        /// How many are wanted.
        wanted: usize,
    },
    /// The same, and the database contradicts the fence file: only peers or the operator can tell.
    #[error("database and fence file disagree, and {missing} of {wanted} peers have yet to answer")]
    Contradiction {
        /// How many answers are missing.
        missing: usize,
        /// How many are wanted.
        wanted: usize,
    },
    /// A newer own state is held by peers and has to be adopted first.
    #[error("the database was restored: the own state {seq} of {feed} has to be adopted first")]
    Restored {
        /// Which feed.
        feed: Feed,
        /// The newest number that a peer told.
        seq: u64,
    },
    /// Somebody else signs with this key.
    #[error("somebody else has signed the state {seq} of {feed} with the key of this node")]
    Elsewhere {
        /// Which feed.
        feed: Feed,
        /// Its number.
        seq: u64,
    },
    /// The operator has said that what was published is not this node's: the key has to be replaced.
    #[error("the key of this node was given up: it has to be replaced")]
    Disowned,
}

/// What somebody told of an own state that this node does not have.
#[derive(Debug, Clone)]
struct Word {
    seq: u64,
    /// When it was told last, on the monotonic clock.
    at: Duration,
    /// Who has answered with less since, if nobody in particular told it.
    denied: BTreeSet<NodeId>,
}

/// The decision, and what it rests on.
#[derive(Debug, Clone)]
pub struct Signing {
    /// The wall clock at this start, or when the operator allowed to sign: own numbers above it that are unknown
    /// are somebody else's.
    begun: Timestamp,
    /// The monotonic clock at this start.
    since: Duration,
    /// Whether database and fence file say the same.
    agrees: bool,
    /// The newest own number of each feed when this node started, or when it adopted.
    floor: BTreeMap<Feed, u64>,
    told: BTreeSet<NodeId>,
    allowed: bool,
    /// Who told of own states to be adopted; without a name, what came in a ping or stands in the memory.
    restored: BTreeMap<Feed, BTreeMap<Option<NodeId>, Word>>,
    elsewhere: Option<(Feed, u64)>,
    disowned: bool,
}

impl Signing {
    /// A node that starts at `begun` (`since` on the monotonic clock) with these newest own numbers.
    ///
    /// `agrees` says whether database and fence file name the same newest states.
    ///
    /// ```
    /// # use std::collections::{BTreeMap, BTreeSet};
    /// # use std::time::Duration;
    /// # use engagement_protocol::{signing::{Hold, Signing}, time::Timestamp};
    /// let now = Timestamp::from_ms(1_767_312_000_000);
    /// let mut signing = Signing::new(now, Duration::ZERO, true, BTreeMap::new());
    /// let peers = BTreeSet::from(["05558".parse().unwrap()]);
    /// assert_eq!(signing.may_sign(&peers, Duration::ZERO), Err(Hold::Asking { missing: 1, wanted: 1 }));
    /// signing.told("05558".parse().unwrap());
    /// assert_eq!(signing.may_sign(&peers, Duration::ZERO), Ok(()));
    /// ```
    #[must_use]
    pub const fn new(
        begun: Timestamp,
        since: Duration,
        agrees: bool,
        floor: BTreeMap<Feed, u64>,
    ) -> Self {
        Self {
            begun,
            since,
            agrees,
            floor,
            told: BTreeSet::new(),
            allowed: false,
            restored: BTreeMap::new(),
            elsewhere: None,
            disowned: false,
        }
    }

    /// Takes note that a peer has said of every feed which own head it holds, or that it holds none.
    pub fn told(&mut self, peer: NodeId) {
        self.told.insert(peer);
    }

    /// Judges an own head that `by` told at `now` on the monotonic clock; `remembered` says whether this node
    /// remembers signing it.
    ///
    /// A number at or below the floor cannot undo anything: what stands above it is published. Equal to the
    /// floor and unknown, it is a second state under one number, which this node did not sign.
    pub fn hear(
        &mut self,
        feed: Feed,
        seq: u64,
        remembered: bool,
        by: Option<&NodeId>,
        now: Duration,
    ) -> Verdict {
        let floor = self.floor.get(&feed).copied();
        let verdict = if remembered || planted::has(Bug::Elsewhere) {
            Verdict::Known
        } else if floor.is_some_and(|floor| seq < floor) {
            Verdict::Old
        } else if floor == Some(seq) || seq >= self.begun.as_ms() {
            Verdict::Elsewhere
        } else {
            Verdict::Restored
        };
        match verdict {
            Verdict::Restored => self.want(feed, seq, by, now),
            Verdict::Elsewhere => self.suspect(feed, seq),
            Verdict::Known | Verdict::Old => {}
        }
        verdict
    }

    fn want(&mut self, feed: Feed, seq: u64, by: Option<&NodeId>, at: Duration) {
        let words = self.restored.entry(feed).or_default();
        let held = words.get(&by.cloned());
        // Whoever repeats in a ping what all have denied would stop the node for good.
        let is_news = held.is_none_or(|word| seq > word.seq || (seq == word.seq && by.is_some()));
        if is_news {
            words.insert(by.cloned(), Word { seq, at, denied: BTreeSet::new() });
        }
    }

    /// Takes note that `peer`, asked for its head of an own feed, has this one, judged as [`Self::hear`] did; by its
    /// own date the answer was made at `made` on the monotonic clock.
    ///
    /// What it told of before and has no more counts no more: it has been put back itself. What nobody in particular
    /// told of counts until all of `peers` have said so. Who does not answer, or has nothing, takes nothing back:
    /// a proxy says that, too.
    ///
    /// Returns whether a word was taken back.
    pub fn answered(
        &mut self,
        feed: Feed,
        peer: &NodeId,
        has: (u64, Verdict),
        made: Duration,
        peers: &BTreeSet<NodeId>,
    ) -> bool {
        let Some(words) = self.restored.get_mut(&feed) else { return false };
        let mut is_taken_back = false;
        words.retain(|by, word| {
            if has.0 >= word.seq || made < word.at.saturating_add(CACHED) {
                return true;
            }
            let stays = match by {
                Some(by) => by != peer,
                None => {
                    word.denied.insert(peer.clone());
                    peers.is_empty() || !peers.is_subset(&word.denied)
                }
            };
            is_taken_back |= !stays;
            stays
        });
        self.forget_settled();
        if is_taken_back && let (seq, Verdict::Restored) = has {
            self.want(feed, seq, Some(peer), made);
        }
        is_taken_back
    }

    /// Takes note of who can be asked from now on: what others told of is what nobody in particular told of.
    pub fn follow(&mut self, peers: &BTreeSet<NodeId>) {
        let mut orphans = Vec::new();
        for (feed, words) in &mut self.restored {
            words.retain(|by, word| {
                let is_known = by.as_ref().is_none_or(|by| peers.contains(by));
                orphans.extend((!is_known).then_some((*feed, word.seq, word.at)));
                is_known
            });
        }
        for (feed, seq, at) in orphans {
            self.want(feed, seq, None, at);
        }
        self.forget_settled();
    }

    fn forget_settled(&mut self) {
        self.restored.retain(|_, words| !words.is_empty());
    }

    /// Remembers, after a restart too, that somebody else was seen to sign.
    pub fn suspect(&mut self, feed: Feed, seq: u64) {
        let newest =
            self.elsewhere.map_or(seq, |(of, seen)| if of == feed { seen.max(seq) } else { seq });
        self.elsewhere = Some((feed, newest));
    }

    /// Takes note that the own state `seq` was adopted: older own heads mean nothing any more.
    pub fn adopted(&mut self, feed: Feed, seq: u64) {
        let floor = self.floor.entry(feed).or_insert(seq);
        *floor = (*floor).max(seq);
        if let Some(words) = self.restored.get_mut(&feed) {
            words.retain(|_, word| word.seq > seq);
        }
        self.forget_settled();
    }

    /// Lets the operator decide: what is published counts as this node's, and signing goes on without more witnesses
    /// once it is adopted. `now` is the wall clock then, `monotonic` the other one. What is signed elsewhere from now on is somebody else's again.
    pub fn allow(&mut self, now: Timestamp, monotonic: Duration) {
        self.begun = now;
        self.allowed = true;
        self.agrees = true;
        if let Some((feed, seq)) = self.elsewhere.take() {
            self.want(feed, seq, None, monotonic);
        }
    }

    /// Begins anew under another key that nobody else has: what was heard and suspected belonged to the one
    /// before.
    pub fn rekeyed(&mut self) {
        self.elsewhere = None;
        self.restored.clear();
        (self.disowned, self.allowed, self.agrees) = (false, true, true);
    }

    /// Lets the operator decide: what is published is not this node's, nothing more is signed by this key.
    pub fn disown(&mut self) {
        self.disowned = true;
        self.restored.clear();
        self.elsewhere = None;
    }

    /// Returns the own states that have to be adopted, by feed; none while somebody else is seen to sign, or
    /// the key is given up: a thief's state is not made ours by a restart.
    #[must_use]
    pub fn to_adopt(&self) -> BTreeMap<Feed, u64> {
        if self.disowned || self.elsewhere.is_some() {
            return BTreeMap::new();
        }
        self.wanted().collect()
    }

    /// Returns the newest own state of each feed that is told of and not held.
    fn wanted(&self) -> impl Iterator<Item = (Feed, u64)> {
        let newest = |words: &BTreeMap<_, Word>| words.values().map(|word| word.seq).max();
        self.restored.iter().filter_map(move |(feed, words)| Some((*feed, newest(words)?)))
    }

    /// Returns which of `peers` have not been heard.
    #[must_use]
    pub fn unheard<'a>(&self, peers: &'a BTreeSet<NodeId>) -> BTreeSet<&'a NodeId> {
        peers.iter().filter(|peer| !self.told.contains(*peer)).collect()
    }

    /// Returns whether signing is safe at `now` on the monotonic clock; `peers` are those that can be asked.
    ///
    /// Once it was, it stays so, whoever leaves: only what a peer tells of somebody else's signature, or of a
    /// restored backup, ends it.
    ///
    /// # Errors
    ///
    /// [`Hold`] says what is waited for, the gravest first.
    pub fn may_sign(&mut self, peers: &BTreeSet<NodeId>, now: Duration) -> Result<(), Hold> {
        if planted::has(Bug::Restored) {
            return Ok(());
        }
        if self.disowned {
            return Err(Hold::Disowned);
        }
        if let Some((feed, seq)) = self.elsewhere {
            return Err(Hold::Elsewhere { feed, seq });
        }
        if let Some((feed, seq)) = self.wanted().next() {
            return Err(Hold::Restored { feed, seq });
        }
        let wanted = peers.len().min(WITNESSES);
        let missing = wanted.saturating_sub(peers.len() - self.unheard(peers).len());
        let patient = self.agrees && now.saturating_sub(self.since) >= PATIENCE;
        self.allowed |= missing == 0 || patient;
        match (self.allowed, self.agrees) {
            (true, _) => Ok(()),
            (false, true) => Err(Hold::Asking { missing, wanted }),
            (false, false) => Err(Hold::Contradiction { missing, wanted }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGUN: Timestamp = Timestamp::from_ms(1_767_312_000_000);
    const BEFORE: u64 = BEGUN.as_ms() - 1000;
    const HELD: u64 = BEGUN.as_ms() - 2000;

    fn signing(agrees: bool) -> Signing {
        Signing::new(BEGUN, Duration::ZERO, agrees, BTreeMap::from([(Feed::Offers, HELD)]))
    }

    fn peers(count: usize) -> BTreeSet<NodeId> {
        (10..10 + count).map(|id| id.to_string().parse().unwrap()).collect()
    }

    #[test]
    fn three_peers_have_to_tell_or_all_if_there_are_fewer() {
        for (known, wanted) in [(0, 0), (1, 1), (2, 2), (3, 3), (7, 3)] {
            let (mut signing, peers) = (signing(true), peers(known));
            for (heard, peer) in peers.iter().take(wanted).enumerate() {
                let missing = wanted - heard;
                assert_eq!(
                    signing.may_sign(&peers, Duration::ZERO),
                    Err(Hold::Asking { missing, wanted })
                );
                signing.told(peer.clone());
            }
            assert_eq!(signing.may_sign(&peers, Duration::ZERO), Ok(()), "{known} peers");
        }
    }

    #[test]
    fn answers_of_those_who_are_not_followed_do_not_count() {
        let (mut signing, peers) = (signing(true), peers(1));
        signing.told("99".parse().unwrap());
        assert!(signing.may_sign(&peers, Duration::ZERO).is_err());
    }

    #[test]
    fn without_an_answer_it_goes_on_after_a_minute_only_if_its_memory_agrees() {
        let (minute, almost) = (PATIENCE, PATIENCE - Duration::from_millis(1));
        let mut agreeing = signing(true);
        assert!(agreeing.may_sign(&peers(3), almost).is_err());
        assert_eq!(agreeing.may_sign(&peers(3), minute), Ok(()));
        assert_eq!(agreeing.may_sign(&peers(5), almost), Ok(()), "once allowed, allowed");
        let mut torn = signing(false);
        let hour = Duration::from_secs(3600);
        assert_eq!(
            torn.may_sign(&peers(3), hour),
            Err(Hold::Contradiction { missing: 3, wanted: 3 })
        );
        torn.allow(BEGUN, Duration::ZERO);
        assert_eq!(torn.may_sign(&peers(3), hour), Ok(()), "the operator knows better");
        assert_eq!(signing(false).may_sign(&peers(0), Duration::ZERO), Ok(()), "nobody to ask");
    }

    #[test]
    fn an_unknown_own_head_is_a_restored_backup_or_somebody_else() {
        let heard = |seq, remembered| {
            signing(true).hear(Feed::Offers, seq, remembered, None, Duration::ZERO)
        };
        assert_eq!(heard(HELD, true), Verdict::Known);
        assert_eq!(heard(BEGUN.as_ms() + 5, true), Verdict::Known);
        assert_eq!(heard(HELD - 1, false), Verdict::Old);
        assert_eq!(heard(BEFORE, false), Verdict::Restored);
        assert_eq!(heard(BEGUN.as_ms(), false), Verdict::Elsewhere);
        assert_eq!(heard(HELD, false), Verdict::Elsewhere, "a second state under one number");
        // A feed of which this database knows nothing at all.
        assert_eq!(
            signing(true).hear(Feed::Members, 1, false, None, Duration::ZERO),
            Verdict::Restored
        );
    }

    #[test]
    fn what_was_restored_is_adopted_before_anything_is_signed() {
        let mut signing = signing(true);
        for peer in peers(3) {
            signing.told(peer);
        }
        assert_eq!(signing.may_sign(&peers(3), Duration::ZERO), Ok(()));
        signing.hear(Feed::Offers, BEFORE, false, None, Duration::ZERO);
        signing.hear(Feed::Offers, BEFORE - 1, false, None, Duration::ZERO);
        let hold = Hold::Restored { feed: Feed::Offers, seq: BEFORE };
        assert_eq!(signing.may_sign(&peers(3), PATIENCE), Err(hold), "late news stop it too");
        signing.adopted(Feed::Offers, BEFORE - 1);
        assert_eq!(signing.may_sign(&peers(3), PATIENCE), Err(hold), "the newest is wanted");
        signing.adopted(Feed::Offers, BEFORE);
        assert_eq!(signing.may_sign(&peers(3), PATIENCE), Ok(()));
        assert_eq!(
            signing.hear(Feed::Offers, BEFORE - 1, false, None, Duration::ZERO),
            Verdict::Old
        );
    }

    #[test]
    fn what_was_suspected_goes_with_the_key() {
        let mut stopped = signing(true);
        stopped.hear(Feed::Offers, BEGUN.as_ms() + 7, false, None, Duration::ZERO);
        let mut given_up = signing(false);
        given_up.disown();
        for mut signing in [stopped, given_up] {
            assert!(signing.may_sign(&peers(0), Duration::ZERO).is_err());
            signing.rekeyed();
            assert_eq!(signing.may_sign(&peers(3), Duration::ZERO), Ok(()));
        }
    }

    #[test]
    fn somebody_else_stops_it_until_the_operator_decides() {
        let mut signing = signing(true);
        let after = BEGUN.as_ms() + 7;
        signing.hear(Feed::Offers, after, false, None, Duration::ZERO);
        let hold = Hold::Elsewhere { feed: Feed::Offers, seq: after };
        assert_eq!(signing.may_sign(&peers(0), PATIENCE), Err(hold));
        let mut mine = signing.clone();
        mine.allow(BEGUN.plus(Duration::from_secs(9)), Duration::ZERO);
        // The peers tell it once more before it is adopted.
        assert_eq!(mine.hear(Feed::Offers, after, false, None, Duration::ZERO), Verdict::Restored);
        assert_eq!(
            mine.may_sign(&peers(0), PATIENCE),
            Err(Hold::Restored { feed: Feed::Offers, seq: after }),
            "what the other installation published is adopted first"
        );
        mine.adopted(Feed::Offers, after);
        assert_eq!(mine.may_sign(&peers(0), PATIENCE), Ok(()));
        assert_eq!(mine.hear(Feed::Offers, after - 1, false, None, Duration::ZERO), Verdict::Old);
        // After a restart the same state lies before it, and is still not ours.
        let mut again = Signing::new(
            Timestamp::from_ms(after + 1),
            Duration::ZERO,
            true,
            BTreeMap::from([(Feed::Offers, HELD)]),
        );
        again.suspect(Feed::Offers, after);
        assert_eq!(again.hear(Feed::Offers, after, false, None, Duration::ZERO), Verdict::Restored);
        assert!(again.to_adopt().is_empty());
        signing.disown();
        assert_eq!(signing.may_sign(&peers(0), PATIENCE), Err(Hold::Disowned));
        signing.hear(Feed::Offers, BEFORE, false, None, Duration::ZERO);
        assert!(signing.to_adopt().is_empty());
    }

    #[test]
    fn who_answers_with_less_takes_back_what_it_told() {
        let (told, later) = (Duration::from_secs(5), Duration::from_secs(5) + CACHED);
        let all = peers(2);
        let [one, two] = [10, 11].map(|id: u8| id.to_string().parse::<NodeId>().unwrap());
        let hold = Err(Hold::Restored { feed: Feed::Offers, seq: BEFORE });
        let mut signing = signing(true);
        signing.told(one.clone());
        signing.told(two.clone());
        signing.hear(Feed::Offers, BEFORE, false, Some(&one), told);
        signing.hear(Feed::Offers, BEFORE - 7, false, Some(&two), told);
        let (held, less) = ((HELD, Verdict::Known), (BEFORE - 9, Verdict::Restored));
        let mut answered = |peer, seq, made| {
            signing.answered(Feed::Offers, peer, (seq, Verdict::Restored), made, &all)
        };
        assert!(!answered(&two, BEFORE - 7, later), "it stands by its word");
        assert!(!answered(&one, BEFORE, later), "it stands by its word");
        let cached = later - Duration::from_millis(1);
        assert!(!answered(&one, HELD, cached), "that may be a cache's");
        assert_eq!(signing.may_sign(&all, later), hold);
        let mut put_back = signing.clone();
        assert!(put_back.answered(Feed::Offers, &one, less, later, &all));
        assert!(put_back.answered(Feed::Offers, &two, held, later, &all));
        let less = BTreeMap::from([(Feed::Offers, BEFORE - 9)]);
        assert_eq!(put_back.to_adopt(), less, "what it has instead is newer than ours, too");
        assert!(signing.answered(Feed::Offers, &one, held, later, &all));
        let rest = BTreeMap::from([(Feed::Offers, BEFORE - 7)]);
        assert_eq!(signing.to_adopt(), rest, "the other's word stands");
        assert!(signing.answered(Feed::Offers, &two, held, later, &all));
        assert_eq!(signing.may_sign(&all, later), Ok(()));
    }

    #[test]
    fn what_came_in_a_ping_counts_until_all_have_denied_it() {
        let (all, none) = (peers(2), BTreeSet::new());
        let [one, two] = [10, 11].map(|id: u8| id.to_string().parse::<NodeId>().unwrap());
        let hear = |signing: &mut Signing, seq, at| {
            signing.hear(Feed::Offers, seq, false, None, at);
        };
        let deny = |signing: &mut Signing, peer, of: &_| {
            signing.answered(Feed::Offers, peer, (HELD, Verdict::Known), CACHED, of)
        };
        let mut signing = signing(true);
        hear(&mut signing, BEFORE - 1, Duration::ZERO);
        assert!(!deny(&mut signing, &one, &none), "nobody is all");
        assert!(!deny(&mut signing, &one, &all));
        assert!(!deny(&mut signing, &one, &all));
        // Told once more: the same is no news, more is.
        let mut same = signing.clone();
        hear(&mut same, BEFORE - 1, CACHED);
        assert!(deny(&mut same, &two, &all));
        let mut more = signing.clone();
        hear(&mut more, BEFORE, Duration::ZERO);
        assert!(!deny(&mut more, &two, &all));
        assert!(more.may_sign(&all, PATIENCE).is_err());
    }

    #[test]
    fn what_somebody_told_who_left_counts_until_all_have_denied_it() {
        let [one, two] = [10, 11].map(|id: u8| id.to_string().parse::<NodeId>().unwrap());
        let mut signing = signing(true);
        signing.hear(Feed::Offers, BEFORE, false, Some(&one), Duration::ZERO);
        let rest = BTreeSet::from([two.clone()]);
        signing.follow(&rest);
        assert_eq!(signing.to_adopt(), BTreeMap::from([(Feed::Offers, BEFORE)]));
        let held = (HELD, Verdict::Known);
        assert!(signing.answered(Feed::Offers, &two, held, CACHED, &rest));
        assert!(signing.to_adopt().is_empty());
    }
}
