//! Personal values between a form and a seal. Parsed means normalised; `Debug` shows nothing; memory is cleared on
//! drop; `expose` and `disclose` are the only ways out, and easy to search for.

use std::{fmt, net::IpAddr, str::FromStr};

use policy::field;
use thiserror::Error;
use zeroize::Zeroizing;

/// A type of personal value. Implemented in this crate only.
pub trait Personal: restore::Restore + Clone + Send + Sync + 'static {
    /// Its field in the policy's matrix.
    type Field: policy::Field;

    /// The normalised text. Do not log, store or send it but for the purpose it was opened for.
    fn expose(&self) -> &str;
}

/// The text that came out of a seal.
pub struct Unsealed(pub(crate) Zeroizing<String>);

mod restore {
    /// Back from the seal, without parsing again: rules may have become stricter since.
    pub trait Restore {
        #[doc(hidden)]
        fn restore(text: super::Unsealed) -> Self;
    }
}

/// Why a text is no such value. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// Nothing was typed.
    #[error("empty")]
    Empty,
    /// Neither a mobile number of mainland China nor an international one that begins with `+`.
    #[error("not a mobile number: 11 digits of mainland China, or + and 8 to 15 digits")]
    Phone,
    /// Not `name@domain` as mail servers take it (RFC 5321), with an internet domain.
    #[error("not an e-mail address: name@domain")]
    Email,
    /// Neither IPv4 nor IPv6.
    #[error("not an IP address")]
    Ip,
    /// Not two to sixty characters as names are written, in one line and without digits.
    #[error("not a name: two to sixty characters, without digits")]
    Name,
    /// More than such a text may hold.
    #[error("too long: 16,000 characters at most")]
    TooLong,
}

