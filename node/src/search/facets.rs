//! Facets as bits: every code of the vocabulary has one, so that a record's choices are one number.
//!
//! A choice is then a mask, a test is one `and`, and counting walks over the bits that are set. Codes that
//! the vocabulary does not know share a bit in each facet and are called `weitere`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engagement_protocol::opportunity::Opportunity;

use crate::domain::effort::Band;
use crate::domain::slots;
use crate::domain::vocabulary::{List, UNKNOWN, Vocabulary};
use crate::search::answer::{FacetCount, Facets};
use crate::search::query::Query;

use super::towns;

/// How many bits there are.
pub(super) const BITS: usize = 128;

/// What records are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Facet {
    Direction,
    Field,
    Activity,
    Target,
    Commitment,
    Mode,
    Hours,
    Slot,
    Accessibility,
    Suited,
}

impl Facet {
    /// All, in the order of their bits.
    pub(super) const ALL: [Self; 10] = [
        Self::Direction,
        Self::Field,
        Self::Activity,
        Self::Target,
        Self::Commitment,
        Self::Mode,
        Self::Hours,
        Self::Slot,
        Self::Accessibility,
        Self::Suited,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Direction => "direction",
            Self::Field => "field",
            Self::Activity => "activity",
            Self::Target => "target",
            Self::Commitment => "commitment",
            Self::Mode => "mode",
            Self::Hours => "hours",
            Self::Slot => "slot",
            Self::Accessibility => "accessibility",
            Self::Suited => "suited",
        }
    }

    /// The list of the vocabulary that its codes are from; bands of hours are in none.
    const fn list(self) -> Option<List> {
        match self {
            Self::Direction => Some(List::Direction),
            Self::Field => Some(List::Fields),
            Self::Activity => Some(List::Activities),
            Self::Target => Some(List::Targets),
            Self::Commitment => Some(List::Commitment),
            Self::Mode => Some(List::Mode),
            Self::Hours => None,
            Self::Slot => Some(List::Slots),
            Self::Accessibility => Some(List::Accessibility),
            Self::Suited => Some(List::Suited),
        }
    }

    /// Returns whether choices add up: who needs two things needs both, and every choice finds less.
    pub(super) const fn adds_up(self) -> bool {
        matches!(self, Self::Accessibility)
    }

    /// Returns whether a record can say something that the vocabulary does not know: bits are few.
    const fn is_open(self) -> bool {
        !matches!(self, Self::Direction | Self::Hours)
    }

    fn known(self) -> Vec<(Self, &'static str)> {
        let mut codes: Vec<&'static str> = match self.list() {
            Some(list) => Vocabulary::embedded().codes(list).map(|(code, _)| code).collect(),
            None => Band::ALL.iter().map(|band| band.code()).collect(),
        };
        if self == Self::Slot {
            // Behind the slots: those stand together, in the order of the vocabulary.
            codes.extend(slots::GROUPS);
        }
        codes.into_iter().map(|code| (self, code)).collect()
    }

    fn of_record(self, record: &Opportunity) -> Vec<&str> {
        match self {
            Self::Direction => vec![record.direction.as_str()],
            Self::Field => list(&record.fields),
            Self::Activity => list(&record.activities),
            Self::Target => list(&record.targets),
            Self::Commitment => record.commitment.as_deref().into_iter().collect(),
            Self::Mode => record.mode.as_deref().into_iter().collect(),
            Self::Hours => {
                record.hours.as_ref().and_then(Band::of).map(Band::code).into_iter().collect()
            }
            Self::Slot => slots::of(record),
            Self::Accessibility => {
                let yes = record.accessibility.iter().filter(|(_, answer)| *answer == "yes");
                yes.map(|(code, _)| code.as_str()).collect()
            }
            Self::Suited => list(&record.suited),
        }
    }

    fn of_query(self, query: &Query) -> Vec<&str> {
        match self {
            Self::Direction => {
                query.directions.iter().map(|direction| direction.as_str()).collect()
            }
            Self::Field => list(&query.fields),
            Self::Activity => list(&query.activities),
            Self::Target => list(&query.targets),
            Self::Commitment => list(&query.commitments),
            Self::Mode => list(&query.modes),
            Self::Hours => list(&query.hours),
            Self::Slot => list(&query.slots),
            Self::Accessibility => list(&query.accessibility),
            Self::Suited => list(&query.suited),
        }
    }
}

