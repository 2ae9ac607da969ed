//! What a seed chooses: how many nodes, who follows whom how, which faults and how strong.

use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

use super::network::Weather;
use super::rng::Rng;

/// Which kind of world is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// Crashes, restarts and a network that is slow at times; nobody means harm.
    Calm,
    /// Everything, hostile origins and lying relays above all.
    Hostile,
    /// Every municipality and district of the gazetteer, each with few records.
    Statewide,
}

impl Profile {
    /// Returns the name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Hostile => "hostile",
            Self::Statewide => "statewide",
        }
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Calm, Self::Hostile, Self::Statewide];
        let found = all.into_iter().find(|profile| profile.as_str() == text);
        found.ok_or_else(|| "calm, hostile or statewide".to_owned())
    }
}

/// A family of things that happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Editors publish.
    Publish,
    /// Editors withdraw.
    Withdraw,
    /// Editors begin what they do not publish.
    Secret,
    /// Editors erase at once.
    Erase,
    /// Citizens search.
    Browse,
    /// Processes are killed.
    Kill,
    /// The power fails.
    Power,
    /// Nodes are stopped in order.
    Stop,
    /// One direction between two nodes is cut.
    Cut,
    /// The weather changes.
    Storm,
    /// Clocks jump.
    Clock,
    /// A relay lies.
    Lie,
    /// A hostile origin acts.
    Villain,
    /// A backup is taken, or played back.
    Backup,
    /// A disk is lost.
    Wipe,
    /// A machine sleeps, and goes on as if nothing had been.
    Pause,
    /// A node is down for so long that everybody has to say so.
    Outage,
    /// The register suspends, takes back, adds.
    Register,
    /// A key passes on to another.
    Rotate,
    /// A key is stolen, and used while its node is down.
    Theft,
    /// A second installation of a node runs.
    Clone,
}

/// What a seed chooses.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Honest nodes.
    pub nodes: usize,
    /// Hostile origins.
    pub villains: usize,
    /// Whether a register says who there is; otherwise everybody has everybody in the configuration.
    pub registered: bool,
    /// How often, in thousandths, a feed is followed through relays alone.
    pub by_relay: u64,
    /// Whether anybody searches. Writing the search index is most of the work of a node: most worlds do without.
    pub searched: bool,
    /// The pause between two rounds: a world that asks seldom goes through days.
    pub interval: Duration,
    /// What happens, and how often compared with the others.
    pub families: Vec<(Family, u64)>,
    /// The pause between two happenings, in milliseconds.
    pub pause_ms: Range<u64>,
    /// How long things go wrong.
    pub storm: Duration,
    /// Whether everything comes together again by itself, however long nobody was asked after failures; else all
    /// nodes are started anew when everything is mended.
    pub patient: bool,
    /// Whether it is waited for that what was replaced is purged.
    pub thorough: bool,
    /// Whether a week passes at the end, in which nobody does anything.
    pub week: bool,
}

/// An ordinary pause between two rounds.
const MINUTE: Duration = Duration::from_secs(60);

const CALM: &[Family] = &[
    Family::Kill,
    Family::Power,
    Family::Stop,
    Family::Cut,
    Family::Storm,
    Family::Pause,
    Family::Erase,
    Family::Outage,
];

const HOSTILE: &[Family] = &[
    Family::Clock,
    Family::Lie,
    Family::Villain,
    Family::Backup,
    Family::Wipe,
    Family::Register,
    Family::Rotate,
    Family::Theft,
    Family::Clone,
];

/// What cannot be judged together. A node that plays back a backup after its clock was ahead may give a number
/// twice: not before it asks its peers what it has signed. And of what a thief or a clone has published nobody
/// can say whether a database that was lost had it.
const APART: &[(Family, &[Family])] = &[
    (Family::Clock, &[Family::Backup, Family::Wipe, Family::Register, Family::Theft]),
    (Family::Clone, &[Family::Clock, Family::Backup, Family::Wipe, Family::Theft, Family::Rotate]),
    (Family::Theft, &[Family::Backup, Family::Wipe, Family::Rotate]),
    (Family::Rotate, &[Family::Wipe]),
];

