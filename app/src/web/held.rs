//! What rooms keep of people: which columns hold personal values, and what stands in them for one person.
//!
//! A room declares its columns ([`Held`]); the privacy centre shows them field by field, the export copies them, and the
//! control register counts what in them is not sealed. A column that no room declares fails a test.

use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use policy::{Permits, Purpose, Recipient, field};
use vault::{
    ContactDepartment, ContactEmail, ContactName, ContactOther, ContactPhone, ContactTitle, Email, Followed, Grant,
    IdName, IdNumber, Ip, LinkedIdentity, PasskeyName, Phone, Representative, RequestText, Sealed, Search, SharedEmail,
    SharedName, SharedPhone, Subject, Use, UserAgent, Vault,
};

/// A column that holds a personal value, sealed.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// As in the migrations.
    pub table: &'static str,
    /// As in the migrations.
    pub column: &'static str,
    /// Its field in the policy's matrix.
    pub field: &'static str,
}

impl Column {
    /// A value that stands in it. `until`: when it goes by itself, if that is before the account does.
    pub fn datum(
        &'static self,
        sealing: impl Into<Sealing>,
        since: Timestamp,
        until: impl Into<Option<Timestamp>>,
    ) -> Datum {
        Datum { column: self, sealing: sealing.into(), since, until: until.into() }
    }

    /// Key of the word that says where this is: `held-login-session-ip`.
    pub fn word(&self) -> String {
        format!("held-{}-{}", self.table, self.column).replace('_', "-")
    }
}

/// What a room keeps of people.
pub struct Held {
    /// Every column of the room's tables that holds a personal value.
    pub columns: &'static [Column],
    /// All that stands in them for one person, the newest first.
    pub find: fn(&mut Tx, Id<Subject>) -> Result<Vec<Datum>, db::Error>,
}

/// A value that is kept of somebody.
#[derive(Clone, Debug)]
pub struct Datum {
    /// Where it stands.
    pub column: &'static Column,
    /// The value.
    pub sealing: Sealing,
    /// Since when it is kept.
    pub since: Timestamp,
    /// When it goes by itself; else with the account or the function.
    pub until: Option<Timestamp>,
}

/// The personal types, each under its own name as the vault and the matrix have it.
macro_rules! kinds {
    ($($kind:ident),+) => {
        /// A sealed value of any personal type.
        #[derive(Clone, Debug)]
        #[expect(missing_docs, reason = "the types document themselves")]
        pub enum Sealing {
            $($kind(Sealed<$kind>)),+
        }

        $(impl From<Sealed<$kind>> for Sealing {
            fn from(sealed: Sealed<$kind>) -> Self {
                Self::$kind(sealed)
            }
        })+

        /// Opens what is kept of somebody, in the order given: one record for each kind of value.
        ///
        /// # Errors
        /// As [`Vault::open_many`].
        pub async fn open<P, R>(vault: &Vault, grant: &Grant<'_, P, R>, data: &[Datum]) -> Result<Vec<String>, vault::Error>
        where
            R: Recipient,
            P: Purpose $(+ Permits<field::$kind, R>)+,
        {
            let mut values = vec![String::new(); data.len()];
            $({
                let of_kind = data.iter().enumerate().filter_map(|(at, datum)| match &datum.sealing {
                    Sealing::$kind(sealed) => Some((at, sealed.clone())),
                    _ => None,
                });
                let (places, sealed): (Vec<usize>, Vec<_>) = of_kind.unzip();
                for (at, value) in places.into_iter().zip(vault.open_many(grant, &sealed).await?) {
                    value.expose().clone_into(&mut values[at]);
                }
            })+
            Ok(values)
        }
    };
}

kinds!(
    Phone,
    Email,
    Ip,
    UserAgent,
    Followed,
    Search,
    RequestText,
    Use,
    IdName,
    IdNumber,
    Representative,
    ContactName,
    ContactPhone,
    ContactEmail,
    ContactDepartment,
    ContactTitle,
    ContactOther,
    PasskeyName,
    LinkedIdentity,
    SharedName,
    SharedPhone,
    SharedEmail
);
