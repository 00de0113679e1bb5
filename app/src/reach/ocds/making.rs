//! What each public event makes known. The follower may come later than the event: what has changed since is undone, so that a
//! release says how it stood then.

use super::party::{self, joined};
use super::release::{
    Amendment as Told, Award, Bid, Bids, Classification, Document, Enquiry, Item, Lot as ToldLot, Named, Party, Period,
    Release, Tender as ToldTender,
};
use super::value::{Stamp, Value};
use crate::app::App;
use crate::reach::category;
use crate::sourcing::amendment::rule::Field;
use crate::sourcing::amendment::{self, Amendment, Class};
use crate::sourcing::award::Award as Decided;
use crate::sourcing::bid::joint;
use crate::sourcing::circle::Audience;
use crate::sourcing::clarification::Question;
use crate::sourcing::opening::record::Opened;
use crate::sourcing::profile::Method;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Tender, document};
use crate::sourcing::termination::Termination;
use crate::sourcing::termination::event::Terminated;
use crate::web::Error;
use kit::db::Tx;
use kit::id::Id;

/// The category list that items name.
const CATEGORIES: &str = "x_ziyun";

/// A release that is being made.
pub struct Making<'a> {
    /// The program.
    pub app: &'a App,
    /// The tender as it is now.
    pub tender: &'a Tender,
    /// The process's id.
    pub ocid: &'a str,
    /// The release's id.
    pub id: String,
    /// When the event happened.
    pub at: Stamp,
    /// The release before, in the same process.
    pub before: Option<String>,
}

