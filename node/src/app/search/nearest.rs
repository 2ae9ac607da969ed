//! Which of several places of an opportunity is the nearest: the one that its distance is told of.

use engagement_protocol::opportunity::{Opportunity, Place};

use crate::domain::gazetteer::{Gazetteer, distance_km};

/// Returns the number of the place that is nearest to a point; the first if nobody stands anywhere.
pub(super) fn of(record: &Opportunity, from: Option<(f64, f64)>) -> usize {
    let Some(from) = from.filter(|_| record.places.len() > 1) else { return 0 };
    let known =
        record.places.iter().enumerate().filter_map(|(at, place)| Some((at, point(place)?)));
    let far = known.map(|(at, point)| (at, distance_km(from, point)));
    far.min_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |(at, _)| at)
}

/// Returns where a place is, as exactly as it says.
fn point(place: &Place) -> Option<(f64, f64)> {
    let gazetteer = Gazetteer::embedded();
    let by_key = || gazetteer.municipality(place.ags.as_ref()?).map(|town| (town.lat, town.lon));
    let by_plz = || gazetteer.by_plz(place.plz.as_deref()?).map(|spot| (spot.lat, spot.lon));
    place.lat.zip(place.lon).or_else(by_plz).or_else(by_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_that_a_distance_is_told_of_is_named() {
        let json = r#"{"id":"a","direction":"seek","title":"Sanitätsdienst","description":"Dienst.","status":"live","valid_until":"2027-01-01","places":[{"plz":"48249","town":"Dülmen"},{"lat":51.77,"lon":7.44}],"organisation":{"name":"Verein"}}"#;
        let record: Opportunity = serde_json::from_str(json).unwrap();
        assert_eq!(of(&record, Some((51.77, 7.43))), 1);
        assert_eq!(of(&record, Some((51.83, 7.28))), 0);
        assert_eq!(of(&record, None), 0);
    }
}
