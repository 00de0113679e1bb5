//! What is told live: in order, without a gap, whichever process it happened at and however often a connection is lost.

use super::{Hall, open};
use crate::colleague::{account, colleague, remove};
use crate::sourcing::id;
use crate::world::{Browser, World};
use reqwest::Method;
use reqwest::header::ACCEPT;
use serde_json::Value;
use std::time::Duration;

/// A page that follows a session.
struct Follower {
    response: reqwest::Response,
    rest: String,
    /// The number that it has seen last.
    seen: String,
}

impl Follower {
    async fn open(hall: &Hall, browser: &Browser, seen: &str) -> Self {
        let request = browser.request(Method::GET, &format!("{}/live?seen=0", hall.path()));
        let response = request.header(ACCEPT, "text/event-stream").header("last-event-id", seen).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), response.headers()["cache-control"].to_str().unwrap()),
            (200, "no-store")
        );
        Self { response, rest: String::new(), seen: seen.to_owned() }
    }

    /// The numbers of what comes, up to this one.
    async fn until(&mut self, last: i64) -> Vec<i64> {
        let mut numbers = Vec::new();
        let all = async {
            while numbers.last().is_none_or(|number| *number < last) {
                numbers.extend(self.next().await);
            }
        };
        tokio::time::timeout(Duration::from_secs(20), all).await.expect("everything comes");
        numbers
    }

    async fn next(&mut self) -> Vec<i64> {
        loop {
            if let Some((message, rest)) = self.rest.split_once("\n\n") {
                let lines: Vec<_> = message.lines().map(str::to_owned).collect();
                self.rest = rest.to_owned();
                let field = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name).map(str::to_owned));
                let (Some(id), Some(data)) = (field("id: "), field("data: ")) else { continue };
                self.seen = id;
                let entries: Value = serde_json::from_str(&data).unwrap();
                return entries.as_array().unwrap().iter().map(|entry| entry["number"].as_i64().unwrap()).collect();
            }
            let chunk = self.response.chunk().await.unwrap().expect("the connection goes on");
            self.rest.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// Reads on until the connection ends.
    async fn end(mut self) {
        let all = async { while self.response.chunk().await.unwrap().is_some() {} };
        tokio::time::timeout(Duration::from_secs(20), all).await.expect("it ends");
    }
}

#[tokio::test]
async fn a_lost_connection_goes_on_where_it_was() {
    let hall = Hall::new(open, &["300", "100", "200"]).await;
    hall.at(60);
    hall.world.settle().await;
    let (one, visitor) = (&hall.bidders[0], hall.world.visitor());
    let (mut whole, mut lost) = (Follower::open(&hall, one, "0").await, Follower::open(&hall, &visitor, "0").await);
    assert_eq!((whole.until(1).await, lost.until(1).await), (vec![1], vec![1]), "it has begun");
    for yuan in ["99", "98"] {
        hall.offer(one, &id(), yuan).await.ok();
    }
    assert_eq!(lost.until(3).await, [2, 3]);
    let seen = lost.seen.clone();
    drop(lost);
    for yuan in ["97", "96", "95"] {
        hall.offer(&hall.bidders[1], &id(), yuan).await.ok();
    }
    let mut again = Follower::open(&hall, &visitor, &seen).await;
    assert_eq!(again.until(6).await, [4, 5, 6], "nothing is lost, nothing comes twice");
    assert_eq!(whole.until(6).await, [2, 3, 4, 5, 6]);
    // What says nothing of a number begins at the first; what has not happened cannot have been seen.
    assert_eq!(Follower::open(&hall, &visitor, "x").await.until(6).await, [1, 2, 3, 4, 5, 6]);
    let mut ahead = Follower::open(&hall, &visitor, "999").await;
    hall.offer(one, &id(), "94").await.ok();
    assert_eq!((ahead.until(7).await, again.until(7).await), (vec![7], vec![7]));
    // The end is told, too, although nobody offers.
    hall.at(20 * 60);
    hall.world.settle().await;
    assert_eq!(again.until(8).await, [8]);
    // A few connections each, and no more.
    let mut held = Vec::new();
    for _ in 0..7 {
        held.push(Follower::open(&hall, one, "8").await);
    }
    let ninth = one.get(&format!("{}/live", hall.path())).await;
    assert_eq!((ninth.status.as_u16(), ninth.code().as_str()), (429, "limited"));
}

#[tokio::test]
async fn whoever_stands_otherwise_by_now_is_told_nothing_more() {
    let hall = Hall::new(open, &["300", "100", "200"]).await;
    hall.at(60);
    hall.world.settle().await;
    let [one, two, three] = &hall.bidders[..] else { panic!("three") };
    let (owner, again) = (hall.world.again(one).await, hall.world.again(three).await);
    let left = colleague(&hall.world, &owner, &["bidder"]).await;
    let mut followers = Vec::new();
    for reader in [&left, two, &again, three, &hall.world.visitor()] {
        let mut follower = Follower::open(&hall, reader, "0").await;
        assert_eq!(follower.until(1).await, [1]);
        followers.push(follower);
    }
    let [of_left, of_lowered, of_ended, mut of_three, mut of_visitor] =
        <[_; 5]>::try_from(followers).unwrap_or_else(|_| panic!("five"));

    // One has left the company, the company of another is approved no more, a third has signed out.
    remove(&owner, &account(&left).await).await.ok();
    let lower = "UPDATE company SET state = 'refused' WHERE id IN (SELECT company FROM bid WHERE price = 10000)";
    let unit = move |tx: &mut kit::db::Tx| tx.execute(lower, &[]).map(drop);
    hall.world.app.db().write::<_, kit::db::Error>(unit).await.unwrap();
    again.post("/session/end", serde_json::json!({})).await.ok();
    hall.world.app.auctions().look();
    for ended in [of_left, of_lowered, of_ended] {
        ended.end().await;
    }
    hall.offer(three, &id(), "99").await.ok();
    assert_eq!((of_three.until(2).await, of_visitor.until(2).await), (vec![2], vec![2]), "the others go on");
}

#[tokio::test]
async fn two_processes_on_one_database_are_one_hall() {
    let Some([a, b]) = World::two().await else { return };
    let hall = Hall::within(a, open, &["300", "100", "200"]).await;
    hall.at(60);
    let mut here = Follower::open(&hall, &hall.bidders[0], "0").await;
    let path = format!("/lots/{}/offers", hall.lot);
    let mut taken = 0;
    for round in 0..6i64 {
        let yuan = (99 - round).to_string();
        let there = hall.bidders[1].at(&b);
        let fields = serde_json::json!({"id": id(), "amount": yuan});
        let offer = id();
        let (left, right) = tokio::join!(there.post(&path, fields), hall.offer(&hall.bidders[0], &offer, &yuan));
        let ok = [&left, &right].into_iter().filter(|answer| answer.status.is_success()).count();
        assert!(ok <= 1, "of two equal ones one at most: {} {}", left.text, right.text);
        taken += ok as i64;
    }
    assert!(taken >= 5, "{taken}");
    assert_eq!(here.until(taken + 1).await, (1..=taken + 1).collect::<Vec<_>>());
}
