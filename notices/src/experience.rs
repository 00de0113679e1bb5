//! References (业绩): since when, how many, for how much.

use crate::deadline::BEIJING;
use crate::due::moment;
use crate::folded::{Folded, has};
use crate::money::{self, BareFigure};
use crate::reading::Found;
use jiff::civil::Date;

/// What references are asked for. What is empty is not asked or not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Experience {
    /// Contracts signed since this day.
    pub since: Option<Date>,
    /// At least so many.
    pub cases: Option<u32>,
    /// Of at least so many fen.
    pub amount: Option<i64>,
    /// Whether that is what they come to together.
    pub together: bool,
}

const AT_LEAST: [&str; 15] = [
    "至少具备",
    "至少具有",
    "至少提供",
    "至少完成",
    "至少有",
    "至少",
    "不少于",
    "不得少于",
    "最少",
    "≥",
    "具备",
    "具有",
    "业绩案例",
    "业绩",
    "案例",
];
const NO_LESS: [&str; 9] = ["不低于", "不得低于", "不少于", "不得少于", "大于等于", "≥", ">=", "达到", "达"];
const CASES: [&str; 11] = ["个", "份", "项", "例", "家", "单", "宗", "条", "【个", "](个", "】个"];

/// The references that a text asks for. A figure that is told twice and differently is unknown.
pub(crate) fn read(text: &Folded) -> Option<Found<Experience>> {
    let whole = text.words(0, text.signs.len());
    if !has(&whole, &["业绩", "案例", "类似项目", "同类项目"]) {
        return None;
    }
    let dates = all(text, since);
    let cases = all(text, cases);
    let amounts = all(text, amount);
    let value = Experience {
        since: agreed(&dates),
        cases: agreed(&cases),
        amount: agreed(&amounts).map(|amount| amount.0),
        together: agreed(&amounts).is_some_and(|amount| amount.1),
    };
    if value == Experience::default() {
        return None;
    }
    let places = dates.iter().map(|found| (found.1, found.2)).chain(cases.iter().map(|found| (found.1, found.2)));
    let places: Vec<_> = places.chain(amounts.iter().map(|found| (found.1, found.2))).collect();
    let from = places.iter().map(|place| place.0).min()?;
    let until = places.iter().map(|place| place.1).max()?;
    Some(Found { value, spot: text.spot(from, until) })
}

type Placed<T> = (T, usize, usize);

fn all<T>(text: &Folded, one: fn(&Folded, usize) -> Option<Placed<T>>) -> Vec<Placed<T>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.signs.len() {
        let placed = one(text, at);
        at = placed.as_ref().map_or(at + 1, |placed| placed.2.max(at + 1));
        found.extend(placed);
    }
    found
}

fn agreed<T: Copy + PartialEq>(found: &[Placed<T>]) -> Option<T> {
    let first = found.first()?.0;
    found.iter().all(|other| other.0 == first).then_some(first)
}

/// 自2023年1月1日, 2023年1月1日至…, 【2024年1月1日】以来.
fn since(text: &Folded, at: usize) -> Option<Placed<Date>> {
    let begins = text.signs[at].is_ascii_digit() && (at == 0 || !matches!(text.signs[at - 1], '0'..='9' | ' '));
    let (moment, end) = begins.then(|| moment(text, at)).flatten()?;
    let after = text.words(end, end + 4);
    let after = after.trim_start_matches(['】', ']', '(', '起']);
    let (begin, before) = text.before(at, 3, &['。', ';']);
    let goes_on = after.starts_with(['至', '到', '-', '~', '—']) || has(after, &["以来", "以后", "起", "之后"]);
    let is_since = goes_on || before.ends_with('自') || before.ends_with("自【") || before.ends_with('从');
    is_since.then(|| (BEIJING.to_datetime(moment.at).date(), begin, end))
}

