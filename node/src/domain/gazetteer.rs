//! Where places are: from a postal code, a name or a pair of numbers to a municipality and a point.
//!
//! The facts are embedded (`config/gazetteer`), so every answer comes from memory. What is not known here
//! is `None`, never a guess: a town outside North Rhine-Westphalia is unknown, not its nearest namesake.

mod names;
mod rows;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::LazyLock;

use engagement_protocol::id::Ags;

use self::names::Names;

/// A municipality, with what a search around it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Municipality {
    /// Its official key, 8 digits.
    pub ags: Ags,
    /// The name people use: "Coesfeld".
    pub name: String,
    /// The name of the directory: "Coesfeld, Stadt".
    pub official_name: String,
    /// The official key of its Kreis, or of itself as a kreisfreie Stadt; 5 digits.
    pub kreis: Ags,
    /// Inhabitants.
    pub population: u32,
    /// Latitude of its official centre, degrees WGS 84.
    pub lat: f64,
    /// Longitude of its official centre, degrees WGS 84.
    pub lon: f64,
    /// Its postal codes.
    pub plz: Vec<String>,
    /// The municipalities it touches, as far as they lie in North Rhine-Westphalia.
    pub neighbours: Vec<Ags>,
}

/// A Kreis, or a kreisfreie Stadt in that role.
#[derive(Debug, Clone, PartialEq)]
pub struct Kreis {
    /// Its official key, 5 digits.
    pub ags: Ags,
    /// "Kreis Coesfeld", "Rhein-Sieg-Kreis", "Münster".
    pub name: String,
    /// The town in which its administration sits.
    pub seat: String,
    /// Inhabitants.
    pub population: u32,
    /// Whether it is a kreisfreie Stadt, so that one municipality with 8 digits is the same body.
    pub is_city: bool,
}

/// A point with a name: what a search starts from.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// What people are shown: "48653 Coesfeld", "Wersten, Düsseldorf".
    pub label: String,
    /// Latitude, degrees WGS 84.
    pub lat: f64,
    /// Longitude, degrees WGS 84.
    pub lon: f64,
    /// The area that was named; `None` for a bare pair of numbers.
    pub ags: Option<Ags>,
}

impl Spot {
    /// Returns whether it is in one municipality, and no Kreis or more.
    #[must_use]
    pub fn is_town(&self) -> bool {
        self.ags.as_ref().is_some_and(|ags| ags.as_str().len() == 8)
    }
}

/// A postal code: its centroid and the municipalities it covers, the largest first.
#[derive(Debug)]
struct Plz {
    lat: f64,
    lon: f64,
    municipalities: Vec<Ags>,
}

/// The embedded gazetteer of North Rhine-Westphalia.
#[derive(Debug)]
pub struct Gazetteer {
    municipalities: BTreeMap<Ags, Municipality>,
    kreise: BTreeMap<Ags, Kreis>,
    plz: BTreeMap<String, Plz>,
    names: Names,
}

/// Names of the areas above the Kreise.
const REGIONS: [(&str, &str); 6] = [
    ("05", "Nordrhein-Westfalen"),
    ("051", "Regierungsbezirk Düsseldorf"),
    ("053", "Regierungsbezirk Köln"),
    ("055", "Regierungsbezirk Münster"),
    ("057", "Regierungsbezirk Detmold"),
    ("059", "Regierungsbezirk Arnsberg"),
];

/// Further than this from the nearest centre, a point does not lie "near" a town.
const NEAR_KM: f64 = 15.0;

