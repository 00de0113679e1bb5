//! Who looked: each person reads the openings that concerned them, and no others, before and after they are spread.

use kit::db::Tx;
use policy::purpose;
use vault::access::{self, Access, By};
use vault::{Error, Grant, Id, Standing, Subject};

use crate::world::{Job, World, worlds};

async fn read(world: &World, subject: Id<Subject>, by: By) -> Vec<Access> {
    world.db.read(move |tx| access::accesses(tx, subject, by, None, 100)).await.unwrap()
}

async fn spread(world: &World) -> usize {
    world.db.write(access::spread).await.unwrap()
}

#[tokio::test]
async fn a_person_reads_what_concerned_them_spread_or_not() {
    for world in worlds().await {
        let (me, you, other) = (world.person().await, world.person().await, world.person().await);
        let mine = world.phone(me, world.row()).await;
        let both = [mine.clone(), world.phone(you, world.row()).await];
        world.vault.open_many(&world.list(), &both).await.unwrap();
        world.vault.open(&world.own(me), &mine).await.unwrap();
        let job = Job(me);
        let mail = Grant::<purpose::Notification, _>::new(&job, world.request());
        let request = mail.request();
        world.vault.open(&mail, &mine).await.unwrap();
        for spread_already in [false, true] {
            let (own, others) = (read(&world, me, By::Themselves).await, read(&world, me, By::Others).await);
            assert_eq!((own.len(), others.len()), (1, 2), "spread: {spread_already}");
            let mail = others.iter().find(|one| one.role == "mail").unwrap();
            assert_eq!((&mail.purpose[..], &mail.recipient[..], mail.opened), ("notification", "delivery", true));
            assert_eq!((&mail.fields[..], &mail.bases[..]), (&["phone".to_owned()][..], &["contract".to_owned()][..]));
            assert_eq!(mail.request, request);
            assert_eq!(read(&world, you, By::Others).await.len(), 1, "the page that showed both");
            assert_eq!(read(&world, other, By::Others).await, []);
            assert_eq!(spread(&world).await, if spread_already { 0 } else { 3 });
        }
        assert!(!world.db.read(access::any_unspread).await.unwrap());
    }
}

#[tokio::test]
async fn a_denied_attempt_is_shown_to_whom_it_was_about_with_its_reason() {
    for world in worlds().await {
        let me = world.person().await;
        let mine = world.phone(me, world.row()).await;
        let block = move |tx: &mut Tx| vault::change_standing(tx, me, Standing::Blocked);
        world.db.write(block).await.unwrap();
        assert!(matches!(world.vault.open(&world.list(), &mine).await, Err(Error::Refused(_))));
        spread(&world).await;
        let seen = read(&world, me, By::Others).await;
        assert_eq!((seen.len(), seen[0].opened, seen[0].reason.as_deref()), (1, false, Some("blocked")));
    }
}

#[tokio::test]
async fn pages_of_the_list_follow_one_another_without_gap() {
    let world = &worlds().await[0];
    let me = world.person().await;
    let mine = world.phone(me, world.row()).await;
    for turn in 0..7 {
        world.vault.open(&world.list(), &mine).await.unwrap();
        if turn == 4 {
            spread(world).await;
        }
    }
    let (mut before, mut ids) = (None, Vec::new());
    loop {
        let page = world.db.read(move |tx| access::accesses(tx, me, By::Others, before, 3)).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.at.as_microsecond(), *last.id.as_bytes()));
        ids.extend(page.iter().map(|one| one.id));
    }
    let all: Vec<_> = read(world, me, By::Others).await.iter().map(|one| one.id).collect();
    assert_eq!((ids.len(), ids), (7, all));
}
