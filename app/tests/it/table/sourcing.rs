//! Requests about tenders, bids and what becomes of them.

use super::line::Line;
use super::stage::{Sent, Stage};
use crate::sourcing::{add_lot, bid, draft, id, publish, text};
use crate::world::{Browser, World};
use serde_json::{Value, json};

const FILE: (&str, &str, &[u8]) = ("documents", "招标文件.pdf", b"%PDF-1.7");

/// A draft with a lot and a document.
#[derive(Clone)]
pub struct Drafted {
    tender: String,
    lot: String,
    document: String,
    version: Value,
}

/// The same, published, with a question.
#[derive(Clone)]
pub struct Published {
    drafted: Drafted,
    question: String,
}

/// A tender and a quotation whose bids are open.
pub struct Opened {
    tender: String,
    quotation: String,
    /// Lots that are not awarded yet, each with the provider's bid.
    lots: Vec<(String, String)>,
    file: String,
}

/// Valid input, if the line is of this wing and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    match line.path {
        "/tenders" if line.method == "POST" => return Some(Sent::with(line.path, draft(&stage.world))),
        path if path.contains("/objections/{id}") => {
            let fields = match path.rsplit('/').next() {
                Some("answer") => json!({"answer": "评分依据见报告"}),
                Some("appeal") => json!({"id": id(), "reason": "答复没有说明理由"}),
                Some("decision") => json!({"outcome": "dismissed", "decision": "答复已经说明理由"}),
                _ => json!({}),
            };
            return Some(Sent::with(path.replace("{id}", &id()), fields));
        }
        "/inquiries/{id}/answer" => {
            let fields = json!({"answer": "报价含税，成本见附件。"});
            return Some(Sent::with(line.path.replace("{id}", &id()), fields));
        }
        path @ ("/consortia/{id}" | "/consortia/{id}/signed-agreement" | "/consortia/{id}/departure") => {
            return Some(Sent::to(path.replace("{id}", &id())));
        }
        path @ "/consortia/{id}/acceptance" => {
            return Some(Sent::with(path.replace("{id}", &id()), json!({"agreement": "ab".repeat(32)})));
        }
        path @ "/extensions/{id}/answer" => {
            return Some(Sent::with(path.replace("{id}", &id()), json!({"agrees": "yes"})));
        }
        "/archives/{id}" => return Some(Sent::to(line.path.replace("{id}", &id()))),
        "/final-offers/{id}/receipt" | "/final-offers/{id}/proof" => {
            return Some(Sent::to(line.path.replace("{id}", &id())));
        }
        "/evaluations/offer" => return Some(Sent::with(line.path, json!({"available": "1"}))),
        "/uploads/{id}" => return Some(Sent::to(line.path.replace("{id}", &id()))),
        "/lots/{id}/bids"
        | "/lots/{id}/envelopes"
        | "/lots/{id}/commitments"
        | "/lots/{id}/draft"
        | "/lots/{id}/draft/removal"
        | "/lots/{id}/bids/new"
        | "/tenders/{id}/questions"
        | "/questions/{id}/answer" => {}
        path if path.contains("{id}") && line.state == "draft" => return Some(of_draft(stage, line).await),
        path if path.starts_with("/bids/{id}") => return Some(of_bid(stage, path).await),
        path if path.contains("{id}") && ["opened", "quotation"].contains(&line.state) => {
            return Some(of_opened(stage, line));
        }
        path if path.contains("{id}") && line.state == "published" => {}
        _ => return None,
    }
    Some(of_published(stage, line.path).await)
}

async fn of_draft(stage: &mut Stage, line: &Line) -> Sent {
    let own = stage.drafted().await;
    let of_tender = line.path.replace("{id}", &own.tender);
    match (line.method, line.path) {
        (_, "/documents/{id}" | "/documents/{id}/removal") => Sent::to(line.path.replace("{id}", &own.document)),
        (_, "/lots/{id}/removal") => Sent::to(line.path.replace("{id}", &own.lot)),
        ("POST", "/tenders/{id}/draft") => {
            let mut fields = draft(&stage.world);
            fields.as_object_mut().expect("fields").remove("id");
            fields["version"] = own.version;
            Sent::with(of_tender, fields)
        }
        ("POST", "/tenders/{id}/criteria") => Sent::with(of_tender, crate::evaluation::criteria(own.version)),
        ("POST", "/tenders/{id}/auction") => Sent::with(of_tender, json!({"version": own.version, "mode": "none"})),
        ("POST", "/tenders/{id}/lots") => Sent::with(of_tender, json!({"lot_id": id(), "lot_title": "网络设备维保"})),
        ("POST", "/tenders/{id}/witness") => Sent::with(of_tender, json!({"witness": ""})),
        ("POST", "/tenders/{id}/hands") => Sent::with(of_tender, json!({"version": own.version, "k": ""})),
        ("POST", "/tenders/{id}/named") => Sent::with(of_tender, json!({"version": own.version, "named": ""})),
        ("POST", "/tenders/{id}/documents") => Sent { file: Some("documents"), ..Sent::to(of_tender) },
        ("POST", "/tenders/{id}/publication" | "/tenders/{id}/approval") => {
            Sent::with(of_tender, json!({"version": own.version}))
        }
        _ => Sent::to(of_tender),
    }
}

