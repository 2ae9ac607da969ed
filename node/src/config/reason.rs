//! What the TOML parser says, in German: operators read it at the moment the node does not start.
//!
//! The parser's sentences are no interface. One that is not known here is passed on as it is, marked as the
//! parser's own, so that an update of the parser makes a sentence English and never wrong.

use engagement_protocol::text::TextError;

/// How the sentences of the protocol's own types begin, which speak English to programmers.
const OURS: [(&str, &str); 7] = [
    (
        "not an official key",
        "Das ist kein amtlicher Schlüssel (AGS): 2, 3, 5 oder 8 Ziffern, zum Beispiel 05558012.",
    ),
    (
        "not a carrier",
        "Der Name des Trägers hinter dem Punkt besteht aus höchstens 32 kleinen Buchstaben, Ziffern und Bindestrichen.",
    ),
    (
        "not a verifier key",
        "Das ist kein öffentlicher Schlüssel; er sieht aus, wie `init` ihn ausgibt: Kennung+8 Zeichen+Text.",
    ),
    (
        "the key's name is not a node id",
        "Der öffentliche Schlüssel beginnt nicht mit der Kennung eines Knotens (zum Beispiel 05558012).",
    ),
    ("the key is not a usable", "Dieser öffentliche Schlüssel ist unbrauchbar."),
    (
        "the key id does not fit",
        "Im öffentlichen Schlüssel fehlt ein Zeichen, oder eines ist vertippt. Kopieren Sie ihn noch einmal.",
    ),
    ("invalid socket address", "Hier gehören Adresse und Port hin, zum Beispiel 127.0.0.1:8001."),
];

/// Returns what is wrong and what to do about it.
pub(super) fn german(message: &str) -> (String, String) {
    let first = message.lines().next().unwrap_or_default().trim();
    let quoted: Vec<&str> = first.split('`').skip(1).step_by(2).collect();
    let (name, others) = quoted.split_first().map_or(("", &[][..]), |(name, rest)| (*name, rest));
    if first.starts_with("unknown field") {
        let hint = if others.is_empty() {
            "Alle Optionen erklärt node.example.toml.".to_owned()
        } else {
            format!("Möglich sind hier: {}. Alle erklärt node.example.toml.", others.join(", "))
        };
        return (format!("Die Option `{name}` gibt es hier nicht."), hint);
    }
    if first.starts_with("missing field") {
        let hint = "node.example.toml zeigt, wie sie aussieht.".to_owned();
        return (format!("Die Option `{name}` fehlt."), hint);
    }
    if first.starts_with("unknown variant") {
        let hint = format!("Möglich sind: {}.", others.join(", "));
        return (format!("Den Wert `{name}` gibt es nicht."), hint);
    }
    let hint = "Texte stehen in \"Anführungszeichen\", Listen in [eckigen Klammern]; node.example.toml zeigt Beispiele.";
    let typed =
        ["invalid type: ", "invalid value: "].iter().find_map(|lead| first.strip_prefix(lead));
    if let Some((found, expected)) = typed.and_then(|rest| rest.split_once(", expected ")) {
        let said = format!("Hier steht {}, erwartet wird {}.", kind(found), kind(expected));
        return (said, hint.to_owned());
    }
    if first.starts_with("duplicate key") {
        let hint = "Löschen Sie eine der beiden Stellen.".to_owned();
        return ("Diese Option steht zweimal da.".to_owned(), hint);
    }
    if let Some((_, said)) = OURS.iter().find(|(lead, _)| first.starts_with(lead)) {
        return ((*said).to_owned(), "node.example.toml zeigt Beispiele.".to_owned());
    }
    let syntax = [
        "string values must be quoted",
        "invalid string",
        "invalid basic string",
        "invalid array",
        "unclosed",
        "extra",
        "missing",
        "unexpected",
        "expected",
        "key with no value",
        "invalid key",
        "invalid table header",
        "invalid",
    ];
    let said = if syntax.iter().any(|lead| first.starts_with(lead)) {
        format!("Die Zeile ist so nicht lesbar (das Leseprogramm meldet: {first}).")
    } else {
        first.to_owned()
    };
    (said, hint.to_owned())
}

