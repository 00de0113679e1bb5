//! What is permitted is what the program was built with and what the person's accepted version has.

use policy::{Use, Version, Versions};
use vault::{Email, Error, Grant, Id, Refusal, Slot, Subject};

use crate::world::{EMAIL, World, moving_worlds, worlds};

const PHONE_USE: Use = Use { purpose: "account", field: "phone", recipient: "subject", retention: "operational" };
const EMAIL_USE: Use = Use { purpose: "account", field: "email", recipient: "subject", retention: "operational" };
/// The same datum, kept longer: another use.
const LONGER: Use = Use { retention: "evidence_3y", ..EMAIL_USE };

fn version(id: &'static str, uses: &[Use]) -> Version {
    let mut uses = uses.to_vec();
    uses.sort();
    Version { id, uses: uses.leak(), zh: policy::current().zh, en: policy::current().en }
}

fn versions(all: Vec<Version>) -> Versions {
    Versions::new(all.leak())
}

/// The first shows a phone, the second its e-mail too.
fn two() -> Versions {
    versions(vec![version("2030-01", &[PHONE_USE, LONGER]), version("2030-02", &[PHONE_USE, EMAIL_USE])])
}

async fn refused(world: &World, vault: &vault::Vault, subject: Id<Subject>) -> Vec<Refusal> {
    let row = world.row();
    let email: Email = "li@example.com".parse().unwrap();
    let sealed = vault.seal(EMAIL, subject, row, &email).await.unwrap();
    match vault.open(&world.own(subject), &sealed).await {
        Ok(_) => Vec::new(),
        Err(Error::Refused(why)) => why,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn what_the_accepted_version_does_not_have_is_not_opened() {
    for world in worlds().await {
        let vault = world.knowing(two());
        let subject = world.stranger().await;
        world.accept(subject, "2030-01").await;
        assert_eq!(refused(&world, &vault, subject).await, [Refusal::NotAccepted(subject)]);
        let (row, phone) = (world.row(), "13800138000".parse().unwrap());
        let sealed = vault.seal(crate::world::PHONE, subject, row, &phone).await.unwrap();
        assert!(vault.open(&world.own(subject), &sealed).await.is_ok(), "the rest goes on");
        assert!(world.accept(subject, "2030-02").await);
        assert_eq!(refused(&world, &vault, subject).await, [], "from the acceptance on");
        let outcomes: Vec<_> = world.openings().await.into_iter().map(|(outcome, ..)| outcome).collect();
        assert_eq!(outcomes, ["denied", "opened", "opened"], "the attempt is on record");
    }
}

#[tokio::test]
async fn a_version_that_this_program_was_not_built_with_permits_nothing_here() {
    for world in worlds().await {
        let [older, newer] = [versions(vec![version("2030-01", &[PHONE_USE, EMAIL_USE])]), two()];
        let subject = world.stranger().await;
        world.accept(subject, "2030-02").await;
        assert_eq!(refused(&world, &world.knowing(older), subject).await, [Refusal::UnknownVersion(subject)]);
        assert_eq!(refused(&world, &world.knowing(newer), subject).await, [], "the other process goes on");
    }
}

#[tokio::test]
async fn who_has_no_agreement_is_opened_for_nothing_that_rests_on_one() {
    for world in worlds().await {
        let subject = world.stranger().await;
        assert_eq!(refused(&world, &world.vault, subject).await, [Refusal::NotAccepted(subject)]);
        const IP: Slot<vault::Ip> = Slot::new("login_session", "ip");
        let row = world.row();
        let sealed = world.vault.seal(IP, subject, row, &"10.0.0.1".parse().unwrap()).await.unwrap();
        let own = crate::world::Own(subject);
        let grant = Grant::<policy::purpose::Security, _>::new(&own, world.request());
        assert!(world.vault.open(&grant, &sealed).await.is_ok(), "a duty of the law rests on no agreement");
    }
}

#[tokio::test]
async fn no_acceptance_goes_back_whatever_the_clock_says() {
    for world in moving_worlds().await {
        let subject = world.stranger().await;
        assert!(world.accept(subject, "2030-02").await);
        assert!(!world.accept(subject, "2030-02").await, "sent twice, it is once");
        world.clock.set("2020-01-01T00:00:00Z".parse().unwrap());
        assert!(!world.accept(subject, "2030-01").await);
        let read = world.db.read::<_, kit::db::Error>(move |tx| vault::accepted(tx, subject));
        assert_eq!(read.await.unwrap().as_deref(), Some("2030-02"));
    }
}
