//! Maps of the Land and of a Kreis, drawn from outlines inside the program: nobody else is asked for tiles.
//!
//! A map is never the only way: each area is a link with a name and a count, and the page lists the same
//! links beside it. The darker an area, the more there is to do.

pub(super) mod place;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engagement_protocol::id::Ags;

use super::text::t;
use super::{area, format};
use crate::app::overview;
use crate::search::answer::Facets;

const KREISE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/map/kreise.csv"));
const MUNICIPALITIES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/map/municipalities.csv"));

/// Darkest shade; the lightest, 0, is for areas where nothing is offered.
const SHADES: u64 = 4;

/// A map.
#[derive(Debug)]
pub(super) struct Map {
    /// What it is called.
    pub(super) label: String,
    /// `x y width height` of what is drawn.
    pub(super) view: String,
    pub(super) areas: Vec<Area>,
    /// What the areas are called together in which nothing is offered, if there are others: they are listed apart, or a
    /// network that has just begun would be a long list of nothing.
    pub(super) without: Option<String>,
}

/// An area of a map, and the line for it in the list beside.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) href: String,
    pub(super) name: String,
    /// How much there is, in words.
    pub(super) count: String,
    pub(super) path: &'static str,
    pub(super) shade: u64,
    /// Whether it is this node's own.
    pub(super) own: bool,
}

/// An outline: its bounds from west to south, and its path.
struct Outline {
    bounds: [i32; 4],
    path: &'static str,
}

impl Map {
    /// Returns the map of the Land by Kreise; the list beside it is sorted by name.
    pub(super) fn of_land(facets: &Facets, own: &Ags) -> Self {
        let kreise = area::kreise().iter().map(|area| &area.ags);
        let count = |ags: &Ags| overview::count(facets, "kreis", ags.as_str());
        Self::new(t!("map-land"), kreise, count, own)
    }

    /// Returns the map of a Kreis by municipalities.
    ///
    /// `facets` are those of a search in this Kreis: a search in the Land names only the biggest.
    pub(super) fn of_kreis(kreis: &area::Area, facets: &Facets, own: &Ags) -> Self {
        let count = |ags: &Ags| overview::count(facets, "municipality", ags.as_str());
        let towns = area::towns().iter().filter(|town| kreis.ags.contains(&town.ags));
        let label = t!("map-kreis", name = kreis.name.as_str());
        Self::new(label, towns.map(|town| &town.ags), count, own)
    }

    fn new<'a>(
        label: String,
        keys: impl Iterator<Item = &'a Ags>,
        count: impl Fn(&Ags) -> u64,
        own: &Ags,
    ) -> Self {
        let keys: Vec<_> = keys.collect();
        let most = keys.iter().map(|ags| count(ags)).max().unwrap_or(0);
        let mut bounds: Option<[i32; 4]> = None;
        let mut areas: Vec<Area> = Vec::with_capacity(keys.len());
        for ags in keys {
            let (Some(outline), Some(page)) = (outlines().get(ags.as_str()), area::of(ags)) else {
                continue;
            };
            let ([w, n, e, s], count) = (outline.bounds, count(ags));
            let [west, north, east, south] = bounds.unwrap_or(outline.bounds);
            bounds = Some([west.min(w), north.min(n), east.max(e), south.max(s)]);
            areas.push(Area {
                href: page.href(),
                name: page.name.clone(),
                count: t!("area-count", count = count, shown = format::number(count)),
                path: outline.path,
                shade: shade(count, most),
                own: ags.contains(own),
            });
        }
        let view = view(bounds.unwrap_or_default());
        let bare = areas.iter().filter(|area| area.shade == 0).count();
        let without = (bare > 0 && bare < areas.len()).then(|| t!("map-without", count = bare));
        Self { label, view, areas, without }
    }

    /// Returns the areas that the list beside the map begins with: those in which something is offered, or all.
    pub(super) fn listed(&self) -> impl Iterator<Item = &Area> {
        self.areas.iter().filter(|area| area.shade > 0 || self.without.is_none())
    }

    /// Returns the areas that are listed apart.
    pub(super) fn bare(&self) -> impl Iterator<Item = &Area> {
        self.areas.iter().filter(|area| area.shade == 0 && self.without.is_some())
    }
}

/// Returns what has to be drawn, with room for the line around the outermost areas.
fn view([west, north, east, south]: [i32; 4]) -> String {
    let edge = ((east - west) / 100).max(1);
    let (width, height) = (east - west + 2 * edge, south - north + 2 * edge);
    format!("{} {} {width} {height}", west - edge, north - edge)
}

