//! How well an opportunity fits what somebody wished for, and why: one function for pages, interface and index.
//!
//! A wish has gates and preferences. Gates - age, must-haves, excluded fields, what somebody needs, what somebody
//! cannot bring - only ever take away: none of them adds to a score. Preferences give the points of
//! [`weights::WEIGHTS`], and only those that were wished for count. What a record does not say is neither yes nor
//! no. There is no clock and no I/O: the wish, the facts and today come in, points or the closed gate go out.

pub mod codes;
pub mod facts;
pub mod reason;
pub mod weights;

use std::sync::LazyLock;

use engagement_protocol::time::Day;

use self::codes::Codes;
use self::facts::Facts;
use super::vocabulary::{List, Vocabulary};

/// Room for a rounding, in quarters of an hour: two hours a week are 8.7 a month, and who has 9 meant them.
const ROUNDING: u16 = 1;

/// What points are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Fields of engagement.
    Field,
    /// What people do.
    Activity,
    /// For whom.
    Target,
    /// Whom it suits.
    Suited,
    /// Days and times of day.
    Time,
    /// Hours a month.
    Effort,
    /// Once, regularly …
    Commitment,
    /// The way.
    Distance,
    /// When it was last confirmed.
    Freshness,
    /// What stands before the beginning.
    Hurdles,
}

impl Aspect {
    /// All.
    pub const ALL: [Self; 10] = [
        Self::Field,
        Self::Activity,
        Self::Target,
        Self::Suited,
        Self::Time,
        Self::Effort,
        Self::Commitment,
        Self::Distance,
        Self::Freshness,
        Self::Hurdles,
    ];

    /// Those that can be a must-have: a record can say that it is otherwise.
    pub const MUSTS: [Self; 6] =
        [Self::Field, Self::Activity, Self::Target, Self::Time, Self::Effort, Self::Commitment];

    /// Returns the code in addresses and in the interface.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Activity => "activity",
            Self::Target => "target",
            Self::Suited => "suited",
            Self::Time => "slot",
            Self::Effort => "hours",
            Self::Commitment => "commitment",
            Self::Distance => "distance",
            Self::Freshness => "freshness",
            Self::Hurdles => "hurdles",
        }
    }
}

/// What somebody wishes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Gate: how old somebody is, in years.
    pub age: Option<u8>,
    /// Gate: fields that somebody wants nothing of.
    pub not_fields: Codes,
    /// Gate: accessibility that somebody needs. Unknown stays, behind what says yes.
    pub needs: Codes,
    /// Gate: whether what is needed must be known to be there.
    pub needs_known: bool,
    /// Gate: requirements that somebody cannot meet; see [`lacking`].
    pub lacks: Codes,
    /// Gate: aspects in which nothing else will do.
    pub musts: Musts,
    /// Fields that somebody likes.
    pub fields: Codes,
    /// What somebody likes to do.
    pub activities: Codes,
    /// For whom somebody would like to be there.
    pub targets: Codes,
    /// Who somebody is: a beginner, a family, somebody with a dog.
    pub suited: Codes,
    /// When somebody has time.
    pub slots: Codes,
    /// Once, regularly …
    pub commitments: Codes,
    /// Most quarters of an hour a month.
    pub quarters: Option<u16>,
    /// Whether somebody stands somewhere, so that there is a way.
    pub is_somewhere: bool,
}

/// The aspects in which nothing else will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Musts(u16);

impl Musts {
    /// Adds an aspect.
    #[must_use]
    pub const fn with(self, aspect: Aspect) -> Self {
        Self(self.0 | (1 << aspect as u16))
    }

    /// Returns whether nothing else will do in this aspect.
    #[must_use]
    pub const fn has(self, aspect: Aspect) -> bool {
        self.0 & (1 << aspect as u16) != 0
    }
}

/// What a record says about one aspect of a wish.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fit {
    /// It fits, by this share.
    Yes(f32),
    /// It does not say.
    Unknown,
    /// It says something else.
    No,
}

/// Why an opportunity is left out, whatever else it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// It is for another age.
    Age,
    /// It belongs to a field that somebody wants nothing of.
    ExcludedField,
    /// It lacks something that somebody needs.
    Need,
    /// It needs something that somebody cannot bring.
    Requirement,
    /// It says something else where nothing else will do.
    Must(Aspect),
}

/// How well an opportunity fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Points, from 0 to 100: the share of what could be given for this wish.
    pub points: f32,
    /// Whether nothing that it says speaks against the wish.
    pub is_unopposed: bool,
}

