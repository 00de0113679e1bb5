//! Evaluation by a committee: how it is formed and drawn, scored and concluded, and what becomes of an award.

mod inquiry;
mod reopened;
mod rules;

use crate::sourcing::{add_lot, after, bid, draft, id, publish, text};
use crate::world::{Answer, Browser, World};
use evidence::{Hash, draw};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How a draft of this version is evaluated: five seats, blind.
pub fn criteria(version: Value) -> Value {
    json!({
        "version": version, "by": "committee", "seats": "5", "price_weight": "40",
        "criteria": "技术方案 40\n项目团队 20", "blind": "1",
    })
}

/// A lot that a committee evaluates.
pub struct Scene {
    pub world: World,
    pub buyer: Browser,
    pub providers: Vec<Browser>,
    pub experts: Vec<Browser>,
    pub tender: String,
    pub lot: String,
    /// By the prices 100, 200, 150.
    pub bids: Vec<String>,
}

impl Scene {
    /// A quotation in evaluation, with three seats, and so many who offer to evaluate; a bidder offers it, too.
    pub async fn new(experts: usize) -> Self {
        let world = World::new().await;
        let buyer = world.member("buyer").await;
        let (mut providers, mut all) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            providers.push(world.member("provider").await);
        }
        for _ in 0..experts {
            all.push(world.member("provider").await);
        }
        world.stay_signed_in(100).await;
        for expert in all.iter().chain(&providers[..1]) {
            expert.post("/evaluations/offer", json!({"available": "1"})).await.ok();
        }
        let mut form = draft(&world);
        form["method"] = "quotation".into();
        let (tender, lot) = (text(&buyer.post("/tenders", form).await.ok().json(), "id"), id());
        add_lot(&buyer, &tender, &lot, "服务器与存储维保").await;
        let seen = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
        let mut method = criteria(seen["tender"]["version"].clone());
        method["seats"] = "3".into();
        for _ in 0..2 {
            buyer.post(&format!("/tenders/{tender}/criteria"), method.clone()).await.ok();
        }
        publish(&buyer, &tender).await.ok();
        world.settle().await;
        let mut bids = Vec::new();
        for (provider, yuan) in providers.iter().zip(["100", "200", "150"]) {
            bids.push(bid(provider, &lot, yuan).await);
        }
        world.until(after(world.clock.now(), 10)).await;
        Self { world, buyer, providers, experts: all, tender, lot, bids }
    }

    pub fn at(&self, what: &str) -> String {
        format!("/lots/{}/{what}", self.lot)
    }

    /// Forms a committee of drawn experts only, and draws.
    pub async fn form_and_draw(&self) {
        self.buyer.post(&self.at("committee"), json!({})).await.ok();
        self.world.settle().await;
        self.world.pass(SignedDuration::from_secs(30)).await;
        self.buyer.post(&self.at("draw"), json!({})).await.ok();
        self.world.settle().await;
    }

    /// Those experts who have a seat, by number.
    pub async fn sitting(&self) -> Vec<&Browser> {
        let mut sitting = Vec::new();
        for expert in &self.experts {
            let page = expert.get(&self.at("scores")).await;
            if page.status == 200 {
                sitting.push((page.json()["seat"]["number"].as_i64(), expert));
            }
        }
        sitting.sort_by_key(|(number, _)| *number);
        sitting.into_iter().map(|(_, expert)| expert).collect()
    }

    pub async fn declare(&self, expert: &Browser) {
        expert.post(&self.at("declaration"), json!({"interest": "none"})).await.ok();
    }

    pub async fn score(&self, expert: &Browser, letter: &str, points: [&str; 2]) -> Answer {
        expert.post(&self.at("scores"), json!({"bid": letter, "points": points, "remark": "按评分标准"})).await
    }

    /// Scores all bids alike and signs.
    pub async fn score_and_sign(&self, expert: &Browser) -> Answer {
        for letter in ["A", "B", "C"] {
            self.score(expert, letter, ["30", "15.5"]).await.ok();
        }
        expert.post(&self.at("signature"), json!({})).await
    }

    /// Has all who are drawn declare, score alike and sign.
    pub async fn conclude(&self) {
        self.form_and_draw().await;
        for expert in self.sitting().await {
            self.declare(expert).await;
            self.score_and_sign(expert).await.ok();
        }
    }

    /// Publishes the candidates for three days.
    pub async fn publish(&self) {
        self.buyer.post(&self.at("candidates"), json!({"id": id(), "days": "3"})).await.ok();
        self.world.settle().await;
    }

    /// When the standstill of the newest publication ends.
    pub async fn standstill(&self) -> Timestamp {
        let shown = self.world.visitor().get(&self.at("candidates")).await.ok().json();
        text(&shown["publications"][0], "until").parse().unwrap()
    }

    /// Publishes the candidates, and lets the standstill pass.
    pub async fn stand_still(&self) {
        self.publish().await;
        self.world.until(self.standstill().await).await;
    }

    pub async fn phase(&self) -> String {
        text(&self.buyer.get(&self.at("committee")).await.ok().json(), "phase")
    }

    pub async fn award(&self, bid: &str, departure: Option<&str>) -> Answer {
        let mut fields = json!({"bid": bid, "reason": "综合得分符合要求"});
        if let Some(departure) = departure {
            fields["departure"] = departure.into();
        }
        self.buyer.post(&self.at("award"), fields).await
    }
}

