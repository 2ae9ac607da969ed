//! Names of places, in the spellings that people and other systems use.
//!
//! Every name is looked up by its key ([`spelling::fold`]). A text that is no name as a whole is taken apart
//! at commas, slashes, hyphens and brackets; then its first words are tried.

use std::collections::BTreeMap;
use std::ops::Bound;

use engagement_protocol::id::Ags;

use super::{Gazetteer, Kreis, Municipality, REGIONS, Spot};
use crate::domain::spelling::{fold, fold_without_dots, is_one_off};

/// A town or district below the municipalities.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) ags: Ags,
    pub(super) population: u32,
    pub(super) lat: f64,
    pub(super) lon: f64,
}

/// All names by key.
#[derive(Debug)]
pub(super) struct Names {
    municipalities: BTreeMap<String, Ags>,
    /// Kreise, Regierungsbezirke and the Land.
    areas: BTreeMap<String, Ags>,
    /// Sorted so that of several with one name the largest comes first.
    places: Vec<Place>,
    by_key: BTreeMap<String, Vec<usize>>,
}

/// Parts of a text between which a name may end.
const SEPARATORS: [char; 9] = [',', '/', '-', '(', ')', ';', '–', '|', '+'];

/// Shortest name that a mistyped one is taken for.
const MISTYPED_CHARS: usize = 6;

/// Towns outside of North Rhine-Westphalia that are one letter away from one inside.
const ELSEWHERE: &[&str] = &["kempten", "verden", "singen"];

