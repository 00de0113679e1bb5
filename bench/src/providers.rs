//! The list of providers with a hundred thousand companies: its first page, its thousandth, a filter, and a search with one. Each request asks for
//! another address, so that no page is one that was kept.

use crate::figure::Figure;
use crate::filled::tidy;
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
pub const NAMES: [&str; 4] = ["providers-page-1", "providers-page-1000", "providers-filter", "providers-search"];

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

/// Where they serve.
const REGIONS: [&str; 5] = ["33", "31", "44", "36", "11"];

/// A company's name is a place, its short name, what it does, and its form.
const CITIES: [&str; 16] = [
    "北京", "上海", "杭州", "苏州", "深圳", "广州", "南京", "武汉", "成都", "西安", "青岛", "厦门", "长沙", "合肥",
    "南昌", "福州",
];
const INDUSTRIES: [&str; 12] =
    ["科技", "信息技术", "软件", "网络", "工程", "物流", "能源", "机械", "仪器仪表", "建筑装饰", "环保", "商贸"];

/// All figures of this part.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let (database, names) = (place.database(), names());
    let thousandth = fill(&database, &names, if plan.quick { FEW } else { COMPANIES });
    tidy(&database);
    let served = Served::start(&database);
    let address = served.address;
    let first = |number: usize| format!("/providers?n={}", scattered(number));
    let later = move |number: usize| format!("{thousandth}&n={}", scattered(number));
    let filter = |number: usize| {
        let (service, region) = (SERVICES[number % SERVICES.len()], REGIONS[number / SERVICES.len() % REGIONS.len()]);
        format!("/providers?category={service}&region={region}&kind=enterprise&n={}", scattered(number))
    };
    let search = move |number: usize| {
        let (name, service) = (&names[scattered(number) % names.len()], SERVICES[number % SERVICES.len()]);
        let word: String = name.chars().take(3).flat_map(percent).collect();
        format!("/providers?words={word}&category={service}&n={number}")
    };
    let cases = [
        Case::new(NAMES[0], move |time| get(address, CLIENTS, time, first)),
        Case::new(NAMES[1], move |time| get(address, CLIENTS, time, later.clone())).against(NAMES[0]),
        Case::new(NAMES[2], move |time| get(address, CLIENTS, time, filter)),
        Case::new(NAMES[3], move |time| get(address, CLIENTS, time, search.clone())),
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
        read.lines().map(str::trim).filter(|line| line.chars().count() > 1).map(str::to_owned).collect();
    if names.len() > 1_000 { names } else { (0..3_600).map(made).collect() }
}

/// The registered name of the company with this number.
fn full(short: &str, number: usize) -> String {
    let (city, industry) = (CITIES[scattered(number) % CITIES.len()], INDUSTRIES[number % INDUSTRIES.len()]);
    format!("{city}{short}{industry}有限公司")
}

fn made(number: usize) -> String {
    let syllables: Vec<char> = "岚临东南沅清青云江河山岭海湖原川平安宁泰和顺兴旺福康永长新华明光金玉石松柏梅兰竹菊春夏秋冬天地星月风雨雷电龙凤虎鹤鹿".chars().collect();
    let at = |by: usize| syllables[number / by % syllables.len()];
    format!("{}{}", at(1), at(syllables.len()))
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
                values![id, full(name, *number), code, now],
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
    let region = REGIONS[number % REGIONS.len()];
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
