//! Files of strangers are decoded in a process of their own, `ziyun draw`, with limits on its memory and time: whatever breaks a
//! decoder (it takes all the memory, never ends, aborts) ends that process, and the platform goes on.
//!
//! The file goes in on standard input; out come the pages, each as width, height and length (big-endian, four bytes each) and
//! the JPEG, or, with the exit code [`REFUSED`], the name of the rule that the file breaks.

use super::{Drawn, one};
use crate::web::Error;
use bytes::Bytes;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

/// The exit code that says that the file was read and breaks a rule.
pub const REFUSED: u8 = 3;

/// Address space of the process, in bytes: the largest picture that is decoded, several times.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// Seconds of a processor that it may use: six pages of a large scan take two.
const SECONDS: u64 = 15;

/// How long it may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// The rules that a file may break, by name.
const RULES: [&str; 9] = [
    "file-kind",
    "file-heic",
    "file-two",
    "file-broken",
    "file-too-large",
    "file-too-small",
    "file-too-many-pixels",
    "file-too-many-pages",
    "file-encrypted",
];

/// What is told of a file that takes more than it may.
const TAKES_TOO_MUCH: &str = "file-packed";

/// Has `most` pages of a file drawn by this program.
///
/// # Errors
/// The rule that it breaks; 500 when the program cannot be started.
pub async fn draw(program: &Path, content: Bytes, most: usize) -> Result<Result<Vec<Drawn>, &'static str>, Error> {
    let mut command = Command::new(program);
    command.arg("draw").arg(most.to_string()).env_clear().current_dir("/").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(Error::fault)?;
    let mut input = child.stdin.take().expect("it is piped");
    let feed = async move {
        // One that has ended before it read everything tells why by its exit code.
        let _ = input.write_all(&content).await;
    };
    let ended = timeout(PATIENCE, async { tokio::join!(feed, child.wait_with_output()).1 }).await;
    match ended {
        Ok(output) => Ok(told(&output.map_err(Error::fault)?)),
        Err(_) => Ok(Err(TAKES_TOO_MUCH)),
    }
}

fn told(output: &Output) -> Result<Vec<Drawn>, &'static str> {
    match output.status.code() {
        Some(0) => pages(&output.stdout).ok_or("file-broken"),
        Some(code) if code == i32::from(REFUSED) => {
            let rule = RULES.into_iter().chain([TAKES_TOO_MUCH]).find(|rule| rule.as_bytes() == output.stdout);
            Err(rule.unwrap_or("file-broken"))
        }
        // It gave up by itself.
        Some(_) => Err("file-broken"),
        // A limit ended it.
        None => Err(TAKES_TOO_MUCH),
    }
}

fn pages(mut told: &[u8]) -> Option<Vec<Drawn>> {
    let mut pages = Vec::new();
    while !told.is_empty() {
        let [width, height, length] = [number(&mut told)?, number(&mut told)?, number(&mut told)?];
        let (content, rest) = told.split_at_checked(usize::try_from(length).ok()?)?;
        told = rest;
        pages.push(Drawn { content: Bytes::copy_from_slice(content), width, height });
    }
    (!pages.is_empty()).then_some(pages)
}

fn number(told: &mut &[u8]) -> Option<u32> {
    let (number, rest) = told.split_first_chunk::<4>()?;
    *told = rest;
    Some(u32::from_be_bytes(*number))
}

/// What `ziyun draw` does: limits itself, reads a file, draws at most so many pages. True: it was drawn.
///
/// # Errors
/// When it cannot limit itself, read or write.
pub fn serve(most: usize, mut input: impl Read, mut output: impl Write) -> io::Result<bool> {
    for (resource, most) in
        [(Resource::As, MEMORY), (Resource::Cpu, SECONDS), (Resource::Core, 0), (Resource::Fsize, 0)]
    {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    let mut content = Vec::new();
    input.read_to_end(&mut content)?;
    let drawn = one(&content.into(), most);
    match &drawn {
        Ok(pages) => pages.iter().try_for_each(|page| write(page, &mut output))?,
        Err(rule) => output.write_all(rule.as_bytes())?,
    }
    output.flush()?;
    Ok(drawn.is_ok())
}

fn write(page: &Drawn, output: &mut impl Write) -> io::Result<()> {
    let length = u32::try_from(page.content.len()).map_err(io::Error::other)?;
    for number in [page.width, page.height, length] {
        output.write_all(&number.to_be_bytes())?;
    }
    output.write_all(&page.content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_back_as_they_were_written_and_nothing_else_does() {
        let page = |byte: u8| Drawn { content: Bytes::from(vec![byte; 700]), width: 30, height: 40 };
        let mut told = Vec::new();
        [page(1), page(2)].iter().for_each(|page| write(page, &mut told).unwrap());
        let read = pages(&told).unwrap();
        assert_eq!((read.len(), read[1].width, read[1].content.clone()), (2, 30, page(2).content));
        for cut in [1, 11, told.len() - 1] {
            assert!(pages(&told[..cut]).is_none(), "{cut}");
        }
        assert!(pages(&[]).is_none(), "no page is no answer");
    }
}