impl Names {
    pub(super) fn new(
        towns: &BTreeMap<Ags, Municipality>,
        kreise: &BTreeMap<Ags, Kreis>,
        mut places: Vec<Place>,
    ) -> Self {
        let municipalities = municipality_names(towns, &places);
        let areas = area_names(kreise, &municipalities);
        places.retain(|place| municipalities.get(&fold(&place.name)) != Some(&place.ags));
        places.sort_by_key(|place| std::cmp::Reverse(place.population));
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            by_key.entry(fold(&place.name)).or_default().push(at);
            let plain = fold_without_dots(&place.name);
            if plain != fold(&place.name) {
                by_key.entry(plain).or_default().push(at);
            }
        }
        Self { municipalities, areas, places, by_key }
    }

    /// Finds an area, a municipality or a district.
    pub(super) fn resolve(&self, gazetteer: &Gazetteer, text: &str) -> Option<Spot> {
        let area = |key: &str| self.areas.get(key).and_then(|ags| gazetteer.area(ags));
        let whole = fold(text);
        let titled = without_title(&whole);
        if let Some(ags) =
            self.municipalities.get(&whole).or_else(|| self.municipalities.get(titled))
        {
            return gazetteer.area(ags);
        }
        if let Some(spot) = area(&whole) {
            return Some(spot);
        }
        if let Some(place) = self.place(&whole, None) {
            return gazetteer.spot_of_place(place);
        }
        // "Mülheim, Köln" is the one in Köln, though a town of its own has the name.
        if let Some(spot) = self.exact(gazetteer, text) {
            return Some(spot);
        }
        if let Some(ags) = self.municipality(text) {
            let district = self.district(text, Some(ags));
            return match district {
                Some(place) => gazetteer.spot_of_place(place),
                None => gazetteer.area(ags),
            };
        }
        if let Some(spot) = parts(text).find_map(|part| area(&part)) {
            return Some(spot);
        }
        gazetteer.spot_of_place(self.district(text, None)?)
    }

    /// Finds what has exactly this name, or a district with its municipality: "Coesfeld-Lette", "Lette (Coesfeld)".
    pub(super) fn exact(&self, gazetteer: &Gazetteer, text: &str) -> Option<Spot> {
        let key = fold(text);
        let area = self.municipalities.get(&key).or_else(|| self.areas.get(&key));
        if let Some(ags) = area {
            return gazetteer.area(ags);
        }
        if let Some(place) = self.place(&key, None) {
            return gazetteer.spot_of_place(place);
        }
        let mut parts = parts(text);
        let (one, other) = (parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        [(&one, &other), (&other, &one)].into_iter().find_map(|(town, district)| {
            let ags = self.municipalities.get(town)?;
            gazetteer.spot_of_place(self.place(district, Some(ags))?)
        })
    }

    /// Finds the one municipality or Kreis whose name somebody has mistyped by one letter.
    ///
    /// Short names have too many neighbours, and districts too many names: "Kassel" is not the district Kessel.
    pub(super) fn mistyped(&self, gazetteer: &Gazetteer, text: &str) -> Option<Spot> {
        let key = fold(text);
        let typed: Vec<char> = key.chars().collect();
        if !(MISTYPED_CHARS..=40).contains(&typed.len()) || ELSEWHERE.contains(&key.as_str()) {
            return None;
        }
        // Names are looked at from the first that begins with the same letter on.
        let first = key.get(..typed.first()?.len_utf8())?;
        let names = [&self.municipalities, &self.areas].into_iter().flat_map(|names| {
            let from = names.range::<str, _>((Bound::Included(first), Bound::Unbounded));
            from.take_while(|(name, _)| name.starts_with(first))
        });
        let mut meant = names.filter(|(name, _)| {
            let name: Vec<char> = name.chars().collect();
            name.len() >= MISTYPED_CHARS && is_one_off(&name, &typed)
        });
        let (_, ags) = meant.next()?;
        meant.all(|(_, other)| other == ags).then(|| gazetteer.area(ags))?
    }

    /// Returns all places that have this name, the largest first.
    pub(super) fn namesakes(&self, gazetteer: &Gazetteer, text: &str) -> Vec<Spot> {
        let key = fold(text);
        let town = self.municipalities.get(&key).and_then(|ags| gazetteer.area(ags));
        let places = self.by_key.get(&key).into_iter().flatten();
        let places = places.filter_map(|at| gazetteer.spot_of_place(self.places.get(*at)?));
        let mut spots: Vec<Spot> = Vec::new();
        for spot in town.into_iter().chain(places) {
            // A district that is listed by the town and by the post is one.
            if spots.iter().all(|held| held.label != spot.label) {
                spots.push(spot);
            }
        }
        spots
    }

    /// Finds the municipality that a text names: as a whole, in a part, or with its first words.
    pub(super) fn municipality(&self, text: &str) -> Option<&Ags> {
        let whole = fold(text);
        let known = |key: &str| self.municipalities.get(key);
        // "Kreis Coesfeld" is not Coesfeld, whatever its last word is.
        if self.areas.contains_key(&whole)
            || parts(text).next().is_some_and(|p| self.areas.contains_key(&p))
        {
            return None;
        }
        known(&whole)
            .or_else(|| known(without_title(&whole)))
            .or_else(|| {
                parts(text).find_map(|part| known(&part).or_else(|| known(without_title(&part))))
            })
            .or_else(|| first_words(without_title(&whole)).find_map(known))
    }

    /// Finds a district by the text as a whole or by a part, inside one municipality if it is given.
    pub(super) fn district(&self, text: &str, inside: Option<&Ags>) -> Option<&Place> {
        self.place(&fold(text), inside)
            .or_else(|| parts(text).find_map(|part| self.place(&part, inside)))
    }

    fn place(&self, key: &str, inside: Option<&Ags>) -> Option<&Place> {
        let candidates = self.by_key.get(key)?.iter().filter_map(|at| self.places.get(*at));
        candidates.into_iter().find(|place| inside.is_none_or(|ags| *ags == place.ags))
    }
}

/// Every spelling of every municipality; of two with one name the larger keeps it.
fn municipality_names(
    towns: &BTreeMap<Ags, Municipality>,
    places: &[Place],
) -> BTreeMap<String, Ags> {
    let mut by_size: Vec<&Municipality> = towns.values().collect();
    by_size.sort_by_key(|town| std::cmp::Reverse(town.population));
    let mut by_key: BTreeMap<String, Vec<&Place>> = BTreeMap::new();
    for place in places {
        by_key.entry(fold(&place.name)).or_default().push(place);
    }
    let mut names = BTreeMap::new();
    // First the full names of all, then what people shorten: a short form never takes another's name.
    for town in &by_size {
        for name in [&town.name, &town.official_name] {
            names.entry(fold(name)).or_insert_with(|| town.ags.clone());
        }
    }
    for town in &by_size {
        let short = short_name(&town.name);
        // "Mülheim" is the one at the Ruhr because more people live there than in the district of Köln.
        let mut namesakes = by_key.get(&fold(short)).into_iter().flatten();
        if namesakes.all(|place| place.ags == town.ags || place.population < town.population) {
            names.entry(fold(short)).or_insert_with(|| town.ags.clone());
        }
        names.entry(fold_without_dots(&town.name)).or_insert_with(|| town.ags.clone());
        names.entry(fold_without_dots(short)).or_insert_with(|| town.ags.clone());
    }
    names
}

