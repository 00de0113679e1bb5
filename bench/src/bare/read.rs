//! Reading one row with a bare driver and nothing else: threads that ask again and again.

use super::store::{CONNECTIONS, open_reader};
use crate::load::Sample;
use postgres::{Client, NoTls};
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The statement, here and in a unit of the program's.
pub const ONE: &str = "SELECT title, content FROM notice WHERE id = $1";

/// Reads rows by these ids for so long; SQLite on every core, PostgreSQL by as many connections as the program has.
///
/// # Panics
/// When the database fails.
pub fn measure(url: &str, ids: &[[u8; 16]], time: Duration) -> Sample {
    let threads = if url.starts_with("sqlite:") { super::cores() } else { CONNECTIONS };
    let took = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|thread| scope.spawn(move || repeat(url, ids, thread, time))).collect();
        all.into_iter().flat_map(|thread| thread.join().expect("a thread reads to the end")).collect()
    });
    Sample::new(took, time)
}

fn repeat(url: &str, ids: &[[u8; 16]], thread: usize, time: Duration) -> Vec<Duration> {
    let mut read = reader(url);
    let ids = ids.iter().cycle().skip(thread * 997);
    let mut took = Vec::new();
    let begin = Instant::now();
    for id in ids {
        let start = Instant::now();
        read(id);
        took.push(start.elapsed());
        if begin.elapsed() >= time {
            break;
        }
    }
    took
}

type Read = Box<dyn FnMut(&[u8; 16])>;

fn reader(url: &str) -> Read {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let connection = open_reader(&PathBuf::from(path));
        return Box::new(move |id| {
            let mut statement = connection.prepare_cached(ONE).expect("a statement");
            let row = statement.query_row([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)));
            black_box(row.expect("a row"));
        });
    }
    let mut client = Client::connect(url, NoTls).expect("the server answers");
    let statement = client.prepare(ONE).expect("a statement");
    Box::new(move |id| {
        let row = client.query_one(&statement, &[&id.as_slice()]).expect("a row");
        black_box((row.get::<_, String>(0), row.get::<_, Option<String>>(1)));
    })
}
