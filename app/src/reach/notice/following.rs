//! Notices of our own tenders follow from what happens to these, each in the unit that moves the follower's cursor.

use super::qualified;
use super::row::{Notice, Origin};
use super::source::{Budget, Kind, Moment, Precision, Tax, category};
use super::store::publish;
use crate::app::App;
use crate::reach::region;
use crate::sourcing::amendment::event::Amended;
use crate::sourcing::amendment::rule::{Change, Field};
use crate::sourcing::amendment::{self, Amendment};
use crate::sourcing::award::{self, Award};
use crate::sourcing::candidates::event::{Ended, Published as Candidates};
use crate::sourcing::candidates::{self, Publication};
use crate::sourcing::circle::Audience;
use crate::sourcing::clarification::{self, Answered};
use crate::sourcing::evaluation::rule::shown;
use crate::sourcing::guests::{self, Invited};
use crate::sourcing::profile::Method;
use crate::sourcing::tender::criteria::{self, Criteria};
use crate::sourcing::tender::event::{Awarded, Failed, Published};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Tender, named};
use crate::sourcing::termination;
use crate::sourcing::termination::event::Terminated;
use crate::web::Error;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::Tx;
use kit::event::{Event, Fact};
use kit::follower;
use kit::id::Id;
use kit::money;
use policy::Control;
use std::collections::HashSet;

/// Publishes what the next events ask for.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        let program = app.clone();
        follower::step(app.db(), "notice-tenders", move |tx, event| follow(tx, &program, event)).await
    })
}

fn follow(tx: &mut Tx, app: &App, event: &Event) -> Result<(), Error> {
    match event.kind.as_str() {
        Published::KIND => invite(tx, app, event, event.read::<Published>()?.tender),
        Answered::KIND => clarify(tx, event, &event.read()?),
        Amended::KIND => amend(tx, app, event, &event.read()?),
        Candidates::KIND => propose(tx, app, event, &event.read()?),
        Ended::KIND => retract(tx, event, &event.read()?),
        Terminated::KIND => terminate(tx, event, &event.read()?),
        Awarded::KIND => conclude(tx, event, event.read::<Awarded>()?.tender),
        Failed::KIND => fail(tx, event, event.read::<Failed>()?.tender),
        kind if qualified::KINDS.contains(&kind) => qualified::follow(tx, app, event),
        _ => Ok(()),
    }
}

/// A notice is public: of a tender that only whom it names reads there is none but that of its result.
fn tell(tx: &mut Tx, tender: &Tender, notice: &Notice) -> Result<(), Error> {
    if tender.readers == Audience::Named && policy::holds(Control::InvitedAlone) {
        Ok(())
    } else {
        Ok(publish(tx, notice)?)
    }
}

fn invite(tx: &mut Tx, app: &App, event: &Event, id: Id<Tender>) -> Result<(), Error> {
    let tender = tender::store::load(tx, id)?;
    let lots = tender::store::lots(tx, id)?;
    let word = match tender.method {
        Method::Open => "招标公告",
        Method::Invited => "邀请招标公告",
        Method::Quotation => "询价公告",
        Method::Direct => "单一来源公示",
        Method::Negotiated => "竞争性磋商公告",
    };
    let mut notice = of(tx, event, &tender, Kind::Tender, word);
    let criteria = criteria::find(tx, id)?;
    let named = named::ids(tx, id)?;
    let named = guests::of(tx, &named)?;
    let auction = tender::auction::find(tx, id)?.zip(tender.auction_at);
    let auction = auction.map(|(terms, at)| format!("竞价：{}开始，{}。", told(app, at), terms.line_zh()));
    notice.content = Some(invitation(&tender, &lots, (criteria.as_ref(), &named), auction));
    notice.deadline = Some(Moment { at: tender.deadline, precision: Precision::Time, range: false });
    notice.budget = lots.iter().map(|lot| lot.budget).sum::<Option<i64>>().filter(|_| tender.budget_shown).map(cny);
    tell(tx, &tender, &notice)
}

