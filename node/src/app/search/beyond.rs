//! What lies just outside of where somebody looked: a fitting opportunity a little farther away is no secret.
//!
//! It is counted by the same search a little wider, once, and only if what was found is so little that people
//! wonder whether that is all. Whatever fails in it fails as the search does.

use super::Asked;
use crate::app::opportunity::{Origins, Shown};
use crate::app::understand::Understood;
use crate::domain::gazetteer::Gazetteer;
use crate::search::answer::{Answer, Hit, Locality};
use crate::search::index::{Index, IndexError};
use crate::search::query::{MAX_LIMIT, Near, Query};
use crate::store::{ReadTx, StoreError};

/// Results that are so few that people wonder whether that is all.
pub const FEW: u64 = 10;

/// How far one looks next, in kilometres: the first of these that is at least twice as far.
const WIDER_KM: [f64; 7] = [10.0, 20.0, 30.0, 50.0, 100.0, 200.0, super::RADIUS_KM];

/// How far around a municipality one looks that somebody named, in kilometres.
const AROUND_KM: f64 = 20.0;

/// What lies just outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Beyond {
    /// What it is outside of.
    pub border: Border,
    /// How far was looked, in kilometres.
    pub wider_km: f64,
    /// How many more there are.
    pub count: u64,
    /// The nearest of them and how far it is; nothing if they are too many to be compared, or have no place.
    pub nearest: Option<(Shown, f64)>,
    /// The search that finds them too.
    pub asked: Box<Asked>,
}

/// Where somebody looked.
#[derive(Debug, Clone, PartialEq)]
pub enum Border {
    /// Within so many kilometres.
    Radius(f64),
    /// In a place that was named in the words.
    Place(String),
}

/// A look beyond the border of a search.
#[derive(Debug)]
pub(super) struct Look {
    border: Border,
    /// The same search, wider.
    query: Query,
    asked: Asked,
    wider_km: f64,
}

impl Look {
    /// Returns where to look, if so little was found within a border that it is worth it.
    pub(super) fn new(
        asked: &Asked,
        query: &Query,
        found: &Answer,
        understood: &[Understood],
    ) -> Option<Self> {
        let near = query.near.as_ref().or(query.home.as_ref())?;
        if found.total > FEW || query.after.is_some() {
            return None;
        }
        // A link says what was asked for, and not what the page wants to know besides.
        let asked = &Asked { cursor: None, explain: false, beyond: false, ..asked.clone() };
        let all = Query { limit: MAX_LIMIT, grouped: false, ..query.clone() };
        let by = |name: &str| {
            let valid = |one: &&Understood| !one.overridden && !one.relaxed;
            understood.iter().filter(valid).find(|one| one.filter.contains_key(name))
        };
        if let Some(radius) = query.radius_km {
            let wider_km = WIDER_KM.into_iter().find(|km| *km >= 2.0 * radius)?;
            let mut wide = Asked { radius_km: Some(wider_km), ..asked.clone() };
            if asked.radius_km.is_none() {
                let one = by("radius_km")?;
                let named = one.filter.get("near").and_then(|names| names.first()).cloned();
                wide.words.clone_from(&one.without);
                wide.near = named.or(wide.near).or_else(|| name(near));
                wide.near.as_ref()?;
            }
            let query = Query { radius_km: Some(wider_km), ..all };
            return Some(Self { border: Border::Radius(radius), query, asked: wide, wider_km });
        }
        let [area] = query.areas.as_slice() else { return None };
        let one = by("ags").filter(|_| asked.areas.is_empty())?;
        let place = Gazetteer::embedded().municipality(area)?.name.clone();
        let wide = Asked {
            words: one.without.clone(),
            near: Some(place.clone()),
            radius_km: Some(AROUND_KM),
            ..asked.clone()
        };
        let query = Query { areas: Vec::new(), radius_km: Some(AROUND_KM), ..all };
        let border = Border::Place(place);
        Some(Self { border, query, asked: wide, wider_km: AROUND_KM })
    }

    /// Looks; nothing if there is nothing outside.
    pub(super) fn outside(
        self,
        index: &Index,
        found: &Answer,
    ) -> Result<Option<Outside>, IndexError> {
        let wide = index.search(&self.query)?;
        let is_outside = |hit: &&Hit| match self.border {
            Border::Radius(radius) => hit.distance_km.is_some_and(|km| km > radius),
            Border::Place(_) => hit.locality != Locality::Own,
        };
        if wide.next.is_some() {
            // Too many to look at each: the difference is exact if those inside have all words.
            let is_exact = found.with_all_words == found.total && wide.with_all_words == wide.total;
            let count = wide.total.checked_sub(found.total).filter(|more| is_exact && *more > 0);
            return Ok(count.map(|count| Outside { look: self, count, nearest: None }));
        }
        let outside: Vec<&Hit> = wide.hits.iter().filter(is_outside).collect();
        let near = outside.iter().filter_map(|hit| Some((hit.row, hit.distance_km?)));
        let nearest = near.min_by(|one, other| one.1.total_cmp(&other.1));
        let count = u64::try_from(outside.len()).unwrap_or(u64::MAX);
        Ok((count > 0).then_some(Outside { look: self, count, nearest }))
    }
}

/// What was found outside of a border, as rows.
#[derive(Debug)]
pub(super) struct Outside {
    look: Look,
    count: u64,
    nearest: Option<(u64, f64)>,
}

impl Outside {
    /// Reads the nearest.
    pub(super) fn show(
        self,
        tx: &ReadTx<'_>,
        origins: &mut Origins<'_>,
    ) -> Result<Beyond, StoreError> {
        let mut nearest = None;
        if let Some((row, km)) = self.nearest {
            for stored in tx.records(&[row])? {
                nearest = origins.show_found(tx, &stored)?.map(|shown| (shown, km));
            }
        }
        let Look { border, asked, wider_km, .. } = self.look;
        Ok(Beyond { border, wider_km, count: self.count, nearest, asked: Box::new(asked) })
    }
}

/// Returns text that finds where somebody stands without having said so.
fn name(near: &Near) -> Option<String> {
    let town = Gazetteer::embedded().municipality(near.ags.as_ref()?)?;
    Some(town.name.clone())
}
