//! The command line of a node.

#[cfg(feature = "planted")]
compile_error!("planted bugs are for the simulator alone");

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use mimalloc::MiMalloc;

/// The system's allocator keeps an arena for each thread that ever was busy, and gives little of it back:
/// after a first copy of 25,000 records a node held 184 MB with it, and 129 MB with this one. Huge pages are
/// off, because they double what an idle node holds.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Milliseconds that the allocator keeps what was freed.
///
/// It looks at the clock only when it is asked for memory, so that an idle node would keep its garbage for good:
/// 157 MB after a first copy of 25,000 records, and 65 MB when nothing is kept. A search costs the same.
const KEEP_FREED_MS: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "0");

fn main() -> ExitCode {
    let (name, value) = KEEP_FREED_MS;
    if std::env::var_os(name).is_none() {
        begin_again_with(name, value);
    }
    engagement_node::cli::main()
}

/// Lets this process begin again: the allocator reads its settings before `main` can say anything.
///
/// Where that is not possible it goes on as it is, with more memory than it needs.
fn begin_again_with(name: &str, value: &str) {
    let Ok(program) = std::env::current_exe() else { return };
    let mut arguments = std::env::args_os();
    let called = arguments.next().unwrap_or_else(|| OsString::from("engagement-node"));
    let _refused = Command::new(program).arg0(called).args(arguments).env(name, value).exec();
}
