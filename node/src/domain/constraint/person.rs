//! Who searches: how old, from where they help, and whether they offer help or need it.

use engagement_protocol::opportunity::Direction;

use super::{Ask, Kind, Scan};
use crate::domain::vocabulary::{List, Vocabulary};

/// Beginnings of a query by somebody who helps: they look for those who seek.
const OFFERS: &[&[&str]] = &[&["ich", "biete"], &["biete"], &["wir", "bieten"], &["bieten"]];

/// Beginnings of a query by somebody who needs help: they look for those who offer.
const NEEDS: &[&[&str]] = &[
    &["ich", "brauche", "hilfe"],
    &["brauche", "hilfe"],
    &["wir", "brauchen", "hilfe"],
    &["ich", "brauche", "unterstuetzung"],
    &["brauche", "unterstuetzung"],
    &["ich", "benoetige", "hilfe"],
    &["benoetige", "hilfe"],
    &["ich", "suche", "hilfe"],
    &["suche", "hilfe"],
    &["wir", "suchen", "hilfe"],
    &["ich", "suche", "unterstuetzung"],
    &["suche", "unterstuetzung"],
    &["ich", "suche", "jemanden", "der"],
    &["ich", "suche", "jemanden", "die"],
    &["suche", "jemanden", "der"],
    &["suche", "jemanden", "die"],
    &["suche", "jemanden"],
    &["ich", "suche", "jemanden"],
    &["ich", "brauche"],
];

/// For whom somebody looks for something to do: "meine Tochter ist 14". Of those who are older one says it to find help.
const KIN: &[&str] =
    &["sohn", "tochter", "kind", "enkel", "enkelin", "bruder", "schwester", "neffe", "nichte"];
/// Whose they are.
const MY: &[&str] = &["mein", "meine", "meinen", "meinem", "meiner", "unser", "unsere", "unseren"];

/// What somebody looks for who says "ich brauche" and means an occupation.
const OCCUPATIONS: &[&str] =
    &["aufgabe", "aufgaben", "ehrenamt", "engagement", "beschaeftigung", "abwechslung"];

/// From home.
const REMOTE: &[&[&str]] = &[
    &["von", "zu", "hause", "aus"],
    &["von", "zu", "hause"],
    &["von", "zuhause", "aus"],
    &["von", "zuhause"],
    &["von", "daheim"],
    &["from", "home"],
    &["im", "homeoffice"],
    &["im", "home", "office"],
    &["homeoffice"],
    &["ortsunabhaengig"],
    &["remote"],
    &["online"],
];

/// How somebody says that they are grown up.
const OF_AGE: &[&[&str]] = &[&["ich", "bin", "volljaehrig"], &["bin", "volljaehrig"]];

