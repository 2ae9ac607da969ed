//! What fits somebody, best first, with what speaks for it and against it.
//!
//! It is the search with a wish: the same filters, the same coverage, the same rules as on the pages. Nothing of a
//! wish is stored or logged; it lives in the address of the request alone.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::asked;
use super::error::{Error, Problem};
use super::opportunities::{CoverageBody, Item, Links};
use crate::app::App;
use crate::app::search::{Asked, Card, Found};
use crate::domain::matching::codes::Codes;
use crate::domain::matching::reason::{About, Reason};
use crate::domain::matching::weights::WEIGHTS;
use crate::domain::vocabulary::List;

/// A page of what fits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Matches {
    /// What fits, best first.
    data: Vec<Match>,
    /// How many there are in all: no gate is closed to them.
    total: u64,
    /// How many of them say nothing against the wish.
    unopposed: u64,
    /// The most points that each aspect gives; only what was wished for counts.
    weights: std::collections::BTreeMap<&'static str, u16>,
    /// Over how many nodes the search went.
    coverage: CoverageBody,
    /// What the place asked for was understood as.
    #[serde(skip_serializing_if = "Option::is_none")]
    near: Option<String>,
    /// Where to go on.
    links: Links,
}

/// An opportunity that fits; its `score` is the share of all points that could be given for this wish.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Match {
    /// The opportunity.
    #[serde(flatten)]
    item: Item,
    /// What speaks for it, what against it, and what is not known.
    reasons: Vec<ReasonBody>,
}

/// One thing that speaks for an opportunity, against it, or is not known.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ReasonBody {
    /// `for`, `against` or `unknown`.
    verdict: &'static str,
    /// `distance`, `field`, `activity`, `target`, `suited`, `slot`, `hours`, `commitment`, `age`, `need` or
    /// `requirement`.
    about: &'static str,
    /// What it says, as codes of the vocabulary.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<&'static str>,
    /// The way in a straight line, in kilometres; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    km: Option<f64>,
    /// Hours a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<f64>,
    /// The youngest age.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_min: Option<u8>,
    /// The oldest age.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_max: Option<u8>,
}

