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
}

/// What a seed chooses.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Honest nodes.
    pub nodes: usize,
    /// Hostile origins.
    pub villains: usize,
    /// How often, in thousandths, a feed is followed through relays alone.
    pub by_relay: u64,
    /// What happens, and how often compared with the others.
    pub families: Vec<(Family, u64)>,
    /// The pause between two happenings, in milliseconds.
    pub pause_ms: Range<u64>,
    /// How long things go wrong.
    pub storm: Duration,
}

impl Plan {
    /// Lets `rng` choose.
    #[must_use]
    pub fn draw(profile: Profile, rng: &mut Rng) -> Self {
        let hostile = profile == Profile::Hostile;
        let mut families = vec![
            (Family::Publish, 8),
            (Family::Withdraw, 4),
            (Family::Secret, 1),
            (Family::Browse, 2),
        ];
        let faults: &[Family] = if hostile {
            &[
                Family::Kill,
                Family::Power,
                Family::Stop,
                Family::Cut,
                Family::Storm,
                Family::Clock,
                Family::Lie,
                Family::Villain,
                Family::Backup,
                Family::Wipe,
            ]
        } else {
            &[Family::Kill, Family::Power, Family::Stop, Family::Cut, Family::Storm]
        };
        for family in faults {
            if rng.happens(500) {
                families.push((*family, rng.range(1..6)));
            }
        }
        // A node that plays back a backup after its clock was ahead may give a number twice: not before it asks
        // its peers what it has signed.
        if families.iter().any(|(family, _)| *family == Family::Clock) {
            families.retain(|(family, _)| !matches!(family, Family::Backup | Family::Wipe));
        }
        let has = |family| families.iter().any(|(had, _)| *had == family);
        let villains = if has(Family::Villain) { rng.range(1..3) } else { 0 };
        let nodes = rng.range(2..6);
        let slow = rng.range(5_000..60_000);
        Self {
            nodes: usize::try_from(nodes).unwrap_or(2),
            villains: usize::try_from(villains).unwrap_or(0),
            by_relay: if rng.happens(500) { rng.range(0..400) } else { 0 },
            families,
            pause_ms: 200..slow,
            storm: Duration::from_secs(rng.range(600..2_400)),
        }
    }

    /// Returns whether things of `family` happen.
    #[must_use]
    pub fn has(&self, family: Family) -> bool {
        self.families.iter().any(|(had, _)| *had == family)
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
