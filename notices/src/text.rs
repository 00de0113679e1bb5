//! Texts as extraction leaves them, made fit to read.

/// A text on one line: signs of control and spaces become one space, invisible signs and those that turn the direction
/// of writing go, and so does what an extraction cut off at the beginning ("：", "，").
pub fn line(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}' => {}
            _ if character.is_whitespace() || character.is_control() => {
                if !clean.ends_with(' ') {
                    clean.push(' ');
                }
            }
            _ => clean.push(character),
        }
    }
    clean.trim_start_matches(is_left_over).trim_end().to_owned()
}

/// A longer text: as [`line`], and without spaces between Chinese characters or signs, which no page shows.
pub fn prose(text: &str) -> String {
    let line = line(text);
    let characters: Vec<char> = line.chars().collect();
    let stray = |at: usize| {
        let (before, after) = (at.checked_sub(1).map(|at| characters[at]), characters.get(at + 1).copied());
        characters[at] == ' ' && before.is_some_and(is_chinese) && after.is_some_and(is_chinese)
    };
    (0..characters.len()).filter(|at| !stray(*at)).map(|at| characters[at]).collect()
}

/// Full-width letters, digits and signs as their usual selves: ２０２６ is 2026.
pub fn narrow(text: &str) -> String {
    let narrow = |character: char| match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        _ => character,
    };
    text.chars().map(narrow).collect()
}

fn is_left_over(character: char) -> bool {
    character == ' '
        || matches!(character, '：' | ':' | '，' | ',' | '、' | '。' | '；' | ';' | '）' | ')' | '】' | ']')
}

fn is_chinese(character: char) -> bool {
    matches!(u32::from(character), 0x3001..=0x303F | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xFF00..=0xFF60 | 0x2_0000..=0x3_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_overs_and_stray_spaces_go() {
        assert_eq!(
            prose("： 本项目拟采购 服务\u{200B}，\n 具体 详见 IDC 规范 。"),
            "本项目拟采购服务，具体详见 IDC 规范。"
        );
        assert_eq!(line("  某公司  2026年 公告\t"), "某公司 2026年 公告");
        assert_eq!(prose("【本项目】"), "【本项目】");
        assert_eq!(line("：，"), "");
        assert_eq!(line("机房\u{202E}空调\u{2066}"), "机房空调");
    }

    #[test]
    fn full_width_becomes_usual() {
        assert_eq!(narrow("２０２６－０９　１２：３０ 万元"), "2026-09 12:30 万元");
    }
}