async fn of_published(stage: &mut Stage, path: &str) -> Sent {
    let Published { drafted, question } = stage.published().await;
    match path {
        "/documents/{id}" => Sent::to(path.replace("{id}", &drafted.document)),
        "/lots/{id}/bids/new" => Sent::to(path.replace("{id}", &drafted.lot)),
        "/lots/{id}/draft" | "/lots/{id}/draft/removal" => {
            // Whoever sends a form twice has saved once.
            let fields = if path.ends_with("removal") {
                json!({"version": 1})
            } else {
                json!({"version": 0, "note": "两年质保"})
            };
            Sent::with(path.replace("{id}", &drafted.lot), fields)
        }
        "/lots/{id}/bids" => {
            let fields = json!({"id": id(), "price": "100", "delivery_days": 30});
            Sent::with(path.replace("{id}", &drafted.lot), fields)
        }
        "/lots/{id}/consortia/new" => Sent::to(path.replace("{id}", &drafted.lot)),
        "/lots/{id}/consortia" => {
            let (partners, clauses) = ("岚河通信有限公司，40，网络建设", "各方按份额完成工作并分配款项。");
            let fields =
                json!({"id": id(), "share": "60", "work": "总体集成", "partners": partners, "clauses": clauses});
            Sent::with(path.replace("{id}", &drafted.lot), fields)
        }
        "/lots/{id}/commitments" => {
            let fields = json!({"id": id(), "commitment": crate::hands::LINE});
            Sent::with(path.replace("{id}", &drafted.lot), fields)
        }
        "/lots/{id}/envelopes" => {
            let fields = json!({"id": id(), "commitment": crate::hands::LINE});
            Sent { file: Some("envelope"), ..Sent::with(path.replace("{id}", &drafted.lot), fields) }
        }
        "/tenders/{id}/questions" => {
            let fields = json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
            Sent::with(path.replace("{id}", &drafted.tender), fields)
        }
        "/tenders/{id}/amendment" | "/tenders/{id}/amendment-approval" => {
            let (path, fields) = (
                path.replace("{id}", &drafted.tender),
                crate::amendment::later(&stage.owner, &drafted.tender, 1).await,
            );
            Sent::with(path, fields)
        }
        // Nobody else is to find it ended.
        "/tenders/{id}/termination" => {
            let fields = crate::termination::form(&stage.owner, &drafted.tender, &[1]).await;
            stage.spoil();
            Sent::with(path.replace("{id}", &drafted.tender), fields)
        }
        "/tenders/{id}/extensions" => {
            let due = crate::sourcing::in_days(&stage.world, 12);
            let fields = json!({"id": id(), "days": "30", "due_at": due, "reason": "评标尚未完成，需要延长"});
            Sent::with(path.replace("{id}", &drafted.tender), fields)
        }
        "/tenders/{id}/invitation" | "/tenders/{id}/invitation-approval" => {
            let fields = json!({"version": 1, "named": "91330100MA2H000001"});
            Sent::with(path.replace("{id}", &drafted.tender), fields)
        }
        "/tenders/{id}/again" | "/tenders/{id}/archive" => {
            Sent::with(path.replace("{id}", &drafted.tender), json!({"id": id()}))
        }
        "/questions/{id}/answer" => Sent::with(path.replace("{id}", &question), json!({"answer": "含夜间。"})),
        path => Sent::to(path.replace("{id}", &drafted.tender)),
    }
}