fn list(codes: &[String]) -> Vec<&str> {
    codes.iter().map(String::as_str).collect()
}

/// The codes of one record, or a choice among codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Codes(pub(super) u128);

impl Codes {
    /// Puts the first and the last 64 bits together.
    #[inline]
    pub(super) const fn of(low: u64, high: u64) -> Self {
        Self(((high as u128) << 64) | low as u128)
    }

    /// Returns whether one of these is also one of those.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns whether there is none.
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns whether all of those are also among these.
    pub(super) const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the first 64 bits.
    pub(super) fn low(self) -> u64 {
        u64::try_from(self.0 & u128::from(u64::MAX)).unwrap_or(0)
    }

    /// Returns the last 64 bits.
    pub(super) fn high(self) -> u64 {
        u64::try_from(self.0 >> 64).unwrap_or(0)
    }

    /// Returns those that are also in `other`.
    pub(super) const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Which bit is which code.
#[derive(Debug)]
pub(super) struct Layout {
    /// By bit.
    codes: Vec<(Facet, &'static str)>,
    bits: BTreeMap<(&'static str, &'static str), u32>,
    /// Groups of slots: their slots, and the bit of the group.
    groups: Vec<(Codes, Codes)>,
}

/// Returns the layout of the embedded vocabulary.
pub(super) fn layout() -> &'static Layout {
    static LAYOUT: LazyLock<Layout> = LazyLock::new(Layout::new);
    &LAYOUT
}

impl Layout {
    fn new() -> Self {
        let others = Facet::ALL.into_iter().filter(|facet| facet.is_open());
        let others = others.map(|facet| (facet, UNKNOWN));
        let known = Facet::ALL.into_iter().flat_map(Facet::known);
        // A vocabulary with more codes than bits would lose its last ones to `weitere`; a test forbids it.
        let codes: Vec<_> = others.chain(known).take(BITS).collect();
        let bits = (0..).zip(&codes).map(|(bit, (facet, code))| ((facet.name(), *code), bit));
        let mut layout = Self { bits: bits.collect(), codes, groups: Vec::new() };
        let slots =
            |group| slots::in_group(group).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let group = |group| {
            let bit = layout.one(Facet::Slot, group).unwrap_or_default();
            (layout.some(Facet::Slot, &slots(group)), bit)
        };
        layout.groups = slots::GROUPS.into_iter().map(group).collect();
        layout
    }

    /// Returns these codes with the groups that their slots belong to, and with no other groups.
    fn grouped(&self, codes: Codes) -> Codes {
        self.groups.iter().fold(codes, |all, (slots, group)| {
            Codes(if codes.meets(*slots) { all.0 | group.0 } else { all.0 & !group.0 })
        })
    }

    /// Returns the bits of the codes of a facet that the vocabulary knows: nothing that is counted beside them.
    pub(super) fn listed(&self, facet: Facet) -> Codes {
        let unknown = self.one(facet, UNKNOWN).unwrap_or_default();
        let others = self.groups.iter().fold(unknown, |all, (_, group)| Codes(all.0 | group.0));
        Codes(self.all(facet).0 & !others.0)
    }

