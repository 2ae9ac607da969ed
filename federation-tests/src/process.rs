//! The real program, as an operator runs it: commands, a server that prints lines, and `kill -9`.
//!
//! Nothing here sleeps. What is waited for is a line, the end of a process, or a file that has grown; each
//! wait ends with an error after [`PATIENCE`], so that a program that hangs fails a test.

use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use engagement_node::clock::{Clock as _, SystemClock};
use tempfile::TempDir;

/// How long a test waits for an event before it fails.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The directory of a node that is used through commands alone.
#[derive(Debug)]
pub struct Home {
    files: TempDir,
    /// The verifier key that `init` printed.
    pub key: String,
    /// The node's id.
    pub id: String,
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The exit code; nothing if a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained about.
    pub err: String,
}

/// A node that runs as a process of its own; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it answers.
    pub url: String,
    lines: Receiver<String>,
    seen: Vec<String>,
}

/// Returns the program, which is built beside the tests.
#[must_use]
pub fn program() -> PathBuf {
    let tests = std::env::current_exe().expect("a test has a path");
    let built = tests.parent().and_then(Path::parent).expect("tests lie in target/PROFILE/deps");
    let program = built.join("engagement-node");
    assert!(
        program.is_file(),
        "{} is missing: run `cargo build -p engagement-node` first",
        program.display()
    );
    program
}

/// Runs a command to its end.
#[must_use]
pub fn run(command: &mut Command) -> Done {
    let output = command.stdin(Stdio::null()).output().expect("the command starts");
    Done {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Calls `happened` until it says yes, or fails after [`PATIENCE`].
pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let clock = SystemClock::new();
    while !happened() {
        assert!(clock.monotonic() < PATIENCE, "waited in vain until {what}");
        std::thread::yield_now();
    }
}

impl Home {
    /// Runs `init` for a node on any free port.
    #[must_use]
    pub fn init(id: &str) -> Self {
        Self::init_in(tempfile::tempdir().expect("a directory for the node"), id)
    }

    /// Runs `init` in this directory.
    #[must_use]
    pub fn init_in(files: TempDir, id: &str) -> Self {
        let mut home = Self { files, key: String::new(), id: id.to_owned() };
        let name = format!("Stadt {id}");
        let done = home.run(&[
            "init",
            "--id",
            id,
            "--name",
            &name,
            "--listen",
            "127.0.0.1:0",
            "--allow-loopback",
        ]);
        assert_eq!(done.code, Some(0), "{}", done.err);
        done.out.lines().last().expect("the key is the last line").clone_into(&mut home.key);
        home
    }

    /// Returns where its files lie.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.files.path()
    }

    /// Returns a command on this node that has not been started.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).arg("--dir").arg(self.path());
        command
    }

    /// Runs a command on this node.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Done {
        run(&mut self.command(arguments))
    }

    /// Runs a command that must succeed; returns what it printed.
    #[must_use]
    pub fn expect(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.code, Some(0), "{arguments:?}: {}{}", done.out, done.err);
        done.out
    }

    /// Runs a command that must succeed and prints JSON.
    #[must_use]
    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let out = self.expect(arguments);
        serde_json::from_str(&out).expect("the command prints JSON")
    }

    /// Returns `status --json`, whether or not somebody has to look at something.
    #[must_use]
    pub fn status(&self) -> serde_json::Value {
        let done = self.run(&["status", "--json"]);
        serde_json::from_str(&done.out).unwrap_or_else(|_| unreachable!("{}", done.err))
    }

    /// Returns the rows of `list --json`.
    #[must_use]
    pub fn list(&self) -> Vec<serde_json::Value> {
        let out = self.expect(&["list", "--json"]);
        serde_json::from_str(&out).expect("the list is JSON")
    }

    /// Follows another node, at this address.
    pub fn follow(&self, other: &Self, url: &str) {
        let added = self.run(&["peers", "add", url, "--id", &other.id, "--key", &other.key]);
        assert_eq!(added.code, Some(0), "{}{}", added.out, added.err);
    }

    /// Starts the node and waits until it answers.
    #[must_use]
    pub fn serve(&self) -> Server {
        Server::start(&mut self.command(&["serve"]))
    }

    /// Returns how many bytes of database and index lie on the disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        bytes(self.path())
    }
}

impl Server {
    /// Starts a process that serves, and waits for its address.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the node starts");
        let (sender, lines) = mpsc::channel();
        pass_lines(child.stdout.take().expect("it is piped"), sender.clone());
        pass_lines(child.stderr.take().expect("it is piped"), sender);
        let mut server = Self { child, url: String::new(), lines, seen: Vec::new() };
        let line = server.wait_for("listening on http://");
        let url = line.rsplit(' ').next().expect("the address is the last word");
        url.clone_into(&mut server.url);
        server
    }

    /// Waits for a line that holds `text`, and returns it.
    pub fn wait_for(&mut self, text: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if line.contains(text) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout) => unreachable!("no {text:?} in {:#?}", self.seen),
                Err(RecvTimeoutError::Disconnected) => {
                    unreachable!("the node ended without {text:?}: {:#?}", self.seen)
                }
            }
        }
    }

    /// Returns whether a line that has come by now holds `text`.
    pub fn has_said(&mut self, text: &str) -> bool {
        self.seen.extend(self.lines.try_iter());
        self.seen.iter().any(|line| line.contains(text))
    }

    /// Ends it as an operator does; returns everything that it has said until it was gone.
    #[must_use]
    pub fn end(mut self) -> Vec<String> {
        let code = self.stop();
        assert_eq!(code, Some(0), "{:#?}", self.seen);
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.seen.push(line);
        }
        std::mem::take(&mut self.seen)
    }

    /// Returns a setting that the program runs under, as the system knows it.
    #[must_use]
    pub fn environment(&self, name: &str) -> Option<String> {
        let all = std::fs::read_to_string(format!("/proc/{}/environ", self.child.id())).ok()?;
        let found = all.split('\0').find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        found.map(str::to_owned)
    }

    /// Ends it as an operator does; returns its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        self.stop()
    }

    fn stop(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let sent = run(Command::new("kill").args(["-TERM", &pid]));
        assert_eq!(sent.code, Some(0), "{}", sent.err);
        self.child.wait().expect("it ends").code()
    }

    /// Ends it as a power failure does.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        let _signal = self.child.wait().expect("it ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn pass_lines(from: impl Read + Send + 'static, to: mpsc::Sender<String>) {
    let lines = BufReader::new(from).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if to.send(line).is_err() {
                break;
            }
        }
    });
}

/// Counts the bytes of all files below a directory; what vanishes meanwhile counts nothing.
fn bytes(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return 0 };
    entries
        .filter_map(Result::ok)
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}
