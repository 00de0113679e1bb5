//! `unit-bid`: what a bid submission does in the database, statement by statement, without HTTP, session and sealing.
//! It is the program's own function; only who bids, and for what, is set up by hand.

use crate::submissions::Provided;
use age::x25519::Identity;
use app::app::{App, REGION};
use app::identity::account::{Account, Device};
use app::identity::mandate::Target;
use app::sourcing::bid::Bid;
use app::sourcing::bid::store::{Sealed, receive};
use app::sourcing::tender::{Hands, Lot, Tender};
use app::web::session::{self, LoginSession, Token};
use app::web::{Bidder, Error, OperatorDuties, shell};
use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use http::Request;
use jiff::SignedDuration;
use kit::db;
use kit::id::Id;
use kit::random::Random;
use kit::values;
use std::sync::{Arc, OnceLock};
use tower::ServiceExt;
use vault::{Ip, UserAgent, enrol_accepting};

/// How many lots take bids, each in a tender of its own.
const LOTS: usize = 500;

/// What an envelope of the smallest size weighs, in bytes.
const ENVELOPE: usize = 4_312;

/// Bidding for open lots.
#[derive(Clone)]
pub struct Bidding {
    app: App,
    provider: Bidder,
    lots: Arc<Vec<Id<Lot>>>,
    random: Random,
}

impl Bidding {
    /// Makes a buyer with tenders, and a provider who is signed in.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn prepare(app: App) -> Self {
        let random = Random::seeded(7);
        let lots = tenders(&app, &random, None).await.expect("tenders stand").into_iter().map(|one| one.lot).collect();
        let token = sign_in(&app, &random, Whose::Provider("91110000000000002B".into())).await;
        let provider = proven(&app, &token).await;
        Self { app, provider, lots: Arc::new(lots), random }
    }

    /// The lots, as addresses name them.
    pub fn lots(&self) -> Arc<Vec<String>> {
        Arc::new(self.lots.iter().map(ToString::to_string).collect())
    }

    /// Stores one more sealed envelope with its receipt and its event. The keyed hash of the bidder is another each
    /// time, as if another company bid.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn submit(&self, number: usize) {
        let id: Id<Bid> = Id::v7(self.app.clock().now(), &self.random);
        let lot = self.lots[number % self.lots.len()];
        // The provider is its company's owner, of whom no letter is asked; what one would name takes its time all the same.
        let target = Target::of::<Tender, Lot>(&self.app, self.provider.company, lot.cast(), Some(lot));
        let sealed = Sealed {
            id,
            replaces: None,
            lot,
            answers: 0,
            target,
            bidder: self.random.bytes(),
            envelope: Some(vec![0xA5; ENVELOPE]),
            region: REGION.to_owned(),
            blob: None,
            size: ENVELOPE as i64,
            sha256: self.random.bytes(),
            commitment: None,
            member: self.random.bytes(),
        };
        let (provider, signer) = (self.provider.clone(), self.app.signer().clone());
        let unit = self.app.db().write::<_, Error>(move |tx| receive(tx, &provider, &sealed, &signer));
        unit.await.expect("the bid is received");
    }
}

/// A tender that takes bids for its one lot.
pub struct Called {
    /// Its id.
    pub tender: Id<Tender>,
    /// Its lot.
    pub lot: Id<Lot>,
    /// What bids are sealed to.
    pub recipient: String,
}

/// Tenders of which `hands`, if any, open the bids beside the platform.
///
/// # Errors
/// Those of the database.
pub async fn tenders(app: &App, random: &Random, hands: Option<&Hands>) -> Result<Vec<Called>, db::Error> {
    let now = app.clock().now();
    let company: [u8; 16] = random.bytes();
    let code = format!("9111{:014}", random.below(1_000_000_000));
    app.db().write::<_, db::Error>(move |tx| add_company(tx, company, "需求公司", &code)).await?;
    let mut called = Vec::with_capacity(LOTS);
    for number in 0..LOTS {
        let (tender, lot): (Id<Tender>, Id<Lot>) = (random.id(), Id::v7(now, random));
        let one = Called { tender, lot, recipient: Identity::generate().to_public().to_string() };
        call(app, company, &one, &format!("T{}{number}", if hands.is_some() { "H" } else { "" }), hands).await?;
        called.push(one);
    }
    Ok(called)
}

