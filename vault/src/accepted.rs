//! Which version of the policy each person has accepted. A use is permitted when the program was built with it **and** the
//! version that its subject accepted has it (clause 10.1).

use kit::{
    db::{self, Tx},
    values,
};
use policy::{Basis, Version, Versions};

use crate::{Error, Id, Refusal, Standing, Subject};

/// Notes that a person accepts a version, in the unit that records their agreement. Nobody's acceptance goes back: an older
/// version than the one that stands changes nothing. Answers whether anything changed.
///
/// # Errors
/// [`Error::NotEnrolled`] if there is no such active subject, [`Error::Db`].
pub fn accept(tx: &mut Tx, subject: Id<Subject>, version: &str) -> Result<bool, Error> {
    let found = tx.first("SELECT standing, accepted FROM subject WHERE id = $1", values![subject], |row| {
        Ok((Standing::of_code(&row.next::<String>()?), row.next::<Option<String>>()?))
    })?;
    let Some((Standing::Active, before)) = found else { return Err(Error::NotEnrolled(subject)) };
    if before.is_some_and(|before| before.as_str() >= version) {
        return Ok(false);
    }
    tx.execute("UPDATE subject SET accepted = $1 WHERE id = $2", values![version, subject])?;
    Ok(true)
}

/// The version that a person has accepted last.
///
/// # Errors
/// [`db::Error`].
pub fn accepted(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<String>, db::Error> {
    let found = tx.first("SELECT accepted FROM subject WHERE id = $1", values![subject], |row| row.next())?;
    Ok(found.flatten())
}

/// What a subject has accepted, as this program understands it.
#[derive(Clone, Copy)]
pub enum Accepted {
    /// They have no agreement with the platform.
    Nothing,
    /// A version of this program's, by its place among them.
    Known(usize),
    /// A version that this program was not built with.
    Unknown,
}

impl Accepted {
    pub fn of(stored: Option<&str>, versions: Versions) -> Accepted {
        let Some(id) = stored else { return Accepted::Nothing };
        versions.all().iter().position(|version| version.id == id).map_or(Accepted::Unknown, Accepted::Known)
    }
}

/// Which of the program's versions permit all that one record is about.
pub struct Permitted {
    /// In the order of the versions.
    by: Vec<bool>,
    /// Nothing in it rests on a contract of the person with the platform. What their employer rests on is none.
    without_contract: bool,
    /// All of it is a duty of the law.
    by_law: bool,
}

impl Permitted {
    pub fn new(versions: Versions, bases: &[Basis], permits: impl Fn(&Version) -> bool) -> Permitted {
        let rests = |basis: &Basis| matches!(basis, Basis::Contract);
        let of_law = |basis: &Basis| matches!(basis, Basis::LegalDuty | Basis::Case);
        Permitted {
            by: versions.all().iter().map(permits).collect(),
            without_contract: !bases.iter().any(rests),
            by_law: bases.iter().all(of_law),
        }
    }

    /// Refuses a subject who has not accepted what it is about.
    pub fn admits(&self, id: Id<Subject>, accepted: Accepted) -> Result<(), Refusal> {
        match accepted {
            Accepted::Known(at) if self.by.get(at) == Some(&true) => Ok(()),
            Accepted::Nothing if self.without_contract => Ok(()),
            // What the law demands, such as a person's own copy, does not wait for an agreement.
            Accepted::Known(_) if self.by_law => Ok(()),
            Accepted::Known(_) | Accepted::Nothing => Err(Refusal::NotAccepted(id)),
            Accepted::Unknown => Err(Refusal::UnknownVersion(id)),
        }
    }
}
