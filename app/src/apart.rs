//! Files of strangers are decoded in a process of their own, this program with another command, with limits on its memory and
//! time: whatever breaks a decoder (it takes all the memory, never ends, aborts) ends that process, and the platform goes on.
//!
//! The file goes in on standard input; what it was made into comes out, or, with the exit code [`REFUSED`], why it was not.

use crate::web::Error;
use bytes::Bytes;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

/// The exit code that says that the file was read and breaks a rule.
pub const REFUSED: u8 = 3;

/// How long a decoder may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// How a decoder ended.
pub enum Ended {
    /// With this.
    Made(Vec<u8>),
    /// With this reason.
    Refused(Vec<u8>),
    /// It gave up by itself.
    Failed,
    /// A limit ended it.
    Stopped,
}

/// Has a file decoded by this program, called with these arguments.
///
/// # Errors
/// 500 when the program cannot be started.
pub async fn decode(program: &Path, arguments: &[&str], content: Bytes) -> Result<Ended, Error> {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().current_dir("/").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(Error::fault)?;
    let mut input = child.stdin.take().expect("it is piped");
    let feed = async move {
        // One that has ended before it read everything tells why by its exit code.
        let _ = input.write_all(&content).await;
    };
    let Ok(ended) = timeout(PATIENCE, async { tokio::join!(feed, child.wait_with_output()).1 }).await else {
        return Ok(Ended::Stopped);
    };
    let output = ended.map_err(Error::fault)?;
    Ok(match output.status.code() {
        Some(0) => Ended::Made(output.stdout),
        Some(code) if code == i32::from(REFUSED) => Ended::Refused(output.stdout),
        Some(_) => Ended::Failed,
        None => Ended::Stopped,
    })
}

/// Limits this process: bytes of address space, seconds of a processor, no file written, no core left behind.
///
/// # Errors
/// When the system refuses.
pub fn confine(memory: u64, seconds: u64) -> io::Result<()> {
    for (resource, most) in
        [(Resource::As, memory), (Resource::Cpu, seconds), (Resource::Core, 0), (Resource::Fsize, 0)]
    {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
