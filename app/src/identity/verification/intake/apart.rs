//! Drawing apart (`crate::apart`), as `ziyun draw`: out come the pages, each as width, height and length (big-endian, four bytes
//! each) and the JPEG, or the name of the rule that the file breaks.

use super::{Drawn, one};
use crate::apart::{Ended, confine, decode};
use crate::web::Error;
use bytes::Bytes;
use std::io::{self, Read, Write};
use std::path::Path;

/// Address space of the process, in bytes: the largest picture that is decoded, several times.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// Seconds of a processor that it may use: six pages of a large scan take two.
const SECONDS: u64 = 15;

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
    Ok(match decode(program, &["draw", &most.to_string()], content).await? {
        Ended::Made(made) => pages(&made).ok_or("file-broken"),
        Ended::Refused(told) => {
            let rule = RULES.into_iter().chain([TAKES_TOO_MUCH]).find(|rule| rule.as_bytes() == told);
            Err(rule.unwrap_or("file-broken"))
        }
        Ended::Failed => Err("file-broken"),
        Ended::Stopped => Err(TAKES_TOO_MUCH),
    })
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
    confine(MEMORY, SECONDS)?;
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
