//! Organisations as releases name them. A release never changes and is copied by strangers, while a natural person may end what is
//! public of them any day: so a sole operator stands there without name and number, whoever reads it.

use super::release::{Identifier, Named, Party};
use crate::identity::company::part::Kind;
use crate::identity::company::part::identity::kind_of;
use crate::identity::company::{self, Company};
use kit::db::{self, Tx};
use kit::id::Id;

/// The register in which a unified social credit code is entered, as org-id.guide names it.
const REGISTER: &str = "CN-SAIC";

/// What stands for the name of a sole operator.
const SOLE: &str = "自然人经营者（不公开姓名或字号）";

/// A company with its roles. `otherwise`: the id of a sole operator, which is another in each place.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, id: Id<Company>, otherwise: &str, roles: &[&'static str]) -> Result<Party, db::Error> {
    let found = company::known(tx, id)?;
    let company = found.filter(|company| kind_of(&company.credit_code) == Kind::Enterprise);
    let Some(company) = company else {
        return Ok(Party { id: otherwise.to_owned(), name: SOLE.to_owned(), identifier: None, roles: roles.to_vec() });
    };
    let identifier = Identifier { scheme: REGISTER, id: company.credit_code.clone(), legal_name: company.name.clone() };
    Ok(Party {
        id: format!("{REGISTER}-{}", company.credit_code),
        name: company.name,
        identifier: Some(identifier),
        roles: roles.to_vec(),
    })
}

impl Party {
    /// A reference to it.
    pub fn named(&self) -> Named {
        Named { id: self.id.clone(), name: self.name.clone() }
    }
}

/// Each once, with all roles that it has.
pub fn joined(parties: impl IntoIterator<Item = Party>) -> Vec<Party> {
    let mut all: Vec<Party> = Vec::new();
    for party in parties {
        match all.iter_mut().find(|one| one.id == party.id) {
            None => all.push(party),
            Some(one) => {
                let new: Vec<_> = party.roles.into_iter().filter(|role| !one.roles.contains(role)).collect();
                one.roles.extend(new);
            }
        }
    }
    all
}
