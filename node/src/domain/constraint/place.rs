//! Where: "in Dülmen", "48653", "Kreis Coesfeld", "10 km um Münster".

use std::ops::Range;

use super::{AROUND, Ask, Kind, Scan};
use crate::domain::gazetteer::{Gazetteer, Spot};
use crate::domain::time_phrase::say;

/// What leads to a place that one wants to be in.
const INSIDE: &[&[&str]] = &[
    &["in", "der", "stadt"],
    &["in", "der", "gemeinde"],
    &["in"],
    &["im"],
    &["aus"],
    &["ausser", "in"],
    &["ausser"],
    &["nicht"],
    &["ohne"],
    &["kein"],
    &["weder", "in"],
    &["ausserhalb", "von"],
    &["plz"],
    &["ort"],
];
/// What leads to a place that one wants to be near to.
const NEAR: &[&[&str]] = &[
    &["in", "der", "naehe", "von"],
    &["in", "der", "umgebung", "von"],
    &["in", "und", "um"],
    &["rund", "um"],
    &["rings", "um"],
    &["im", "raum"],
    &["raum"],
    &["im", "grossraum"],
    &["grossraum"],
    &["richtung"],
    &["im", "umkreis"],
    &["im", "umkreis", "von"],
    &["umkreis"],
    &["umkreis", "von"],
    &["nahe"],
    &["near"],
    &["naehe"],
    &["umgebung"],
    &["bei"],
    &["um"],
];
/// What leads to a number of kilometres.
const REACH: &[&[&str]] = &[
    &["im", "umkreis", "von"],
    &["im", "umkreis"],
    &["umkreis", "von"],
    &["umkreis"],
    &["in", "einem", "umkreis", "von"],
    &["im", "radius", "von"],
    &["radius"],
    &["bis", "zu"],
    &["bis"],
    &["innerhalb", "von"],
    &["within"],
    &["maximal"],
    &["max"],
    &["nicht", "weiter", "als"],
    &["nicht", "weiter", "weg", "als"],
    &["in"],
];
/// What leads from a number of kilometres to a place.
const FROM: &[&[&str]] = &[
    &["um"],
    &["von"],
    &["rund", "um"],
    &["entfernt", "von"],
    &["umkreis", "um"],
    &["umkreis", "von"],
    &["bei"],
    &["in"],
];
/// Where somebody is who does not say where that is.
const HERE: &[&[&str]] = &[
    &["meinen", "wohnort"],
    &["meinem", "wohnort"],
    &["mich"],
    &["mich", "herum"],
    &["mir"],
    &["uns"],
    &["uns", "herum"],
    &["hier"],
    &["zuhause"],
];
/// Endings of what a distance is the length of.
const STRETCHES: &[&str] = &[
    "lauf",
    "laufen",
    "tour",
    "marathon",
    "wandern",
    "wanderung",
    "strecke",
    "radeln",
    "radfahren",
    "joggen",
    "spaziergang",
    "walking",
];
/// Names of places that are words of the language: alone they are the word.
const WORDS: &[&str] = &[
    "essen", "halle", "lage", "horn", "wetter", "aue", "kalk", "recke", "alpen", "senden", "kamen",
    "siegen", "much", "buende", "rath", "heide", "berg", "enger",
];
/// What says that it shall be near, without a name.
const NEARBY: &[&[&str]] = &[
    &["hier", "in", "der", "naehe"],
    &["in", "meiner", "naehe"],
    &["in", "der", "naehe"],
    &["in", "meiner", "umgebung"],
    &["bei", "mir", "um", "die", "ecke"],
    &["gleich", "um", "die", "ecke"],
    &["um", "die", "ecke"],
    &["near", "me"],
];
/// What widens a place behind it.
pub(super) const AREA: &[&[&str]] =
    &[&["und", "umgebung"], &["u", "umgebung"], &["umgebung"], &["und", "umland"]];
/// How far "bei" and "um" reach, in kilometres.
const NEAR_KM: f64 = 15.0;
/// Fewest letters of a name that is taken for a mistyped one.
pub(super) const GUESSED: usize = 6;
/// Most words of a name.
const NAME: usize = 7;
/// Farthest that is understood, in kilometres; the same bound as a radius that is asked for.
const FAR_KM: u32 = 400;

