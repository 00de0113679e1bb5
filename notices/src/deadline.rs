//! Points in time in the words of a notice: "2026年08月10日09时30分", "2026-09-11 09:30", a date alone, a range.
//!
//! All are Beijing time (UTC+8, without summer time since 1991).

use crate::text::narrow;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, offset};
use jiff::{Timestamp, ToSpan};

/// Beijing time.
pub const BEIJING: Offset = offset(8);

/// A point in time as precisely as the source gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The point itself. For a date alone: its last second where it ends something, its first where it begins something.
    pub at: Timestamp,
    /// Whether the source gives a time of day.
    pub precision: Precision,
    /// Whether the source names a range, of which this is one end.
    pub range: bool,
}

/// How precisely a source gives a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// With a time of day.
    Time,
    /// The date alone.
    DateOnly,
}

/// Reads until when: a point, or the end of a range. `None` if the words are neither.
pub fn parse(words: &str) -> Option<Moment> {
    span(words).map(|(_, end)| end)
}

/// Reads from when until when; a single point is an end.
pub fn span(words: &str) -> Option<(Option<Moment>, Moment)> {
    let characters = characters(words);
    let mut points = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let mut reader = Reader { characters: &characters, at };
        let day = points.last().map(|point: &Point| point.date);
        match reader.point().or_else(|| reader.time_of(day?, at)) {
            Some(point) => (points, at) = ([points, vec![point]].concat(), reader.at),
            // A figure that belongs to no point in time makes the rest doubtful, too.
            None if characters[at].is_ascii_digit() => return None,
            None => at += 1,
        }
    }
    match points.as_slice() {
        [end] => Some((None, end.end(false)?)),
        [begin, end] => Some((Some(begin.begin()?), end.end(true)?)),
        _ => None,
    }
}

/// The date alone, as `2026-08-21` or in any of the forms above.
pub fn date(words: &str) -> Option<Date> {
    let characters = characters(words);
    let mut reader = Reader { characters: &characters, at: 0 };
    let date = reader.date()?;
    (reader.at == characters.len()).then_some(date)
}

/// A point that begins at this place in a text, and where it ends there. A date alone lasts to its end.
pub(crate) fn point_at(characters: &[char], at: usize) -> Option<(Moment, usize)> {
    let mut reader = Reader { characters, at };
    let point = reader.point()?;
    Some((point.end(false)?, reader.at))
}

/// Spaces count between figures only, where they part a date from a time.
fn characters(words: &str) -> Vec<char> {
    let all: Vec<char> = narrow(words).chars().collect();
    let digit = |character: Option<&char>| character.is_some_and(char::is_ascii_digit);
    let mut kept: Vec<char> = Vec::with_capacity(all.len());
    for (at, character) in all.iter().enumerate() {
        let next = all[at + 1..].iter().find(|c| !c.is_whitespace());
        if !character.is_whitespace() {
            kept.push(*character);
        } else if digit(kept.last()) && digit(next) {
            kept.push(' ');
        }
    }
    kept
}

#[derive(Clone, Copy)]
struct Point {
    date: Date,
    /// Hours and minutes and seconds; hour 24 is the end of the day.
    time: Option<(i8, i8, i8)>,
}

impl Point {
    fn begin(self) -> Option<Moment> {
        self.moment((0, 0, 0), true)
    }

    fn end(self, range: bool) -> Option<Moment> {
        self.moment((23, 59, 59), range)
    }

    fn moment(self, otherwise: (i8, i8, i8), range: bool) -> Option<Moment> {
        let precision = if self.time.is_some() { Precision::Time } else { Precision::DateOnly };
        let local: DateTime = match self.time.unwrap_or(otherwise) {
            (24, 0, 0) => self.date.checked_add(1.day()).ok()?.at(0, 0, 0, 0),
            (hour, minute, second) => self.date.at(hour, minute, second, 0),
        };
        Some(Moment { at: BEIJING.to_timestamp(local).ok()?, precision, range })
    }
}

