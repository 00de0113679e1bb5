//! Consents end by themselves: when their time is over, when the policy asks for more than was agreed to, and when their
//! person is gone.

use kit::{
    db::{self, Row, Tx},
    values,
};
use policy::PurposeEntry;

use super::{Act, Entry, Holder, Method, Told, ledger::append, state};
use crate::{Id, Subject};

/// How many one step ends at most.
const STEP: i64 = 100;

/// What came to its end.
#[derive(Clone, Copy, Debug)]
pub struct Lapsed {
    /// Whose.
    pub holder: Holder,
    /// For which function.
    pub purpose: &'static PurposeEntry,
    /// How: [`Act::Expired`], [`Act::Superseded`] and asked anew, or [`Act::Invalidated`].
    pub act: Act,
}

/// Writes down ends that have come, up to a hundred of a kind. Nothing was opened on these since: an opening compares the
/// instant and the scope itself.
///
/// # Errors
/// [`db::Error`].
pub fn lapse(tx: &mut Tx) -> Result<Vec<Lapsed>, db::Error> {
    let mut all = Vec::new();
    for purpose in policy::additional() {
        for (holder, act) in ended(tx, purpose)? {
            let number = append_one(tx, holder, purpose, act)?;
            if act == Act::Superseded {
                write(tx, holder, purpose, Act::Requested, number + 1)?;
            }
            all.push(Lapsed { holder, purpose, act });
        }
    }
    Ok(all)
}

/// Ends whatever a person has agreed to or been asked for, as part of the unit that ends the person's standing. Answers
/// what has ended.
///
/// # Errors
/// [`db::Error`].
pub fn invalidate(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Lapsed>, db::Error> {
    let (holder, mut ended) = (Holder::Subject(subject), Vec::new());
    for (id, present) in state::at_present(tx, holder)? {
        let purpose = policy::purpose_named(&id).filter(|_| matches!(present.act, Act::Given | Act::Requested));
        if let Some(purpose) = purpose {
            write(tx, holder, purpose, Act::Invalidated, present.number + 1)?;
            ended.push(Lapsed { holder, purpose, act: Act::Invalidated });
        }
    }
    Ok(ended)
}

fn ended(tx: &mut Tx, purpose: &'static PurposeEntry) -> Result<Vec<(Holder, Act)>, db::Error> {
    let now = tx.now();
    let mut found = tx.all(
        "SELECT holder, party FROM consent_state WHERE act = 'given' AND purpose = $1 AND ends_at <= $2 \
         ORDER BY holder LIMIT $3",
        values![purpose.id, now, STEP],
        |row| Ok((holder(row)?, Act::Expired)),
    )?;
    for scope in outgrown(tx, purpose)? {
        let more = tx.all(
            "SELECT holder, party FROM consent_state WHERE act = 'given' AND purpose = $1 AND ends_at > $2 \
             AND scope = $3 ORDER BY holder LIMIT $4",
            values![purpose.id, now, scope, STEP],
            |row| Ok((holder(row)?, Act::Superseded)),
        )?;
        found.extend(more);
    }
    Ok(found)
}

/// The scopes of present consents that lack a use which the policy now has. One that has more than it needs still holds.
fn outgrown(tx: &mut Tx, purpose: &PurposeEntry) -> Result<Vec<String>, db::Error> {
    let sql = "SELECT DISTINCT scope FROM consent_state WHERE act = 'given' AND purpose = $1";
    let scopes: Vec<String> = tx.all(sql, values![purpose.id], |row| row.next())?;
    let needed = purpose.scope();
    let lacks = |scope: &String| needed.split(' ').any(|one| !scope.split(' ').any(|word| word == one));
    Ok(scopes.into_iter().filter(lacks).collect())
}

fn holder(row: &mut Row<'_>) -> Result<Holder, db::Error> {
    let (id, party) = (row.next::<[u8; 16]>()?, row.next::<String>()?);
    Ok(if party == "company" { Holder::Company(id) } else { Holder::Subject(Id::from_bytes(id)) })
}

fn append_one(tx: &mut Tx, holder: Holder, purpose: &'static PurposeEntry, act: Act) -> Result<i64, db::Error> {
    let number = state::of(tx, holder, purpose.id)?.map_or(0, |present| present.number) + 1;
    write(tx, holder, purpose, act, number)?;
    Ok(number)
}

/// The program's own entry: nobody was shown anything.
fn write(tx: &mut Tx, holder: Holder, purpose: &'static PurposeEntry, act: Act, number: i64) -> Result<(), db::Error> {
    let told = Told {
        version: policy::current().id.to_owned(),
        text: None,
        language: policy::current().zh.lang,
        place: "consent.lapse",
        channel: "program",
        method: Method::Statutory,
        kind: None,
        actor: None,
    };
    let entry = Entry { id: tx.id(), holder, purpose, act, after: number - 1, told };
    append(tx, &entry, number)
}
