//! `serve`: runs a node until it is told to stop.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::session::seams;
use crate::app::{App, Seams};
use crate::config::directory::Directory;
use crate::config::{Config, Log};
use crate::{jobs, server};

/// A node that runs in this process.
#[derive(Debug)]
pub struct Running {
    /// The node.
    pub app: App,
    /// Where it answers.
    pub url: String,
    stop: watch::Sender<bool>,
    parts: tokio::task::JoinSet<anyhow::Result<()>>,
}

/// Runs the node in `directory` until Ctrl-C or SIGTERM.
///
/// # Errors
///
/// If the node cannot be opened or its address is taken.
pub async fn run(directory: Directory) -> anyhow::Result<ExitCode> {
    directory.expect_node()?;
    let config = Config::read(&directory.config())?;
    log(config.log);
    let mut stop = StopSignal::new()?;
    let mut running = tokio::select! {
        started = start(directory, seams(config.allow_loopback)?) => started?,
        // Whatever it was doing can be interrupted anywhere.
        () = stop.heard() => return Ok(ExitCode::SUCCESS),
    };
    // A node goes on although nobody reads this line.
    let _unread = writeln!(std::io::stdout(), "listening on {}", running.url);
    tokio::select! {
        () = stop.heard() => {}
        ended = running.parts.join_next() => {
            // A part that ends by itself is a fault: better no node than half a node.
            if let Some(result) = ended {
                result.context("Ein Teil des Knotens ist abgebrochen")??;
            }
        }
    }
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Starts the node in `directory` on the address its configuration names; returns once it answers.
///
/// # Errors
///
/// If the node cannot be opened or its address is taken.
pub async fn start(directory: Directory, seams: Seams) -> anyhow::Result<Running> {
    let listen = Config::read(&directory.config())?.listen;
    // The lock first: a second node on one directory is told so, not that its port is taken.
    let app = App::open(directory, seams).await?;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("Auf {listen} kann der Knoten nicht antworten. Läuft dort schon ein Programm? Ändern Sie listen in node.toml")
    })?;
    run_parts(app, listener).await
}

/// Starts the node in `directory` on a listener that is open already.
///
/// # Errors
///
/// If the node cannot be opened.
pub async fn start_on(
    directory: Directory,
    seams: Seams,
    listener: TcpListener,
) -> anyhow::Result<Running> {
    run_parts(App::open(directory, seams).await?, listener).await
}

async fn run_parts(app: App, listener: TcpListener) -> anyhow::Result<Running> {
    let url = format!("http://{}", listener.local_addr()?);
    // A node that cannot write its index still answers from what it has; `/readyz` says that it is behind.
    let catching_up = app.clone();
    let catch_up = async move {
        if let Err(error) = catching_up.catch_up_index().await {
            tracing::error!(%error, "index");
        }
    };
    if app.index().is_outdated() {
        // An index of an earlier version answers until the new one is complete.
        tokio::spawn(catch_up);
    } else {
        catch_up.await;
    }
    let socket = server::control::bind(&app).context("node.sock")?;
    // What a command changed in node.toml between our reading it and this moment is taken up now.
    app.reload().await?;
    let (stop, stopped) = watch::channel(false);
    let mut parts = tokio::task::JoinSet::new();
    let router = server::router(&app);
    let connections = app.config().limits.connections;
    let front = stopped.clone();
    parts.spawn(async move {
        server::serve(router, listener, connections, front).await;
        Ok(())
    });
    let (commands, ear) = (app.clone(), stopped.clone());
    parts.spawn(async move {
        server::control::serve(commands, socket, ear).await;
        Ok(())
    });
    let timetable = app.clone();
    parts.spawn(async move { Ok(jobs::run(timetable, stopped).await?) });
    Ok(Running { app, url, stop, parts })
}

impl Running {
    /// Stops the node and waits until its open requests have ended.
    pub async fn stop(mut self) {
        let _all_gone = self.stop.send(true);
        while self.parts.join_next().await.is_some() {}
    }
}

/// Ctrl-C and SIGTERM, heard from the moment on in which this is made.
#[derive(Debug)]
pub struct StopSignal {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignal {
    /// Listens from now on: a signal that comes before it is waited for is not lost, and ends nothing by force.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn new() -> std::io::Result<Self> {
        let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
        Ok(Self { interrupt: signal(interrupt)?, terminate: signal(terminate)? })
    }

    /// Waits for one.
    pub async fn heard(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Writes the log to stderr: no addresses, no texts, no tokens are ever put into it.
pub fn log(level: Log) {
    let level = match level {
        Log::Error => tracing::Level::ERROR,
        Log::Warn => tracing::Level::WARN,
        Log::Info => tracing::Level::INFO,
        Log::Debug => tracing::Level::DEBUG,
    };
    // What libraries tell of their own inside is no news for an operator.
    let ours = Targets::new().with_default(tracing::Level::WARN).with_target("engagement", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false);
    // A second node in the same process (a demo) writes to the first one's log.
    let _set = tracing_subscriber::registry().with(lines).with(ours).try_init();
}
