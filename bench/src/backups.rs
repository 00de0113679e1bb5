//! `backup-per-gb` and `restore-per-gb`: seconds for each gigabyte (10⁹ bytes) of a back-up's tables, taken from a database
//! with many notices while nothing else runs, and restored into an empty installation: loaded, its tombstones replayed, ready
//! to be served (a search index is made anew by the first start and is not in it). `copy-per-gb` is what they are compared
//! with: the same files copied and flushed.

use crate::figure::Figure;
use crate::filled;
use crate::place::{Database, Place, runtime};
use crate::plan::Plan;
use app::app::App;
use app::backup::{Source, Taken};
use app::config::Config;
use app::restore::{Order, own_keys, restore};
use kit::clock::Clock;
use kit::random::Random;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// The figures of this part.
pub const NAMES: [&str; 3] = ["copy-per-gb", "backup-per-gb", "restore-per-gb"];

/// How many notices the database has; fewer in a quick run.
const NOTICES: [usize; 2] = [100_000, 10_000];

/// All three.
///
/// # Panics
/// When anything that is measured fails, or fewer rows come back than were there.
pub fn measure(plan: &Plan, place: &Place, out: &Path) -> Vec<Figure> {
    let filled = filled::with(place, out, NOTICES[usize::from(plan.quick)]);
    let runtime = runtime();
    let app = filled.database.app(&runtime);
    runtime.block_on(own_keys(&app)).expect("the keys are this database's own");
    let mut took = [const { Vec::new() }; 3];
    for _ in 0..plan.rounds() {
        let backups = tempfile::tempdir_in(out).expect("the folder can be written");
        let one = round(&runtime, place, &app, backups.path());
        took.iter_mut().zip(one).for_each(|(all, one)| all.push(one));
    }
    let figure = |name, mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        Figure::of(name, Some(place.engine), seconds[seconds.len() / 2], "s/GB", seconds.len())
    };
    let [copy, backup, restored] = took;
    let against = |figure| Figure { floor: Some(NAMES[0]), ..figure };
    vec![figure(NAMES[0], copy), against(figure(NAMES[1], backup)), against(figure(NAMES[2], restored))]
}

/// One back-up, its copy, and its restoration; seconds for a gigabyte each, in the order of the names.
fn round(runtime: &Runtime, place: &Place, app: &App, folder: &Path) -> [f64; 3] {
    let source = Source::of(app);
    let begin = Instant::now();
    let data = runtime.block_on(source.data(folder)).expect("a back-up of the data");
    let backup = begin.elapsed();
    let keys = runtime.block_on(source.keys(folder)).expect("a back-up of the keys");
    let begin = Instant::now();
    copy(&data.folder.join("tables"), &folder.join("copy")).expect("the files can be copied");
    let copied = begin.elapsed();
    let restored = restored(runtime, place, app, &data, &keys);
    let gigabytes = data.manifest.tables.iter().map(|table| table.sum.bytes as f64).sum::<f64>() / 1e9;
    [copied, backup, restored].map(|took| took.as_secs_f64() / gigabytes)
}

fn restored(runtime: &Runtime, place: &Place, app: &App, data: &Taken, keys: &Taken) -> Duration {
    let target = place.database();
    let mut config = Config::under(&target.folder);
    config.database_url.clone_from(&target.url);
    let root = &config.root_key_file;
    fs::create_dir_all(root.parent().expect("a folder")).expect("a folder can be made");
    fs::copy(&app.config().root_key_file, root).expect("the root key is copied");
    let order = Order { data: data.folder.clone(), keys: Some(keys.folder.clone()), journal_lost: true };
    let (clock, random) = (Clock::system(), Random::system());
    let begin = Instant::now();
    runtime.block_on(restore(&config, &order, &clock, &random)).expect("the back-up is restored");
    let took = begin.elapsed();
    assert_eq!(
        notices(runtime, &target),
        data.manifest.tables.iter().find(|one| one.name == "notice").map(|one| one.rows)
    );
    took
}

fn notices(runtime: &Runtime, database: &Database) -> Option<u64> {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM notice";
    let unit =
        async { database.db().read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next::<i64>())).await };
    runtime.block_on(unit).ok()?.try_into().ok()
}

/// Copies a folder's files, each flushed as a back-up's are.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for one in fs::read_dir(from)? {
        let one = one?;
        let target = to.join(one.file_name());
        fs::copy(one.path(), &target)?;
        File::open(target)?.sync_all()?;
    }
    Ok(())
}
