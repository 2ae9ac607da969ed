//! What a file says about one place, held against itself: key, town, postal code and point.
//!
//! Where they contradict each other, the municipality decides: no town is published with the point of
//! another. What loses is dropped or replaced, and the note names it.

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::Place;
use serde_json::{Map, Value};

use super::fields::{is_blank, shown};
use super::normal;
use crate::domain::gazetteer::{Gazetteer, distance_km};

/// No point of a municipality lies farther from its centre.
const FAR_KM: f64 = 30.0;

/// Makes key, town and postal code of a place agree; `is_stated` says whether the file names the key.
pub(super) fn names(place: &mut Place, is_stated: bool, notes: &mut Vec<String>) {
    drop_unknown_key(place, notes);
    if let Some(ags) = place.ags.clone() {
        if is_stated {
            town_of_key(place, &ags, notes);
        } else {
            town_of_postal_code(place, &ags, notes);
        }
    }
    postal_code(place, notes);
}

/// Drops a key that is none, if the postal code or the town knows better.
fn drop_unknown_key(place: &mut Place, notes: &mut Vec<String>) {
    let gazetteer = Gazetteer::embedded();
    let Some(ags) = place.ags.as_ref().filter(|ags| gazetteer.name_of(ags).is_none()) else {
        return;
    };
    let known = place.town.as_deref().and_then(|town| gazetteer.town(town, place.plz.as_deref()));
    let by_plz = || gazetteer.plz_municipalities(place.plz.as_deref()?).first().cloned();
    let better = known.map(|town| town.ags.clone()).or_else(by_plz);
    if let Some(better) = better {
        notes
            .push(format!("„ags“: Den Gemeindeschlüssel „{ags}“ gibt es nicht; es gilt {better}."));
        place.ags = Some(better);
    }
}

/// Replaces a town that lies elsewhere than the key says.
fn town_of_key(place: &mut Place, ags: &Ags, notes: &mut Vec<String>) {
    let gazetteer = Gazetteer::embedded();
    let Some(official) = gazetteer.municipality(ags).map(|known| &known.name) else { return };
    let Some(town) = place.town.as_deref() else { return };
    let elsewhere = gazetteer.town(town, None).is_some_and(|named| !ags.contains(&named.ags));
    let also_here = || {
        gazetteer.district(town, ags).is_some()
            || gazetteer
                .namesakes(town)
                .iter()
                .filter_map(|s| s.ags.as_ref())
                .any(|a| ags.contains(a))
    };
    if elsewhere && !also_here() {
        notes.push(format!(
            "„town“: „{town}“ passt nicht zum Gemeindeschlüssel {ags}; es gilt {official}."
        ));
        place.town = Some(official.clone());
    }
}

/// Replaces a town that nobody knows where the postal code lies; it may be one of its districts.
fn town_of_postal_code(place: &mut Place, ags: &Ags, notes: &mut Vec<String>) {
    let gazetteer = Gazetteer::embedded();
    let Some(official) = gazetteer.municipality(ags).map(|known| &known.name) else { return };
    let Some(town) = place.town.clone() else { return };
    let is_named = gazetteer.town(&town, None).is_some_and(|named| named.ags == *ags);
    if is_named || gazetteer.district(&town, ags).is_some() {
        return;
    }
    notes.push(format!(
        "„town“: „{town}“ ist in {official} nicht bekannt; nach der Postleitzahl gilt {official}."
    ));
    place.town = Some(official.clone());
    // A hamlet that the gazetteer lacks is a district; a name that belongs elsewhere is a mistake.
    if place.district.is_none() && gazetteer.town(&town, None).is_none() {
        place.district = Some(town);
    }
}