async fn of_bid(stage: &mut Stage, path: &str) -> Sent {
    let Published { drafted, .. } = stage.published().await;
    let own = bid(&stage.provider, &drafted.lot, "100").await;
    if path == "/bids/{id}/proof" {
        // Until the epoch of the bid is in the log, and shown.
        stage.world.settle().await;
        stage.world.pass(jiff::SignedDuration::from_secs(30)).await;
    }
    if path == "/bids/{id}/confirmation" {
        crate::amendment::material(&stage.owner, &drafted.tender).await;
    }
    let fields = match path {
        "/bids/{id}/replacement" => json!({"version": 1, "price": "90", "delivery_days": 30}),
        "/bids/{id}/withdrawal" => json!({"version": 1}),
        "/bids/{id}/confirmation" => json!({"version": 1, "answers": 1}),
        "/bids/{id}/commitments" => json!({"version": 1, "commitment": crate::hands::LINE}),
        _ => json!({}),
    };
    stage.spoil();
    if path == "/bids/{id}/envelopes" {
        let fields = json!({"version": 1, "commitment": crate::hands::LINE});
        return Sent { file: Some("envelope"), ..Sent::with(path.replace("{id}", &own), fields) };
    }
    Sent::with(path.replace("{id}", &own), fields)
}

fn of_opened(stage: &mut Stage, line: &Line) -> Sent {
    let opened = &mut stage.opened;
    match (line.path, line.state) {
        ("/evaluation-files/{id}", _) => Sent::to(line.path.replace("{id}", &opened.file)),
        (
            "/lots/{id}/committee"
            | "/lots/{id}/draw"
            | "/lots/{id}/replacement"
            | "/lots/{id}/scores"
            | "/lots/{id}/declaration"
            | "/lots/{id}/signature"
            | "/lots/{id}/deviations"
            | "/lots/{id}/inquiries"
            | "/lots/{id}/negotiation"
            | "/lots/{id}/negotiation/minutes"
            | "/lots/{id}/negotiation/changes"
            | "/lots/{id}/negotiation/invitation"
            | "/lots/{id}/negotiation/confirmation"
            | "/lots/{id}/negotiation/leaving"
            | "/lots/{id}/final-offers"
            | "/lots/{id}/final-offers/draft"
            | "/lots/{id}/final-offers/draft/removal"
            | "/lots/{id}/evaluation"
            | "/lots/{id}/evaluation-report"
            | "/lots/{id}/evaluation-report.pdf"
            | "/lots/{id}/candidates"
            | "/lots/{id}/candidates/withdrawal"
            | "/lots/{id}/objections"
            | "/lots/{id}/objections/new"
            | "/lots/{id}/auction"
            | "/lots/{id}/auction/live"
            | "/lots/{id}/offers"
            | "/lots/{id}/letter"
            | "/lots/{id}/letter.pdf",
            _,
        ) => {
            let path = line.path.replace("{id}", &opened.lots.last().expect("a lot").0);
            let fields = match (line.method, line.path.rsplit('/').next().unwrap_or_default()) {
                ("POST", "replacement") => json!({"number": "1", "reason": "与投标人有利害关系"}),
                ("POST", "declaration") => json!({"interest": "none"}),
                ("POST", "scores") => json!({"bid": "A", "points": ["1"]}),
                ("POST", "candidates") => json!({"id": id(), "days": "3"}),
                ("POST", "withdrawal") => json!({"publication": id(), "reason": "发现评分有误"}),
                ("POST", "offers") => json!({"id": id(), "amount": "90"}),
                ("POST", "objections") => json!({"id": id(), "reason": "第一名的业绩与文件不符"}),
                ("POST", "inquiries") => {
                    json!({"id": id(), "about": "A", "kind": "price", "question": "请说明报价为何这么低。"})
                }
                ("POST", "minutes") => {
                    let (at, words) = (stage.world.clock.now().to_string(), "就备件到场时间逐条确认。");
                    json!({"minutes_id": id(), "bid": id(), "held_at": at, "minutes": words})
                }
                ("POST", "confirmation") => json!({"confirmed": id()}),
                ("POST", "changes") => {
                    json!({"change_id": id(), "version": 1, "change": "备件到场时间改为两小时以内。"})
                }
                ("POST", "invitation") => {
                    json!({"version": 1, "until": crate::sourcing::in_days(&stage.world, 3)})
                }
                ("POST", "draft") => json!({"version": 0, "note": "两年质保"}),
                ("POST", "removal") => json!({"version": 1}),
                ("POST", "final-offers") => json!({"id": id(), "price": "90", "delivery_days": 30}),
                ("POST", "deviations") => json!({"bid": "A", "reason": "方案明显优于其他"}),
                _ => json!({}),
            };
            Sent::with(path, fields)
        }
        ("/bid-files/{id}", _) => Sent::to(line.path.replace("{id}", &opened.file)),
        ("/lots/{id}/award", _) if line.method == "GET" => {
            Sent::to(line.path.replace("{id}", &opened.lots.last().expect("a lot to award").0))
        }
        ("/lots/{id}/approval", _) => {
            let (lot, bid) = opened.lots.last().expect("a lot to award");
            Sent::with(line.path.replace("{id}", lot), json!({"bid": bid, "reason": "价格最低，满足全部要求"}))
        }
        ("/lots/{id}/award", _) => {
            let (lot, bid) = opened.lots.pop().expect("a lot for each award");
            Sent::with(line.path.replace("{id}", &lot), json!({"bid": bid, "reason": "价格最低，满足全部要求"}))
        }
        (path @ "/tenders/{id}/award-contact/preview", _) => {
            Sent::with(path.replace("{id}", &opened.tender), json!({"phone": "13911118888"}))
        }
        (path @ "/tenders/{id}/award-contact", _) if line.method == "POST" => {
            let fields = json!({"id": id(), "phone": "13911118888", "seen": "00".repeat(32)});
            Sent::with(path.replace("{id}", &opened.tender), fields)
        }
        (path, "quotation") => Sent::to(path.replace("{id}", &opened.quotation)),
        (path, _) => Sent::to(path.replace("{id}", &opened.tender)),
    }
}

