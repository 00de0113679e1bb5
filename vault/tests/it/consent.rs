//! The consent ledger: who may answer, what holds, and what an opening does that rests on it.

use jiff::SignedDuration;
use kit::db::Tx;
use policy::purpose;
use vault::consent::{self, Act, Entry, Holder, Kind, Method, Recorded, Told};
use vault::{Error, Followed, Grant, Id, Refusal, Sealed, Slot, Subject};

use crate::world::{Job, World, moving_worlds, worlds};

pub const FOLLOWED: Slot<Followed> = Slot::new("digest", "followed");

/// An answer as a page's form gives it.
pub fn answer(world: &World, holder: Holder, actor: Id<Subject>, purpose: &str, act: Act, after: i64) -> Entry {
    let told = Told {
        version: policy::current().id.to_owned(),
        text: Some("what was asked".into()),
        language: "en",
        place: "/me/consents",
        channel: "web-html",
        method: Method::Click,
        kind: (act == Act::Given).then_some(Kind::Explicit),
        actor: Some(actor),
    };
    let purpose = policy::purpose_named(purpose).unwrap();
    Entry { id: world.random.id(), holder, purpose, act, after, told }
}

pub async fn record(world: &World, entry: Entry) -> Result<Recorded, Error> {
    world.db.write(move |tx| consent::record(tx, &entry)).await
}

pub async fn followed(world: &World, subject: Id<Subject>) -> Sealed<Followed> {
    world.vault.seal(FOLLOWED, subject, world.row(), &"{}".parse().unwrap()).await.unwrap()
}

/// Somebody of a company, and that company.
async fn member(world: &World) -> (Id<Subject>, Id<()>) {
    let (person, company) = (world.person().await, world.random.id());
    world.db.write(move |tx| consent::belong(tx, person, Some(company))).await.unwrap();
    (person, company)
}

async fn say(world: &World, holder: Holder, actor: Id<Subject>, act: Act) -> Result<Recorded, Error> {
    let state = world.db.read(move |tx| consent::at_present(tx, holder)).await.unwrap();
    let after = state.get("digest").map_or(0, |state| state.number);
    record(world, answer(world, holder, actor, "digest", act, after)).await
}

