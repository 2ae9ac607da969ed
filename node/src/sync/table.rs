//! When each peer is asked: a pure function of time and what happened.
//!
//! Times are monotonic, because wall clocks jump. A peer is asked once an interval, with jitter so that 449
//! nodes started at once do not stay in step; after failures less and less often; and at once after a ping,
//! as often as its bucket allows. The last ping is never lost: when the bucket is empty the fetch is put
//! off, not dropped.

use std::time::Duration;

/// A ping may cause this many fetches at once.
const BURST: u32 = 5;
/// And one more each of these.
const REFILL: Duration = Duration::from_secs(10);
/// The first pause after a round that did not find what is announced.
const SOON: Duration = Duration::from_millis(500);
/// The longest pause after failures: a peer that is back is found soon even if its ping is lost.
const LONGEST: Duration = Duration::from_secs(900);

/// When one peer is asked next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    next: Duration,
    failures: u32,
    busy: bool,
    again: bool,
    /// A ping is waiting for its fetch at `next`: more pings add nothing.
    waiting: bool,
    /// When the last round ended well, and by how much its pause is stretched, in thousandths.
    ended: Option<(Duration, u32)>,
    /// When all fetches that pings caused so far would have been paid for, one each [`REFILL`].
    paid_until: Duration,
}

/// How a feed is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// From its origin, because no relay is configured, or this node is one.
    Directly,
    /// A healthy relay tells what changes; the origin is asked once a day, as a cross-check.
    Relayed,
    /// Relays are configured, and none is healthy and has a fresh head of this feed.
    Unrelayed,
}

/// Returns the pause between two questions for a feed that is read so.
#[must_use]
pub fn pause(reading: Reading, interval: Duration) -> Duration {
    let least = match reading {
        Reading::Directly => Duration::ZERO,
        Reading::Relayed => Duration::from_secs(24 * 3600),
        Reading::Unrelayed => Duration::from_secs(600),
    };
    least.max(interval)
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Some source confirmed or brought the newest state.
    Well,
    /// A newer state is announced that no source has yet.
    Announced,
    /// No source did.
    Badly,
    /// The peer has used up what it may move in a day.
    OverBudget,
}

impl Turn {
    /// A peer that is asked at `first`.
    #[must_use]
    pub const fn new(first: Duration) -> Self {
        Self {
            next: first,
            failures: 0,
            busy: false,
            again: false,
            waiting: false,
            ended: None,
            paid_until: Duration::ZERO,
        }
    }

    /// Returns whether the peer is to be asked at `now`.
    #[must_use]
    pub fn is_due(&self, now: Duration) -> bool {
        !self.busy && self.next <= now
    }

    /// Returns whether the peer is to be asked at `now` although its turn was put off further than `pause`:
    /// it was when a relay still told of it.
    #[must_use]
    pub fn is_overdue(&self, now: Duration, pause: Duration) -> bool {
        let over = |(ended, permille): (Duration, u32)| now >= ended + pause * permille / 1000;
        !self.busy && self.ended.is_some_and(over)
    }

