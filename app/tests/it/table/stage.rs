//! What the cells are asked about: people in every state, tenders in every state, made through the front door.

use super::demand::Demanded;
use super::line::Line;
use super::qualified::Listed;
use super::reach::Joined;
use super::seat::Seat;
use super::sourcing::{Drafted, Opened, Published};
use super::{demand, identity, operate, qualified, reach, sourcing, trust, verification};
use crate::people::Applicant;
use crate::sourcing::{after, text};
use crate::world::{Browser, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The columns.
pub const ACTORS: [&str; 13] = [
    "visitor", "pending", "refused", "owner", "buyer", "provider", "rival", "both", "operator", "expired", "revoked",
    "guest", "auditor",
];

/// Who has registered, and for which sides.
const REGISTERED: [(&str, &str); 7] = [
    ("pending", "both"),
    ("refused", "both"),
    ("owner", "buyer"),
    ("buyer", "buyer"),
    ("provider", "provider"),
    ("rival", "provider"),
    ("both", "both"),
];

/// The operator's phone, as [`World::operator`] has it.
const OPERATOR: &str = "13900139000";

/// A request: where to, with which fields, or with a file in this field.
#[derive(Clone)]
pub struct Sent {
    pub path: String,
    pub fields: Value,
    pub file: Option<&'static str>,
}

impl Sent {
    pub fn to(path: impl Into<String>) -> Self {
        Self { path: path.into(), fields: json!({}), file: None }
    }

    pub fn with(path: impl Into<String>, fields: Value) -> Self {
        Self { fields, ..Self::to(path) }
    }
}

pub struct Stage {
    pub world: World,
    /// Their phones.
    pub phones: BTreeMap<&'static str, String>,
    seats: BTreeMap<&'static str, Seat>,
    /// Who makes what the cells are about.
    pub owner: Browser,
    pub provider: Browser,
    pub operator: Browser,
    /// The phone of an auditor.
    pub auditor: String,
    /// The company that stays refused, and who has nothing to do but forget their password.
    pub refused: String,
    pub sleepers: Vec<Applicant>,
    pub opened: Opened,
    pub drafted: Option<Drafted>,
    pub published: Option<Published>,
    pub demand: Option<Demanded>,
    pub listed: Option<Listed>,
    pub joined: Option<Joined>,
    count: u16,
}

impl Stage {
    pub async fn new() -> Self {
        let world = World::new().await;
        let operator = world.operator().await;
        let mut browsers = BTreeMap::new();
        for (name, side) in REGISTERED.iter().chain(&[("second", "provider"), ("third", "provider")]) {
            let browser = world.applicant(&Applicant::new(side)).await;
            let decision = if *name == "refused" { "refusal" } else { "approval" };
            if *name != "pending" {
                decide(&operator, &company(&browser).await, decision).await;
            }
            browsers.insert(*name, browser);
        }
        let refused = company(&browsers["refused"]).await;
        let bidders = ["provider", "second", "third"].map(|name| browsers[name].clone());
        let opened = Opened::prepare(&world, &browsers["owner"], &bidders).await;
        let phones: BTreeMap<_, _> = browsers.iter().map(|(name, browser)| (*name, browser.phone.clone())).collect();
        let expired = Seat::signed_in(&world, "127.0.1.9", &phones["owner"]).await;
        world.until(after(world.clock.now(), 10)).await;
        let (owner, provider) = (world.again(&browsers["owner"]).await, world.again(&browsers["provider"]).await);
        let opened = opened.read(&owner).await;
        let operator = world.operator().await;
        let auditor = crate::operator_duty::holder(&world, app::web::OperatorDuty::Auditor).await.phone;
        let mut stage = Self {
            phones,
            seats: BTreeMap::new(),
            owner,
            provider,
            operator,
            auditor,
            refused,
            sleepers: Vec::new(),
            opened,
            drafted: None,
            published: None,
            demand: None,
            listed: None,
            joined: None,
            count: 0,
            world,
        };
        stage.sit(expired).await;
        for _ in 0..4 {
            let sleeper = Applicant::new("buyer");
            stage.world.applicant(&sleeper).await;
            stage.sleepers.push(sleeper);
        }
        stage
    }

    async fn sit(&mut self, expired: Seat) {
        for name in ACTORS.into_iter().filter(|name| !["expired", "revoked"].contains(name)) {
            let seat = self.fresh(name).await;
            self.seats.insert(name, seat);
        }
        self.seats.insert("expired", expired.later().await);
        let revoked = Seat::signed_in(&self.world, "127.0.1.10", &self.phones["owner"]).await;
        revoked.send("POST", &Sent::to("/session/end"), false).await.ok();
        self.seats.insert("revoked", revoked.later().await);
    }

    /// An actor's seat; one of its own for what ends sessions.
    pub async fn seat(&mut self, actor: &'static str, fresh: bool) -> Seat {
        let has_session = !["visitor", "expired", "revoked"].contains(&actor);
        if fresh && has_session { self.fresh(actor).await } else { self.seats[actor].clone() }
    }

    async fn fresh(&mut self, actor: &'static str) -> Seat {
        let address = self.address();
        match actor {
            "visitor" => Seat::visitor(&self.world, &address).await,
            "guest" => Seat::guest(&self.world, &address).await,
            "operator" => Seat::signed_in(&self.world, &address, OPERATOR).await,
            "auditor" => Seat::signed_in(&self.world, &address, &self.auditor).await,
            member => Seat::signed_in(&self.world, &address, &self.phones[member]).await,
        }
    }

    /// An address of loopback that nobody has used: limits by source are another test's affair.
    pub fn address(&mut self) -> String {
        self.count += 1;
        format!("127.0.{}.{}", 2 + self.count / 250, 1 + self.count % 250)
    }

    /// Valid input for a line.
    pub async fn request(&mut self, line: &Line) -> Sent {
        if let Some(sent) = operate::request(self, line).await {
            return sent;
        }
        if let Some(sent) = identity::request(self, line).await {
            return sent;
        }
        if let Some(sent) = verification::request(self, line).await {
            return sent;
        }
        if let Some(sent) = reach::request(self, line).await {
            return sent;
        }
        if let Some(sent) = demand::request(self, line).await {
            return sent;
        }
        if let Some(sent) = qualified::request(self, line).await {
            return sent;
        }
        if let Some(sent) = sourcing::request(self, line).await {
            return sent;
        }
        if let Some(sent) = trust::request(self, line).await {
            return sent;
        }
        match line.path {
            "/policy/{version}" => Sent::to(format!("/policy/{}", policy::current().id)),
            "/notices/{id}" => {
                let list = self.owner.get("/notices").await.ok().json();
                Sent::to(format!("/notices/{}", text(&list["notices"][0], "id")))
            }
            "/ocds/releases/{id}" | "/ocds/records/{ocid}" => {
                let feed = self.owner.get("/ocds/releases").await.ok().json();
                let (id, ocid) = (text(&feed["releases"][0], "id"), text(&feed["releases"][0], "ocid"));
                Sent::to(line.path.replace("{id}", &id).replace("{ocid}", &ocid))
            }
            "/log/tile/{*tile}" => {
                self.world.pass(jiff::SignedDuration::from_secs(30)).await;
                Sent::to("/log/tile/0/000.p/1")
            }
            "/assets/{file}" => Sent::to(app::web::assets::url("app.css")),
            path => {
                assert!(line.method == "GET" && !path.contains('{'), "nobody knows what to send to {path}");
                Sent::to(path)
            }
        }
    }

    /// Something was changed: what was made is not what it was.
    pub fn spoil(&mut self) {
        (self.drafted, self.published, self.demand, self.listed) = (None, None, None, None);
    }
}

/// The id of somebody's company.
pub async fn company(browser: &Browser) -> String {
    text(&browser.get("/company").await.ok().json()["company"], "id")
}

/// The operator's decision.
pub async fn decide(operator: &Browser, company: &str, decision: &str) {
    let reason = if decision == "refusal" { json!({"reason": "名称与证照不一致"}) } else { json!({}) };
    crate::company::decide(operator, company, decision, reason).await.ok();
}