#[track_caller]
pub fn refused(answer: &Answer, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, code), "{}", answer.text);
}

#[track_caller]
pub fn wrong(answer: &Answer, field: &str, code: &str) {
    let problems = answer.json()["errors"].clone();
    assert_eq!((&problems[0]["field"], &problems[0]["code"]), (&json!(field), &json!(code)), "{}", answer.text);
}

/// The leaf of an entry of the log, out of its lowest tile.
async fn leaf(world: &World, entry: usize) -> String {
    let file = async |path: String| world.visitor().request(reqwest::Method::GET, &path).send().await.unwrap();
    let note = file("/log/checkpoint".to_owned()).await.text().await.unwrap();
    let size: usize = note.lines().nth(1).unwrap().parse().unwrap();
    assert!(entry < size && size < 256, "{note}");
    let bytes = file(format!("/log/tile/0/000.p/{size}")).await.bytes().await.unwrap();
    hex::encode(&bytes[entry * 32..entry * 32 + 32])
}

#[tokio::test]
async fn a_committee_is_drawn_scores_alone_and_its_ranking_comes_before_the_award() {
    let scene = Scene::new(4).await;
    let notice = scene.world.visitor().get("/notices?kind=tender").await.ok().text;
    assert!(notice.contains("询价公告"), "{notice}");
    let dossier = scene.world.visitor().page(&format!("/tenders/{}", scene.tender)).await.ok().text;
    assert!(dossier.contains("3 人评标委员会") && dossier.contains("项目团队"), "{dossier}");
    refused(&scene.award(&scene.bids[0], None).await, "evaluation-not-concluded");
    assert_eq!(scene.buyer.get(&scene.at("award")).await.status, 409);

    // The pool is committed to, then drawn from the log; whoever reads the tender draws again. A bidder is in no pool.
    let visitor = scene.world.visitor();
    assert_eq!(visitor.get(&scene.at("draw")).await.status, 404);
    refused(&scene.buyer.post(&scene.at("draw"), json!({})).await, "committee-unformed");
    for _ in 0..2 {
        scene.buyer.post(&scene.at("committee"), json!({})).await.ok();
    }
    refused(&scene.buyer.post(&scene.at("draw"), json!({})).await, "draw-too-early");
    let before = visitor.get(&scene.at("draw")).await.ok().json()["drawing"].clone();
    scene.form_and_draw().await;
    let drawn = visitor.get(&scene.at("draw")).await.ok().json()["drawing"].clone();
    let hash = |value: &Value| Hash::try_from(value.as_str().unwrap().to_owned()).unwrap();
    let order: Vec<_> = drawn["order"].as_array().unwrap().iter().map(hash).collect();
    assert_eq!((order.len(), draw::pool(&order)), (4, hash(&before["pool"])), "without the bidder");
    assert_eq!(draw::order(&order, hash(&drawn["seed"])), order);
    assert_eq!(drawn["seed"], leaf(&scene.world, drawn["entry"].as_u64().unwrap() as usize).await);
    assert!(visitor.page(&scene.at("draw")).await.ok().text.contains(drawn["order"][0].as_str().unwrap()));

    // Three of the four are called and told; each declares before a bid is shown, and the reserve follows who steps aside.
    let sitting = scene.sitting().await;
    assert_eq!(sitting.len(), 3);
    assert!(sitting[0].page("/inbox").await.ok().text.contains("请你为"), "told");
    let page = sitting[0].get(&scene.at("scores")).await.ok().json();
    assert_eq!((page["bidders"].as_array().unwrap().len(), &page["bids"]), (3, &json!([])));
    refused(&scene.score(sitting[0], "A", ["1", "1"]).await, "declaration-first");
    refused(&sitting[0].post(&scene.at("signature"), json!({})).await, "declaration-first");
    let aside = json!({"interest": "conflict"});
    wrong(&sitting[2].post(&scene.at("declaration"), aside).await, "reason", "required");
    let aside = json!({"interest": "conflict", "reason": "曾在其中一家任职"});
    sitting[2].post(&scene.at("declaration"), aside).await.ok();
    assert_eq!(sitting[2].get(&scene.at("scores")).await.status, 404);
    scene.world.settle().await;
    let sitting = scene.sitting().await;
    assert_eq!(sitting.len(), 3, "the next of the draw");
    for expert in &sitting {
        scene.declare(expert).await;
    }
    let page = sitting[0].get(&scene.at("scores")).await.ok().json();
    assert_eq!(page["bids"][0]["letter"], "A");
    for hidden in ["company_name", "price", "delivery_days"] {
        assert!(page["bids"].as_array().unwrap().iter().all(|bid| bid[hidden].is_null()), "{hidden} is hidden");
    }
    assert!(!page.to_string().contains(&scene.bids[0]), "nor can a letter be told by the bid's id");

    // Points are numbers that the criterion has; nothing is signed that is not complete.
    wrong(&scene.score(sitting[0], "A", ["40.01", "1"]).await, "points", "points-most");
    wrong(&scene.score(sitting[0], "A", ["1.234", "1"]).await, "points", "points-form");
    wrong(&scene.score(sitting[0], "Z", ["1", "1"]).await, "bid", "choice");
    let short = json!({"bid": "A", "points": ["1"]});
    wrong(&sitting[0].post(&scene.at("scores"), short).await, "points", "points-count");
    let unexplained = json!({"bid": "A", "points": ["1", "1"], "ground": "unqualified"});
    wrong(&sitting[0].post(&scene.at("scores"), unexplained).await, "remark", "rejection-reason");
    refused(&sitting[0].post(&scene.at("signature"), json!({})).await, "scores-missing");
    for expert in &sitting[..2] {
        scene.score_and_sign(expert).await.ok();
    }
    refused(&sitting[0].post(&scene.at("signature"), json!({})).await, "scores-signed");
    refused(&scene.score(sitting[0], "A", ["1", "1"]).await, "scores-signed");
    let late = json!({"interest": "conflict", "reason": "想改主意"});
    refused(&sitting[0].post(&scene.at("declaration"), late).await, "scores-signed");
    let early = json!({"bid": "A", "reason": "方案明显优于其他"});
    refused(&sitting[0].post(&scene.at("deviations"), early).await, "scores-closed");

    // The third is far from the others with one bid, and has to say why.
    for (letter, points) in [("A", ["2", "1"]), ("B", ["30", "15.5"]), ("C", ["30", "15.5"])] {
        scene.score(sitting[2], letter, points).await.ok();
    }
    sitting[2].post(&scene.at("signature"), json!({})).await.ok();
    assert_eq!(scene.phase().await, "reasons");
    refused(&scene.award(&scene.bids[0], None).await, "evaluation-not-concluded");
    let names = sitting[2].get(&scene.at("scores")).await.ok().json();
    assert_eq!((names["bids"][0]["owed"].as_bool(), names["bids"][0]["price"].is_null()), (Some(true), false));
    assert_eq!(names["bids"][0]["others"].as_array().map(Vec::len), Some(2), "open to the committee");
    let why = |letter: &str| json!({"bid": letter, "reason": "备件方案没有覆盖夜间"});
    refused(&sitting[2].post(&scene.at("deviations"), why("B")).await, "deviation-none");
    for far in [0, 1] {
        // The others are as far from the mean that the third has moved.
        if sitting[far].get(&scene.at("scores")).await.ok().json()["bids"][0]["owed"] == true {
            sitting[far].post(&scene.at("deviations"), why("A")).await.ok();
        }
    }
    sitting[2].post(&scene.at("deviations"), why("A")).await.ok();
    assert_eq!(scene.phase().await, "concluded");

    concluded(&scene, &sitting).await;
}

