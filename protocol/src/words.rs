//! A fingerprint that people read to each other over the telephone: ten German words (`SPEC.md` section 4.2).
//!
//! Each word stands for one byte. The words are ordinary ones, sound unlike each other, and differ in their
//! first four letters; none has an umlaut, so that they can be typed anywhere. Ten words are 80 bits: who
//! wants another key to have the same words has to make about 2^80 keys.

use crate::hash::Hash;
use crate::key::VerifierKey;

/// How many words are read out.
pub const COUNT: usize = 10;

/// Returns the words of a key's fingerprint.
///
/// ```
/// # use engagement_protocol::{key::SigningKey, words};
/// let key = SigningKey::from_seed("05".parse().unwrap(), &[1; 32]).verifier().clone();
/// assert_eq!(words::of(&key).split(' ').count(), words::COUNT);
/// ```
#[must_use]
pub fn of(key: &VerifierKey) -> String {
    let fingerprint = key.fingerprint();
    let words =
        fingerprint.as_bytes().iter().take(COUNT).filter_map(|byte| WORDS.get(usize::from(*byte)));
    words.copied().collect::<Vec<_>>().join(" ")
}

/// Returns whether `said` is the fingerprint of `key`: its words in any spelling of case and separators, all
/// 64 digits of it, or the verifier key itself. Part of it is not enough.
#[must_use]
pub fn matches(said: &str, key: &VerifierKey) -> bool {
    let said = said.trim();
    if said == key.to_string() || said.parse::<Hash>() == Ok(key.fingerprint()) {
        return true;
    }
    let said: Vec<String> = said
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let own = of(key).to_lowercase();
    own.split(' ').eq(said.iter().map(String::as_str))
}

/// The words, by byte. They never change: a fingerprint is written down.
#[rustfmt::skip]
pub const WORDS: [&str; 256] = [
    "Abend", "Adler", "Ahorn", "Akkord", "Albatros", "Amboss", "Ameise", "Ampel", "Ananas",
    "Antenne", "Apotheke", "April", "Archiv", "Asphalt", "Atlas", "Aurora", "Auster", "Autobahn",
    "Bagger", "Bahnhof", "Balkon", "Bambus", "Banane", "Becher", "Beere", "Benzin", "Besen",
    "Bibel", "Birke", "Blitz", "Blume", "Bohne", "Bonbon", "Boot", "Brief", "Brille", "Bruder",
    "Brunnen", "Burg", "Bussard", "Clown", "Computer", "Dachs", "Dampfer", "Dattel", "Daumen",
    "Decke", "Delfin", "Diamant", "Domino", "Donner", "Dorf", "Dreieck", "Drossel", "Dusche",
    "Echo", "Efeu", "Eimer", "Elefant", "Ellbogen", "Engel", "Erbse", "Essig", "Etage", "Eule",
    "Fabrik", "Fackel", "Faden", "Fagott", "Familie", "Feige", "Fenster", "Fernglas", "Feuer",
    "Fichte", "Finger", "Fisch", "Flasche", "Flieder", "Floh", "Flugzeug", "Forelle", "Fossil",
    "Funke", "Galopp", "Gans", "Garten", "Gazelle", "Gepard", "Gewitter", "Giraffe", "Gitarre",
    "Globus", "Glocke", "Gold", "Gondel", "Gorilla", "Granit", "Hahn", "Hammer", "Handtuch",
    "Harfe", "Heft", "Hering", "Honig", "Hose", "Hufeisen", "Iltis", "Indigo", "Jaguar", "Jasmin",
    "Joghurt", "Jupiter", "Juwel", "Kaffee", "Kajak", "Kaktus", "Kapitel", "Karneval", "Karotte",
    "Kastanie", "Katze", "Kiefer", "Kino", "Kirsche", "Kiste", "Klavier", "Klee", "Knochen",
    "Kolibri", "Komet", "Kompass", "Konfetti", "Krabbe", "Kran", "Kreide", "Krokus", "Laterne",
    "Laub", "Lavendel", "Lehrbuch", "Lerche", "Libelle", "Limonade", "Linde", "Lorbeer", "Magnet",
    "Marder", "Markt", "Matrose", "Melone", "Messer", "Metall", "Mikrofon", "Mosaik", "Motor",
    "Museum", "Narzisse", "Nilpferd", "Nordpol", "Notiz", "Nougat", "Oboe", "Olive", "Oper",
    "Orange", "Orchidee", "Ozean", "Palme", "Panther", "Papier", "Paprika", "Pavian", "Pelikan",
    "Pfanne", "Pfeffer", "Pferd", "Pflaume", "Pilz", "Pinguin", "Pinsel", "Pirat", "Planet",
    "Polster", "Posaune", "Pudding", "Pullover", "Pumpe", "Qualle", "Quark", "Radio", "Rakete",
    "Rathaus", "Regal", "Reis", "Rentier", "Reporter", "Rettich", "Rezept", "Ritter", "Roggen",
    "Rubin", "Rucksack", "Salat", "Sandale", "Saxofon", "Schaf", "Schere", "Schrank", "Sellerie",
    "Senf", "Sichel", "Silber", "Sirup", "Sofa", "Spargel", "Specht", "Stern", "Stiefel", "Storch",
    "Strand", "Tablett", "Tafel", "Tasse", "Teich", "Telefon", "Thermos", "Tomate", "Traktor",
    "Treppe", "Trommel", "Tunnel", "Turnier", "Ukulele", "Uniform", "Vanille", "Ventil", "Viadukt",
    "Violine", "Vorhang", "Vulkan", "Wachtel", "Walnuss", "Weizen", "Wespe", "Wolke", "Wurzel",
    "Zebra", "Zement", "Ziege", "Zimt", "Zirkus", "Zitrone", "Zucker", "Zwerg", "Zwiebel",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    fn key(seed: u8) -> VerifierKey {
        SigningKey::from_seed("05558".parse().unwrap(), &[seed; 32]).verifier().clone()
    }

    /// Letters to add, take or change to make one word of the other.
    fn distance(a: &str, b: &str) -> usize {
        let b: Vec<char> = b.chars().collect();
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.chars().enumerate() {
            let mut next = vec![i + 1];
            for (j, y) in b.iter().enumerate() {
                let change = row[j] + usize::from(x != *y);
                next.push(change.min(row[j + 1] + 1).min(next[j] + 1));
            }
            row = next;
        }
        row[b.len()]
    }

    #[test]
    fn no_word_can_be_taken_for_another() {
        for (at, word) in WORDS.iter().enumerate() {
            assert!((4..=9).contains(&word.len()) && word.is_ascii(), "{word}");
            for other in &WORDS[..at] {
                let (word, other) = (word.to_lowercase(), other.to_lowercase());
                assert_ne!(word[..4], other[..4]);
                assert!(distance(&word, &other) >= 3, "{word} {other}");
            }
        }
        assert!(WORDS.is_sorted());
    }

    #[test]
    fn only_the_whole_fingerprint_matches() {
        let (mine, other) = (key(1), key(2));
        let said = of(&mine);
        assert!(matches(&said, &mine) && !matches(&said, &other));
        assert!(matches(&said.to_uppercase().replace(' ', ", "), &mine));
        assert!(matches(&mine.fingerprint().to_string(), &mine));
        assert!(matches(&mine.to_string(), &mine));
        let part = said.rsplit_once(' ').unwrap().0;
        for wrong in ["", part, &format!("{said} {part}"), &mine.fingerprint().to_string()[..32]] {
            assert!(!matches(wrong, &mine), "{wrong}");
        }
    }
}
