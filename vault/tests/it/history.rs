//! For whatever people and companies agree to, take back and wait for, and whoever is blocked or erased meanwhile: nothing is
//! opened that matrix, ledger and standing do not permit at that moment, and each attempt has exactly one row, which stands
//! before anything is decrypted.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kit::{clock::Clock, random::Random};
use policy::{purpose, recipient};
use proptest::prelude::*;
use vault::consent::{self, Act, Holder};
use vault::{Error, Followed, Grant, Id, Opener, Phone, Proof, Scope, Sealed, Slot, Standing, Subject};

use crate::consent::{FOLLOWED, answer, record};
use crate::world::{Own, START, World};

const PEOPLE: usize = 3;
const COMPANIES: usize = 2;
const FUNCTIONS: [&str; 2] = ["digest", "remembered-search"];

/// Something that happens. People, companies and functions by their number.
#[derive(Clone, Debug)]
enum Step {
    /// A person answers for themselves.
    Person { who: usize, function: usize, act: Act },
    /// A person answers for a company, theirs or not.
    Company { who: usize, company: usize, function: usize, act: Act },
    /// An answer is sent again.
    Again { which: usize },
    /// Somebody answers in another person's name.
    Forge { who: usize, whose: usize, function: usize, act: Act },
    /// A person says yes to what another version of the policy asked.
    Outdated { who: usize, function: usize },
    /// A person goes over to another company, or to none.
    Move { who: usize, company: Option<usize> },
    /// Months go by, or the clock is set back by as many.
    Pass { months: i64 },
    /// Ends are written down.
    Lapse,
    /// A person is blocked, let go on, or erased for good.
    Stand { who: usize, to: Standing },
    /// A person's page asks for a number that needs no consent: their own, or another's.
    Look { asker: usize, who: usize },
    /// A page or job opens these people's data; a damaged seal among them or not.
    Open { people: Vec<usize>, function: usize, alone: bool, damaged: bool },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![4 => Just(Act::Given), 2 => Just(Act::Withdrawn), 1 => Just(Act::Refused)]
}

fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![4 => Just(Standing::Active), 3 => Just(Standing::Blocked), 1 => Just(Standing::Destroyed)]
}

fn step() -> impl Strategy<Value = Step> {
    let (who, function) = (0..PEOPLE, 0..FUNCTIONS.len());
    prop_oneof![
        5 => (who.clone(), function.clone(), act()).prop_map(|(who, function, act)| Step::Person { who, function, act }),
        4 => (who.clone(), 0..COMPANIES, function.clone(), act())
            .prop_map(|(who, company, function, act)| Step::Company { who, company, function, act }),
        1 => (0..8usize).prop_map(|which| Step::Again { which }),
        2 => (who.clone(), proptest::option::weighted(0.8, 0..COMPANIES)).prop_map(|(who, company)| Step::Move { who, company }),
        2 => (who.clone(), who.clone(), function.clone(), act())
            .prop_map(|(who, whose, function, act)| Step::Forge { who, whose, function, act }),
        1 => (who.clone(), function.clone()).prop_map(|(who, function)| Step::Outdated { who, function }),
        1 => (-13..14i64).prop_map(|months| Step::Pass { months }),
        1 => Just(Step::Lapse),
        2 => (who.clone(), standing()).prop_map(|(who, to)| Step::Stand { who, to }),
        3 => (who.clone(), who.clone()).prop_map(|(asker, who)| Step::Look { asker, who }),
        8 => (proptest::collection::vec(who, 1..3), function, any::<bool>(), proptest::bool::weighted(0.1))
            .prop_map(|(people, function, alone, damaged)| Step::Open { people, function, alone, damaged }),
    ]
}

/// What ought to be: when each consent was given, who belongs where, and how each person stands.
struct Expected {
    standing: [Standing; PEOPLE],
    given: BTreeMap<(Holder, usize), Timestamp>,
    company: [Option<usize>; PEOPLE],
}

impl Expected {
    fn alive(&self, holder: Holder, function: usize, now: Timestamp) -> bool {
        self.given.get(&(holder, function)).is_some_and(|given| now < twelve_months_after(*given))
    }
}

fn twelve_months_after(at: Timestamp) -> Timestamp {
    let later = at.to_zoned_datetime(jiff::tz::TimeZone::UTC).checked_add(jiff::Span::new().months(12));
    later.unwrap().timestamp()
}

/// The weekly job's right, or a list's; the second function's own page.
struct Right(Scope);

impl Proof for Right {
    type Recipient = recipient::Delivery;
    fn opener(&self) -> Opener {
        Opener::program("digest.mail")
    }
    fn scope(&self) -> Scope {
        self.0
    }
}

struct Page(Scope);

impl Proof for Page {
    type Recipient = recipient::Subject;
    fn opener(&self) -> Opener {
        Opener::program("page")
    }
    fn scope(&self) -> Scope {
        self.0
    }
}