/// 至少具备1个, 不少于【2】份, 至少一个.
fn cases(text: &Folded, at: usize) -> Option<Placed<u32>> {
    let word = text.one_of(at, &AT_LEAST)?;
    let mut from = at + word.chars().count();
    from += text.signs[from..].iter().take_while(|sign| matches!(sign, '【' | '[' | ':')).count();
    let digits = text.signs[from..].iter().take_while(|sign| sign.is_ascii_digit()).count();
    let han = "一二三四五六七八九十两";
    let (value, mut end) = match (digits, text.signs.get(from)) {
        (1..=3, _) => (text.words(from, from + digits).parse().ok()?, from + digits),
        (0, Some(sign)) => {
            let place = han.chars().position(|one| one == *sign)?;
            (if *sign == '两' { 2 } else { u32::try_from(place + 1).ok()? }, from + 1)
        }
        _ => return None,
    };
    end += text.signs[end..].iter().take_while(|sign| matches!(sign, '】' | ']')).count();
    let unit = text.one_of(end, &CASES)?;
    let after = text.words(end, end + 4);
    let other = ["个月", "个工作", "个人", "个日", "家以上", "项目经", "单项", "单个", "个标", "单位"];
    let sane = value > 0 && !has(&after, &other);
    sane.then(|| (value, at, end + unit.chars().count()))
}

/// 不低于50万元, 累计金额≥【150】万元: how much, and whether together.
fn amount(text: &Folded, at: usize) -> Option<Placed<(i64, bool)>> {
    let word = text.one_of(at, &NO_LESS)?;
    let from = at + word.chars().count();
    let is_part = |sign: &&char| sign.is_ascii_digit() || ".,【】[] ".contains(**sign) || "人民币".contains(**sign);
    let length = text.signs[from..].iter().take_while(is_part).count();
    let unit = text.one_of(from + length, &["亿元", "万元", "元"])?;
    let digits: String =
        text.words(from, from + length).chars().filter(|c| c.is_ascii_digit() || ".,".contains(*c)).collect();
    let sum = money::parse(&format!("{digits}{unit}"), BareFigure::Unknown)?;
    let (_, before) = text.before(at, 24, &['。', ';', ',']);
    Some(((sum.minor, has(&before, &["累计", "合计", "总额"])), at, from + length + unit.chars().count()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Field;
    use jiff::civil::date;

    fn asked(text: &str) -> Option<Experience> {
        read(&Folded::of(Field::Performance, text)).map(|found| found.value)
    }

    #[test]
    fn the_forms_of_real_notices() {
        let since = Some(date(2023, 1, 1));
        let cases = |cases| Experience { since, cases: Some(cases), ..Experience::default() };
        for (text, expected) in [
            (
                "3.8业绩要求：供应商自【2023年1月1日至响应截止时间】至少具备1个同类案例业绩【同类业绩指：管道施工】。",
                cases(1),
            ),
            ("供应商须提供 2023年1月1日至公告发布之日前至少具备一个与本项目类似的同类业绩。", cases(1)),
            ("自 202 3 年1月1日起至公告发出之日前一日止具有不少于2个的维护服务类似业绩。", cases(2)),
        ] {
            assert_eq!(asked(text), Some(expected), "{text}");
        }
        let text = "供应商提供【2023年1月1日】至公告发出之前同类项目业绩，累计业绩完成金额≥【150】万元。";
        let expected = Experience { since, amount: Some(150_000_000), together: true, ..Experience::default() };
        assert_eq!(asked(text), Some(expected));
        let text = "自2023年1月1日至今的相关业绩：至少提供一份合同金额不少于3万元的同类项目合同。";
        assert_eq!(asked(text), Some(Experience { amount: Some(3_000_000), ..cases(1) }));
    }

    #[test]
    fn what_is_told_twice_and_differently_is_unknown() {
        let text = "标包1：自2023年1月1日起至少具备1个业绩；标包2：自2024年1月1日起至少具备1个业绩。";
        assert_eq!(asked(text), Some(Experience { cases: Some(1), ..Experience::default() }));
        let text = "自2023年1月1日起累计金额1000万元以上的同类业绩，且单个业绩金额不得低于100万元。";
        assert_eq!(asked(text).map(|asked| (asked.amount, asked.together)), Some((Some(100_000_000), false)));
        assert_eq!(asked("3.7业绩要求："), None);
        assert_eq!(asked("服务期至少12个月"), None);
    }
}
