//! Lots (标包, 标段, 采购包): which ones a notice is about, and into how many the whole is divided.

use crate::folded::Folded;
use crate::reading::{Field, Found};

/// A lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Its number as it is written: `1`, `二`, `A`.
    pub number: String,
    /// What it is called, where the text says so.
    pub title: Option<String>,
}

/// What a lot is called, the longer first. A lone 包 is one only where nothing else can be meant: 背包, 包工.
const CALLED: [&str; 9] = ["采购包", "标包", "标段", "分包", "合同包", "包件", "包组", "标项", "包"];

/// What makes another word of 包: 背包, 面包, 服务包, 软件包, 总承包.
const OTHER_PACKS: [char; 22] = [
    '背', '书', '面', '钱', '红', '件', '务', '外', '承', '打', '礼', '电', '具', '众', '和', '据', '源', '餐', '药',
    '邮', '分', '发',
];

/// Most lots of one notice: beyond, something else was read.
const MOST: usize = 100;

/// What ends a lot's name.
const NAME_ENDS: [&str; 24] = [
    "公开招标",
    "招标公告",
    "询比公告",
    "比选公告",
    "竞争性",
    "谈判",
    "询价",
    "询比",
    "招标",
    "公告",
    "采购公告",
    "中标",
    "成交",
    "结果",
    "更正",
    "变更",
    "。",
    ";",
    ",",
    ")",
    "】",
    "]",
    "(第",
    "的技术规范",
];

/// The lots of the title and the content, each number once, and how many there are said to be.
pub(crate) fn read(title: &Folded, content: &Folded) -> (Vec<Found<Lot>>, Option<Found<u32>>) {
    let mut lots: Vec<Found<Lot>> = Vec::new();
    for found in named(title).into_iter().chain(named(content)) {
        match lots.iter_mut().find(|lot| lot.value.number == found.value.number) {
            None => lots.push(found),
            Some(known) if known.value.title.is_none() && found.value.title.is_some() => *known = found,
            Some(_) => {}
        }
    }
    if lots.len() > MOST {
        lots.clear();
    }
    (lots, count(content).or_else(|| count(title)))
}

/// Whether a lot is named in these words.
pub(crate) fn is_named(words: &str) -> bool {
    !named(&Folded::of(Field::Content, words)).is_empty()
}