    /// Returns the codes of a record.
    pub(super) fn of_record(&self, record: &Opportunity) -> Codes {
        let bit = |facet: Facet, code: &str| {
            // Who writes the code of a group has written none that the vocabulary knows.
            let known = self.one(facet, code).filter(|one| self.listed(facet).meets(*one));
            known.or_else(|| self.one(facet, UNKNOWN)).unwrap_or_default()
        };
        let codes = Facet::ALL.into_iter().fold(Codes::default(), |codes, facet| {
            let own = facet.of_record(record).into_iter();
            own.fold(codes, |codes, code| Codes(codes.0 | bit(facet, code).0))
        });
        self.grouped(codes)
    }

    /// Returns what a query chooses in each facet where it chooses; unknown codes find nothing.
    pub(super) fn of_query(&self, query: &Query) -> Vec<(Facet, Codes)> {
        let choice = |facet: Facet| {
            let chosen = facet.of_query(query);
            let codes: Vec<Codes> =
                chosen.iter().filter_map(|code| self.one(facet, code)).collect();
            // Of needs that add up, one that no record can meet leaves none.
            let lost = facet.adds_up() && codes.len() < chosen.len();
            let codes = codes.into_iter().fold(Codes::default(), |all, one| Codes(all.0 | one.0));
            (!chosen.is_empty()).then_some((facet, if lost { Codes::default() } else { codes }))
        };
        Facet::ALL.into_iter().filter_map(choice).collect()
    }

    /// Returns all codes of a facet.
    pub(super) fn all(&self, facet: Facet) -> Codes {
        let own = (0u32..).zip(&self.codes).filter(|(_, (of, _))| *of == facet);
        Codes(own.fold(0, |mask, (bit, _)| mask | (1 << bit)))
    }

    /// Returns the one code, if it is known.
    pub(super) fn one(&self, facet: Facet, code: &str) -> Option<Codes> {
        self.bits.get(&(facet.name(), code)).map(|bit| Codes(1 << bit))
    }

    /// Names the counts that are not zero.
    pub(super) fn name(&self, counts: &[u32], towns: &[u32]) -> Facets {
        let mut named: BTreeMap<_, Vec<_>> =
            Facet::ALL.into_iter().map(|facet| (facet.name(), Vec::new())).collect();
        for ((facet, code), count) in self.codes.iter().zip(counts).filter(|(_, count)| **count > 0)
        {
            named
                .entry(facet.name())
                .or_default()
                .push(FacetCount { code, count: u64::from(*count) });
        }
        for counts in named.values_mut() {
            counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(b.code)));
        }
        named.extend(towns::name(towns));
        Facets(named)
    }

    /// Returns these codes of a facet; those that the vocabulary does not know are left out.
    pub(super) fn some(&self, facet: Facet, codes: &[String]) -> Codes {
        let known = codes.iter().filter_map(|code| self.one(facet, code));
        known.fold(Codes::default(), |all, one| Codes(all.0 | one.0))
    }

    /// Returns all that decides about the bits and labels of a record.
    pub(super) fn fingerprint(&self) -> String {
        let vocabulary = Vocabulary::embedded();
        let line = |(facet, code): &(Facet, &'static str)| {
            let label = facet.list().map_or("", |list| vocabulary.label(list, code));
            format!("{} {code} {label}\n", facet.name())
        };
        self.codes.iter().map(line).collect()
    }

    /// Returns the names of all codes in the order of their bits, without spaces: what [`Translation`] reads.
    pub(super) fn names(&self) -> String {
        let names = self.codes.iter().map(|(facet, code)| format!("{}/{code}", facet.name()));
        names.collect::<Vec<_>>().join(",")
    }

    /// Returns the words that say in German what fields, activities and targets a record has.
    pub(super) fn labels(record: &Opportunity) -> String {
        let vocabulary = Vocabulary::embedded();
        [
            (List::Fields, &record.fields),
            (List::Activities, &record.activities),
            (List::Targets, &record.targets),
            (List::Suited, &record.suited),
        ]
        .into_iter()
        .flat_map(|(list, codes)| codes.iter().map(move |code| vocabulary.label(list, code)))
        .collect::<Vec<_>>()
        .join(", ")
    }
}