impl Plan {
    /// Lets `rng` choose.
    #[must_use]
    pub fn draw(profile: Profile, rng: &mut Rng) -> Self {
        if profile == Profile::Statewide {
            return Self::statewide();
        }
        let mut families = vec![
            (Family::Publish, 8),
            (Family::Withdraw, 4),
            (Family::Secret, 1),
            (Family::Browse, 2),
        ];
        // One hostile world in eight is about backups, and nobody in it means harm: only where nobody lies can be
        // said what a restored node must not bring back.
        let restoring = profile == Profile::Hostile && rng.happens(125);
        let hostile = match profile {
            Profile::Hostile if restoring => &[Family::Rotate],
            Profile::Hostile => HOSTILE,
            _ => &[],
        };
        if restoring {
            families.push((Family::Backup, 6));
        }
        for family in CALM.iter().chain(hostile) {
            if rng.happens(400) {
                families.push((*family, rng.range(1..6)));
            }
        }
        let registered = rng.happens(350);
        let searched = rng.happens(250);
        let mut out: Vec<Family> = Vec::new();
        for (family, others) in APART {
            if families.iter().any(|(had, _)| had == family) && !out.contains(family) {
                out.extend_from_slice(others);
            }
        }
        if !searched {
            out.push(Family::Browse);
        }
        if !registered {
            out.extend([Family::Register, Family::Theft]);
        }
        families.retain(|(family, _)| !out.contains(family));
        let has = |family| families.iter().any(|(had, _)| *had == family);
        let villains = if has(Family::Villain) { rng.range(1..3) } else { 0 };
        let nodes = if registered { rng.range(3..6) } else { rng.range(2..6) };
        // One world in sixteen asks seldom, and lives for a day.
        let slow = if rng.happens(60) { rng.range(15..31) } else { 1 };
        let rare = rng.range(5_000..60_000);
        let scale = u32::try_from(slow).unwrap_or(1);
        Self {
            nodes: usize::try_from(nodes).unwrap_or(2),
            villains: usize::try_from(villains).unwrap_or(0),
            registered,
            by_relay: if rng.happens(500) { rng.range(0..400) } else { 0 },
            searched,
            interval: MINUTE * scale,
            families,
            pause_ms: 200..rare * slow,
            storm: match scale {
                1 => Duration::from_secs(rng.range(300..1_500)),
                // Long enough for heads to be signed again, and for days to end.
                _ => Duration::from_secs(rng.range(13..26) * 3600),
            },
            patient: rng.happens(250),
            thorough: rng.happens(500),
            week: rng.happens(80),
        }
    }

    /// Everybody in the gazetteer: a register, a network that loses a little, a few who publish and withdraw.
    fn statewide() -> Self {
        Self {
            nodes: 427,
            villains: 1,
            registered: true,
            by_relay: 0,
            searched: false,
            interval: MINUTE * 5,
            families: vec![
                (Family::Publish, 4),
                (Family::Withdraw, 4),
                (Family::Erase, 2),
                (Family::Kill, 2),
                (Family::Stop, 1),
                (Family::Villain, 1),
            ],
            pause_ms: 5_000..30_000,
            storm: Duration::from_secs(900),
            patient: true,
            thorough: true,
            week: false,
        }
    }

    /// Returns whether things of `family` happen.
    #[must_use]
    pub fn has(&self, family: Family) -> bool {
        self.families.iter().any(|(had, _)| *had == family)
    }

    /// Returns whether nothing goes wrong but what hostile origins do.
    #[must_use]
    pub fn is_fair(&self) -> bool {
        let harmless = |family: &Family| {
            matches!(
                family,
                Family::Publish
                    | Family::Withdraw
                    | Family::Secret
                    | Family::Browse
                    | Family::Erase
                    | Family::Villain
            )
        };
        self.families.iter().all(|(family, _)| harmless(family))
    }

    /// Returns how many times longer than in an ordinary world everything takes.
    #[must_use]
    pub fn scale(&self) -> u32 {
        u32::try_from(self.interval.as_secs() / MINUTE.as_secs()).unwrap_or(1).max(1)
    }

    /// Returns within which time everything has come together after the last fault: two intervals, and two more
    /// where news comes by a relay, the longest pause after failures with its jitter, and the periods of
    /// the jobs that publish and that settle whom to follow.
    #[must_use]
    pub fn calm(&self) -> Duration {
        let failed = if self.patient { self.interval.max(MINUTE * 15) * 11 / 10 } else { MINUTE };
        let settled = if self.registered { MINUTE * 6 } else { MINUTE };
        self.interval * 4 + failed + settled
    }

    /// Chooses what happens next.
    pub fn next(&self, rng: &mut Rng) -> Family {
        let all = self.families.iter().map(|(_, weight)| weight).sum::<u64>();
        let mut at = rng.range(0..all);
        for (family, weight) in &self.families {
            match at.checked_sub(*weight) {
                None => return *family,
                Some(rest) => at = rest,
            }
        }
        Family::Publish
    }
}

/// Chooses bad weather.
#[must_use]
pub fn weather(rng: &mut Rng) -> Weather {
    let mut strength = |most| if rng.happens(400) { rng.range(0..most) } else { 0 };
    let (lost, doubled) = (strength(300), strength(200));
    let (corrupted, truncated) = (strength(200), strength(100));
    let slowest = *rng.pick(&[20, 200, 2_000, 15_000]);
    Weather { delay_ms: 1..slowest, lost, doubled, corrupted, truncated }
}
