//! By which name a request or a job is counted, logged and traced.

use crate::identity::linked::LOGOUT;
use crate::trust::log::serve;
use crate::web::{Room, Row, Who};
use http::{Method, StatusCode};
use std::collections::HashMap;

/// Everything that members do: which of it is a bid, nobody can see.
pub const MEMBERS: &str = "(members)";
/// What no route matches.
pub const NONE: &str = "(none)";

/// Jobs that only the clock leaves behind, never somebody's act: these are told by their kind.
const BY_CLOCK: [&str; 3] =
    [crate::sourcing::tender::OPENING, crate::sourcing::tender::finals::OPENING, crate::trust::log::audit::KIND];

/// Routes outside the rooms.
const PLAIN: [&str; 4] = ["/.well-known/gpc.json", "/assets/{file}", "/health", "/ready"];

/// The names of all routes, and of all kinds of jobs.
pub struct Names {
    /// By pattern: to read, to act.
    routes: HashMap<&'static str, [Option<&'static str>; 2]>,
    jobs: HashMap<&'static str, &'static str>,
}

impl Names {
    /// From what the rooms declare.
    pub fn new(table: &[Row], rooms: &[&'static Room]) -> Self {
        let plain = PLAIN.iter().chain(&serve::PATHS);
        let mut routes: HashMap<_, _> = plain.map(|path| (*path, [Some(*path), None])).collect();
        for path in [serve::COSIGNATURES, LOGOUT] {
            routes.insert(path, [None, Some(path)]);
        }
        for row in table {
            let name = match row.who {
                Who::Anyone | Who::Operator | Who::Duty(_) => row.path,
                _ => MEMBERS,
            };
            routes.entry(row.path).or_default()[slot(&row.method)] = Some(name);
        }
        let kinds = rooms.iter().flat_map(|room| room.jobs).map(|work| work.kind);
        let jobs = kinds.map(|kind| (kind, if BY_CLOCK.contains(&kind) { kind } else { MEMBERS })).collect();
        Self { routes, jobs }
    }

    /// A route's pattern, or the name that it shares with others.
    pub fn of_route(&self, method: &Method, pattern: Option<&str>) -> &'static str {
        let found = pattern.and_then(|pattern| self.routes.get(pattern)?[slot(method)]);
        found.unwrap_or(NONE)
    }

    /// A job's kind, or the name that it shares with others.
    pub fn of_job(&self, kind: &str) -> &'static str {
        self.jobs.get(kind).copied().unwrap_or(NONE)
    }
}

fn slot(method: &Method) -> usize {
    usize::from(matches!(*method, Method::POST | Method::PATCH | Method::DELETE))
}

/// How a request is told of by its method and its status. Of what members do, an upload that resumes is told as any other act
/// is: nobody uploads in pieces but who has a large bid.
pub fn told(route: &str, method: &Method, status: StatusCode) -> (Method, StatusCode) {
    if route != MEMBERS {
        return (method.clone(), status);
    }
    let method = match *method {
        Method::HEAD => Method::GET,
        Method::PATCH | Method::DELETE => Method::POST,
        _ => method.clone(),
    };
    let status = match status.as_u16() {
        204 => StatusCode::CREATED,
        410 | 423 | 460 => StatusCode::CONFLICT,
        507 => StatusCode::SERVICE_UNAVAILABLE,
        _ => status,
    };
    (method, status)
}

/// One of four: a client may send any text as its method.
pub fn of_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ROOMS;

    #[test]
    fn whatever_only_members_may_do_has_one_name() {
        let table: Vec<_> = ROOMS.iter().flat_map(|room| (room.routes)().table().to_vec()).collect();
        let names = Names::new(&table, ROOMS);
        let of = |method, pattern| names.of_route(&method, Some(pattern));
        assert_eq!(of(Method::GET, "/notices/{id}"), "/notices/{id}");
        assert_eq!(of(Method::HEAD, "/notices/{id}"), "/notices/{id}");
        assert_eq!(of(Method::GET, "/operator/companies"), "/operator/companies");
        for (method, pattern) in [
            (Method::POST, "/lots/{id}/bids"),
            (Method::GET, "/bids/{id}"),
            (Method::POST, "/bids/{id}/withdrawal"),
            (Method::POST, "/tenders"),
            (Method::POST, "/tenders/{id}/questions"),
            (Method::POST, "/lots/{id}/commitments"),
            (Method::POST, "/bids/{id}/uploads"),
            (Method::HEAD, "/uploads/{id}"),
            (Method::PATCH, "/uploads/{id}"),
            (Method::DELETE, "/uploads/{id}"),
            (Method::GET, "/me"),
        ] {
            assert_eq!(of(method, pattern), MEMBERS, "{pattern}");
        }
        assert_eq!(of(Method::POST, "/notices"), NONE);
        assert_eq!(names.of_route(&Method::GET, None), NONE);
        let as_told = |route, method, status| {
            let (method, status) = told(route, &method, StatusCode::from_u16(status).unwrap());
            (of_method(&method), status.as_u16())
        };
        assert_eq!(as_told(MEMBERS, Method::PATCH, 204), ("POST", 201));
        assert_eq!(as_told(MEMBERS, Method::PATCH, 460), ("POST", 409));
        assert_eq!(as_told(MEMBERS, Method::DELETE, 410), ("POST", 409));
        assert_eq!(as_told(MEMBERS, Method::HEAD, 200), ("GET", 200));
        assert_eq!(as_told("/notices", Method::HEAD, 200), ("HEAD", 200));
        assert_eq!(names.of_job("opening.open"), "opening.open");
        assert_eq!(names.of_job("blob.discard"), MEMBERS);
        assert_eq!(names.of_job("made.up"), NONE);
    }
}