impl Making<'_> {
    /// Nothing but what every release has.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn empty(&self, tx: &mut Tx, tag: &[&'static str]) -> Result<Release, Error> {
        let otherwise = format!("buyer-{}", self.tender.id);
        let buyer = party::of(tx, self.tender.company, &otherwise, &["buyer", "procuringEntity"])?;
        Ok(Release {
            ocid: self.ocid.to_owned(),
            id: self.id.clone(),
            date: self.at,
            tag: tag.to_vec(),
            initiation_type: "tender",
            language: "zh",
            buyer: buyer.named(),
            parties: vec![buyer],
            tender: ToldTender { id: self.tender.id.to_string(), ..ToldTender::default() },
            bids: None,
            awards: Vec::new(),
        })
    }

    /// 招标公告: the tender as it was published.
    pub fn published(&self, tx: &mut Tx) -> Result<Release, Error> {
        let mut release = self.empty(tx, &["tender"])?;
        let (lots, then) = (lots_as_of(tx, self.tender, 0)?, as_of(tx, self.tender, 0)?);
        let path = format!("/tenders/{}", self.tender.id);
        let (tender_period, enquiry_period) = periods(&then);
        let criteria = tender::criteria::find(tx, self.tender.id)?;
        let budget = lots.iter().map(|lot| lot.budget).sum::<Option<i64>>().filter(|_| then.budget_shown);
        release.tender = ToldTender {
            title: Some(then.title.clone()),
            description: Some(then.summary.clone()),
            status: Some("active"),
            procuring_entity: Some(Named { id: release.buyer.id.clone(), name: release.buyer.name.clone() }),
            procurement_method: Some(method(then.method).0),
            procurement_method_details: Some(method(then.method).1),
            procurement_method_rationale: then.reason.clone(),
            award_criteria: criteria.is_some().then_some("ratedCriteria"),
            award_criteria_details: criteria.map(|criteria| criteria.line_zh()),
            submission_method: vec!["electronicSubmission"],
            submission_method_details: Some(self.app.config().address(&path)),
            value: budget.map(Value::cny),
            tender_period: Some(tender_period),
            enquiry_period: Some(enquiry_period),
            items: lots.iter().map(|lot| item(&then, lot)).collect(),
            documents: self.documents(tx, None)?,
            lots: lots.into_iter().map(|lot| whole(&then, lot)).collect(),
            ..release.tender
        };
        Ok(release)
    }

    /// 变更公告: what an amendment changed.
    pub fn amended(&self, tx: &mut Tx, amendment: &Amendment) -> Result<Release, Error> {
        let mut release = self.empty(tx, &["tenderAmendment"])?;
        let then = as_of(tx, self.tender, amendment.number)?;
        let touches = |field: Field| amendment.changes.iter().any(|change| change.field == field);
        let (tender_period, enquiry_period) = periods(&then);
        release.tender = ToldTender {
            description: touches(Field::Summary).then(|| then.summary.clone()),
            tender_period: touches(Field::Deadline).then_some(tender_period),
            enquiry_period: touches(Field::QuestionsUntil).then_some(enquiry_period),
            documents: self.documents(tx, Some(amendment.number))?,
            lots: lots_as_of(tx, self.tender, amendment.number)?
                .into_iter()
                .filter(|lot| amendment.changes.iter().any(|change| change.lot == Some(lot.position) && !change.hidden))
                .map(|lot| whole(&then, lot))
                .collect(),
            amendments: vec![Told {
                id: amendment.id.to_string(),
                date: Stamp(amendment.decided_at),
                rationale: amendment.reason.clone(),
                description: described(amendment),
                amends: self.before.clone(),
                release: self.id.clone(),
            }],
            ..release.tender
        };
        Ok(release)
    }

    /// 答疑: a question with its answer; none while it has none.
    pub fn answered(&self, tx: &mut Tx, question: Question) -> Result<Option<Release>, Error> {
        let (Some(answer), Some(answered_at)) = (question.answer, question.answered_at) else { return Ok(None) };
        let mut release = self.empty(tx, &["tenderUpdate"])?;
        release.tender.has_enquiries = Some(true);
        release.tender.enquiries = vec![Enquiry {
            id: question.id.to_string(),
            date: Stamp(question.asked_at),
            description: question.text,
            answer,
            date_answered: Stamp(answered_at),
        }];
        Ok(Some(release))
    }

    /// 流标: the lots that the deadline has ended; none where it ended none.
    pub fn closed(&self, tx: &mut Tx) -> Result<Option<Release>, Error> {
        let lots = tender::store::lots(tx, self.tender.id)?;
        let failed: Vec<_> = lots.iter().filter(|lot| lot.state == LotState::Failed).collect();
        if failed.is_empty() {
            return Ok(None);
        }
        let mut release = self.empty(tx, &["tenderUpdate"])?;
        release.tender.status = lots.iter().all(|lot| lot.state.is_unawarded()).then_some("unsuccessful");
        release.tender.lots = failed.into_iter().map(|lot| only(lot.id, "unsuccessful")).collect();
        Ok(Some(release))
    }

    /// 终止: the lots that their buyer has ended, and why.
    pub fn terminated(&self, tx: &mut Tx, ended: &Termination, happened: &Terminated) -> Result<Release, Error> {
        let tag = if happened.whole { "tenderCancellation" } else { "tenderUpdate" };
        let mut release = self.empty(tx, &[tag])?;
        let lots = tender::store::lots(tx, self.tender.id)?;
        let complete = happened.awarded.then_some("complete");
        release.tender.status = if happened.whole { Some("cancelled") } else { complete };
        let of_it = lots.iter().filter(|lot| ended.lots.contains(&lot.position));
        release.tender.lots = of_it.map(|lot| only(lot.id, "cancelled")).collect();
        let names: Vec<_> = ended.lots.iter().map(|lot| format!("标段{lot}")).collect();
        release.tender.amendments = vec![Told {
            id: ended.id.to_string(),
            date: Stamp(ended.decided_at),
            rationale: ended.reason.clone(),
            description: format!("终止{}", names.join("、")),
            amends: self.before.clone(),
            release: self.id.clone(),
        }];
        Ok(release)
    }

    /// 开标: the bids, where everybody may read the opening record; none otherwise.
    pub fn opened(&self, tx: &mut Tx, bids: Vec<(Id<Lot>, Vec<Opened>)>) -> Result<Option<Release>, Error> {
        if self.tender.method != Method::Open {
            return Ok(None);
        }
        let mut release = self.empty(tx, &["tenderUpdate"])?;
        let (mut parties, mut details) = (Vec::new(), Vec::new());
        for (lot, bid) in bids.into_iter().flat_map(|(lot, bids)| bids.into_iter().map(move |bid| (lot, bid))) {
            let mut bidders = Vec::new();
            for (place, company) in bid.companies().into_iter().enumerate() {
                bidders.push(party::of(tx, company, &unnamed(bid.id, place), &["tenderer"])?);
            }
            details.push(told(lot, &bid, &bidders));
            parties.extend(bidders);
        }
        let tenderers = joined(parties);
        release.tender.number_of_tenderers = Some(tenderers.len());
        release.tender.tenderers = tenderers.iter().map(Party::named).collect();
        release.parties = joined(release.parties.into_iter().chain(tenderers));
        release.bids = (!details.is_empty()).then_some(Bids { details });
        Ok(Some(release))
    }

    /// 中标: the award of a lot; `is_last`: no other lot waits for one.
    pub fn awarded(&self, tx: &mut Tx, award: &Decided, lot: &Lot, is_last: bool) -> Result<Release, Error> {
        let mut release = self.empty(tx, &["award", "tenderUpdate"])?;
        let mut winners = Vec::new();
        for (place, company) in joint::winners(tx, lot.id, award.company)?.into_iter().enumerate() {
            winners.push(party::of(tx, company, &unnamed(award.bid, place), &["tenderer", "supplier"])?);
        }
        release.tender.status = is_last.then_some("complete");
        release.tender.lots = vec![only(lot.id, "complete")];
        if self.tender.readers == Audience::Named {
            // The first that is told of it at all.
            let (code, details) = method(self.tender.method);
            release.tag = vec!["award"];
            release.tender.title = Some(self.tender.title.clone());
            (release.tender.procurement_method, release.tender.procurement_method_details) =
                (Some(code), Some(details));
            release.tender.lots[0].title = Some(lot.title.clone());
        }
        release.awards = vec![Award {
            id: lot.id.to_string(),
            title: lot.title.clone(),
            description: award.reason.clone(),
            status: "active",
            date: Stamp(award.decided_at),
            value: Value::cny(award.amount),
            suppliers: winners.iter().map(Party::named).collect(),
            related_lots: vec![lot.id.to_string()],
            related_bid: (self.tender.method == Method::Open).then(|| award.bid.to_string()),
        }];
        release.parties = joined(release.parties.into_iter().chain(winners));
        Ok(release)
    }

    /// The documents that came with this amendment, or with the publication.
    fn documents(&self, tx: &mut Tx, amendment: Option<i64>) -> Result<Vec<Document>, Error> {
        let all = document::list(tx, self.tender.id)?.into_iter().filter(|one| one.amendment == amendment);
        Ok(all
            .map(|one| Document {
                id: one.id.to_string(),
                document_type: "biddingDocuments",
                title: one.name,
                description: None,
                url: self.app.config().address(&format!("/documents/{}", one.id)),
                date_published: self.at,
            })
            .collect())
    }
}

