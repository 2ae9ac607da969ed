//! Folds letters: case, accents and marks, so that one word has one spelling.
//!
//! Umlauts stay: the stemmer needs them, knows `ae` and `ss` for them, and takes them off at the end.
//! No table of Unicode normalisation is needed for the languages that people here write names in.

/// Longest word that is told apart from others, in characters; what is longer is cut.
const WORD_CHARS: usize = 64;

/// Returns the word in lower case, without accents other than the umlaut.
#[must_use]
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    let mut chars = 0;
    for c in word.chars().flat_map(char::to_lowercase) {
        if c == DIAERESIS {
            umlaut(&mut folded);
        } else if !is_silent(c) {
            if chars == WORD_CHARS {
                break;
            }
            folded.push(bare(c));
            chars += 1;
        }
    }
    folded
}

/// Returns a folded word with one spelling for its umlauts and sharp s: `muell` is `müll`, `straße` `strasse`.
///
/// As the stemmer reads them: `ue` behind a vowel or `q` is none (`steuer`, `quelle`).
#[must_use]
pub fn umlauts(folded: &str) -> String {
    let mut spelled = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c == 'ß' {
            spelled.push_str("ss");
            continue;
        }
        let mut before = spelled.chars().rev();
        let (last, vowel) = (before.next(), before.next().is_some_and(is_before_no_umlaut));
        let whole = match (last, c) {
            (Some('a'), 'e') if !vowel => 'ä',
            (Some('o'), 'e') if !vowel => 'ö',
            (Some('u'), 'e') if !vowel => 'ü',
            _ => {
                spelled.push(c);
                continue;
            }
        };
        spelled.pop();
        spelled.push(whole);
    }
    spelled
}

/// Returns the letter without its umlaut.
#[must_use]
pub const fn plain(c: char) -> char {
    match c {
        'ä' => 'a',
        'ö' => 'o',
        'ü' => 'u',
        c => c,
    }
}

/// Behind these letters `ae`, `oe` and `ue` are two sounds.
const fn is_before_no_umlaut(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'q' | 'y' | 'ä' | 'ö' | 'ü')
}

/// Returns whether the character belongs to a word without being heard: marks, soft hyphen, apostrophes.
#[must_use]
pub const fn is_silent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{00ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\'' | '’' | 'ʼ')
}

const DIAERESIS: char = '\u{0308}';

/// Reads `a` and a diaeresis on it as `ä`: files from a Mac write it so.
fn umlaut(folded: &mut String) {
    let whole = match folded.chars().next_back() {
        Some('a') => 'ä',
        Some('o') => 'ö',
        Some('u') => 'ü',
        _ => return,
    };
    folded.pop();
    folded.push(whole);
}

const fn bare(c: char) -> char {
    match c {
        'à'..='ã' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'æ' => 'ä',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='õ' | 'ø' | 'ō' | 'ŏ' | 'ő' => 'o',
        'œ' => 'ö',
        'ŕ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ț' => 't',
        'ù'..='û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_accents_and_marks() {
        let table = [
            ("MÜLL", "müll"),
            ("Mu\u{308}ll", "müll"),
            ("STRAẞE", "straße"),
            ("Café", "cafe"),
            ("Cafe\u{301}", "cafe"),
            ("Şükrü", "sükrü"),
            ("İzmir", "izmir"),
            ("Łódź", "lodz"),
            ("Nachbar\u{ad}schaft", "nachbarschaft"),
            ("geht’s", "gehts"),
            ("U18", "u18"),
            ("Україна", "україна"),
        ];
        for (written, folded) in table {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn an_umlaut_has_one_spelling() {
        let table = [
            ("muell", "müll"),
            ("müll", "müll"),
            ("strasse", "strasse"),
            ("straße", "strasse"),
            ("aerzte", "ärzte"),
            ("steuer", "steuer"),
            ("quelle", "quelle"),
            ("bauer", "bauer"),
            ("treue", "treue"),
        ];
        for (written, spelled) in table {
            assert_eq!(umlauts(written), spelled, "{written}");
            assert_eq!(umlauts(spelled), spelled, "{written}");
        }
    }

    #[test]
    fn cuts_what_is_no_word() {
        assert_eq!(fold(&"Ä".repeat(500)).chars().count(), WORD_CHARS);
    }
}
