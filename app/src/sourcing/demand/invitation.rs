//! Who is invited (受邀): companies whose provider's page is public.

use super::demand::Demand;
use crate::identity::company::Company;
use crate::sourcing::guests::{Guests, Invited, read};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// Their rows.
pub(super) const INVITED: Guests = Guests { table: "demand_invitation", of: "demand" };

/// The ids of the invited companies, for the program that tells them.
///
/// # Errors
/// [`db::Error`].
pub fn ids(tx: &mut Tx, demand: Id<Demand>) -> Result<Vec<Id<Company>>, db::Error> {
    INVITED.ids(tx, demand)
}

/// Whom a tender that is made of a demand may name: who was invited, and who has answered with interest, as far as their pages are public.
///
/// # Errors
/// [`db::Error`].
pub(super) fn proposed(tx: &mut Tx, demand: Id<Demand>) -> Result<Vec<Invited>, db::Error> {
    let sql = "SELECT c.id, c.name, c.credit_code FROM company c JOIN provider p ON p.company = c.id WHERE c.id IN \
               (SELECT company FROM demand_invitation WHERE demand = $1 UNION \
               SELECT company FROM demand_interest WHERE demand = $1 AND content IS NOT NULL) ORDER BY c.id";
    tx.all(sql, values![demand], read)
}
