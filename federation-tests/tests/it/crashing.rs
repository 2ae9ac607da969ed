//! Power failures and full disks: what was acknowledged is there, nothing is there by halves, and the
//! node goes on as if nothing had happened.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use engagement_federation_tests::http;
use engagement_federation_tests::process::{Home, run, wait_until};
use engagement_node::cli::demo::generate::Generator;
use engagement_node::entropy::{SeededEntropy, below};
use reqwest::Method;

use crate::commands::file;

/// Kills of each kind.
const KILLS: u64 = 20;
/// Records of one import, which are there all or not at all.
const BATCH: usize = 80;
/// Records of the feed that a follower is killed over.
const FEED: usize = 3_000;
/// Records that do not fit on a small disk.
const BIG: usize = 4_000;

fn assert_proved(home: &Home) {
    let done = home.run(&["check"]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
}

/// Live records by the source they came from.
fn by_source(home: &Home) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in home.list().iter().filter(|row| row["status"] == "live") {
        *counts.entry(row["source"]["system"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn an_import_that_was_acknowledged_survives_every_kill_and_none_is_there_by_halves() {
    let random = SeededEntropy::new(1);
    let home = Home::init("05558012");
    let mut server = Some(home.serve());
    let mut acknowledged = Vec::new();
    // How much one import writes, measured by the first.
    let before = home.bytes();
    let first = file(&home, "s0", BATCH);
    let _printed = home.expect(&["import", &first, "--source", "s0"]);
    let written = home.bytes() - before;
    acknowledged.push("s0".to_owned());
    let mut cut = 0;
    for kill in 1..=KILLS {
        let source = format!("s{kill}");
        let import = file(&home, &source, BATCH);
        let base = home.bytes();
        let enough = base + below(&random, written * 3 / 2);
        let mut importing = home
            .command(&["import", &import, "--source", &source])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The import itself, the node that publishes for it, or both at once.
        let (kills_import, kills_server) = (kill % 3 != 0, kill % 3 != 1);
        // Every fourth is waited for: what it acknowledged has to survive the kill right behind it.
        let spared = kill % 4 == 0;
        let mut done = None;
        wait_until("the import has written enough or ended", || {
            done = importing.try_wait().unwrap();
            done.is_some() || (!spared && home.bytes() >= enough)
        });
        if kills_server && let Some(server) = server.take() {
            server.kill();
        }
        if kills_import && done.is_none() {
            importing.kill().unwrap();
        }
        let status = importing.wait().unwrap();
        cut += u64::from(!status.success());
        if status.success() {
            acknowledged.push(source);
        }
        assert_proved(&home);
        if server.is_none() {
            server = Some(home.serve());
        }
        let counts = by_source(&home);
        for source in &acknowledged {
            assert_eq!(counts.get(source), Some(&BATCH), "kill {kill}: {source} was acknowledged");
        }
        assert!(counts.values().all(|count| *count == BATCH), "kill {kill}: {counts:?}");
        // Whatever command runs next, though it changes nothing, publishes what was only written.
        let again = home.json(&["import", &first, "--source", "s0", "--json"]);
        assert_eq!(again["unchanged"], BATCH);
        let total = counts.values().sum::<usize>();
        wait_until("all is published and searchable", || found(&home) == total);
        assert_eq!(home.status()["pending"], 0, "kill {kill}");
        assert_proved(&home);
    }
    assert!(cut >= KILLS / 4, "{cut} imports were cut off");
    let spared = usize::try_from(KILLS / 4).unwrap();
    assert!(acknowledged.len() > spared, "those that were waited for were acknowledged");
}

#[test]
fn a_follower_killed_at_any_moment_holds_all_of_a_feed_or_nothing() {
    let random = SeededEntropy::new(2);
    let origin = Home::init("05558012");
    let lines = Generator::new(7).unwrap().lines(&"05558".parse().unwrap(), FEED);
    let path = origin.path().join("feed.jsonl");
    fs::write(&path, lines).unwrap();
    let _printed = origin.run(&["import", &path.display().to_string()]);
    let feed = origin.status()["live"].as_u64().unwrap();
    assert!(feed > 2_900, "{feed} records are published");
    let serving = origin.serve();
    // How much a whole transfer writes, measured by one that is left alone.
    let whole = Home::init("05558016");
    whole.follow(&origin, &serving.url);
    let before = whole.bytes();
    let server = whole.serve();
    wait_until("the whole feed is searchable", || holds(&whole) == Some(feed));
    let written = whole.bytes() - before;
    assert_eq!(server.terminate(), Some(0));
    let (mut nothing, mut everything) = (0, 0);
    let mut home = Home::init("05558016");
    home.follow(&origin, &serving.url);
    for kill in 0..KILLS {
        let mut server = home.serve();
        let enough = home.bytes() + below(&random, written);
        wait_until("the follower has written enough", || {
            home.bytes() >= enough || server.has_said("applied")
        });
        server.kill();
        assert_proved(&home);
        let status = home.status();
        let peer = &status["peers"][0];
        match (peer["seq"].is_null(), peer["live"].as_u64().unwrap()) {
            (true, 0) => nothing += 1,
            (false, live) if live == feed => everything += 1,
            half => panic!("kill {kill}: {half:?} of {feed}"),
        }
        // Once it is whole, or after a few kills on one directory, it is left alone; then it begins anew.
        if kill % 4 == 3 || !peer["seq"].is_null() {
            let server = home.serve();
            wait_until("the follower converges", || holds(&home) == Some(feed));
            assert_eq!(server.terminate(), Some(0));
            assert_proved(&home);
            home = Home::init("05558016");
            home.follow(&origin, &serving.url);
        }
    }
    assert!(nothing > 0, "some kills came before the copy was whole, {everything} after");
    assert_eq!(serving.terminate(), Some(0));
}

/// What a search on `home` finds, once its one peer is complete.
fn holds(home: &Home) -> Option<u64> {
    let found = home.json(&["search", "", "--limit", "0", "--json"]);
    (found["coverage"]["complete"] == 2).then(|| found["total"].as_u64()).flatten()
}

/// How many imported records a search on `home` finds.
fn found(home: &Home) -> usize {
    let found = home.json(&["search", "vorlesen", "--limit", "0", "--json"]);
    usize::try_from(found["total"].as_u64().unwrap()).unwrap()
}

/// A file system of a few megabytes; unmounted when dropped.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    /// Mounts one, where that is allowed.
    fn mount(at: &Path, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "engagement-test"]).arg(at);
        (run(&mut mount).code == Some(0)).then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _unmounted = run(Command::new("umount").arg("--lazy").arg(&self.0));
    }
}

/// Imports more than fits, in the way `sh` is told to limit it; then proves that all of it or nothing is
/// there, that a sentence says what to do, and that everything goes on when there is room.
///
/// Returns whether the import was stored.
fn fill(home: &Home, limit: &str, make_room: impl FnOnce()) -> bool {
    let _printed = home.expect(&["import", &file(home, "klein", 20), "--source", "klein"]);
    let elsewhere = Home::init("05558016");
    let big = file(&elsewhere, "gross", BIG);
    // The signal would end the program; ignored, the write fails as on a full disk.
    let script = format!("trap '' XFSZ; {limit} exec \"$@\"");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, "sh"]);
    let import = home.command(&["import", &big, "--source", "gross"]);
    shell.arg(import.get_program()).args(import.get_args());
    let done = run(&mut shell);
    let said = done.err.rsplit_once("Fehler: ").map_or(done.err.as_str(), |(_log, said)| said);
    make_room();
    assert_proved(home);
    let counts = by_source(home);
    assert_eq!(counts.get("klein"), Some(&20), "{limit}");
    let stored = counts.get("gross").copied();
    assert!(stored.is_none() || stored == Some(BIG), "{limit}: {stored:?}");
    let whole = done.code == Some(0) && stored.is_some();
    assert!(whole || said.contains("Datenträger"), "{limit}: {:?} {}", done.code, done.err);
    let _printed = home.expect(&["import", &big, "--source", "gross"]);
    assert_eq!((home.status()["live"].as_u64(), found(home)), (Some(4_020), 4_020), "{limit}");
    assert_proved(home);
    stored.is_some()
}

