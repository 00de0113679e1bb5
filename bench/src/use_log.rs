//! `use-log-cost`: what the use log takes of the public list's rate, in percent: the same router in the shell and in one that
//! keeps no log, one after the other in each round. (The program serves nothing by the other: it has no switch.)

use crate::bare;
use crate::figure::Figure;
use crate::filled;
use crate::load::Sample;
use crate::place::Place;
use crate::plan::Plan;
use crate::reads::get;
use crate::rounds::READERS;
use app::app::App;
use app::web::{shell, unlogged};
use axum::Router;
use axum::middleware::from_fn_with_state;
use std::path::Path;
use std::time::Duration;
use tokio::sync::oneshot;

/// The figures of this part.
pub const NAMES: [&str; 3] = ["list-unlogged", "list-logged", "use-log-cost"];

/// How many pairs: the cost is small beside what a machine does from second to second.
const PAIRS: usize = 9;

const NOTICES: usize = 10_000;

/// How often it is looked whether lines have to be written: as often as the program's worker looks.
const LOOK: Duration = Duration::from_millis(100);

/// All figures of the use log.
///
/// # Panics
/// When anything that is measured fails, or nothing was logged.
pub fn measure(plan: &Plan, place: &Place, out: &Path) -> Vec<Figure> {
    let filled = filled::own(place, out, NOTICES);
    let runtime = crate::place::runtime();
    let app = filled.database.app(&runtime);
    let (bare, logged) = (bare::serve(router(&app, false)), bare::serve(router(&app, true)));
    let writer = Writer::start(&app);
    let read = |address| get(address, READERS, plan.time(), |_| "/notices".into());
    let pairs = if plan.quick { 1 } else { PAIRS };
    let (mut without, mut with): (Vec<Sample>, Vec<Sample>) = (Vec::new(), Vec::new());
    for _ in 0..pairs {
        without.push(read(bare.address));
        with.push(read(logged.address));
    }
    let mut losses: Vec<f64> =
        without.iter().zip(&with).map(|(without, with)| (1.0 - with.per_second / without.per_second) * 100.0).collect();
    losses.sort_by(f64::total_cmp);
    let written = writer.stop();
    assert!(written > 0, "the pages that were read are logged");
    let engine = Some(place.engine);
    vec![
        Figure::rate(NAMES[0], engine, &Sample::median(without)),
        Figure { floor: Some(NAMES[0]), ..Figure::rate(NAMES[1], engine, &Sample::median(with)) },
        Figure::of(NAMES[2], engine, losses[pairs / 2], "%", written),
    ]
}

/// The program's rooms, in either shell.
fn router(app: &App, logged: bool) -> Router {
    let rooms = app.rooms().iter().fold(Router::new(), |router, room| router.merge((room.routes)().into_router()));
    let shelled = match logged {
        true => rooms.layer(from_fn_with_state(app.clone(), shell)),
        false => rooms.layer(from_fn_with_state(app.clone(), unlogged)),
    };
    shelled.with_state(app.clone())
}

/// Writes what waits as the program's worker does.
struct Writer {
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<usize>,
}

impl Writer {
    fn start(app: &App) -> Self {
        let (app, (stop, mut stopped)) = (app.clone(), oneshot::channel());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
            runtime.block_on(async {
                let mut written = 0;
                while tokio::time::timeout(LOOK, &mut stopped).await.is_err() {
                    written += app.write_uses(false).await.expect("lines are written");
                }
                written + app.write_uses(true).await.expect("the last lines are written")
            })
        });
        Self { stop, thread }
    }

    /// Answers how many lines it wrote.
    fn stop(self) -> usize {
        drop(self.stop);
        self.thread.join().expect("the writer ends in order")
    }
}