impl Wish {
    /// Returns whether anything was wished for besides a place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { is_somewhere: self.is_somewhere, ..Self::default() }
    }

    /// Returns what a record says about each aspect that was wished for.
    pub(crate) fn aspects(&self, facts: &Facts, today: Day) -> [(Aspect, Option<Fit>); 10] {
        let asked = |codes: Codes| !codes.is_empty();
        [
            (Aspect::Field, asked(self.fields).then(|| some(self.fields, facts.fields))),
            (
                Aspect::Activity,
                asked(self.activities).then(|| some(self.activities, facts.activities)),
            ),
            (Aspect::Target, asked(self.targets).then(|| target(self.targets, facts.targets))),
            (Aspect::Suited, asked(self.suited).then(|| suited(self.suited, facts.suited))),
            (Aspect::Time, asked(self.slots).then(|| time(self.slots, facts.slots))),
            (Aspect::Effort, self.quarters.map(|most| effort(most, facts.quarters))),
            (
                Aspect::Commitment,
                asked(self.commitments).then(|| commitment(self.commitments, facts.commitments)),
            ),
            (Aspect::Distance, self.is_somewhere.then(|| distance(facts))),
            (Aspect::Freshness, Some(freshness(facts.verified, today))),
            (Aspect::Hurdles, Some(hurdles(facts))),
        ]
    }

    /// Returns what somebody needs that a record does not answer; what is done from home has no place to reach, and says so.
    pub(crate) fn unknown_needs(&self, facts: &Facts) -> Codes {
        let met = if facts.is_remote() { lists().from_home } else { Codes::NONE };
        self.needs.without(facts.accessible).without(met)
    }

    fn closed(&self, facts: &Facts) -> Option<Gate> {
        let young = self.age.is_some_and(|age| age < facts.youngest);
        let old = self.age.is_some_and(|age| facts.oldest > 0 && age > facts.oldest);
        match () {
            () if young || old => Some(Gate::Age),
            () if self.not_fields.meets(facts.fields) => Some(Gate::ExcludedField),
            () if self.unknown_needs(facts).meets(facts.inaccessible) => Some(Gate::Need),
            () if self.needs_known && !self.unknown_needs(facts).is_empty() => Some(Gate::Need),
            () if self.lacks.meets(facts.requirements) => Some(Gate::Requirement),
            () => None,
        }
    }
}

/// Judges an opportunity.
///
/// # Errors
///
/// [`Gate`], if one is closed: then no points are counted.
pub fn judge(wish: &Wish, facts: &Facts, today: Day) -> Result<Score, Gate> {
    if let Some(gate) = wish.closed(facts) {
        return Err(gate);
    }
    let (mut given, mut most, mut is_unopposed) = (0.0, 0.0, true);
    for (aspect, fit) in wish.aspects(facts, today) {
        let Some(fit) = fit else { continue };
        let points = weights::points(aspect);
        most += points;
        given += points
            * match fit {
                Fit::Yes(share) => share,
                Fit::Unknown => weights::UNKNOWN,
                Fit::No if wish.musts.has(aspect) => return Err(Gate::Must(aspect)),
                Fit::No => {
                    is_unopposed = false;
                    0.0
                }
            };
    }
    let needs = f32::from(u16::try_from(wish.needs.len()).unwrap_or(u16::MAX)).max(1.0);
    let unknown = u16::try_from(wish.unknown_needs(facts).len()).unwrap_or(u16::MAX);
    let known = 1.0 - weights::UNKNOWN_NEED * f32::from(unknown) / needs;
    let bearable =
        wish.quarters.map_or(1.0, |most| 1.0 - weights::TOO_MUCH * above(most, facts.quarters));
    Ok(Score { points: 100.0 * given / most * known * bearable, is_unopposed })
}

