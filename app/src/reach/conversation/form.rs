//! What comes in.

use super::file::MOST;
use super::matter::Matter;
use super::{ContactRequest, Message, Sharing};
use crate::identity::company::Company;
use crate::web::{Fields, Form, Parse, Upload};
use kit::id::Id;
use std::str::FromStr;
use vault::{SharedEmail, SharedName, SharedPhone};

/// A request for contact.
pub struct Wanted {
    pub id: Id<ContactRequest>,
    pub company: Id<Company>,
    pub matter: Matter,
    /// 5 to 2,000 characters.
    pub text: String,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, company) = (fields.id("id"), fields.id("company"));
        let code = fields
            .one_of("matter", Matter::CODES)
            .parse("matter", |code| Matter::CODES.into_iter().find(|known| *known == code).ok_or("choice"));
        let tender = fields.optional("tender", |text| text.parse().map_err(|_| "id"));
        let text = fields.passage("text", 5..=2000);
        let (code, tender) = (code?, tender?);
        let Some(matter) = Matter::read(code, tender) else { return fields.wrong("tender", "matter-tender") };
        Some(Self { id: id?, company: company?, matter, text: text? })
    }
}

/// A refusal.
pub struct Declined {
    /// At most 500 characters.
    pub reason: Option<String>,
    pub block: bool,
}

impl Parse for Declined {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (reason, block) = (fields.optional_passage("reason", 500), fields.ticked("block"));
        Some(Self { reason: reason?, block })
    }
}

/// A message.
pub struct Text {
    pub id: Id<Message>,
    /// 1 to 4,000 characters.
    pub text: String,
    /// At most five.
    pub files: Vec<Upload>,
}

impl Parse for Text {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, text, files) = (fields.id("id"), fields.passage("text", 1..=4000), fields.files("files", MOST));
        Some(Self { id: id?, text: text?, files: files? })
    }
}

/// What somebody would share of themselves: one thing at least.
#[derive(Clone)]
pub struct Own {
    pub name: Option<SharedName>,
    pub phone: Option<SharedPhone>,
    pub email: Option<SharedEmail>,
}

impl Own {
    /// The values, each `None` when it is not shared.
    pub fn values(&self) -> [Option<&str>; 3] {
        let Self { name, phone, email } = self;
        [
            name.as_ref().map(SharedName::expose),
            phone.as_ref().map(SharedPhone::expose),
            email.as_ref().map(SharedEmail::expose),
        ]
    }

    /// The form that shares exactly this.
    pub fn form(&self) -> Form {
        let [name, phone, email] = self.values().map(Option::unwrap_or_default);
        Form::filled([("name", name), ("phone", phone), ("email", email)])
    }
}

fn own<T: FromStr>(
    fields: &mut Fields,
    field: &'static str,
    example: &'static str,
    rule: &'static str,
) -> Option<Option<T>> {
    fields.like(field, example).optional(field, |text| text.parse().map_err(|_| rule))
}

impl Parse for Own {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let name = own(fields, "name", "林澜", "person-name");
        let phone = own(fields, "phone", "13900139000", "phone");
        let email = own(fields, "email", "lin@example.com", "email");
        let own = Self { name: name?, phone: phone?, email: email? };
        if own.values().iter().all(Option::is_none) { fields.wrong("name", "sharing-nothing") } else { Some(own) }
    }
}

/// A sharing of what was previewed.
pub struct Share {
    pub id: Id<Sharing>,
    pub own: Own,
    pub seen: Seen,
}

impl Parse for Share {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, own, seen) = (fields.id("id"), Own::parse(fields), Seen::parse(fields));
        Some(Self { id: id?, own: own?, seen: seen? })
    }
}

/// What a preview carries: a keyed hash of all that it showed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seen([u8; 32]);

impl Seen {
    /// The hash.
    pub fn new(mark: [u8; 32]) -> Self {
        Self(mark)
    }

    /// As the form has it.
    pub fn hex(self) -> String {
        hex::encode(self.0)
    }
}

impl Parse for Seen {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let read = |text: &str| {
            let mut bytes = [0; 32];
            hex::decode_to_slice(text, &mut bytes).map(|()| Self(bytes)).map_err(|_| "id")
        };
        const EXAMPLE: &str = "00000000000000000000000000000000000000000000000000000000000000ff";
        fields.like("seen", EXAMPLE).parse("seen", read)
    }
}

/// Whether there seems to be a telephone number or an e-mail address in a text. It is told to the writer, and rewrites nothing.
pub fn holds_contact(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let joins = |c: char| matches!(c, ' ' | '-' | '－' | '(' | ')' | '+');
    let mut run = 0;
    for c in text.chars() {
        match c {
            c if is_digit(c) => run += 1,
            c if joins(c) => {}
            _ => run = 0,
        }
        if run >= 11 {
            return true;
        }
    }
    text.split(|c: char| c.is_whitespace() || matches!(c, '，' | '。' | '：' | '<' | '>'))
        .filter_map(|word| word.split_once(['@', '＠']))
        .any(|(local, domain)| !local.is_empty() && domain.trim_end_matches(['.', ',']).contains('.'))
}

#[cfg(test)]
mod tests {
    use super::holds_contact;

    #[test]
    fn numbers_and_addresses_are_noticed_and_amounts_are_not() {
        for text in [
            "请打 139 0013 9000",
            "我的电话：13900139000。",
            "+86 139-0013-9000",
            "电话１３９００１３９０００",
            "写信到 lin@example.com。",
            "lin＠example.cn",
        ] {
            assert!(holds_contact(text), "{text}");
        }
        for text in ["总价 4,860,000 元", "编号 LHZB-2026-0001", "2026-11-23 14:00 之前", "a @ b", "@例", "第 3 版"]
        {
            assert!(!holds_contact(text), "{text}");
        }
    }
}