/// Publishes a tender with one lot for a day.
///
/// # Errors
/// Those of the database.
pub async fn call(
    app: &App,
    company: [u8; 16],
    called: &Called,
    number: &str,
    hands: Option<&Hands>,
) -> Result<(), db::Error> {
    let (now, number) = (app.clock().now(), number.to_owned());
    let deadline = now + SignedDuration::from_hours(24);
    let hands = hands.map(|hands| serde_json::to_string(hands).expect("JSON"));
    let (tender, lot, recipient) = (called.tender, called.lot, called.recipient.clone());
    let unit = move |tx: &mut db::Tx| {
        tx.execute(
                    "INSERT INTO tender (id, company, number, title, method, regime, category, region, summary, \
                     budget_shown, state, questions_until, deadline, zone, questions_closed, next_check, \
                     recipient, published_at, created_at, version, hands) VALUES ($1, $2, $3, $4, 'open', \
                     'enterprise', 'other', '11', $5, 1, 'published', $6, $6, 'Asia/Shanghai', 0, $7, $8, $9, $9, 1, $10)",
                    values![
                        tender,
                        company,
                        &number,
                        "云平台维保",
                        "说明",
                        deadline,
                        i64::MAX,
                        &recipient,
                        now,
                        hands.clone()
                    ],
                )?;
        tx.execute(
            "INSERT INTO lot (id, tender, position, title, description, budget, state, version) \
                     VALUES ($1, $2, 1, $3, $3, $4, 'open', 1)",
            values![lot, tender, "标包一", 86_900_000],
        )
    };
    app.db().write::<_, db::Error>(unit).await.map(drop)
}

/// A company that may buy and bid.
pub fn add_company(tx: &mut db::Tx, id: [u8; 16], name: &str, credit_code: &str) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute(
        "INSERT INTO company (id, name, credit_code, buyer, provider, state, created_at, version) \
         VALUES ($1, $2, $3, 1, 1, 'approved', $4, 1)",
        values![id, name, credit_code, now],
    )?;
    Ok(())
}

/// So many providers, each signed in.
///
/// # Panics
/// When the database fails.
pub async fn providers(app: &App, count: usize) -> Vec<Provided> {
    let (random, mut all) = (Random::seeded(128), Vec::with_capacity(count));
    for number in 0..count {
        let token = sign_in(app, &random, Whose::Provider(format!("9111{number:014}"))).await;
        all.push(Provided { head: head(app, &token) });
    }
    all
}

/// The lines of a head by which a session is known.
pub fn head(app: &App, token: &Token) -> String {
    let (cookie, form) = (app.cookies().session(), app.form_tokens().of(token.expose()));
    format!("cookie: {cookie}={}\r\nx-csrf-token: {form}\r\n", token.expose())
}

/// Whose session it is.
#[derive(Clone)]
pub enum Whose {
    /// Of a member of a new provider with this credit code.
    Provider(String),
    /// Of a member of this company.
    Member([u8; 16]),
    /// Of the operator, with all duties that one may have.
    Operator,
}

/// A session.
///
/// # Panics
/// When the database fails.
pub async fn sign_in(app: &App, random: &Random, whose: Whose) -> Token {
    let token = Token::new(random);
    let subject = app.vault().new_subject();
    let (account, id): (Id<Account>, Id<LoginSession>) = (random.id(), random.id());
    let (ip, agent): (Ip, _) = ("127.0.0.1".parse().expect("an address"), "bench".parse::<UserAgent>());
    let agent = agent.expect("a browser's name");
    let new = session::New {
        id,
        account,
        token: token.clone(),
        ip: app.vault().seal(session::IP, subject, id, &ip).await.expect("sealed"),
        user_agent: app.vault().seal(session::USER_AGENT, subject, id, &agent).await.expect("sealed"),
        by_second: false,
    };
    let (device, mark) = (random.id::<Device>(), random.bytes::<32>());
    let (fresh, index) = (random.bytes::<16>(), random.bytes::<32>());
    let (company, is_operator) = match whose {
        Whose::Provider(_) => (Some(fresh), false),
        Whose::Member(company) => (Some(company), false),
        Whose::Operator => (None, true),
    };
    let duties = if is_operator { OperatorDuties::work().codes() } else { String::new() };
    let unit = app.db().write::<_, vault::Error>(move |tx| {
        if let Whose::Provider(code) = &whose {
            add_company(tx, fresh, "服务公司", code)?;
        }
        enrol_accepting(tx, subject, policy::current().id)?;
        let now = tx.now();
        tx.execute(
            "INSERT INTO account (id, subject, company, operator, phone, phone_index, email, email_index, password, \
             locale, created_at, version, operator_duties) \
             VALUES ($1, $2, $3, $4, $5, $5, $5, $5, 'none', 'zh-CN', $6, 1, $7)",
            values![account, subject, company, is_operator, &index, now, &duties],
        )?;
        tx.execute(
            "INSERT INTO device (id, account, mark, first_at, seen_at) VALUES ($1, $2, $3, $4, $4)",
            values![device, account, &mark, now],
        )?;
        Ok(session::begin(tx, &new, device, None)?)
    });
    unit.await.expect("an account stands");
    token
}

/// The right that the shell makes of a session: there is no other way to have one.
async fn proven(app: &App, token: &Token) -> Bidder {
    let kept = Arc::new(OnceLock::new());
    let keep = kept.clone();
    let route = get(async move |provider: Bidder| drop(keep.set(provider)));
    let router = Router::new().route("/", route).layer(from_fn_with_state(app.clone(), shell)).with_state(app.clone());
    let cookie = format!("{}={}", app.cookies().session(), token.expose());
    let request = Request::get("/").header("cookie", cookie).body(Body::empty()).expect("a request");
    router.oneshot(request).await.expect("the shell answers");
    kept.get().cloned().expect("the session is a provider's")
}