/// The deadline is the new one where it was moved; whoever looks for tenders that still take bids finds it there.
fn amend(tx: &mut Tx, app: &App, event: &Event, of_event: &Amended) -> Result<(), Error> {
    let tender = tender::store::load(tx, of_event.tender)?;
    let Some(amendment) = amendment::store::find(tx, of_event.amendment)? else { return Ok(()) };
    let mut notice = of(tx, event, &tender, Kind::Amendment, "变更公告");
    notice.content = Some(amended(app, &amendment));
    let deadline = amendment.changes.iter().find(|change| change.field == Field::Deadline).and_then(Change::instants);
    notice.deadline = deadline.map(|(_, at)| Moment { at, precision: Precision::Time, range: false });
    tell(tx, &tender, &notice)
}

/// An answer goes to all at once; who asked is told to nobody.
fn clarify(tx: &mut Tx, event: &Event, of_event: &Answered) -> Result<(), Error> {
    let tender = tender::store::load(tx, of_event.tender)?;
    let Some(question) = clarification::find(tx, of_event.question)? else { return Ok(()) };
    let Some(answer) = question.answer else { return Ok(()) };
    let mut notice = of(tx, event, &tender, Kind::Amendment, "澄清公告");
    notice.content = Some(format!("问：{}\n答：{answer}", question.text));
    tell(tx, &tender, &notice)
}

fn conclude(tx: &mut Tx, event: &Event, id: Id<Tender>) -> Result<(), Error> {
    let tender = tender::store::load(tx, id)?;
    let (lots, awards) = (tender::store::lots(tx, id)?, award::list(tx, id)?);
    let mut notice = of(tx, event, &tender, Kind::Result, "中标公告");
    let mut named = HashSet::new();
    let winners = awards.iter().map(|award| award.company_name.as_str()).filter(|name| named.insert(*name));
    let winners: Vec<_> = winners.collect();
    notice.winner = Some(winners.join("；"));
    notice.award = Some(awards.iter().map(|award| award.amount).sum());
    let is_negotiated = tender.method == Method::Negotiated;
    let results: Vec<_> = lots.iter().map(|lot| result(lot, &awards, is_negotiated)).collect();
    notice.content = Some(results.join("\n"));
    Ok(publish(tx, &notice)?)
}

/// Who the candidates of a lot are, and until when one can object (招标投标法实施条例 art. 54).
fn propose(tx: &mut Tx, app: &App, event: &Event, of_event: &Candidates) -> Result<(), Error> {
    let tender = tender::store::load(tx, of_event.tender)?;
    let Some(publication) = candidates::find(tx, of_event.publication)? else { return Ok(()) };
    let mut notice = of(tx, event, &tender, Kind::Result, "中标候选人公示");
    notice.content = Some(proposal(app, &lot_named(tx, &publication)?, &publication));
    tell(tx, &tender, &notice)
}

/// A publication stands no more.
fn retract(tx: &mut Tx, event: &Event, of_event: &Ended) -> Result<(), Error> {
    let tender = tender::store::load(tx, of_event.tender)?;
    let Some(publication) = candidates::find(tx, of_event.publication)? else { return Ok(()) };
    let mut notice = of(tx, event, &tender, Kind::Result, "中标候选人公示撤销公告");
    let why = publication.ended_reason.as_ref().map(|reason| format!("招标人撤回公示。原因：{reason}"));
    let why = why.unwrap_or_else(|| "平台申诉成立，公示失效。".to_owned());
    let name = lot_named(tx, &publication)?;
    notice.content = Some(format!("{name}：{why}\n重新公示之前不定标。"));
    tell(tx, &tender, &notice)
}

fn lot_named(tx: &mut Tx, publication: &Publication) -> Result<String, Error> {
    let lots = tender::store::lots(tx, publication.tender)?;
    let lot = lots.iter().find(|lot| lot.id == publication.lot);
    Ok(lot.map_or_else(String::new, |lot| format!("标段{} {}", lot.position, lot.title)))
}