macro_rules! personal {
    ($(#[$doc:meta])* $name:ident: $field:ty = $normalise:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// The normalised text; see [`Personal::expose`].
            pub fn expose(&self) -> &str {
                &self.0
            }

            /// The text itself, for who shows it: nothing is copied, and nothing of it stays here to be cleared. (To clear
            /// the nothing costs as much as half a decryption: a store of no bytes where no memory is.)
            pub fn disclose(self) -> String {
                std::mem::take(&mut **std::mem::ManuallyDrop::new(self.0))
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                if text.trim().is_empty() {
                    return Err(Malformed::Empty);
                }
                $normalise(text.trim()).map(|text| Self(Zeroizing::new(text)))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl restore::Restore for $name {
            fn restore(text: Unsealed) -> Self {
                Self(text.0)
            }
        }

        impl Personal for $name {
            type Field = $field;

            fn expose(&self) -> &str {
                &self.0
            }
        }
    };
}

personal! {
    /// A mobile number in E.164: `+8613800138000`.
    Phone: field::Phone = phone
}
personal! {
    /// An e-mail address: all lower-case, the domain in IDNA's ASCII form.
    Email: field::Email = email
}
personal! {
    /// An IP address in canonical form; IPv4 in IPv6 clothes is IPv4.
    Ip: field::Ip = ip
}
personal! {
    /// What a browser calls itself: printable, at most 400 characters.
    UserAgent: field::UserAgent = user_agent
}
personal! {
    /// The categories and regions that somebody follows, in their room's own form: at most 16,000 characters.
    Followed: field::Followed = document
}
personal! {
    /// What somebody wants remembered of searching, in its room's own form: at most 16,000 characters.
    Search: field::Search = document
}

personal! {
    /// The one-off key under which a copy of somebody's data lies: destroyed with them, and useless without the copy.
    ExportKey: field::ExportKey = document
}

personal! {
    /// What an authenticator app shares with the platform, in Base32: compared with, and shown once, when it is made.
    AuthenticatorSecret: field::Authenticator = document
}

personal! {
    /// What somebody calls a passkey of theirs: at most 16,000 characters.
    PasskeyName: field::PasskeyName = document
}

personal! {
    /// An account with a third party: its issuer, a space, and what the issuer calls it. At most 16,000 characters.
    LinkedIdentity: field::LinkedIdentity = document
}

personal! {
    /// What somebody used, in its room's own form: at most 16,000 characters.
    Use: field::Use = document
}

personal! {
    /// What somebody asks the personal information officer for, or is answered: at most 16,000 characters.
    RequestText: field::RequestText = document
}

personal! {
    /// The one-off key under which a page that somebody handed in to be verified lies.
    VerificationPage: field::VerificationPage = document
}

personal! {
    /// The name on somebody's identity document: two to sixty characters, spaces in it single.
    IdName: field::IdName = name
}
personal! {
    /// The kind of somebody's identity document, a space, and its number, as the room that asks for it has them.
    IdNumber: field::IdNumber = document
}
personal! {
    /// The name of who stands for a company, or of a sole operator: two to sixty characters, spaces in it single.
    Representative: field::Representative = name
}
personal! {
    /// What a company's contact is called: at most 16,000 characters.
    ContactName: field::ContactName = document
}
personal! {
    /// The mobile number of a company's contact, as [`Phone`].
    ContactPhone: field::ContactPhone = phone
}
personal! {
    /// The e-mail of a company's contact, as [`Email`].
    ContactEmail: field::ContactEmail = email
}
personal! {
    /// The department of a company's contact: at most 16,000 characters.
    ContactDepartment: field::ContactDepartment = document
}
personal! {
    /// The title of a company's contact: at most 16,000 characters.
    ContactTitle: field::ContactTitle = document
}
personal! {
    /// Other ways to reach a company's contact: at most 16,000 characters.
    ContactOther: field::ContactOther = document
}

personal! {
    /// The name that somebody shares with another company in a thread: two to sixty characters, spaces in it single.
    SharedName: field::SharedName = name
}
personal! {
    /// The number that somebody shares with another company in a thread, as [`Phone`].
    SharedPhone: field::SharedPhone = phone
}
personal! {
    /// The e-mail that somebody shares with another company in a thread, as [`Email`].
    SharedEmail: field::SharedEmail = email
}

/// ITU-T E.164: at most 15 digits, the country code first and never 0.
fn phone(text: &str) -> Result<String, Malformed> {
    if let Ok(mobile) = kit::identifier::Mobile::parse(text) {
        return Ok(mobile.e164().to_owned());
    }
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = digits.strip_prefix('+').ok_or(Malformed::Phone)?;
    let sound =
        (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with(['0']);
    // A number of mainland China that its own plan refuses is not international either.
    if sound && !digits.starts_with("86") { Ok(format!("+{digits}")) } else { Err(Malformed::Phone) }
}

/// RFC 5321: local part of at most 64 as dot-separated atoms, the whole at most 254. Quoted local parts and address
/// literals are refused: nobody types them.
fn email(text: &str) -> Result<String, Malformed> {
    let (local, domain) = text.rsplit_once(['@', '＠']).ok_or(Malformed::Email)?;
    let atom = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    if local.len() > 64 || !local.split('.').all(atom) {
        return Err(Malformed::Email);
    }
    let domain = idna::domain_to_ascii_strict(domain).map_err(|_| Malformed::Email)?;
    let top = domain.rsplit('.').next().unwrap_or_default();
    let address = format!("{}@{domain}", local.to_ascii_lowercase());
    let sound =
        domain.contains('.') && top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()) && address.len() <= 254;
    if sound { Ok(address) } else { Err(Malformed::Email) }
}

fn ip(text: &str) -> Result<String, Malformed> {
    let address: IpAddr = text.parse().map_err(|_| Malformed::Ip)?;
    Ok(address.to_canonical().to_string())
}

fn document(text: &str) -> Result<String, Malformed> {
    if text.chars().count() > 16_000 { Err(Malformed::TooLong) } else { Ok(text.to_owned()) }
}

/// As names are written: letters of any script, with spaces, dots, hyphens and apostrophes between them.
fn name(text: &str) -> Result<String, Malformed> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_part = |c: char| c.is_alphabetic() || matches!(c, ' ' | '·' | '•' | '．' | '.' | '-' | '\'' | '’');
    let sound = (2..=60).contains(&name.chars().count()) && name.chars().all(is_part);
    if sound { Ok(name) } else { Err(Malformed::Name) }
}

fn user_agent(text: &str) -> Result<String, Malformed> {
    Ok(text.chars().filter(|c| !c.is_control()).take(400).collect())
}