/// What the bits mean that another version has written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Translation(
    /// By its bit, the code that is meant here.
    Vec<Codes>,
);

impl Translation {
    /// Reads the names of its codes; one that the vocabulary has lost is one that it does not know.
    pub(super) fn of(names: &str) -> Self {
        let code = |name: &str| {
            let (facet, code) = name.split_once('/')?;
            let facet = Facet::ALL.into_iter().find(|one| one.name() == facet)?;
            layout().one(facet, code).or_else(|| layout().one(facet, UNKNOWN))
        };
        Self(names.split(',').take(BITS).map(|name| code(name).unwrap_or_default()).collect())
    }

    /// Returns what is meant by codes.
    pub(super) fn read(&self, codes: Codes) -> Codes {
        let (mut left, mut meant) = (codes.0, 0);
        while left != 0 {
            let bit = usize::try_from(left.trailing_zeros()).ok();
            meant |= bit.and_then(|bit| self.0.get(bit)).map_or(0, |code| code.0);
            left &= left - 1;
        }
        // A version that knew no groups has not written any.
        layout().grouped(Codes(meant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_another_version_are_read_by_their_names() {
        let same = Translation::of(&layout().names());
        let all = Codes((0..layout().codes.len()).fold(0, |all, bit| all | (1 << bit)));
        assert_eq!(same.read(all), all);
        let other = Translation::of("field/sport,direction/offer,field/verloren,farbe/rot");
        let meant = |bits| other.read(Codes(bits));
        assert_eq!(Some(meant(0b0001)), layout().one(Facet::Field, "sport"));
        assert_eq!(Some(meant(0b0010)), layout().one(Facet::Direction, "offer"));
        assert_eq!(Some(meant(0b0100)), layout().one(Facet::Field, UNKNOWN));
        assert!(meant(0b11_1000).is_empty(), "nobody knows what these were");
        let older = Translation::of("slot/sa_pm,slot/we").read(Codes(0b01));
        let groups = ["pm", "we"].map(|group| layout().one(Facet::Slot, group).unwrap());
        assert!(groups.into_iter().all(|group| older.meets(group)), "groups need no new index");
        let morning = layout().one(Facet::Slot, "am").unwrap();
        assert!(
            !older.meets(morning) && !Translation::of("slot/we").read(Codes(1)).meets(groups[1])
        );
    }

    #[test]
    fn every_code_of_the_vocabulary_has_its_own_bit() {
        let known = Facet::ALL.into_iter().flat_map(Facet::known).count();
        let open = Facet::ALL.into_iter().filter(|facet| facet.is_open()).count();
        assert_eq!(layout().codes.len(), known + open, "{BITS} bits are too few");
        assert_eq!(layout().bits.len(), layout().codes.len(), "a code stands twice in its list");
        let all = Facet::ALL.map(|facet| layout().all(facet).0);
        let (union, twice) =
            all.iter().fold((0, 0), |(union, twice), mask| (union | mask, twice ^ mask));
        assert_eq!(union, twice, "a bit belongs to two facets");
        assert_eq!(union.count_ones() as usize, layout().codes.len());
    }

    #[test]
    fn the_biggest_count_comes_first_and_equal_ones_by_code() {
        let mut counts = [0; BITS];
        for (code, count) in [("sport", 2), ("kinder", 2), ("umwelt", 7), (UNKNOWN, 1)] {
            let bit = layout().one(Facet::Field, code).unwrap().0.trailing_zeros();
            counts[bit as usize] = count;
        }
        let facets = layout().name(&counts, &[]).0;
        let codes: Vec<&str> = facets["field"].iter().map(|count| count.code).collect();
        assert_eq!(codes, ["umwelt", "kinder", "sport", UNKNOWN]);
        assert_eq!(facets["mode"], []);
    }
}
