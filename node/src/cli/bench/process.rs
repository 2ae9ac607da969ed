//! A node as a process of its own, watched from outside.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;

use crate::cli::init::Init;
use crate::cli::scratch::Scratch;
use crate::clock::{Clock as _, SystemClock};
use crate::config::directory::Directory;
use crate::config::{Peer, peers};
use crate::entropy::SystemEntropy;
use crate::server::probe::Probe;

/// How long something may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A node that is measured.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: NodeId,
    pub(super) key: VerifierKey,
    pub(super) directory: Directory,
    pub(super) url: String,
    child: Option<Child>,
}

impl Node {
    /// Makes a node on a free port.
    pub(super) fn make(scratch: &Scratch, id: &str) -> anyhow::Result<Self> {
        let directory = Directory::new(scratch.path().join(id));
        let listen = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let url = format!("http://{listen}");
        let init = Init {
            id: id.parse()?,
            name: format!("Knoten {id}"),
            listen,
            url: Some(url.clone()),
            contact: None,
            allow_loopback: true,
        };
        let key = init.create(&directory, &SystemEntropy)?.verifier().clone();
        Ok(Self { id: init.id, key, directory, url, child: None })
    }

    /// Lets this node follow another.
    pub(super) fn follow(&self, other: &Self) -> anyhow::Result<()> {
        let text = std::fs::read_to_string(self.directory.config())?;
        let peer = Peer {
            id: other.id.clone(),
            url: Some(other.url.clone()),
            key: other.key.clone(),
            relay: false,
        };
        Ok(self.directory.write_config(&peers::with(&text, &peer)?)?)
    }

    /// Starts the process; returns how long it took until it answered.
    pub(super) async fn start(&mut self) -> anyhow::Result<Duration> {
        let clock = SystemClock::new();
        self.child = Some(self.command(&["serve"])?.stdout(Stdio::null()).spawn()?);
        loop {
            if let Ok(mut probe) = Probe::connect(&self.url).await
                && let Ok((200, _)) = probe.get("/api/v1/opportunities?limit=1").await
            {
                return Ok(clock.monotonic());
            }
            anyhow::ensure!(clock.monotonic() < PATIENCE, "{} antwortet nicht", self.url);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Ends the process.
    pub(super) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ended = child.kill();
            let _reaped = child.wait();
        }
    }

    /// Runs a command on this node's directory to its end.
    pub(super) fn run(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let output = self.command(arguments)?.output()?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Returns a command on this node's directory.
    pub(super) fn command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).arg("--dir").arg(self.directory.path()).stderr(Stdio::null());
        Ok(command)
    }

    /// Waits until `path` answers with a JSON whose `pointer` is `value`; returns how long it took.
    pub(super) async fn wait_for(
        &self,
        path: &str,
        pointer: &str,
        value: u64,
    ) -> anyhow::Result<Duration> {
        let clock = SystemClock::new();
        let mut probe = Probe::connect(&self.url).await?;
        loop {
            let (status, body) = probe.get(path).await?;
            anyhow::ensure!(
                status == 200,
                "{path}: HTTP {status} {}",
                String::from_utf8_lossy(&body)
            );
            let answer: serde_json::Value = serde_json::from_slice(&body)?;
            if answer.pointer(pointer).and_then(serde_json::Value::as_u64) == Some(value) {
                return Ok(clock.monotonic());
            }
            anyhow::ensure!(clock.monotonic() < PATIENCE, "{path}: {pointer} wird nicht {value}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Returns a line of `/proc/PID/status` in megabytes: `VmRSS` now, `VmHWM` at most.
    pub(super) fn memory_mb(&self, line: &str) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let found = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
        let kilobytes = found.context("no such line")?.trim().trim_end_matches(" kB");
        Ok(kilobytes.parse::<f64>()? / 1024.0)
    }

    /// Returns the processor time used so far, in seconds (a tick is 10 ms).
    pub(super) fn cpu_s(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid()?))?;
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks: f64 =
            fields.split_whitespace().skip(11).take(2).flat_map(str::parse::<f64>).sum();
        Ok(ticks / 100.0)
    }

    fn pid(&self) -> anyhow::Result<u32> {
        Ok(self.child.as_ref().context("not started")?.id())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop();
    }
}
