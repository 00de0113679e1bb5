//! The deadline in running text: "响应文件递交截止时间（即响应截止时间）为：【2026年8月 21 日 9时00分】".

use crate::deadline::{Moment, point_at};
use crate::folded::{Folded, has};
use crate::reading::Found;

/// What ends.
const ENDS: [&str; 3] = ["截止时间", "截止日期", "截止日"];

/// For bids; and for something else.
const OF_BIDS: [&str; 12] =
    ["投标", "响应", "应答", "报价", "递交", "提交", "比选", "参选", "磋商", "谈判", "竞价", "上传"];
const OF_OTHERS: [&str; 16] = [
    "获取",
    "领取",
    "发售",
    "购买",
    "下载",
    "报名",
    "质疑",
    "提问",
    "澄清",
    "异议",
    "公示",
    "保证金",
    "服务期",
    "合同",
    "意见",
    "业绩",
];

const PART_ENDS: [char; 5] = ['。', ';', ',', '!', '\n'];

/// How far behind the words the time may begin, in signs.
const NEAR: usize = 28;

/// How many signs a time has at most.
const LONGEST: usize = 48;

/// The time that is called the deadline of bids. None where places disagree.
pub(crate) fn read(texts: &[&Folded]) -> Option<Found<Moment>> {
    let mut found = texts.iter().flat_map(|text| dues(text));
    let first = found.next()?;
    found.all(|other| other.value.at == first.value.at).then_some(first)
}

fn dues(text: &Folded) -> Vec<Found<Moment>> {
    (0..text.signs.len()).filter_map(|at| due(text, at)).collect()
}

fn due(text: &Folded, at: usize) -> Option<Found<Moment>> {
    let word = text.one_of(at, &ENDS)?;
    let (begin, before) = text.before(at, 24, &PART_ENDS);
    if !has(&before, &OF_BIDS) || has(&before, &OF_OTHERS) {
        return None;
    }
    let behind = at + word.chars().count();
    let from = (behind..text.signs.len().min(behind + NEAR)).find(|at| text.signs[*at].is_ascii_digit())?;
    if !is_filler(&text.words(behind, from)) {
        return None;
    }
    let (moment, until) = moment(text, from)?;
    let goes_on = text.one_of(until, &["至", "到", "-", "~", "—", "起", "前发布", "后"]).is_some();
    (!goes_on).then(|| Found { value: moment, spot: text.spot(begin, until) })
}

/// What may stand between: "（即响应截止时间，下同）为：【". A sentence that ends or goes on to something else does not.
fn is_filler(words: &str) -> bool {
    let mut depth = 0usize;
    let mut rest = String::new();
    for sign in words.chars() {
        match sign {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => rest.push(sign),
        }
    }
    let known = ["北京时间", "暂定", "为", "是", ":", "【", "[", "于", "即"];
    let rest = known.iter().fold(rest, |rest, word| rest.replace(word, ""));
    // A bracket that is still open is that of the time: （2026年8月21日9时）.
    rest.is_empty() && depth <= 1 && !has(words, &["。", ";", "获取", "公示"])
}

/// A point in time from here on. Between 年, 月, 日, 时, 分 and 秒 there is one number, however it was torn: 9时0 0分.
pub(crate) fn moment(text: &Folded, from: usize) -> Option<(Moment, usize)> {
    let year = (from..).find(|at| !matches!(text.signs.get(*at), Some('0'..='9' | ' ')))?;
    if text.signs.get(year) != Some(&'年') {
        return point_at(&text.signs, from);
    }
    let is_of_time = |sign: &char| sign.is_ascii_digit() || " 年月日号时点分秒上下午早晚半整:".contains(*sign);
    let length = text.signs[from..].iter().take(LONGEST).take_while(|sign| is_of_time(sign)).count();
    let kept: Vec<usize> = (from..from + length).filter(|at| text.signs[*at] != ' ').collect();
    let tight: Vec<char> = kept.iter().map(|at| text.signs[*at]).collect();
    let (moment, end) = point_at(&tight, 0)?;
    Some((moment, kept[end.checked_sub(1)?] + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::BEIJING;
    use crate::reading::{Field, Texts};

    fn local(text: &str) -> Option<String> {
        let found = read(&[&Folded::of(Field::Content, text)])?;
        Some(BEIJING.to_datetime(found.value.at).to_string())
    }

    #[test]
    fn the_forms_of_real_notices() {
        for text in [
            "件的递交 6.1响应文件递交截止时间（即响应 截止时间）为：【2026年8月 21 日 9时0 0分】。 6.2电子",
            "5.1 投标文件递交截止时间（即投标截止时间）为： 2026年08月21日 09时00分00秒 5.2",
            "递交的截止时间（投标截止时间，下同）为 2 026 年 8 月 21 日 9 时 00 分 ， 电子招标投",
            "交截止时间 （即响应截止时间）： 2026 年 8 月 21 日 09 时 00 分 。 5.2 电",
            "投标截止时间：2026-08-21 09:00",
            "响应截止时间2026/8/21 9:00:00（北京时间）",
        ] {
            assert_eq!(local(text).as_deref(), Some("2026-08-21T09:00:00"), "{text}");
        }
        assert_eq!(local("应答截止日期为2026年8月21日。").as_deref(), Some("2026-08-21T23:59:59"));
    }

    #[test]
    fn a_date_beside_the_word_is_not_the_deadline() {
        for text in [
            "投标人自 2023年1月1日至投标截止时间具备2个业绩",
            "23年1月1日至投标截止时间内；（5）未提供检测报告。2.8 投标人自 2023年1月1日至投标截止时间具备",
            "采购文件获取截止时间：2026-08-21 09:00",
            "澄清提交截止时间：2026-08-21 09:00",
            "截止时间：2026-08-21 09:00",
            "投标截止时间另行通知。开标时间：2026-08-21 09:00",
            "投标截止时间：2026年13月1日",
            "投标截止时间为2026-08-21 09:00至2026-08-22 09:00",
            "投标截止时间",
        ] {
            assert_eq!(local(text), None, "{text}");
        }
    }

    #[test]
    fn two_that_disagree_are_none() {
        let twice = |second: &str| format!("投标截止时间：2026-08-21 09:00。投标截止时间：2026-08-{second} 09:00");
        assert_eq!(local(&twice("22")), None);
        assert!(local(&twice("21")).is_some());
    }

    #[test]
    fn a_reader_finds_the_place() {
        let evidence = "的递交 5.1 响应文件递交截止时间为： 【2026年8月 21 日 9时0 0分】。 6.2";
        let texts = Texts { evidence, ..Texts::default() };
        let spot = crate::read(&texts).deadline.expect("a deadline").spot;
        assert!(
            texts.words(spot).ends_with("响应文件递交截止时间为： 【2026年8月 21 日 9时0 0分"),
            "{}",
            texts.words(spot)
        );
    }
}