fn named(text: &Folded) -> Vec<Found<Lot>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.signs.len() {
        match mention(text, at) {
            Some((lots, end)) => {
                found.extend(lots);
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// 标包2：宁波, 标段1、2, 3-4标段, 第2包.
fn mention(text: &Folded, at: usize) -> Option<(Vec<Found<Lot>>, usize)> {
    let leading = before_word(text, at);
    let is_signed = |end: usize| text.signs.get(end).is_some_and(|sign| *sign == ':');
    let may_be_named = leading.as_ref().is_none_or(|(_, end, _)| is_signed(*end));
    let (numbers, end, begin) = leading.or_else(|| after_word(text, at))?;
    let (title, until) = match numbers.len() {
        1 if may_be_named => name(text, end).map_or((None, end), |(name, until)| (Some(name), until)),
        _ => (None, end),
    };
    let spot = text.spot(begin, until);
    let lot = |number: String| Found { value: Lot { number, title: title.clone() }, spot };
    Some((numbers.into_iter().map(lot).collect(), until))
}

/// 第2包, 3-4标段, 二标段. A number of lots (共2个标包) is none.
fn before_word(text: &Folded, at: usize) -> Option<(Vec<String>, usize, usize)> {
    let ordinal = text.starts(at, "第");
    let from = at + usize::from(ordinal);
    let before = at.checked_sub(1).map(|before| text.signs[before]);
    if !ordinal && before.is_some_and(|sign| is_number(sign) || sign.is_ascii_alphabetic() || sign == '第') {
        return None;
    }
    let (numbers, end) = numbers(text, from)?;
    let word = text.one_of(end, &CALLED)?;
    let is_letter = numbers.iter().all(|number| number.chars().all(|sign| sign.is_ascii_uppercase()));
    if word == "包" && !ordinal && !is_letter {
        return None;
    }
    let end = end + word.chars().count();
    // 第2包3号: the number that follows would be the lot's own.
    (!text.signs.get(end).is_some_and(char::is_ascii_digit)).then_some((numbers, end, at))
}

/// 标包1, 采购包2、3, 包3 where 包 begins a word.
fn after_word(text: &Folded, at: usize) -> Option<(Vec<String>, usize, usize)> {
    let word = text.one_of(at, &CALLED)?;
    let before = at.checked_sub(1).map(|before| text.signs[before]);
    if word == "包" && before.is_some_and(|sign| OTHER_PACKS.contains(&sign)) {
        return None;
    }
    let (numbers, end) = numbers(text, at + word.chars().count())?;
    let counted = text.one_of(end, &["号", "个", "栋", "楼", "层", "%", ".", "家", "年", "月", "台", "套"]).is_some();
    (!counted).then_some((numbers, end, at))
}

/// 1, 1-3, 1、2, 1和2, 一, A.
fn numbers(text: &Folded, from: usize) -> Option<(Vec<String>, usize)> {
    let (first, mut at) = number(text, from)?;
    let mut all = vec![first];
    while let Some(sign) = text.signs.get(at) {
        let is_range = matches!(sign, '-' | '~' | '至' | '到' | '—');
        if !is_range && !matches!(sign, '、' | '和' | '及' | '与' | '/') {
            break;
        }
        let Some((next, end)) = number(text, at + 1).filter(|_| all.len() < MOST) else { break };
        match (is_range, all.last().and_then(|last| last.parse::<u32>().ok()), next.parse::<u32>().ok()) {
            (true, Some(last), Some(to)) if last < to && to - last < 50 => {
                all.extend((last + 1..=to).map(|number| number.to_string()));
            }
            (true, ..) => return None,
            _ => all.push(next),
        }
        at = end;
    }
    Some((all, at))
}

fn number(text: &Folded, from: usize) -> Option<(String, usize)> {
    let run = |is: fn(char) -> bool, most: usize| -> Option<(String, usize)> {
        let length = text.signs.get(from..)?.iter().take_while(|sign| is(**sign)).count();
        (1..=most).contains(&length).then(|| (text.words(from, from + length), from + length))
    };
    let digits = run(|sign| sign.is_ascii_digit(), 2);
    let digits = digits.map(|(digits, end)| (digits.trim_start_matches('0').to_owned(), end));
    let digits = digits.filter(|(digits, _)| !digits.is_empty());
    digits.or_else(|| run(is_han_number, 2)).or_else(|| run(|sign| ('A'..='H').contains(&sign), 1))
}

fn is_number(sign: char) -> bool {
    sign.is_ascii_digit() || is_han_number(sign)
}

fn is_han_number(sign: char) -> bool {
    "一二三四五六七八九十".contains(sign)
}

/// What stands behind the number, up to where something else begins. A title without a sign before it counts too: 标包2湘东区.
fn name(text: &Folded, from: usize) -> Option<(String, usize)> {
    let signed = text.signs.get(from).is_some_and(|sign| ":-—_".contains(*sign));
    let begin = from + usize::from(signed);
    let stops = |at: usize| {
        let next_lot = at > begin && (before_word(text, at).is_some() || after_word(text, at).is_some());
        at >= text.signs.len() || next_lot || text.one_of(at, &NAME_ENDS).is_some() || "-(（".contains(text.signs[at])
    };
    let end = (begin..=begin + 40).find(|at| stops(*at))?;
    let name = text.words(begin, end);
    let is_name = name.chars().count() >= 2 && name.chars().any(|sign| !sign.is_ascii() && sign.is_alphabetic());
    let name = name.trim_end_matches("重新").to_owned();
    let is_sentence = ["的", "为", "进行", "主要", "因", "建设项目", "与", "及", "预算", "含税", "限价", "项目名称"]
        .iter()
        .any(|word| name.starts_with(word));
    let is_name = is_name && !(is_sentence || name.contains("不含税") || name == "项目" || name == "采购");
    is_name.then_some((name, end))
}

/// 划分为2个标包, 共3个标段.
fn count(text: &Folded) -> Option<Found<u32>> {
    (0..text.signs.len()).find_map(|at| {
        let begins = at == 0 || !is_number(text.signs[at - 1]);
        let (number, end) = number(text, at).filter(|_| begins)?;
        let word = text.starts(end, "个").then(|| text.one_of(end + 1, &CALLED[..8])).flatten()?;
        let value = number.parse().ok().or_else(|| {
            let place = "一二三四五六七八九十".chars().position(|sign| number == sign.to_string())?;
            u32::try_from(place + 1).ok()
        })?;
        let (begin, before) = text.before(at, 12, &['。', ';', ',', ':']);
        let divided = ["分", "共", "设", "划", "计"].iter().any(|word| before.contains(word));
        divided.then(|| Found { value, spot: text.spot(begin, end + 1 + word.chars().count()) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lots(text: &str) -> Vec<(String, Option<String>)> {
        let found = read(&Folded::of(Field::Title, text), &Folded::of(Field::Content, ""));
        found.0.into_iter().map(|found| (found.value.number, found.value.title)).collect()
    }

    fn numbers(text: &str) -> Vec<String> {
        lots(text).into_iter().map(|(number, _)| number).collect()
    }

    #[test]
    fn the_forms_of_real_notices() {
        for (text, expected) in [
            ("岚河通信机房空调维保项目标包2：临溪、东岑招标公告", vec!["2"]),
            ("岚河通信维保服务采购项目(包3岚云平台维保服务)_直接采购信息公告", vec!["3"]),
            ("某县教学设备更新项目（3-4标段）-更正公告", vec!["3", "4"]),
            ("融媒体节目制播第2包中标公告", vec!["2"]),
            ("岚河媒介资源项目(采购包2 电影映前广告采购包3 快递柜)_谈判采购公告", vec!["2", "3"]),
            ("云软件维保项目标包1、2招标公告", vec!["1", "2"]),
            ("岚河道路养护二标段询比公告", vec!["二"]),
            ("运维技术服务项目标段1招标公告", vec!["1"]),
            ("岚河职校设备采购项目A包（第二次）招标公告", vec!["A"]),
            ("岚河融媒体建设项目（C包、D包、G包）的中标公告", vec!["C", "D", "G"]),
            ("岚河教学平台包1、包2（二次）废标公告", vec!["1", "2"]),
            ("岚河信息化项目260716fc包一询比公告", vec!["一"]),
        ] {
            assert_eq!(numbers(text), expected, "{text}");
        }
        assert_eq!(lots("某项目标包1：岚河机房改造询比公告"), [("1".into(), Some("岚河机房改造".into()))]);
        assert_eq!(lots("某项目标包1岚河县询比公告"), [("1".into(), Some("岚河县".into()))]);
        assert_eq!(lots("某项目（标包1）招标公告"), [("1".into(), None)]);
    }

    #[test]
    fn what_is_no_lot() {
        for text in [
            "路测小背包2026年采购",
            "室分施工采用包工部分包料的方式实施",
            "养老中心项目（标段 10 号、 11 号楼）",
            "1.2采购内容及标包划分情况：",
            "本项目不划分标包",
            "面包3吨",
            "软件包2套",
            "分包2026年",
        ] {
            assert_eq!(numbers(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn how_many_there_are() {
        let count = |text: &str| count(&Folded::of(Field::Content, text)).map(|found| found.value);
        assert_eq!(count("本项目划为2个标包，具体如下："), Some(2));
        assert_eq!(count("本次采购共分三个标段"), Some(3));
        assert_eq!(count("供应商最多可中2个标包"), None);
    }

    #[test]
    fn a_number_of_lots_is_no_lot() {
        assert_eq!(numbers("本项目划为2个标包"), [""; 0]);
    }
}
