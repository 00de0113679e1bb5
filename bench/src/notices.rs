//! Ten thousand notices of our own making, always the same, in the shape of real ones.

use app::app::App;
use app::reach::notice::source::category;
use app::reach::notice::{Budget, Kind, Moment, Notice, Origin, Precision, Tax, publish};
use app::reach::region::{self, Region};
use jiff::{SignedDuration, Timestamp};
use kit::db;
use kit::id::Id;
use kit::random::Random;

/// How many are published in one unit.
const TOGETHER: usize = 500;

/// What is bought, and the category's title words follow from it.
const WHAT: [&str; 12] = [
    "云平台维保",
    "机房空调改造",
    "办公家具采购",
    "智慧园区设计",
    "网络安全服务",
    "融媒体中心平台建设",
    "数据治理咨询",
    "光缆线路施工",
    "视频会议系统升级",
    "物业管理服务",
    "实训室设备采购",
    "车辆租赁",
];

const WHO: [&str; 6] = ["岚河通信", "临溪铁塔", "东岑电信学院", "南屿移动", "沅北广电", "清渡融媒体中心"];

const PHRASES: [&str; 6] = [
    "本项目资金已落实，现面向具备相应能力的单位公开选择服务商。",
    "服务期自合同签订之日起十二个月，验收合格后按约定支付。",
    "投标人须具有独立法人资格，近三年内无重大违法记录。",
    "交付地点由采购人指定，运输、安装、调试和培训的费用包含在报价之中。",
    "成果须符合国家和行业现行标准，并通过采购人组织的专家评审。",
    "技术方案应当说明实施步骤、人员安排、质量保证和应急措施。",
];

/// Publishes them, numbers their events and indexes them. Answers their ids.
///
/// # Panics
/// When the database or the index fails.
pub async fn fill(app: &App, count: usize) -> Vec<Id<Notice>> {
    let random = Random::seeded(20_261_123);
    let start: Timestamp = "2026-01-05T01:00:00Z".parse().expect("an instant");
    let notices: Vec<Notice> = (0..count).map(|number| notice(number, start, &random)).collect();
    for some in notices.chunks(TOGETHER) {
        let some = some.to_vec();
        let unit = app.db().write::<_, db::Error>(move |tx| some.iter().try_for_each(|one| publish(tx, one)));
        unit.await.expect("notices are published");
    }
    app.settle().await.expect("notices are indexed");
    notices.iter().map(|notice| notice.id).collect()
}

fn notice(number: usize, start: Timestamp, random: &Random) -> Notice {
    let pick = |from: &[&'static str]| from[index(random, from.len())];
    let (who, what) = (pick(&WHO), pick(&WHAT));
    let provinces: Vec<&'static Region> = region::provinces().collect();
    let place = provinces[index(random, provinces.len())];
    let kind = Kind::ALL[index(random, Kind::ALL.len())];
    let published = start + SignedDuration::from_mins(number as i64 * 45);
    let minor = i64::try_from(random.below(3_000)).expect("a small number") * 1_000_000 + 5_000_000;
    let title = format!("{}{who}{what}项目（{number:05}）招标公告", place.short_zh());
    let origin = Origin::Own { company: random.bytes(), tender: random.bytes() };
    let paragraphs = 8 + index(random, 16);
    let content: String = (0..paragraphs).map(|_| format!("{}\n", pick(&PHRASES))).collect();
    Notice {
        buyer: Some(format!("{who}有限公司")),
        project_no: Some(format!("ZY-2026-{number:05}")),
        region: Some(place),
        category: category::classify(&title, &content),
        content: Some(content),
        qualification: Some(pick(&PHRASES).to_owned()),
        budget: Some(Budget { minor, currency: "CNY", tax: Tax::Included, range: false }),
        deadline: Some(Moment {
            at: published + SignedDuration::from_hours(24 * 20),
            precision: Precision::Time,
            range: false,
        }),
        ..Notice::own(Id::v7(published, random), kind, "", &title, published, origin)
    }
}

fn index(random: &Random, end: usize) -> usize {
    usize::try_from(random.below(end as u64)).expect("below a length")
}