/// Why its buyer ended it, or which of its lots (招标投标法实施条例 art. 31: without delay, by a notice).
fn terminate(tx: &mut Tx, event: &Event, of_event: &Terminated) -> Result<(), Error> {
    let tender = tender::store::load(tx, of_event.tender)?;
    let Some(ended) = termination::store::find(tx, of_event.termination)? else { return Ok(()) };
    let mut notice = of(tx, event, &tender, Kind::Result, "终止公告");
    let lots: Vec<_> = ended.lots.iter().map(|lot| format!("标段{lot}")).collect();
    let goes_on = if of_event.whole { "本项目终止。" } else { "其他标段照常进行。" };
    notice.content = Some(format!(
        "终止{}。原因：{}\n{goes_on}没有开标的投标不再打开，密封的投标文件已销毁。",
        lots.join("、"),
        ended.reason
    ));
    tell(tx, &tender, &notice)
}

fn fail(tx: &mut Tx, event: &Event, id: Id<Tender>) -> Result<(), Error> {
    let tender = tender::store::load(tx, id)?;
    let mut notice = of(tx, event, &tender, Kind::Result, "流标公告");
    let least = tender.method.profile().minimum_bids;
    let lots = tender::store::lots(tx, id)?;
    notice.content = Some(if lots.iter().any(|lot| lot.state == LotState::Terminated) {
        let is_negotiated = tender.method == Method::Negotiated;
        lots.iter().map(|lot| result(lot, &[], is_negotiated)).collect::<Vec<_>>().join("\n")
    } else if tender.opened_at.is_some() {
        "各标段提交最后报价的供应商均少于规定家数，本项目流标，最后报价未打开。".to_owned()
    } else {
        format!("至投标截止时间，各标段投标人均少于{least}家，本项目流标，未开标。")
    });
    tell(tx, &tender, &notice)
}

/// What all notices of a tender have in common. They tell the buyer's words and codes; nothing of bids that was not
/// opened.
fn of(tx: &mut Tx, event: &Event, tender: &Tender, kind: Kind, word: &str) -> Notice {
    let origin = Origin::Own { company: *tender.company.as_bytes(), tender: *tender.id.as_bytes() };
    let title = format!("{}{word}", tender.title);
    Notice {
        buyer: Some(tender.company_name.clone()),
        project_no: Some(tender.number.clone()),
        region: region::by_code(&tender.region),
        category: category::by_code(&tender.category).unwrap_or_else(category::other),
        ..Notice::own(tx.id(), kind, word, &title, event.at, origin)
    }
}

fn invitation(
    tender: &Tender,
    lots: &[Lot],
    (criteria, named): (Option<&Criteria>, &[Invited]),
    auction: Option<String>,
) -> String {
    let lots = lots.iter().map(|lot| {
        let description = if lot.description.is_empty() { String::new() } else { format!("：{}", lot.description) };
        let ceiling = lot.ceiling.filter(|_| lot.ceiling_shown);
        let ceiling = ceiling.map(|fen| format!("（最高限价{}元）", money::plain(fen))).unwrap_or_default();
        format!("标段{} {}{description}{ceiling}", lot.position, lot.title)
    });
    let days = tender.terms.validity_days.map(|days| format!("投标有效期：自投标截止起{days}日。"));
    let tie = format!("并列时：{}。", tender.terms.tie.said_zh());
    let consortia = tender.terms.consortia_zh();
    let evaluated = criteria.map(|criteria| format!("评标办法：{}。", criteria.line_zh()));
    let one = named.iter().map(|one| format!("拟采购的服务商：{}", one.name));
    let why = tender
        .reason
        .iter()
        .map(|reason| format!("只向其采购的理由：{reason}\n有异议的，请在提问截止之前在招标页提出。"));
    std::iter::once(tender.summary.clone())
        .chain(lots)
        .chain(evaluated)
        .chain(auction)
        .chain(days)
        .chain([tie, consortia])
        .chain(one)
        .chain(why)
        .collect::<Vec<_>>()
        .join("\n")
}

