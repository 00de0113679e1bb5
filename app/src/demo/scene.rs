//! What a new demo begins with: people, notices, and a tender in every state. All of it happened in the thirty days before.

use super::cast::{APPLICANT, CAST, COLLEAGUE, EXPERTS, INVITED, MENDER, Role, SEEKER, STAFF};
use super::client::Failed;
use super::clock;
use super::ground::Ground;
use super::kept::{Account, Kept, ahead};
use super::person::Person;
use super::plans::{AMENDED, AWARDED, DRAFT, ENDED, EVALUATED, FAILED, OPEN, QUOTATION};
use super::trade::{Ids, Plan, Tender};
use crate::app::App;
use crate::identity::account::{Post, appoint};
use crate::reach::notice::importing;
use crate::web::OperatorDuty;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How long before now the demo's story begins.
const STORY: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long the draft of an announcement would be shown.
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long the auditor is appointed for.
const QUARTER: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Prepares everything and keeps it. Answers who can sign in.
pub(super) async fn prepare(ground: &Ground, root: &str) -> Result<Vec<Account>, Failed> {
    let app = &ground.app;
    let now = app.clock().now();
    app.clock().advance(-STORY);
    import_notices(app, now).await?;
    let company = Company::gather(app, root).await?;
    let experts = company.experts(app, root).await?;
    let auction = company.play(app, now, &experts).await?;
    super::contact::agree(&company.0[2], root, &app.config().outbox_dir, &Ids(app.random())).await?;
    let seeker = company.seek(app, root).await?;
    let applicant = Person::new(APPLICANT.account(app.random()), root)?;
    applicant.register(&app.config().outbox_dir).await?;
    applicant.hand_in("company", &["licence", "letter"], true).await?;
    let mender = Person::new(MENDER.account(app.random()), root)?;
    mender.register(&app.config().outbox_dir).await?;
    let case = mender.hand_in("company", &["licence", "letter"], false).await?;
    company.0[0].review(&case, &REFUSED).await?;
    super::auction::begin(app, now, &company.0[2..], &auction).await?;
    let colleague = company.invite(app, root).await?;
    let colleagues = STAFF.each_ref().map(|player| player.account(app.random()));
    for account in &colleagues {
        hire_operator(app, account).await?;
    }
    company.0[0].be_signed_in().await?;
    company.0[0].hand_in_companies(&Ids(app.random()).next()).await?;
    draft_announcement(&colleagues, now, root, &Ids(app.random())).await?;
    let others = [applicant, mender, seeker, colleague];
    let people = company.0.into_iter().chain(others).chain(experts).map(|person| person.account);
    let accounts: Vec<_> = people.chain(colleagues).collect();
    let kept = Kept { ahead: ahead(app.clock()), databases: ground.databases.clone(), accounts: accounts.clone() };
    kept.write(&ground.folder)?;
    Ok(accounts)
}

/// Makes the operator's account, as the command line does.
pub(super) async fn hire_operator(app: &App, account: &Account) -> Result<(), Failed> {
    let post = post(account.role, app.clock().now());
    let made = appoint(app, &account.phone, &account.email, &account.password, post).await;
    made.map(drop).map_err(Failed::because)
}

/// A draft of the publisher's, to be published to everybody.
async fn draft_announcement(people: &[Account], now: Timestamp, root: &str, ids: &Ids<'_>) -> Result<(), Failed> {
    let publisher = people.iter().find(|one| one.role == Role::Publisher);
    let publisher = Person::new(publisher.ok_or_else(|| Failed::because("no publisher"))?.clone(), root)?;
    publisher.sign_in().await?;
    let (id, ends_at) = (ids.next(), now.checked_add(WEEK).unwrap_or(now).to_string());
    let fields = [
        ("id", id.as_str()),
        ("title_zh", "周六22时起升级，停机两小时"),
        ("title_en", "Upgrade on Saturday from 22:00, down for two hours"),
        ("body_zh", "周六22时至24时平台升级，其间无法访问。\n截止时间临近的投标请提前提交。"),
        (
            "body_en",
            "The platform is upgraded on Saturday from 22:00 to 24:00 and out of reach meanwhile.\nSubmit bids early.",
        ),
        ("ends_at", &ends_at),
    ];
    publisher.client.post("/desk/announcements", &fields).await?.ok()?;
    Ok(())
}

