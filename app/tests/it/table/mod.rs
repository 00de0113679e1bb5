//! Every route for every actor: `routes.txt` declares what comes of it, this test asks each cell, as a program and as a
//! browser, with valid input about things that are really there.

mod demand;
mod duties;
mod identity;
mod line;
mod operate;
mod qualified;
mod reach;
mod seat;
mod sourcing;
pub mod stage;
mod terms;
mod trust;
mod verification;

use crate::world::Answer;
use line::{Cell, Line};
use stage::{ACTORS, Sent, Stage};
use std::collections::BTreeSet;

/// What stands outside the rooms, and so not in [`app::app::App::table`].
const OUTSIDE: [(&str, &str); 6] = [
    ("GET", "/.well-known/gpc.json"),
    ("GET", "/health"),
    ("GET", "/assets/{file}"),
    ("GET", "/log/checkpoint"),
    ("GET", "/log/key"),
    ("GET", "/log/tile/{*tile}"),
];

#[tokio::test]
async fn every_route_answers_every_actor_as_declared() {
    let mut lines = line::read(include_str!("routes.txt"), &ACTORS);
    let mut stage = Stage::new().await;
    let known: BTreeSet<_> = lines.iter().map(|line| (line.method.to_owned(), line.path.to_owned())).collect();
    let rooms = stage.world.app.table().into_iter().map(|row| (row.method.to_string(), row.path.to_owned()));
    let real: BTreeSet<_> = rooms.chain(OUTSIDE.map(|(method, path)| (method.to_owned(), path.to_owned()))).collect();
    assert_eq!(known.difference(&real).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "routes that are gone");
    assert_eq!(real.difference(&known).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "routes without a line");
    let (mut wrong, mut cells) = (Vec::new(), 0);
    lines.sort_by_key(Line::turn);
    let renderings = crate::long::part([false, true], 2);
    for line in &lines {
        for is_page in &renderings {
            cells += ask(&mut stage, line, *is_page, &mut wrong).await;
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells are not as declared:\n{}", wrong.len(), wrong.join("\n"));
    eprintln!("{cells} cells of route × actor, {} routes", real.len());
}

/// Asks a line's cells in one rendering: first those that change nothing. What was changed is made anew.
async fn ask(stage: &mut Stage, line: &Line, is_page: bool, wrong: &mut Vec<String>) -> usize {
    let changes = |cell: &Cell| line.method == "POST" && cell.status < 300;
    let cells: Vec<_> = ACTORS.iter().copied().zip(&line.cells).collect();
    let (last, first): (Vec<_>, Vec<_>) = cells.iter().partition(|(_, cell)| changes(cell));
    let mut sent: Option<Sent> = None;
    for (actor, cell) in first.iter().chain(&last) {
        let seat = stage.seat(actor, line.ends_sessions()).await;
        let request = match &sent {
            Some(sent) => sent.clone(),
            None => sent.insert(stage.request(line).await).clone(),
        };
        let answer = seat.send(line.method, &request, is_page).await;
        if let Some(fault) = judge(line, cell, (actor, is_page), &answer) {
            let how = if is_page { "browser" } else { "program" };
            wrong.push(format!("{} {} ({}), {actor}, {how}: {fault}", line.method, line.path, line.state));
        }
        if answer.status.as_u16() < 400 && line.method == "POST" {
            stage.spoil();
            sent = None;
        }
    }
    cells.len()
}

/// What is not as declared, if anything.
fn judge(line: &Line, cell: &Cell, (actor, is_page): (&str, bool), answer: &Answer) -> Option<String> {
    let (status, location) = (answer.status.as_u16(), answer.header("location"));
    let expected = match (is_page, cell.status) {
        // A token's secret is shown at once: no second request could show it.
        (true, 201) if ["/company/tokens", "/me/security/authenticator"].contains(&line.path) => 201,
        (true, 201) if ["/company/webhooks", "/company/webhooks/{id}/secret"].contains(&line.path) => 201,
        // A preview keeps nothing that could be asked for again.
        (true, 201) if line.path == "/company/profile/preview" => 201,
        (true, 201) if line.path == "/threads/{id}/sharing/preview" => 201,
        (true, 201) if line.path == "/tenders/{id}/award-contact/preview" => 201,
        (true, 201) if line.path == "/desk/reports/{id}/opening" => 201,
        (true, 201) if line.path == "/desk/risk-grants/{id}/persons" => 201,
        // A copy of one's data is handed over once.
        (true, 201) if line.path == "/me/export/{id}/download" => 201,
        // Nor may a second one show what a case opened without a record of its own.
        (true, 201) if line.path == "/desk/exceptions/{id}/openings" => 201,
        // The link of an invitation is shown once, too.
        (true, 201) if line.path == "/desk/operators" => 201,
        (true, 201) => 303,
        (true, 401) if line.method == "GET" => 303,
        (_, status) => status,
    };
    if status != expected {
        let start: String = answer.text.chars().take(200).collect();
        return Some(format!("{status}, declared {expected} {}: {start}", cell.code));
    }
    if !is_page && status >= 400 && answer.code() != cell.code {
        return Some(format!("{}, declared {}", answer.code(), cell.code));
    }
    // A guest has nothing to sign in with, and is led back to the page of the visit.
    let back = if actor == "guest" { "/privacy/door/visit" } else { "/session/new?next=%2F" };
    if cell.status == 401 && status == 303 && !location.starts_with(back) {
        return Some(format!("leads to {location} instead of {back}"));
    }
    // A refused form comes back as the form, with what is wrong beside each field.
    if is_page
        && status >= 400
        && status != 422
        && !answer.text.contains(&format!("<code>{status} {}</code>", cell.code))
    {
        return Some(format!("the page does not say {}", cell.code));
    }
    if line.state != "outside" && answer.header("content-security-policy").is_empty() {
        return Some("not hardened".to_owned());
    }
    None
}