/// The tender as its amendment of this number left it; 0: as it was published.
fn as_of(tx: &mut Tx, tender: &Tender, number: i64) -> Result<Tender, Error> {
    let mut then = tender.clone();
    // Newest first.
    for later in amendment::store::list(tx, tender.id)?.into_iter().filter(|one| one.number > number) {
        for change in later.changes {
            match (change.field, change.instants(), change.before) {
                (Field::Deadline, Some((before, _)), _) => then.deadline = before,
                (Field::QuestionsUntil, Some((before, _)), _) => then.questions_until = before,
                (Field::AuctionAt, Some((before, _)), _) => then.auction_at = Some(before),
                (Field::Summary, _, Some(before)) => then.summary = before,
                _ => {}
            }
        }
    }
    Ok(then)
}

/// The lots as the amendment of this number left them, as far as others read them; 0: as they were published.
fn lots_as_of(tx: &mut Tx, tender: &Tender, number: i64) -> Result<Vec<Lot>, Error> {
    let mut lots = tender::store::lots(tx, tender.id)?;
    for later in amendment::store::list(tx, tender.id)?.into_iter().filter(|one| one.number > number) {
        for change in later.changes.into_iter().filter(|change| !change.hidden) {
            let Some(lot) = lots.iter_mut().find(|lot| Some(lot.position) == change.lot) else { continue };
            match change.field {
                Field::LotDescription => lot.description = change.before.unwrap_or_default(),
                Field::LotBudget => lot.budget = change.before.and_then(|fen| fen.parse().ok()),
                _ => {}
            }
        }
    }
    Ok(lots)
}

