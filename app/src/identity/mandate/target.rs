//! What a letter is for: every tender, one, or one lot of it. A row keeps a keyed hash of it together with the company, as a
//! bid's does of its bidder: before the opening nobody reads in the database who means to bid for what.

use crate::app::App;
use crate::identity::company::Company;
use kit::id::Id;

/// What an act is about, as letters name it: the tender, and the lot where it is about one.
#[derive(Clone, Debug)]
pub struct Target(Vec<[u8; 32]>);

impl Target {
    /// Of a company's act on a tender, and on a lot of it. `T` and `L` are the tender's and the lot's kinds of id: the rooms of
    /// tenders rest on this one.
    pub fn of<T, L>(app: &App, company: Id<Company>, tender: Id<T>, lot: Option<Id<L>>) -> Self {
        let tender = mark(app, company, tender.as_bytes());
        Self(lot.map(|lot| mark(app, company, lot.as_bytes())).into_iter().chain([tender]).collect())
    }

    /// Whether a letter for `named` covers it; one that names nothing covers everything.
    pub fn is_covered(&self, named: Option<&[u8; 32]>) -> bool {
        named.is_none_or(|named| self.0.contains(named))
    }
}

/// How a letter of this company names a tender or a lot.
pub fn mark(app: &App, company: Id<Company>, named: &[u8; 16]) -> [u8; 32] {
    app.mark("mandate/target", &[company.as_bytes(), named])
}
