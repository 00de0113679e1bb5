//! `record-create` and `record-get`: the record that vaults for personal data are measured with (a name, a phone number, an
//! e-mail address and a postal address), sealed under its person's own key, found again by phone or e-mail, created durably;
//! and read with its opening durably on record. Their floors are the same columns in the clear.

use crate::figure::Figure;
use crate::load::{Sample, drive};
use crate::place::{Place, runtime};
use crate::plan::Plan;
use crate::reads::scattered;
use crate::rounds::{self, Case};
use crate::sealed::openings;
use app::app::App;
use kit::db;
use kit::id::Id;
use kit::random::Random;
use kit::values;
use policy::{purpose, recipient};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use vault::{
    BlindIndex, Email, ExportKey, Grant, IndexSlot, Opener, Phone, Proof, Scope, Slot, Subject, enrol_accepting,
};

/// The figures of this part.
pub const NAMES: [&str; 8] = [
    "record-plain-create",
    "record-create",
    "record-plain-get",
    "record-get",
    "record-plain-create-8",
    "record-create-8",
    "record-plain-get-8",
    "record-get-8",
];

/// Who work at the same time, where the name tells no number.
const CLIENTS: usize = 64;

/// Who do where the name ends so.
const FEW: usize = 8;

/// How many there are to be read.
const RECORDS: usize = 10_000;

/// How many make them at the same time.
const MAKERS: usize = 256;

const TABLES: [&str; 2] = [
    "CREATE TABLE bench_record (id BYTEA PRIMARY KEY, subject BYTEA NOT NULL, name BYTEA NOT NULL, phone BYTEA NOT NULL, \
     phone_index BYTEA NOT NULL UNIQUE, email BYTEA NOT NULL, email_index BYTEA NOT NULL UNIQUE, address BYTEA NOT NULL)",
    "CREATE TABLE bench_plain (id BYTEA PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL UNIQUE, \
     email TEXT NOT NULL UNIQUE, address TEXT NOT NULL)",
];

// The matrix has no field for a name or an address: both are sealed as texts of the class that phone and e-mail have.
const NAME: Slot<ExportKey> = Slot::new("bench_record", "name");
const ADDRESS: Slot<ExportKey> = Slot::new("bench_record", "address");
const PHONE: Slot<Phone> = Slot::new("bench_record", "phone");
const EMAIL: Slot<Email> = Slot::new("bench_record", "email");

/// Marks the ids of records.
pub struct Record;

/// The right of a person to their own record.
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

/// What a client typed.
struct Typed {
    name: String,
    phone: String,
    email: String,
    address: String,
}

impl Typed {
    /// Another person each time.
    fn of(random: &Random) -> Self {
        let (number, house) = (random.below(100_000_000), random.below(900) + 1);
        let tail = random.below(u64::MAX);
        Self {
            name: format!("欧阳{number:08}"),
            // Twelve digits after the country's: 10¹² numbers, so that none comes twice in a run.
            phone: format!("+44{:012}", tail % 1_000_000_000_000),
            email: format!("person{tail:x}@hengchuan.example"),
            address: format!("岚河市东岑区清渡路{house}号南屿大厦 3 座 {number} 室"),
        }
    }
}

/// Records in a database of the program's.
#[derive(Clone)]
struct Records {
    app: App,
    phones: BlindIndex<Phone>,
    emails: BlindIndex<Email>,
    random: Random,
}

impl Records {
    async fn prepare(app: App) -> Result<Self, vault::Error> {
        for table in TABLES {
            app.db().write::<_, db::Error>(move |tx| tx.execute(table, &[])).await?;
        }
        let phones = app.vault().index(IndexSlot::new("bench_record", "phone_index", 1)).await?;
        let emails = app.vault().index(IndexSlot::new("bench_record", "email_index", 1)).await?;
        Ok(Self { app, phones, emails, random: Random::seeded(954) })
    }

    /// As rows have it whose age is no secret: those of contacts, for one.
    fn id(&self) -> Id<Record> {
        Id::v7(self.app.clock().now(), &self.random)
    }

