//! The budget in running text.
//!
//! Most sums there are something else: a unit price, a guarantee, what a reference must have cost. A sum counts where the words
//! of its own part of the sentence call it the budget or the ceiling of the whole, and none calls it less.

use crate::folded::{Folded, has};
use crate::lot;
use crate::money::{self, BareFigure, Budget, Tax};
use crate::reading::Found;

/// What a budget is called.
const CALLED: [&str; 10] =
    ["预算", "限价", "控制价", "总金额", "总价", "采购金额", "采购总额", "项目估算", "采购估算", "预估总额"];

/// A sum is one, too, where it is both foreseen and a sum of the whole.
const FORESEEN: [&str; 2] = ["预估", "预计"];
const SUM: [&str; 3] = ["金额", "总额", "费用"];

/// What is no budget of the whole.
const LESS: [&str; 27] = [
    "单价",
    "单项",
    "单个",
    "单站",
    "单次",
    "每",
    "部分",
    "其中",
    "业绩",
    "合同",
    "保证",
    "资本",
    "罚",
    "违约",
    "投资",
    "概算",
    "造价",
    "代理",
    "工本费",
    "售价",
    "小于",
    "大于",
    "低于",
    "少于",
    "高于",
    "超过",
    "上年",
];

/// What may stand before "超过" all the same: 预算不超过, 限价不超过.
const AT_MOST: [&str; 2] = ["预算不超过", "限价不超过"];

const PART_ENDS: [char; 7] = ['。', ';', ',', '、', '!', '?', '\n'];
const UNITS: [&str; 9] = ["亿元", "千万元", "百万元", "万元", "千元", "元", "万美元", "美元", "万欧元"];

/// How much more a sum with tax may be than without, in percent: the highest rate is 13.
const TAX: i128 = 13;

struct Sum {
    found: Found<Budget>,
    is_of_lot: bool,
}

