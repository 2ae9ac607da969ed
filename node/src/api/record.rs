//! The fields of a record, described for whoever reads the JSON interface.
//!
//! What is answered is the record as its origin signed it; nothing is written by these types. They exist so that the
//! description names every field with its type and meaning, and a test compares them with what a full record holds.
//! SPEC.md section 9 is the contract.

#![expect(dead_code, reason = "only their description is used")]

use std::collections::BTreeMap;

use utoipa::ToSchema;

/// The record as its origin signed it. A field that says nothing is left out; unknown fields may be added later.
#[derive(ToSchema)]
pub(crate) struct RecordBody {
    /// The id, unique at its origin: 1 to 64 of letters, digits, `.`, `_`, `/` and `-`.
    id: String,
    /// Always `opportunity`.
    kind: String,
    /// `seek` or `offer`.
    direction: String,
    /// Who seeks or offers: a code like `verein`.
    actor: Option<String>,
    /// The title, in German.
    title: String,
    /// One or two sentences.
    summary: Option<String>,
    /// The whole text; an empty line begins a paragraph.
    description: String,
    /// The same in plain language.
    plain: Option<String>,
    /// What there is to do, one line each.
    tasks: Vec<String>,
    /// Who is behind it.
    organisation: Option<OrganisationBody>,
    /// Codes of fields.
    fields: Vec<String>,
    /// Codes of activities.
    activities: Vec<String>,
    /// Codes of target groups.
    targets: Vec<String>,
    /// Codes of whom it suits.
    suited: Vec<String>,
    /// The code of the commitment: `once`, `regular` …
    commitment: Option<String>,
    /// How much time it takes.
    hours: Option<HoursBody>,
    /// Codes of times: `mo_am`, `sa_pm`, `by_arrangement` …
    slots: Vec<String>,
    /// Times in words.
    slots_text: Option<String>,
    /// Single dates.
    dates: Vec<OccurrenceBody>,
    /// First day, `YYYY-MM-DD`.
    starts_on: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    ends_on: Option<String>,
    /// Last day to apply, `YYYY-MM-DD`.
    apply_until: Option<String>,
    /// `onsite`, `remote`, `hybrid` or `mobile`.
    mode: Option<String>,
    /// Where it takes place.
    places: Vec<PlaceBody>,
    /// How many people are sought.
    seats: Option<u32>,
    /// How many of them are still sought.
    seats_left: Option<u32>,
    /// Least age in years.
    age_min: Option<u8>,
    /// Greatest age in years.
    age_max: Option<u8>,
    /// Languages that are needed or welcome.
    languages: Vec<LanguageBody>,
    /// Codes of what people need to bring.
    requirements: Vec<String>,
    /// By code of accessibility: `yes`, `no` or `unknown`.
    accessibility: BTreeMap<String, String>,
    /// Codes of what the organisation gives.
    benefits: Vec<String>,
    /// The function of who answers; never a name.
    contact_role: Option<String>,
    /// A page about it.
    url: Option<String>,
    /// `live`; others are not answered.
    status: String,
    /// The code of the urgency.
    urgency: Option<String>,
    /// The day somebody last confirmed it, `YYYY-MM-DD`.
    verified_at: Option<String>,
    /// The code of who confirmed it.
    verified_by: Option<String>,
    /// The last day on which it is shown, `YYYY-MM-DD`.
    valid_until: String,
    /// The day it was written, `YYYY-MM-DD`.
    created: Option<String>,
    /// The day it was last changed, `YYYY-MM-DD`.
    updated: Option<String>,
    /// Where an imported record comes from.
    source: Option<SourceBody>,
    /// The licence of the text, as an SPDX identifier.
    licence: Option<String>,
}

/// Who seeks or offers.
#[derive(ToSchema)]
pub(crate) struct OrganisationBody {
    /// Its id at the origin.
    id: Option<String>,
    /// Its name.
    name: String,
    /// Its page.
    url: Option<String>,
}