    /// Seals and stores one durably: the person, what they agreed to, and the record in one unit.
    async fn create(&self) -> Result<Id<Record>, vault::Error> {
        let (vault, typed) = (self.app.vault(), Typed::of(&self.random));
        let (id, subject) = (self.id(), vault.new_subject());
        let (phone, email): (Phone, Email) = (value(&typed.phone), value(&typed.email));
        let name = vault.seal(NAME, subject, id, &value(&typed.name)).await?;
        let address = vault.seal(ADDRESS, subject, id, &value(&typed.address)).await?;
        let indexes = [self.phones.of(&phone), self.emails.of(&email)];
        let phone = vault.seal(PHONE, subject, id, &phone).await?;
        let email = vault.seal(EMAIL, subject, id, &email).await?;
        let unit = self.app.db().write::<_, vault::Error>(move |tx| {
            enrol_accepting(tx, subject, policy::current().id)?;
            tx.execute(
                "INSERT INTO bench_record (id, subject, name, phone, phone_index, email, email_index, address) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                values![
                    id,
                    subject,
                    name.bytes(),
                    phone.bytes(),
                    &indexes[0],
                    email.bytes(),
                    &indexes[1],
                    address.bytes()
                ],
            )?;
            Ok(())
        });
        unit.await.map(|()| id)
    }

    /// Reads one and opens it for its person, which is on record durably before anything is decrypted.
    async fn get(&self, id: Id<Record>) -> Result<usize, vault::Error> {
        let read = self.app.db().read::<_, db::Error>(move |tx| {
            let sql = "SELECT subject, name, phone, email, address FROM bench_record WHERE id = $1";
            tx.one(sql, values![id], |row| {
                let subject: Id<Subject> = row.next()?;
                let (name, phone) = (NAME.load(row.next()?, subject, id), PHONE.load(row.next()?, subject, id));
                let (email, address) = (EMAIL.load(row.next()?, subject, id), ADDRESS.load(row.next()?, subject, id));
                Ok((subject, name, phone, email, address))
            })
        });
        let (subject, name, phone, email, address) = read.await?;
        let own = Own(subject);
        let grant = Grant::<purpose::Export, _>::new(&own, self.random.id());
        let opened = self.app.vault().open_together(&grant, ((&name, &address), (&phone, &email))).await?;
        let ((name, address), (phone, email)) = opened;
        Ok(name.expose().len() + address.expose().len() + phone.expose().len() + email.expose().len())
    }

    async fn create_plain(&self) -> Result<Id<Record>, vault::Error> {
        let (id, typed) = (self.id(), Typed::of(&self.random));
        let unit = self.app.db().write::<_, vault::Error>(move |tx| {
            let Typed { name, phone, email, address } = &typed;
            let sql = "INSERT INTO bench_plain (id, name, phone, email, address) VALUES ($1, $2, $3, $4, $5)";
            Ok(tx.execute(sql, values![id, name, phone, email, address]).map(drop)?)
        });
        unit.await.map(|()| id)
    }

    async fn get_plain(&self, id: Id<Record>) -> Result<usize, vault::Error> {
        let read = self.app.db().read::<_, db::Error>(move |tx| {
            tx.one("SELECT name, phone, email, address FROM bench_plain WHERE id = $1", values![id], |row| {
                Ok([row.next::<String>()?, row.next()?, row.next()?, row.next()?])
            })
        });
        Ok(read.await?.iter().map(String::len).sum())
    }

    /// So many of each kind.
    async fn fill(&self) -> Result<[Arc<Vec<Id<Record>>>; 2], vault::Error> {
        let (mut sealed, mut plain, mut tasks) = (Vec::new(), Vec::new(), JoinSet::new());
        for _ in 0..MAKERS {
            let records = self.clone();
            tasks.spawn(async move {
                let mut made = Vec::new();
                for _ in 0..RECORDS.div_ceil(MAKERS) {
                    made.push((records.create().await?, records.create_plain().await?));
                }
                Ok::<_, vault::Error>(made)
            });
        }
        for made in tasks.join_all().await {
            for (one, other) in made? {
                sealed.push(one);
                plain.push(other);
            }
        }
        Ok([Arc::new(sealed), Arc::new(plain)])
    }
}

/// What is typed is what its type takes.
fn value<T: std::str::FromStr<Err = vault::Malformed>>(text: &str) -> T {
    text.parse().expect("a value of its kind")
}

/// All figures of records.
///
/// # Panics
/// When anything that is measured fails, or a record was read without an opening.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let (database, runtime) = (place.database(), runtime());
    let records = runtime.block_on(Records::prepare(database.app(&runtime))).expect("the tables are made");
    let [sealed, plain] = runtime.block_on(records.fill()).expect("records are made");
    let records = &records;
    let create = |clients| move |time| made(records, clients, time, async |records| records.create().await);
    let create_plain = |clients| move |time| made(records, clients, time, async |records| records.create_plain().await);
    let get = |clients| {
        let ids = &sealed;
        move |time| read(records, ids, clients, time, async |records, id| records.get(id).await)
    };
    let get_plain = |clients| {
        let ids = &plain;
        move |time| read(records, ids, clients, time, async |records, id| records.get_plain(id).await)
    };
    let cases = [
        Case::new(NAMES[0], create_plain(CLIENTS)),
        Case::new(NAMES[1], create(CLIENTS)).against(NAMES[0]),
        Case::new(NAMES[2], get_plain(CLIENTS)),
        Case::new(NAMES[3], get(CLIENTS)).against(NAMES[2]),
        Case::new(NAMES[4], create_plain(FEW)),
        Case::new(NAMES[5], create(FEW)).against(NAMES[4]),
        Case::new(NAMES[6], get_plain(FEW)),
        Case::new(NAMES[7], get(FEW)).against(NAMES[6]),
    ];
    let figures = rounds::measure(plan, place.engine, &cases);
    let opened: usize =
        figures.iter().filter(|one| ["record-get", "record-get-8"].contains(&one.name)).map(|one| one.n).sum();
    assert!(openings(&runtime, &database) >= opened, "each reading is on record");
    figures
}

fn made<T>(
    records: &Records,
    clients: usize,
    time: Duration,
    make: impl AsyncFn(&Records) -> Result<T, vault::Error> + Copy + 'static,
) -> Sample {
    drive(clients, time, |_| {
        let records = records.clone();
        async move || drop(make(&records).await.expect("a record is made"))
    })
}

fn read(
    records: &Records,
    ids: &Arc<Vec<Id<Record>>>,
    clients: usize,
    time: Duration,
    get: impl AsyncFn(&Records, Id<Record>) -> Result<usize, vault::Error> + Copy + 'static,
) -> Sample {
    drive(clients, time, |number| {
        let (records, ids, mut next) = (records.clone(), ids.clone(), number * 7_919);
        async move || {
            next += 1;
            let length = get(&records, ids[scattered(next) % ids.len()]).await.expect("a record is read");
            assert!(length > 60, "all four are there");
        }
    })
}