/// Returns how dark an area is: by the root of its share, so that one big city does not turn all else pale.
fn shade(count: u64, most: u64) -> u64 {
    if count == 0 {
        return 0;
    }
    (1..=SHADES).find(|step| count * SHADES * SHADES <= most * step * step).unwrap_or(SHADES)
}

fn outlines() -> &'static BTreeMap<&'static str, Outline> {
    static OUTLINES: LazyLock<BTreeMap<&str, Outline>> = LazyLock::new(|| {
        let rows = [KREISE, MUNICIPALITIES].into_iter().flat_map(|file| file.lines().skip(1));
        rows.filter_map(outline).collect()
    });
    &OUTLINES
}

fn outline(row: &'static str) -> Option<(&'static str, Outline)> {
    let mut columns = row.split(',');
    let ags = columns.next()?;
    let mut number = || columns.next()?.parse().ok();
    let bounds = [number()?, number()?, number()?, number()?];
    Some((ags, Outline { bounds, path: columns.next()? }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::answer::FacetCount;

    fn facets(counts: &[(&'static str, u64)]) -> Facets {
        let count = |(code, count): &(&'static str, u64)| FacetCount { code, count: *count };
        let of =
            |digits| counts.iter().filter(|(code, _)| code.len() == digits).map(count).collect();
        Facets([("kreis", of(5)), ("municipality", of(8))].into())
    }

    #[test]
    fn every_area_has_an_outline_and_a_page() {
        let own = "05558012".parse().unwrap();
        let land = Map::of_land(&facets(&[]), &own);
        assert_eq!(land.areas.len(), 53);
        let towns: usize = area::kreise()
            .iter()
            .map(|kreis| Map::of_kreis(kreis, &facets(&[]), &own).areas.len())
            .sum();
        assert_eq!(towns, 396);
        let plain = |c: char| c.is_ascii_digit() || "Mlz -".contains(c);
        assert!(outlines().values().all(|outline| outline.path.chars().all(plain)));
    }

    #[test]
    fn where_nothing_is_offered_is_listed_apart_and_never_left_out() {
        let own = "05558012".parse().unwrap();
        let names = |areas: Vec<&Area>| areas.into_iter().map(|area| area.name.clone()).collect();
        let (some, nothing) = (facets(&[("05558", 1), ("05334", 2)]), facets(&[]));
        let land = Map::of_land(&some, &own);
        let listed: Vec<String> = names(land.listed().collect());
        assert_eq!(listed, ["Kreis Coesfeld", "Städteregion Aachen"]);
        assert_eq!(land.bare().count(), 51);
        assert_eq!(land.without.as_deref(), Some("Noch ohne Angebote (51)"));
        let empty = Map::of_land(&nothing, &own);
        assert_eq!((empty.listed().count(), empty.bare().count()), (53, 0));
    }

    #[test]
    fn darker_is_more_and_nothing_is_lightest() {
        let shades = [0, 1, 7, 25, 57, 100].map(|count| shade(count, 100));
        assert_eq!(shades, [0, 1, 2, 2, 4, 4]);
        assert_eq!((shade(0, 0), shade(1, 1), shade(u64::from(u32::MAX), 1)), (0, 4, 4));
    }

    #[test]
    fn a_map_says_names_and_counts_and_marks_the_own_area() {
        let own = "05558012".parse().unwrap();
        let facets = facets(&[("05558", 1234), ("05558012", 1), ("05558016", 3)]);
        let land = Map::of_land(&facets, &own);
        let kreis = land.areas.iter().find(|area| area.name == "Kreis Coesfeld").unwrap();
        assert_eq!(kreis.count, "1.234 Angebote");
        assert_eq!((kreis.own, kreis.href.as_str()), (true, "/ort/kreis-coesfeld"));
        assert_eq!(land.areas.iter().filter(|area| area.own).count(), 1);
        let page = area::by_slug("kreis-coesfeld").unwrap();
        let map = Map::of_kreis(page, &facets, &own);
        let of = |name: &str| {
            let area = map.areas.iter().find(|area| area.name == name).unwrap();
            (area.count.clone(), area.shade)
        };
        assert_eq!(of("Coesfeld"), ("1 Angebot".to_owned(), 3));
        assert_eq!(of("Dülmen"), ("3 Angebote".to_owned(), 4));
        assert_eq!(of("Nottuln"), ("keine Angebote".to_owned(), 0));
        let [_, _, width, height] =
            map.view.split(' ').map(|n| n.parse::<i32>().unwrap()).collect::<Vec<_>>()[..]
        else {
            panic!("{}", map.view)
        };
        assert!(width > 300 && height > 300 && width < 1000, "the map shows the Kreis alone");
    }
}
