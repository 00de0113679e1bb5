//! How an archive is made, without I/O: its steps, the versions of a tender, names of files, and what is left out.

use crate::sourcing::amendment::Amendment;
use crate::sourcing::amendment::rule::{Change, Field};
use crate::sourcing::tender::document::Document;
use crate::sourcing::tender::{Lot, Tender};
use jiff::Timestamp;
use serde::Serialize;

/// A step of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The tender, its versions, documents, questions, amendments, terminations, awards.
    Tender,
    /// The opening record, and the files of the bids.
    Opening,
    /// What belongs to a lot, by its place among them.
    Lot(usize),
    /// The receipts of the bids, with their proofs.
    Receipts,
    /// Notices, open data, and what the log has of the tender.
    Public,
    /// The signed list.
    List,
    /// The file itself.
    Pack,
}

/// The steps beside those of the lots.
const OTHERS: i64 = 6;

/// How many steps there are for so many lots.
pub fn steps(lots: usize) -> i64 {
    i64::try_from(lots).unwrap_or(0) + OTHERS
}

/// What is to be done after so many steps.
pub fn step(done: i64, lots: usize) -> Step {
    match usize::try_from(done).unwrap_or(0) {
        0 => Step::Tender,
        1 => Step::Opening,
        at if at < 2 + lots => Step::Lot(at - 2),
        at if at == 2 + lots => Step::Receipts,
        at if at == 3 + lots => Step::Public,
        at if at == 4 + lots => Step::List,
        _ => Step::Pack,
    }
}

/// A tender as it stood from one amendment to the next.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    /// 1 as it was published, and one more for each amendment.
    pub number: i64,
    /// What was wanted.
    pub summary: String,
    /// Until when questions were taken.
    pub questions_until: Timestamp,
    /// The deadline.
    pub deadline: Timestamp,
    /// By number.
    pub lots: Vec<LotVersion>,
    /// The documents that belonged to it, by name and SHA-256.
    pub documents: Vec<(String, String)>,
}

/// A lot in a version.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LotVersion {
    /// Its number.
    pub number: i64,
    /// What it is, in one line.
    pub title: String,
    /// What it was, in full.
    pub description: String,
    /// Fen; none where there was none, or its reader does not see it.
    pub budget: Option<i64>,
    /// Fen; likewise.
    pub ceiling: Option<i64>,
}

/// Every version of a tender, the first first. `amendments`: as its reader sees them, the newest first.
pub fn versions(tender: &Tender, lots: &[Lot], documents: &[Document], amendments: &[Amendment]) -> Vec<Version> {
    let of_lot = |lot: &Lot| LotVersion {
        number: lot.position,
        title: lot.title.clone(),
        description: lot.description.clone(),
        budget: lot.budget,
        ceiling: lot.ceiling,
    };
    let until = |last: i64| {
        let own = documents.iter().filter(|one| one.amendment.unwrap_or(0) <= last);
        own.map(|one| (one.name.clone(), one.sha256.clone())).collect()
    };
    let mut version = Version {
        number: amendments.first().map_or(0, |newest| newest.number) + 1,
        summary: tender.summary.clone(),
        questions_until: tender.questions_until,
        deadline: tender.deadline,
        lots: lots.iter().map(of_lot).collect(),
        documents: until(i64::MAX),
    };
    let mut all = vec![version.clone()];
    for amendment in amendments {
        amendment.changes.iter().rev().for_each(|change| undo(&mut version, change));
        version.number = amendment.number;
        version.documents = until(amendment.number - 1);
        all.push(version.clone());
    }
    all.reverse();
    all
}

/// Puts back what stood there before a change.
fn undo(version: &mut Version, change: &Change) {
    let before = change.before.as_deref();
    let instant = |now: Timestamp| before.and_then(|text| text.parse().ok()).unwrap_or(now);
    let lot = version.lots.iter_mut().find(|lot| Some(lot.number) == change.lot);
    match (change.field, lot) {
        (Field::Deadline, _) => version.deadline = instant(version.deadline),
        (Field::QuestionsUntil, _) => version.questions_until = instant(version.questions_until),
        (Field::Summary, _) => version.summary = before.unwrap_or_default().to_owned(),
        (Field::LotDescription, Some(lot)) => lot.description = before.unwrap_or_default().to_owned(),
        (Field::LotBudget, Some(lot)) => lot.budget = before.and_then(|fen| fen.parse().ok()),
        (Field::LotCeiling, Some(lot)) => lot.ceiling = before.and_then(|fen| fen.parse().ok()),
        // Which documents belonged to a version is told by the documents.
        _ => {}
    }
}

/// Longer names are cut, in bytes.
const LONGEST: usize = 120;

