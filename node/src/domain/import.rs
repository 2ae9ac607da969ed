//! stub
#![allow(missing_docs, reason = "stub")]
pub mod plan;
use engagement_protocol::{hash::Hash, id::RecordId, opportunity::*, slice::Line, time::Day};
#[derive(Debug, Clone, Copy)]
pub enum Format {
    Jsonl,
    Csv,
    Freinet,
}
impl std::str::FromStr for Format {
    type Err = String;
    fn from_str(_: &str) -> Result<Self, String> {
        Ok(Self::Jsonl)
    }
}
impl Format {
    pub fn guess(_: &str, _: &[u8]) -> Self {
        Self::Jsonl
    }
}
pub struct Options {
    pub source: Option<String>,
    pub default_source: String,
    pub today: Day,
}
#[derive(Debug, thiserror::Error)]
#[error("stub")]
pub struct ImportError;
pub struct Batch {
    pub items: Vec<Item>,
}
pub struct Item {
    pub line: usize,
    pub outcome: Result<Imported, Refusal>,
}
#[derive(Clone)]
pub struct Refusal {
    pub title: Option<String>,
    pub source: Option<Source>,
    pub reason: String,
}
pub struct Imported {
    pub source: Source,
    pub organisation_key: Option<String>,
    pub input: Hash,
    pub own_id: Option<RecordId>,
    pub end: Option<Day>,
    pub defaults: Vec<&'static str>,
    pub warnings: Vec<String>,
    v: serde_json::Value,
}
impl Imported {
    pub fn finish(
        &self,
        id: &RecordId,
        _o: Option<&RecordId>,
        until: Day,
        today: Day,
    ) -> Result<Line, RecordError> {
        let mut v = self.v.clone();
        let o = v.as_object_mut().expect("o");
        o.insert("id".into(), id.as_str().into());
        o.insert("valid_until".into(), until.to_string().into());
        o.insert("verified_at".into(), today.to_string().into());
        o.entry("status").or_insert("live".into());
        o.entry("direction").or_insert("seek".into());
        let r: Opportunity =
            serde_json::from_value(v).map_err(|e| RecordError::Field(e.to_string()))?;
        r.to_line()
    }
}
pub fn read(b: &[u8], _: Format, _: &Options) -> Result<Batch, ImportError> {
    Ok(Batch {
        items: String::from_utf8_lossy(b)
            .lines()
            .enumerate()
            .map(|(i, l)| {
                let v: serde_json::Value = serde_json::from_str(l).expect("json");
                Item {
                    line: i + 1,
                    outcome: Ok(Imported {
                        source: serde_json::from_value(v["source"].clone()).unwrap_or(Source {
                            system: "x".into(),
                            id: Hash::of(l.as_bytes()).to_string(),
                        }),
                        organisation_key: v["organisation"]["name"].as_str().map(str::to_owned),
                        input: Hash::of(l.as_bytes()),
                        own_id: None,
                        end: None,
                        defaults: vec![],
                        warnings: vec![],
                        v,
                    }),
                }
            })
            .collect(),
    })
}
