//! Where the company is registered, and where post reaches it.

use super::line::{Line, Value};
use super::{Content, Part};
use crate::reach::region;
use crate::web::{Fields, Form, Parse};
use serde::{Deserialize, Serialize};

/// What stands in the part *addresses*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// As on the licence.
    pub registered: Address,
    /// Where post goes; none where it is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal: Option<Address>,
    /// Postal code: six digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
}

/// A place and the line below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Code of a division.
    pub region: String,
    /// Street, house, room.
    pub line: String,
}

impl Content for Addresses {
    const PART: Part = Part::Addresses;

    fn lines(&self) -> Vec<Line> {
        let region = |field, address: &Address| Line { field, value: Value::Region(address.region.clone()) };
        let (registered, postal) = (&self.registered, self.postal.as_ref());
        [
            Some(region("registered_region", registered)),
            Line::text("registered_line", Some(&registered.line)),
            postal.map(|address| region("postal_region", address)),
            postal.and_then(|address| Line::text("postal_line", Some(&address.line))),
            Line::text("postcode", self.postcode.clone()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn form(&self) -> Form {
        let postal = self.postal.as_ref();
        Form::filled([
            ("registered_region", self.registered.region.as_str()),
            ("registered_line", &self.registered.line),
            ("postal_region", postal.map_or("", |address| &address.region)),
            ("postal_line", postal.map_or("", |address| &address.line)),
            ("postcode", self.postcode.as_deref().unwrap_or_default()),
        ])
    }
}

impl Parse for Addresses {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let known = |code: &str| region::by_code(code).map(|region| region.code.to_owned()).ok_or("choice");
        let region = fields.like("registered_region", "44").parse("registered_region", known);
        let line = fields.name("registered_line", 4..=200);
        let registered = region.zip(line).map(|(region, line)| Address { region, line });
        let region = fields.like("postal_region", "44").optional("postal_region", known);
        let line = fields.optional_text("postal_line", 200);
        let postal = match (region, line) {
            (Some(None), Some(None)) => Some(None),
            (Some(Some(region)), Some(Some(line))) => Some(Some(Address { region, line })),
            (Some(Some(_)), Some(None)) => fields.wrong("postal_line", "required"),
            (Some(None), Some(Some(_))) => fields.wrong("postal_region", "required"),
            _ => None,
        };
        let postcode = fields.like("postcode", "518000").optional("postcode", |text| {
            let is_one = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
            if is_one { Ok(text.to_owned()) } else { Err("postcode") }
        });
        Some(Self { registered: registered?, postal: postal?, postcode: postcode? })
    }
}