/// The method by the standard's code list, and in our words. Open: every verified provider may take part.
fn method(method: Method) -> (&'static str, &'static str) {
    match method {
        Method::Open => ("open", "公开招标"),
        Method::Invited => ("limited", "邀请招标"),
        Method::Quotation => ("open", "询价"),
        Method::Direct => ("direct", "单一来源"),
        Method::Negotiated => ("open", "竞争性磋商"),
    }
}

/// When bids are taken, and when questions.
fn periods(tender: &Tender) -> (Period, Period) {
    let start_date = tender.published_at.map(Stamp);
    let until = |at| Period { start_date, end_date: Stamp(at) };
    (until(tender.deadline), until(tender.questions_until))
}

fn item(tender: &Tender, lot: &Lot) -> Item {
    let category = category::by_code(&tender.category).unwrap_or_else(category::other);
    Item {
        id: lot.id.to_string(),
        description: lot.title.clone(),
        classification: Classification {
            scheme: CATEGORIES,
            id: category.code.clone(),
            description: category.zh.clone(),
        },
        related_lot: lot.id.to_string(),
    }
}

fn whole(tender: &Tender, lot: Lot) -> ToldLot {
    ToldLot {
        id: lot.id.to_string(),
        title: Some(lot.title),
        description: Some(lot.description).filter(|text| !text.is_empty()),
        status: "active",
        value: lot.budget.filter(|_| tender.budget_shown).map(Value::cny),
    }
}

fn only(lot: Id<Lot>, status: &'static str) -> ToldLot {
    ToldLot { id: lot.to_string(), status, ..ToldLot::default() }
}

/// The id of a sole operator's place in a bid: the bidder's, or that of another member of its consortium.
fn unnamed<T>(bid: Id<T>, place: usize) -> String {
    if place == 0 { format!("bid-{bid}") } else { format!("bid-{bid}-{place}") }
}

pub(super) fn told(lot: Id<Lot>, bid: &Opened, bidders: &[Party]) -> Bid {
    Bid {
        id: bid.id.to_string(),
        date: Stamp(bid.received_at),
        status: if bid.void.is_some() { Some("disqualified") } else { (!bidders.is_empty()).then_some("pending") },
        description: bidders.is_empty().then_some("投标文件无法读取"),
        tenderers: bidders.iter().map(Party::named).collect(),
        value: bid.price.map(Value::cny),
        related_lots: vec![lot.to_string()],
    }
}

fn described(amendment: &Amendment) -> String {
    let class = match amendment.class {
        Class::Dates => "只改时间",
        Class::Editorial => "文字更正",
        Class::Material => "实质变更",
    };
    let fields = amendment.changes.iter().map(|change| match change.field {
        Field::Deadline => "投标截止".to_owned(),
        Field::QuestionsUntil => "提问截止".to_owned(),
        Field::AuctionAt => "竞价开始".to_owned(),
        Field::Summary => "采购内容与要求".to_owned(),
        Field::Document => format!("新增招标文件“{}”", change.after),
        Field::LotDescription => format!("标段{}说明", change.lot.unwrap_or_default()),
        Field::LotBudget => format!("标段{}预算", change.lot.unwrap_or_default()),
        Field::LotCeiling => format!("标段{}最高限价", change.lot.unwrap_or_default()),
    });
    let fields = fields.collect::<Vec<_>>().join("、");
    let lots: Vec<_> = amendment.lots.iter().map(|lot| format!("标段{lot}")).collect();
    let touched = if lots.is_empty() { String::new() } else { format!("；涉及{}", lots.join("、")) };
    format!("第{}次变更，{class}：{fields}{touched}", amendment.number)
}
