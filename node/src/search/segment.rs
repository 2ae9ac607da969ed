//! One segment of the index, with what a search reads of it at hand.

use std::sync::Arc;

use engagement_protocol::planted::{self, Bug};
use tantivy::fastfield::AliveBitSet;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::{DocId, InvertedIndexReader, SegmentReader, TantivyError};

use super::bits::Bits;
use super::columns::{Columns, Gate};
use super::facets::Translation;
use super::schema;

/// A segment in one state of the index.
#[derive(Clone)]
pub(super) struct Segment {
    /// Which one.
    pub(super) id: SegmentId,
    /// The lists of records by word.
    pub(super) words: Arc<InvertedIndexReader>,
    /// How many words each record has.
    pub(super) lengths: FieldNormReader,
    /// What records are filtered, counted and ranked by.
    pub(super) columns: Arc<Columns>,
    /// Which records were not removed; none if all are there.
    alive: Option<AliveBitSet>,
    records: u32,
}

impl Segment {
    /// Opens a segment, taking over what was unpacked of it `before`.
    pub(super) fn open(
        reader: &SegmentReader,
        before: &[Self],
        codes: Option<&Translation>,
    ) -> tantivy::Result<Self> {
        let id = reader.segment_id();
        let columns = match before.iter().find(|segment| segment.id == id) {
            Some(segment) => Arc::clone(&segment.columns),
            None => Arc::new(Columns::read(reader, codes)?),
        };
        let words = schema::words_in(reader.schema());
        let words =
            words.ok_or_else(|| TantivyError::SchemaError("there are no words".to_owned()))?;
        Ok(Self {
            id,
            words: reader.inverted_index(words)?,
            lengths: reader.get_fieldnorms_reader(words)?,
            columns,
            alive: reader.alive_bitset().cloned(),
            records: reader.max_doc(),
        })
    }

    /// Returns how many records it holds, removed ones too.
    pub(super) const fn records(&self) -> u32 {
        self.records
    }

    /// Returns whether a record was not removed.
    #[inline]
    pub(super) fn is_alive(&self, doc: DocId) -> bool {
        self.alive.as_ref().is_none_or(|alive| alive.is_alive(doc))
    }

    /// Returns the records that were not removed and are shown on a day, counted since 1970.
    pub(super) fn shown(&self, day: u32) -> Bits {
        let is_shown = |gate: &Gate| gate.end > day || planted::has(Bug::Expired);
        let gates = (0..).zip(self.columns.gates());
        Bits::of(gates.map(|(doc, gate)| is_shown(gate) && self.is_alive(doc)))
    }
}
