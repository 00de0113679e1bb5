//! In whose name a company's people are acted on: an owner at a browser, or one whose word a job carries out later.

use super::duty::{Duties, Duty};
use super::leave;
use super::store::{self, Changed, Colleague};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::web::limit::{Counted, Limit};
use crate::web::{Error, Owner};
use jiff::SignedDuration;
use kit::db::Tx;
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;
use vault::{Standing, Subject};

/// Invitations of one company.
static OF_ONE_COMPANY: Limit = Limit { name: "invitation-company", burst: 30, every: SignedDuration::from_mins(10) };
/// Invitations to one address, whoever sends them: nobody is flooded in a company's name.
static TO_ONE_ADDRESS: Limit = Limit { name: "invitation-address", burst: 5, every: SignedDuration::from_hours(6) };

/// An owner, and their company.
#[derive(Clone, Debug)]
pub struct Acting {
    /// The company.
    pub company: Id<Company>,
    /// Its name.
    pub company_name: String,
    /// The owner's account.
    pub account: Id<Account>,
    /// The owner, as the vault knows them.
    pub subject: Id<Subject>,
}

impl Acting {
    /// Whoever sent the request.
    pub fn of(owner: &Owner) -> Self {
        let company_name = owner.company_name.clone();
        Self { company: owner.company, company_name, account: owner.account(), subject: owner.subject() }
    }

    /// Who gave their word earlier, if they answer for this company at this instant.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn again(tx: &mut Tx, company: Id<Company>, account: Id<Account>) -> Result<Option<Self>, Error> {
        let sql = "SELECT a.subject, c.name FROM account a JOIN company c ON c.id = a.company \
                   WHERE a.id = $1 AND c.id = $2 AND a.ended_at IS NULL";
        let found = tx.first(sql, values![account, company], |row| Ok((row.next()?, row.next()?)))?;
        let Some((subject, company_name)) = found else { return Ok(None) };
        let is_owner = store::standing(tx, account)?.is_some_and(|(_, duties)| duties.has(Duty::Owner));
        let is_active = vault::standing(tx, subject)? == Some(Standing::Active);
        Ok((is_owner && is_active).then_some(Self { company, company_name, account, subject }))
    }

    /// Whom an event of theirs concerns.
    pub fn scope(&self) -> Scope {
        store::scope(self.company, Some(self.subject))
    }
}

/// What an invitation counts for, whoever sends it.
pub fn counted(app: &App, company: Id<Company>, email_index: &[u8]) -> [Counted; 2] {
    let limits = app.limits();
    [limits.of(&OF_ONE_COMPANY, &[company.as_bytes()]), limits.of(&TO_ONE_ADDRESS, &[email_index])]
}

/// Gives a colleague other duties, and tells them. Nobody is made an owner here: they are asked.
///
/// # Errors
/// 404; 409 `last-owner`; 412 when somebody has changed them since `version`.
pub fn assign(tx: &mut Tx, acting: &Acting, one: &Colleague, version: i64, duties: Duties) -> Result<(), Error> {
    if one.duties.has(Duty::Owner) && !duties.has(Duty::Owner) {
        store::keep_an_owner(tx, acting.company, one.account)?;
    }
    store::set_duties(tx, one, version, duties)?;
    let changed = Changed { account: one.account, company: acting.company, what: "duties", duties: duties.codes() };
    event::record(tx, acting.scope(), &changed)?;
    leave::tell(tx, one.account, "letter-people-duties", &acting.company_name)?;
    Ok(())
}
