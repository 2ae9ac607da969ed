//! Why an opportunity fits and what does not, as facts that pages put into words.

use engagement_protocol::time::Day;

use super::codes::Codes;
use super::facts::Facts;
use super::weights::FAR_KM;
use super::{Aspect, Fit, Wish};

/// One thing that speaks for an opportunity, against it, or is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// Which of the three.
    pub verdict: Verdict,
    /// What it is about.
    pub about: About,
}

/// What a reason says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It fits.
    For,
    /// It does not, or there is something to be done first.
    Against,
    /// The record does not say.
    Unknown,
}

/// What a reason is about, with what the record says; with what was wished for where it says nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "each is the aspect or gate of its name")]
pub enum About {
    Distance { km: f32 },
    FromHome,
    Place,
    Fields(Codes),
    Activities(Codes),
    Targets(Codes),
    Suited(Codes),
    Time(Codes),
    Negotiable,
    Effort { quarters: u16 },
    Commitment(Codes),
    Age { youngest: u8, oldest: u8 },
    Needs(Codes),
    Requirements(Codes),
}

impl Verdict {
    /// Returns the word in the interface.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Unknown => "unknown",
        }
    }
}

/// How codes become what a reason is about.
type Says = fn(Codes) -> About;

/// Says why an opportunity fits and what does not, in the order in which people want to hear it.
///
/// Requirements are always said, wished for or not: whoever goes there will be asked for them.
#[must_use]
pub fn explain(wish: &Wish, facts: &Facts, today: Day) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let aspects = wish.aspects(facts, today);
    let fit =
        |aspect: Aspect| aspects.iter().find(|(one, _)| *one == aspect).and_then(|(_, fit)| *fit);
    let mut say = |verdict, about| reasons.push(Reason { verdict, about });

    if let Some(way) = fit(Aspect::Distance) {
        let (verdict, about) = match (way, facts.distance_km) {
            _ if facts.is_remote() => (Verdict::For, About::FromHome),
            (Fit::Yes(_), Some(km)) if km <= FAR_KM => (Verdict::For, About::Distance { km }),
            (Fit::Yes(_), Some(km)) => (Verdict::Against, About::Distance { km }),
            _ => (Verdict::Unknown, About::Place),
        };
        say(verdict, about);
    }
    if let Some(time) = fit(Aspect::Time) {
        let (verdict, about) = match time {
            Fit::Yes(_) => (Verdict::For, About::Time(wish.slots.within(facts.slots))),
            Fit::No => (Verdict::Against, About::Time(facts.slots)),
            Fit::Unknown if facts.slots.is_empty() => (Verdict::Unknown, About::Time(Codes::NONE)),
            Fit::Unknown => (Verdict::Unknown, About::Negotiable),
        };
        say(verdict, about);
    }
    if let Some(hours) = fit(Aspect::Effort) {
        say(verdict(hours), About::Effort { quarters: facts.quarters });
    }
    let lists: [(Aspect, Codes, Codes, Says); 5] = [
        (Aspect::Commitment, wish.commitments, facts.commitments, About::Commitment),
        (Aspect::Field, wish.fields, facts.fields, About::Fields),
        (Aspect::Activity, wish.activities, facts.activities, About::Activities),
        (Aspect::Target, wish.targets, facts.targets, About::Targets),
        (Aspect::Suited, wish.suited, facts.suited, About::Suited),
    ];
    for (aspect, wished, said, about) in lists {
        match fit(aspect) {
            Some(Fit::Yes(_)) => {
                let met = wished.within(said);
                say(Verdict::For, about(if met.is_empty() { said } else { met }));
            }
            Some(Fit::No) => say(Verdict::Against, about(said)),
            // Whom it suits few records say: what is to be asked about is named.
            Some(Fit::Unknown) if aspect == Aspect::Suited => say(Verdict::Unknown, about(wished)),
            Some(Fit::Unknown) => say(Verdict::Unknown, about(Codes::NONE)),
            None => {}
        }
    }
    let (youngest, oldest) = (facts.youngest, facts.oldest);
    if youngest > 0 || oldest > 0 {
        // Whoever did not say their age has to look themselves.
        let verdict = if wish.age.is_some() { Verdict::For } else { Verdict::Against };
        say(verdict, About::Age { youngest, oldest });
    }
    let unknown = wish.unknown_needs(facts);
    let met = wish.needs.within(facts.accessible);
    if !met.is_empty() {
        say(Verdict::For, About::Needs(met));
    }
    if !unknown.is_empty() {
        say(Verdict::Unknown, About::Needs(unknown));
    }
    if !facts.requirements.is_empty() {
        say(Verdict::Against, About::Requirements(facts.requirements));
    }
    reasons
}

const fn verdict(fit: Fit) -> Verdict {
    match fit {
        Fit::Yes(_) => Verdict::For,
        Fit::Unknown => Verdict::Unknown,
        Fit::No => Verdict::Against,
    }
}
