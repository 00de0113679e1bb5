//! What kind of notice it is.
//!
//! Titles say it in their last words (…二次**更正公告**) and are believed first. Collections sort their notices by the
//! page where they found them, often wrongly, so their word counts only where the title is silent, and the word of a
//! government procurement page (`phase`) only after the folder of its address.

/// The kinds of public notices (信息类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// 预告: what somebody means to buy later.
    Advance,
    /// 公告: an invitation to take part.
    Tender,
    /// 变更: a change to an earlier notice.
    Amendment,
    /// 结果: how it ended: candidates, winner, or no winner.
    Result,
    /// Anything else, known by the source's own word.
    Other,
}

impl Kind {
    /// All, in the order of a procurement's life.
    pub const ALL: [Kind; 5] = [Kind::Advance, Kind::Tender, Kind::Amendment, Kind::Result, Kind::Other];

    /// The code in tables, addresses and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Advance => "advance",
            Kind::Tender => "tender",
            Kind::Amendment => "amendment",
            Kind::Result => "result",
            Kind::Other => "other",
        }
    }

    /// The key of its name in the reader's language.
    pub fn key(self) -> String {
        format!("notice-kind-{}", self.code())
    }

    /// The kind of a code.
    pub fn of(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Signs of a kind, looked for in this order: an amendment of a tender notice is an amendment.
const SIGNS: [(Kind, &[&str]); 5] = [
    (Kind::Amendment, &["更正", "变更", "澄清", "补遗", "延期", "顺延", "修改公告", "答疑", "补充公告"]),
    (
        Kind::Result,
        &["中标", "成交", "结果", "候选人", "废标", "流标", "终止", "失败公告", "入围公示", "中选", "合同公告"],
    ),
    (Kind::Other, &["意见", "建议", "公示的反馈", "单一来源", "直接采购", "打分表公示", "评分表公示", "规范书公示"]),
    (Kind::Advance, &["预公告", "预公示", "预告", "采购意向", "意向公开", "意向公告", "采购计划"]),
    (
        Kind::Tender,
        &["招标", "询比", "比选", "询价", "磋商", "谈判", "采购公告", "预审", "竞价", "遴选", "邀请", "招募", "竞选"],
    ),
];

/// How a title says that its end names the kind.
const ANNOUNCES: [&str; 6] = ["公告", "公示", "通知", "意向", "预告", "公开"];

/// The end of a title in which it names its kind, in characters.
const END: usize = 18;

/// The folders of the government procurement site, by what is published in them.
const FOLDERS: [(&str, Kind); 11] = [
    ("/gkzb/", Kind::Tender),
    ("/zgys/", Kind::Tender),
    ("/yqzb/", Kind::Tender),
    ("/jzxtp/", Kind::Tender),
    ("/jzxcs/", Kind::Tender),
    ("/xjgg/", Kind::Tender),
    ("/gzgg/", Kind::Amendment),
    ("/zbgg/", Kind::Result),
    ("/cjgg/", Kind::Result),
    ("/fblbgg/", Kind::Result),
    ("/zzgg/", Kind::Result),
];

/// Decides from the title, then from the address, then from the source's own word.
pub fn decide(title: &str, url: &str, own_word: &str) -> Kind {
    let folder = FOLDERS.iter().find(|(folder, _)| url.contains(folder));
    by_title(title).or(folder.map(|(_, kind)| *kind)).or_else(|| by_signs(own_word)).unwrap_or(Kind::Other)
}

fn by_title(title: &str) -> Option<Kind> {
    let title = without_brackets(title.trim_end());
    let characters: Vec<char> = title.chars().collect();
    let end: String = characters[characters.len().saturating_sub(END)..].iter().collect();
    let announces = ANNOUNCES.iter().any(|word| end.contains(word));
    announces.then(|| by_signs(&end)).flatten()
}

fn by_signs(words: &str) -> Option<Kind> {
    let fits = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    SIGNS.iter().find(|(_, signs)| fits(signs)).map(|(kind, _)| *kind)
}

/// A title without what stands in brackets at its end: …公告（第二次）.
fn without_brackets(title: &str) -> &str {
    let mut rest = title;
    while rest.ends_with(['）', ')', '】', ']']) {
        let Some(open) = rest.rfind(['（', '(', '【', '[']) else { break };
        rest = rest[..open].trim_end();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_believed_first() {
        for (title, kind) in [
            ("岚河通信2026年云平台维保项目招标公告", Kind::Tender),
            ("临溪铁塔室外机柜集中采购项目-询比（比选）公告", Kind::Tender),
            ("东岑电信实训室设备采购项目竞争性磋商公告", Kind::Tender),
            ("南屿移动车辆租赁项目招标预公告", Kind::Advance),
            ("沅北广电综合能源业务设计采购项目预公示", Kind::Advance),
            ("某县教育局信息化设备采购更正公告（第一次）", Kind::Amendment),
            ("某项目公开招标公告的变更公告", Kind::Amendment),
            ("某市融媒体中心平台项目中标（成交）结果公告", Kind::Result),
            ("某大学融媒体平台建设项目废标公告", Kind::Result),
            ("智慧文旅实训基地项目终止公告(二)", Kind::Result),
            ("关于征集某项目技术规范及评分表意见的公告", Kind::Other),
            ("某公司媒介资源采购项目_直接采购信息公告", Kind::Other),
        ] {
            assert_eq!(decide(title, "https://example.com/", "招标公告"), kind, "{title}");
        }
    }

    #[test]
    fn a_word_amid_the_title_is_what_is_bought() {
        let title = "某公司工商变更登记代办及中标通知书打印软件集中采购服务项目公开招标公告";
        assert_eq!(decide(title, "", ""), Kind::Tender);
    }

    #[test]
    fn a_silent_title_leaves_it_to_the_address_then_to_the_source() {
        let title = "国家体育总局全民健身信息服务平台";
        let ccgp = "http://www.ccgp.gov.cn/cggg/zygg/cjgg/202606/t20260622_1.htm";
        assert_eq!(decide(title, ccgp, "招标公告"), Kind::Result);
        assert_eq!(decide(title, "https://example.com/1", "招标公告"), Kind::Tender);
        assert_eq!(decide(title, "https://example.com/1", "中标公示"), Kind::Result);
        assert_eq!(decide(title, "https://example.com/1", "采购项目预公告"), Kind::Advance);
        assert_eq!(decide(title, "https://example.com/1", "49"), Kind::Other);
    }

    #[test]
    fn codes_lead_back_to_kinds() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.code()), Some(kind));
        }
        assert_eq!(Kind::of("预告"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_title_upsets_it(title in "[（）()公告招标结果 ]{0,30}|\\PC{0,30}") {
            let _ = decide(&title, &title, &title);
        }
    }
}
