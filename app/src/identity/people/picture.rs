//! A company's people by the keyed index of their e-mail: who acts for it and who is invited, at one instant.

use super::duty::{Duties, Duty};
use super::store::MOST;
use crate::identity::account::Account;
use crate::identity::company::Company;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use std::collections::BTreeMap;

/// The keyed index of an e-mail, as accounts and invitations have it.
type Index = Vec<u8>;

/// Who is there. What is done to it in the mind ([`Picture::invite`], [`Picture::assign`]) shows what comes after.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    colleagues: BTreeMap<Index, (Id<Account>, Duties)>,
    invited: BTreeMap<Index, Duties>,
}

impl Picture {
    /// As it is now.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(tx: &mut Tx, company: Id<Company>) -> Result<Self, db::Error> {
        let now = tx.now();
        let sql = "SELECT email_index, id, duties FROM account WHERE company = $1 AND ended_at IS NULL";
        let colleagues = tx.all(sql, values![company], |row| {
            Ok((row.next()?, (row.next()?, Duties::of_codes(&row.next::<String>()?))))
        })?;
        let sql =
            "SELECT email_index, duties FROM invitation WHERE company = $1 AND state = 'waiting' AND expires_at > $2";
        let invited =
            tx.all(sql, values![company, now], |row| Ok((row.next()?, Duties::of_codes(&row.next::<String>()?))))?;
        Ok(Self { colleagues: colleagues.into_iter().collect(), invited: invited.into_iter().collect() })
    }

    /// The colleague with this e-mail.
    pub fn colleague(&self, index: &[u8]) -> Option<(Id<Account>, Duties)> {
        self.colleagues.get(index).copied()
    }

    /// What is offered to whoever has this e-mail.
    pub fn invited(&self, index: &[u8]) -> Option<Duties> {
        self.invited.get(index).copied()
    }

    /// Whether somebody else may be invited.
    pub fn has_room(&self) -> bool {
        self.colleagues.len() + self.invited.len() < MOST
    }

    /// Whether nobody else answers for the company.
    pub fn is_last_owner(&self, account: Id<Account>) -> bool {
        let mut owners = self.colleagues.values().filter(|(_, duties)| duties.has(Duty::Owner));
        owners.all(|(owner, _)| *owner == account)
    }

    /// Whoever has this e-mail is invited.
    pub fn invite(&mut self, index: &[u8], duties: Duties) {
        self.invited.insert(index.to_vec(), duties);
    }

    /// The colleague with this e-mail has these duties.
    pub fn assign(&mut self, index: &[u8], duties: Duties) {
        if let Some((_, held)) = self.colleagues.get_mut(index) {
            *held = duties;
        }
    }
}
