//! What the law has the operator write down: impact assessments without which the program does not start, who processes for
//! it, and the records, as pages and as files.

use crate::command::folder;
use crate::world::{World, beginning, sabotaged};
use app::app::App;
use app::config::{Config, Entrusted, Settings};
use app::doctor::{State, examine};
use app::web::{Room, Routes, Texts};
use jiff::SignedDuration;
use kit::random::Random;
use policy::Mark;
use serde_json::Value;

/// Makes automated decisions with a purpose that nobody has assessed for it.
static STRANGE: Room =
    Room { marks: &[("digest", Mark::Automated)], ..Room::new("strange", Routes::new, Texts { zh: "", en: "" }) };

#[tokio::test]
async fn a_marked_purpose_without_an_assessment_stops_the_start() {
    sabotaged();
    let here = folder();
    let opened = App::open(Config::under(here.path()), beginning(), Random::seeded(1), &[&STRANGE]).await;
    let why = opened.err().expect("it does not start").to_string();
    for part in ["purpose digest is marked automated (PIPL 55)", "policy/assessments.toml", "PIPL 56"] {
        assert!(why.contains(part), "{why}");
    }
    assert!(!here.path().join("keys").exists(), "nothing was made");
    let opened = App::open(Config::under(here.path()), beginning(), Random::seeded(1), &[]).await;
    assert!(opened.is_ok(), "what is recorded is enough for the program as it is");
}

#[tokio::test]
async fn the_doctor_names_the_purpose_and_how_to_record_it() {
    let here = folder();
    let data = here.path().join("data").display().to_string();
    let more = [
        ("data_dir", data),
        ("smtp_url", "smtps://user:secret@mail.example".to_owned()),
        ("entrusted_machine", "某云计算公司; dpo@cloud.example; 华东; 2026-11-01".to_owned()),
    ];
    let settings = Settings::read(None, [], more).unwrap();
    let findings = examine(&settings, &beginning(), &Random::seeded(1), &[&STRANGE]).await;
    let of = |check: &str| findings.iter().filter(|one| one.check == check).collect::<Vec<_>>();
    let [missing] = of("assessments")[..] else { panic!("{findings:?}") };
    assert_eq!(missing.state, State::Fail);
    assert!(missing.what.contains("digest is marked automated"), "{missing}");
    assert!(missing.todo.as_ref().unwrap().contains("policy/assessments.toml"), "{missing}");
    let told: Vec<_> = of("processors").iter().map(|one| one.to_string()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("entrusted_mail") && told[1].contains("has ended on 2026-11-01"), "{told:?}");
    let findings = examine(&settings, &beginning(), &Random::seeded(1), &[]).await;
    assert!(findings.iter().any(|one| one.check == "assessments" && one.state == State::Ok), "{findings:?}");
}

#[tokio::test]
async fn the_officer_reads_and_exports_them() {
    let world = World::new().await;
    let operator = world.operator().await;
    let list = operator.get("/desk/privacy/assessments").await.ok().json();
    let list = list["assessments"].as_array().unwrap();
    assert_eq!(list.len(), policy::ASSESSMENTS.len());
    assert!(list.iter().any(|one| one["mark"] == "provided" && one["item"] == 3 && one["kept_until"] == "2029-11-20"));
    let page = operator.page("/desk/privacy/assessments").await.ok().text;
    assert!(page.contains("委托处理") && page.contains("2029-11-20") && !page.contains('⟦'), "{page}");
    assert!(operator.page("/desk/privacy/assessments?lang=en").await.ok().text.contains("entrusted processing"));
    for (path, columns) in [("/desk/privacy/assessments/table", 10), ("/desk/privacy/records/table", 7)] {
        let file = operator.get(path).await.ok();
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(file.header("content-disposition").starts_with("attachment; filename="));
        let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
        let mut rows = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        assert_eq!(rows.headers().unwrap().len(), columns);
        let rows: Vec<_> = rows.records().map(|row| row.expect("as wide as its head")).collect();
        assert!(rows.len() >= policy::ASSESSMENTS.len(), "{path}: {}", rows.len());
        let acts = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        assert!(rows.iter().flatten().all(|cell| !acts(cell)), "{path}: no cell is a formula");
    }
    let data = operator.get("/desk/privacy/records/data").await.ok();
    let data: Value = serde_json::from_str(&data.text).unwrap();
    assert_eq!(data["uses"].as_array().unwrap().len(), policy::ROWS.len());
    assert_eq!(data["assessments"].as_array().unwrap().len(), policy::ASSESSMENTS.len());
    assert_eq!(data["policy_version"], policy::current().id);
    let buyer = world.member("buyer").await;
    for path in ["/desk/privacy/assessments/table", "/desk/privacy/records/data", "/desk/privacy/processors"] {
        assert_eq!(buyer.get(path).await.status, 404, "{path}");
    }
}

async fn processors(world: &World) -> Vec<Value> {
    let trust = world.visitor().get("/trust").await.ok().json();
    assert!(!world.visitor().page("/trust").await.ok().text.contains('⟦'));
    trust["processors"].as_array().unwrap().clone()
}

#[tokio::test]
async fn everybody_reads_who_is_entrusted_as_it_is_configured() {
    let world = World::new().await;
    let told = processors(&world).await;
    let state = |told: &[Value]| told.iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(state(&told), ["own"; 5], "nothing is connected, and nothing is claimed");
    assert!(told[2]["fields"].as_array().unwrap().iter().any(|one| one == "联系邮箱"), "{told:?}");
    assert!(told[3]["fields"].as_array().unwrap().iter().all(|one| one == "手机号"), "{told:?}");
    let world = World::configured(|config| {
        config.smtp_url = Some("smtps://user:secret@mail.example/".to_owned());
        crate::data_region::with_bucket(config, "s3.example");
        config.entrusted_machine = Entrusted::parse("某云计算公司; dpo@cloud.example; 华东; 2026-12-31");
    })
    .await;
    let told = processors(&world).await;
    assert_eq!(state(&told), ["registered", "unsaid", "unsaid", "own", "own"]);
    assert_eq!((&told[0]["name"], &told[2]["name"]), (&Value::from("某云计算公司"), &Value::from("mail.example")));
    assert_eq!(told[1]["name"], "s3.example");
    assert!(told[1]["fields"].as_array().unwrap().iter().any(|one| one == "认证材料的图片"), "{told:?}");
    assert!(!world.visitor().page("/trust").await.ok().text.contains("secret"), "a password of an address stays shut");
    let page = world.operator().await.page("/desk/privacy/processors").await.ok().text;
    assert!(page.contains("运营方尚未登记合同") && page.contains("2026-12-31") && !page.contains('⟦'), "{page}");
    world.clock.advance(SignedDuration::from_hours(24 * 60));
    assert_eq!(state(&processors(&world).await), ["ended", "unsaid", "unsaid", "own", "own"]);
}