impl Scan<'_> {
    /// Finds one place, and how far around it.
    pub(super) fn places(&mut self) {
        if self.whole() {
            return;
        }
        self.reach();
        // What is not wanted may stand beside it, several times.
        for at in 0..self.tokens.len() {
            if !self.behind_a_word(at) {
                self.by_itself(at);
            }
        }
        let found = |scan: &Self| scan.found.iter().any(|one| one.kind == Kind::Place);
        if !found(self) {
            self.beside_a_comma();
        }
        if !found(self) {
            self.nearby();
        }
    }

    /// "in der Nähe" of whoever searches.
    fn nearby(&mut self) {
        for at in 0..self.tokens.len() {
            let length = self.longest(at, NEARBY);
            let range = at..at + length;
            let is_named = matches!(self.word(range.end), Some("von" | "des" | "der"));
            if length > 0 && !is_named && self.is_free(range.clone()) {
                let ask = Ask::Nearby(NEAR_KM);
                self.take(range, Kind::Place, "in der Nähe".to_owned(), ask);
                return;
            }
        }
    }

    /// The whole query is a place.
    fn whole(&mut self) -> bool {
        let all = 0..self.tokens.len();
        let Some(spot) = self.spot(&all) else { return false };
        if self.is_word(&all) {
            self.doubt(&all, vec![spot]);
            return false;
        }
        self.put(all, vec![spot]);
        true
    }

    /// "Bielefeld am Wochenende": a place is all that is left.
    pub(super) fn rest(&mut self) {
        let places = self.found.iter().any(|one| one.kind == Kind::Place);
        let first = self.taken.iter().position(|taken| !taken);
        let Some(first) = first.filter(|_| !places && !self.found.is_empty()) else { return };
        let last = self.taken.iter().rposition(|taken| !taken).unwrap_or(first);
        let range = first..last + 1;
        let spot = self.spot(&range).filter(|_| !self.is_word(&range));
        if let Some(spot) = spot.filter(|_| self.is_free(range.clone())) {
            self.put(range, vec![spot]);
        }
    }

    /// "im Umkreis von 10 km", "10 km um Münster".
    fn reach(&mut self) -> bool {
        for at in 0..self.tokens.len() {
            let Some(km) = self.number(at) else { continue };
            if !matches!(self.word(at + 1), Some("km" | "kilometer" | "kilometern")) {
                continue;
            }
            // "max. 5 km"
            let dot = usize::from(at > 0 && self.is(at - 1, '.'));
            let at_dot = at - dot;
            let ends = |words: &[&str]| {
                let start = at_dot.checked_sub(words.len())?;
                (self.words(start, words) > 0).then_some(start)
            };
            let mut start = REACH.iter().filter_map(|words| ends(words)).min().unwrap_or(at);
            let mut end = at + 2;
            if matches!(
                self.word(end),
                Some("umkreis" | "entfernung" | "radius" | "weit" | "entfernt")
            ) && self.longest(end, FROM) == 0
            {
                end += 1;
            }
            let from = self.longest(end, FROM);
            // "20 km Lüdinghausen"
            let beside = |(range, _): &(Range<usize>, Spot)| from > 0 || !self.is_word(range);
            let name = self.name(end + from).filter(beside);
            let spot = match name {
                Some((range, spot)) => {
                    end = range.end;
                    Some(spot)
                }
                None if from > 0 && self.longest(end + from, HERE) > 0 => {
                    end += from + self.longest(end + from, HERE);
                    None
                }
                // "Dülmen 10 km", "in Dülmen im Umkreis von 10 km"
                None => self.before(start).map(|(range, spot)| {
                    start = range.start;
                    spot
                }),
            };
            // "5 km Lauf", "Radtour 30 km": nothing says that it is a radius.
            let is_bare = spot.is_none() && (start..end) == (at..at + 2);
            if !self.is_free(start..end) || (is_bare && self.is_a_length(at)) {
                continue;
            }
            // "10000 km" is everywhere, "0 km" is here: neither is a word to look for.
            let km = f64::from(km.clamp(1, FAR_KM));
            let label = spot.as_ref().map_or_else(
                || format!("{} km Umkreis", say::decimal(km)),
                |spot| format!("{} km um {}", say::decimal(km), spot.label),
            );
            let ask = Ask::Around(spot, km);
            if self.word(start) == Some("nicht") {
                // "nicht weiter als 5 km" is not turned round.
                self.keep(start..end, Kind::Place, label, ask, false);
            } else {
                self.take(start..end, Kind::Place, label, ask);
            }
            return true;
        }
        false
    }

    /// Whether kilometres at `at` are how long something is: all but what stands alone or at the end may be.
    fn is_a_length(&self, at: usize) -> bool {
        let is_stretch = |word: &str| STRETCHES.iter().any(|stretch| word.ends_with(stretch));
        let mut others = (0..at).filter_map(|at| self.word(at));
        self.word(at + 2).is_some() || others.any(is_stretch)
    }

    /// A name that ends at `end`, with the word that leads to it.
    fn before(&self, end: usize) -> Option<(Range<usize>, Spot)> {
        let end = end - usize::from(end > 0 && self.is(end - 1, ','));
        (end.saturating_sub(NAME)..end).find_map(|start| {
            let spot = self.spot(&(start..end))?;
            let lead = (1..=3).rev().find(|length| {
                let from = start.checked_sub(*length);
                from.is_some_and(|from| {
                    self.longest(from, INSIDE) == *length || self.longest(from, NEAR) == *length
                })
            });
            if lead.is_none() && self.is_word(&(start..end)) {
                return None;
            }
            Some((start - lead.unwrap_or(0)..end, spot))
        })
    }

    /// "in Dülmen", "rund um Münster".
    fn behind_a_word(&mut self, at: usize) -> bool {
        let (near, inside) = (self.longest(at, NEAR), self.longest(at, INSIDE));
        let lead = near.max(inside);
        if lead == 0 {
            return false;
        }
        let Some((mut range, spot)) = self.name(at + lead) else {
            return inside == lead && self.guess(at, at + lead);
        };
        // "Figuren aus Kalk", "bei Essen und Trinken helfen"
        let strict = near >= inside
            || matches!(self.word(at), Some("aus" | "ausser" | "nicht" | "ohne" | "kein"));
        if strict && self.is_word(&range) || !self.is_free(at..range.end) {
            return false;
        }
        if near >= inside && spot.ags.as_ref().is_none_or(|ags| ags.as_str().len() == 8) {
            // "um Nottuln herum"
            let end = range.end + usize::from(self.word(range.end) == Some("herum"));
            let label = format!("{} km um {}", say::decimal(NEAR_KM), spot.label);
            self.take(at..end, Kind::Place, label, Ask::Around(Some(spot), NEAR_KM));
            return true;
        }
        // "in Dülmen oder Coesfeld"
        let mut spots = vec![spot];
        while let Some((next, other)) = self.another(range.end) {
            range.end = next;
            spots.push(other);
        }
        self.put(at..range.end, spots);
        true
    }

    /// "in Dülemn": a name with a capital that is one letter away from a town's; without any, where nobody types one.
    pub(super) fn guess(&mut self, from: usize, at: usize) -> bool {
        // Behind "nicht" or "kein" any word may stand.
        let is_small = self.is_small() && (from == at || self.word(from) == Some("in"));
        let token = self.tokens.get(at).filter(|token| token.capital || is_small);
        let Some(token) = token else { return false };
        let glued = self.is_joined(at + 1);
        let typed = token.word().filter(|word| {
            let is_bent =
                |word: &str| ["e", "en", "er", "es"].iter().any(|end| word.ends_with(end));
            // Small words that end like this are verbs and adjectives: "in schwere Lage", "schneiden".
            word.chars().count() >= GUESSED
                && !glued
                && !AROUND.contains(word)
                && (token.capital || !is_bent(word))
        });
        let spot = typed.and_then(|_| Gazetteer::embedded().mistyped(self.text(&(at..at + 1))));
        // Of a Kreis the name alone is an adjective: "im Märkischen".
        let Some(spot) = spot.filter(|spot| spot.is_town() && self.is_free(from..at + 1)) else {
            return false;
        };
        let is_put = self.put(from..at + 1, vec![spot]);
        if let Some(last) = self.found.last_mut().filter(|_| is_put) {
            last.guessed = true;
        }
        is_put
    }

    /// Whether the query has no capital at all: then none says what is a name.
    fn is_small(&self) -> bool {
        self.tokens.iter().all(|token| !token.capital)
    }

    pub(super) fn another(&self, at: usize) -> Option<(usize, Spot)> {
        let joint =
            matches!(self.word(at), Some("und" | "oder")) || self.is(at, ',') || self.is(at, '/');
        let (range, spot) = self.name(at + 1).filter(|_| joint)?;
        let first = self.tokens.get(range.start)?;
        // Who types no capital at all means towns as well.
        let is_name = first.capital || first.digits().is_some() || self.is_small();
        (is_name && !self.is_word(&range)).then_some((range.end, spot))
    }

    /// A postal code or a Kreis needs no word that leads to it.
    fn by_itself(&mut self, at: usize) -> bool {
        let gazetteer = Gazetteer::embedded();
        let text = self.tokens.get(at).and_then(|token| token.digits()).unwrap_or_default();
        if text.len() == 5
            && let Some(spot) = gazetteer.by_plz(text)
            && self.is_free(at..at + 1)
        {
            let mut end = self.name(at).map_or(at + 1, |(range, _)| range.end);
            let mut spots = vec![spot];
            while let Some((next, other)) = self.another(end) {
                end = next;
                spots.push(other);
            }
            // "52538 Selfkant" is the town, of several with that code. Of "48653 Dülmen" one is wrong, and nobody but the
            // asker knows which.
            if end == at + 1
                && let Some((range, town)) = self.name(end)
                && self.tokens.get(end).is_some_and(|token| token.capital)
                && !self.is_word(&range)
            {
                end = range.end;
                let is_there = |ags| gazetteer.plz_municipalities(text).contains(ags);
                if town.ags.as_ref().is_some_and(is_there) {
                    spots.clear();
                }
                spots.push(town);
            }
            self.put(at..end, spots);
            return true;
        }
        let Some((range, spot)) = self.name(at) else { return false };
        let kreis = spot.ags.as_ref().is_some_and(|ags| ags.as_str().len() <= 5);
        let named = range.clone().any(|at| {
            self.word(at).is_some_and(|word| {
                word.ends_with("kreis") || word == "regierungsbezirk" || word == "nrw"
            })
        });
        if kreis && named && self.is_free(range.clone()) {
            self.put(range, vec![spot]);
            return true;
        }
        false
    }

    /// "Vorlesen, Dülmen", "Dülmen, Vorlesen" and "Vorlesen, Dülmen, samstags".
    fn beside_a_comma(&mut self) {
        let count = self.tokens.len();
        let commas = (0..count).filter(|at| self.is(*at, ','));
        let ends: Vec<usize> = commas.chain([count]).collect();
        let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
        let mut parts: Vec<Range<usize>> =
            starts.zip(&ends).map(|(start, end)| start..*end).collect();
        if parts.len() < 2 {
            return;
        }
        // The last part first, then from the first on.
        parts.rotate_right(1);
        for range in parts {
            let Some((name, spot)) = self.name(range.start).filter(|(name, _)| !self.is_word(name))
            else {
                continue;
            };
            // "Vorlesen, Dülmen und Coesfeld, samstags"
            let (mut end, mut spots) = (name.end, vec![spot]);
            while let Some((next, other)) = self.another(end).filter(|(next, _)| *next <= range.end)
            {
                end = next;
                spots.push(other);
            }
            if end == range.end && self.is_free(range.clone()) {
                self.put(range, spots);
                return;
            }
        }
    }

    pub(super) fn put(&mut self, range: Range<usize>, spots: Vec<Spot>) -> bool {
        // "in Dülmen und Umgebung"
        let area = range.end..range.end + self.longest(range.end, AREA);
        if let [spot] = spots.as_slice()
            && self.is_free(area.clone())
        {
            let label = format!("{} km um {}", say::decimal(NEAR_KM), spot.label);
            let ask = Ask::Around(Some(spot.clone()), NEAR_KM);
            return self.take(range.start..area.end, Kind::Place, label, ask);
        }
        let names: Vec<String> = spots.iter().map(|spot| spot.label.clone()).collect();
        let label = match spots.first().and_then(|spot| spot.ags.as_ref()) {
            Some(ags) if ags.as_str().len() < 8 => names.join(", "),
            _ => format!("in {}", names.join(", ")),
        };
        self.take(range, Kind::Place, label, Ask::Inside(spots))
    }

    /// Returns the longest name that begins at `at`.
    pub(super) fn name(&self, at: usize) -> Option<(Range<usize>, Spot)> {
        let first = self.tokens.get(at)?;
        if first.word().is_none() && first.digits().is_none_or(|digits| digits.len() != 5) {
            return None;
        }
        let end = (at + 1..=(at + NAME).min(self.tokens.len()))
            .rev()
            .find_map(|end| Some((at..end, self.spot(&(at..end))?)))?;
        let (range, spot) = end;
        // "48653 Coesfeld"
        let town = if first.digits().is_some() { self.name(range.end) } else { None };
        let town = town.filter(|(_, town)| town.ags == spot.ags);
        let end = (at..town.map_or(range.end, |(town, _)| town.end), spot);
        // "Herne-Projekt" is not Herne.
        let next = self.tokens.get(end.0.end);
        (!next.is_some_and(|next| next.is('-') && next.glued)).then_some(end)
    }

    pub(super) fn spot(&self, range: &Range<usize>) -> Option<Spot> {
        if range.is_empty() || range.len() > NAME {
            return None;
        }
        // A mark at the end belongs to the query, unless it closes "(Westf.)".
        let last = self.tokens.get(range.end.checked_sub(1)?)?;
        if last.word().is_none() && last.digits().is_none() && !last.is(')') {
            return None;
        }
        Gazetteer::embedded().named(self.text(range))
    }

    pub(super) fn is_word(&self, range: &Range<usize>) -> bool {
        range.len() == 1 && self.word(range.start).is_some_and(|word| WORDS.contains(&word))
    }
}
