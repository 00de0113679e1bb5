//! What is asked of those who take part, sentence by sentence.

use crate::folded::{Folded, has};
use crate::reading::Found;

/// A sentence of the qualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// What it asks for.
    pub asks: Asks,
    /// The number it has in the notice: `2.1.1`.
    pub number: Option<String>,
}

/// What a sentence asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asks {
    /// 独立法人: an organisation by law, and of its own.
    LegalPerson,
    /// 分支机构: on which terms a branch takes part.
    Branch,
    /// 关联关系: who may not take part beside whom.
    Related,
    /// 联合体接受: consortia may take part.
    ConsortiumAllowed,
    /// 联合体不接受: they may not.
    ConsortiumRefused,
    /// 资信: means and good repute.
    Standing,
    /// 信用记录: no entry on the lists of the untrustworthy, no crime.
    Record,
    /// 资质: a licence, permit or certificate.
    Licence,
    /// 业绩: references.
    Experience,
    /// 人员: certain people.
    Staff,
    /// 授权: the maker's authorisation.
    Authorised,
    /// 纳税人: invoices of a certain kind.
    Tax,
    /// 分包限制: what may not be handed on.
    Subcontract,
    /// 证明材料: which papers prove it.
    Papers,
    /// Something else.
    Other,
}

impl Asks {
    /// All, in the order in which they are told.
    pub const ALL: [Asks; 15] = [
        Asks::LegalPerson,
        Asks::Branch,
        Asks::Related,
        Asks::ConsortiumAllowed,
        Asks::ConsortiumRefused,
        Asks::Standing,
        Asks::Record,
        Asks::Licence,
        Asks::Experience,
        Asks::Staff,
        Asks::Authorised,
        Asks::Tax,
        Asks::Subcontract,
        Asks::Papers,
        Asks::Other,
    ];

    /// The code in JSON and of its text.
    pub fn code(self) -> &'static str {
        match self {
            Asks::LegalPerson => "legal-person",
            Asks::Branch => "branch",
            Asks::Related => "related",
            Asks::ConsortiumAllowed => "consortium-allowed",
            Asks::ConsortiumRefused => "consortium-refused",
            Asks::Standing => "standing",
            Asks::Record => "record",
            Asks::Licence => "licence",
            Asks::Experience => "experience",
            Asks::Staff => "staff",
            Asks::Authorised => "authorised",
            Asks::Tax => "tax",
            Asks::Subcontract => "subcontract",
            Asks::Papers => "papers",
            Asks::Other => "other",
        }
    }
}

/// Signs of what is asked, looked for in this order: "不具备法人资格的分支机构" is of branches.
const SIGNS: [(Asks, &[&str]); 14] = [
    (
        Asks::ConsortiumRefused,
        &[
            "不接受联合体",
            "不允许联合体",
            "不得以联合体",
            "联合体投标不",
            "不接受任何形式的联合体",
            "拒绝联合体",
            "不采用联合体",
        ],
    ),
    (Asks::ConsortiumAllowed, &["接受联合体", "允许联合体", "可以联合体", "可组成联合体", "以联合体形式"]),
    (Asks::Experience, &["业绩", "类似项目", "同类案例", "案例要求", "同类指"]),
    (
        Asks::Related,
        &[
            "同一法人",
            "控股",
            "管理关系",
            "单位负责人",
            "同一母公司",
            "关联关系",
            "利害关系",
            "不得同时参加",
            "不得参加同一",
        ],
    ),
    (Asks::Branch, &["分支机构", "分公司"]),
    (
        Asks::Record,
        &["失信", "黑名单", "信用中国", "违法", "行贿", "犯罪", "负面行为", "禁止交易", "限制参加", "不良行为"],
    ),
    (Asks::Subcontract, &["转包", "不允许分包", "不得分包", "禁止分包", "分包给"]),
    (
        Asks::Staff,
        &[
            "项目经理",
            "项目负责人",
            "建造师",
            "工程师",
            "持证人员",
            "技术人员",
            "服务人员",
            "社保",
            "操作证",
            "人员要求",
            "从业人员",
        ],
    ),
    (Asks::Licence, &["资质", "许可证", "许可", "认证证书", "体系认证", "经营范围", "备案", "准入"]),
    (Asks::Authorised, &["制造商", "代理商", "原厂", "授权书", "授权函", "生产厂家"]),
    (Asks::Standing, &["资信", "信誉", "财务状况", "注册资本", "注册资金", "审计报告", "净资产", "资产负债"]),
    (Asks::Tax, &["纳税人", "增值税", "专用发票"]),
    (
        Asks::LegalPerson,
        &[
            "独立的法人",
            "独立法人",
            "独立承担民事责任",
            "依法登记注册",
            "合法运作",
            "法人资格",
            "法人或",
            "法人，",
            "依法设立",
            "依法成立",
            "法人,",
        ],
    ),
    (Asks::Papers, &["营业执照", "证明文件", "证明材料", "登记证书", "复印件", "扫描件", "证书"]),
];