async fn concluded(scene: &Scene, sitting: &[&Browser]) {
    let shown = scene.buyer.get(&scene.at("evaluation")).await.ok().json();
    let bids = shown["report"]["bids"].as_array().unwrap();
    let of = |bid: &str| bids.iter().find(|one| one["bid"] == bid).unwrap();
    let points: Vec<_> = scene.bids.iter().map(|bid| of(bid)["price_points"].as_i64().unwrap()).collect();
    assert_eq!(points, [4000, 2000, 2667], "100, 200 and 150 yuan of 40 points");
    assert!(bids.iter().all(|bid| bid["total"].as_i64() >= Some(2000) && bid["votes"].as_array().unwrap().len() == 3));
    let file = sitting[1].get(&scene.at("evaluation-report")).await.ok().text;
    assert_eq!(shown["sha256"], Hash::of(&[file.as_bytes()]).to_string());
    let paper = sitting[1].request(reqwest::Method::GET, &scene.at("evaluation-report.pdf")).send().await.unwrap();
    let paper = paper.bytes().await.unwrap();
    assert!(paper.starts_with(b"%PDF-") && paper.len() > 5_000, "{} bytes", paper.len());
    let logged = "SELECT count(*) FROM event WHERE kind = 'evaluation.concluded'";
    assert_eq!(scene.world.count(logged).await, 1);
    assert!(scene.buyer.page(&scene.at("evaluation")).await.ok().text.contains("排名"));
    let stranger = scene.experts.iter().find(|one| sitting.iter().all(|other| other.phone != one.phone)).unwrap();
    for (who, status) in [(&scene.providers[0], 404), (stranger, 404), (&scene.world.visitor(), 401)] {
        for page in ["evaluation", "evaluation-report", "evaluation-report.pdf", "scores"] {
            assert_eq!(who.get(&scene.at(page)).await.status, status, "{page}");
        }
    }

    // After the standstill the first can be chosen; another needs a reason, which is public.
    scene.stand_still().await;
    let by_rank = |rank: i64| text(bids.iter().find(|bid| bid["rank"] == rank).unwrap(), "bid");
    wrong(&scene.award(&by_rank(2), None).await, "departure", "departure-needed");
    let form = scene.buyer.page(&scene.at("award")).await.ok().text;
    assert!(form.contains("不选第一名的理由"), "{form}");
    scene.award(&by_rank(2), Some("第一名书面放弃")).await.ok();
    let dossier = scene.world.visitor().get(&format!("/tenders/{}", scene.tender)).await.ok().json();
    assert_eq!(dossier["awards"][0]["departure"], "第一名书面放弃");
    let over = json!({"number": "1", "reason": "与投标人有利害关系"});
    refused(&scene.buyer.post(&scene.at("replacement"), over).await, "evaluation-over");
}

#[tokio::test]
async fn nobody_reads_anothers_scores_before_all_have_signed() {
    let scene = Scene::new(3).await;
    scene.form_and_draw().await;
    let sitting = scene.sitting().await;
    for expert in &sitting {
        scene.declare(expert).await;
    }
    for expert in &sitting[..2] {
        scene.score_and_sign(expert).await.ok();
    }
    for expert in &sitting {
        let page = expert.get(&scene.at("scores")).await.ok().json();
        let bids = page["bids"].as_array().unwrap();
        assert!(bids.iter().all(|bid| bid["others"] == json!([])), "{page}");
        assert_eq!(expert.get(&scene.at("evaluation")).await.status, 404);
    }
    let buyers = scene.buyer.get(&scene.at("committee")).await.ok();
    assert!(!buyers.text.contains("points") && !buyers.text.contains("1550"), "{}", buyers.text);
    scene.score_and_sign(sitting[2]).await.ok();
    let page = sitting[0].get(&scene.at("scores")).await.ok().json();
    assert_eq!(page["bids"][0]["others"].as_array().map(Vec::len), Some(2));
}
