//! Words of the lexicon and verbs that no record has as they are, but whose parts, synonyms or stems lead to some.

use levenshtein_automata::LevenshteinAutomatonBuilder;
use tantivy_fst::automaton::AlwaysMatch;

use super::near::{Near, one_off};
use super::{SIMILAR, Vocabulary, dice, trigrams};
use crate::search::analysis::{compound, lexicon, verbs};

/// Fewest letters of an element.
const ELEMENT: usize = 4;
/// Letters that a similar noun of the lexicon begins with as well: of those there are few enough to compare all.
const BEGUN: usize = 3;
/// The share of trigrams that a noun of the lexicon has in common with a word that it stands in for: it holds many more
/// words than records do.
const ALIKE_KNOWN: f32 = 0.55;
/// Most nouns of the lexicon that are tried in place of one.
pub(super) const NOUNS: usize = 24;

impl Vocabulary<'_> {
    /// The noun of the lexicon that is near enough and leads to most records, by whichever way but half of itself.
    pub(super) fn nearest_known(
        &self,
        builder: &LevenshteinAutomatonBuilder,
        begun: &str,
        typed: &str,
    ) -> std::io::Result<Option<String>> {
        let bare = lexicon::bare(typed);
        let near = Near::plain(builder.build_dfa(&bare));
        let first = bare.chars().next();
        let mut best: Option<(u64, String)> = None;
        for (noun, _) in lexicon::nouns_like(&near, &lexicon::bare(begun), NOUNS) {
            let word = respelled(typed, &bare, &noun);
            let records = self.records_of(&word)?;
            let times = if noun.chars().next() == first { 4 } else { 1 };
            let value = records * times;
            if value > 0 && best.as_ref().is_none_or(|(most, _)| value > *most) {
                best = Some((value, word));
            }
        }
        Ok(best.map(|(_, word)| word))
    }

    /// The compound that leads to most records if one of its elements is one letter off: the lexicon does not hold all.
    pub(super) fn nearest_compound(&self, typed: &str) -> std::io::Result<Option<String>> {
        let bare = lexicon::bare(typed);
        let mut best: Option<(u64, String)> = None;
        for at in (ELEMENT..=bare.len().saturating_sub(ELEMENT)).rev() {
            let Some((front, back)) = bare.split_at_checked(at) else { continue };
            let elements = if compound::is_front(front) {
                let near = Near::plain(one_off().build_dfa(back));
                let nouns = lexicon::nouns_like(&near, "", NOUNS);
                nouns.into_iter().map(|(noun, _)| format!("{front}{noun}")).collect()
            } else if lexicon::is_noun(back) {
                let near = Near::plain(one_off().build_dfa(front));
                let nouns = lexicon::nouns_like(&near, "", NOUNS);
                let fronts = nouns.into_iter().filter(|(noun, _)| compound::is_front(noun));
                fronts.map(|(noun, _)| format!("{noun}{back}")).collect()
            } else {
                Vec::new()
            };
            for word in elements {
                let word = respelled(typed, &bare, &word);
                let records = self.records_of(&word)?;
                if records > 0 && best.as_ref().is_none_or(|(most, _)| records > *most) {
                    best = Some((records, word));
                }
            }
        }
        Ok(best.map(|(_, word)| word))
    }

    /// The nouns of the lexicon that share most trigrams with a word, begin as it does and lead to a record.
    pub(super) fn similar_known(&self, typed: &str) -> std::io::Result<Vec<String>> {
        let bare = lexicon::bare(typed);
        let begun: String = bare.chars().take(BEGUN).collect();
        let asked: Vec<_> = trigrams(&bare).collect();
        let nouns = lexicon::nouns_like(AlwaysMatch, &begun, usize::MAX);
        let shares = nouns.into_iter().map(|(noun, _)| (dice(&asked, &noun), noun));
        let mut alike: Vec<(f32, String)> =
            shares.filter(|(share, _)| *share >= ALIKE_KNOWN).collect();
        alike.sort_by(|(a, one), (b, two)| b.total_cmp(a).then_with(|| one.cmp(two)));
        let mut found = Vec::new();
        for (_, noun) in alike.into_iter().take(NOUNS) {
            let word = respelled(typed, &bare, &noun);
            if found.len() < SIMILAR && self.records_of(&word)? > 0 {
                found.push(word);
            }
        }
        Ok(found)
    }

    /// The verb that a word is a form of, if it leads to a record: "gerettet" is no mistyped "geredet".
    pub(super) fn infinitive(&self, typed: &str) -> std::io::Result<Option<String>> {
        for verb in verbs::infinitives(typed) {
            if self.records_of(&verb)? > 0 {
                return Ok(Some(verb));
            }
        }
        Ok(None)
    }

    /// To how many records a word leads, by whichever way but half of itself.
    fn records_of(&self, word: &str) -> std::io::Result<u64> {
        let mut records = 0;
        for way in self.reader.query(word).iter().flat_map(|word| &word.alternatives) {
            if !way.partial {
                records = records.max(self.records_with(&way.terms)?);
            }
        }
        Ok(records)
    }
}