/// How a sentence speaks of the papers that prove something, and how it asks for the thing itself all the same.
const PROOF: [&str; 10] =
    ["评审依据", "评标依据", "证明材料不全", "业绩证明材料", "关键页", "框架合同", "扫描件", "复印件", "虚假", "发票"];
const ITSELF: [&str; 9] =
    ["业绩要求", "至少具", "至少一", "至少提供一", "累计", "业绩指", "不低于", "不少于", "一般纳税人"];

fn asked(words: &str) -> Asks {
    if has(words, &PROOF) && !has(words, &ITSELF) {
        return Asks::Papers;
    }
    SIGNS.iter().find(|(_, signs)| has(words, signs)).map_or(Asks::Other, |(asks, _)| *asks)
}

/// The sentences of a text, each with what it asks for. What stands in 【】 or brackets belongs to its sentence.
pub(crate) fn read(text: &Folded) -> Vec<Found<Clause>> {
    let mut found = Vec::new();
    let mut number = None;
    for (from, until) in sentences(text) {
        let (own, begin) = numbered(text, from, until);
        if own.is_some() {
            number = own;
        }
        // A heading, or what an extraction cut off.
        if until.saturating_sub(begin) < 8 {
            continue;
        }
        let asks = asked(&text.words(begin, until));
        found.push(Found { value: Clause { asks, number: number.clone() }, spot: text.spot(begin, until) });
    }
    found
}

fn sentences(text: &Folded) -> Vec<(usize, usize)> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0usize);
    for (at, sign) in text.signs.iter().enumerate() {
        match sign {
            '(' | '【' | '[' => depth += 1,
            ')' | '】' | ']' => depth = depth.saturating_sub(1),
            '。' | ';' if depth == 0 => {
                parts.push((from, at + 1));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push((from, text.signs.len()));
    parts.retain(|(from, until)| from < until);
    parts
}

/// The number at the beginning of a sentence, and where its words begin: `2.1.1`, `3.`, `①`, `(1)`.
fn numbered(text: &Folded, from: usize, until: usize) -> (Option<String>, usize) {
    let part = &text.signs[from..until];
    let digits = part.iter().take_while(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ' ')).count();
    if digits > 1 && part[..digits].contains(&'.') && part[0].is_ascii_digit() {
        let number: String = part[..digits].iter().filter(|sign| **sign != ' ').collect();
        return (Some(number.trim_end_matches('.').to_owned()), from + digits);
    }
    match part {
        ['①'..='⑳', ..] => (Some(part[0].to_string()), from + 1),
        ['(', number, ')', ..] if number.is_ascii_digit() => (Some(format!("({number})")), from + 3),
        _ => (None, from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Field;

    fn asks(text: &str) -> Vec<Asks> {
        read(&Folded::of(Field::Qualification, text)).into_iter().map(|found| found.value.asks).collect()
    }

    #[test]
    fn each_sentence_asks_for_something() {
        let text = "2.1.1 供应商 应为 中华人民共和国境内法律上和财务上独立的法人，合法运作并独立于采购人。 供应商应具有良好的银行资信和商业信誉。\
                    法人下属不具备法人资格的分支机构参与响应的，应提供所属法人的有效授权。同一法人授权多个分支机构同时参加，均视为同一供应商响应。\
                    提供合法有效的登记证明文件（营业执照。或事业单位法人证书）。";
        assert_eq!(asks(text), [Asks::LegalPerson, Asks::Standing, Asks::Branch, Asks::Related, Asks::Papers]);
        let found = read(&Folded::of(Field::Qualification, text));
        assert_eq!(found[0].value.number.as_deref(), Some("2.1.1"));
        assert_eq!(found[4].value.number.as_deref(), Some("2.1.1"), "a number holds for what follows it");
    }

    #[test]
    fn consortia_are_allowed_or_refused() {
        assert_eq!(asks("本项目不接受联合体响应。"), [Asks::ConsortiumRefused]);
        assert_eq!(asks("3.4 本项目接受联合体投标。"), [Asks::ConsortiumAllowed]);
        assert_eq!(asks("供应商须具备有效的安全生产许可证；项目经理须持一级建造师证。"), [Asks::Licence, Asks::Staff]);
        assert_eq!(asks("：。；"), []);
        assert_eq!(asks("其他未尽事宜详见采购文件。"), [Asks::Other]);
    }

    #[test]
    fn codes_are_one_each() {
        let codes: std::collections::HashSet<_> = Asks::ALL.iter().map(|asks| asks.code()).collect();
        assert_eq!(codes.len(), Asks::ALL.len());
    }
}
