//! What 2,000 people ask: one to three words, frequent and rare, inflected and misspelt, mostly near home.

use crate::app::search::Asked;
use crate::domain::gazetteer::{Gazetteer, Municipality};
use crate::entropy::{SeededEntropy, below};

use super::records::Compounds;

/// Words that many texts have.
const FREQUENT: &[&str] = &[
    "Kinder",
    "Senioren",
    "Garten",
    "helfen",
    "Sport",
    "Musik",
    "Begleitung",
    "Verein",
    "Sprache",
    "Natur",
    "Tiere",
    "Lesen",
    "Besuch",
    "Fest",
    "Schule",
    "Jugend",
];
/// Words that some texts have.
const COMMON: &[&str] = &[
    "Fahrdienst",
    "Feuerwehr",
    "Museum",
    "kochen",
    "Hausaufgaben",
    "Chor",
    "Fahrrad",
    "Computer",
    "Hospiz",
    "Tafel",
    "Vorlesepatin",
    "Trainer",
    "Flüchtlinge",
    "Umweltschutz",
    "Kirche",
    "Theater",
];
/// Forms that no text has as they stand.
const INFLECTED: &[&str] = &[
    "Gärten",
    "Kindern",
    "vorlesen",
    "begleite",
    "gekocht",
    "Seniorinnen",
    "Bäume",
    "Vereinen",
    "Sprachen",
    "Tieren",
    "Trainerinnen",
    "Museen",
];
/// Where somebody's finger slipped.
const MISSPELT: &[&str] =
    &["Gartn", "Seniroen", "Feurwehr", "Museeum", "Fahhrad", "Begleitug", "Kompjuter", "Hospitz"];
/// How far people go, in kilometres.
const RADIUS_KM: f64 = 20.0;

/// A mix of queries.
#[derive(Debug)]
pub(super) struct Mix {
    entropy: SeededEntropy,
    towns: Vec<&'static Municipality>,
}

impl Mix {
    /// Begins the sequence of `seed`.
    pub(super) fn new(seed: u64) -> Self {
        let towns = Gazetteer::embedded().municipalities().collect();
        Self { entropy: SeededEntropy::new(seed ^ 0xA5), towns }
    }

    /// Returns the next query.
    pub(super) fn next(&self) -> Asked {
        let words: Vec<String> = (0..=self.pick(3)).map(|_| self.word()).collect();
        let mut asked = Asked { words: words.join(" "), limit: Some(20), ..Asked::default() };
        if self.pick(10) < 7
            && let Some(town) = self.towns.get(self.pick(self.towns.len()))
        {
            asked.near = Some(format!("{},{}", town.lat, town.lon));
            asked.radius_km = Some(RADIUS_KM);
        }
        asked
    }

    fn word(&self) -> String {
        let from =
            |list: &[&str]| list.get(self.pick(list.len())).copied().unwrap_or("lesen").to_owned();
        match self.pick(10) {
            0..3 => from(FREQUENT),
            3..5 => from(COMMON),
            5..7 => Compounds(&self.entropy).draw(),
            7..9 => from(INFLECTED),
            _ => from(MISSPELT),
        }
    }

    fn pick(&self, from: usize) -> usize {
        usize::try_from(below(&self.entropy, u64::try_from(from).unwrap_or(1))).unwrap_or(0)
    }
}
