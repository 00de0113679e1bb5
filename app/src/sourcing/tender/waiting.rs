//! What waits for a buyer: drafts to finish, questions to answer, lots to award.

use super::lot::State as LotState;
use super::store;
use super::tender::{State, Tender};
use crate::app::App;
use crate::web::{Actor, Buyer, Task};
use kit::db::{self, Tx};
use kit::values;

pub(super) fn list(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(buyer) = Buyer::of(actor) else { return Ok(Vec::new()) };
    let mut tasks = Vec::new();
    for tender in store::list_own(tx, &buyer)? {
        match tender.state {
            State::Draft => tasks.push(task(&tender, "tender-waiting-draft", "draft", "edit")),
            State::Published if has_questions(tx, &tender)? => {
                let mut asked = task(&tender, "tender-waiting-questions", "", "question");
                asked.path.push_str("#questions");
                asked.due = Some(tender.deadline);
                tasks.push(asked);
            }
            State::Evaluation if store::lots(tx, tender.id)?.iter().any(|lot| lot.state == LotState::Evaluation) => {
                tasks.push(task(&tender, "tender-waiting-award", "", "award"));
            }
            _ => {}
        }
    }
    Ok(tasks)
}

fn task(tender: &Tender, what: &'static str, page: &str, glyph: &'static str) -> Task {
    let path = format!("/tenders/{}/{page}", tender.id);
    let args = vec![("title", tender.title.clone().into())];
    Task { what, args, path: path.trim_end_matches('/').to_owned(), due: None, glyph }
}

fn has_questions(tx: &mut Tx, tender: &Tender) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM question WHERE tender = $1 AND answer IS NULL LIMIT 1";
    Ok(tx.first(sql, values![tender.id], |row| row.next::<i64>())?.is_some())
}
