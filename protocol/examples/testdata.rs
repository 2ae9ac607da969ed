//! Writes `protocol/testdata` again from fixed seeds: `cargo run -p engagement-protocol --example testdata`.
//!
//! The folder is emptied first, so a renamed case leaves nothing behind. The test program compares the
//! folder with the same generator, so what is committed is what this writes.

#![expect(clippy::unwrap_used, reason = "a generator that cannot write has nothing better to do")]
#![expect(clippy::indexing_slicing, reason = "its inputs are its own")]

use std::path::Path;

#[path = "../tests/it/corpus.rs"]
mod corpus;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    if root.exists() {
        std::fs::remove_dir_all(&root).unwrap();
    }
    for (path, bytes) in corpus::build() {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
