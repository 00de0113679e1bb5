//! Group commit: units that came together share a transaction of SQLite's one writer.

use super::sqlite::{control, driver};
use super::unit::{Run, Unit};
use super::{Error, Figures, Tx};
use crossbeam_channel::Receiver;
use std::time::{Duration, Instant};

/// How many units one transaction takes at most: bounds how long the first of them waits.
const BATCH: usize = 256;

/// For how many batches units get savepoints after one of them refused what it had begun to write.
const APART: u32 = 64;

/// How long those who wait may take to hear that an outcome is unknown, before the process ends.
const FAREWELL: Duration = Duration::from_secs(1);

/// One transaction: the first unit, and all that came meanwhile. They need no savepoints as long as nobody refuses what it has
/// begun to write: SQLite would copy every page that two of them change. Somebody who does has the batch run again, each in
/// a savepoint, and the next batches begin so, since such refusals come in numbers.
pub(super) fn write(
    tx: &mut Tx,
    first: Box<dyn Unit>,
    more: &Receiver<Box<dyn Unit>>,
    figures: &Figures,
    apart: &mut Countdown,
) {
    let waiting = more.len();
    if let Err(error) = control(tx, "BEGIN IMMEDIATE") {
        // Those who were there before it was tried have waited as long as the first.
        more.try_iter().take(waiting).for_each(|unit| unit.fail(error.clone()));
        return first.fail(error);
    }
    let mut batch = Vec::new();
    let mut coming = std::iter::once(first).chain(more.try_iter()).take(BATCH);
    let ending = match fill(tx, &mut batch, &mut coming, apart.tick()) {
        Ending::Begun => {
            apart.start();
            again(tx, &mut batch)
        }
        other => other,
    };
    match ending {
        Ending::Whole => figures.batches.observe(batch.len() as f64),
        Ending::Nothing => {
            undo(tx);
            return batch.into_iter().for_each(Unit::answer);
        }
        Ending::Begun | Ending::Broken => return alone(tx, batch, more),
    }
    match commit(tx) {
        Ok(()) => batch.into_iter().for_each(Unit::answer),
        Err(Error::OutcomeUnknown(why)) => end_process(batch.into_iter(), more, &why),
        Err(_) => alone(tx, batch, more),
    }
}

/// The same units from the beginning, each in a savepoint.
fn again(tx: &mut Tx, batch: &mut Vec<Box<dyn Unit>>) -> Ending {
    undo(tx);
    if control(tx, "BEGIN IMMEDIATE").is_err() {
        return Ending::Broken;
    }
    let mut units = std::mem::take(batch).into_iter();
    let ending = fill(tx, batch, &mut units, true);
    batch.extend(units);
    ending
}

/// How the units of one transaction ended.
enum Ending {
    /// Each is done, or has refused and left nothing.
    Whole,
    /// The first has refused: there is nothing to commit, and it need not wait for others.
    Nothing,
    /// One refused after it had begun to write, and had no savepoint.
    Begun,
    /// The engine failed.
    Broken,
}

/// Runs units in the transaction that has begun, until they are all in `batch` or one of them ends it.
fn fill(
    tx: &mut Tx,
    batch: &mut Vec<Box<dyn Unit>>,
    units: &mut dyn Iterator<Item = Box<dyn Unit>>,
    apart: bool,
) -> Ending {
    for mut unit in units {
        let before = driver(tx).changes();
        let first = batch.is_empty();
        let run = if apart { savepoint(tx, unit.as_mut()) } else { unit.run(tx) };
        batch.push(unit);
        match run {
            Run::Done => {}
            Run::Failed(_) => return Ending::Broken,
            // SQLite has rolled all of it back, as it may without memory: nothing is left to commit.
            Run::Refused | Run::Collided if !driver(tx).is_open() => return Ending::Broken,
            Run::Refused | Run::Collided if apart => {}
            Run::Refused | Run::Collided if first => return Ending::Nothing,
            Run::Refused | Run::Collided if driver(tx).changes() == before => {}
            Run::Refused | Run::Collided => return Ending::Begun,
        }
    }
    Ending::Whole
}

/// For how many more batches each unit gets a savepoint.
#[derive(Default)]
pub(super) struct Countdown(u32);

impl Countdown {
    fn start(&mut self) {
        self.0 = APART;
    }

    fn tick(&mut self) -> bool {
        let going = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        going
    }
}

fn savepoint(tx: &mut Tx, unit: &mut dyn Unit) -> Run {
    if let Err(error) = control(tx, "SAVEPOINT unit") {
        return Run::Failed(error);
    }
    let run = unit.run(tx);
    let end = match run {
        Run::Done => control(tx, "RELEASE unit"),
        _ => control(tx, "ROLLBACK TO unit").and_then(|()| control(tx, "RELEASE unit")),
    };
    match (run, end) {
        (Run::Failed(error), _) | (_, Err(error)) => Run::Failed(error),
        (run, Ok(())) => run,
    }
}

/// The shared transaction broke: undo it and give each unit one of its own, so that only the culprit fails. Those that
/// refused too: what they refused for may have been another's row that now never was.
fn alone(tx: &mut Tx, batch: Vec<Box<dyn Unit>>, more: &Receiver<Box<dyn Unit>>) {
    undo(tx);
    let mut rest = batch.into_iter();
    while let Some(mut unit) = rest.next() {
        if let Err(error) = control(tx, "BEGIN IMMEDIATE") {
            unit.fail(error);
            continue;
        }
        match unit.run(tx) {
            Run::Done => match commit(tx) {
                Ok(()) => unit.answer(),
                Err(Error::OutcomeUnknown(why)) => end_process(std::iter::once(unit).chain(rest), more, &why),
                Err(error) => {
                    undo(tx);
                    unit.fail(error);
                }
            },
            Run::Refused | Run::Collided => {
                undo(tx);
                unit.answer();
            }
            Run::Failed(error) => {
                undo(tx);
                unit.fail(error);
            }
        }
    }
}

/// Whoever is told that something is deleted is told when it has left the log, too.
fn commit(tx: &mut Tx) -> Result<(), Error> {
    control(tx, "COMMIT")?;
    driver(tx).forget();
    Ok(())
}

fn undo(tx: &mut Tx) {
    if driver(tx).is_open() {
        // A transaction that cannot be rolled back is ended by the next BEGIN's error.
        drop(control(tx, "ROLLBACK"));
    }
}

/// The disk failed while committing: whether the batch is durable is unknown, and running it again could do it twice.
/// The waiting get `outcome-unknown`, who comes meanwhile is told that the database is closed; the process ends, and the
/// next start recovers from the log.
fn end_process(batch: impl Iterator<Item = Box<dyn Unit>>, more: &Receiver<Box<dyn Unit>>, why: &str) -> ! {
    batch.for_each(|unit| unit.fail(Error::OutcomeUnknown(why.to_owned())));
    tracing::error!(why, "the database failed while committing; this process ends so that the next start recovers");
    let end = Instant::now() + FAREWELL;
    while let Ok(unit) = more.recv_deadline(end) {
        unit.fail(Error::Closed);
    }
    std::process::exit(70);
}
