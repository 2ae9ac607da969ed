//! Towns that nothing leads to, as most people type them: "Tafel Lüdinghausen", "Aachen Feuerwehr".

use std::ops::Range;

use super::Scan;
use super::place::{AREA, GUESSED};
use crate::domain::gazetteer::Spot;

/// Behind these a name at an end is not where somebody wants to be: "Herzog von Kleve".
const LEADS: &[&str] = &[
    "von", "vom", "aus", "nach", "fuer", "mit", "der", "die", "das", "den", "dem", "des", "zu",
    "ab", "nicht", "ausser", "ohne", "kein", "keine", "sankt", "st", "herr", "frau", "dr", "und",
    "oder", "noch", "ueber",
];
/// Nouns that end as what somebody does.
const NO_DEED: &[&str] = &[
    "sport",
    "kunst",
    "dienst",
    "fest",
    "arbeit",
    "nacht",
    "stadt",
    "welt",
    "markt",
    "schaft",
    "heit",
    "keit",
    "zeit",
    "amt",
    "unterricht",
    "projekt",
];
/// Behind a town's name these go on with a name: "Köln im Wandel".
const GOES_ON: &[&str] = &["im", "in", "am", "an", "auf", "gegen"];
/// Most words of a town's name at an end.
const EDGE: usize = 3;

