//! Keeps the shape of the code: modules look only downwards, each outside crate has one owner.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Modules from the ground up; a module may use those on lower floors, not its neighbours.
const FLOORS: &[&[&str]] = &[
    &["clock", "entropy", "config"],
    &["domain"],
    &["store"],
    &["search", "feed", "sync"],
    &["app"],
    &["web", "api"],
    &["server", "jobs"],
    &["cli"],
];

/// Crates that belong to one module (or two that share a floor by design).
const OWNERS: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("reqwest", &["sync"]),
    ("rustls", &["sync"]),
    ("tokio_cron_scheduler", &["jobs"]),
    ("tantivy", &["search"]),
    ("tantivy_fst", &["search"]),
    ("levenshtein_automata", &["search"]),
    ("frostem", &["search"]),
    ("askama", &["web"]),
    ("i18n_embed", &["web"]),
    ("i18n_embed_fl", &["web"]),
    ("rust_embed", &["web"]),
    ("qrcodegen", &["web"]),
    ("utoipa", &["api"]),
    ("axum", &["web", "api", "server"]),
    ("hyper", &["server"]),
    ("clap", &["cli"]),
    ("toml_edit", &["config"]),
    ("csv", &["domain"]),
    ("quick_xml", &["domain"]),
    ("encoding_rs", &["domain"]),
    ("getrandom", &["entropy"]),
    ("fs4", &["config"]),
];

/// What the protocol must not know.
const NOT_IN_PROTOCOL: &[&str] = &[
    "tokio",
    "rusqlite",
    "reqwest",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "getrandom",
    "rand::",
    "SystemTime",
    "Instant",
];

#[test]
fn modules_look_only_downwards() {
    let mut broken = Vec::new();
    for (file, module, code) in sources() {
        for used in paths_after(&code, "crate::") {
            let (Some(from), Some(to)) = (floor(&module), floor(&used)) else { continue };
            if used != module && to >= from {
                broken.push(format!("{}: {module} uses {used}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_module_has_a_floor() {
    let unknown: Vec<_> = sources()
        .into_iter()
        .filter(|(_, module, _)| floor(module).is_none() && module != "lib" && module != "main")
        .map(|(file, ..)| file)
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}: add the module to FLOORS");
}

#[test]
fn every_outside_crate_has_one_owner() {
    let mut broken = Vec::new();
    for (file, module, code) in sources() {
        for (name, owners) in OWNERS {
            let named = code.lines().any(|line| names_crate(line, name));
            if named && !owners.contains(&module.as_str()) {
                broken.push(format!("{}: {name} belongs to {owners:?}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn sql_lives_in_the_store() {
    let verbs = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "PRAGMA "];
    let broken: Vec<_> = sources()
        .into_iter()
        .filter(|(_, module, code)| {
            module != "store"
                && code.lines().any(|line| verbs.iter().any(|verb| line.contains(verb)))
        })
        .map(|(file, ..)| file)
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn the_protocol_decides_and_never_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocol/src");
    let mut broken = Vec::new();
    for file in rust_files(&root) {
        let code = code_of(&file);
        for name in NOT_IN_PROTOCOL {
            if code.contains(name) {
                broken.push(format!("{}: {name}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn nothing_needs_files_outside_the_project() {
    let up_and_out = format!("..{}shared", '/');
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut broken = Vec::new();
    for part in ["node/src", "protocol/src", "federation-tests/src", "federation-tests/tests"] {
        for file in rust_files(&root.join(part)) {
            if std::fs::read_to_string(&file).unwrap().contains(&up_and_out) {
                broken.push(file);
            }
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}

/// Every source file of this crate: path, module, code without comments and tests.
fn sources() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    assert!(files.len() > 30, "the sources are read from the right place");
    files
        .into_iter()
        .map(|file| {
            let first = file.strip_prefix(&root).unwrap().components().next().unwrap();
            let module = Path::new(first.as_os_str()).file_stem().unwrap().to_string_lossy();
            let code = code_of(&file);
            (file.clone(), module.into_owned(), code)
        })
        .collect()
}

fn code_of(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return found;
    }
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn paths_after(code: &str, prefix: &str) -> Vec<String> {
    code.match_indices(prefix)
        .map(|(at, _)| {
            code[at + prefix.len()..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

fn names_crate(line: &str, name: &str) -> bool {
    let path = format!("{name}::");
    line.match_indices(&path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        // `crate::search::…` is a module of ours, `tantivy::…` the crate.
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
    })
}

fn floor(module: &str) -> Option<usize> {
    let floors: BTreeMap<_, _> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, modules)| modules.iter().map(move |module| (*module, floor)))
        .collect();
    floors.get(module).copied()
}