/// "Gronau (Westf.)", "Fröndenberg/Ruhr", "Emmerich am Rhein" without what only tells them apart.
fn short_name(name: &str) -> &str {
    let cuts = [" (", "/", " am ", " an der "].iter().filter_map(|cut| name.find(cut));
    cuts.min().and_then(|at| name.get(..at)).unwrap_or(name)
}

/// "Kreis Coesfeld", and "Rhein-Sieg" alone where no municipality has that name.
fn area_names(
    kreise: &BTreeMap<Ags, Kreis>,
    municipalities: &BTreeMap<String, Ags>,
) -> BTreeMap<String, Ags> {
    let mut names = BTreeMap::new();
    for kreis in kreise.values().filter(|kreis| !kreis.is_city) {
        let key = fold(&kreis.name);
        for short in [key.strip_suffix(" kreis"), key.strip_prefix("kreis ")].into_iter().flatten()
        {
            if !municipalities.contains_key(short) {
                names.insert(short.to_owned(), kreis.ags.clone());
            }
            names.insert(format!("kreis {short}"), kreis.ags.clone());
            names.insert(format!("landkreis {short}"), kreis.ags.clone());
        }
        names.insert(key, kreis.ags.clone());
    }
    for (ags, name) in REGIONS {
        let Ok(ags) = ags.parse::<Ags>() else { continue };
        names.insert(fold(name), ags.clone());
        if ags.as_str() == "05" {
            names.insert("nrw".to_owned(), ags);
        }
    }
    names
}

/// The keys of the parts of a text, in order, without empty ones.
fn parts(text: &str) -> impl Iterator<Item = String> {
    text.split(SEPARATORS).map(fold).filter(|part| !part.is_empty())
}

/// A key without "Stadt", "Gemeinde", "Landeshauptstadt" … before the name.
fn without_title(key: &str) -> &str {
    match key.split_once(' ') {
        Some((first, rest)) if first.ends_with("stadt") || first.ends_with("gemeinde") => rest,
        _ => key,
    }
}

/// The first words of a key, the most first: "bad driburg ortskern", "bad driburg", "bad".
fn first_words(key: &str) -> impl Iterator<Item = &str> {
    key.char_indices().rev().filter_map(|(at, c)| if c == ' ' { key.get(..at) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_drop_only_what_tells_towns_apart() {
        assert_eq!(short_name("Gronau (Westf.)"), "Gronau");
        assert_eq!(short_name("Fröndenberg/Ruhr"), "Fröndenberg");
        assert_eq!(short_name("Mülheim an der Ruhr"), "Mülheim");
        assert_eq!(short_name("Bad Oeynhausen"), "Bad Oeynhausen");
    }

    #[test]
    fn one_letter_is_one_mistake() {
        let off = |a: &str, b: &str| {
            is_one_off(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
        };
        for typed in ["duelmn", "duelmeen", "duelnen", "duemlen"] {
            assert!(off("duelmen", typed), "{typed}");
        }
        for typed in ["duelmen", "dulen", "deulemn", "duelmenxy", ""] {
            assert!(!off("duelmen", typed), "{typed}");
        }
    }

    #[test]
    fn the_most_words_are_tried_first() {
        let tried: Vec<_> = first_words("bad driburg ortskern").collect();
        assert_eq!(tried, ["bad driburg", "bad"]);
        assert_eq!(without_title("kreisstadt coesfeld"), "coesfeld");
        assert_eq!(without_title("neustadt"), "neustadt");
    }
}
