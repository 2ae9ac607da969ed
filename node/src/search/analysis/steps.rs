//! Steps of the analysis that an evaluation leaves out, to see what each of them is worth.
//!
//! Documents and queries have to be read alike: whoever opens an index says it once, and the index hands it to
//! whatever reads a text. Nobody but `eval-search` ever leaves anything out.

/// Steps that are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Without {
    /// Compounds are not taken apart.
    pub parts: bool,
    /// Gender spellings are read as the letters they are.
    pub gender: bool,
    /// No similar words are looked for.
    pub synonyms: bool,
}

impl Without {
    /// Leaves nothing out.
    pub const NOTHING: Self = Self { parts: false, gender: false, synonyms: false };
}
