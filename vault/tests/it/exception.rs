//! Exception cases: what rests on one is opened for the person, the fields and the time that an approved case names.

use jiff::{SignedDuration, Timestamp};
use kit::{db::Tx, values};
use policy::{purpose, recipient};
use vault::access::{self, By};
use vault::{Case, Error, Grant, Id, Opener, Proof, Refusal, Scope, Subject};

use crate::world::{EMAIL, World, moving_worlds};

/// The right of whoever carries a case out.
struct Carrying {
    case: Option<Id<Case>>,
    subject: Id<Subject>,
}

impl Proof for Carrying {
    type Recipient = recipient::Authority;
    fn opener(&self) -> Opener {
        Opener::program("exception")
    }
    fn scope(&self) -> Scope {
        Scope::Only(self.subject)
    }
    fn case(&self) -> Option<Id<Case>> {
        self.case
    }
}

/// A case about a person's number, approved now and for an hour.
async fn case(world: &World, subject: Id<Subject>, fields: &'static str) -> Id<Case> {
    let id: Id<Case> = world.random.id();
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        tx.execute(
            "INSERT INTO exception_case (id, account, subject, fields, basis, law, authority, document, document_hash, \
             reason, applied_by, applied_at, ends_at, approved_at, openings) \
             VALUES ($1, $1, $2, $3, 'legal-duty', 'l', 'a', 'd', 'h', 'r', $1, $4, $5, $4, 0)",
            values![id, subject, fields, now, later(now)],
        )
    };
    world.db.write::<_, kit::db::Error>(unit).await.unwrap();
    id
}

fn later(now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(1)).unwrap()
}

async fn set(world: &World, case: Id<Case>, change: &'static str) {
    let sql = format!("UPDATE exception_case SET {change} WHERE id = $1");
    world.db.write::<_, kit::db::Error>(move |tx| tx.execute(&sql, values![case])).await.unwrap();
}

async fn look(world: &World, case: Option<Id<Case>>, subject: Id<Subject>) -> Result<(), Error> {
    let sealed = world.phone(subject, world.row()).await;
    let carrying = Carrying { case, subject };
    let grant = Grant::<purpose::Exception, _>::new(&carrying, world.request());
    world.vault.open(&grant, &sealed).await.map(drop)
}

#[tokio::test]
async fn an_exception_opens_only_what_its_approved_case_names_and_only_in_its_time() {
    for world in moving_worlds().await {
        let (me, you) = (world.person().await, world.person().await);
        let held = case(&world, me, "phone").await;
        look(&world, Some(held), me).await.unwrap();
        let row = world.openings().await.pop().unwrap();
        assert_eq!(
            (&row.0[..], &row.2[0][..], &row.2[2][..]),
            ("opened", "phone", "legal-duty"),
            "what the case names"
        );
        let refused = async |case, subject, why: &str| {
            let answer = look(&world, case, subject).await;
            let is_so = matches!(&answer, Err(Error::Refused(found)) if found == &[Refusal::NoCase(subject)]);
            assert!(is_so, "{why}: {answer:?}");
            assert_eq!(world.openings().await.pop().unwrap().0, "denied", "{why}");
        };
        refused(None, me, "no case").await;
        refused(Some(world.random.id()), me, "a forged id").await;
        refused(Some(held), you, "another person").await;
        let email = world.vault.seal(EMAIL, me, world.row(), &"li@example.com".parse().unwrap()).await.unwrap();
        let carrying = Carrying { case: Some(held), subject: me };
        let grant = Grant::<purpose::Exception, _>::new(&carrying, world.request());
        assert!(matches!(world.vault.open(&grant, &email).await, Err(Error::Refused(_))), "another field");
        set(&world, held, "revoked_at = applied_at").await;
        refused(Some(held), me, "revoked").await;
        set(&world, held, "revoked_at = NULL, approved_at = NULL").await;
        refused(Some(held), me, "not approved").await;
        set(&world, held, "approved_at = applied_at").await;
        look(&world, Some(held), me).await.unwrap();
        world.clock.advance(SignedDuration::from_mins(60));
        refused(Some(held), me, "ended").await;
        let count = "SELECT openings FROM exception_case WHERE id = $1";
        let counted =
            world.db.read::<_, kit::db::Error>(move |tx| tx.one(count, values![held], |row| row.next::<i64>()));
        assert_eq!(counted.await.unwrap(), 2, "each use is counted with its opening");
    }
}

#[tokio::test]
async fn while_the_law_forbids_to_tell_neither_an_opening_nor_an_attempt_shows() {
    for world in moving_worlds().await {
        let me = world.person().await;
        let held = case(&world, me, "phone").await;
        set(&world, held, "silent_until = ends_at + 3600000000, silent_law = 's'").await;
        look(&world, Some(held), me).await.unwrap();
        set(&world, held, "revoked_at = applied_at").await;
        look(&world, Some(held), me).await.unwrap_err();
        let seen = async || {
            let read = world.db.read(move |tx| access::accesses(tx, me, By::Others, None, 10));
            read.await.unwrap()
        };
        for _ in 0..2 {
            assert_eq!(seen().await, []);
            world.db.write(access::spread).await.unwrap();
        }
        world.clock.advance(SignedDuration::from_hours(2));
        let seen = seen().await;
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|one| one.case.as_ref().is_some_and(|case| case.authority == "a")), "{seen:?}");
    }
}
