//! The actor of a request, asked for again while it goes on: a connection that lasts outlives what it was admitted by.

use super::actor::Actor;
use super::error::Error;
use super::{bearer, session};
use kit::db::Tx;
use policy::Versions;

impl Actor {
    /// The same actor as they stand at this instant; none once their login session has ended, or their token acts no more.
    ///
    /// # Errors
    /// 503 when the database cannot be asked.
    pub fn again(&self, tx: &mut Tx, versions: Versions) -> Result<Option<Self>, Error> {
        let Some(person) = self.person() else { return Ok(Some(self.clone())) };
        match session::again(tx, person, versions)? {
            Self::Visitor => Ok(bearer::again(tx, person.session().cast(), versions)?),
            actor => Ok(Some(actor)),
        }
    }

    /// Whether somebody acts as another does: for the same company, which has the same level, or for none.
    pub fn acts_as(&self, other: &Self) -> bool {
        let of = |actor: &Self| actor.member().map(|member| (member.company, member.level()));
        self.kind() == other.kind() && of(self) == of(other)
    }
}
