//! Every route that needs a duty, for colleagues who have one only: `duties.txt` declares who is let in.

use crate::colleague::colleague;
use crate::sourcing::id;
use crate::world::{Browser, World};
use app::web::Who;
use reqwest::Method;
use reqwest::header::ACCEPT;
use std::collections::BTreeSet;

/// The columns, with the duty of each.
const COLLEAGUES: [(&str, &str); 7] = [
    ("viewer", "viewer"),
    ("finance", "finance"),
    ("contact", "personal-information"),
    ("bidder", "bidder"),
    ("manager", "project-manager"),
    ("buyer", "buyer"),
    ("owner", "owner"),
];

/// What whoever is in a company may do for themselves, reading or not.
const OWN_ACTS: [&str; 9] = [
    "/company/leaving",
    "/company/ownership/{id}/acceptance",
    "/company/ownership/{id}/refusal",
    "/company/substitutions",
    "/company/substitutions/{id}/acceptance",
    "/company/substitutions/{id}/refusal",
    "/company/substitutions/{id}/ending",
    "/me/digest",
    "/me/subscription",
];

type Line = (&'static str, &'static str, Vec<&'static str>);

fn lines() -> Vec<Line> {
    let text = include_str!("duties.txt").lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let mut lines = text.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let head = lines.next().expect("a head");
    assert_eq!(head[2..], COLLEAGUES.map(|(name, _)| name));
    lines.map(|words| (words[0], words[1], words[2..].to_vec())).collect()
}

fn needs_a_duty(who: Who) -> bool {
    use Who::{Agent, Bidder, Correspondent, DataContact, Owner, Preparer, Presenter, Purchaser};
    matches!(who, Agent | Bidder | Correspondent | DataContact | Owner | Preparer | Presenter | Purchaser)
}

#[tokio::test]
async fn every_route_that_needs_a_duty_lets_in_who_has_it_and_nobody_else() {
    let world = World::new().await;
    let first = world.member("both").await;
    let lines = lines();
    let declared: BTreeSet<_> = lines.iter().map(|(method, path, _)| (method.to_string(), *path)).collect();
    let table = world.app.table();
    let real: BTreeSet<_> =
        table.iter().filter(|row| needs_a_duty(row.who)).map(|row| (row.method.to_string(), row.path)).collect();
    assert_eq!(declared, real, "lines of duties.txt, and routes that need a duty");
    let undutied = table.iter().filter(|row| matches!(row.who, Who::Member | Who::Buyer | Who::Provider));
    let acts: Vec<_> = undutied.filter(|row| row.method == Method::POST).map(|row| row.path).collect();
    assert_eq!(acts, OWN_ACTS, "an act for a company that a viewer could do");
    for (column, (name, duty)) in COLLEAGUES.iter().enumerate() {
        let one = colleague(&world, &first, &[duty]).await;
        for (method, path, cells) in &lines {
            let told = ask(&one, method, path).await;
            let refused = told.strip_prefix("403 ").filter(|code| code.starts_with("duty-"));
            assert_eq!(refused.unwrap_or("yes"), cells[column], "{method} {path} for {name}: {told}");
        }
    }
}

/// Status and code. Nothing of what is asked about is there, so that no act is done.
async fn ask(one: &Browser, method: &str, path: &str) -> String {
    let path = path.replace("{id}", &id()).replace("{purpose}", "nothing");
    let token = one.token().await;
    let request = one.request(method.parse().expect("a method"), &path).header(ACCEPT, "application/json");
    let request = match method {
        "GET" => request,
        "POST" => request.header("x-csrf-token", token).json(&serde_json::json!({})),
        _ => request.header("x-csrf-token", token),
    };
    let answer = one.send(request).await;
    if answer.status.is_success() {
        answer.status.as_u16().to_string()
    } else {
        format!("{} {}", answer.status.as_u16(), answer.code())
    }
}
