//! What a record says about the questions of a wish, small enough to be kept for every record of a state.

use engagement_protocol::opportunity::Opportunity;

use super::codes::Codes;
use crate::domain::vocabulary::List;
use crate::domain::{effort, slots};

/// What a record says; whatever it does not say is empty or 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Facts {
    /// Its fields.
    pub fields: Codes,
    /// What people do.
    pub activities: Codes,
    /// For whom.
    pub targets: Codes,
    /// Whom it says it suits.
    pub suited: Codes,
    /// When.
    pub slots: Codes,
    /// Once, regularly …
    pub commitments: Codes,
    /// On site, from home …
    pub modes: Codes,
    /// What people need to bring.
    pub requirements: Codes,
    /// Questions of accessibility that it answers with yes.
    pub accessible: Codes,
    /// Questions of accessibility that it answers with no.
    pub inaccessible: Codes,
    /// Quarters of an hour a month.
    pub quarters: u16,
    /// The youngest age.
    pub youngest: u8,
    /// The oldest age.
    pub oldest: u8,
    /// The day on which somebody last confirmed it, since 1970, plus one.
    pub verified: u32,
    /// How far its nearest place is from where somebody stands, in kilometres.
    pub distance_km: Option<f32>,
}

/// The age from which youths are welcome where a record is said to suit them.
const YOUTHS: u8 = 14;

/// Returns the youngest age that a record names, in years or by whom it suits; 0 if it names none.
#[must_use]
pub fn youngest(record: &Opportunity) -> u8 {
    let suits_youths = record.suited.iter().any(|code| code == "jugendliche_ab_14");
    record.age_min.or(suits_youths.then_some(YOUTHS)).unwrap_or(0)
}

impl Facts {
    /// Reads a record; how far it is depends on who asks.
    #[must_use]
    pub fn of(record: &Opportunity, distance_km: Option<f32>) -> Self {
        let codes = |list, codes: &[String]| Codes::of(list, codes.iter().map(String::as_str));
        let answered = |answer: &str| {
            let said = record.accessibility.iter().filter(|(_, said)| *said == answer);
            Codes::of(List::Accessibility, said.map(|(code, _)| code.as_str()))
        };
        Self {
            fields: codes(List::Fields, &record.fields),
            activities: codes(List::Activities, &record.activities),
            targets: codes(List::Targets, &record.targets),
            suited: codes(List::Suited, &record.suited),
            slots: Codes::of(List::Slots, slots::of(record)),
            commitments: Codes::of(List::Commitment, record.commitment.as_deref()),
            modes: Codes::of(List::Mode, record.mode.as_deref()),
            requirements: codes(List::Requirements, &record.requirements),
            accessible: answered("yes"),
            inaccessible: answered("no"),
            quarters: effort::quarters(record.hours.as_ref().and_then(effort::a_month)),
            youngest: youngest(record),
            oldest: record.age_max.unwrap_or(0),
            verified: record.verified_at.map_or(0, |day| day.number() + 1),
            distance_km,
        }
    }

    /// Returns whether it is done from home, wherever that is.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        static REMOTE: std::sync::LazyLock<Codes> =
            std::sync::LazyLock::new(|| Codes::of(List::Mode, ["remote"]));
        self.modes.meets(*REMOTE)
    }
}
