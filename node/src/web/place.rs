//! Where something takes place, in a line.

use engagement_protocol::opportunity::{Opportunity, Place};

use super::text::t;
use crate::domain::gazetteer::Gazetteer;

/// Returns the town and district, for a card: of several places, the one with this number, and how many more.
pub(super) fn short(record: &Opportunity, nearest: usize) -> String {
    let remote = record.mode.as_deref() == Some("remote");
    let mut places: Vec<String> = Vec::new();
    let first = record.places.get(nearest);
    for place in first.into_iter().chain(&record.places).map(town) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    match places.split_first() {
        _ if remote => t!("place-remote"),
        None => t!("place-unknown"),
        Some((first, [])) => first.clone(),
        Some((first, more)) => t!("card-place-more", place = first.as_str(), count = more.len()),
    }
}

/// Returns every place with street and postal code, as far as they are given.
pub(super) fn full(record: &Opportunity) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for place in &record.places {
        let town = town(place);
        let plz = place.plz.as_deref().filter(|plz| plz.len() == 5 && place.town.is_some());
        let town = plz.map_or(town.clone(), |plz| format!("{plz} {town}"));
        let line = place.street.as_ref().map_or(town.clone(), |street| format!("{street}, {town}"));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() && record.mode.as_deref() == Some("remote") {
        lines.push(t!("place-remote"));
    }
    lines
}

fn town(place: &Place) -> String {
    let by_key = || place.ags.as_ref().and_then(|ags| Gazetteer::embedded().name_of(ags));
    let by_plz = || match place.plz.as_deref() {
        Some(plz) if plz.len() == 5 => plz.to_owned(),
        Some(plz) => t!("place-area", plz = format!("{plz}…")),
        None => t!("place-unknown"),
    };
    let town = place.town.clone().or_else(by_key).unwrap_or_else(by_plz);
    match &place.district {
        Some(district) if *district != town => format!("{town} ({district})"),
        _ => town,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::opportunity::tests::record;
    use serde_json::json;

    #[test]
    fn a_card_names_the_town_and_how_many_more() {
        let of = |places| short(&record(&json!({"places": places})), 0);
        let lette = json!({"plz":"48653","town":"Coesfeld","district":"Lette"});
        assert_eq!(of(json!([lette])), "Coesfeld (Lette)");
        assert_eq!(of(json!([lette, lette])), "Coesfeld (Lette)");
        let more = "Coesfeld (Lette) und 1 weiterer Ort";
        assert_eq!(of(json!([lette, {"plz":"48249","town":"Dülmen"}])), more);
        let both = record(&json!({"places": [lette, {"plz":"48249","town":"Dülmen"}]}));
        let nearer = "Dülmen und 1 weiterer Ort";
        assert_eq!(short(&both, 1), nearer, "the place that the distance is told of");
        assert_eq!(of(json!([{"ags":"05558012"}])), "Coesfeld");
        assert_eq!(of(json!([{"plz":"48653"}])), "48653");
        assert_eq!(short(&record(&json!({"mode":"remote"})), 0), "ortsunabhängig");
    }

    #[test]
    fn a_page_names_street_and_postal_code() {
        let place = json!({"plz":"48653","town":"Coesfeld","street":"Markt 8"});
        let full = full(&record(&json!({"places":[place, {"plz":"48653"}]})));
        assert_eq!(full, ["Markt 8, 48653 Coesfeld", "48653"]);
    }

    #[test]
    fn a_private_person_shows_an_area() {
        let place = json!({"places":[{"plz":"486"}],"direction":"offer","actor":"privatperson"});
        assert_eq!(short(&record(&place), 0), "Postleitzahlgebiet 486…");
    }
}