/// What the operator's people of the demo may do. The first could run a small installation alone; the auditor stays a quarter.
fn post(role: Role, now: Timestamp) -> Post {
    match role {
        Role::Auditor => {
            Post { until: now.checked_add(QUARTER).ok(), ..Post::of_one("外部审计", OperatorDuty::Auditor) }
        }
        Role::Reviewer => Post::of_one("审核岗", OperatorDuty::Reviewer),
        Role::Publisher => Post::of_one("发布岗", OperatorDuty::Publisher),
        Role::Second => Post { title: "运营二岗".to_owned(), ..Post::of_everything() },
        _ => Post { title: "运营一岗".to_owned(), ..Post::of_everything() },
    }
}

/// Notices of other sites, which do not exist.
async fn import_notices(app: &App, now: Timestamp) -> Result<(), Failed> {
    let notices: Vec<Value> = serde_json::from_str(include_str!("notices.json")).map_err(Failed::because)?;
    let mut lines = String::new();
    for notice in notices {
        lines.push_str(&dated(app, notice, now).to_string());
        lines.push('\n');
    }
    let report = importing::import(app.db(), "demo", lines.as_bytes(), |_| {}).await.map_err(Failed::because)?;
    if report.sums.refused + report.sums.remarks > 0 {
        return Err(Failed::because(format!("notices of the demo: {:?}", report.rows)));
    }
    Ok(())
}

/// `days_ago` and `days_left` become dates around this instant.
fn dated(app: &App, mut notice: Value, now: Timestamp) -> Value {
    let shift = |days: i64| now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
    let day = |at: Timestamp, form: &str| at.to_zoned_datetime(app.zone()).strftime(form).to_string();
    if let Some(fields) = notice.as_object_mut() {
        let published = shift(-fields.remove("days_ago").and_then(|days| days.as_i64()).unwrap_or(0));
        fields.insert("date".into(), json!(day(published, "%Y-%m-%d")));
        fields.insert("createDate".into(), json!(day(published, "%Y-%m-%d %H:%M:%S")));
        if let Some(left) = fields.remove("days_left").and_then(|days| days.as_i64()) {
            fields.insert("deadline".into(), json!(day(shift(left), "%Y年%m月%d日09时30分")));
        }
    }
    notice
}

/// Everybody who plays, in the order of [`CAST`].
struct Company(Vec<Person>);

impl Company {
    /// Everybody has an account and is approved.
    async fn gather(app: &App, root: &str) -> Result<Self, Failed> {
        let mut people = Vec::new();
        for player in &CAST {
            let person = Person::new(player.account(app.random()), root)?;
            match player.role {
                Role::Operator => hire_operator(app, &person.account).await?,
                _ => person.register(&app.config().outbox_dir).await?,
            }
            person.be_signed_in().await?;
            people.push(person);
        }
        for person in &people[1..] {
            person.describe(&Ids(app.random())).await?;
        }
        people[0].approve_all().await?;
        people[1].connect(&Ids(app.random())).await?;
        for person in &people[2..] {
            person.introduce().await?;
        }
        Ok(Self(people))
    }

    /// The buyer is verified as demand side; another has handed the same in, and waits. So do two providers' people.
    async fn seek(&self, app: &App, root: &str) -> Result<Person, Failed> {
        const STEPS: [&str; 2] = ["need", "undertaking"];
        let (operator, buyer) = (&self.0[0], &self.0[1]);
        let case = buyer.hand_in("demand-side", &STEPS, true).await?;
        operator.review(&case, &DEMAND_SIDE).await?;
        let seeker = Person::new(SEEKER.account(app.random()), root)?;
        seeker.register(&app.config().outbox_dir).await?;
        operator.approve_all().await?;
        seeker.hand_in("demand-side", &STEPS, true).await?;
        super::demand::ended(&seeker, &self.0[2], app.clock().now(), &Ids(app.random())).await?;
        self.0[3].hand_in("authorised-bidder", &["identity", "employment"], true).await?;
        self.0[4].hand_in("legal-representative", &["identity", "appointment", "statement"], true).await?;
        Ok(seeker)
    }

