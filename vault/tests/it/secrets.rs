//! Key material that belongs to no person, and the blind index.

use kit::random::Random;
use vault::{Email, Error, IndexSlot, Phone};

use crate::world::{World, worlds};

#[tokio::test]
async fn a_secret_is_kept_once_and_never_overwritten() {
    for world in worlds().await {
        let secrets = world.vault.secrets();
        assert!(secrets.get("tender/1/identity").await.unwrap().is_none());
        secrets.put("tender/1/identity", b"AGE-SECRET-KEY").await.unwrap();
        secrets.put("tender/1/identity", b"AGE-SECRET-KEY").await.unwrap();
        let other = secrets.put("tender/1/identity", b"another").await;
        assert!(matches!(other, Err(Error::SecretTaken(_))), "{other:?}");
        assert_eq!(secrets.get("tender/1/identity").await.unwrap().unwrap().as_slice(), b"AGE-SECRET-KEY");
        assert!(matches!(secrets.derive("tender/1/identity").await, Err(Error::SecretTaken(_))));
    }
}

#[tokio::test]
async fn all_who_race_derive_the_same_secret() {
    for world in worlds().await {
        let secrets = world.vault.secrets();
        let (a, b, c) = tokio::join!(secrets.derive("log"), secrets.derive("log"), secrets.derive("log"));
        let a = a.unwrap();
        assert_eq!((*a, *a), (*b.unwrap(), *c.unwrap()));
        assert_ne!(*a, *secrets.derive("other").await.unwrap());
    }
}

#[tokio::test]
async fn a_secret_is_wrapped_in_the_key_database_and_bound_to_its_name() {
    let world = World::on_sqlite(Random::system()).await;
    let secrets = world.vault.secrets();
    secrets.put("one", b"unmistakable-secret").await.unwrap();
    let wrapped = world
        .keys
        .read::<_, kit::db::Error>(|tx| tx.one("SELECT wrapped FROM secret", &[], |row| row.next::<Vec<u8>>()));
    assert!(!wrapped.await.unwrap().windows(6).any(|part| part == b"secret"));
    world.keys.write::<_, kit::db::Error>(|tx| tx.execute("UPDATE secret SET name = 'two'", &[])).await.unwrap();
    assert!(matches!(secrets.get("two").await, Err(Error::Epoch(1))));
}

#[tokio::test]
async fn a_sealed_payload_opens_for_its_name_and_context_only() {
    let world = World::on_sqlite(Random::system()).await;
    let secrets = world.vault.secrets();
    let sealed = secrets.seal("job", "code/7", b"493817").await.unwrap();
    assert!(!sealed.windows(6).any(|part| part == b"493817"));
    assert_eq!(secrets.open("job", "code/7", &sealed).await.unwrap().as_slice(), b"493817");
    assert!(matches!(secrets.open("job", "code/8", &sealed).await, Err(Error::Unreadable)));
    assert!(matches!(secrets.open("cursor", "code/7", &sealed).await, Err(Error::Unreadable)));
}

const PHONE: IndexSlot<Phone> = IndexSlot::new("account", "phone_index", 1);

#[tokio::test]
async fn equal_values_meet_in_the_index_however_they_were_typed() {
    for world in worlds().await {
        let index = world.vault.index(PHONE).await.unwrap();
        let again = world.vault.index(PHONE).await.unwrap();
        let of = |text: &str| index.of(&text.parse().unwrap());
        assert_eq!(of("138 0013 8000"), again.of(&"+86-13800138000".parse().unwrap()));
        assert_ne!(of("13800138000"), of("13800138001"));
        let emails = world.vault.index(IndexSlot::<Email>::new("account", "email_index", 1)).await.unwrap();
        let mail = |text: &str| emails.of(&text.parse().unwrap());
        assert_eq!(mail("Wang@EXAMPLE.cn"), mail("wang@example.cn"));
    }
}

#[tokio::test]
async fn each_column_and_version_has_a_key_of_its_own() {
    let world = World::on_sqlite(Random::system()).await;
    let phone: Phone = "13800138000".parse().unwrap();
    let mut seen = std::collections::HashSet::new();
    for slot in [PHONE, IndexSlot::new("account", "phone_index", 2), IndexSlot::new("invitation", "phone_index", 1)] {
        assert!(seen.insert(world.vault.index(slot).await.unwrap().of(&phone)));
    }
    let elsewhere = World::on_sqlite(Random::system()).await;
    assert!(
        seen.insert(elsewhere.vault.index(PHONE).await.unwrap().of(&phone)),
        "no installation can compute another's index"
    );
}
