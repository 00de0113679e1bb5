//! What a notice tells, more exactly than its kind: whether a result is an award, a failure or a termination.

use super::super::source::Kind;

/// The end of a title in which it names what it is, in characters.
const END: usize = 18;

/// Signs within a kind, looked for in this order.
const SIGNS: [(Kind, &str, &[&str]); 4] = [
    (Kind::Result, "termination", &["终止"]),
    (Kind::Result, "failure", &["流标", "废标", "失败"]),
    (Kind::Result, "candidates", &["候选人"]),
    (Kind::Amendment, "clarification", &["澄清", "答疑", "补遗"]),
];

/// The code: one of the kinds', or `termination`, `failure`, `candidates`, `clarification`.
pub fn exact(kind: Kind, word: &str, title: &str) -> &'static str {
    let from = title.char_indices().rev().nth(END - 1).map_or(0, |(at, _)| at);
    let end = title.get(from..).unwrap_or_default();
    let fits = |signs: &[&str]| signs.iter().any(|sign| word.contains(sign) || end.contains(sign));
    let found = SIGNS.iter().find(|(of, _, signs)| *of == kind && fits(signs));
    found.map_or(kind.code(), |(_, code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_told_exactly() {
        for (kind, word, title, expected) in [
            (Kind::Result, "终止公告", "岚河机房空调终止公告", "termination"),
            (Kind::Result, "流标公告", "岚河机房空调", "failure"),
            (Kind::Result, "", "岚河机房空调废标公告", "failure"),
            (Kind::Result, "", "岚河机房空调中标候选人公示", "candidates"),
            (Kind::Result, "中标公告", "合同终止管理软件采购项目（第二次）公开招标中标公告", "result"),
            (Kind::Amendment, "", "岚河机房空调澄清公告", "clarification"),
            (Kind::Amendment, "变更公告", "岚河机房空调变更公告", "amendment"),
            (Kind::Tender, "招标公告", "终止合同清算服务招标公告", "tender"),
        ] {
            assert_eq!(exact(kind, word, title), expected, "{title}");
        }
    }
}