impl Scan<'_> {
    /// "Ich biete …" and "suche Hilfe …", at the beginning only.
    pub(super) fn directions(&mut self) {
        let offers = self.longest(0, OFFERS);
        let mut needs = self.longest(0, NEEDS);
        // "ich suche jemanden, der mir vorliest"
        if self.is(needs, ',') && matches!(self.word(needs + 1), Some("der" | "die")) {
            needs += 2;
        }
        let (length, direction, label) = if offers > 0 {
            (offers, Direction::Seek, "wer Hilfe sucht")
        } else {
            (needs, Direction::Offer, "wer Hilfe anbietet")
        };
        let rest = self.tokens.iter().skip(length).filter_map(|token| token.word());
        let occupied = rest.into_iter().any(|word| OCCUPATIONS.contains(&word));
        if length > 0 && !occupied && self.is_free(0..length) {
            self.take(0..length, Kind::Direction, label.to_owned(), Ask::Direction(direction));
        }
    }

    /// "meine Tochter ist" before the words at `end`: where that begins.
    fn kin(&self, end: usize) -> Option<usize> {
        let is = usize::from(matches!(
            end.checked_sub(1).and_then(|at| self.word(at)),
            Some("ist" | "wird")
        ));
        let start = end.checked_sub(2 + is)?;
        let is_kin = self.word(start).is_some_and(|word| MY.contains(&word))
            && self.word(start + 1).is_some_and(|word| KIN.contains(&word));
        let lead = usize::from(start > 0 && self.word(start - 1) == Some("fuer"));
        is_kin.then_some(start - lead)
    }

    /// "ab 14", "ich bin 15", "16 Jahre alt", "für 16-Jährige".
    pub(super) fn ages(&mut self) {
        for at in 0..self.tokens.len() {
            let Some((start, end, age)) = self.age(at) else { continue };
            if self.is_free(start..end) {
                let label = format!("Alter: {age} Jahre");
                self.take(start..end, Kind::Age, label, Ask::Age(age));
                return;
            }
        }
        // Of age is who is 18 and who is 80: no code says so.
        for at in 0..self.tokens.len() {
            let range = at..at + self.longest(at, OF_AGE);
            if self.is_free(range.clone()) {
                let label = "volljährig (ohne Filter)".to_owned();
                self.keep(range, Kind::Age, label, Ask::Anything, false);
                return;
            }
        }
    }

    /// Reads an age whose number stands at `at`: its tokens and the years.
    fn age(&self, at: usize) -> Option<(usize, usize, u8)> {
        let age = u8::try_from(self.number(at)?).ok()?;
        let young = (12..=18).contains(&age);
        let before = |words: &[&str]| {
            let start = at.checked_sub(words.len())?;
            (self.words(start, words) > 0).then_some(start)
        };
        // "unter 18", "unter 18 Jahren"
        if let Some(start) = before(&["unter"]).filter(|_| (14..=18).contains(&age)) {
            let years = usize::from(matches!(self.word(at + 1), Some("jahre" | "jahren" | "j")));
            let end = at + 1 + years;
            let is_last = end == self.tokens.len() || years == 1;
            return is_last.then_some((start, end, age - 1));
        }
        let years = usize::from(matches!(self.word(at + 1), Some("jahre" | "jahren" | "j")));
        let end = at + 1 + years;
        let hyphen = usize::from(self.is(at + 1, '-'));
        if self.word(at + 1 + hyphen).is_some_and(|word| word.starts_with("jaehrig")) {
            let start = [&["fuer"][..], &["als"], &["ich", "bin"], &["bin"]]
                .into_iter()
                .find_map(before)
                .or_else(|| (at == 0 && self.is_said_of_who_asks(at + 2 + hyphen)).then_some(0))?;
            // "für 14-jährige Kinder" is who is helped.
            let helped = self.word(at + 2 + hyphen).is_some_and(|word| word.starts_with("kind"));
            return ((12..=21).contains(&age) && !helped).then_some((start, at + 2 + hyphen, age));
        }
        // "ich bin 10 km entfernt"
        let counted = matches!(
            self.word(end),
            Some(
                "km" | "kilometer"
                    | "stunden"
                    | "stunde"
                    | "std"
                    | "h"
                    | "uhr"
                    | "min"
                    | "minuten"
                    | "minutes"
                    | "miles"
                    | "weeks"
                    | "months"
                    | "people"
                    | "mal"
                    | "x"
                    | "tage"
                    | "wochen"
                    | "monate"
                    | "kinder"
                    | "kindern"
                    | "personen"
                    | "helfer"
                    | "teilnehmer"
                    | "euro"
                    | "plaetze"
            )
        ) || [':', '.', '-', '/', '%'].iter().any(|mark| self.is(at + 1, *mark));
        if counted || !(6..=110).contains(&age) {
            return None;
        }
        // "meine Tochter ist 14 Jahre alt", "mein Sohn, 14"
        let comma = usize::from(at > 0 && self.is(at - 1, ','));
        // Who needs something at that age does not help.
        let needs = |at| matches!(self.word(at), Some("braucht" | "benoetigt" | "brauchen"));
        let is_helped = (at..self.tokens.len()).any(needs);
        if let Some(start) = self.kin(at - comma).filter(|_| age <= 21 && !is_helped) {
            let alt = usize::from(self.word(end) == Some("alt"));
            return Some((start, end + alt, age));
        }
        if years == 1 && self.word(end) == Some("alt") {
            let am = before(&["ich", "bin"]).or_else(|| before(&["bin"]));
            let start = am.or_else(|| before(&["i", "am"])).unwrap_or(at);
            let of_others =
                at > 0 && start == at && self.word(at - 1).is_some_and(|word| word != "mit");
            return (!of_others).then_some((start, end + 1, age));
        }
        let next = self.tokens.get(end);
        let leads_on = next.is_none_or(|next| !next.capital && next.digits().is_none());
        // "16 Jahre helfen"
        if at == 0 && years == 1 && young && leads_on {
            return Some((at, end, age));
        }
        let am = [
            &["ich", "bin"][..],
            &["bin"],
            &["i", "am"],
            &["bin", "schon"],
            &["ich", "bin", "schon"],
        ];
        // "ich bin schon 30 Jahre im Verein"
        let am = am.into_iter().filter(|words| years == 0 || !words.contains(&"schon"));
        let am = am.filter_map(before).min();
        if let Some(start) = am {
            return Some((start, end, age));
        }
        if let Some(start) = before(&["mit"]) {
            // "Praktikum mit 16", "mit 16 helfen", but "mit 16 Tieren"
            // "mit 80 noch helfen"
            let still = usize::from(self.word(end) == Some("noch"));
            let is_last = age >= 50 && end == self.tokens.len();
            let is_age = years == 1 || (young && leads_on) || still == 1 || is_last;
            return is_age.then_some((start, end + still, age));
        }
        // "Hilfe ab 60" is about whom one helps.
        before(&["ab"]).filter(|_| young).map(|start| (start, end, age))
    }

    /// "17-jährige sucht Ehrenamt", "16jährige Schülerin": whether what follows the age is said of who asks.
    fn is_said_of_who_asks(&self, at: usize) -> bool {
        const WHO: &[&str] = &[
            "sucht",
            "suche",
            "moechte",
            "will",
            "schuelerin",
            "schueler",
            "azubi",
            "maedchen",
            "junge",
        ];
        at == self.tokens.len() || self.word(at).is_some_and(|word| WHO.contains(&word))
    }

    /// "online", "von zu Hause", "vor Ort".
    pub(super) fn modes(&mut self) {
        for at in 0..self.tokens.len() {
            let remote = self.longest(at, REMOTE);
            let (length, codes) = if remote > 0 {
                (remote, ["remote", "hybrid"].as_slice())
            } else {
                (self.words(at, &["vor", "ort"]), ["onsite", "mobile", "hybrid"].as_slice())
            };
            let joint = |at: usize| self.is_joined(at);
            // "Online-Redaktion" is a subject.
            if length == 0
                || joint(at + length)
                || (at > 0 && joint(at - 1))
                || !self.is_free(at..at + length)
            {
                continue;
            }
            let vocabulary = Vocabulary::embedded();
            let label = codes.first().map_or("", |code| vocabulary.label(List::Mode, code));
            let ask = Ask::Modes(codes.iter().map(|code| (*code).to_owned()).collect());
            self.take(at..at + length, Kind::Mode, label.to_owned(), ask);
        }
    }
}
