//! The facts that a wish is judged by, from the columns of the index.
//!
//! They are exactly those of the record: what a card says about why it fits is what it was ranked by.

use std::sync::LazyLock;

use engagement_protocol::opportunity::Opportunity;

use crate::domain::matching;
use crate::domain::matching::codes::Codes;
use crate::domain::matching::facts::Facts;
use crate::domain::vocabulary::List;

use super::columns::{Card, Gate};
use super::facets::{Facet, layout};

/// Bits for requirements, from the lowest.
const REQUIREMENTS: u32 = 32;
/// Bits for what is not accessible, behind them; the rest is for whom it suits.
const INACCESSIBLE: u32 = 20;

/// Packs what no facet counts: requirements, what is not accessible, and whom a record suits.
pub(super) fn demands(record: &Opportunity) -> u64 {
    let facts = Facts::of(record, None);
    facts.requirements.bits()
        | (facts.inaccessible.bits() << REQUIREMENTS)
        | (facts.suited.bits() << (REQUIREMENTS + INACCESSIBLE))
}

/// Returns what somebody cannot meet who cannot meet these requirements, as it is packed.
pub(super) fn lacking<'a>(codes: impl IntoIterator<Item = &'a str>) -> u64 {
    matching::lacking(Codes::of(List::Requirements, codes)).bits()
}

/// Returns the facts of a record.
pub(super) fn facts(gate: &Gate, card: &Card, distance_km: Option<f32>) -> Facts {
    let places = places();
    let codes = |place: &Place| {
        let bits = (gate.codes().0 & place.mask) >> place.shift;
        Codes::from_bits(u64::try_from(bits).unwrap_or(0))
    };
    let part = |shift: u32, bits: u32| {
        Codes::from_bits((card.demands >> shift) & (u64::MAX >> (u64::BITS - bits)))
    };
    let (quarters, youngest, oldest) = card.time.month_and_ages();
    Facts {
        fields: codes(&places.fields),
        activities: codes(&places.activities),
        targets: codes(&places.targets),
        suited: part(REQUIREMENTS + INACCESSIBLE, u64::BITS - REQUIREMENTS - INACCESSIBLE),
        slots: codes(&places.slots),
        commitments: codes(&places.commitments),
        modes: codes(&places.modes),
        requirements: part(0, REQUIREMENTS),
        accessible: codes(&places.accessible),
        inaccessible: part(REQUIREMENTS, INACCESSIBLE),
        quarters,
        youngest,
        oldest,
        verified: card.verified,
        distance_km,
    }
}

/// Where the known codes of a facet stand among all.
#[derive(Debug)]
struct Place {
    mask: u128,
    shift: u32,
}

#[derive(Debug)]
struct Places {
    fields: Place,
    activities: Place,
    targets: Place,
    slots: Place,
    commitments: Place,
    modes: Place,
    accessible: Place,
}

fn places() -> &'static Places {
    static PLACES: LazyLock<Places> = LazyLock::new(|| {
        let place = |facet| {
            let mask = layout().listed(facet).0;
            Place { mask, shift: mask.trailing_zeros() % u128::BITS }
        };
        Places {
            fields: place(Facet::Field),
            activities: place(Facet::Activity),
            targets: place(Facet::Target),
            slots: place(Facet::Slot),
            commitments: place(Facet::Commitment),
            modes: place(Facet::Mode),
            accessible: place(Facet::Accessibility),
        }
    });
    &PLACES
}

#[cfg(test)]
mod tests;
