//! Where an offer takes place: what a file says, completed from the gazetteer.
//!
//! A point that nobody gave is the centre of the district, the postal code or the town, and says so. A
//! confidential place names its town only, and a person who offers help is never to be found at home.

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::Place;
use serde_json::{Map, Value};

use super::{agree, normal, personal, plain};
use crate::domain::gazetteer::Gazetteer;
use crate::domain::vocabulary::{List, Vocabulary};

/// Longest name of a town, district or street.
const NAME_CHARS: usize = engagement_protocol::opportunity::SHORT_CHARS;

/// Returns the places of a record.
pub(super) fn read(value: &Value, private: bool, warnings: &mut Vec<String>) -> Vec<Place> {
    let entries = match value {
        Value::Array(entries) => entries.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    let mut places = Vec::new();
    for entry in entries.iter().take(engagement_protocol::opportunity::LIST_ITEMS) {
        let place = match entry {
            Value::Object(fields) => place(fields, private, warnings),
            Value::String(town) => {
                let fields = [("town".to_owned(), Value::String(town.clone()))];
                place(&fields.into_iter().collect(), private, warnings)
            }
            _ => Place::default(),
        };
        if place != Place::default() && !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

fn place(fields: &Map<String, Value>, private: bool, warnings: &mut Vec<String>) -> Place {
    let name = |field: &str| {
        let text = plain::line(&normal::string(fields.get(field)?)?);
        let text = personal::scrub(&text).unwrap_or(text);
        let text = plain::cut(&text, NAME_CHARS).unwrap_or(text);
        (!text.is_empty()).then_some(text)
    };
    let plz = plz(name("plz"), private, warnings);
    let town = name("town");
    let stated = name("ags");
    let is_stated = stated.as_ref().is_some_and(|text| text.parse::<Ags>().is_ok());
    if let Some(text) = stated.as_ref().filter(|_| !is_stated) {
        warnings.push(format!("„ags“ ist kein Gemeindeschlüssel und wurde weggelassen: „{text}“."));
    }
    let ags = ags(stated, town.as_deref(), plz.as_deref());
    let gazetteer = Gazetteer::embedded();
    let known = ags.as_ref().and_then(|ags| gazetteer.municipality(ags));
    let official = known.map(|known| known.name.clone());
    // Where nobody is to be found, the name is the official one: the given one may say more.
    if is_confidential(fields.get("confidential")) {
        if ags.is_none() {
            warnings.push("Der vertrauliche Ort ist unbekannt und wurde weggelassen.".to_owned());
            return Place::default();
        }
        return Place { ags, town: official, ..Place::default() };
    }
    if private {
        let plz = plz.and_then(|plz| plz.get(..3).map(str::to_owned));
        return Place { ags, plz, town: official, ..Place::default() };
    }
    let mut place = Place { ags, plz, town, district: name("district"), ..Place::default() };
    agree::names(&mut place, is_stated, warnings);
    let of_key = |ags: &Ags| gazetteer.municipality(ags).map(|known| known.name.clone());
    place.town = place.town.or_else(|| place.ags.as_ref().and_then(of_key));
    place.street = name("street");
    place.precision = name("precision")
        .and_then(|text| Vocabulary::embedded().find(List::Precision, &text).map(str::to_owned));
    match agree::point(fields, place.ags.as_ref(), warnings) {
        Some((lat, lon)) => (place.lat, place.lon) = (Some(lat), Some(lon)),
        None => to_centre(&mut place),
    }
    place
}

/// Gives a place the best centre that is known, and says how good it is.
fn to_centre(place: &mut Place) {
    let gazetteer = Gazetteer::embedded();
    let district = place.district.as_deref().zip(place.ags.as_ref());
    let district = district.and_then(|(name, ags)| gazetteer.district(name, ags));
    let plz = || gazetteer.by_plz(place.plz.as_deref()?).map(|spot| (spot.lat, spot.lon));
    let town = || gazetteer.municipality(place.ags.as_ref()?).map(|town| (town.lat, town.lon));
    let (point, precision) = match district {
        Some(spot) => (Some((spot.lat, spot.lon)), "district"),
        None => (plz().or_else(town), "town"),
    };
    place.lat = point.map(|(lat, _)| lat);
    place.lon = point.map(|(_, lon)| lon);
    place.precision = point.map(|_| precision.to_owned());
}

fn plz(text: Option<String>, private: bool, warnings: &mut Vec<String>) -> Option<String> {
    let text = text?;
    let digits = text.trim_start_matches("D-").trim_start_matches("DE-").trim();
    let shaped = digits.bytes().all(|byte| byte.is_ascii_digit());
    if shaped && (digits.len() == 5 || private && digits.len() == 3) {
        return Some(digits.to_owned());
    }
    warnings
        .push(format!("Die Postleitzahl „{text}“ hat nicht fünf Ziffern und wurde weggelassen."));
    None
}

fn ags(given: Option<String>, town: Option<&str>, plz: Option<&str>) -> Option<Ags> {
    let gazetteer = Gazetteer::embedded();
    if let Some(ags) = given.and_then(|text| text.parse::<Ags>().ok()) {
        // A kreisfreie Stadt is one municipality, so its 5 digits mean its 8.
        let city = format!("{ags}000").parse().ok();
        let city = city.filter(|city| gazetteer.municipality(city).is_some());
        return Some(city.unwrap_or(ags));
    }
    let by_plz = || gazetteer.plz_municipalities(plz?).first().cloned();
    town.map_or_else(by_plz, |town| gazetteer.town(town, plz).map(|town| town.ags.clone()))
}

/// Whether a place is confidential: whatever is not a clear no, for the other mistake cannot be undone.
fn is_confidential(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(yes)) => *yes,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => {
            let text = text.trim().to_lowercase();
            !matches!(text.as_str(), "" | "false" | "falsch" | "nein" | "n" | "no" | "0" | "-")
        }
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(value: &Value, private: bool) -> Place {
        read(value, private, &mut Vec::new()).remove(0)
    }

    #[test]
    fn a_town_a_postal_code_or_a_key_is_enough() {
        for place in [
            json!({"town":"Coesfeld"}),
            json!("Coesfeld"),
            json!({"plz":"48653"}),
            json!({"ags":"05558012"}),
        ] {
            let place = one(&place, false);
            assert_eq!(place.ags.as_ref().map(Ags::as_str), Some("05558012"), "{place:?}");
            assert_eq!(place.town.as_deref(), Some("Coesfeld"));
            assert_eq!(place.precision.as_deref(), Some("town"));
            assert!(place.lat.is_some() && place.lon.is_some());
        }
        assert_eq!(one(&json!({"ags":"05515"}), false).ags.unwrap().as_str(), "05515000");
    }

    #[test]
    fn a_point_that_cannot_be_is_replaced() {
        for point in [json!([0.0, 0.0]), json!([48.1, 11.5]), json!(["", null])] {
            let place = one(
                &json!({"plz":"48653","lat":point[0],"lon":point[1],"precision":"exact"}),
                false,
            );
            assert_eq!(place.precision.as_deref(), Some("town"));
            assert!((51.5..52.5).contains(&place.lat.unwrap()));
        }
        let place =
            one(&json!({"plz":"48653","lat":"7,17","lon":"51,94","precision":"exact"}), false);
        assert_eq!((place.lat, place.lon), (Some(51.94), Some(7.17)));
        assert_eq!(place.precision.as_deref(), Some("exact"));
    }

    #[test]
    fn a_confidential_place_names_its_town_only() {
        let place = json!({"plz":"48653","town":"Coesfeld","street":"Markt 1","lat":51.9,"lon":7.1,"confidential":true});
        let town = Place {
            ags: "05558012".parse().ok(),
            town: Some("Coesfeld".to_owned()),
            ..Place::default()
        };
        assert_eq!(one(&place, false), town);
        for yes in [json!("ja"), json!("J"), json!(1), json!(1.0), json!("streng"), json!(["x"])] {
            let place = json!({"plz":"48653","town":"Coesfeld, Geheimweg 3","street":"Geheimweg 3","confidential":yes});
            assert_eq!(one(&place, false), town, "{yes}");
        }
        for no in [json!("nein"), json!(""), json!(0), json!(false), json!(null)] {
            let place = one(&json!({"plz":"48653","street":"Markt 1","confidential":no}), false);
            assert_eq!(place.street.as_deref(), Some("Markt 1"), "{no}");
        }
        let mut warnings = Vec::new();
        let unknown = json!([{"plz":"00000","town":"Geheimweg 3","confidential":true}]);
        assert!(read(&unknown, false, &mut warnings).is_empty());
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn no_field_of_a_place_holds_a_contact() {
        let place = json!({"plz":"48653","district":"Lette, a@verein.example","street":"Markt 1, Tel. 02541 84-0"});
        let place = one(&place, false);
        let texts = format!("{:?} {:?}", place.district, place.street);
        assert!(!texts.contains('@') && !texts.contains("02541"), "{texts}");
    }

    #[test]
    fn a_private_persons_place_is_an_area() {
        let place = json!({"plz":"48653","town":"Coesfeld-Lette","district":"Lette","street":"Markt 1","lat":51.9,"lon":7.1});
        let area = Place {
            ags: "05558012".parse().ok(),
            plz: Some("486".to_owned()),
            town: Some("Coesfeld".to_owned()),
            ..Place::default()
        };
        assert_eq!(one(&place, true), area);
    }

    #[test]
    fn what_is_no_postal_code_is_dropped_with_a_warning() {
        let mut warnings = Vec::new();
        let places = read(&json!([{"plz":"4865","town":"Coesfeld"}]), false, &mut warnings);
        assert_eq!((places.len(), warnings.len()), (1, 1));
        assert_eq!(places[0].plz, None);
    }
}
