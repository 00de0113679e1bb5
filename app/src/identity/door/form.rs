//! What comes in.

use crate::identity::account::Name;
use crate::identity::account::code::Codes;
use crate::web::{Fields, Parse};
use kit::id::Id;
use vault::Subject;

/// A mobile number or an e-mail.
pub struct Wanted(pub Name);

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let name = fields.like("contact", "13900139000").parse("contact", |text| match Name::read(text) {
            Name::Neither => Err("account"),
            name => Ok(name),
        });
        name.map(Self)
    }
}

/// The code that came.
pub struct Proof(pub Codes);

impl Parse for Proof {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Codes::parse_single(fields, "code").map(Self)
    }
}

/// Which of the entries under the phone or e-mail.
pub struct Entry(pub Id<Subject>);

impl Parse for Entry {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.id("entry").map(Self)
    }
}
