//! What counts how much: every number that decides about the order of what fits, and why it is what it is.
//!
//! This table is what [`judge`](super::judge) counts with, what the page about the weights shows, and what the
//! interface answers: there is no other number.

use super::Aspect;

/// What an aspect of a wish counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
    /// Which aspect.
    pub aspect: Aspect,
    /// The most points that it gives; only what was wished for counts at all.
    pub points: u16,
    /// Why it is so many.
    pub reason: &'static str,
}

/// All weights, the heaviest first.
pub const WEIGHTS: [Weight; 10] = [
    Weight {
        aspect: Aspect::Field,
        points: 30,
        reason: "people stay with what they care about: interest comes first",
    },
    Weight {
        aspect: Aspect::Distance,
        points: 25,
        reason: "the way is taken every time: after interest it decides most",
    },
    Weight {
        aspect: Aspect::Time,
        points: 20,
        reason: "who has no time then cannot come, but times can often be talked about",
    },
    Weight {
        aspect: Aspect::Activity,
        points: 20,
        reason: "what people like to do makes them good at it",
    },
    Weight {
        aspect: Aspect::Target,
        points: 15,
        reason: "for whom it is matters to many, and half of all records do not say it",
    },
    Weight {
        aspect: Aspect::Effort,
        points: 10,
        reason: "how many hours it takes can mostly be agreed upon",
    },
    Weight {
        aspect: Aspect::Commitment,
        points: 10,
        reason: "once or regularly is a matter of taste as much as of time",
    },
    Weight {
        aspect: Aspect::Suited,
        points: 10,
        reason: "few records say whom they suit: it must not push the others out of sight",
    },
    Weight {
        aspect: Aspect::Hurdles,
        points: 10,
        reason: "who has said nothing of certificates and licences may have none; where little else tells opportunities apart, one that everybody can begin comes first",
    },
    Weight {
        aspect: Aspect::Freshness,
        points: 5,
        reason: "what was confirmed of late is more likely to be true; it only parts what is equal otherwise",
    },
];

/// What is given for one of several wishes of an aspect; two or more, or all of them, give everything.
pub const ONE_OF_SEVERAL: f32 = 0.8;
/// What is given where a record does not say: less than half, because it may be a no, and more than nothing.
pub const UNKNOWN: f32 = 0.4;
/// What is given for the way if there is none, because it is done from home.
pub const FROM_HOME: f32 = 0.5;
/// What is farther away than this is said to speak against it, in kilometres.
pub const FAR_KM: f32 = 25.0;
/// The distance at which half of the points for the way are gone, in kilometres.
pub const HALF_KM: f32 = 10.0;
/// The age at which half of the points for freshness are gone, in days.
pub const HALF_DAYS: f32 = 180.0;
/// The share of all points that goes if it is unknown whether what somebody needs is there.
pub const UNKNOWN_NEED: f32 = 0.3;

/// The share of all points that goes if it takes twice as many hours as wished for, or more; in between in proportion.
pub const TOO_MUCH: f32 = 0.4;
/// What is given for an easy beginning if a record does not say that beginners are welcome.
pub const BEGINNERS_UNSAID: f32 = 0.6;

/// The points by aspect: a scan over a state asks for them a hundred thousand times.
const POINTS: [u16; WEIGHTS.len()] = by_aspect();

/// Returns what an aspect counts.
#[must_use]
pub fn points(aspect: Aspect) -> f32 {
    POINTS.get(aspect as usize).copied().map_or(0.0, f32::from)
}

#[expect(
    clippy::indexing_slicing,
    reason = "the compiler runs it: an index too far does not build"
)]
const fn by_aspect() -> [u16; WEIGHTS.len()] {
    let (mut points, mut at) = ([0; WEIGHTS.len()], 0);
    while at < WEIGHTS.len() {
        points[WEIGHTS[at].aspect as usize] = WEIGHTS[at].points;
        at += 1;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_aspect_has_one_weight_and_a_reason() {
        for aspect in Aspect::ALL {
            let of = WEIGHTS.iter().filter(|weight| weight.aspect == aspect).count();
            assert_eq!(of, 1, "{aspect:?}");
            assert!(points(aspect) > 0.0);
        }
        assert_eq!(WEIGHTS.len(), Aspect::ALL.len());
        assert!(WEIGHTS.iter().all(|weight| !weight.reason.is_empty()));
        assert!(WEIGHTS.is_sorted_by_key(|weight| std::cmp::Reverse(weight.points)));
    }

    #[test]
    fn unknown_is_neither_yes_nor_no() {
        for share in [UNKNOWN, ONE_OF_SEVERAL, FROM_HOME, TOO_MUCH, BEGINNERS_UNSAID] {
            assert!(share > 0.0 && share < 1.0);
        }
        const { assert!(UNKNOWN < ONE_OF_SEVERAL && UNKNOWN_NEED < 1.0) };
    }
}
