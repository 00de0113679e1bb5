//! Somebody who exists in a drill's copy only.

use crate::app::App;
use crate::backup::Error;
use crate::identity::account::{Account, NotCreated, create_operator};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::{purpose, recipient};
use vault::{Grant, Opener, Phone, Proof, Scope, Slot, Standing, Subject};

const PHONE: Slot<Phone> = Slot::new("account", "phone");

/// How often a number that somebody has is drawn anew.
const DRAWS: usize = 8;

/// A person of a drill.
pub struct Drilled {
    pub subject: Id<Subject>,
    account: Id<Account>,
    phone: String,
}

/// They read their own number.
struct Own(Id<Subject>);

impl Proof for Own {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::person(self.0, "member")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

impl Drilled {
    /// Gets an account, as people do.
    pub async fn new(app: &App) -> Result<Self, Error> {
        for _ in 0..DRAWS {
            let number = u64::from_le_bytes(app.random().bytes()) % 100_000_000;
            let (phone, password) = (format!("139{number:08}"), hex::encode(app.random().bytes::<16>()));
            let email = format!("drill-{}@drill.example", hex::encode(app.random().bytes::<8>()));
            match create_operator(app, &phone, &email, &password).await {
                Ok(account) => return Self::of(app, account, format!("+86{phone}")).await,
                Err(NotCreated::Taken) => {}
                Err(error) => return Err(Error::Refused(format!("a person of the drill cannot be made: {error}"))),
            }
        }
        Err(Error::Refused("no free number for a person of the drill was found".into()))
    }

    async fn of(app: &App, account: Id<Account>, phone: String) -> Result<Self, Error> {
        let sql = "SELECT subject FROM account WHERE id = $1";
        let subject = app.db().read::<_, db::Error>(move |tx| tx.one(sql, values![account], |row| row.next())).await?;
        Ok(Self { subject, account, phone })
    }

    /// Whether their number opens, and is theirs.
    pub async fn is_readable(&self, app: &App) -> Result<bool, Error> {
        let (account, sql) = (self.account, "SELECT phone FROM account WHERE id = $1");
        let read = move |tx: &mut Tx| tx.first(sql, values![account], |row| row.next::<Vec<u8>>());
        let Some(bytes) = app.db().read::<_, db::Error>(read).await? else { return Ok(false) };
        let own = Own(self.subject);
        let grant = Grant::<purpose::Account, _>::new(&own, app.random().id());
        match app.vault().open(&grant, &PHONE.load(bytes, self.subject, self.account)).await {
            Ok(phone) => Ok(phone.expose() == self.phone),
            Err(vault::Error::Db(error)) => Err(error.into()),
            Err(_) => Ok(false),
        }
    }

    /// Whether they are erased, there is no key of theirs, and their number does not open.
    pub async fn is_gone(&self, app: &App) -> Result<bool, Error> {
        let subject = self.subject;
        let standing = app.db().read(move |tx| vault::standing(tx, subject)).await?;
        let sql = "SELECT count(*) FROM data_key WHERE subject = $1";
        let keys = app.keys().read::<_, db::Error>(move |tx| tx.one(sql, values![subject], |row| row.next::<i64>()));
        Ok(standing == Some(Standing::Destroyed) && keys.await? == 0 && !self.is_readable(app).await?)
    }
}