/// How much time it takes.
#[derive(ToSchema)]
pub(crate) struct HoursBody {
    /// Hours at once.
    per_occurrence: Option<f64>,
    /// How often in the unit of `per`.
    times: Option<u32>,
    /// `week`, `month` or `year`.
    per: Option<String>,
    /// Whether that can be talked about.
    flexible: Option<bool>,
}

/// A single date.
#[derive(ToSchema)]
pub(crate) struct OccurrenceBody {
    /// When it begins, RFC 3339 with offset.
    start: String,
    /// When it ends, RFC 3339 with offset.
    end: Option<String>,
}

/// A place.
#[derive(ToSchema)]
pub(crate) struct PlaceBody {
    /// The official key of the municipality or Kreis.
    ags: Option<String>,
    /// The postal code.
    plz: Option<String>,
    /// The town.
    town: Option<String>,
    /// The district of the town.
    district: Option<String>,
    /// The street, if it is public.
    street: Option<String>,
    /// Degrees north.
    lat: Option<f64>,
    /// Degrees east.
    lon: Option<f64>,
    /// How exactly it is given.
    precision: Option<String>,
}

/// A language.
#[derive(ToSchema)]
pub(crate) struct LanguageBody {
    /// Its code, ISO 639.
    code: String,
    /// Whether it is needed or welcome.
    need: Option<String>,
}

/// Where an imported record comes from.
#[derive(ToSchema)]
pub(crate) struct SourceBody {
    /// The system.
    system: String,
    /// Its key there.
    id: String,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engagement_protocol::opportunity::Record;
    use engagement_protocol::slice::Line;
    use serde_json::Value;
    use utoipa::OpenApi as _;

    /// A record that says everything.
    const FULL: &str = r#"{"id":"o-1","kind":"opportunity","direction":"seek","actor":"verein","title":"t","summary":"s","description":"d","plain":"p","tasks":["a"],"organisation":{"id":"o","name":"n","url":"https://example.org"},"fields":["sport"],"activities":["fahren"],"targets":["kinder"],"suited":["gruppen"],"commitment":"once","hours":{"per_occurrence":1,"times":1,"per":"week","flexible":true},"slots":["mo_am"],"slots_text":"morgens","dates":[{"start":"2027-01-02T10:00:00+01:00","end":"2027-01-02T12:00:00+01:00"}],"starts_on":"2027-01-02","ends_on":"2027-01-02","apply_until":"2027-01-01","mode":"onsite","places":[{"ags":"05558012","plz":"48653","town":"Coesfeld","district":"Lette","street":"Markt 1","lat":51.9,"lon":7.1,"precision":"exact"}],"seats":2,"seats_left":1,"age_min":14,"age_max":27,"languages":[{"code":"ar","need":"welcome"}],"requirements":["pkw"],"accessibility":{"stufenlos":"yes"},"benefits":["verpflegung"],"contact_role":"Vorstand","url":"https://example.org","status":"live","urgency":"soon","verified_at":"2026-11-01","verified_by":"organisation","valid_until":"2027-05-02","created":"2026-10-01","updated":"2026-11-01","source":{"system":"x","id":"1"},"licence":"CC0-1.0"}"#;

    fn keys(value: &Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn every_field_of_a_record_is_described_and_none_that_it_has_not() {
        let Record::Opportunity(record) = Record::read(&Line::read(FULL.as_bytes()).unwrap())
        else {
            panic!("the record is readable")
        };
        let record = serde_json::to_value(&record).unwrap();
        let described = serde_json::to_value(crate::api::Description::openapi()).unwrap();
        let properties = |name: &str| {
            let path = format!("/components/schemas/{name}/properties");
            keys(described.pointer(&path).unwrap_or_else(|| panic!("{name} is described")))
        };
        assert_eq!(keys(&record), properties("RecordBody"));
        for (path, name) in [
            ("/organisation", "OrganisationBody"),
            ("/hours", "HoursBody"),
            ("/dates/0", "OccurrenceBody"),
            ("/places/0", "PlaceBody"),
            ("/languages/0", "LanguageBody"),
            ("/source", "SourceBody"),
        ] {
            assert_eq!(keys(record.pointer(path).unwrap()), properties(name), "{path}");
        }
    }
}
