//! clamd, where it is configured: its INSTREAM command over TCP (clamd(8), "COMMANDS"). Whatever is not a clear verdict is
//! none, and then nothing is taken in.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a verdict may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Bytes of a chunk; `StreamMaxLength` limits the whole, not these.
const CHUNK: usize = 64 * 1024;

/// The longest answer that is read.
const ANSWER: u64 = 4096;

/// What clamd says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It knows nothing against it.
    Clean,
    /// It found something.
    Found,
}

/// Shows it a file.
///
/// # Errors
/// When it cannot be reached, does not answer in time, or answers anything but a verdict.
pub async fn look(scanner: SocketAddr, content: &[u8]) -> io::Result<Verdict> {
    let asked = timeout(PATIENCE, ask(scanner, content)).await;
    verdict(&asked.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??)
}

async fn ask(scanner: SocketAddr, content: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(scanner).await?;
    stream.write_all(b"zINSTREAM\0").await?;
    for chunk in content.chunks(CHUNK) {
        stream.write_u32(u32::try_from(chunk.len()).map_err(io::Error::other)?).await?;
        stream.write_all(chunk).await?;
    }
    stream.write_u32(0).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// `stream: OK`, `stream: NAME FOUND`; anything else is an error of the scanner's.
fn verdict(answer: &[u8]) -> io::Result<Verdict> {
    match answer.strip_suffix(b"\0").and_then(|line| line.strip_prefix(b"stream: ")) {
        Some(b"OK") => Ok(Verdict::Clean),
        Some(line) if line.ends_with(b" FOUND") => Ok(Verdict::Found),
        _ => Err(io::Error::other("no verdict")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_word_is_a_verdict() {
        assert_eq!(verdict(b"stream: OK\0").unwrap(), Verdict::Clean);
        assert_eq!(verdict(b"stream: Eicar-Test-Signature FOUND\0").unwrap(), Verdict::Found);
        for answer in [&b""[..], b"stream: OK", b"OK\0", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK\0more"]
        {
            assert!(verdict(answer).is_err(), "{answer:?}");
        }
    }
}