/// One sum, or the same without and with tax. None where sums disagree.
pub(crate) fn read(title: &Folded, content: &Folded) -> Vec<Found<Budget>> {
    let sums: Vec<Sum> = [title, content].into_iter().flat_map(sums).collect();
    if sums.iter().any(|sum| sum.is_of_lot) {
        return Vec::new();
    }
    let of = |tax: Tax| {
        let mut some = sums.iter().map(|sum| &sum.found).filter(move |found| found.value.tax == tax);
        let first = some.next();
        let agree = some.all(|other| Some(other.value.minor) == first.map(|found| found.value.minor));
        agree.then_some(first)
    };
    // Two different sums of one kind: which one is it?
    let (Some(without), Some(with), Some(bare)) = (of(Tax::Excluded), of(Tax::Included), of(Tax::Unstated)) else {
        return Vec::new();
    };
    let found: Vec<_> = [without, with, bare].into_iter().flatten().cloned().collect();
    match found.as_slice() {
        [_] => found,
        [without, with] if with.value.tax == Tax::Included && is_taxed(&without.value, &with.value) => found,
        // A sum that says nothing of tax beside one that does: told twice.
        [one, bare] if one.value.minor == bare.value.minor => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn is_taxed(without: &Budget, with: &Budget) -> bool {
    let (without, with) = (i128::from(without.minor), i128::from(with.minor));
    without.max(1) <= with && with * 100 <= without * (100 + TAX) + 100
}

fn sums(text: &Folded) -> Vec<Sum> {
    let mut found = Vec::new();
    let (mut at, mut floor) = (0, 0);
    while at < text.signs.len() {
        if !text.signs[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = figure(text, at);
        if let Some((unit, budget)) = unit(text, at, end) {
            found.extend(sum(text, floor, at, unit, budget));
            floor = unit;
        }
        at = end;
    }
    found
}

/// Where the figure ends that begins here; spaces may be strewn into it.
fn figure(text: &Folded, from: usize) -> usize {
    let is_part = |at: usize| match text.signs.get(at) {
        Some('.' | ',') => text.signs.get(at + 1).is_some_and(char::is_ascii_digit),
        Some(sign) => sign.is_ascii_digit() || *sign == ' ',
        None => false,
    };
    (from..).find(|at| !is_part(*at)).unwrap_or(from)
}

/// The unit behind a figure, where it ends, and what both say.
fn unit(text: &Folded, from: usize, end: usize) -> Option<(usize, Budget)> {
    let end = if text.signs.get(end) == Some(&']') || text.signs.get(end) == Some(&'】') { end + 1 } else { end };
    let unit = text.one_of(end, &UNITS)?;
    let digits: String = text.words(from, end).chars().filter(|sign| !matches!(sign, ' ' | ']' | '】')).collect();
    let budget = money::parse(&format!("{digits}{unit}"), BareFigure::Unknown)?;
    Some((end + unit.chars().count(), budget))
}

/// A sum, if the words beside it call it the budget.
fn sum(text: &Folded, floor: usize, from: usize, end: usize, budget: Budget) -> Option<Sum> {
    let (begin, words) = text.before(from, 40, &PART_ENDS);
    let (begin, words) = if begin < floor { (floor, text.words(floor, from)) } else { (begin, words) };
    let called = has(&words, &CALLED) || (has(&words, &FORESEEN) && has(&words, &SUM));
    let rest = AT_MOST.iter().fold(words.clone(), |rest, word| rest.replace(word, "预算"));
    let after = text.words(end, end + 16);
    let rate = ["/", "每", "以上", "以下", "起", "-", "~", "至"].iter().any(|sign| after.starts_with(sign));
    // A range, a rate or a bound is not the sum.
    let is_end = words.ends_with(['-', '~', '—', '–', '至', '到']);
    if !called || rate || is_end || has(&rest, &LESS) || budget.minor == 0 {
        return None;
    }
    let tax = tax_behind(&after).unwrap_or_else(|| tax_before(&words));
    let until = end + tax_length(&after);
    let is_of_lot = lot::is_named(&words);
    Some(Sum { found: Found { value: Budget { tax, ..budget }, spot: text.spot(begin, until) }, is_of_lot })
}

/// (不含税), 人民币(含税)
fn tax_behind(after: &str) -> Option<Tax> {
    let inside = after.trim_start_matches("人民币").strip_prefix('(')?;
    let inside = inside.split(')').next()?;
    match (has(inside, &["不含", "未税"]), inside.contains("含")) {
        (true, _) => Some(Tax::Excluded),
        (_, true) => Some(Tax::Included),
        _ => None,
    }
}

fn tax_length(after: &str) -> usize {
    match (tax_behind(after), after.find(')')) {
        (Some(_), Some(end)) => after[..=end].chars().count(),
        _ => 0,
    }
}

fn tax_before(words: &str) -> Tax {
    let without = ["不含税", "未税", "不含增值税", "除税"].iter().filter_map(|word| words.rfind(word)).max();
    let with = words.replace("不含", "不x").rfind("含税");
    match (without, with) {
        (Some(_), None) => Tax::Excluded,
        (None, Some(_)) => Tax::Included,
        (Some(without), Some(with)) if with > without => Tax::Included,
        (Some(_), Some(_)) => Tax::Excluded,
        _ => Tax::Unstated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Field, Texts};

    fn budgets(content: &str) -> Vec<(i64, Tax)> {
        let found = read(&Folded::of(Field::Title, ""), &Folded::of(Field::Content, content));
        found.iter().map(|found| (found.value.minor, found.value.tax)).collect()
    }

    #[test]
    fn the_sum_that_is_called_the_budget() {
        for (content, fen, tax) in [
            ("拟采购岚河机房空调维保，项目预估总金额为 746.8865万元(不含税)。", 746_886_500, Tax::Excluded),
            ("某大楼照明改造。预估不含 税总价合计 1325 00 元", 13_250_000, Tax::Excluded),
            (
                "其中设备部分金额为700万元(不含税)，服务部分金额为57万元，项目预估总金额为757万元(不含税)。",
                757_000_000,
                Tax::Excluded,
            ),
            ("每路3年单价预估2339.6元（不含税），100路3年总金额233960元（不含税）。", 23_396_000, Tax::Excluded),
            ("最高不含税总价限价210.00万元。", 210_000_000, Tax::Excluded),
            ("采购预算： 43.79 万元（含税），按成交金额签订合同。", 43_790_000, Tax::Included),
            (
                "本项目预估采购金额为 176983.00 元人民币（不含税）， 199990.79 元人民币（含税）",
                17_698_300,
                Tax::Excluded,
            ),
            ("项目估算为：40000元", 4_000_000, Tax::Unstated),
            ("预算不超过３０万元", 30_000_000, Tax::Unstated),
        ] {
            assert_eq!(budgets(content), [(fen, tax)], "{content}");
        }
    }

    #[test]
    fn the_same_sum_without_and_with_tax() {
        let both = [(8_845_609, Tax::Excluded), (9_995_538, Tax::Included)];
        assert_eq!(budgets("预估不含税总预算为88456.09元，预估含税总预算为99955.38元。"), both);
        assert_eq!(budgets("不含税总预算为88456.09元，含税总预算为199955.38元。"), [], "no tax is that high");
    }

    #[test]
    fn what_is_not_certain_stays_unknown() {
        for content in [
            "单项工程含税金额不超过300万元。",
            "本项目投资估算4681.89万元，工程概算4681.89万元。",
            "小微项目仅针对前向合同金额小于50万元的项目。",
            "预算不含税金额为31125元；保电服务预算不含税金额为15000元。",
            "标包1预算100万元，标包2预算50万元。",
            "须提供合同金额不低于50万元的业绩。",
            "投标保证金5000元。预算待定。",
            "预算12万元/年。",
            "预算100-200万元。",
            "预算0元",
            "预算若干万元",
        ] {
            assert_eq!(budgets(content), [], "{content}");
        }
    }

    #[test]
    fn a_reader_finds_the_place() {
        let texts = Texts {
            content: "：采购 服务。采购预算： 43.79 万元（含税），按实结算。", ..Texts::default()
        };
        let found = crate::read(&texts).budgets;
        assert_eq!(texts.words(found[0].spot), "采购预算： 43.79 万元（含税）");
    }
}