/// An instant as a notice writes it.
fn told(app: &App, at: Timestamp) -> String {
    at.to_zoned_datetime(app.zone()).strftime("%Y年%-m月%-d日 %H:%M").to_string()
}

fn amended(app: &App, amendment: &Amendment) -> String {
    let head = format!("第{}次变更。原因：{}", amendment.number, amendment.reason);
    let told = |at: Timestamp| told(app, at);
    let changes = amendment.changes.iter().map(|change| match (change.field, change.instants()) {
        (Field::Deadline, Some((before, after))) => format!("投标截止：原{}，现{}", told(before), told(after)),
        (Field::AuctionAt, Some((before, after))) => format!("竞价开始：原{}，现{}", told(before), told(after)),
        (_, Some((before, after))) => format!("提问截止：原{}，现{}", told(before), told(after)),
        (Field::Document, None) => format!("新增招标文件：{}", change.after),
        (Field::LotDescription | Field::LotBudget | Field::LotCeiling, None) => of_lot(change),
        (_, None) => format!("采购内容与要求改为：\n{}", change.after),
    });
    let lots: Vec<_> = amendment.lots.iter().map(|lot| format!("标段{lot}")).collect();
    let touched =
        (!lots.is_empty()).then(|| format!("涉及{}：已提交的投标须在截止前确认或替换，否则失效。", lots.join("、")));
    std::iter::once(head).chain(changes).chain(touched).collect::<Vec<_>>().join("\n")
}

/// What an amendment changes of a lot; of a budget or ceiling that is not shown, only that it does.
fn of_lot(change: &Change) -> String {
    let what = match change.field {
        Field::LotBudget => "预算",
        Field::LotCeiling => "最高限价",
        _ => "说明",
    };
    let name = format!("标段{}{what}", change.lot.unwrap_or_default());
    match change.money() {
        Some((_, fen)) => format!("{name}：现{}元", money::plain(fen)),
        None if change.hidden => format!("{name}有调整，不公开"),
        None => format!("{name}改为：\n{}", change.after),
    }
}

fn proposal(app: &App, lot: &str, publication: &Publication) -> String {
    let zone = app.zone();
    let told = |at: Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%Y年%-m月%-d日 %H:%M").to_string();
    let candidates = publication.candidates.iter().map(|one| {
        let points = [one.total, one.price_points, one.technical].map(shown);
        format!(
            "第{}名：{}，报价{}元，综合得分{}（价格分{}，技术分{}）",
            one.rank,
            one.company_name,
            money::plain(one.price),
            points[0],
            points[1],
            points[2]
        )
    });
    let until = format!(
        "理由：按评标报告的综合得分排序。公示至{}，投标人对候选人有异议的，请在此之前登录提出；期满之前不定标。",
        told(publication.until)
    );
    let late = publication.lateness.as_ref().map(|why| format!("晚于规定期限公示的原因：{why}"));
    std::iter::once(lot.to_owned()).chain(candidates).chain([until]).chain(late).collect::<Vec<_>>().join("\n")
}

fn result(lot: &Lot, awards: &[Award], is_negotiated: bool) -> String {
    let name = format!("标段{} {}", lot.position, lot.title);
    match awards.iter().find(|award| award.lot == lot.id) {
        Some(award) => format!(
            "{name}：中标人{}，中标金额{}元。理由：{}{}",
            award.company_name,
            money::plain(award.amount),
            award.reason,
            award.departure.as_ref().map(|why| format!("；不选评标排名第一的理由：{why}")).unwrap_or_default()
        ),
        None if lot.state == LotState::Failed && is_negotiated => format!("{name}：响应或最后报价不足，流标。"),
        None if lot.state == LotState::Failed => format!("{name}：投标人不足，流标，未开标。"),
        None if lot.state == LotState::Terminated => format!("{name}：已终止。"),
        None => name,
    }
}

fn cny(minor: i64) -> Budget {
    Budget { minor, currency: "CNY", tax: Tax::Included, range: false }
}
