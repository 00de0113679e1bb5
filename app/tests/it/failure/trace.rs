//! What a program asks of the kernel, as strace tells it.

use std::collections::HashMap;
use std::process::Command;

/// What is told: what arrives and leaves, what is written, named and flushed.
const CALLS: &str = "trace=read,recvfrom,readv,recvmsg,write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync,\
                     mkdir,link,linkat,rename,renameat,renameat2";

/// The same command under strace, which writes to this file; `None` where the system does not let it.
pub fn traced(command: &Command, into: &std::path::Path) -> Option<Command> {
    let strace = || {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-y", "-x", "-qq", "-s", "10000", "-I", "2", "-e", CALLS, "-e", "signal=none", "-o"]);
        strace
    };
    let allowed = strace().args(["/dev/null", "true"]).output().is_ok_and(|tried| tried.status.success());
    allowed.then(|| {
        let mut strace = strace();
        strace.arg(into).arg(command.get_program()).args(command.get_args()).env_clear();
        strace.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        strace.current_dir(command.get_current_dir().expect("a folder"));
        strace
    })
}

/// One call, from the line in which it begins to the line in which it has ended.
#[derive(Debug)]
pub struct Call {
    pub begin: usize,
    pub end: usize,
    pub name: String,
    /// The file, folder or socket that it is made on.
    pub file: String,
    /// All that it reads or writes, or the names that it is given.
    pub data: Vec<u8>,
    pub result: i64,
}

impl Call {
    /// Whether these bytes are among the data.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        memchr::memmem::find(&self.data, bytes).is_some()
    }

    pub fn is_any(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }
}

/// All calls that have ended, in the order of their ends.
pub fn read(text: &str) -> Vec<Call> {
    let (mut calls, mut under_way) = (Vec::new(), HashMap::new());
    for (line, text) in text.lines().enumerate() {
        let Some((thread, text)) = text.split_once(' ') else { continue };
        let text = text.trim_start();
        if let Some(start) = text.strip_suffix(" <unfinished ...>") {
            under_way.insert(thread, (line, start.to_owned()));
        } else if let Some(resumed) = text.strip_prefix("<... ") {
            let Some((begin, start)) = under_way.remove(thread) else { continue };
            let rest = resumed.split_once(" resumed>").map_or("", |(_, rest)| rest);
            calls.extend(call(begin, line, &format!("{start}{rest}")));
        } else {
            calls.extend(call(line, line, text));
        }
    }
    calls
}

fn call(begin: usize, end: usize, text: &str) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let result = result.split(' ').next()?.parse().ok()?;
    let file = arguments.split_once('<').filter(|(number, _)| number.chars().all(|c| c.is_ascii_digit()));
    let file = file.and_then(|(_, rest)| rest.split_once('>')).map_or("", |(file, _)| file).to_owned();
    Some(Call { begin, end, name: name.to_owned(), file, data: strings(arguments), result })
}

/// The contents of all quoted strings, one after the other.
fn strings(text: &str) -> Vec<u8> {
    let (mut found, mut rest) = (Vec::new(), text.as_bytes());
    while let Some(start) = memchr::memchr(b'"', rest) {
        rest = unquoted(&rest[start + 1..], &mut found);
    }
    found
}

/// Reads one string to its end and answers what follows.
fn unquoted<'t>(mut text: &'t [u8], found: &mut Vec<u8>) -> &'t [u8] {
    loop {
        match text {
            [b'"', rest @ ..] => return rest,
            [b'\\', b'x', high, low, rest @ ..] => {
                let digit = |c: &u8| char::from(*c).to_digit(16).unwrap_or(0) as u8;
                found.push(digit(high) << 4 | digit(low));
                text = rest;
            }
            [b'\\', escaped, rest @ ..] => {
                let meant = b"nrtvf".iter().position(|c| c == escaped).map(|at| b"\n\r\t\x0b\x0c"[at]);
                found.push(meant.unwrap_or(*escaped));
                text = rest;
            }
            [byte, rest @ ..] => {
                found.push(*byte);
                text = rest;
            }
            [] => return text,
        }
    }
}

#[test]
fn a_trace_is_read_as_it_is_written() {
    let text = "7  fsync(5</a/b> <unfinished ...>\n8  write(6<socket:[9]>, \"\\x41\\x42\", 2) = 2\n\
                7  <... fsync resumed>) = 0\n8  write(5</a/b>, \"c\\r\\\"\\\\\", 4) = -1 EIO (Input/output error)\n";
    let calls = read(text);
    let told: Vec<_> = calls.iter().map(|call| (call.begin, call.end, call.file.as_str(), call.result)).collect();
    assert_eq!(told, [(1, 1, "socket:[9]", 2), (0, 2, "/a/b", 0), (3, 3, "/a/b", -1)]);
    assert_eq!((calls[0].data.as_slice(), calls[2].data.as_slice()), (&b"AB"[..], &b"c\r\"\\"[..]));
}
