//! Somebody's phone or e-mail was typed into a registration that is not confirmed: through the public door they see what is
//! kept of it, and take it away if it was not they who registered.

use super::store;
use crate::app::App;
use crate::identity::account::Account;
use crate::web::{Door, Error, Known, Said};
use futures::FutureExt;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

/// Registrations at the public door.
pub static DOOR: Door = Door {
    find,
    deny: |tx, app, subject, _| erase(tx, app, subject),
    erase,
    // It is gone within a day, and nobody has proven yet whose phone and mailbox they are.
    call: |_, _, _| async { Ok(false) }.boxed(),
};

fn find(tx: &mut Tx, index: &[u8; 32]) -> Result<Vec<Known>, db::Error> {
    let sql = "SELECT subject, company_name, created_at FROM registration \
         WHERE phone_index = $1 OR email_index = $1 ORDER BY created_at DESC, id LIMIT 20";
    tx.all(sql, values![index], |row| {
        let (subject, company): (_, String) = (row.next()?, row.next()?);
        Ok(Known { subject, told: Said::new("registration-at-door").with("company", company), since: row.next()? })
    })
}

/// One of phone and e-mail is not theirs, or they do not want it: without both there is no account, so all of it goes.
fn erase(tx: &mut Tx, _: &App, subject: Id<Subject>) -> Result<(), Error> {
    let sql = "SELECT id FROM registration WHERE subject = $1";
    let found: Option<Id<Account>> = tx.first(sql, values![subject], |row| row.next())?;
    let Some(id) = found else { return Ok(()) };
    store::sweep(tx, id)?;
    tx.execute("DELETE FROM code_pair WHERE id = $1", values![id])?;
    Ok(())
}
