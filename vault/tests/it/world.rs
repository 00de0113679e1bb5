//! A vault with its two databases, and proofs as an application would have them.

use std::path::PathBuf;

use kit::{
    clock::Clock,
    db::{Db, Migration, Scratch, Settings},
    random::Random,
};
use policy::{purpose, recipient};
use tempfile::TempDir;
use vault::tombstone::Journal;
use vault::{Email, Grant, Id, Opener, Phone, Proof, RequestId, RootKeys, Scope, Sealed, Slot, Subject, Vault};

pub const PHONE: Slot<Phone> = Slot::new("account", "phone");
pub const EMAIL: Slot<Email> = Slot::new("account", "email");

pub struct World {
    pub vault: Vault,
    pub db: Db,
    pub keys: Db,
    pub random: Random,
    pub clock: Clock,
    pub folder: TempDir,
    pub root: PathBuf,
    databases: Vec<Scratch>,
}

fn schema() -> Vec<Migration> {
    let step = |name: &str, sql: &str| Migration { name: name.into(), sql: sql.into() };
    vec![
        step("0002_vault", include_str!("../../../migrations/0002_vault.sql")),
        step("0070_consent", include_str!("../../../migrations/0070_consent.sql")),
        step("0073_access", include_str!("../../../migrations/0073_access.sql")),
        step("0100_key_hold", include_str!("../../../migrations/0100_key_hold.sql")),
        step("0120_tombstone", include_str!("../../../migrations/0120_tombstone.sql")),
        step("0130_accepted", include_str!("../../../migrations/0130_accepted.sql")),
        step("0124_evidence_end", include_str!("../../../migrations/0124_evidence_end.sql")),
        step("0095_exception", include_str!("../../../migrations/0095_exception.sql")),
    ]
}

/// A world on each engine that is there.
pub async fn worlds() -> Vec<World> {
    worlds_by(Clock::system).await
}

/// The same, each with a clock of its own that the test moves.
pub async fn moving_worlds() -> Vec<World> {
    worlds_by(|| Clock::movable(START.parse().unwrap())).await
}

#[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
async fn worlds_by(clock: fn() -> Clock) -> Vec<World> {
    let mut worlds = vec![World::by(Random::system(), clock()).await];
    if let Ok(server) = std::env::var("ZIYUN_TEST_DATABASE_URL") {
        let (random, clock) = (Random::system(), clock());
        let own = |what| Scratch::create(&server, what, &random).unwrap();
        let databases = vec![own("vault_data"), own("vault_keys")];
        let open = |scratch: &Scratch| {
            Db::open(&Settings::new(scratch.url()).threads(2), clock.clone(), random.clone()).unwrap()
        };
        let stores = (open(&databases[0]), open(&databases[1]));
        let mut world = World::with(stores, random.clone(), clock.clone(), tempfile::tempdir().unwrap()).await;
        world.databases = databases;
        worlds.push(world);
    }
    worlds
}

/// The instant at which a movable clock begins.
pub const START: &str = "2026-11-23T01:00:00Z";

impl Drop for World {
    fn drop(&mut self) {
        for database in &self.databases {
            // A server that is gone has taken it along.
            let _ = database.remove();
        }
    }
}

impl World {
    pub async fn on_sqlite(random: Random) -> World {
        World::by(random, Clock::system()).await
    }

    /// On SQLite, by this clock.
    pub async fn by(random: Random, clock: Clock) -> World {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| {
            let settings = Settings::file(folder.path().join(name)).threads(2).secure_delete();
            Db::open(&settings, clock.clone(), Random::seeded(1)).unwrap()
        };
        let (db, keys) = (open("data.db"), open("keys.db"));
        World::with((db, keys), random, clock, folder).await
    }

    async fn with((db, keys): (Db, Db), random: Random, clock: Clock, folder: TempDir) -> World {
        sabotaged();
        db.migrate(schema()).await.unwrap();
        keys.migrate(vault::key_migrations()).await.unwrap();
        let path = folder.path().join("root.key");
        let root = RootKeys::create(&path, &random).unwrap();
        let vault = Vault::new(db.clone(), keys.clone(), root, "cn-1", random.clone());
        World { vault, db, keys, random, clock, folder, root: path, databases: Vec::new() }
    }

