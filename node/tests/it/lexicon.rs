//! The lexicon that is compiled in is the one that its sources give.

#[path = "../../examples/lexicon/build.rs"]
mod build;

use std::path::Path;

use engagement_node::search::analysis::lexicon;

#[test]
fn the_lexicon_is_what_its_sources_say() {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config");
    let built = build::build(&config).unwrap();
    assert!(
        built == lexicon::bytes(),
        "cargo run -p engagement-node --example lexicon, and commit config/lexicon/nouns.fst"
    );
    assert!(built.len() < 1_500_000, "{} bytes", built.len());
    assert!(lexicon::words() > 150_000, "{}", lexicon::words());
}