    /// The buyer has a colleague, whose large tender waits for approval, has invited another, and looks at a list of more.
    async fn invite(&self, app: &App, root: &str) -> Result<Person, Failed> {
        let (buyer, outbox, ids) = (&self.0[1], &app.config().outbox_dir, Ids(app.random()));
        let colleague = Person::new(COLLEAGUE.account(app.random()), root)?;
        buyer.invite(&ids.next(), COLLEAGUE.email, &["buyer", "project-manager"]).await?;
        colleague.join(outbox).await?;
        buyer.authorise(&colleague.account.email, app.clock().now(), &ids).await?;
        buyer.invite(&ids.next(), INVITED, &["finance"]).await?;
        buyer.hand_in_list(&ids.next(), COLLEAGUE.email).await?;
        buyer.ask_to_stand_in(COLLEAGUE.email, app.clock().now(), &ids).await?;
        buyer.ask_for_approval().await?;
        colleague.propose(app.clock().now(), &ids).await?;
        Ok(colleague)
    }

    /// Those who offer to evaluate, of companies that bid for nothing.
    async fn experts(&self, app: &App, root: &str) -> Result<Vec<Person>, Failed> {
        let mut experts = Vec::new();
        for player in &EXPERTS {
            let person = Person::new(player.account(app.random()), root)?;
            person.register(&app.config().outbox_dir).await?;
            experts.push(person);
        }
        self.0[0].approve_all().await?;
        for expert in &experts {
            expert.be_signed_in().await?;
            expert.offer_to_evaluate().await?;
        }
        Ok(experts)
    }

    /// Fourteen tenders: awarded by its buyer and after a committee's, failed, ended by its buyer, in evaluation by its buyer, one whose
    /// candidates are published, one with an objection pending, one that is negotiated, one in auction, and those of [`Self::recent`]. Answers
    /// the lot in auction.
    async fn play(&self, app: &App, now: Timestamp, experts: &[Person]) -> Result<String, Failed> {
        let [_, buyer, one, two, ..] = self.0.as_slice() else { return Err(Failed::because("five people play")) };
        let ids = Ids(app.random());

        super::library::fill(one, now, &ids).await?;
        let negotiated = super::negotiate::call(buyer, &self.0[2..], app.clock().now(), &ids).await?;
        let settled = self.sealed(app, &super::evaluate::SETTLED, &[["296000", "305000", "288000"]], &ids).await?;
        let awarded = self.opened(app, &AWARDED, ["768000", "742000", "795000"], &ids).await?;
        let best = best_bid(buyer, &awarded).await?;
        buyer.award(&awarded.lots[0], &best, "报价最低，技术方案满足全部要求。").await?;

        super::correspond::correspond(one, buyer, &awarded, &ids).await?;

        super::evaluate::evaluate(app, buyer, experts, &settled).await?;
        let first = buyer.publish_candidates(&settled.lots[0], &ids).await?;
        let objection = two.object(&settled.lots[0], super::evaluate::OBJECTION, &ids).await?;
        buyer.answer_objection(&objection, super::evaluate::ANSWER).await?;

        let failed = self.publish(app, &FAILED, &ids).await?;
        one.bid(&failed.lots[0], &ids.next(), "186000", "30").await?.ok()?;
        self.until(app, failed.deadline).await?;
        buyer.award(&settled.lots[0], &first, "评标报告综合得分第一，公示期满，异议已经答复。").await?;

        let ended = self.publish(app, &ENDED, &ids).await?;
        two.bid(&ended.lots[0], &ids.next(), "152000", "45").await?.ok()?;
        buyer.terminate(&ended, "厂区门禁改造推迟到下一年度，本项目不再单独采购。", &ids).await?;

        let auction = super::auction::call(buyer, &self.0[2..], app, now, &ids).await?;
        self.opened(app, &EVALUATED, ["468000", "455500", "449800"], &ids).await?;
        self.evaluated(app, experts, &ids).await?;
        let pool = super::qualified::lists(buyer, &self.0[2..], now, &ids).await?;

        self.until(app, now - SignedDuration::from_hours(24 * 2)).await?;
        super::negotiate::talk(buyer, &self.0[2..], &negotiated, app.clock().now(), &ids).await?;
        self.recent(app, &pool, &ids).await?;
        Ok(auction)
    }