/// Drops a postal code of another municipality; one that the gazetteer lacks is kept and named.
fn postal_code(place: &mut Place, notes: &mut Vec<String>) {
    let gazetteer = Gazetteer::embedded();
    let Some(plz) = place.plz.as_deref().filter(|plz| plz.len() == 5) else { return };
    let towns = gazetteer.plz_municipalities(plz);
    let name = place.ags.as_ref().and_then(|ags| gazetteer.name_of(ags));
    match (&place.ags, name) {
        (None, _) | (_, None) if towns.is_empty() => notes.push(format!(
            "„plz“: „{plz}“ steht nicht im Ortsverzeichnis; ohne Koordinaten findet die Umkreissuche das Angebot nicht."
        )),
        (_, Some(name)) if towns.is_empty() => notes.push(format!(
            "„plz“: „{plz}“ steht nicht im Ortsverzeichnis; die Umkreissuche nach ihr findet das Angebot nicht, die nach {name} schon."
        )),
        (Some(ags), name) if !towns.iter().any(|town| ags.contains(town)) => {
            let name = name.unwrap_or_else(|| ags.to_string());
            notes.push(format!("„plz“: „{plz}“ gehört nicht zu {name} und wurde weggelassen."));
            place.plz = None;
        }
        _ => {}
    }
}

/// Returns the point that a file gives, if it can be; 0 is how others write "unknown".
pub(super) fn point(
    fields: &Map<String, Value>,
    ags: Option<&Ags>,
    notes: &mut Vec<String>,
) -> Option<(f64, f64)> {
    const CENTRE: &str = "stattdessen gilt die Mitte des Ortes.";
    let raw = |name: &str| fields.get(name).filter(|value| !is_blank(value));
    let known = |name: &str| raw(name).is_some_and(|value| normal::number(value) != Some(0.0));
    if !known("lat") && !known("lon") {
        return None;
    }
    let said = |name: &str| raw(name).map_or_else(|| "leer".to_owned(), shown);
    let both = format!("„lat“ {}, „lon“ {}", said("lat"), said("lon"));
    let degrees = |name: &str| raw(name).and_then(normal::number).filter(|degrees| *degrees != 0.0);
    let (Some(lat), Some(lon)) = (degrees("lat"), degrees("lon")) else {
        notes.push(format!("Von den Koordinaten fehlt eine oder ist unlesbar ({both}); {CENTRE}"));
        return None;
    };
    let inside = |lat: f64, lon: f64| (50.0..=53.0).contains(&lat) && (5.5..=10.0).contains(&lon);
    let point = if inside(lat, lon) {
        (lat, lon)
    } else if inside(lon, lat) {
        // Latitude and longitude in each other's column is the most frequent slip.
        notes.push(format!("Die Koordinaten waren vertauscht ({both}) und wurden getauscht."));
        (lon, lat)
    } else {
        notes.push(format!(
            "Die Koordinaten liegen nicht in Nordrhein-Westfalen ({both}); {CENTRE}"
        ));
        return None;
    };
    let town = ags.and_then(|ags| Gazetteer::embedded().municipality(ags));
    if let Some(town) = town.filter(|town| distance_km(point, (town.lat, town.lon)) > FAR_KM) {
        notes.push(format!("Die Koordinaten liegen nicht in {} ({both}); {CENTRE}", town.name));
        return None;
    }
    Some(point)
}

#[cfg(test)]
mod tests {
    use super::super::place;
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> (Place, Vec<String>) {
        let mut notes = Vec::new();
        let place = place::read(value, false, &mut notes).remove(0);
        (place, notes)
    }

    fn lies_in_coesfeld(place: &Place) {
        assert_eq!(place.ags.as_ref().map(Ags::as_str), Some("05558012"), "{place:?}");
        assert_eq!(place.town.as_deref(), Some("Coesfeld"), "{place:?}");
        let point = (place.lat.unwrap(), place.lon.unwrap());
        assert!(distance_km(point, (51.94, 7.17)) < 15.0, "{place:?}");
    }

