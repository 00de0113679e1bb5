//! What a program read in the texts of others' notices: shown with its place, said to be so, found by it.

use super::{line, load, numbers, text};
use crate::world::World;
use app::reach::notice::{Kind, Notice, Origin, publish};
use kit::db;
use kit::id::Id;
use serde_json::{Value, json};

const CONTENT: &str = "采购 云平台维保服务，共分2个标段。标段1：平台维保；标段2：机房巡检。项目预估总金额为 30 万元（不含税）。<b>详见</b>附件。";
const ASKED: &str = "2.1 供应商应为中华人民共和国境内法律上和财务上独立的法人，合法运作。2.2 本项目不接受联合体响应。";
const BEFORE: &str = "3.5 业绩要求：供应商自2023年1月1日起至少具备2个同类业绩，单个合同金额不低于50万元。";
const EVIDENCE: &str = "递交 5.1 响应文件递交截止时间（即响应截止时间）为：【2026年12月 7 日 9时0 0分】。 5.2";

fn told() -> Vec<Value> {
    let read = json!({
        "budget": null, "deadline": null, "deadlineEvidence": EVIDENCE, "purchaseContent": CONTENT,
        "qualification": ASKED, "performance": BEFORE,
    });
    let torn = json!({ "budget": null, "deadline": null, "purchaseContent": "预算30万元；其余预算10万元。截止时间另行通知。" });
    vec![
        line(1, "岚河通信云平台维保服务询比公告", read),
        line(2, "岚河通信办公家具采购项目询比公告", torn),
        line(3, "岚河通信机房空调招标公告", json!({})),
    ]
}

async fn notice(world: &World, words: &str) -> (String, Value) {
    let list = world.visitor().get(&format!("/notices?words={words}")).await.ok().json();
    let address = list["notices"][0]["address"].as_str().expect("an address").to_owned();
    let notice = world.visitor().get(&address).await.ok().json();
    (address, notice)
}

/// The words of a place are what stands there, counted in characters.
fn stands(notice: &Value, place: &Value) {
    let field = place["field"].as_str().expect("a field");
    let text: Vec<char> = notice[field].as_str().expect(field).chars().collect();
    let at = |name: &str| usize::try_from(place[name].as_u64().expect("a number")).expect("a place");
    let words: String = text[at("from")..at("until")].iter().collect();
    assert_eq!(place["words"], words, "{place}");
}

#[tokio::test]
async fn what_a_program_read_is_shown_with_its_place() {
    let world = World::new().await;
    load(&world, &text(&told())).await;
    let (address, notice) = notice(&world, "云平台").await;
    assert_eq!((&notice["budget"]["minor"], &notice["budget_read"]), (&json!(30_000_000), &json!(true)));
    assert_eq!((&notice["deadline"], &notice["deadline_read"]), (&json!("2026-12-07T01:00:00Z"), &json!(true)));
    let read = &notice["reading"];
    assert_eq!(read["budgets"][0]["tax"], "excluded");
    assert_eq!(read["lot_count"]["lots"], 2);
    let lots: Vec<_> =
        read["lots"].as_array().expect("lots").iter().map(|lot| (&lot["number"], &lot["title"])).collect();
    assert_eq!(lots, [(&json!("1"), &json!("平台维保")), (&json!("2"), &json!("机房巡检"))]);
    let asked: Vec<_> = read["requirements"].as_array().expect("sentences").iter().map(|one| &one["asks"]).collect();
    assert_eq!(asked, ["legal-person", "consortium-refused", "experience"]);
    let references = &read["references"];
    let figures = (&references["since"], &references["cases"], &references["amount"], &references["together"]);
    assert_eq!(figures, (&json!("2023-01-01"), &json!(2), &json!(50_000_000), &json!(false)));
    let places = ["budgets", "lots", "requirements"].into_iter().flat_map(|of| read[of].as_array().expect("a list"));
    for place in places.map(|one| &one["place"]).chain([&read["deadline"]["place"], &references["place"]]) {
        stands(&notice, place);
    }

    let page = world.visitor().page(&address).await.ok().text;
    for part in ["没有人核对", "不接受联合体", "至少2个", "共2个标段", "id=\"read-0\"", "href=\"#read-0\"", "30.00万元"]
    {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(page.contains("&#60;b&#62;详见&#60;/b&#62;") && !page.contains("<b>详见") && !page.contains('⟦'), "{page}");
    let page = world.visitor().page(&format!("{address}?lang=en")).await.ok().text;
    assert!(page.contains("Read by program") && page.contains("No consortia") && !page.contains('⟦'), "{page}");
    let list = world.visitor().page("/notices").await.ok().text;
    assert_eq!(list.matches("程序识读").count(), 2, "the budget and the deadline of one notice: {list}");
}

#[tokio::test]
async fn what_is_not_certain_stays_unknown_and_what_is_read_is_found() {
    let world = World::new().await;
    load(&world, &text(&told())).await;
    let (_, unknown) = notice(&world, "家具").await;
    assert_eq!((&unknown["budget"], &unknown["deadline"]), (&Value::Null, &Value::Null), "two sums, and no time");
    let (_, given) = notice(&world, "空调").await;
    assert_eq!((&given["budget_read"], &given["deadline_read"]), (&json!(false), &json!(false)));
    for words in ["", "words=岚河&"] {
        for (filter, expected) in [
            ("budget_from=250000&budget_until=300000", vec![1, 3]),
            ("deadline_from=2026-12-07&deadline_until=2026-12-07&budget_from=1", vec![1, 3]),
            ("budget_until=299999", vec![]),
        ] {
            let mut found = numbers(&world.visitor(), &format!("/notices?{words}{filter}")).await;
            found.sort_unstable();
            assert_eq!(found, expected, "{words}{filter}");
        }
    }
    let page = world.visitor().page("/notices?budget_until=300000&deadline_from=2026-12-01").await.ok().text;
    assert!(page.contains("不超过30.00万元") && page.contains("截止不早于"), "{page}");
}

/// Our own notices say it in their fields; nobody has to guess.
#[tokio::test]
async fn our_own_notices_are_not_read_by_a_program() {
    let world = World::new().await;
    let id = Id::<Notice>::from_bytes([1; 16]);
    let published = world.app.db().write::<_, db::Error>(move |tx| {
        let origin = Origin::Own { company: [9; 16], tender: [7; 16] };
        let mut notice = Notice::own(id, Kind::Tender, "招标公告", "岚河通信机柜采购招标公告", tx.now(), origin);
        notice.content = Some(CONTENT.to_owned());
        publish(tx, &notice)
    });
    published.await.expect("published");
    let notice = world.visitor().get(&format!("/notices/{id}")).await.ok().json();
    assert_eq!((&notice["reading"], &notice["budget"]), (&Value::Null, &Value::Null));
}
