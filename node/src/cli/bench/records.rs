//! Believable records in any number: what the examples of the demo say, and the words that tell real offers apart.
//!
//! Few words are in many texts and many words in few, as in every language: compounds are drawn from some
//! ten thousand by Zipf's law. Without them every list of records would be long, and every figure of a search wrong.

use engagement_protocol::id::Ags;
use engagement_protocol::slice::Line;
use engagement_protocol::time::{Day, Timestamp};
use serde_json::{Value, json};

use crate::cli::demo::generate::Generator;
use crate::domain::import::{Format, Options, read};
use crate::entropy::{SeededEntropy, below, record_id};

/// First parts of compounds.
const FIRST: &[&str] = &[
    "Garten",
    "Kinder",
    "Senioren",
    "Sport",
    "Musik",
    "Lese",
    "Fahrrad",
    "Wald",
    "Tier",
    "Vogel",
    "Dorf",
    "Stadt",
    "Schul",
    "Sprach",
    "Computer",
    "Film",
    "Theater",
    "Chor",
    "Orgel",
    "Museums",
    "Archiv",
    "Hospiz",
    "Pflege",
    "Besuchs",
    "Einkaufs",
    "Fahr",
    "Koch",
    "Back",
    "Näh",
    "Bastel",
    "Werk",
    "Reparatur",
    "Kleider",
    "Möbel",
    "Tafel",
    "Brot",
    "Obst",
    "Blumen",
    "Bienen",
    "Igel",
    "Katzen",
    "Hunde",
    "Pferde",
    "Schaf",
    "Amphibien",
    "Bach",
    "Fluss",
    "See",
    "Schwimm",
    "Turn",
    "Fußball",
    "Handball",
    "Tanz",
    "Wander",
    "Rad",
    "Ski",
    "Schach",
    "Feuerwehr",
    "Sanitäts",
    "Rettungs",
    "Katastrophen",
    "Blut",
    "Zeitungs",
    "Radio",
    "Podcast",
    "Foto",
    "Druck",
    "Stadtteil",
    "Nachbarschafts",
    "Flüchtlings",
    "Integrations",
    "Frauen",
    "Männer",
    "Väter",
    "Eltern",
    "Familien",
    "Jugend",
    "Ferien",
    "Zelt",
    "Kirchen",
    "Gemeinde",
    "Friedhofs",
    "Glocken",
    "Heimat",
    "Mühlen",
    "Burg",
    "Denkmal",
    "Markt",
    "Weihnachts",
    "Oster",
    "Karnevals",
    "Schützen",
    "Sommer",
    "Winter",
    "Umwelt",
    "Klima",
    "Energie",
    "Solar",
    "Wasser",
    "Boden",
    "Kräuter",
    "Spiel",
    "Märchen",
    "Bücher",
];
/// Last parts of compounds.
const LAST: &[&str] = &[
    "helfer",
    "patin",
    "gruppe",
    "begleitung",
    "dienst",
    "projekt",
    "treff",
    "café",
    "werkstatt",
    "fest",
    "aktion",
    "betreuung",
    "leitung",
    "training",
    "kurs",
    "führung",
    "pflege",
    "fahrt",
    "beratung",
    "vorstand",
    "verein",
    "haus",
    "garten",
    "platz",
    "stunde",
    "abend",
    "nachmittag",
    "woche",
    "lager",
    "börse",
    "laden",
    "ausgabe",
    "sammlung",
    "schutz",
    "wart",
    "team",
    "netz",
    "brücke",
    "stube",
    "bühne",
    "orchester",
    "ausflug",
    "turnier",
    "lauf",
    "markt",
    "schule",
    "kiste",
    "archiv",
    "chronik",
    "zeitung",
    "retter",
    "bote",
    "lotse",
    "mentor",
    "tandem",
    "partner",
    "besuch",
    "telefon",
    "sprechstunde",
    "kreis",
    "forum",
    "rat",
    "wache",
    "station",
    "küche",
    "tisch",
    "mahlzeit",
    "kasse",
    "technik",
    "anlage",
    "wiese",
    "hecke",
    "teich",
    "pfad",
    "weg",
    "karte",
    "plan",
    "tag",
    "nacht",
    "saison",
    "jahr",
    "reise",
    "bus",
    "mobil",
    "wagen",
    "rad",
    "boot",
    "halle",
    "raum",
    "zelt",
    "bude",
    "stand",
    "tombola",
    "konzert",
    "probe",
    "stimme",
    "gesang",
    "tanz",
    "spiel",
    "rätsel",
];
/// What compounds stand in.
const FRAMES: &[&str] = &[
    "Dazu gehören {a} und {b}.",
    "Auch {a} kommt manchmal vor, ebenso {b}.",
    "Unser {a} arbeitet eng mit {b} zusammen.",
    "Wer {a} mag, ist hier richtig; {b} lernen Sie bei uns.",
    "Im Mittelpunkt stehen {a}, {b} und das Gespräch miteinander.",
];