    /// Five that take bids: two for everybody, one of them amended, one that takes consortia, one for those whom it names, an order from the
    /// pool; a draft; demands.
    async fn recent(&self, app: &App, pool: &str, ids: &Ids<'_>) -> Result<(), Failed> {
        let [_, buyer, one, two, ..] = self.0.as_slice() else { return Err(Failed::because("five people play")) };
        let (now, providers) = (app.clock().now(), &self.0[2..]);
        super::joint::together(buyer, providers, now, ids).await?;
        super::circle::narrow(buyer, providers, pool, now, ids).await?;
        let open = self.publish(app, &OPEN, ids).await?;
        let question = one.ask(&open, "现场是否提供万兆网络接入？改造费用由哪一方承担？", ids).await?;
        buyer.answer(&question, "机房提供万兆接入，网络改造由采购方承担，不计入报价。").await?;
        two.bid(&open.lots[0], &ids.next(), "1268000", "120").await?.ok()?;
        buyer.amend(&open, AMENDED, "质检节拍按产线提速计划调整，报价时间顺延一天。", ids).await?;
        let quotation = self.publish(app, &QUOTATION, ids).await?;
        one.ask(&quotation, "键盘鼠标是否需要与主机同一品牌？", ids).await?;
        buyer.draft(&DRAFT, now, ids).await?;
        super::demand::needs(buyer, [one, two], now, ids).await
    }

    /// A tender that each of the three providers bids for, at the hour of its opening.
    async fn opened(&self, app: &App, plan: &Plan, prices: [&str; 3], ids: &Ids<'_>) -> Result<Tender, Failed> {
        let tender = self.publish(app, plan, ids).await?;
        for (person, price) in self.0[2..].iter().zip(prices) {
            person.bid(&tender.lots[0], &ids.next(), price, "60").await?.ok()?;
        }
        self.until(app, tender.deadline).await?;
        Ok(tender)
    }

    /// A tender whose two lots a committee evaluates; the candidates of the first are published. And one to whose candidates somebody has
    /// objected.
    async fn evaluated(&self, app: &App, experts: &[Person], ids: &Ids<'_>) -> Result<(), Failed> {
        let (buyer, prices) = (&self.0[1], [["236000", "248500", "229800"], ["158000", "149900", "163000"]]);
        let tender = self.sealed(app, &super::evaluate::JUDGED, &prices, ids).await?;
        let disputed = self.sealed(app, &super::evaluate::DISPUTED, &[["219000", "208500", "226000"]], ids).await?;
        self.until(app, tender.deadline.max(disputed.deadline)).await?;
        for one in [&tender, &disputed] {
            super::evaluate::evaluate(app, buyer, experts, one).await?;
            buyer.publish_candidates(&one.lots[0], ids).await?;
        }
        self.0[3].object(&disputed.lots[0], super::evaluate::PENDING, ids).await.map(drop)
    }

    /// A tender for a committee, with the bids of the three providers for each lot.
    async fn sealed(&self, app: &App, plan: &Plan, prices: &[[&str; 3]], ids: &Ids<'_>) -> Result<Tender, Failed> {
        let buyer = &self.0[1];
        let tender = buyer.draft(plan, app.clock().now(), ids).await?;
        buyer.ask_for_a_committee(&tender).await?;
        buyer.publish(&tender).await?;
        for (lot, prices) in tender.lots.iter().zip(prices) {
            for (person, price) in self.0[2..].iter().zip(prices) {
                person.bid(lot, &ids.next(), price, "45").await?.ok()?;
            }
        }
        Ok(tender)
    }

    async fn publish(&self, app: &App, plan: &Plan, ids: &Ids<'_>) -> Result<Tender, Failed> {
        let buyer = &self.0[1];
        let tender = buyer.draft(plan, app.clock().now(), ids).await?;
        buyer.publish(&tender).await?;
        Ok(tender)
    }

    /// Time passes; whoever was signed out meanwhile signs in again.
    async fn until(&self, app: &App, instant: Timestamp) -> Result<(), Failed> {
        clock::set(app, instant).await?;
        for person in &self.0 {
            person.be_signed_in().await?;
        }
        Ok(())
    }
}

/// What the reviewer says of the buyer's documents.
const DEMAND_SIDE: [(&str, &str); 4] = [
    ("need", "accept"),
    ("need_checks", "name purchase recent"),
    ("undertaking", "accept"),
    ("undertaking_checks", "seal use deletion"),
];

/// What the reviewer says of the mender's documents.
const REFUSED: [(&str, &str); 4] = [
    ("licence", "accept"),
    ("licence_checks", "name code valid"),
    ("letter", "refuse"),
    ("letter_reason", "授权书没有盖公司的章。请盖章之后重新拍照上传。"),
];

/// The first of the first lot in the opening record.
async fn best_bid(buyer: &Person, tender: &Tender) -> Result<String, Failed> {
    let dossier = buyer.dossier(tender).await?;
    super::client::text(&dossier, "/opening/0/bids/0/id")
}