impl Stage {
    async fn drafted(&mut self) -> Drafted {
        if self.drafted.is_none() {
            self.drafted = Some(drafted(&self.world, &self.owner).await);
        }
        self.drafted.clone().expect("made just now")
    }

    async fn published(&mut self) -> Published {
        if self.published.is_none() {
            let drafted = drafted(&self.world, &self.owner).await;
            publish(&self.owner, &drafted.tender).await.ok();
            let question = id();
            let fields = json!({"question_id": question, "question": "备件到场时间是否含夜间？"});
            self.provider.post(&format!("/tenders/{}/questions", drafted.tender), fields).await.ok();
            self.published = Some(Published { drafted, question });
        }
        self.published.clone().expect("made just now")
    }
}

async fn drafted(world: &World, owner: &Browser) -> Drafted {
    let (tender, lot) = (text(&owner.post("/tenders", draft(world)).await.ok().json(), "id"), id());
    add_lot(owner, &tender, &lot, "服务器与存储维保").await;
    owner.upload(&format!("/tenders/{tender}/documents"), &[], &[FILE]).await.ok();
    let page = owner.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    let document = text(&page["documents"][0], "id");
    Drafted { tender, lot, document, version: page["tender"]["version"].clone() }
}

impl Opened {
    /// Publishes a tender of three lots and a quotation of one, with three bids each.
    pub async fn prepare(world: &World, owner: &Browser, bidders: &[Browser; 3]) -> Self {
        let mut opened =
            Self { tender: String::new(), quotation: String::new(), lots: Vec::new(), file: String::new() };
        for (method, lots) in [("open", 3), ("quotation", 1)] {
            let mut form = draft(world);
            form["method"] = method.into();
            let tender = text(&owner.post("/tenders", form).await.ok().json(), "id");
            let lots: Vec<_> = (0..lots).map(|_| id()).collect();
            for lot in &lots {
                add_lot(owner, &tender, lot, "服务器与存储维保").await;
            }
            publish(owner, &tender).await.ok();
            for lot in &lots {
                let bid = of_three(lot, bidders).await;
                if method == "open" {
                    opened.lots.push((lot.clone(), bid));
                }
            }
            *(if method == "open" { &mut opened.tender } else { &mut opened.quotation }) = tender;
        }
        opened
    }

    /// After the opening: the file of the provider's bid.
    pub async fn read(mut self, owner: &Browser) -> Self {
        let record = owner.get(&format!("/tenders/{}/opening", self.tender)).await.ok().json();
        let bids = record["lots"][0]["bids"].as_array().expect("bids").iter();
        let files: Vec<_> = bids.flat_map(|bid| bid["files"].as_array().expect("files")).collect();
        self.file = text(files.first().expect("a file"), "id");
        self
    }
}

/// Three bids for a lot; answers the first one, which has a file.
async fn of_three(lot: &str, bidders: &[Browser; 3]) -> String {
    let first = id();
    let fields = [("id", first.as_str()), ("price", "100"), ("delivery_days", "30")];
    bidders[0].upload(&format!("/lots/{lot}/bids"), &fields, &[("files", "方案.pdf", b"%PDF-1.7")]).await.ok();
    for bidder in &bidders[1..] {
        bid(bidder, lot, "200").await;
    }
    first
}