/// A name that stands for one file in one folder on any computer.
pub fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_matches(['.', ' ']);
    // The end tells what it is.
    let cut = name.len().saturating_sub(LONGEST);
    let start = (cut..=name.len()).find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    let name = name[start..].trim_start_matches(['.', ' ']);
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// Something that is not in an archive, and why.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LeftOut {
    what: &'static str,
    zh: &'static str,
    en: &'static str,
}

/// What no archive holds.
const NEVER: [LeftOut; 4] = [
    LeftOut {
        what: "persons",
        zh: "个人信息：平台没有归档它们的用途。谁经办、谁评标、谁持有开标密钥，只以公司、席位、化名和密钥编号出现",
        en: "personal data: there is no purpose of archiving them. Who acted, evaluated or held a key stands as company, seat, pseudonym and key",
    },
    LeftOut {
        what: "askers",
        zh: "谁提了问题：对招标人和其他投标人始终保密",
        en: "who asked a question: it is never told to the buyer or to other bidders",
    },
    LeftOut {
        what: "inquiries",
        zh: "评标委员会与投标人的书面澄清：只有评标委员会和该投标人能读",
        en: "what the committee asked a bidder in writing: the committee and that bidder read it",
    },
    LeftOut {
        what: "events-with-actors",
        zh: "写有操作人编号的日志事件",
        en: "events of the log that name who acted by an id",
    },
];

/// What a bidder's does not hold beside.
const OTHERS_OWN: [LeftOut; 2] = [
    LeftOut {
        what: "others-bids",
        zh: "其他投标人的说明、文件、回执、通知书和异议",
        en: "other bidders' remarks, files, receipts, letters and objections",
    },
    LeftOut {
        what: "buyers-own",
        zh: "评标报告和没有公开的预算：只有招标人能读",
        en: "evaluation reports, and budgets that were not shown: the buyer reads them",
    },
];

/// What an archive leaves out.
pub fn left_out(is_whole: bool) -> Vec<LeftOut> {
    let more = if is_whole { &[][..] } else { &OTHERS_OWN[..] };
    NEVER.iter().chain(more).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn change(field: Field, before: Option<&str>, lot: Option<i64>) -> Change {
        Change { field, before: before.map(str::to_owned), after: String::new(), lot, hidden: false }
    }

    fn version() -> Version {
        let lot = LotVersion {
            number: 1,
            title: "服务器".to_owned(),
            description: "新".to_owned(),
            budget: Some(900),
            ceiling: Some(800),
        };
        Version {
            number: 2,
            summary: "现在".to_owned(),
            questions_until: Timestamp::UNIX_EPOCH,
            deadline: Timestamp::UNIX_EPOCH,
            lots: vec![lot],
            documents: Vec::new(),
        }
    }

    #[test]
    fn a_change_is_undone_in_its_own_lot_and_nowhere_else() {
        let mut one = version();
        undo(&mut one, &change(Field::Summary, Some("以前"), None));
        undo(&mut one, &change(Field::Deadline, Some("2026-12-01T01:00:00Z"), None));
        undo(&mut one, &change(Field::LotCeiling, None, Some(1)));
        undo(&mut one, &change(Field::LotBudget, Some("100"), Some(2)));
        assert_eq!((one.summary.as_str(), one.deadline.to_string().as_str()), ("以前", "2026-12-01T01:00:00Z"));
        assert_eq!((one.lots[0].ceiling, one.lots[0].budget), (None, Some(900)));
        undo(&mut one, &change(Field::Deadline, Some("nonsense"), None));
        assert_eq!(one.deadline.to_string(), "2026-12-01T01:00:00Z", "what cannot be read changes nothing");
    }

    #[test]
    fn every_step_comes_once_and_the_last_one_packs() {
        for lots in [1, 2, 50] {
            let all: Vec<_> = (0..steps(lots)).map(|done| step(done, lots)).collect();
            assert!(all.iter().enumerate().all(|(at, one)| !all[..at].contains(one)), "{all:?}");
            assert_eq!(all.last(), Some(&Step::Pack));
            assert_eq!(all.iter().filter(|one| matches!(one, Step::Lot(_))).count(), lots);
        }
    }

    #[test]
    fn names_stay_readable_and_lead_nowhere() {
        assert_eq!(file_name("招标文件.pdf"), "招标文件.pdf");
        assert_eq!(file_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(file_name("C:\\a|b.pdf"), "C__a_b.pdf");
        assert_eq!(file_name(" .. "), "file");
        assert!(file_name(&("长".repeat(200) + ".pdf")).ends_with("长.pdf"));
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_folder(name in any::<String>()) {
            let name = file_name(&name);
            prop_assert!(!name.is_empty() && name.len() <= LONGEST && name != "." && name != "..");
            prop_assert!(!name.contains(['/', '\\', '\0', '\n']) && !name.starts_with('.'));
        }
    }
}
