//! Erased means erased: no file of a node holds a word of what was withdrawn.
//!
//! Every file is searched byte by byte, and every segment of the search index is opened to read its
//! dictionary, where the words of deleted documents stay until they are purged.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// Returns the file in which one of `words` stands, if there is one.
///
/// # Errors
///
/// What the system says.
pub fn find(directory: &Path, words: &[String]) -> io::Result<Option<String>> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            if let Some(found) = find(&path, words)? {
                return Ok(Some(found));
            }
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        // Lossy is enough: the words are ASCII.
        let text = String::from_utf8_lossy(&bytes);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(word) = words.iter().find(|word| text.contains(word.as_str())) {
            return Ok(Some(format!("{word} stands in {name}")));
        }
    }
    Ok(None)
}

/// Returns every term of every segment of a search index, deleted documents included.
///
/// # Errors
///
/// What the engine says.
pub fn terms(directory: &Path) -> tantivy::Result<BTreeSet<String>> {
    let engine = tantivy::Index::open_in_dir(directory)?;
    let mut terms = BTreeSet::new();
    for segment in engine.reader()?.searcher().segment_readers() {
        for (field, entry) in engine.schema().fields() {
            if !entry.is_indexed() || !entry.field_type().is_str() {
                continue;
            }
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().stream()?;
            while let Some((term, _)) = stream.next() {
                terms.insert(String::from_utf8_lossy(term).into_owned());
            }
        }
    }
    Ok(terms)
}
