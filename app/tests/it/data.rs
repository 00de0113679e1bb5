//! Own data: everything that is kept of a person, for that person alone; and that no column is forgotten.

use crate::command::folder;
use crate::house::files;
use crate::people::Applicant;
use crate::world::{World, sabotaged};
use app::app::{App, ROOMS};
use app::config::Config;
use app::web::text::Words;
use app::web::{Column, Held, Locale, Room, Routes, Texts};
use kit::clock::Clock;
use kit::db::Tx;
use kit::random::Random;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// All columns that rooms say hold personal values.
fn declared() -> BTreeSet<(&'static str, &'static str)> {
    let columns = ROOMS.iter().filter_map(|room| room.held).flat_map(|held| held.columns);
    columns.map(|column| (column.table, column.column)).collect()
}

fn field<'a>(page: &'a Value, id: &str) -> &'a Value {
    page["fields"].as_array().unwrap().iter().find(|field| field["id"] == id).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_person_reads_every_value_that_is_kept_of_them_and_nobody_else_does() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    let you = world.member("both").await;
    world.again(&me).await;
    let page = me.get("/me/data").await.ok();
    assert_eq!(page.header("cache-control"), "no-store");
    let page = page.json();
    assert_eq!(field(&page, "phone")["values"][0]["value"], format!("+86{}", who.phone));
    assert_eq!(field(&page, "email")["values"][0]["value"], who.email);
    assert_eq!(field(&page, "ip")["values"].as_array().unwrap().len(), 2, "both sign-ins");
    let agent = &field(&page, "user-agent")["values"][0];
    assert_eq!((&agent["value"], &agent["place"]), (&json!("Mozilla/5.0 (world)"), &json!("登录记录")));
    let until = agent["until"].as_str().unwrap();
    assert!(until.starts_with("2027-05-26T13:0"), "{until}: twelve hours of a session, then 184 days");
    assert_eq!(
        page["none"],
        json!([
            "关注的类别和地区",
            "记住的搜索和显示偏好",
            "通行密钥的名称",
            "第三方账号的编号",
            "使用记录：查看的页面、搜索的内容、IP 地址和时间",
            "请求和投诉的内容",
            "身份证件上的姓名",
            "身份证件号码",
            "法定代表人或经营者的姓名",
            "公司联系人的姓名",
            "公司联系人的手机号",
            "公司联系人的邮箱",
            "公司联系人的部门",
            "公司联系人的职务",
            "公司联系人的其他联系信息",
            "在会话里分享的姓名",
            "在会话里分享的手机号",
            "在会话里分享的邮箱"
        ])
    );
    let uses: Vec<_> = field(&page, "phone")["uses"].as_array().unwrap().iter().map(|one| &one["recipient"]).collect();
    assert!(uses.contains(&&json!("您本人")) && uses.contains(&&json!("受托把短信或邮件送达您本人的服务")), "{uses:?}");
    assert!(!you.get("/me/data").await.ok().text.contains(&who.email));
    let html = me.page("/me/data").await.ok().text;
    assert!(html.contains(&who.email) && !html.contains('⟦'), "{html}");
    let prefetch = me.request(reqwest::Method::GET, "/me/data").header("sec-purpose", "prefetch");
    assert_eq!(me.send(prefetch).await.status, 403);
}

#[tokio::test]
async fn looking_at_all_of_it_is_on_record_under_its_own_purpose() {
    let world = World::new().await;
    let me = world.member("both").await;
    me.get("/me").await.ok();
    let own = "SELECT count(*) FROM opening WHERE purpose = 'own-data'";
    assert_eq!(world.count(own).await, 0, "the centre opens nothing for its lines");
    me.get("/me/data").await.ok();
    assert_eq!(world.count(own).await, 4, "one record for each kind of value");
    let day = me.get("/me/accesses").await.ok().json()["own"].to_string();
    assert!(day.contains("逐项向您本人显示平台保存的您的信息"), "{day}");
}

#[tokio::test]
async fn the_centre_says_how_everything_stands() {
    let world = World::new().await;
    let me = world.member("both").await;
    world.again(&me).await;
    crate::consent::switch_on(&me, "remembered-search").await;
    let centre = me.get("/me").await.ok().json()["centre"].clone();
    let state =
        |path: &str| centre.as_array().unwrap().iter().find(|line| line["path"] == path).unwrap()["state"].clone();
    assert_eq!(state("/me/data"), "保存了 4 项信息，共 6 条");
    assert_eq!(state("/me/accesses"), "30天内他人或平台打开 3 次，被拒绝 0 次");
    assert_eq!(state("/me/consents"), "4 项附加功能，开启了 1 项");
    assert_eq!(state("/me#sessions"), "2 个正在使用");
    let page = me.page("/me").await.ok().text;
    for line in centre.as_array().unwrap() {
        assert!(page.contains(&format!("href=\"{}\"", line["path"].as_str().unwrap())), "{line}");
    }
}