/// Judges everything this node holds by what somebody wishes for.
#[utoipa::path(
    get,
    path = "/api/v1/match",
    params(
        ("wish_field" = Option<Vec<String>>, Query, description = "Wunsch: Kürzel von Bereichen"),
        ("wish_activity" = Option<Vec<String>>, Query, description = "Wunsch: Kürzel von Tätigkeiten"),
        ("wish_target" = Option<Vec<String>>, Query, description = "Wunsch: Kürzel von Zielgruppen"),
        ("wish_suited" = Option<Vec<String>>, Query, description = "Wunsch: für wen es geeignet sein soll, zum Beispiel einsteiger"),
        ("wish_day" = Option<Vec<String>>, Query, description = "Wunsch: Tage (mo, tu, we, th, fr, sa, su; weekdays, weekend)"),
        ("wish_time" = Option<Vec<String>>, Query, description = "Wunsch: Tageszeiten (am, pm, ev)"),
        ("wish_slot" = Option<Vec<String>>, Query, description = "Wunsch: Kürzel einzelner Zeiten, zum Beispiel sa_am"),
        ("wish_commitment" = Option<Vec<String>>, Query, description = "Wunsch: Kürzel des Umfangs"),
        ("wish_hours" = Option<u16>, Query, description = "Wunsch: höchstens so viele Stunden im Monat, 1 bis 200"),
        ("must" = Option<Vec<String>>, Query, description = "Muss: field, activity, target, slot, hours, commitment, need. Was dazu etwas anderes sagt, fällt weg; was nichts sagt, bleibt, außer bei need: da muss es dastehen"),
        ("age" = Option<u8>, Query, description = "Ausschluss: Alter in Jahren"),
        ("not_field" = Option<Vec<String>>, Query, description = "Ausschluss: Kürzel von Bereichen, die nicht infrage kommen"),
        ("need" = Option<Vec<String>>, Query, description = "Ausschluss: Kürzel der Barrierefreiheit. Nein fällt weg; unbekannt bleibt und steht weiter hinten, außer mit must=need"),
        ("without" = Option<Vec<String>>, Query, description = "Ausschluss: Kürzel von Voraussetzungen, die jemand nicht erfüllt"),
        ("near" = Option<String>, Query, description = "Postleitzahl, Ort oder Breite,Länge; sonst die Kommune des Knotens"),
        ("radius_km" = Option<f64>, Query, description = "Umkreis um near, ohne near um den eigenen Ort, über 0 bis 400"),
        ("limit" = Option<u32>, Query, description = "Treffer je Seite, 0 bis 100, sonst 20"),
        ("cursor" = Option<String>, Query, description = "Aus links.next"),
        ("q" = Option<String>, Query, description = "Wörter und alle weiteren Filter wie bei /api/v1/opportunities")
    ),
    responses(
        (status = 200, body = Matches, description = "Eine Seite Treffer mit Gründen"),
        (status = 304, description = "Unverändert: If-None-Match nennt den ETag der Antwort"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Ein Parameter ist unbekannt oder nicht zu verstehen; detail sagt, was möglich ist"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Zu viele Anfragen; Retry-After sagt, wann wieder"),
        (status = 500, body = Problem, content_type = "application/problem+json", description = "Ein Fehler bei uns")
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<Matches>, Error> {
    let asked = asked::search(query.as_deref())?;
    let found = app.search(&Asked { judged: true, ..asked.clone() }).await?;
    Ok(Json(Matches::of(&asked, found)))
}

impl Matches {
    fn of(asked: &Asked, found: Found) -> Self {
        Self {
            total: found.total,
            unopposed: found.unopposed.unwrap_or(found.total),
            weights: WEIGHTS.iter().map(|one| (one.aspect.code(), one.points)).collect(),
            coverage: CoverageBody::of(found.coverage),
            near: found.near,
            links: Links::new("/api/v1/match", asked, found.next),
            data: found.cards.into_iter().map(Match::of).collect(),
        }
    }
}

impl Match {
    fn of(card: Card) -> Self {
        let reasons = card.reasons.iter().map(ReasonBody::of).collect();
        Self { reasons, item: Item::of_card(card, false) }
    }
}

impl ReasonBody {
    fn of(reason: &Reason) -> Self {
        let about = |about| Self { verdict: reason.verdict.code(), about, ..Self::default() };
        let coded =
            |name, list, codes: Codes| Self { codes: codes.names(list).collect(), ..about(name) };
        match reason.about {
            // Tenths of a kilometre: more would pretend to know a house.
            About::Distance { km } => {
                Self { km: Some((f64::from(km) * 10.0).round() / 10.0), ..about("distance") }
            }
            About::FromHome => Self { codes: vec!["remote"], ..about("distance") },
            About::Place => about("distance"),
            About::Fields(codes) => coded("field", List::Fields, codes),
            About::Activities(codes) => coded("activity", List::Activities, codes),
            About::Targets(codes) => coded("target", List::Targets, codes),
            About::Suited(codes) => coded("suited", List::Suited, codes),
            About::Time(codes) => coded("slot", List::Slots, codes),
            About::Negotiable => Self { codes: vec!["by_arrangement"], ..about("slot") },
            About::Effort { quarters: 0 } => about("hours"),
            About::Effort { quarters } => {
                Self { hours: Some(f64::from(quarters) / 4.0), ..about("hours") }
            }
            About::Commitment(codes) => coded("commitment", List::Commitment, codes),
            About::Age { youngest, oldest } => Self {
                age_min: (youngest > 0).then_some(youngest),
                age_max: (oldest > 0).then_some(oldest),
                ..about("age")
            },
            About::Needs(codes) => coded("need", List::Accessibility, codes),
            About::Requirements(codes) => coded("requirement", List::Requirements, codes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::matching::reason::Verdict;

    #[test]
    fn a_reason_is_codes_and_numbers() {
        let json = |verdict, about| {
            serde_json::to_value(ReasonBody::of(&Reason { verdict, about })).unwrap()
        };
        let slots = About::Time(Codes::of(List::Slots, ["tu_pm"]));
        assert_eq!(
            json(Verdict::For, slots),
            serde_json::json!({"verdict": "for", "about": "slot", "codes": ["tu_pm"]})
        );
        assert_eq!(
            json(Verdict::For, About::Distance { km: 4.2345 }),
            serde_json::json!({"verdict": "for", "about": "distance", "km": 4.2})
        );
        assert_eq!(
            json(Verdict::Unknown, About::Effort { quarters: 0 }),
            serde_json::json!({"verdict": "unknown", "about": "hours"})
        );
        assert_eq!(
            json(Verdict::For, About::Age { youngest: 14, oldest: 0 }),
            serde_json::json!({"verdict": "for", "about": "age", "age_min": 14})
        );
    }
}
