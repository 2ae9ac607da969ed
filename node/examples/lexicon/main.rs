//! Builds `config/lexicon/nouns.fst`, the lexicon that compounds are taken apart with, from its sources.
//!
//! `cargo run -p engagement-node --example lexicon`, after a change of `config/lexicon/rules.txt`. What cannot be
//! read or written ends it with the reason, and the file stays as it was.

mod build;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config");
    let lexicon = build::build(&config)?;
    std::fs::write(config.join("lexicon/nouns.fst"), &lexicon)?;
    println!("config/lexicon/nouns.fst: {} bytes", lexicon.len());
    Ok(())
}
