//! Invitations on the desk of who is invited: the one place where they are told of before the opening.

use crate::app::App;
use crate::sourcing::bid::joint::{self, Standing};
use crate::sourcing::tender::{Tender, named};
use crate::web::{Actor, Provider, Task, Who};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

pub(super) fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(provider) = Provider::of(actor).filter(|_| Who::Bidder.admits(actor).is_ok()) else {
        return Ok(Vec::new());
    };
    let now = tx.now();
    // An invited tender reaches nobody whom it does not name, whoever asks them to join.
    let sql = format!(
        "SELECT t.id FROM tender t WHERE t.consortium_most > 0 AND t.deadline > $1 AND t.state = 'published' AND {} \
         ORDER BY t.deadline, t.id LIMIT 200",
        named::read(2)
    );
    let open: Vec<Id<Tender>> = tx.all(&sql, values![now, provider.company], |row| row.next())?;
    let mut tasks = Vec::new();
    for mine in joint::consortia(tx, app, provider.company, &open)? {
        if mine.standing != Standing::Invited {
            continue;
        }
        let sql = "SELECT t.title, t.deadline FROM consortium c JOIN tender t ON t.id = c.tender JOIN lot l ON l.id = c.lot \
             WHERE c.id = $1 AND c.dissolved_at IS NULL AND l.state = 'open'";
        let found = tx.first(sql, values![mine.id], |row| Ok((row.next::<String>()?, row.next::<Timestamp>()?)))?;
        tasks.extend(found.map(|(title, deadline)| Task {
            what: "consortium-waiting",
            args: vec![("title", title.into())],
            path: format!("/consortia/{}", mine.id),
            due: Some(deadline),
            glyph: "warn",
            act: "consortium-waiting-act",
        }));
    }
    Ok(tasks)
}
