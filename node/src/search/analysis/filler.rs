//! Words that stand in every second query and say little about what is sought: `ehrenamtlich`, `helfen`, `suchen`.
//!
//! They are looked for like others and count less, so that of `mit meinem Hund ehrenamtlich helfen` the dog decides.
//! A query of such words alone is ranked by them as usual: only the words beside them make them small. They are in
//! the index, so the list can change without building it anew.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::stem::stem;
use crate::search::weights;

/// Returns how much a folded word counts against one that names a subject.
#[must_use]
pub fn weight(word: &str) -> f32 {
    static STEMS: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| WORDS.iter().map(|word| stem(word)).collect());
    // A small number counts something: "Lesen mit 3 Kindern".
    let is_number = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    // "Nähe" and "Nähen" have one stem.
    if is_number || word == "nähe" || word == "naehe" || STEMS.contains(&stem(word)) {
        weights::FILLER
    } else {
        1.0
    }
}

/// One form of each is enough: they are compared by their stems.
const WORDS: &[&str] = &[
    "aktiv",
    "aktivität",
    "angebot",
    "anbieten",
    "arbeit",
    "arbeiten",
    "art",
    "aufgabe",
    "bereich",
    "beitrag",
    "bitte",
    "brauchen",
    "bringen",
    "bürger",
    "bundesweit",
    "dabei",
    "deutschlandweit",
    "dringend",
    "kurzfristig",
    "spontan",
    "dienst",
    "ehrenamt",
    "ehrenamtler",
    "ehrenamtlich",
    "einbringen",
    "einsatz",
    "engagement",
    "engagieren",
    "finden",
    "fit",
    "frei",
    "freiwillig",
    "freiwillige",
    "geben",
    "gehen",
    "gemeinsam",
    "gesucht",
    "gut",
    "helfen",
    "help",
    "helfer",
    "hilfe",
    "initiative",
    "interesse",
    "interessieren",
    "job",
    "landesweit",
    "kommen",
    "leisten",
    "leute",
    "lust",
    "machen",
    "melden",
    "mensch",
    "mitarbeit",
    "mitarbeiten",
    "mitglied",
    "mithelfen",
    "mithilfe",
    "mitmachen",
    "möglichkeit",
    "motiviert",
    "neu",
    "organisation",
    "person",
    "projekt",
    "region",
    "rente",
    "rüstig",
    "schüchtern",
    "sohn",
    "sozial",
    "soziales",
    "stelle",
    "suche",
    "suchen",
    "stadt",
    "spaß",
    "tätig",
    "tätigkeit",
    "tochter",
    "tun",
    "umgebung",
    "unterstützen",
    "unterstützer",
    "unterstützung",
    "verein",
    "werden",
    "wohnortnah",
    "zeit",
    "zusammen",
];