/// Says what is wrong with a text that people are to read.
pub(super) fn text(error: &TextError) -> String {
    match error {
        TextError::Empty => "hier fehlt der Text".to_owned(),
        TextError::TooLong { chars, limit } => {
            format!("der Text hat {chars} Zeichen, höchstens {limit} sind möglich")
        }
        TextError::Character(code) => {
            format!(
                "das Zeichen U+{code:04X} ist nicht erlaubt: Es bricht die Zeile, ist unsichtbar oder kehrt Text um"
            )
        }
        TextError::Combining => "auf einem Buchstaben stehen zu viele Zeichen".to_owned(),
    }
}

/// Names a kind of value; the value itself stands behind it in the parser's words and is left out.
fn kind(words: &str) -> &str {
    let known = [
        ("integer", "eine ganze Zahl"),
        ("floating point", "eine Kommazahl"),
        ("boolean", "true oder false"),
        ("a boolean", "true oder false"),
        ("string", "ein Text"),
        ("a string", "ein Text"),
        ("a borrowed string", "ein Text"),
        ("sequence", "eine Liste"),
        ("a sequence", "eine Liste"),
        ("map", "ein Abschnitt"),
        ("table", "ein Abschnitt"),
        ("struct", "ein Abschnitt"),
        ("datetime", "ein Datum"),
        ("u64", "eine ganze Zahl ab 0"),
        ("u32", "eine ganze Zahl ab 0"),
        ("usize", "eine ganze Zahl ab 0"),
        ("socket address", "Adresse und Port wie 127.0.0.1:8001"),
    ];
    let found = known.iter().find(|(name, _)| {
        words.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    found.map_or(words, |(_, german)| german)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    /// The sentences come from the parser in use: an update that words them differently is seen here.
    #[test]
    fn mistakes_are_explained_in_german() {
        let minimal = "id = \"05558012\"\nname = \"Stadt\"\nlisten = \"127.0.0.1:1\"\n";
        for (text, said, hint) in [
            (
                "lisen = 1\n",
                "Die Option `lisen` gibt es hier nicht.",
                "Möglich sind hier: id, name",
            ),
            ("log = \"laut\"\n", "Den Wert `laut` gibt es nicht.", "Möglich sind: error, warn"),
            (
                "contact = 7\n",
                "Hier steht eine ganze Zahl, erwartet wird ein Text.",
                "Anführungszeichen",
            ),
            (
                "blocks = \"05\"\n",
                "Hier steht ein Text, erwartet wird eine Liste.",
                "eckigen Klammern",
            ),
            (
                "[sync]\nrelay = 1\n",
                "Hier steht eine ganze Zahl, erwartet wird true oder false.",
                "",
            ),
            ("[sync]\ninterval_s = -1\n", "erwartet wird eine ganze Zahl ab 0.", ""),
            ("name = \"x\"\n", "Diese Option steht zweimal da.", "Löschen"),
            ("contact = x@y.de\n", "nicht lesbar", "Anführungszeichen"),
            ("contact = \"x\n", "nicht lesbar", "Anführungszeichen"),
            ("[sync\n", "nicht lesbar", ""),
            ("contact\n", "nicht lesbar", ""),
        ] {
            let error = Config::parse(&format!("{minimal}{text}"), "node.toml").unwrap_err();
            let error = error.to_string();
            assert!(error.contains(said) && error.contains(hint), "{text:?}: {error}");
            assert!(error.starts_with("node.toml, Zeile "), "{error}");
        }
        let error = Config::parse("id = \"05\"\nname = \"L\"\n", "node.toml").unwrap_err();
        assert!(error.to_string().contains("Die Option `listen` fehlt."), "{error}");
        let key = "05558016+00000000+AAAA";
        for (text, said) in [
            ("id = \"5\"\n", "kein amtlicher Schlüssel"),
            ("id = \"05.Groß\"\n", "kleinen Buchstaben"),
            ("id = \"05\"\nname = \"L\"\nlisten = \"x\"\n", "127.0.0.1:8001"),
            (&format!("[[peers]]\nid = \"05\"\nkey = {key:?}\n"), "öffentliche"),
            ("[[peers]]\nid = \"05\"\nkey = \"x\"\n", "kein öffentlicher Schlüssel"),
        ] {
            let error = Config::parse(text, "node.toml").unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
