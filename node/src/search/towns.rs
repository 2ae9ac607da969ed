//! Municipalities and Kreise as small numbers, to count records by.
//!
//! A kreisfreie Stadt is both, under its key of eight digits and of five. What lies outside of the gazetteer is counted
//! nowhere, and what is larger than a Kreis neither.

use std::collections::HashMap;
use std::sync::LazyLock;

use engagement_protocol::id::Ags;

use crate::domain::gazetteer::Gazetteer;
use crate::search::answer::FacetCount;

use super::place::Area;

struct Towns {
    keys: Vec<Ags>,
    areas: Vec<Area>,
    numbers: HashMap<u64, u16>,
}

fn towns() -> &'static Towns {
    static TOWNS: LazyLock<Towns> = LazyLock::new(|| {
        let gazetteer = Gazetteer::embedded();
        let kreise = gazetteer.kreise().map(|kreis| kreis.ags.clone());
        let towns = gazetteer.municipalities().map(|town| town.ags.clone());
        let keys: Vec<Ags> = kreise.chain(towns).collect();
        let areas: Vec<Area> = keys.iter().map(Area::new).collect();
        let numbers = (0..).zip(&areas).map(|(number, area)| (area.pack(), number)).collect();
        Towns { keys, areas, numbers }
    });
    &TOWNS
}

/// Returns how many there are.
pub(super) fn len() -> usize {
    towns().keys.len()
}

/// Returns the numbers of an area: of a municipality and its Kreis, or of a Kreis.
pub(super) fn of(area: Area) -> impl Iterator<Item = u16> {
    let number = |area: Area| towns().numbers.get(&area.pack()).copied();
    [number(area), area.kreis().and_then(number)].into_iter().flatten()
}

/// The area that a record takes place in, if it is one alone: a municipality or a Kreis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Town {
    own: u16,
    kreis: u16,
}

impl Town {
    /// The record has no area.
    const NOWHERE: Self = Self { own: Self::NONE, kreis: Self::NONE };
    /// The record has several areas, or one that the gazetteer does not know: they stand in the columns.
    pub(super) const SEVERAL: Self = Self { own: u16::MAX - 1, kreis: Self::NONE };
    /// No number of a town.
    const NONE: u16 = u16::MAX;

    /// Returns the only one of these areas.
    pub(super) fn of(areas: &[Area]) -> Self {
        match areas {
            [] => Self::NOWHERE,
            [area] => {
                let number = |area: Area| towns().numbers.get(&area.pack()).copied();
                let kreis = area.kreis().and_then(number).unwrap_or(Self::NONE);
                number(*area).map_or(Self::SEVERAL, |own| Self { own, kreis })
            }
            _ => Self::SEVERAL,
        }
    }

    /// Returns the numbers that it is counted under; the columns know better of [`Self::SEVERAL`].
    #[inline]
    pub(super) fn numbers(self) -> impl Iterator<Item = u16> {
        [self.own, self.kreis].into_iter().filter(|number| *number < Self::SEVERAL.own)
    }

    /// Returns the number of the area itself, if it has one.
    #[inline]
    pub(super) const fn number(self) -> usize {
        self.own as usize
    }
}

/// Returns all areas in the order of their numbers.
pub(super) fn areas() -> impl Iterator<Item = Area> {
    towns().areas.iter().copied()
}

/// Names the counts that are not zero: of Kreise and of municipalities.
pub(super) fn name(counts: &[u32]) -> [(&'static str, Vec<FacetCount>); 2] {
    let (mut kreise, mut municipalities) = (Vec::new(), Vec::new());
    for (ags, count) in towns().keys.iter().zip(counts).filter(|(_, count)| **count > 0) {
        let list = if ags.as_str().len() == 8 { &mut municipalities } else { &mut kreise };
        list.push((u64::from(*count), ags));
    }
    let named = |mut list: Vec<(u64, &'static Ags)>| -> Vec<FacetCount> {
        list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        list.into_iter().map(|(count, ags)| FacetCount { code: ags.as_str(), count }).collect()
    };
    [("kreis", named(kreise)), ("municipality", named(municipalities))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_is_counted_in_its_kreis_and_a_city_as_both() {
        let keys = |ags: &str| -> Vec<&str> {
            let area = Area::new(&ags.parse().unwrap());
            of(area).map(|number| towns().keys[usize::from(number)].as_str()).collect()
        };
        assert_eq!(keys("05558012"), ["05558012", "05558"]);
        assert_eq!(keys("05515000"), ["05515000", "05515"]);
        assert_eq!(keys("05558"), ["05558"]);
        assert!(keys("055").is_empty() && keys("05").is_empty() && keys("01001000").is_empty());
        assert_eq!(len(), towns().numbers.len(), "no two areas have one number");
    }
}
