//! Qualified lists on the desk of their company: drafts to finish, applications to review, objections to answer.

use super::list::QualifiedList;
use super::rule::State;
use super::{appeal, objection, question, store};
use crate::app::App;
use crate::web::{Actor, Buyer, News, OperatorDuty, Provider, Task, Who};
use kit::db::{self, Tx};

pub(super) fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    if actor.holds(OperatorDuty::Risk) {
        return appeals(tx);
    }
    let mut tasks = Vec::new();
    let Some(buyer) = Buyer::of(actor).filter(|_| Who::Preparer.admits(actor).is_ok()) else { return Ok(tasks) };
    let decides = Who::Purchaser.admits(actor).is_ok();
    let objected = if decides { objection::waiting(tx, buyer.company)? } else { Vec::new() };
    for list in store::list_own(tx, &buyer)? {
        if list.state == State::Draft {
            tasks.push(task(&list, "qualified-waiting-draft", "/draft", "edit", "qualified-waiting-draft-act"));
        } else if decides && list.is_in_review(tx.now()) {
            tasks.push(task(
                &list,
                "qualified-waiting-review",
                "/applications",
                "half",
                "qualified-waiting-review-act",
            ));
        } else if objected.contains(&list.id) {
            tasks.push(task(
                &list,
                "qualified-waiting-objection",
                "/applications",
                "warn",
                "qualified-waiting-objection-act",
            ));
        }
        if list.takes_applications(tx.now()) && question::waits(tx, list.id)? {
            let what = ("qualified-waiting-questions", "qualified-waiting-questions-act");
            let mut asked = task(&list, what.0, "#questions", "question", what.1);
            asked.due = list.content.applications_until;
            tasks.push(asked);
        }
    }
    Ok(tasks)
}

/// What waits for the operator's duty that decides on appeals.
fn appeals(tx: &mut Tx) -> Result<Vec<Task>, db::Error> {
    let (waiting, due) = appeal::waiting(tx)?;
    let (what, act) = ("qualified-waiting-appeals", "qualified-waiting-appeals-act");
    let task =
        Task { what, args: vec![("n", waiting.into())], path: appeal::PLACE.to_owned(), due, glyph: "warn", act };
    Ok((waiting > 0).then_some(task).into_iter().collect())
}

fn task(list: &QualifiedList, what: &'static str, place: &str, glyph: &'static str, act: &'static str) -> Task {
    let args = vec![("title", list.content.title.clone().into())];
    Task { what, args, path: format!("/qualified-lists/{}{place}", list.id), due: None, glyph, act }
}

pub(super) fn news(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<News>, db::Error> {
    if Provider::of(actor).is_none() {
        return Ok(Vec::new());
    }
    let (own, now) = (actor.member().map(|member| member.company), tx.now());
    let open = store::list_public(tx, None)?.into_iter().filter(|one| !one.is_of(own) && one.takes_applications(now));
    let new = |list: QualifiedList| {
        let path = format!("/qualified-lists/{}", list.id);
        Some(News { at: list.published_at?, what: "qualified-news-published", about: list.content.title, path })
    };
    Ok(open.take(10).filter_map(new).collect())
}
