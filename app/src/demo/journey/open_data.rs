//! The open data of both tenders: every release of the feed, merged to the record of its process, and looked at by the rules of the
//! standard that the program itself can check. The standard's own schemas are not compiled in; `scripts/ocds.sh` validates against them.

use super::super::client::{Failed, text};
use super::super::open_data::{SENTENCES, broken};
use super::enclosed::list;
use super::{Play, Seen, hold};
use crate::reach::ocds;
use serde_json::Value;

pub async fn check(play: &mut Play) -> Seen {
    play.app.settle().await?;
    let feed = play.visitor.get("/ocds/releases").await?.ok()?;
    let (both, mut told) = ([play.tender()?.id.clone(), play.hands()?.tender.id.clone()], Vec::new());
    for tender in both {
        let ocid = format!("{}-{tender}", play.app.config().ocds_prefix);
        let releases: Vec<_> = list(&feed, "/releases").iter().filter(|one| one["ocid"] == *ocid).collect();
        let path = format!("/ocds/records/{ocid}");
        let package = play.visitor.get(&path).await?.ok()?;
        let record = package.pointer("/records/0").ok_or_else(|| Failed::because(format!("{path} has no record")))?;
        let same = list(record, "/releases").iter().eq(releases.iter().copied());
        hold(same, || format!("{path} has other releases than the feed"))?;
        let bodies: Vec<_> = releases.iter().map(|release| release.to_string()).collect();
        let compiled = ocds::merge(&bodies).map_err(Failed::because)?;
        hold(compiled == record["compiledRelease"], || format!("merged otherwise, the releases are {compiled}"))?;
        let mut flaws = broken(&package, &releases);
        flaws.extend(awarded(&compiled, play)?);
        hold(flaws.is_empty(), || format!("{path}: {}", flaws.join("; ")))?;
        play.checks += SENTENCES + 2;
        told.push(format!("{} of {ocid}", releases.len()));
    }
    Ok(format!(
        "releases: {}; each merges to its record; {SENTENCES} rules hold, the standard's schemas are another tool's",
        told.join(", ")
    ))
}

/// Both tenders have come to an award, to somebody who bid.
fn awarded(compiled: &Value, play: &Play) -> Result<Option<String>, Failed> {
    let names: Vec<_> = play.providers.iter().map(|one| one.company().to_owned()).collect();
    let name = text(compiled, "/awards/0/suppliers/0/name")?;
    Ok((!names.contains(&name)).then(|| format!("awarded to {name}")))
}
