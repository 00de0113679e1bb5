//! Demands on the desk. For their company: drafts to finish, questions to answer. For a provider: invitations that it has not answered.

use super::demand::{Demand, State};
use super::{interest, list, question, store};
use crate::app::App;
use crate::web::{Actor, Buyer, News, Provider, Task, Who};
use kit::db::{self, Tx};

pub(super) fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let mut tasks = Vec::new();
    if let Some(buyer) = Buyer::of(actor)
        && Who::Preparer.admits(actor).is_ok()
    {
        for demand in store::list_own(tx, &buyer)? {
            match demand.state {
                State::Draft => {
                    tasks.push(task(&demand, "demand-waiting-draft", "/draft", "edit", "demand-waiting-draft-act"));
                }
                State::Published if question::waits(tx, demand.id)? => {
                    let what = ("demand-waiting-questions", "demand-waiting-questions-act");
                    tasks.push(task(&demand, what.0, "#questions", "question", what.1));
                }
                _ => {}
            }
        }
    }
    if let Some(provider) = Provider::of(actor)
        && Who::Bidder.admits(actor).is_ok()
    {
        for demand in list::inviting(tx, &provider)? {
            if demand.state == State::Published && !interest::is_answered(tx, provider.company, demand.id)? {
                tasks.push(task(&demand, "demand-waiting-invited", "", "mail", "demand-waiting-invited-act"));
            }
        }
    }
    Ok(tasks)
}

fn task(demand: &Demand, what: &'static str, place: &str, glyph: &'static str, act: &'static str) -> Task {
    let args = vec![("title", demand.content.title.clone().into())];
    Task { what, args, path: format!("/demands/{}{place}", demand.id), due: None, glyph, act }
}

pub(super) fn news(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<News>, db::Error> {
    if Provider::of(actor).is_none() {
        return Ok(Vec::new());
    }
    let own = actor.member().map(|member| member.company);
    let open = list::public(tx, &super::filter::Filter::default(), None)?.into_iter().filter(|one| !one.is_of(own));
    let new = |demand: Demand| {
        let path = format!("/demands/{}", demand.id);
        Some(News { at: demand.published_at?, what: "demand-news-published", about: demand.content.title, path })
    };
    Ok(open.take(10).filter_map(new).collect())
}