/// Opens what the weekly mail needs, as another process with cold caches does.
async fn open(world: &World, sealed: &Sealed<Followed>) -> Result<(), Vec<Refusal>> {
    let job = Job(sealed.subject());
    let grant = Grant::<purpose::Digest, _>::new(&job, world.request());
    match world.another().open(&grant, sealed).await {
        Ok(_) => Ok(()),
        Err(Error::Refused(refusals)) => Err(refusals),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_function_opens_only_while_the_person_agrees_and_the_company_authorises_it() {
    for world in worlds().await {
        let (me, company) = member(&world).await;
        let (own, firm) = (Holder::Subject(me), Holder::company(company));
        let sealed = followed(&world, me).await;
        assert_eq!(open(&world, &sealed).await, Err(vec![Refusal::NoConsent(me)]));
        say(&world, firm, me, Act::Given).await.unwrap();
        assert_eq!(open(&world, &sealed).await, Err(vec![Refusal::NoConsent(me)]), "a company does not agree for me");
        say(&world, own, me, Act::Given).await.unwrap();
        assert_eq!(open(&world, &sealed).await, Ok(()));
        say(&world, firm, me, Act::Withdrawn).await.unwrap();
        assert_eq!(open(&world, &sealed).await, Err(vec![Refusal::NoAuthorisation(me)]));
        say(&world, firm, me, Act::Given).await.unwrap();
        say(&world, own, me, Act::Withdrawn).await.unwrap();
        assert_eq!(open(&world, &sealed).await, Err(vec![Refusal::NoConsent(me)]));

        let sql = "SELECT outcome, reason FROM opening ORDER BY at, id";
        let rows = world.db.read::<_, kit::db::Error>(move |tx| {
            tx.all(sql, &[], |row| Ok((row.next::<String>()?, row.next::<Option<String>>()?)))
        });
        let denied = |reason: &str| ("denied".to_owned(), Some(reason.to_owned()));
        let no = || denied("no-consent");
        let mut expected = vec![no(), no(), ("opened".to_owned(), None), denied("no-authorisation"), no()];
        let mut rows = rows.await.unwrap();
        rows.sort();
        expected.sort();
        assert_eq!(rows, expected);
        let relied = world.db.read(move |tx| consent::at_present(tx, own)).await.unwrap()["digest"].relied;
        assert_eq!(relied, 1, "a denied attempt rests on nothing");
    }
}

#[tokio::test]
async fn what_a_contract_carries_needs_no_consent() {
    let world = &worlds().await[0];
    let me = world.person().await;
    let phone = world.phone(me, world.row()).await;
    world.vault.open(&world.own(me), &phone).await.unwrap();
}

#[tokio::test]
async fn another_companys_authorisation_is_none() {
    for world in worlds().await {
        let ((me, old), (you, new)) = (member(&world).await, member(&world).await);
        say(&world, Holder::Subject(me), me, Act::Given).await.unwrap();
        say(&world, Holder::company(old), me, Act::Given).await.unwrap();
        let sealed = followed(&world, me).await;
        assert_eq!(open(&world, &sealed).await, Ok(()));
        world.db.write(move |tx| consent::belong(tx, me, Some(new))).await.unwrap();
        assert_eq!(open(&world, &sealed).await, Err(vec![Refusal::NoAuthorisation(me)]));
        say(&world, Holder::company(new), you, Act::Given).await.unwrap();
        assert_eq!(open(&world, &sealed).await, Ok(()));
        world.db.write(move |tx| consent::belong::<()>(tx, me, None)).await.unwrap();
        assert_eq!(open(&world, &sealed).await, Err(vec![Refusal::NoAuthorisation(me)]));
    }
}

#[tokio::test]
async fn a_consent_in_another_persons_name_is_refused() {
    for world in worlds().await {
        let ((me, company), (you, _)) = (member(&world).await, member(&world).await);
        for (holder, actor) in [(Holder::Subject(me), you), (Holder::company(company), you)] {
            let forged = say(&world, holder, actor, Act::Given).await;
            assert!(matches!(forged, Err(Error::Forged)), "{forged:?}");
        }
        let mut nobodys = answer(&world, Holder::Subject(me), me, "digest", Act::Given, 0);
        nobodys.told.actor = None;
        assert!(matches!(record(&world, nobodys).await, Err(Error::Forged)));
        assert!(world.db.read(move |tx| consent::history(tx, Holder::Subject(me), 9)).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_answer_counts_once_and_not_after_it_was_taken_back() {
    for world in worlds().await {
        let (me, own) = {
            let (me, _) = member(&world).await;
            (me, Holder::Subject(me))
        };
        let yes = answer(&world, own, me, "digest", Act::Given, 0);
        assert_eq!(record(&world, yes.clone()).await.unwrap(), Recorded::Now(1));
        assert_eq!(record(&world, yes.clone()).await.unwrap(), Recorded::Before(1), "sent twice, it is one");
        say(&world, own, me, Act::Withdrawn).await.unwrap();
        assert!(matches!(record(&world, yes.clone()).await, Err(Error::Replayed)));
        let stale = Entry { id: world.random.id(), ..yes.clone() };
        assert!(matches!(record(&world, stale).await, Err(Error::Replayed)), "the page is older than the answer");
        let (you, _) = member(&world).await;
        let stolen = Entry { id: yes.id, ..answer(&world, Holder::Subject(you), you, "digest", Act::Given, 0) };
        assert!(matches!(record(&world, stolen).await, Err(Error::Replayed)));
        let acts: Vec<_> = world.db.read(move |tx| consent::history(tx, own, 9)).await.unwrap();
        let mut numbers: Vec<_> = acts.iter().map(|event| (event.number, event.act)).collect();
        numbers.sort();
        assert_eq!(numbers, [(1, Act::Given), (2, Act::Withdrawn)]);
    }
}

#[tokio::test]
async fn a_question_about_another_version_of_the_policy_is_not_answered() {
    let world = &worlds().await[0];
    let (me, _) = member(world).await;
    let mut old = answer(world, Holder::Subject(me), me, "digest", Act::Given, 0);
    old.told.version = "2022-05".into();
    assert!(matches!(record(world, old).await, Err(Error::OtherVersion)));
    let nothing = say(world, Holder::Subject(me), me, Act::Withdrawn).await;
    assert!(matches!(nothing, Err(Error::OutOfTurn)), "{nothing:?}");
}

#[tokio::test]
async fn a_consent_ends_by_itself_and_is_written_down() {
    for world in moving_worlds().await {
        let (me, _) = member(&world).await;
        let own = Holder::Subject(me);
        record(&world, answer(&world, own, me, "remembered-search", Act::Given, 0)).await.unwrap();
        let (slot, row, content) =
            (Slot::new("search", "content"), world.row(), "{}".parse::<vault::Search>().unwrap());
        let sealed = world.vault.seal(slot, me, row, &content).await.unwrap();
        let open = async || {
            let own = crate::world::Own(me);
            let grant = Grant::<purpose::RememberedSearch, _>::new(&own, world.request());
            world.vault.open(&grant, &sealed).await
        };
        world.clock.advance(SignedDuration::from_hours(24 * 365 - 1));
        open().await.unwrap();
        world.clock.advance(SignedDuration::from_hours(1));
        let refused = open().await;
        assert!(matches!(refused, Err(Error::Refused(ref why)) if why == &[Refusal::NoConsent(me)]), "{refused:?}");
        let ended = world.db.write(consent::lapse).await.unwrap();
        assert_eq!(ended.iter().map(|one| (one.holder, one.act)).collect::<Vec<_>>(), [(own, Act::Expired)]);
        assert!(world.db.write(consent::lapse).await.unwrap().is_empty(), "once");
        record(&world, answer(&world, own, me, "remembered-search", Act::Given, 2)).await.unwrap();
        open().await.unwrap();
    }
}

#[tokio::test]
async fn a_use_that_was_not_agreed_to_is_refused_and_asked_about_anew() {
    for world in worlds().await {
        let (me, company) = member(&world).await;
        let own = Holder::Subject(me);
        say(&world, own, me, Act::Given).await.unwrap();
        say(&world, Holder::company(company), me, Act::Given).await.unwrap();
        // As if the consent were of a time in which the mail had no recipient but the person.
        let narrow = "UPDATE consent_state SET scope = 'followed:subject:function' WHERE holder = $1";
        world.db.write::<_, Error>(move |tx| Ok(tx.execute(narrow, kit::values![me])?)).await.unwrap();
        let sealed = followed(&world, me).await;
        assert_eq!(open(&world, &sealed).await, Err(vec![Refusal::NoConsent(me)]));
        let ended = world.db.write(consent::lapse).await.unwrap();
        assert_eq!(ended.iter().map(|one| (one.holder, one.act)).collect::<Vec<_>>(), [(own, Act::Superseded)]);
        assert_eq!(world.db.read(move |tx| consent::at_present(tx, own)).await.unwrap()["digest"].act, Act::Requested);
        say(&world, own, me, Act::Given).await.unwrap();
        assert_eq!(open(&world, &sealed).await, Ok(()));
    }
}

#[tokio::test]
async fn consents_end_with_their_person() {
    let world = &worlds().await[0];
    let (me, _) = member(world).await;
    say(world, Holder::Subject(me), me, Act::Given).await.unwrap();
    let end = move |tx: &mut Tx| -> Result<(), Error> {
        vault::change_standing(tx, me, vault::Standing::Destroyed)?;
        consent::invalidate(tx, me)?;
        Ok(())
    };
    world.db.write(end).await.unwrap();
    let state = world.db.read(move |tx| consent::at_present(tx, Holder::Subject(me))).await.unwrap();
    assert_eq!(state["digest"].act, Act::Invalidated, "the proof outlives the person's data");
    assert!(matches!(say(world, Holder::Subject(me), me, Act::Given).await, Err(Error::NotEnrolled(_))));
}

/// On PostgreSQL the opening and the withdrawal meet in two transactions: one of them comes first for everybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_opening_is_later_than_the_withdrawal_that_it_met() {
    for world in worlds().await {
        let (me, company) = member(&world).await;
        say(&world, Holder::company(company), me, Act::Given).await.unwrap();
        let sealed = followed(&world, me).await;
        for _ in 0..5 {
            say(&world, Holder::Subject(me), me, Act::Given).await.unwrap();
            let opens: Vec<_> = (0..8)
                .map(|_| {
                    let (vault, sealed, request) = (world.another(), sealed.clone(), world.request());
                    tokio::spawn(async move {
                        let job = Job(me);
                        vault.open(&Grant::<purpose::Digest, _>::new(&job, request), &sealed).await.is_ok()
                    })
                })
                .collect();
            say(&world, Holder::Subject(me), me, Act::Withdrawn).await.unwrap();
            let mut opened = 0;
            for open in opens {
                opened += i64::from(open.await.unwrap());
            }
            let count = "SELECT CAST(count(*) AS BIGINT) FROM opening WHERE outcome = 'opened'";
            let relied = "SELECT relied FROM consent_state WHERE party = 'subject'";
            let read =
                move |tx: &mut Tx| Ok([tx.one(count, &[], |row| row.next())?, tx.one(relied, &[], |r| r.next())?]);
            let [rows, relied]: [i64; 2] = world.db.read::<_, kit::db::Error>(read).await.unwrap();
            assert_eq!(rows, relied, "each opening is counted by the consent that it rests on");
            assert!(opened <= rows);
            assert_eq!(open(&world, &sealed).await, Err(vec![Refusal::NoConsent(me)]));
        }
    }
}
