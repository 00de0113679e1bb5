//! A committee at work: it is formed and drawn, each member declares, scores and signs, the candidates are published, the lot is
//! awarded. Whatever a kill has cut off is sent again in the next life of the program; what was acknowledged has to be there then.

use crate::ledger::{Case, Ledger};
use crate::person::{Outcome, Person};
use crate::place::Place;
use kit::id::Id;
use kit::random::Random;
use kit::values;
use serde_json::{Value, json};
use std::time::Duration;

/// Who evaluates, and the buyer.
pub struct Court {
    /// The buyer's own person.
    pub buyer: Person,
    /// Those who offer to evaluate, of companies that bid for nothing.
    pub experts: Vec<Person>,
}

impl Court {
    /// Goes on with one lot after the other until the program is gone.
    pub async fn work(&self, place: &Place, ledger: &Ledger) {
        while self.turn(place, ledger).await.is_some() && matches!(self.buyer.get("/health").await, Outcome::Done(_)) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// One step of every lot that is evaluated. `None` when the program was gone.
    pub async fn turn(&self, place: &Place, ledger: &Ledger) -> Option<()> {
        let running: Vec<_> = {
            let notes = ledger.notes();
            let is_over = |lot: &String| notes.cases.get(lot).is_some_and(|case| case.is_over);
            let judged = notes.tenders.iter().filter(|one| one.by_committee && one.called.is_some());
            judged.map(|one| (one.id.clone(), one.lot.clone())).filter(|(_, lot)| !is_over(lot)).collect()
        };
        for (tender, lot) in running {
            let mut case = ledger.notes().cases.get(&lot).cloned().unwrap_or_default();
            let done = self.step(place, ledger, (&tender, &lot), &mut case).await;
            ledger.notes().cases.insert(lot, case);
            done?;
        }
        Some(())
    }

    async fn step(&self, place: &Place, ledger: &Ledger, (tender, lot): (&str, &str), case: &mut Case) -> Option<()> {
        let seen = read(&self.buyer, ledger, &format!("/tenders/{tender}")).await?;
        match seen["tender"]["state"].as_str() {
            Some("evaluation") => {}
            Some("failed" | "awarded") => {
                case.is_over = true;
                return Some(());
            }
            _ if case.is_awarded => {
                ledger.violation(format!("the award of tender {tender} was acknowledged, and is gone"));
                return Some(());
            }
            _ => return Some(()),
        }
        let committee = read(&self.buyer, ledger, &format!("/lots/{lot}/committee")).await?;
        match committee["phase"].as_str() {
            Some("unformed") => {
                act(&self.buyer, ledger, &format!("/lots/{lot}/committee"), &json!({}), &[]).await.map(drop)
            }
            Some("pooled") => {
                let early = ["draw-too-early"];
                act(&self.buyer, ledger, &format!("/lots/{lot}/draw"), &json!({}), &early).await.map(drop)
            }
            Some("scoring") => {
                for (number, expert) in self.experts.iter().enumerate() {
                    judge(expert, number, ledger, lot, case).await?;
                }
                Some(())
            }
            Some("concluded") => self.conclude(place, ledger, lot, case).await,
            other => {
                ledger.violation(format!("the committee of lot {lot} is {other:?}"));
                Some(())
            }
        }
    }

    /// From the report to the award.
    async fn conclude(&self, place: &Place, ledger: &Ledger, lot: &str, case: &mut Case) -> Option<()> {
        let report = read(&self.buyer, ledger, &format!("/lots/{lot}/evaluation")).await?;
        let hash = report["sha256"].as_str().unwrap_or_default().to_owned();
        if case.report.get_or_insert_with(|| hash.clone()) != &hash {
            ledger.violation(format!("the report of lot {lot} is another than it was"));
        }
        let path = format!("/lots/{lot}/candidates");
        let shown = read(&self.buyer, ledger, &path).await?;
        let Some(publication) = shown["publications"].as_array().and_then(|all| all.first()) else {
            if case.is_published {
                ledger.violation(format!("the candidates of lot {lot} were published, and are gone"));
            }
            let fresh = || Id::<()>::v4(&Random::system()).to_string();
            let id = case.publication.get_or_insert_with(fresh).clone();
            case.is_published = act(&self.buyer, ledger, &path, &json!({"id": id, "days": "3"}), &[]).await?;
            return Some(());
        };
        case.is_published = true;
        if publication["standing"] == "standstill" {
            if come(place, lot).await.is_err() {
                ledger.violation(format!("the standstill of lot {lot} cannot be moved"));
            }
            return Some(());
        }
        let choice = json!({"bid": publication["candidates"][0]["bid"], "reason": "综合得分第一，公示期满。"});
        case.is_awarded |= act(&self.buyer, ledger, &format!("/lots/{lot}/award"), &choice, &[]).await?;
        Some(())
    }
}

/// What a member has to do, if this expert is one.
async fn judge(expert: &Person, number: usize, ledger: &Ledger, lot: &str, case: &mut Case) -> Option<()> {
    let path = format!("/lots/{lot}/scores");
    let page = match expert.get(&path).await {
        Outcome::Done(page) => page,
        Outcome::Refused(404, _) if !case.signed.contains(&number) => return Some(()),
        Outcome::Unknown => return None,
        Outcome::Refused(status, code) => {
            ledger.violation(format!("expert {number} of lot {lot}, who has signed, is refused: {status} {code}"));
            return Some(());
        }
    };
    let standing = page["standing"].as_str().unwrap_or_default();
    if standing == "signed" {
        case.signed.insert(number);
        return Some(());
    }
    if case.signed.contains(&number) {
        ledger.violation(format!("the signature of expert {number} of lot {lot} was acknowledged, and is gone"));
    }
    if standing == "called" {
        let none = json!({"interest": "none"});
        return act(expert, ledger, &format!("/lots/{lot}/declaration"), &none, &[]).await.map(drop);
    }
    let unscored = page["bids"].as_array().into_iter().flatten().filter(|bid| bid["own"].is_null());
    for bid in unscored {
        let score = json!({"bid": bid["letter"], "points": ["30", "15.5"], "remark": "按评分标准"});
        act(expert, ledger, &path, &score, &[]).await?;
    }
    if act(expert, ledger, &format!("/lots/{lot}/signature"), &json!({}), &[]).await? {
        ledger.acknowledged("signatures");
        case.signed.insert(number);
    }
    Some(())
}

/// The standstill of a lot ends within the next half second. No buyer can have it so short, so it is moved behind the counter.
async fn come(place: &Place, lot: &str) -> Result<(), kit::db::Error> {
    let Ok(lot) = lot.parse::<Id<()>>() else { return Ok(()) };
    let moved = place.write(move |tx| {
        let until = tx.now().as_microsecond() + 500_000;
        tx.execute("UPDATE candidates_publication SET until = $1 WHERE lot = $2", values![until, lot])?;
        tx.execute("UPDATE lot SET standstill_until = $1 WHERE id = $2 AND state = 'candidates'", values![until, lot])?;
        let sql =
            "UPDATE tender SET standstill = $1, next_check = $1 WHERE id = (SELECT tender FROM lot WHERE id = $2)";
        tx.execute(sql, values![until, lot])
    });
    moved.await.map(drop)
}

/// A page that has to be there. `None` when the program was gone.
async fn read(person: &Person, ledger: &Ledger, path: &str) -> Option<Value> {
    match person.get(path).await {
        Outcome::Done(page) => Some(page),
        Outcome::Unknown => None,
        Outcome::Refused(status, code) => {
            ledger.violation(format!("{path} is refused: {status} {code}"));
            None
        }
    }
}

/// Whether an act was acknowledged; one with one of these codes may be refused. `None` when the program was gone.
async fn act(person: &Person, ledger: &Ledger, path: &str, fields: &Value, may_be: &[&str]) -> Option<bool> {
    match person.post(path, fields).await {
        Outcome::Done(_) => {
            ledger.acknowledged("acts of committees and awards");
            Some(true)
        }
        Outcome::Unknown => {
            ledger.unknown("acts of committees and awards");
            None
        }
        Outcome::Refused(409, code) if may_be.contains(&code.as_str()) => Some(false),
        Outcome::Refused(status, code) => {
            ledger.violation(format!("POST {path} is refused: {status} {code}"));
            Some(false)
        }
    }
}