impl Gazetteer {
    /// Returns the gazetteer of this version.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Gazetteer> = LazyLock::new(|| {
            rows::read().expect("the embedded gazetteer is the one the tests have read")
        });
        &EMBEDDED
    }

    /// Returns the municipality with this key of 8 digits.
    #[must_use]
    pub fn municipality(&self, ags: &Ags) -> Option<&Municipality> {
        self.municipalities.get(ags)
    }

    /// Returns all 396 municipalities, sorted by key.
    pub fn municipalities(&self) -> impl Iterator<Item = &Municipality> {
        self.municipalities.values()
    }

    /// Returns all 53 Kreise and kreisfreie Städte, sorted by key.
    pub fn kreise(&self) -> impl Iterator<Item = &Kreis> {
        self.kreise.values()
    }

    /// Returns the name of an area: of a municipality, a Kreis, a Regierungsbezirk or the Land.
    #[must_use]
    pub fn name_of(&self, ags: &Ags) -> Option<String> {
        if let Some(municipality) = self.municipalities.get(ags) {
            return Some(municipality.name.clone());
        }
        if let Some(kreis) = self.kreise.get(ags) {
            return Some(kreis.name.clone());
        }
        let region = REGIONS.iter().find(|(key, _)| *key == ags.as_str());
        region.map(|(_, name)| (*name).to_owned())
    }

    /// Finds what people type into the field "Wo?".
    ///
    /// Postal code, town, district, Kreis, official key or a pair of degrees, in whatever spelling. Of
    /// several places with one name the one with more inhabitants is meant.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Option<Spot> {
        if let Some((lat, lon)) = degrees(text) {
            return self.point(lat, lon);
        }
        let digits = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
        let mut numbers = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        match numbers.find(digits) {
            Some(plz) if plz.len() == 5 && self.plz.contains_key(plz) => self.by_plz(plz),
            Some(ags) if ags.len() != 5 => self.area(&ags.parse().ok()?),
            Some(plz) => self.names.resolve(self, &text.replace(plz, " ")),
            None => self.names.resolve(self, text).or_else(|| self.names.mistyped(self, text)),
        }
    }

    /// Returns all places that have exactly this name, where [`Self::resolve`] has to choose one.
    #[must_use]
    pub fn namesakes(&self, text: &str) -> Vec<Spot> {
        self.names.namesakes(self, text)
    }

    /// Finds a place by exactly its name: what is more or less than one is none.
    ///
    /// This is for words out of a sentence, where [`Self::resolve`] would find a place in too many of them.
    #[must_use]
    pub fn named(&self, text: &str) -> Option<Spot> {
        let plz = text.trim();
        if plz.len() == 5 && plz.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.by_plz(plz);
        }
        self.names.exact(self, text)
    }

    /// Finds the municipality that somebody mistyped by one letter; nothing if two could be meant.
    #[must_use]
    pub fn mistyped(&self, text: &str) -> Option<Spot> {
        self.names.mistyped(self, text)
    }

    /// Returns the centroid of a postal code.
    #[must_use]
    pub fn by_plz(&self, plz: &str) -> Option<Spot> {
        let known = self.plz.get(plz.trim())?;
        let ags = known.municipalities.first()?;
        let town = self.municipalities.get(ags)?;
        let label = format!("{} {}", plz.trim(), town.name);
        Some(Spot { label, lat: known.lat, lon: known.lon, ags: Some(ags.clone()) })
    }

    /// Returns the postal codes that begin so, in their order.
    pub fn postal_codes<'a>(&'a self, begun: &'a str) -> impl Iterator<Item = &'a str> {
        let codes = self.plz.range::<str, _>((Bound::Included(begun), Bound::Unbounded));
        codes.map(|(code, _)| code.as_str()).take_while(move |code| code.starts_with(begun))
    }

    /// Returns the municipalities that a postal code covers, the one with most inhabitants first.
    #[must_use]
    pub fn plz_municipalities(&self, plz: &str) -> &[Ags] {
        self.plz.get(plz.trim()).map_or(&[], |known| &known.municipalities)
    }

    /// Returns the municipality whose centre is nearest to a point.
    #[must_use]
    pub fn nearest(&self, lat: f64, lon: f64) -> Option<&Municipality> {
        let mut nearest: Option<(f64, &Municipality)> = None;
        for town in self.municipalities.values() {
            // North and south alone is farther, of most of them: no angle need be computed.
            let least = (town.lat - lat).abs().to_radians() * EARTH_KM;
            if nearest.is_some_and(|(km, _)| least > km) {
                continue;
            }
            let km = distance_km((lat, lon), (town.lat, town.lon));
            if nearest.is_none_or(|(least, _)| km < least) {
                nearest = Some((km, town));
            }
        }
        nearest.map(|(_, town)| town)
    }

    /// Returns the municipality that a free text such as "Essen/ Stadtkern" means.
    ///
    /// The name of a municipality decides; else the postal code; else the name of a district. A district
    /// alone is the weakest: there is a Rath in Köln and one in Düsseldorf.
    #[must_use]
    pub fn town(&self, name: &str, plz: Option<&str>) -> Option<&Municipality> {
        let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let ags = self
            .names
            .municipality(name)
            .or_else(|| plz.and_then(|plz| self.plz_municipalities(plz).first()))
            .or_else(|| self.names.district(name, None).map(|place| &place.ags))?;
        self.municipalities.get(ags)
    }

    /// Returns the point of a district inside a municipality, if the gazetteer knows it.
    #[must_use]
    pub fn district(&self, name: &str, ags: &Ags) -> Option<Spot> {
        self.spot_of_place(self.names.district(name, Some(ags))?)
    }

    /// Returns an area as a spot; areas of several municipalities have the centre of their people.
    #[must_use]
    pub fn area(&self, ags: &Ags) -> Option<Spot> {
        let label = self.name_of(ags)?;
        let (mut people, mut lat, mut lon) = (0.0, 0.0, 0.0);
        for town in self.municipalities.values().filter(|town| ags.contains(&town.ags)) {
            let weight = f64::from(town.population.max(1));
            people += weight;
            lat += town.lat * weight;
            lon += town.lon * weight;
        }
        Some(Spot { label, lat: lat / people, lon: lon / people, ags: Some(ags.clone()) })
    }

    fn spot_of_place(&self, place: &names::Place) -> Option<Spot> {
        let town = self.municipalities.get(&place.ags)?;
        Some(Spot {
            label: format!("{}, {}", place.name, town.name),
            lat: place.lat,
            lon: place.lon,
            ags: Some(place.ags.clone()),
        })
    }

    fn point(&self, lat: f64, lon: f64) -> Option<Spot> {
        let town = self.nearest(lat, lon)?;
        let near = distance_km((lat, lon), (town.lat, town.lon)) <= NEAR_KM;
        let label = if near {
            format!("bei {}", town.name)
        } else {
            format!("{lat:.3}° N, {lon:.3}° O").replace('.', ",")
        };
        Some(Spot { label, lat, lon, ags: None })
    }
}

/// Mean radius of the Earth, in kilometres.
const EARTH_KM: f64 = 6_371.008_8;

/// Returns the distance of two points in kilometres along the surface (haversine).
#[must_use]
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = (lat_b - lat_a, (b.1 - a.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * EARTH_KM * h.clamp(0.0, 1.0).sqrt().asin()
}

/// Reads "51.94,7.17", "51.94 7.17" or "51,94; 7,17".
fn degrees(text: &str) -> Option<(f64, f64)> {
    let shaped = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ';' | ' ' | '-' | '°');
    if !text.chars().all(shaped) {
        return None;
    }
    let text = text.trim().replace('°', "");
    let halves = text.split_once([';', ' ']).or_else(|| text.split_once(','))?;
    let number = |half: &str| {
        let half = half.trim_matches([',', ';', ' ']).replace(',', ".");
        half.parse::<f64>().ok().filter(|_| half.contains('.'))
    };
    let (lat, lon) = (number(halves.0)?, number(halves.1)?);
    (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some((lat, lon))
}

#[cfg(test)]
mod tests;
