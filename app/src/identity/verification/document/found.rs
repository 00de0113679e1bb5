//! The same number under another account: it is told to the reviewer, in which kinds of case and not whose, and nothing is
//! accepted until they say what they found. One person may stand behind two companies; that is lawful, and no secret to keep.

use super::store::of;
use crate::identity::company::Company;
use crate::identity::company::part::{self, representative::Representative};
use crate::identity::verification::case::{Flaw, State};
use crate::identity::verification::form::Decision;
use crate::identity::verification::kind::{Kind, Step};
use crate::identity::verification::record::Record;
use crate::web::{Error, Fields, Reviewer};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

/// What a reviewer finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// One person, with an account for each company that they act for.
    OnePerson,
    /// The other account has a number that is not its person's.
    OtherIsWrong,
}

impl What {
    const ALL: [Self; 2] = [Self::OnePerson, Self::OtherIsWrong];

    fn code(self) -> &'static str {
        match self {
            Self::OnePerson => "one-person",
            Self::OtherIsWrong => "other-is-wrong",
        }
    }
}

/// What a reviewer says of an equal number, and why.
pub struct Finding {
    what: What,
    reason: String,
}

impl Finding {
    /// Takes it from the form of a decision. The outer `None` is noted as a problem.
    pub fn take(fields: &mut Fields, least: usize, most: usize) -> Option<Option<Self>> {
        fields.one_of("same_number", What::ALL.map(What::code));
        let what =
            fields.optional("same_number", |code| What::ALL.into_iter().find(|one| one.code() == code).ok_or("choice"));
        let said = fields
            .like("same_number_reason", "两家公司的在职证明都写明本人兼任")
            .optional_text("same_number_reason", most);
        match (what?, said?) {
            (None, _) => Some(None),
            (Some(what), Some(reason)) if reason.chars().count() >= least => Some(Some(Self { what, reason })),
            (Some(_), _) => fields.wrong("same_number_reason", "reason"),
        }
    }
}

/// The kinds of the cases of other accounts with the same number.
///
/// # Errors
/// [`db::Error`].
pub fn others(tx: &mut Tx, record: &Record) -> Result<Vec<Kind>, db::Error> {
    if !record.case.kind.is_personal() || !policy::holds(Control::IdNumberCompared) {
        return Ok(Vec::new());
    }
    let sql = "SELECT DISTINCT v.kind FROM verification_document own \
         JOIN verification_document d ON d.number_index = own.number_index AND d.id <> own.id \
         JOIN verification_case v ON v.id = d.verification WHERE own.verification = $1 AND v.holder <> $2";
    let mut kinds: Vec<_> = tx
        .all(sql, values![record.id, record.holder], |row| row.next::<String>())?
        .iter()
        .filter_map(|code| Kind::of(code))
        .collect();
    kinds.sort();
    Ok(kinds)
}

/// What finds the numbers of who is verified to act for a company at this instant: equal for the same person, and nothing else can be
/// told from it.
///
/// # Errors
/// [`db::Error`].
pub fn numbers_of(tx: &mut Tx, company: Id<Company>) -> Result<Vec<[u8; 32]>, db::Error> {
    let now = tx.now();
    let sql = "SELECT DISTINCT d.number_index FROM verification_document d JOIN verification_case v ON v.id = d.verification \
         WHERE v.company = $1 AND v.valid_until > $2";
    tx.all(sql, values![company, now], |row| row.next())
}

/// Refuses to accept a document that is not there, or whose number another account has and nobody has explained; notes what the
/// reviewer found. A legal representative is accepted as the one who is on the company's record.
///
/// # Errors
/// 409 `verification-incomplete`, `verification-same-number`, `representative-changed`.
pub fn as_typed(tx: &mut Tx, operator: &Reviewer, record: &Record, decision: &Decision) -> Result<(), Error> {
    if decision.accepts(Step::Identity) {
        let document = of(tx, record.id)?.ok_or(Flaw::Incomplete)?;
        if !others(tx, record)?.is_empty() {
            let found = decision.1.as_ref().ok_or_else(|| Error::conflict("verification-same-number"))?;
            let now = tx.now();
            tx.execute(
                "UPDATE verification_document SET found = $1, found_reason = $2, found_by = $3, found_at = $4 WHERE id = $5",
                values![found.what.code(), &found.reason, operator.account(), now, document.id],
            )?;
        }
    }
    if record.case.state == State::Accepted { as_filed(tx, record) } else { Ok(()) }
}

/// Refuses a legal representative whose name was compared with another than is on the company's record now.
///
/// # Errors
/// 409 `representative-changed`.
pub fn as_filed(tx: &mut Tx, record: &Record) -> Result<(), Error> {
    if is_outdated(tx, record)? { Err(Error::conflict("representative-changed")) } else { Ok(()) }
}

/// Whether that is so.
///
/// # Errors
/// [`db::Error`].
pub fn is_outdated(tx: &mut Tx, record: &Record) -> Result<bool, db::Error> {
    if record.case.kind != Kind::LegalRepresentative || !policy::holds(Control::IdNumberCompared) {
        return Ok(false);
    }
    let Some(document) = of(tx, record.id)? else { return Ok(false) };
    let filed = part::newest::<Representative>(tx, record.company)?.map(|version| version.content.row);
    Ok(filed != document.filed)
}