/// Makes records for one town after another.
#[derive(Debug)]
pub(super) struct Records {
    generator: Generator,
    entropy: SeededEntropy,
    today: Day,
}

/// Draws compounds: few of them often, most of them rarely.
#[derive(Debug)]
pub(super) struct Compounds<'a>(pub(super) &'a SeededEntropy);

impl Records {
    /// Begins the sequence of `seed`.
    ///
    /// # Errors
    ///
    /// If the embedded templates are damaged.
    pub(super) fn new(seed: u64, today: Day) -> anyhow::Result<Self> {
        Ok(Self {
            generator: Generator::new(seed)?,
            entropy: SeededEntropy::new(seed ^ 0xB0B),
            today,
        })
    }

    /// Returns `count` records of one town as they are published, in no order.
    ///
    /// # Errors
    ///
    /// If a record is not as the import wants it.
    pub(super) fn lines(
        &mut self,
        ags: &Ags,
        count: usize,
        now: Timestamp,
    ) -> anyhow::Result<Vec<Line>> {
        let jsonl = self.jsonl(ags, count)?;
        self.read(&jsonl, now)
    }

    /// Reads records in the import format, as the import would publish them.
    ///
    /// # Errors
    ///
    /// If one is refused.
    pub(super) fn read(&self, jsonl: &str, now: Timestamp) -> anyhow::Result<Vec<Line>> {
        let options =
            Options { source: None, default_source: "bench".to_owned(), today: self.today };
        let batch = read(jsonl.as_bytes(), Format::Jsonl, &options)?;
        let mut lines = Vec::with_capacity(batch.items.len());
        for item in &batch.items {
            let imported =
                item.outcome.as_ref().map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
            let id = record_id(&self.entropy, now);
            let until = imported.valid_until(self.today);
            lines.push(imported.finish(&id, None, until, self.today)?);
        }
        Ok(lines)
    }

    /// Returns them in the import format.
    ///
    /// # Errors
    ///
    /// If the generator makes something else than JSON.
    pub(super) fn jsonl(&mut self, ags: &Ags, count: usize) -> anyhow::Result<String> {
        let plain = self.generator.lines(ags, count);
        let mut text = String::with_capacity(plain.len() * 2);
        for line in plain.lines() {
            let mut record: Value = serde_json::from_str(line)?;
            self.enrich(&mut record);
            text.push_str(&record.to_string());
            text.push('\n');
        }
        Ok(text)
    }

    fn enrich(&self, record: &mut Value) {
        let compounds = Compounds(&self.entropy);
        let pick = |from| usize::try_from(below(&self.entropy, from)).unwrap_or(0);
        let mut description =
            record.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
        for _ in 0..=pick(9) {
            let frame = FRAMES.get(pick(5)).copied().unwrap_or("{a}");
            description.push(' ');
            description.push_str(
                &frame.replace("{a}", &compounds.draw()).replace("{b}", &compounds.draw()),
            );
        }
        let title = record.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
        // What is offered again and again under one name is the exception: one in ten.
        let title = match pick(10) {
            0 => title,
            1..4 => format!("{} gesucht", compounds.draw()),
            4..7 => format!("{title} für {}", compounds.draw()),
            _ => format!("{}: {title}", compounds.draw()),
        };
        let Some(fields) = record.as_object_mut() else { return };
        fields.insert("description".to_owned(), json!(description));
        fields.insert("title".to_owned(), json!(title.chars().take(90).collect::<String>()));
    }
}

impl Compounds<'_> {
    /// Draws one.
    pub(super) fn draw(&self) -> String {
        let rank = self.zipf(FIRST.len() * LAST.len());
        // Neighbouring ranks share no part, or one part would be in all that is frequent.
        let (first, last) =
            (rank * 37 % FIRST.len(), (rank * 61 + rank / FIRST.len()) % LAST.len());
        let part = |list: &[&'static str], at: usize| list.get(at).copied().unwrap_or_default();
        format!("{}{}", part(FIRST, first), part(LAST, last))
    }

    /// A rank below `count`, each as likely as one over it.
    fn zipf(&self, count: usize) -> usize {
        let unit =
            f64::from(u32::try_from(below(self.0, 1 << 30)).unwrap_or(0)) / f64::from(1u32 << 30);
        let most = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let rank = most.powf(unit) - 1.0;
        (0..count).nth(whole(rank)).unwrap_or(0)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is below the count of compounds")]
#[expect(clippy::cast_sign_loss, reason = "one to the power of nothing is the least")]
const fn whole(rank: f64) -> usize {
    rank as usize
}