/// Returns everything that somebody cannot meet who cannot meet these requirements: without a driving licence for a
/// car there is none for a bus.
#[must_use]
pub fn lacking(requirements: Codes) -> Codes {
    const IMPLIED: [(&str, &[&str]); 3] = [
        (
            "fuehrerschein_b",
            &["fuehrerschein_be", "fuehrerschein_c1", "fuehrerschein_d", "pbefoerderung"],
        ),
        ("deutsch_a2", &["deutsch_b1", "deutsch_b2"]),
        ("deutsch_b1", &["deutsch_b2"]),
    ];
    let of = |codes: &[&'static str]| Codes::of(List::Requirements, codes.iter().copied());
    let implied = IMPLIED.iter().filter(|(code, _)| requirements.meets(of(&[code])));
    implied.fold(requirements, |all, (_, codes)| all.and(of(codes)))
}

/// Sets of codes that mean something to these rules.
struct Lists {
    everybody: Codes,
    /// Targets that are people.
    people: Codes,
    negotiable: Codes,
    /// Needs that are met where there is no place to reach.
    from_home: Codes,
    /// Requirements that are met by coming: everybody can.
    talks: Codes,
    beginners: Codes,
}

fn lists() -> &'static Lists {
    static LISTS: LazyLock<Lists> = LazyLock::new(|| {
        let vocabulary = Vocabulary::embedded();
        let needs = vocabulary.codes(List::Accessibility).map(|(code, _)| code);
        let of_place =
            needs.filter(|code| vocabulary.group(List::Accessibility, code) == Some("place"));
        Lists {
            everybody: Codes::of(List::Targets, ["alle"]),
            people: Codes::of(
                List::Targets,
                vocabulary
                    .codes(List::Targets)
                    .map(|(code, _)| code)
                    .filter(|code| *code != "tiere"),
            ),
            negotiable: Codes::of(List::Slots, ["by_arrangement"]),
            from_home: Codes::of(List::Accessibility, of_place.chain(["von_zuhause"])),
            talks: Codes::of(List::Requirements, ["gespraech", "schnuppern", "einfuehrungskurs"]),
            beginners: Codes::of(List::Suited, ["einsteiger"]),
        }
    });
    &LISTS
}

fn some(wished: Codes, said: Codes) -> Fit {
    let met = wished.within(said);
    match () {
        () if said.is_empty() => Fit::Unknown,
        () if met.is_empty() => Fit::No,
        () if met == wished || met.len() > 1 => Fit::Yes(1.0),
        () => Fit::Yes(weights::ONE_OF_SEVERAL),
    }
}

fn target(wished: Codes, said: Codes) -> Fit {
    // Who is for everybody is for whomever one chooses; only animals are nobody.
    let is_for_people = !wished.within(lists().people).is_empty();
    if is_for_people && said.meets(lists().everybody) { Fit::Yes(1.0) } else { some(wished, said) }
}

/// Who is not named is not unwelcome.
const fn suited(wished: Codes, said: Codes) -> Fit {
    if wished.meets(said) { Fit::Yes(1.0) } else { Fit::Unknown }
}

/// One time that fits is enough to come.
fn time(wished: Codes, said: Codes) -> Fit {
    match () {
        () if said.meets(wished) => Fit::Yes(1.0),
        () if said.is_empty() || said.meets(lists().negotiable) => Fit::Unknown,
        () => Fit::No,
    }
}

const fn effort(most: u16, said: u16) -> Fit {
    match said {
        0 => Fit::Unknown,
        said if said <= most.saturating_add(ROUNDING) => Fit::Yes(1.0),
        _ => Fit::No,
    }
}

/// Returns how far above the wish the hours are: from 0, where they fit, to 1, where they are twice as many or more.
fn above(most: u16, said: u16) -> f32 {
    match effort(most, said) {
        Fit::No => (f32::from(said.saturating_sub(most)) / f32::from(most.max(1))).min(1.0),
        Fit::Yes(_) | Fit::Unknown => 0.0,
    }
}

/// Whoever has said nothing of certificates and licences has perhaps none.
fn hurdles(facts: &Facts) -> Fit {
    let hurdles = facts.requirements.without(lists().talks).len();
    let hurdles = f32::from(u16::try_from(hurdles).unwrap_or(u16::MAX));
    let welcome =
        if facts.suited.meets(lists().beginners) { 1.0 } else { weights::BEGINNERS_UNSAID };
    Fit::Yes(welcome / (1.0 + hurdles))
}

const fn commitment(wished: Codes, said: Codes) -> Fit {
    match () {
        () if said.is_empty() => Fit::Unknown,
        () if said.meets(wished) => Fit::Yes(1.0),
        () => Fit::No,
    }
}

fn distance(facts: &Facts) -> Fit {
    if facts.is_remote() {
        return Fit::Yes(weights::FROM_HOME);
    }
    let known = facts.distance_km.filter(|km| km.is_finite());
    known.map_or(Fit::Unknown, |km| Fit::Yes(weights::HALF_KM / (weights::HALF_KM + km.max(0.0))))
}

#[expect(clippy::cast_precision_loss, reason = "days of a life fit exactly")]
fn freshness(verified: u32, today: Day) -> Fit {
    let Some(day) = verified.checked_sub(1) else { return Fit::Yes(0.0) };
    let days = today.number().saturating_sub(day) as f32;
    Fit::Yes(weights::HALF_DAYS / (weights::HALF_DAYS + days))
}

#[cfg(test)]
mod tests;