struct Stage {
    world: World,
    people: Vec<Id<Subject>>,
    companies: Vec<Id<()>>,
    followed: Vec<Sealed<Followed>>,
    searches: Vec<Sealed<vault::Search>>,
    phones: Vec<Sealed<Phone>>,
    answers: Vec<consent::Entry>,
    expected: Expected,
    /// How many were to be denied, and to be opened.
    attempts: [usize; 2],
}

impl Stage {
    async fn new() -> Self {
        let world = World::by(Random::seeded(7), Clock::movable(START.parse().unwrap())).await;
        let (mut people, mut followed, mut searches, mut phones) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..PEOPLE {
            let person = world.person().await;
            followed.push(crate::consent::followed(&world, person).await);
            let slot = Slot::new("search", "content");
            searches.push(world.vault.seal(slot, person, world.row(), &"{}".parse().unwrap()).await.unwrap());
            phones.push(world.phone(person, world.row()).await);
            people.push(person);
        }
        let companies = (0..COMPANIES).map(|_| world.random.id()).collect();
        let expected =
            Expected { given: BTreeMap::new(), company: [None; PEOPLE], standing: [Standing::Active; PEOPLE] };
        Self { world, people, companies, followed, searches, phones, answers: Vec::new(), expected, attempts: [0, 0] }
    }

    async fn take(&mut self, step: &Step) {
        match step.clone() {
            Step::Person { who, function, act } => {
                self.say(Holder::Subject(self.people[who]), who, function, act, true).await;
            }
            Step::Company { who, company, function, act } => {
                let own = self.expected.company[who] == Some(company);
                self.say(Holder::company(self.companies[company]), who, function, act, own).await;
            }
            Step::Again { which } => self.again(which).await,
            Step::Forge { who, whose, function, act } => self.forge(who, whose, function, act).await,
            Step::Outdated { who, function } => self.outdated(who, function).await,
            Step::Move { who, company } => {
                let (person, id) = (self.people[who], company.map(|company| self.companies[company]));
                self.world.db.write(move |tx| consent::belong(tx, person, id)).await.unwrap();
                self.expected.company[who] = company;
            }
            Step::Pass { months } => {
                self.world.clock.advance(SignedDuration::from_hours(24 * 30 * months));
            }
            Step::Lapse => self.lapse().await,
            Step::Stand { who, to } => self.stand(who, to).await,
            Step::Look { asker, who } => self.look(asker, who).await,
            Step::Open { people, function, alone, damaged } => self.open(people, function, alone, damaged).await,
        }
    }

    async fn say(&mut self, holder: Holder, who: usize, function: usize, act: Act, own: bool) {
        let entry = self.asked(holder, who, function, act).await;
        let said = record(&self.world, entry.clone()).await;
        if self.expected.standing[who] != Standing::Active {
            assert!(matches!(said, Err(Error::NotEnrolled(_))), "who may not be opened answers nothing: {said:?}");
            return;
        }
        assert!(own || matches!(said, Err(Error::Forged)), "{said:?}");
        let now = self.world.clock.now();
        match act {
            Act::Given if own && !self.expected.alive(holder, function, now) => {
                assert!(said.is_ok(), "{said:?}");
                self.expected.given.insert((holder, function), now);
            }
            Act::Withdrawn | Act::Refused if own && said.is_ok() => {
                self.expected.given.remove(&(holder, function));
            }
            // A withdrawal of what does not hold any more changes nothing that anybody could open by.
            _ => {}
        }
        if said.is_ok() {
            self.answers.push(entry);
        }
    }

    /// What has ended and is written down stays so, also when the clock is set back.
    async fn lapse(&mut self) {
        let now = self.world.clock.now();
        self.world.db.write(consent::lapse).await.unwrap();
        self.expected.given.retain(|_, given| now < twelve_months_after(*given));
    }

    /// The same answer again is the same, or refused: it never brings back what was taken back.
    async fn again(&mut self, which: usize) {
        let Some(entry) = self.answers.iter().rev().nth(which).cloned() else { return };
        let last = record(&self.world, entry).await;
        assert!(
            matches!(
                last,
                Ok(consent::Recorded::Before(_)) | Err(Error::Replayed | Error::Forged | Error::NotEnrolled(_))
            ),
            "{last:?}"
        );
    }

    /// Whoever they are, and however the question that they answer was found: it is not theirs.
    async fn forge(&mut self, who: usize, whose: usize, function: usize, act: Act) {
        if who == whose {
            return;
        }
        let holder = Holder::Subject(self.people[whose]);
        let forged = self.asked(holder, who, function, act).await;
        let said = record(&self.world, forged).await;
        assert!(matches!(said, Err(Error::Forged | Error::NotEnrolled(_))), "{said:?}");
    }