    /// Another process on the same databases, in the same region, with cold caches.
    pub fn another(&self) -> Vault {
        self.again("cn-1", RootKeys::read(&self.root).unwrap())
    }

    /// Another process that was built with these versions of the policy.
    pub fn knowing(&self, versions: policy::Versions) -> Vault {
        let (db, keys, random) = (self.db.clone(), self.keys.clone(), self.random.clone());
        Vault::knowing(versions, db, keys, RootKeys::read(&self.root).unwrap(), "cn-1", random)
    }

    /// The same with another region or root file.
    pub fn again(&self, region: &str, root: RootKeys) -> Vault {
        Vault::new(self.db.clone(), self.keys.clone(), root, region, self.random.clone())
    }

    pub async fn person(&self) -> Id<Subject> {
        let subject = self.vault.new_subject();
        self.db.write(move |tx| vault::enrol(tx, subject)).await.unwrap();
        self.accept(subject, policy::current().id).await;
        subject
    }

    /// Beside the databases.
    pub fn journal(&self) -> Journal {
        Journal::at(self.folder.path().join("tombstones.jsonl"))
    }

    /// Somebody without any agreement.
    pub async fn stranger(&self) -> Id<Subject> {
        let subject = self.vault.new_subject();
        self.db.write(move |tx| vault::enrol(tx, subject)).await.unwrap();
        subject
    }

    /// A person accepts a version.
    pub async fn accept(&self, subject: Id<Subject>, version: &'static str) -> bool {
        self.db.write(move |tx| vault::accept(tx, subject, version)).await.unwrap()
    }

    pub fn row(&self) -> Id<()> {
        self.random.id()
    }

    pub async fn phone(&self, subject: Id<Subject>, row: Id<()>) -> Sealed<Phone> {
        self.vault.seal(PHONE, subject, row, &"13800138000".parse().unwrap()).await.unwrap()
    }

    /// Of a proof that lasts as long as the test, which is one request to it.
    pub fn own(&self, subject: Id<Subject>) -> Grant<'static, purpose::Account, recipient::Subject> {
        Grant::new(Box::leak(Box::new(Own(subject))), self.request())
    }

    pub fn list(&self) -> Grant<'static, purpose::Account, recipient::Subject> {
        Grant::new(&List, self.request())
    }

    pub fn request(&self) -> RequestId {
        self.random.id()
    }

    /// (outcome, packed subjects, fields, purpose, bases, recipient, role) of every opening, oldest first.
    pub async fn openings(&self) -> Vec<(String, Vec<u8>, [String; 5])> {
        let sql =
            "SELECT outcome, subjects, fields, purpose, bases, recipient, opener_role FROM opening ORDER BY at, id";
        let all = self.db.read::<_, kit::db::Error>(move |tx| {
            tx.all(sql, &[], |row| {
                Ok((row.next()?, row.next()?, [row.next()?, row.next()?, row.next()?, row.next()?, row.next()?]))
            })
        });
        all.await.unwrap()
    }

    /// Takes a table away by its name: others may refer to it.
    pub async fn take_table(db: &Db, name: &str) {
        let sql = format!("ALTER TABLE {name} RENAME TO taken_away");
        db.write::<_, kit::db::Error>(move |tx| tx.execute(&sql, &[])).await.unwrap();
    }
}

/// The signed-in person.
pub struct Own(pub Id<Subject>);

impl Proof for Own {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::person(self.0, "member")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

/// The delivery job of one message.
pub struct Job(pub Id<Subject>);

impl Proof for Job {
    type Recipient = recipient::Delivery;

    fn opener(&self) -> Opener {
        Opener::program("mail")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

/// A right over many rows.
struct List;

impl Proof for List {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::program("list")
    }

    fn scope(&self) -> Scope {
        Scope::Any
    }
}

/// Switches off the control that a test of tests has named.
#[expect(clippy::disallowed_methods, reason = "the test of tests says through the environment what is switched off")]
fn sabotaged() {
    if let Ok(control) = std::env::var("ZIYUN_SABOTAGE") {
        assert!(policy::sabotage::switch_off(&control), "there is no control {control}");
    }
}
