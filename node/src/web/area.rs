//! Municipalities and Kreise as pages: one address for each, made of its name.
//!
//! A kreisfreie Stadt is Kreis and municipality in one and has one page, the municipality's.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engagement_protocol::id::Ags;

use super::language;
use crate::domain::gazetteer::Gazetteer;
use crate::domain::spelling;

/// Where the pages of areas lie.
pub(super) const PLACES: &str = "/ort";

/// An area that has a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Area {
    /// 8 digits; 5 for a Kreis of several municipalities.
    pub(super) ags: Ags,
    pub(super) name: String,
    /// Its name in its address.
    pub(super) slug: String,
}

impl Area {
    fn new(ags: &Ags, name: &str) -> Self {
        Self { ags: ags.clone(), name: name.to_owned(), slug: slug(name) }
    }

    /// Returns the address of its page.
    pub(super) fn href(&self) -> String {
        language::to(&self.path())
    }

    /// Returns the permanent address of its page.
    pub(super) fn path(&self) -> String {
        format!("{PLACES}/{}", self.slug)
    }

    /// Returns whether it is a Kreis of several municipalities.
    pub(super) fn is_kreis(&self) -> bool {
        self.ags.as_str().len() == 5
    }
}

/// All areas.
struct Areas {
    towns: Vec<Area>,
    kreise: Vec<Area>,
    by_slug: BTreeMap<String, Area>,
    by_key: BTreeMap<Ags, Area>,
}

/// Returns a name as it stands in an address: `Horn-Bad Meinberg` is `horn-bad-meinberg`.
pub(super) fn slug(name: &str) -> String {
    spelling::fold(name).replace(' ', "-")
}

/// Returns the municipalities, sorted by name.
pub(super) fn towns() -> &'static [Area] {
    &areas().towns
}

/// Returns the Kreise, and each kreisfreie Stadt as the municipality it is; sorted by name.
pub(super) fn kreise() -> &'static [Area] {
    &areas().kreise
}

/// Returns the area with this name in its address.
pub(super) fn by_slug(slug: &str) -> Option<&'static Area> {
    areas().by_slug.get(slug)
}

/// Returns the area with this key; a kreisfreie Stadt is found by both of its keys.
pub(super) fn of(ags: &Ags) -> Option<&'static Area> {
    areas().by_key.get(ags)
}

fn areas() -> &'static Areas {
    static AREAS: LazyLock<Areas> = LazyLock::new(|| {
        let gazetteer = Gazetteer::embedded();
        let mut towns: Vec<_> =
            gazetteer.municipalities().map(|town| Area::new(&town.ags, &town.name)).collect();
        let mut by_key: BTreeMap<_, _> =
            towns.iter().map(|area| (area.ags.clone(), area.clone())).collect();
        let mut kreise = Vec::new();
        for kreis in gazetteer.kreise() {
            let town = towns.iter().find(|town| kreis.is_city && kreis.ags.contains(&town.ags));
            let area = town.cloned().unwrap_or_else(|| Area::new(&kreis.ags, &kreis.name));
            by_key.insert(kreis.ags.clone(), area.clone());
            // The outline and the count are those of the key of five digits.
            kreise.push(Area { ags: kreis.ags.clone(), ..area });
        }
        for list in [&mut towns, &mut kreise] {
            list.sort_by_cached_key(|area| spelling::fold(&area.name));
        }
        let by_slug = by_key.values().map(|area| (area.slug.clone(), area.clone())).collect();
        Areas { towns, kreise, by_slug, by_key }
    });
    &AREAS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_has_an_address_of_its_own() {
        assert_eq!((towns().len(), kreise().len()), (396, 53));
        assert_eq!(areas().by_slug.len(), 396 + 31, "no two areas share a name");
        for area in areas().by_key.values() {
            assert_eq!(by_slug(&area.slug), Some(area));
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(area.slug.chars().all(plain), "{}", area.slug);
        }
    }

    #[test]
    fn a_city_without_a_kreis_is_one_page() {
        let of = |key: &str| super::of(&key.parse().unwrap()).unwrap().href();
        assert_eq!(of("05515"), "/ort/muenster");
        assert_eq!(of("05515000"), "/ort/muenster");
        assert_eq!(of("05558"), "/ort/kreis-coesfeld");
        assert_eq!(of("05558012"), "/ort/coesfeld");
        assert!(super::of(&"05".parse().unwrap()).is_none());
        assert!(!by_slug("muenster").unwrap().is_kreis());
    }
}