    async fn outdated(&mut self, who: usize, function: usize) {
        let mut old = self.asked(Holder::Subject(self.people[who]), who, function, Act::Given).await;
        old.told.version = "2022-05".into();
        let said = record(&self.world, old).await;
        assert!(matches!(said, Err(Error::OtherVersion | Error::NotEnrolled(_))), "{said:?}");
    }

    /// The answer to a question as it stands now.
    async fn asked(&self, holder: Holder, who: usize, function: usize, act: Act) -> consent::Entry {
        let states = self.world.db.read(move |tx| consent::at_present(tx, holder)).await.unwrap();
        let after = states.get(FUNCTIONS[function]).map_or(0, |state| state.number);
        answer(&self.world, holder, self.people[who], FUNCTIONS[function], act, after)
    }

    /// Who is erased stays so; their consents and keys are gone.
    async fn stand(&mut self, who: usize, to: Standing) {
        let person = self.people[who];
        let unit = move |tx: &mut kit::db::Tx| {
            vault::change_standing(tx, person, to)?;
            if to == Standing::Destroyed {
                consent::invalidate(tx, person)?;
            }
            Ok(())
        };
        let changed = self.world.db.write::<_, Error>(unit).await;
        let erased = self.expected.standing[who] == Standing::Destroyed;
        assert_eq!(changed.is_err(), erased, "{changed:?}");
        if erased {
            return;
        }
        self.expected.standing[who] = to;
        if to == Standing::Destroyed {
            self.world.vault.destroy_keys(person, &self.world.journal()).await.unwrap();
            self.expected.given.retain(|(holder, _), _| *holder != Holder::Subject(person));
        }
    }

    async fn look(&mut self, asker: usize, who: usize) {
        let permitted = asker == who && self.expected.standing[who] == Standing::Active;
        let own = Own(self.people[asker]);
        let grant = Grant::<purpose::Account, _>::new(&own, self.world.request());
        let opened = self.world.vault.open(&grant, &self.phones[who]).await;
        assert!(opened.is_ok() == permitted && (permitted || matches!(opened, Err(Error::Refused(_)))), "{opened:?}");
        self.count(permitted).await;
    }

    /// One row an attempt, also where the seal does not open afterwards: so it stood there before.
    async fn count(&mut self, permitted: bool) {
        self.attempts[usize::from(permitted)] += 1;
        let rows = self.world.openings().await;
        let count = |outcome: &str| rows.iter().filter(|row| row.0 == outcome).count();
        assert_eq!([count("denied"), count("opened")], self.attempts);
    }

    async fn open(&mut self, people: Vec<usize>, function: usize, alone: bool, damaged: bool) {
        let now = self.world.clock.now();
        let scope = if alone { Scope::Only(self.people[people[0]]) } else { Scope::Any };
        let permitted = people.iter().all(|who| {
            let company = self.expected.company[*who].map(|company| Holder::company(self.companies[company]));
            let authorised = company.is_some_and(|firm| self.expected.alive(firm, function, now));
            self.expected.standing[*who] == Standing::Active
                && self.expected.alive(Holder::Subject(self.people[*who]), function, now)
                && (function == 1 || authorised)
                && (!alone || *who == people[0])
        });
        let opened = if function == 0 {
            let right = Right(scope);
            let grant = Grant::<purpose::Digest, _>::new(&right, self.world.request());
            let mut sealed: Vec<_> = people.iter().map(|who| self.followed[*who].clone()).collect();
            spoil(&mut sealed, damaged, FOLLOWED, self.world.row());
            self.world.vault.open_many(&grant, &sealed).await.map(drop)
        } else {
            let page = Page(scope);
            let grant = Grant::<purpose::RememberedSearch, _>::new(&page, self.world.request());
            let mut sealed: Vec<_> = people.iter().map(|who| self.searches[*who].clone()).collect();
            spoil(&mut sealed, damaged, Slot::new("search", "content"), self.world.row());
            self.world.vault.open_many(&grant, &sealed).await.map(drop)
        };
        match (&opened, permitted, damaged) {
            (Ok(()), true, false) | (Err(Error::Refused(_)), false, _) | (Err(Error::Unreadable), true, true) => {}
            other => panic!("{other:?} for {people:?}"),
        }
        self.count(permitted).await;
    }
}

/// The first seal moved to another row, where it opens for nobody.
fn spoil<T: vault::Personal>(sealed: &mut [Sealed<T>], damaged: bool, slot: Slot<T>, row: Id<()>) {
    if damaged {
        sealed[0] = slot.load(sealed[0].bytes().to_vec(), sealed[0].subject(), row);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_opened_that_is_not_permitted_at_that_moment(steps in proptest::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut stage = Stage::new().await;
            for step in &steps {
                stage.take(step).await;
            }
        });
    }
}