/// `Slot::new("table", "column")` and `IndexSlot`s beside it, as code writes them.
fn slots() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (_, text) in files("app/src", &[".rs"]) {
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        for call in product.replace("IndexSlot::new(", "").split("Slot::new(").skip(1) {
            let mut quoted = call.split('"').skip(1).step_by(2).map(str::to_owned);
            found.extend(quoted.next().zip(quoted.next()));
        }
    }
    found
}

#[test]
fn every_slot_of_the_program_is_declared_by_a_room() {
    let declared = declared();
    let slots = slots();
    assert!(slots.len() >= 4, "only {slots:?} were found");
    let forgotten: Vec<_> = slots.iter().filter(|(t, c)| !declared.contains(&(t.as_str(), c.as_str()))).collect();
    assert!(forgotten.is_empty(), "sealed, but no room's `held` names it: {forgotten:?}");
}

#[tokio::test]
async fn no_column_of_the_database_holds_sealed_values_that_no_room_declares() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("both")).await;
    world.visitor().post("/registrations", Applicant::new("buyer").form()).await.ok();
    let change = json!({ "field": "email", "value": "neu@hengchuan.example", "current": crate::people::PASSWORD });
    me.post("/me/contact", change).await.ok();
    me.post("/me/complaints", crate::complaint::wanted()).await.ok();
    me.post("/me/export", crate::export::wanted()).await.ok();
    world.settle().await;
    let keys = world
        .app
        .keys()
        .read::<_, kit::db::Error>(|tx| tx.all("SELECT id FROM data_key", &[], |row| row.next::<[u8; 16]>()));
    let keys: BTreeSet<_> = keys.await.unwrap().into_iter().collect();
    let is_postgres = world.app.config().database_url.starts_with("postgres");
    let found = world.app.db().read::<_, kit::db::Error>(move |tx| {
        let columns = if is_postgres { POSTGRES } else { SQLITE };
        let columns = tx.all(columns, &[], |row| Ok((row.next::<String>()?, row.next::<String>()?)))?;
        let mut found = BTreeSet::new();
        for (table, column) in columns {
            let sql = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1000");
            let values = tx.all(&sql, &[], |row| row.next::<Vec<u8>>())?;
            if values.iter().any(|value| is_sealed(value, &keys)) {
                found.insert((table, column));
            }
        }
        Ok(found)
    });
    let found = found.await.unwrap();
    let found: BTreeSet<_> = found.iter().map(|(table, column)| (table.as_str(), column.as_str())).collect();
    assert!(found.len() >= 9, "only {found:?} were found");
    let undeclared: Vec<_> = found.difference(&declared()).copied().collect();
    assert!(undeclared.is_empty(), "sealed under a person's key, but no room's `held` names it: {undeclared:?}");
}

const SQLITE: &str = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND upper(c.type) = 'BYTEA'";
const POSTGRES: &str = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
     WHERE table_schema = 'public' AND data_type = 'bytea'";

/// The vault's form: suite, then the id of a data key.
fn is_sealed(value: &[u8], keys: &BTreeSet<[u8; 16]>) -> bool {
    let header = value.split_first_chunk::<17>();
    header.is_some_and(|([suite, key @ ..], _)| *suite == 1 && keys.contains(key))
}

#[tokio::test]
async fn every_column_has_a_word_and_a_use_in_both_languages() {
    let world = World::new().await;
    for column in ROOMS.iter().filter_map(|room| room.held).flat_map(|held| held.columns) {
        let rows = policy::ROWS.iter().filter(|row| row.field == column.field);
        let uses: BTreeSet<_> = rows.map(|row| row.purpose).collect();
        // A key is no datum about anybody, nor is a secret that is only compared: neither is shown or copied.
        let is_key = ["export-key", "authenticator", "verification-page"].contains(&column.field);
        let is_shown = uses.contains("own-data") && uses.len() > 2;
        assert!(is_key || (uses.contains("export") && is_shown), "{column:?}: {uses:?}");
        for locale in Locale::ALL {
            assert!(Words::new(world.app.catalogue(), locale).find(&column.word(), &[]).is_some(), "{}", column.word());
        }
    }
}

#[tokio::test]
async fn a_column_of_a_field_that_the_policy_does_not_have_stops_the_start() {
    sabotaged();
    static COLUMNS: [Column; 1] = [Column { table: "strange", column: "blood", field: "blood-type" }];
    static HELD: Held = Held { columns: &COLUMNS, find: |_: &mut Tx, _| Ok(Vec::new()) };
    static STRANGE: Room = Room { held: Some(&HELD), ..Room::new("strange", Routes::new, Texts { zh: "", en: "" }) };
    let here = folder();
    let opened = App::open(Config::under(here.path()), Clock::system(), Random::seeded(1), &[&STRANGE]).await;
    assert!(opened.err().expect("it does not start").to_string().contains("strange.blood holds blood-type"));
}