impl Scan<'_> {
    /// "Tafel Lüdinghausen", "Aachen Feuerwehr", "Vorlesen Dülmen samstags": a town's name at an end of what is left, or
    /// between nouns.
    pub(super) fn at_an_edge(&mut self) {
        for run in self.runs() {
            if self.at_an_edge_of(&run) || self.in_the_middle_of(&run) {
                return;
            }
        }
    }

    /// What is left, stretch by stretch, without what belongs to a town behind it.
    fn runs(&self) -> Vec<Range<usize>> {
        let (mut runs, mut from) = (Vec::new(), 0);
        while from < self.tokens.len() {
            let free = self.taken.iter().skip(from).take_while(|taken| !**taken).count();
            let mut run = from..from + free;
            from = run.end.max(from + 1);
            // "Tafel Dülmen e. V."
            run.end = self.before_a_club(run.end).max(run.start);
            // "Nachhilfe Dülmen oder [online]", "Garten Dülmen und Umgebung"
            let area = (1..=2).rev().find(|length| {
                let start = run.end.checked_sub(*length);
                start.is_some_and(|start| self.longest(start, AREA) == *length)
            });
            run.end = run.end.saturating_sub(area.unwrap_or(0)).max(run.start);
            // "Vorlesen Aachen, abends": neither what joins nor a mark belongs to the stretch.
            let is_joint = |at: usize| match self.word(at) {
                Some(word) => matches!(word, "und" | "oder"),
                None => [',', ';', '.', '/', '+', '&'].iter().any(|mark| self.is(at, *mark)),
            };
            while run.end > run.start && is_joint(run.end - 1) {
                run.end -= 1;
            }
            while run.end > run.start && is_joint(run.start) {
                run.start += 1;
            }
            runs.push(run);
        }
        runs
    }

    fn at_an_edge_of(&mut self, run: &Range<usize>) -> bool {
        let ends =
            (1..=EDGE).rev().filter_map(|length| Some(run.end.checked_sub(length)?..run.end));
        let starts = (1..=EDGE).rev().map(|length| run.start..run.start + length);
        for range in ends.chain(starts) {
            if range.start < run.start || range.end > run.end {
                continue;
            }
            let Some(spot) = self.town(&range) else { continue };
            let is_end = range.end == run.end;
            let (range, spots) = self.alternatives(range, spot, run);
            // "Lesen nachmittags Dülmen": beside it is what was understood.
            let is_all = range == *run;
            let beside =
                if is_end { self.before_a_club(range.start).saturating_sub(1) } else { range.end };
            let is_beside = is_all || self.word(beside).is_some_and(|word| !LEADS.contains(&word));
            let glued = self.is_joined(range.end);
            let capital = |at: usize| self.tokens.get(at).is_some_and(|token| token.capital);
            // "Herne hilft" is a name, "Aachen Feuerwehr", "Aachen vorlesen" and "aachen feuerwehr" are two words.
            let goes_on = self.is_word(&range) || self.word(beside).is_some_and(goes_on);
            let is_name = !is_end && capital(range.start) && !capital(beside) && goes_on;
            if is_name || !is_beside || glued {
                continue;
            }
            if self.is_word(&range) {
                self.doubt(&range, spots);
            } else if range.len() < self.tokens.len() || spots.len() > 1 {
                return self.put(range, spots);
            }
        }
        false
    }

    /// "Tafel Coesfeld Fahrer": a town's name between nouns.
    fn in_the_middle_of(&mut self, run: &Range<usize>) -> bool {
        let capital = |at: usize| self.tokens.get(at).is_some_and(|token| token.capital);
        let towns = (run.start + 1..run.end).find_map(|at| {
            let between = |length: &usize| {
                let range = at..at + length;
                range.end < run.end && capital(at - 1) && capital(at) && capital(range.end)
            };
            let range = (1..=EDGE).rev().filter(between).map(|length| at..at + length);
            let is_beside = !self.word(at - 1).is_some_and(|word| LEADS.contains(&word));
            let mut range = range.filter(|range| is_beside && !self.is_word(range));
            range.find_map(|range| Some((range.clone(), self.town(&range)?)))
        });
        towns.is_some_and(|(range, spot)| self.put(range, vec![spot]))
    }

    /// "Tafel Dülmenn": a long name at an end that is one letter away from a town's.
    pub(super) fn mistyped_at_an_edge(&mut self) {
        let is_long =
            |at: &usize| self.word(*at).is_some_and(|word| word.chars().count() > GUESSED);
        let mut edges = Vec::new();
        for run in self.runs().into_iter().filter(|run| run.len() > 1) {
            let last = run.end - 1;
            let is_led = self.word(last - 1).is_some_and(|word| LEADS.contains(&word));
            edges.extend((!is_led).then_some(last).into_iter().chain([run.start]));
        }
        edges.retain(is_long);
        for at in edges {
            if self.guess(at, at) {
                return;
            }
        }
    }

    /// The town with exactly this name. Of a part of a town the name alone is too often another word.
    fn town(&self, range: &Range<usize>) -> Option<Spot> {
        self.word(range.start)?;
        self.spot(range).filter(|spot| spot.is_town() && !spot.label.contains(','))
    }

    /// "Vorlesen Coesfeld oder Dülmen": the towns that are joined to one at an edge.
    fn alternatives(
        &self,
        mut range: Range<usize>,
        spot: Spot,
        run: &Range<usize>,
    ) -> (Range<usize>, Vec<Spot>) {
        let mut spots = vec![spot];
        while let Some((next, other)) = self.another(range.end).filter(|(next, _)| *next <= run.end)
        {
            range.end = next;
            spots.push(other);
        }
        let joined = |start: usize| {
            let joint = start.checked_sub(1)?;
            let is_or = matches!(self.word(joint), Some("und" | "oder")) || self.is(joint, '/');
            // "Vorlesen Coesfeld Dülmen"
            let end = if is_or { joint } else { start };
            let from = (1..=EDGE).rev().filter_map(|length| end.checked_sub(length));
            let is_name = |range: &Range<usize>| {
                let first = self.tokens.get(range.start);
                is_or || (first.is_some_and(|first| first.capital) && !self.is_word(range))
            };
            let mut from = from.filter(|from| *from >= run.start && is_name(&(*from..end)));
            from.find_map(|from| Some((from, self.town(&(from..end))?)))
        };
        while let Some((start, other)) = joined(range.start) {
            range.start = start;
            spots.insert(0, other);
        }
        (range, spots)
    }

    /// Where "e. V." begins that ends at `end`: behind it stands the town of a club.
    fn before_a_club(&self, end: usize) -> usize {
        let dots = |at: usize| at - usize::from(at > 0 && self.is(at - 1, '.'));
        let word =
            |at: usize, word: &str| at.checked_sub(1).filter(|at| self.word(*at) == Some(word));
        let start = word(dots(end), "v").and_then(|v| word(dots(v), "e"));
        start.or_else(|| word(end, "ev")).unwrap_or(end)
    }

    /// Notes a town whose name is a word: who searches can say that the town was meant.
    pub(super) fn doubt(&mut self, range: &Range<usize>, spots: Vec<Spot>) {
        let start = self.tokens.get(range.start).map_or(0, |token| token.span.start);
        let span = start..start + self.text(range).len();
        self.doubtful = self.doubtful.take().or(spots.into_iter().next().map(|spot| (span, spot)));
    }
}

/// Whether a small word behind a town's name makes it one of something else: "Coesfeld liest", "Herne räumt auf".
fn goes_on(word: &str) -> bool {
    GOES_ON.contains(&word)
        || word.ends_with('t') && !NO_DEED.iter().any(|noun| word.ends_with(noun))
}