struct Reader<'a> {
    characters: &'a [char],
    at: usize,
}

impl Reader<'_> {
    /// A date with or without a time of day.
    fn point(&mut self) -> Option<Point> {
        let date = self.date()?;
        let after = self.at;
        let time = self.time();
        if time.is_none() {
            self.at = after;
        }
        Some(Point { date, time })
    }

    /// A time of day alone, which repeats the day before it: 09时00分至17时30分.
    fn time_of(&mut self, date: Date, from: usize) -> Option<Point> {
        self.at = from;
        let time = Some(self.time()?);
        Some(Point { date, time })
    }

    fn date(&mut self) -> Option<Date> {
        let year = self.figure(4, 4).filter(|year| (1990..=2100).contains(year))?;
        let sign = self.one_of(&['年', '-', '/', '.'])?;
        let month = self.figure(1, 2)?;
        self.one_of(if sign == '年' { &['月'] } else { std::slice::from_ref(&sign) })?;
        let day = self.figure(1, 2)?;
        if sign == '年' {
            self.one_of(&['日', '号']);
        }
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    fn time(&mut self) -> Option<(i8, i8, i8)> {
        self.one_of(&[' ', 'T', ',']);
        let half = [("上午", 0), ("早上", 0), ("下午", 12), ("晚上", 12)].into_iter().find(|(word, _)| self.word(word));
        let hour = self.figure(1, 2)?;
        let sign = self.one_of(&[':', '时', '点'])?;
        let (minute, second) = if sign == ':' { self.after_colon()? } else { self.after_hour()? };
        let hour = if hour < 12 { hour + half.map_or(0, |(_, more)| more) } else { hour };
        let sane = (hour < 24 && minute < 60 && second < 60) || (hour, minute, second) == (24, 0, 0);
        let small = |figure: i16| i8::try_from(figure).ok();
        sane.then_some((small(hour)?, small(minute)?, small(second)?))
    }

    fn after_colon(&mut self) -> Option<(i16, i16)> {
        let minute = self.figure(2, 2)?;
        let second = if self.one_of(&[':']).is_some() { self.figure(2, 2)? } else { 0 };
        Some((minute, second))
    }

    fn after_hour(&mut self) -> Option<(i16, i16)> {
        if self.one_of(&['半']).is_some() {
            return Some((30, 0));
        }
        let Some(minute) = self.figure(1, 2) else {
            self.one_of(&['整']);
            return Some((0, 0));
        };
        self.one_of(&['分'])?;
        let after = self.at;
        let second = self.figure(1, 2).filter(|_| self.one_of(&['秒']).is_some());
        if second.is_none() {
            self.at = after;
        }
        Some((minute, second.unwrap_or(0)))
    }

    /// A figure of so many digits, no more.
    fn figure(&mut self, least: usize, most: usize) -> Option<i16> {
        let digits: String = self.characters[self.at..].iter().take_while(|c| c.is_ascii_digit()).take(5).collect();
        if digits.len() < least || digits.len() > most {
            return None;
        }
        self.at += digits.len();
        digits.parse().ok()
    }

    fn one_of(&mut self, signs: &[char]) -> Option<char> {
        let found = self.characters.get(self.at).copied().filter(|character| signs.contains(character));
        self.at += usize::from(found.is_some());
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let length = word.chars().count();
        let found = self.characters[self.at..].iter().take(length).copied().eq(word.chars());
        self.at += if found { length } else { 0 };
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(moment: Moment) -> String {
        BEIJING.to_datetime(moment.at).to_string()
    }

    fn read(words: &str) -> Option<String> {
        parse(words).map(local)
    }

    #[test]
    fn the_forms_of_real_notices() {
        for words in [
            "2026-09-11 09:30",
            "2026年09月11日09时30分",
            "2026年9月11日9时30分",
            "2026 年 9 月 11 日 9 时 30 分",
            "2026-09-11T09:30:00",
            "2026/9/11 9:30",
            "2026年09月11日 09:30（北京时间）",
            "2026年09月11日上午9时半",
            "【2026年09月11日09时30分00秒】",
            "截止时间：２０２６年９月１１日９点３０分",
        ] {
            assert_eq!(read(words).as_deref(), Some("2026-09-11T09:30:00"), "{words}");
        }
        assert_eq!(read("2026年5月26日9时").as_deref(), Some("2026-05-26T09:00:00"));
        assert_eq!(read("2026年5月26日下午3时整").as_deref(), Some("2026-05-26T15:00:00"));
        assert_eq!(parse("2026-09-11 09:30").map(|m| m.at.to_string()).as_deref(), Some("2026-09-11T01:30:00Z"));
    }

    #[test]
    fn a_date_alone_is_marked_and_lasts_to_its_end() {
        let moment = parse("2026年8月10日").expect("a date");
        assert_eq!((moment.precision, local(moment).as_str()), (Precision::DateOnly, "2026-08-10T23:59:59"));
        assert_eq!(parse("2026-08-10").map(|m| m.precision), Some(Precision::DateOnly));
        assert_eq!(parse("2026-08-10 09:00").map(|m| m.precision), Some(Precision::Time));
    }

    #[test]
    fn a_range_gives_its_end_and_says_so() {
        let moment = parse("2026年08月10日09时30分至2026年08月12日17时00分").expect("a range");
        assert_eq!((moment.range, local(moment).as_str()), (true, "2026-08-12T17:00:00"));
        let (begin, end) = span("2026年8月21日至2026年8月25日").expect("a range");
        assert_eq!(begin.map(local).as_deref(), Some("2026-08-21T00:00:00"));
        assert_eq!((end.precision, local(end).as_str()), (Precision::DateOnly, "2026-08-25T23:59:59"));
        assert_eq!(read("2026年8月10日09时00分至17时30分").as_deref(), Some("2026-08-10T17:30:00"));
        assert_eq!(read("2026年07月03日09时00分至2026年07月03日").as_deref(), Some("2026-07-03T23:59:59"));
    }

    #[test]
    fn the_end_of_a_day_may_be_called_24() {
        assert_eq!(read("2026年8月31日24时").as_deref(), Some("2026-09-01T00:00:00"));
        assert_eq!(read("2026-12-31 24:00").as_deref(), Some("2027-01-01T00:00:00"));
        assert_eq!(read("2026年8月31日24时01分"), None);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for words in [
            "",
            "另行通知",
            "2026年",
            "2026年13月1日",
            "2026年2月30日",
            "1026-09-11",
            "2026-09-11 25:00",
            "2026-09/11",
            "20260911",
            "公告后5日",
            "2026-09-11 地点3楼",
            "2026-01-01至2026-02-01至2026-03-01",
            "202 6年9月1日",
        ] {
            assert_eq!(read(words), None, "{words}");
        }
        assert_eq!(date("2026-08-21").map(|d| d.to_string()).as_deref(), Some("2026-08-21"));
        assert_eq!(date("2026-08-21 10:00"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_words_upset_it(words in "[0-9年月日时分:\\- 至T半]{0,30}|\\PC{0,30}") {
            let _ = (parse(&words), span(&words), date(&words));
        }

        #[test]
        fn every_minute_is_read_back(second in 946_684_800i64..4_000_000_000) {
            let at = Timestamp::from_second(second - second % 60).expect("in range");
            let local = BEIJING.to_datetime(at);
            let words = format!("{}年{}月{}日{}时{}分", local.year(), local.month(), local.day(), local.hour(), local.minute());
            proptest::prop_assert_eq!(parse(&words).map(|moment| moment.at), Some(at));
            let words = local.strftime("%Y-%m-%d %H:%M").to_string();
            proptest::prop_assert_eq!(parse(&words).map(|moment| moment.at), Some(at));
        }
    }
}
