//! What making a token asks.

use crate::web::{ApiToken, Fields, Parse, Scope};
use kit::id::Id;

/// For how many days a token may be made.
pub const DAYS: [&str; 3] = ["30", "90", "365"];

/// A token about to be made.
#[derive(Clone)]
pub struct New {
    /// The row to be made.
    pub id: Id<ApiToken>,
    /// What its company calls it: 2 to 60 characters.
    pub name: String,
    /// One at least.
    pub scopes: Vec<Scope>,
    /// 30, 90 or 365.
    pub days: i64,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, name) = (fields.id("id"), fields.name("name", 2..=60));
        let scopes: Vec<_> = Scope::ALL.into_iter().filter(|scope| fields.ticked(scope.code())).collect();
        let days = fields
            .one_of("days", DAYS)
            .parse("days", |text| DAYS.contains(&text).then(|| text.parse().ok()).flatten().ok_or("choice"));
        if scopes.is_empty() {
            fields.wrong::<()>("read", "token-scope")?;
        }
        Some(Self { id: id?, name: name?, scopes, days: days? })
    }
}
