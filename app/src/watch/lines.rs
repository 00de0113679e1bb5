//! Lines of the log on their way out. Those that tell how things go are kept for up to half a second and written
//! together, so that a request does not wait for the disk or the terminal; a warning or an error is written at once, with
//! everything before it.
//!
//! What a killed process (kill -9, power) had not written is lost: at most the lines of the last half second, none of them
//! a warning. An orderly end, and an end of the process by its own decision, lose nothing. Where what the log is written to
//! does not keep up, requests go on: lines beyond 8 MB are lost, and the log says how many once it can.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line may be kept.
const KEPT: Duration = Duration::from_millis(500);

/// How many bytes are kept before the thread is woken, and at most.
const MUCH: usize = 256 << 10;
const MOST: usize = 8 << 20;

/// Where lines go.
#[derive(Clone)]
pub struct Lines(Arc<Shared>);

struct Shared {
    kept: Mutex<Kept>,
    /// Held while writing, so that lines keep their order.
    out: Mutex<Box<dyn Write + Send>>,
    wake: Condvar,
}

#[derive(Default)]
struct Kept {
    lines: Vec<u8>,
    lost: usize,
    is_over: bool,
}

/// Writes what is kept, twice a second; dropped, it writes the rest.
pub struct Writing {
    lines: Lines,
    thread: Option<JoinHandle<()>>,
}

impl Lines {
    /// Lines that end in `out`.
    ///
    /// # Errors
    /// What the system says when no thread can be had.
    pub fn into(out: impl Write + Send + 'static) -> io::Result<(Self, Writing)> {
        let shared = Shared { kept: Mutex::default(), out: Mutex::new(Box::new(out)), wake: Condvar::new() };
        let lines = Self(Arc::new(shared));
        let writer = lines.clone();
        let thread = std::thread::Builder::new().name("log".into()).spawn(move || writer.write_on())?;
        Ok((lines.clone(), Writing { lines, thread: Some(thread) }))
    }

    fn write_on(&self) {
        loop {
            let waited = self.0.wake.wait_timeout(self.kept(), KEPT).unwrap_or_else(PoisonError::into_inner);
            let is_over = waited.0.is_over;
            drop(waited);
            self.write();
            let lost = std::mem::take(&mut self.kept().lost);
            if lost > 0 {
                tracing::warn!(lost, "lines of the log were lost: what it is written to does not keep up");
            }
            if is_over {
                return;
            }
        }
    }

    fn keep(&self, line: &[u8], is_urgent: bool) {
        let mut kept = self.kept();
        if kept.lines.len() + line.len() > MOST {
            kept.lost += 1;
            return;
        }
        kept.lines.extend_from_slice(line);
        let is_much = kept.lines.len() > MUCH;
        drop(kept);
        if is_urgent {
            self.write();
        } else if is_much {
            self.0.wake.notify_all();
        }
    }

    fn write(&self) {
        let mut out = self.0.out.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = std::mem::take(&mut self.kept().lines);
        // Whom could one tell that the log cannot be written?
        let _ = out.write_all(&lines).and_then(|()| out.flush());
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.lines.kept().is_over = true;
        self.lines.0.wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to write.
            let _ = thread.join();
        }
    }
}

/// One line, as it is put together.
pub struct Line<'l> {
    lines: &'l Lines,
    is_urgent: bool,
    text: Vec<u8>,
}

impl<'l> MakeWriter<'l> for Lines {
    type Writer = Line<'l>;

    fn make_writer(&'l self) -> Line<'l> {
        Line { lines: self, is_urgent: true, text: Vec::with_capacity(256) }
    }

    fn make_writer_for(&'l self, about: &Metadata<'_>) -> Line<'l> {
        let mut line = self.make_writer();
        line.is_urgent = *about.level() <= Level::WARN;
        line
    }
}

impl Write for Line<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.lines.keep(&self.text, self.is_urgent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Paper {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Paper {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(text);
            Ok(text.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_warning_takes_along_what_came_before_and_the_end_takes_the_rest() {
        let paper = Paper::default();
        let (lines, writing) = Lines::into(paper.clone()).unwrap();
        lines.keep(b"one\n", false);
        lines.keep(b"two\n", true);
        assert_eq!(paper.text(), "one\ntwo\n");
        lines.keep(b"three\n", false);
        drop(writing);
        assert_eq!(paper.text(), "one\ntwo\nthree\n");
    }

    #[test]
    fn who_writes_does_not_wait_for_a_paper_that_is_held() {
        let paper = Paper::default();
        let (lines, writing) = Lines::into(paper.clone()).unwrap();
        let held = paper.0.lock().unwrap();
        let line = vec![b'x'; MUCH];
        (0..3 * MOST / MUCH).for_each(|_| lines.keep(&line, false));
        assert!(lines.kept().lost >= MOST / MUCH, "{} were lost", lines.kept().lost);
        drop(held);
        drop(writing);
        assert!(paper.text().len() >= MOST - MUCH);
    }
}
