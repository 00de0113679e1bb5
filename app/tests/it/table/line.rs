//! The table as it is written.

use app::web::OperatorDuty;

/// A route, the state of what it names, and what each actor gets.
pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub state: &'static str,
    pub cells: Vec<Cell>,
}

/// What one actor gets.
pub struct Cell {
    pub status: u16,
    /// The problem's code; empty when there is none.
    pub code: &'static str,
}

impl Line {
    /// When it is asked: what changes who an actor is comes after the others, what ends login sessions comes last.
    pub fn turn(&self) -> u8 {
        match (self.method, self.path) {
            ("POST", "/company/application") => 1,
            ("POST", "/privacy/door/visits" | "/privacy/door/visit/erasure" | "/privacy/door/visit/end") => 2,
            (
                "POST",
                "/session"
                | "/session/end"
                | "/me/other-sessions/end"
                | "/me/step-up"
                | "/me/password"
                | "/registrations/{id}/confirmation",
            ) => 2,
            // Last: nobody who has reported a leak can sign in again.
            ("POST", "/me/leak") => 3,
            _ => 0,
        }
    }

    /// Whether each request needs a login session of its own.
    pub fn ends_sessions(&self) -> bool {
        self.turn() >= 2
    }
}

/// The lines; the head must name these actors.
pub fn read(text: &'static str, actors: &[&str]) -> Vec<Line> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let head = lines.next().expect("a head").split_whitespace().skip(3);
    assert_eq!(head.chain(["guest", "auditor"]).collect::<Vec<_>>(), actors, "the actors of the table");
    lines.map(|line| one(line, actors.len())).collect()
}

fn one(line: &'static str, actors: usize) -> Line {
    let mut words = line.split_whitespace();
    let mut word = || words.next().unwrap_or_else(|| panic!("too short: {line}"));
    let (method, path, state) = (word(), word(), word());
    let (named, own): (Vec<_>, Vec<_>) =
        words.partition(|word| word.starts_with("guest=") || word.starts_with("auditor="));
    let named = |actor: &str| named.iter().find_map(|word| word.strip_prefix(actor)?.strip_prefix('='));
    let guest = named("guest").or(own.first().copied());
    let auditor = named("auditor").or_else(|| without_duty(method, path)).or(own.get(OPERATOR).copied());
    let cells: Vec<_> = own.iter().copied().chain(guest).chain(auditor).map(cell).collect();
    assert_eq!(cells.len(), actors, "cells of {line}");
    Line { method, path, state, cells }
}

/// The operator's column.
const OPERATOR: usize = 8;

/// What an auditor gets on a route of another duty.
fn without_duty(method: &str, path: &str) -> Option<&'static str> {
    let duties = crate::operator_duty::declared();
    let duty = duties.get(&(method.to_owned(), path.to_owned())).filter(|duty| *duty != "auditor")?;
    let duty = OperatorDuty::ALL.into_iter().find(|one| one.code() == duty).expect("a duty");
    Some(match duty {
        OperatorDuty::Reviewer => "403:operator-duty-reviewer-missing",
        OperatorDuty::Support => "403:operator-duty-support-missing",
        OperatorDuty::Risk => "403:operator-duty-risk-missing",
        OperatorDuty::SecurityOfficer => "403:operator-duty-security-missing",
        OperatorDuty::PrivacyOfficer => "403:operator-duty-privacy-missing",
        OperatorDuty::Auditor => "403:operator-duty-auditor-missing",
        OperatorDuty::Publisher => "403:operator-duty-publisher-missing",
        OperatorDuty::Administrator => "403:operator-duty-administrator-missing",
    })
}

fn cell(word: &'static str) -> Cell {
    let (status, code) = match word {
        "200" => (200, ""),
        "201" => (201, ""),
        "401" => (401, "unauthenticated"),
        "404" => (404, "not-found"),
        "pending" => (403, "company-pending"),
        "refused" => (403, "company-refused"),
        "buyers" => (403, "buyers-only"),
        "providers" => (403, "providers-only"),
        "members" => (403, "members-only"),
        other => {
            let (status, code) = other.split_once(':').unwrap_or_else(|| panic!("no such cell: {other}"));
            (status.parse().expect("a status"), code)
        }
    };
    Cell { status, code }
}
