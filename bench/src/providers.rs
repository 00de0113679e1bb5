//! The list of providers with a hundred thousand companies: its first page, its thousandth, and a search. Each request asks for
//! another address, so that no page is one that was kept.

use crate::figure::Figure;
use crate::place::{Database, Place, runtime};
use crate::plan::Plan;
use crate::reads::{get, scattered};
use crate::rounds::{self, Case};
use crate::served::Served;
use app::app::App;
use app::identity::company::Company;
use app::reach::provider::refresh;
use app::web::Error;
use kit::db::Tx;
use kit::id::Id;
use kit::search::Query;
use kit::values;
use std::path::PathBuf;

/// The figures of this part.
pub const NAMES: [&str; 3] = ["providers-page-1", "providers-page-1000", "providers-search"];

/// How many companies there are.
const COMPANIES: usize = 100_000;

/// The same in a short run.
const FEW: usize = 21_000;

/// How many the list shows on a page.
const PAGE: usize = 20;

/// How many are written in one unit.
const TOGETHER: usize = 500;

/// Who ask at the same time: few, so that the time is the server's and not the queue's.
const CLIENTS: usize = 2;

/// What they do, beside their names.
const SERVICES: [&str; 6] =
    ["it-software", "it-ops", "it-data", "security-network", "office-property", "energy-charging"];

/// All figures of this part.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let (database, names) = (place.database(), names());
    let thousandth = fill(&database, &names, if plan.quick { FEW } else { COMPANIES });
    let served = Served::start(&database);
    let address = served.address;
    let first = |number: usize| format!("/providers?n={}", scattered(number));
    let later = move |number: usize| format!("{thousandth}&n={}", scattered(number));
    let search = move |number: usize| {
        let (name, service) = (&names[scattered(number) % names.len()], SERVICES[number % SERVICES.len()]);
        let word: String = name.chars().take(3).flat_map(percent).collect();
        format!("/providers?words={word}&category={service}&n={number}")
    };
    let cases = [
        Case::new(NAMES[0], move |time| get(address, CLIENTS, time, first)),
        Case::new(NAMES[1], move |time| get(address, CLIENTS, time, later.clone())).against(NAMES[0]),
        Case::new(NAMES[2], move |time| get(address, CLIENTS, time, search.clone())),
    ];
    rounds::measure(plan, place.engine, &cases)
}

/// Real names where the optional data folder is there: they belong to others and are read only. Else made ones.
#[expect(clippy::disallowed_methods, reason = "the folder is optional, and a benchmark has no configuration")]
fn names() -> Vec<String> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    let folder = std::env::var_os("SHARED_DATA_DIR").map_or(beside, PathBuf::from);
    let read = std::fs::read_to_string(folder.join("companies/cn_company_short_names.txt")).unwrap_or_default();
    let names: Vec<_> =
        read.lines().map(str::trim).filter(|line| line.chars().count() > 2).map(str::to_owned).collect();
    if names.len() > 1_000 { names } else { (0..3_600).map(made).collect() }
}

fn made(number: usize) -> String {
    let syllables: Vec<char> = "岚临东南沅清青云江河山岭海湖原川平安宁泰和顺兴旺福康永长新华明光金玉石松柏梅兰竹菊春夏秋冬天地星月风雨雷电龙凤虎鹤鹿".chars().collect();
    let at = |by: usize| syllables[number / by % syllables.len()];
    format!("{}{}科技", at(1), at(syllables.len()))
}

/// Approved providers with a profile each, and what follows from that.
/// Answers the address of the thousandth page.
fn fill(database: &Database, names: &[String], count: usize) -> String {
    let runtime = runtime();
    let app = database.app(&runtime);
    runtime.block_on(async {
        for from in (0..count).step_by(TOGETHER) {
            let some: Vec<_> = (from..count.min(from + TOGETHER))
                .map(|number| (number, names[number % names.len()].clone()))
                .collect();
            write(&app, some).await.expect("companies are written");
        }
        app.settle().await.expect("providers are indexed");
    });
    thousandth(&app)
}

async fn write(app: &App, some: Vec<(usize, String)>) -> Result<(), Error> {
    let unit = move |tx: &mut Tx| {
        for (number, name) in &some {
            let (id, now) = (tx.id::<Company>(), tx.now());
            let code = format!("91{number:016}");
            tx.execute(
                "INSERT INTO company (id, name, credit_code, buyer, provider, state, decided_at, created_at, version) \
                 VALUES ($1, $2, $3, 0, 1, 'approved', $4, $4, 1)",
                values![id, format!("{name}{number}有限公司"), code, now],
            )?;
            profile(tx, id, *number)?;
            refresh(tx, id)?;
        }
        Ok(())
    };
    app.db().write(unit).await
}

fn profile(tx: &mut Tx, id: Id<Company>, number: usize) -> Result<(), Error> {
    let now = tx.now();
    let region = ["33", "31", "44", "36", "11"][number % 5];
    let content = format!(
        r#"{{"about":"为企业提供实施、运维和咨询服务，编号{number}。","services":["{}"],"regions":["{region}"],"references":[]}}"#,
        SERVICES[number % SERVICES.len()]
    );
    tx.execute(
        "INSERT INTO provider_profile (company, version, content, published_at) VALUES ($1, 1, $2, $3)",
        values![id, content, now],
    )?;
    Ok(())
}

/// The address of the thousandth page.
fn thousandth(app: &App) -> String {
    let found = app.directory().search(&Query { limit: 999 * PAGE, ..Query::default() }).expect("the index answers");
    let last = found.hits.last().expect("twenty thousand providers").position;
    format!("/providers?after={}", app.cursors().seal_position(last, "/providers"))
}

fn percent(c: char) -> Vec<char> {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes).bytes().flat_map(|byte| format!("%{byte:02X}").chars().collect::<Vec<_>>()).collect()
}
