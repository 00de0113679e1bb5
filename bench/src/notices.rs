//! Notices of our own making, always the same, in the shape of real ones.

use app::reach::notice::source::category;
use app::reach::notice::{Budget, Kind, Moment, Notice, Origin, Precision, Tax};
use app::reach::region::{self, Region};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use kit::random::Random;

/// How many are published in one unit.
pub const TOGETHER: usize = 500;

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

/// Two characters of these make the name of a place or a plant: 3,600 names, so that words are as rare as real ones.
const SYLLABLES: &str = "岚临东南沅清青云江河山岭海湖原川平安宁泰和顺兴旺福康永长新华明光金玉石松柏梅兰竹菊春夏秋冬天地星月风雨雷电龙凤虎鹤鹿";

/// The first day of publication.
const START: &str = "2025-01-06T01:00:00Z";

/// Over how many seconds the publications spread.
const SPAN: i64 = 650 * 24 * 3600;

/// So many, in pieces for one unit each, with up to `paragraphs` paragraphs.
pub fn made(count: usize, paragraphs: usize) -> impl Iterator<Item = Vec<Notice>> {
    let random = Random::seeded(20_261_123);
    let start: Timestamp = START.parse().expect("an instant");
    let pause = SignedDuration::from_secs(SPAN / i64::try_from(count).unwrap_or(i64::MAX).max(1));
    let mut made = 0..count;
    std::iter::from_fn(move || {
        let some = made.by_ref().take(TOGETHER);
        let at = |number: usize| start + pause * i32::try_from(number).unwrap_or(i32::MAX);
        let some: Vec<_> = some.map(|number| notice(number, at(number), paragraphs, &random)).collect();
        (!some.is_empty()).then_some(some)
    })
}

/// One that has just come.
pub fn fresh(number: usize, now: Timestamp, random: &Random) -> Notice {
    notice(number, now, 4, random)
}

/// What people type into the search line: what they offer, at times with who buys or where; a number; a name.
pub fn words(number: usize, count: usize) -> String {
    let pick = |from: &[&'static str], by: usize| from[number / by % from.len()];
    match number % 4 {
        0 => format!("{} {}", name(number / 5), pick(&WHAT, 3)),
        1 => format!("{}{}", pick(&WHO, 7), name(number / 11)),
        2 => format!("ZY-2026-{:07}", number % count),
        _ => format!("{}{}", name(number / 5), pick(&WHAT, 3)),
    }
}

fn name(number: usize) -> String {
    let syllables: Vec<char> = SYLLABLES.chars().collect();
    [number % syllables.len(), number / syllables.len() % syllables.len()].map(|at| syllables[at]).iter().collect()
}

fn notice(number: usize, published: Timestamp, paragraphs: usize, random: &Random) -> Notice {
    let pick = |from: &[&'static str]| from[index(random, from.len())];
    let (who, what, name) = (pick(&WHO), pick(&WHAT), name(index(random, 3_600)));
    let provinces: Vec<&'static Region> = region::provinces().collect();
    let place = provinces[index(random, provinces.len())];
    let kind = Kind::ALL[index(random, Kind::ALL.len())];
    let minor = i64::try_from(random.below(3_000)).expect("a small number") * 1_000_000 + 5_000_000;
    let title = format!("{}{who}{name}{what}项目（{number:07}）招标公告", place.short_zh());
    let origin = Origin::Own { company: random.bytes(), tender: random.bytes() };
    let content: String = (0..=index(random, paragraphs)).map(|_| format!("{}\n", pick(&PHRASES))).collect();
    Notice {
        buyer: Some(format!("{who}有限公司")),
        project_no: Some(format!("ZY-2026-{number:07}")),
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