    #[test]
    fn the_municipality_wins_over_the_postal_code_of_another() {
        for place in [
            json!({"town":"Coesfeld","plz":"52062"}),
            json!({"ags":"05558012","plz":"52062"}),
            json!({"ags":"05558012","town":"Coesfeld","plz":"52062"}),
        ] {
            let (read, notes) = read(&place);
            lies_in_coesfeld(&read);
            assert_eq!(read.plz, None);
            assert!(notes.len() == 1 && notes[0].contains("52062"), "{notes:?}");
        }
    }

    #[test]
    fn a_town_that_lies_elsewhere_is_replaced() {
        let (by_key, notes) = read(&json!({"ags":"05558012","town":"Aachen"}));
        lies_in_coesfeld(&by_key);
        assert!(notes.len() == 1 && notes[0].contains("Aachen"), "{notes:?}");
        let (by_plz, notes) = read(&json!({"plz":"48653","town":"Hinterdemwald"}));
        lies_in_coesfeld(&by_plz);
        assert_eq!(by_plz.district.as_deref(), Some("Hinterdemwald"));
        assert!(notes.len() == 1 && notes[0].contains("Hinterdemwald"), "{notes:?}");
        let (no_key, notes) = read(&json!({"ags":"05558999","plz":"48653"}));
        lies_in_coesfeld(&no_key);
        // The value itself looks like a telephone number and is not repeated.
        assert!(notes.len() == 1 && notes[0].contains("„ags“"), "{notes:?}");
    }

    #[test]
    fn what_agrees_stays_without_a_word() {
        for (place, town) in [
            (json!({"plz":"48653","town":"Coesfeld"}), "Coesfeld"),
            (json!({"plz":"48653","town":"Coesfeld-Lette"}), "Coesfeld-Lette"),
            (json!({"ags":"05558","plz":"48653","town":"Coesfeld"}), "Coesfeld"),
            (json!({"plz":"48653","lat":"0.000000","lon":"0"}), "Coesfeld"),
        ] {
            let (read, notes) = read(&place);
            assert_eq!((read.town.as_deref(), &notes), (Some(town), &Vec::new()), "{place}");
        }
    }

    #[test]
    fn a_place_that_the_gazetteer_lacks_is_a_district_of_its_municipality() {
        let (read, notes) = read(&json!({"plz":"48653","town":"Lette"}));
        lies_in_coesfeld(&read);
        assert_eq!(read.district.as_deref(), Some("Lette"));
        assert!(notes.len() == 1 && notes[0].contains("Lette"), "{notes:?}");
    }

    #[test]
    fn a_postal_code_that_nobody_knows_is_kept_and_named() {
        let (read, notes) = read(&json!({"plz":"99999","town":"Coesfeld"}));
        lies_in_coesfeld(&read);
        assert_eq!(read.plz.as_deref(), Some("99999"));
        assert!(notes[0].contains("Umkreissuche"), "{notes:?}");
        let (alone, notes) = self::read(&json!({"plz":"99999"}));
        assert_eq!(alone.lat, None);
        assert!(notes[0].contains("findet die Umkreissuche das Angebot nicht"), "{notes:?}");
    }

    #[test]
    fn a_point_that_cannot_be_is_replaced_by_the_centre_and_named() {
        for (lat, lon, word) in [
            (json!(48.1), json!(11.5), "Nordrhein-Westfalen"),
            (json!(51.9), json!(null), "fehlt"),
            (json!(""), json!("7,1"), "fehlt"),
            (json!("Markt"), json!(7.1), "Markt"),
            (json!(50.77), json!(6.08), "Coesfeld"),
        ] {
            let (read, notes) = read(&json!({"plz":"48653","lat":lat,"lon":lon}));
            lies_in_coesfeld(&read);
            assert_eq!(read.precision.as_deref(), Some("town"));
            assert!(notes.len() == 1 && notes[0].contains(word), "{notes:?}");
        }
        let (swapped, notes) = read(&json!({"plz":"48653","lat":7.17,"lon":51.94}));
        lies_in_coesfeld(&swapped);
        assert!(notes[0].contains("getauscht"), "{notes:?}");
    }
}
