//! Notices of qualified lists: the call, its deadline when it moves on, its result, its end. Who is on a pool is told; of a pre-qualification neither who nor how many.

use super::row::{Notice, Origin};
use super::source::{Kind, Moment, Precision, category};
use super::store::publish;
use crate::app::App;
use crate::reach::region;
use crate::sourcing::qualified::event::{Concluded, Ended, Extended, Failed, Published};
use crate::sourcing::qualified::rule::MINIMUM;
use crate::sourcing::qualified::{QualifiedList, members, store};
use crate::web::Error;
use jiff::Timestamp;
use kit::db::Tx;
use kit::event::{Event, Fact};
use kit::id::Id;

/// The events that it follows.
pub const KINDS: &[&str] = &[Published::KIND, Extended::KIND, Concluded::KIND, Failed::KIND, Ended::KIND];

/// Publishes what an event asks for. Part of this unit.
///
/// # Errors
/// [`Error`] of the database.
pub fn follow(tx: &mut Tx, app: &App, event: &Event) -> Result<(), Error> {
    let notice = match event.kind.as_str() {
        Published::KIND => call(tx, app, event, event.read::<Published>()?.list)?,
        Extended::KIND => extended(tx, app, event, event.read::<Extended>()?.list)?,
        Concluded::KIND => result(tx, app, event, event.read::<Concluded>()?.list)?,
        Failed::KIND => {
            let list = store::load(tx, event.read::<Failed>()?.list)?;
            let said = format!("提交申请的或者合格的少于{MINIMUM}家，本次征集失败，应当重新征集。");
            of(tx, event, &list, (Kind::Result, "征集失败公告"), said)
        }
        _ => {
            let list = store::load(tx, event.read::<Ended>()?.list)?;
            let said = match &list.reason {
                Some(reason) => format!("本次征集或名单终止。原因：{reason}"),
                None => "期限届满，名单结束。".to_owned(),
            };
            of(tx, event, &list, (Kind::Result, "终止公告"), said)
        }
    };
    Ok(publish(tx, &notice)?)
}

fn call(tx: &mut Tx, app: &App, event: &Event, id: Id<QualifiedList>) -> Result<Notice, Error> {
    let list = store::load(tx, id)?;
    let content = &list.content;
    let until = match content.applications_until {
        Some(until) => format!("申请截止：{}。", told(app, until)),
        None => format!("自发布起{}天内随时接受申请。", content.valid_days),
    };
    let rule = match content.most {
        Some(most) => format!("满足全部要求的按得分排序，最多{most}家，与最后一名同分的都入围。"),
        None => "满足全部要求的都在名单上。".to_owned(),
    };
    let said = [content.summary.clone(), until, rule].join("\n");
    let mut notice = of(tx, event, &list, (Kind::Tender, content.kind.notice_zh()), said);
    let numbered = (1..).zip(&content.requirements).map(|(number, text): (usize, _)| format!("{number}. {text}"));
    notice.qualification = Some(numbered.collect::<Vec<_>>().join("\n"));
    notice.deadline = content.applications_until.map(|at| Moment { at, precision: Precision::Time, range: false });
    Ok(notice)
}

/// An answer that may affect applications has moved their deadline on.
fn extended(tx: &mut Tx, app: &App, event: &Event, id: Id<QualifiedList>) -> Result<Notice, Error> {
    let list = store::load(tx, id)?;
    let until = list.content.applications_until;
    let told = until.map(|until| told(app, until)).unwrap_or_default();
    let said = format!("答复可能影响申请，申请截止时间随答复延后到{told}。");
    let mut notice = of(tx, event, &list, (Kind::Amendment, "变更公告"), said);
    notice.deadline = until.map(|at| Moment { at, precision: Precision::Time, range: false });
    Ok(notice)
}

fn result(tx: &mut Tx, app: &App, event: &Event, id: Id<QualifiedList>) -> Result<Notice, Error> {
    let list = store::load(tx, id)?;
    let valid = list.valid_until.map(|at| format!("有效期至{}。", told(app, at))).unwrap_or_default();
    let said = if list.content.kind.is_pool() {
        let names: Vec<_> = members(tx, id)?.into_iter().map(|one| one.name).collect();
        format!("入围：{}。\n{valid}", names.join("；"))
    } else {
        format!("资格预审已经结束，结果已分别通知申请人。{valid}")
    };
    let word = if list.content.kind.is_pool() { "入围结果公告" } else { "资格预审结束公告" };
    Ok(of(tx, event, &list, (Kind::Result, word), said))
}

fn told(app: &App, at: Timestamp) -> String {
    at.to_zoned_datetime(app.zone()).strftime("%Y年%-m月%-d日 %H:%M").to_string()
}

fn of(tx: &mut Tx, event: &Event, list: &QualifiedList, (kind, word): (Kind, &str), said: String) -> Notice {
    let origin = Origin::List { company: *list.company.as_bytes(), list: *list.id.as_bytes() };
    let title = format!("{}{word}", list.content.title);
    Notice {
        buyer: Some(list.company_name.clone()),
        region: region::by_code(&list.content.region),
        category: category::by_code(&list.content.category).unwrap_or_else(category::other),
        content: Some(said),
        ..Notice::own(tx.id(), kind, word, &title, event.at, origin)
    }
}