#[test]
fn files_that_may_not_grow_lose_nothing() {
    // In blocks of 512 bytes: the import itself fails, its publication, or the search index.
    let limits = [500, 2_000, 4_000, 6_000, 8_000, 12_000];
    let stored =
        limits.map(|blocks| fill(&Home::init("05558012"), &format!("ulimit -f {blocks};"), || {}));
    assert!(stored.contains(&false) && stored.contains(&true), "{stored:?}");
}

#[tokio::test]
async fn a_node_on_a_full_disk_is_not_ready_until_there_is_room() {
    let files = tempfile::tempdir().unwrap();
    let disk = SmallDisk::mount(files.path(), "24m");
    let home = Home::init_in(files, "05558012");
    let server = home.serve();
    let ready = async || {
        let url = format!("{}/readyz", server.url);
        http::ask(&http::client(), Method::GET, &url, &[], Vec::new()).await.unwrap().status
    };
    assert_eq!(ready().await, 200);
    if disk.is_some() {
        let filler = home.path().join("fill");
        let mut file = std::fs::File::create(&filler).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
        assert_eq!(ready().await, 503);
        drop(file);
        std::fs::remove_file(filler).unwrap();
        assert_eq!(ready().await, 200);
    }
    assert_eq!(server.terminate(), Some(0));
    drop(disk);
}

#[test]
fn a_full_disk_loses_nothing() {
    let stored = ["3m", "12m", "20m"].map(|size| {
        let files = tempfile::tempdir().unwrap();
        let Some(disk) = SmallDisk::mount(files.path(), size) else {
            // Without the right to mount, the same proof with a limit on files.
            return fill(&Home::init("05558012"), "ulimit -f 2000;", || {});
        };
        let home = Home::init_in(files, "05558012");
        let stored = fill(&home, "", || {
            let grow = ["-o", "remount,size=256m"];
            assert_eq!(run(Command::new("mount").args(grow).arg(home.path())).code, Some(0));
        });
        drop(disk);
        stored
    });
    assert!(stored.contains(&false), "{stored:?}");
}
