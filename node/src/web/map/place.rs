//! A small map of where an opportunity takes place: its Kreis, its municipality in it, and a point where one is known.
//!
//! It shows no more than the record says: a place that is given by its town only is an area and no point. In words the
//! same stands beside it.

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::{Opportunity, Place};

use super::{outlines, view};
use crate::domain::gazetteer::Gazetteer;
use crate::web::text::t;

/// Units of the outlines of municipalities for a degree north (`config/map/README.md`).
const PER_DEGREE: f64 = 1787.258;
/// Where the map begins, in degrees.
const WEST: f64 = 5.8663;
const NORTH: f64 = 52.5314;
/// The parallel on which the map is as wide as it is high.
const PARALLEL: f64 = 51.5;
/// How wide a point is against the map.
const POINT: i32 = 28;

/// A map of a place.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::web) struct PlaceMap {
    /// What it shows, in words.
    pub(in crate::web) label: String,
    /// `x y width height` of what is drawn.
    pub(in crate::web) view: String,
    /// The outlines of municipalities, and whether it takes place there.
    pub(in crate::web) areas: Vec<(&'static str, bool)>,
    /// Where exactly.
    pub(in crate::web) points: Vec<(i32, i32)>,
    pub(in crate::web) radius: i32,
}

impl PlaceMap {
    /// Returns the map of the Kreis of the first place; nothing if there is none, or none that we have outlines of,
    /// or if nobody has to go there.
    pub(in crate::web) fn of(record: &Opportunity) -> Option<Self> {
        // What is done from home is nowhere: a point on a map would send people there.
        if record.mode.as_deref() == Some("remote") {
            return None;
        }
        let gazetteer = Gazetteer::embedded();
        let towns: Vec<&Ags> = record.places.iter().filter_map(municipality).collect();
        let first = gazetteer.municipality(towns.first()?)?;
        let kreis = gazetteer.kreise().find(|kreis| kreis.ags == first.kreis)?;
        let inside = gazetteer.municipalities().filter(|town| town.kreis == kreis.ags);
        let drawn: Vec<_> = inside
            .filter_map(|town| {
                Some((outlines().get(town.ags.as_str())?, towns.contains(&&town.ags)))
            })
            .collect();
        let bounds = drawn.iter().map(|(outline, _)| outline.bounds);
        let bounds =
            bounds.reduce(|[a, b, c, d], [e, f, g, h]| [a.min(e), b.min(f), c.max(g), d.max(h)])?;
        let [west, north, east, south] = bounds;
        let within = |(x, y): &(i32, i32)| (west..=east).contains(x) && (north..=south).contains(y);
        let mut points: Vec<_> = record.places.iter().filter_map(point).filter(within).collect();
        points.sort_unstable();
        points.dedup();
        let names = (first.name.as_str(), kreis.name.as_str());
        let label = if kreis.is_city {
            t!("map-place-city", town = names.0)
        } else {
            t!("map-place", town = names.0, kreis = names.1)
        };
        let radius = ((east - west).max(south - north) / POINT).max(1);
        let areas = drawn.into_iter().map(|(outline, own)| (outline.path, own)).collect();
        Some(Self { label, view: view(bounds), areas, points, radius })
    }
}

/// Returns the municipality of a place: its own, that of its coordinates, or the only one of its postal code.
fn municipality(place: &Place) -> Option<&'static Ags> {
    let gazetteer = Gazetteer::embedded();
    let own = place.ags.as_ref().and_then(|ags| gazetteer.municipality(ags));
    let by_plz = || match gazetteer.plz_municipalities(place.plz.as_deref()?) {
        [one] => Some(one),
        _ => None,
    };
    let by_point = || Some(&gazetteer.nearest(place.lat?, place.lon?)?.ags);
    own.map(|town| &town.ags).or_else(by_plz).or_else(by_point)
}

/// Returns the point of a place, unless it is only the middle of a town.
#[expect(clippy::cast_possible_truncation, reason = "a float is cast to the nearest that fits")]
fn point(place: &Place) -> Option<(i32, i32)> {
    let (lat, lon) = place.lat.zip(place.lon)?;
    if place.precision.as_deref() == Some("town") || !(lat.is_finite() && lon.is_finite()) {
        return None;
    }
    let x = (lon - WEST) * PARALLEL.to_radians().cos() * PER_DEGREE;
    Some((x.round() as i32, ((NORTH - lat) * PER_DEGREE).round() as i32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::opportunity::tests::record;
    use serde_json::{Value, json};

    fn map(places: &Value) -> Option<PlaceMap> {
        PlaceMap::of(&record(&json!({ "places": places })))
    }

    #[test]
    fn a_point_lies_in_its_municipality() {
        let place = json!([{"ags": "05558012", "lat": 51.9455, "lon": 7.1676}]);
        let map = map(&place).unwrap();
        assert_eq!((map.areas.len(), map.points.len()), (11, 1));
        assert_eq!(map.areas.iter().filter(|(_, own)| *own).count(), 1);
        let [west, north, east, south] = outlines()["05558012"].bounds;
        let (x, y) = map.points[0];
        assert!((west..=east).contains(&x) && (north..=south).contains(&y), "{map:?}");
        assert_eq!(map.label, "Karte: Coesfeld (Kreis Coesfeld)");
    }

    #[test]
    fn what_is_only_a_town_is_an_area_and_no_point() {
        for place in [
            json!([{"ags": "05558012", "lat": 51.9, "lon": 7.1, "precision": "town"}]),
            json!([{"plz": "48653"}]),
            json!([{"ags": "05558012"}]),
        ] {
            let map = map(&place).unwrap();
            assert!(map.points.is_empty() && map.areas.iter().any(|(_, own)| *own), "{place}");
        }
    }

    #[test]
    fn a_city_is_its_own_kreis() {
        let map = map(&json!([{"ags": "05515000", "lat": 51.96, "lon": 7.63}])).unwrap();
        assert_eq!((map.areas.len(), map.points.len()), (1, 1));
        assert_eq!(map.label, "Karte: Münster");
    }

    #[test]
    fn what_is_nowhere_has_no_map() {
        assert_eq!(map(&json!([])), None);
        assert_eq!(map(&json!([{"plz": "486"}])), None);
        assert_eq!(map(&json!([{"ags": "05558"}])), None);
        let far = map(&json!([{"ags": "05558012", "lat": -33.9, "lon": 151.2}])).unwrap();
        assert!(far.points.is_empty(), "a point outside of the map is not drawn");
    }
}