    /// Returns how many rounds failed in a row.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Returns whether a round is under way: when the peer is asked next is known when that has ended.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        self.busy
    }

    /// Returns when the peer is asked next.
    #[must_use]
    pub const fn next(&self) -> Duration {
        self.next
    }

    /// Begins a round.
    pub const fn begin(&mut self) {
        self.busy = true;
        self.again = false;
        self.waiting = false;
    }

    /// Ends a round; `jitter` is a random number from 0 to 999.
    pub fn end(&mut self, how: Ended, now: Duration, interval: Duration, jitter: u64) {
        self.busy = false;
        let pause = match how {
            Ended::Well => {
                self.failures = 0;
                interval
            }
            Ended::Badly => {
                self.failures = self.failures.saturating_add(1);
                let doubled = interval.saturating_mul(1 << (self.failures - 1).min(8));
                doubled.min(LONGEST.max(interval))
            }
            // Soon again: whoever relays it is fetching it in this moment.
            Ended::Announced => {
                self.failures = self.failures.saturating_add(1);
                SOON.saturating_mul(1 << (self.failures - 1).min(8)).min(interval)
            }
            Ended::OverBudget => Duration::from_secs(24 * 3600),
        };
        // Between 90 % and 110 %.
        let permille = u32::try_from(900 + jitter.min(999) / 5).unwrap_or(1000);
        self.next = now + pause * permille / 1000;
        self.ended = (how == Ended::Well).then_some((now, permille));
        if self.again && how != Ended::OverBudget {
            self.again = false;
            self.next = self.take(now);
            self.waiting = true;
        }
    }

    /// Takes a ping at `now`: the peer is asked as soon as its bucket allows.
    pub fn ping(&mut self, now: Duration) {
        if self.busy {
            // The round under way may have read the old head: one more follows it.
            self.again = true;
        } else if self.next > now && !self.waiting {
            self.next = self.next.min(self.take(now));
            self.waiting = true;
        }
    }

    /// Pays for a fetch, now or as soon as the bucket allows; returns when.
    fn take(&mut self, now: Duration) -> Duration {
        let allowed = self.paid_until.saturating_sub(REFILL * (BURST - 1));
        self.paid_until = self.paid_until.max(now) + REFILL;
        allowed.max(now)
    }

    /// Makes the peer due now, because the operator asks for it.
    pub const fn hurry(&mut self, now: Duration) {
        self.next = now;
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(60);

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn failures_are_asked_less_and_less_and_success_forgets_them() {
        let mut turn = Turn::new(secs(0));
        let mut now = secs(0);
        let mut pauses = Vec::new();
        for _ in 0..8 {
            turn.begin();
            turn.end(Ended::Badly, now, INTERVAL, 500);
            pauses.push((turn.next() - now).as_secs());
            now = turn.next();
        }
        assert_eq!(pauses, [60, 120, 240, 480, 900, 900, 900, 900]);
        turn.begin();
        turn.end(Ended::Well, now, INTERVAL, 0);
        assert_eq!((turn.next() - now, turn.failures()), (secs(54), 0));
    }

    #[test]
    fn when_its_relay_falls_silent_a_feed_is_asked_for_in_ten_minutes_not_tomorrow() {
        let mut turn = Turn::new(secs(0));
        turn.begin();
        let day = pause(Reading::Relayed, INTERVAL);
        turn.end(Ended::Well, secs(0), day, 500);
        assert_eq!(turn.next(), secs(24 * 3600));
        let ten_minutes = pause(Reading::Unrelayed, INTERVAL);
        assert!(!turn.is_overdue(secs(599), ten_minutes));
        assert!(turn.is_overdue(secs(600), ten_minutes));
        assert!(!turn.is_overdue(secs(600), day), "while the relay tells, once a day is enough");
        turn.begin();
        turn.end(Ended::OverBudget, secs(600), day, 500);
        assert!(!turn.is_overdue(secs(5000), ten_minutes), "who is over budget waits");
        assert_eq!(pause(Reading::Directly, INTERVAL), INTERVAL);
    }

    #[test]
    fn what_is_announced_and_not_there_yet_is_asked_for_soon_and_then_less_and_less() {
        let mut turn = Turn::new(secs(0));
        let mut now = secs(0);
        let mut pauses = Vec::new();
        for _ in 0..9 {
            turn.begin();
            turn.end(Ended::Announced, now, INTERVAL, 500);
            pauses.push((turn.next() - now).as_millis());
            now = turn.next();
        }
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    }

    #[test]
    fn a_flood_of_pings_causes_five_fetches_and_then_one_in_ten_seconds() {
        let mut turn = Turn::new(secs(0));
        let mut fetches = Vec::new();
        // Ten pings a second for a minute; a round takes no time.
        for tick in 0..600u32 {
            let now = Duration::from_millis(100) * tick;
            turn.ping(now);
            if turn.is_due(now) {
                turn.begin();
                turn.end(Ended::Well, now, secs(3600), 500);
                fetches.push(now);
            }
        }
        // The first round at 0 is the ordinary one.
        let in_first_second = fetches.iter().filter(|at| **at < secs(1)).count();
        assert_eq!(in_first_second, 6);
        assert_eq!(fetches.len(), 6 + 5, "and one each ten seconds of the minute: {fetches:?}");
    }

    #[test]
    fn the_last_ping_is_never_lost() {
        let mut turn = Turn::new(secs(0));
        for _ in 0..20 {
            if turn.is_due(secs(0)) {
                turn.begin();
                turn.end(Ended::Well, secs(0), secs(3600), 500);
            }
            turn.ping(secs(0));
        }
        assert!(turn.next() <= secs(10), "asked within ten seconds, not within an hour");
        let mut turn = Turn::new(secs(0));
        turn.begin();
        turn.ping(secs(1));
        turn.end(Ended::Well, secs(2), secs(3600), 500);
        assert_eq!(turn.next(), secs(2), "a ping during a round is followed by another round");
    }
}