/// Whether a word is a compound of well-spelled words that the lexicon need not hold: `Seniorenbank` is no `Seniorenband`.
pub(super) fn is_compound(typed: &str) -> bool {
    let parts = compound::parts(typed).long;
    // Of shorter words one could make anything.
    !parts.is_empty() && parts.iter().all(|part| part.chars().count() >= ELEMENT)
}

/// Gives a bare noun the umlauts that were typed, as far as it begins and ends as what was typed does.
fn respelled(typed: &str, bare: &str, noun: &str) -> String {
    let typed: Vec<char> = typed.chars().collect();
    let (bare, noun): (Vec<char>, Vec<char>) = (bare.chars().collect(), noun.chars().collect());
    if typed.len() != bare.len() {
        return noun.into_iter().collect();
    }
    let same = bare.iter().zip(&noun).take_while(|(one, other)| one == other).count();
    let pairs = bare.iter().rev().zip(noun.iter().rev());
    let rest = bare.len().min(noun.len()) - same;
    let behind = pairs.take(rest).take_while(|(one, other)| one == other).count();
    let before = typed.iter().take(same);
    let middle = noun.iter().skip(same).take(noun.len() - same - behind);
    let spelled: String =
        before.chain(middle).chain(typed.iter().skip(typed.len() - behind)).collect();
    // No umlaut stands behind these: what was typed had none either.
    let is_odd = ["aü", "eü", "qü"].iter().any(|odd| spelled.contains(odd));
    if is_odd { noun.into_iter().collect() } else { spelled }
}

#[cfg(test)]
mod tests {
    use crate::search::spelling::tests::{found, index};

    #[test]
    fn a_word_that_stands_in_no_record_is_put_right_if_it_leads_to_one() {
        // None of these words is there: only what means the same, or their parts.
        let index = index(&["Hilfe für Geflüchtete", "Bänke für den Garten bauen, Hilfe gesucht"]);
        for (asked, row, meant) in [
            ("Flüchtlnge", 0, "Flüchtlinge"),
            ("Asylbewerbr", 0, "Asylbewerber"),
            ("Gartenbannk", 1, "Gartenbank"),
            ("Gartenhillfe", 1, "Gartenhilfe"),
            ("Gaartenhilfe", 1, "Gartenhilfe"),
        ] {
            assert_eq!(found(&index, asked), (vec![row], vec![meant.to_owned()]), "{asked}");
        }
        // It would lead nowhere.
        assert_eq!(found(&index, "Klavierlehrr"), (vec![], vec![]));
    }

    #[test]
    fn a_word_with_several_slips_is_put_right_if_no_record_has_it_and_it_is_no_compound() {
        let index =
            index(&["Räder reparieren in der Werkstatt für Fahrräder", "Hospiz", "Spitzen"]);
        let of = |asked: &str| found(&index, asked);
        assert_eq!(of("Horspitz").1, ["Hospiz"]);
        assert_eq!(of("Fahrattwerkstat").1, ["Fahrradwerkstatt"]);
        // What is well spelled is itself.
        assert_eq!(of("Hospizgarten").1, [""; 0]);
    }

    #[test]
    fn umlauts_of_what_was_typed_are_kept() {
        let table = [
            ("flüchtlnge", "fluchtlnge", "fluchtling", "flüchtling"),
            ("bücherbuss", "bucherbuss", "bucherbus", "bücherbus"),
            ("garten", "garten", "gartner", "gartner"),
            ("ää", "aa", "aaa", "ääa"),
            ("füerwehr", "fuerwehr", "feuerwehr", "feuerwehr"),
        ];
        for (typed, bare, noun, expected) in table {
            assert_eq!(super::respelled(typed, bare, noun), expected);
        }
    }

    #[test]
    fn a_participle_is_its_verb() {
        let index = index(&["Menschen retten", "Reden halten", "Basteln"]);
        assert_eq!(found(&index, "gerettet"), (vec![0], vec!["Retten".to_owned()]));
        assert_eq!(found(&index, "gebastelt").0, [2]);
    }
}
