//! Reads the embedded tables of `config/gazetteer` into a [`Gazetteer`].

use std::collections::BTreeMap;

use engagement_protocol::id::Ags;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::names::{Names, Place};
use super::{Gazetteer, Kreis, Municipality, Plz};

const MUNICIPALITIES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/gazetteer/municipalities.csv"));
const KREISE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/gazetteer/kreise.csv"));
const PLZ: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/gazetteer/plz.csv"));
const PLACES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/gazetteer/places.csv"));

#[derive(Deserialize)]
struct MunicipalityRow {
    ags: Ags,
    name: String,
    official_name: String,
    kreis_key: Ags,
    population: u32,
    lat: f64,
    lon: f64,
    plz_seat: String,
    plz: String,
    neighbours: String,
}

#[derive(Deserialize)]
struct KreisRow {
    kreis_key: Ags,
    name: String,
    r#type: String,
    seat: String,
    population: u32,
}

#[derive(Deserialize)]
struct PlzRow {
    plz: String,
    ags: Ags,
    locality: String,
    lat: f64,
    lon: f64,
}

#[derive(Deserialize)]
struct PlaceRow {
    name: String,
    ags: Ags,
    population: u32,
    lat: f64,
    lon: f64,
}

/// Reads all tables; fails only if the program was built with broken ones.
pub(super) fn read() -> Result<Gazetteer, csv::Error> {
    let mut municipalities = BTreeMap::new();
    let mut seats = Vec::new();
    for row in table::<MunicipalityRow>(MUNICIPALITIES)? {
        seats.push((row.plz_seat.clone(), row.ags.clone()));
        municipalities.insert(row.ags.clone(), municipality(row));
    }
    let mut kreise = BTreeMap::new();
    for row in table::<KreisRow>(KREISE)? {
        let is_city = row.r#type == "kreisfreie Stadt";
        let KreisRow { kreis_key: ags, name, seat, population, .. } = row;
        kreise.insert(ags.clone(), Kreis { ags, name, seat, population, is_city });
    }
    let codes = table::<PlzRow>(PLZ)?;
    let plz = postal_codes(&codes, &seats, &municipalities);
    let mut places: Vec<Place> = table::<PlaceRow>(PLACES)?
        .into_iter()
        .map(|row| Place {
            name: row.name,
            ags: row.ags,
            population: row.population,
            lat: row.lat,
            lon: row.lon,
        })
        .collect();
    for row in codes.into_iter().filter(|row| !row.locality.is_empty()) {
        let PlzRow { locality: name, ags, lat, lon, .. } = row;
        places.push(Place { name, ags, population: 0, lat, lon });
    }
    let names = Names::new(&municipalities, &kreise, places);
    Ok(Gazetteer { municipalities, kreise, plz, names })
}

fn table<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect()
}

fn municipality(row: MunicipalityRow) -> Municipality {
    Municipality {
        plz: row.plz.split_whitespace().map(str::to_owned).collect(),
        neighbours: row.neighbours.split_whitespace().filter_map(|ags| ags.parse().ok()).collect(),
        ags: row.ags,
        name: row.name,
        official_name: row.official_name,
        kreis: row.kreis_key,
        population: row.population,
        lat: row.lat,
        lon: row.lon,
    }
}

fn postal_codes(
    rows: &[PlzRow],
    seats: &[(String, Ags)],
    municipalities: &BTreeMap<Ags, Municipality>,
) -> BTreeMap<String, Plz> {
    let mut points: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    let mut codes: BTreeMap<String, Plz> = BTreeMap::new();
    for row in rows {
        points.entry(&row.plz).or_default().push((row.lat, row.lon));
        let code = codes.entry(row.plz.clone()).or_insert(Plz {
            lat: row.lat,
            lon: row.lon,
            municipalities: Vec::new(),
        });
        if !code.municipalities.contains(&row.ags) {
            code.municipalities.push(row.ags.clone());
        }
    }
    for (plz, code) in &mut codes {
        let points = points.get(plz.as_str()).map_or(&[][..], Vec::as_slice);
        let count = f64::from(u32::try_from(points.len()).unwrap_or(u32::MAX));
        code.lat = points.iter().map(|point| point.0).sum::<f64>() / count;
        code.lon = points.iter().map(|point| point.1).sum::<f64>() / count;
        let people = |ags: &Ags| municipalities.get(ags).map_or(0, |town| town.population);
        code.municipalities.sort_by_key(|ags| std::cmp::Reverse(people(ags)));
    }
    // Bulk codes of town halls have no row of their own: they lie in the centre of the town.
    for (plz, ags) in seats {
        let Some(town) = municipalities.get(ags) else { continue };
        codes.entry(plz.clone()).or_insert_with(|| Plz {
            lat: town.lat,
            lon: town.lon,
            municipalities: vec![ags.clone()],
        });
    }
    codes
}
