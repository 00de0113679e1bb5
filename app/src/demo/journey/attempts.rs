//! Before the hour: who tries what, and with what it is refused.

use super::super::client::{Failed, text};
use super::enclosed::{MARK, PRICES, WISH, list, state};
use super::{Play, Seen, copy, hold};
use crate::sourcing::tender::{self, Tender};
use jiff::SignedDuration;
use kit::db;
use kit::id::Id;
use kit::job;
use sealing::{Identity, Shut};

pub async fn early(play: &mut Play) -> Seen {
    readers(play).await?;
    shares(play).await?;
    stores(play).await?;
    clock(play).await?;
    let now = state(play).await?;
    hold(now == "published", || format!("the tender is {now}"))?;
    Ok("whoever reads, gives early, has the stores, or turns a clock: it goes on taking bids".into())
}

/// Whoever may not know of a bid is told that there is none.
async fn readers(play: &mut Play) -> Result<(), Failed> {
    let hands = play.hands()?;
    let (bid, tender) = (hands.bids[0].clone(), hands.tender.id.clone());
    let rival = play.providers[1].clone();
    for (who, person) in
        [("a rival", &rival), ("the buyer", &play.buyer.clone()), ("the operator", &play.operator.clone())]
    {
        person.be_signed_in().await?;
        let answer = person.client.get(&format!("/bids/{bid}")).await?;
        hold(matches!(answer.status, 403 | 404), || format!("{who} reads a bid: {}", answer.text))?;
        let status = answer.status;
        person.client.get(&format!("/tenders/{tender}/opening")).await?.refused(404, "not-found")?;
        play.refused(
            format!("{who} reads a bid, and the record of its opening"),
            format_args!("{status}, 404 not-found"),
        );
    }
    Ok(())
}

/// An officer does not wait for the hour; somebody who is none plays one.
async fn shares(play: &mut Play) -> Result<(), Failed> {
    let (tender, officer) = (play.hands()?.tender.id.clone(), &play.hands()?.officers[1]);
    let seen = officer.person.client.get(&format!("/me/openings/{tender}")).await?.ok()?;
    hold(seen["sheet"].is_null(), || format!("an officer is asked before the hour: {seen}"))?;
    let early = officer.give(&tender, &[]).await?;
    play.refuses("an officer gives a share early", early, 409, "opening-not-waiting")?;
    let path = format!("/me/openings/{tender}");
    let other = play.providers[0].client.get(&path).await?;
    play.refuses("somebody who is no officer asks what officers are asked", other, 404, "not-found")
}

/// Everything that is stored, with the keys that one coalition after the other has.
async fn stores(play: &mut Play) -> Result<(), Failed> {
    let tender = play.hands()?.tender.id.clone();
    let copied = copy::take(play, &tender).await?;
    hold(copied.envelopes.len() == 3, || format!("the copy has {} envelopes", copied.envelopes.len()))?;
    hold(copied.has(WISH.title.as_bytes())?, || "the search finds not even the title".into())?;
    let mut needles = vec![MARK.as_bytes().to_vec()];
    for price in PRICES {
        needles.extend([price.to_string().into_bytes(), price.to_le_bytes().to_vec()]);
    }
    for needle in &needles {
        hold(!copied.has(needle)?, || format!("{} lies open in the copy", String::from_utf8_lossy(needle)))?;
    }
    let what = format!(
        "a copy of database, files and log, {} KB, is searched for the bids' words and prices",
        copied.bytes / 1024
    );
    play.refused(what, "the tender's title is found, nothing of a bid is");
    let envelopes = copied.forget()?;
    let platform = released(play, &tender).await?;
    let keys: Vec<_> = play.hands()?.officers.iter().map(|officer| officer.key.clone()).collect();
    let [first, second, third] = keys.as_slice() else { return Err(Failed::because("three officers")) };
    let (stranger, none) = (sealing::new_key(), Vec::new());
    let coalitions: [(&str, &Identity, Vec<&Identity>, Shut); 4] = [
        ("a copy without any key", &stranger, none.clone(), Shut::Platform),
        (
            "a copy with the root key, and so the platform's key of the tender",
            &platform,
            none,
            Shut::TooFew { have: 0, need: 2 },
        ),
        (
            "the operator, with the platform's key and one officer's",
            &platform,
            vec![second],
            Shut::TooFew { have: 1, need: 2 },
        ),
        ("all three officers, without the platform's key", &stranger, vec![first, second, third], Shut::Platform),
    ];
    for (who, platform, officers, expected) in coalitions {
        let shut = copy::tried(&envelopes, platform, &officers)?;
        hold(shut == expected, || format!("{who}: {shut}, and not: {expected}"))?;
        play.refused(format!("{who} opens the envelopes"), shut);
    }
    play.hands_mut()?.copied = envelopes;
    Ok(())
}

/// The platform's key of a tender, out of the key database with the root key: round the place that releases it.
async fn released(play: &Play, tender: &str) -> Result<Identity, Failed> {
    let kept = play.app.vault().secrets().get(&format!("tender/{tender}/identity")).await.map_err(Failed::because)?;
    let kept = kept.ok_or_else(|| Failed::because("the tender has no key"))?;
    let text = std::str::from_utf8(&kept).map_err(Failed::because)?;
    text.parse::<Identity>().map_err(Failed::because)
}

/// The hour is moved, by whoever can reach something that knows of time.
async fn clock(play: &mut Play) -> Result<(), Failed> {
    sooner(play).await?;
    let id: Id<Tender> = play.hands()?.tender.id.parse().map_err(|_| Failed::because("no id"))?;
    let back = play.buyer.client.post("/demo/clock", &[("by", "back")]).await?;
    play.refuses("the clock is asked to go back", back, 422, "invalid")?;
    match tender::key::release(&play.app, id).await {
        Ok(_) => return Err(Failed::because("the key was released before the hour")),
        Err(error) if error.code == "opening-not-yet" => {
            play.refused("the platform's key is asked for before the hour", "409 opening-not-yet");
        }
        Err(error) => return Err(error.into()),
    }
    let now = play.app.clock().now();
    let unit = move |tx: &mut db::Tx| job::enqueue(tx, tender::OPENING, id.as_bytes(), now).map(drop);
    play.app.db().write::<_, db::Error>(unit).await.map_err(Failed::because)?;
    play.app.settle().await?;
    let opened =
        "SELECT CAST(count(*) AS BIGINT) FROM bid WHERE tender = $1 AND (state <> 'sealed' OR price IS NOT NULL)";
    let read = move |tx: &mut db::Tx| tx.one::<i64>(opened, kit::values![id], |row| row.next());
    let count = play.app.db().read::<_, db::Error>(read).await.map_err(Failed::because)?;
    hold(count == 0, || format!("{count} bids are open"))?;
    play.refused(
        "the job that opens is begun early, behind the counter",
        "it finds a tender that takes bids, and ends",
    );
    Ok(())
}

/// A day earlier, by the buyer's public amendment.
async fn sooner(play: &mut Play) -> Result<(), Failed> {
    let tender = &play.hands()?.tender;
    let path = format!("/tenders/{}/amendment", tender.id);
    let seen = play.buyer.client.get(&path).await?.ok()?;
    let deadline = tender.deadline - SignedDuration::from_hours(24);
    let questions_until = deadline - SignedDuration::from_hours(25);
    let fields = [
        ("id", play.ids().next()),
        ("version", text(&seen, "/tender/version")?),
        ("class", "material".to_owned()),
        ("lots", "1".to_owned()),
        ("deadline", deadline.to_string()),
        ("questions_until", questions_until.to_string()),
        ("summary", text(&seen, "/tender/summary")?),
        ("reason", "希望早一天开标。".to_owned()),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let told = play.buyer.client.post(&path, &fields).await?.refused(422, "invalid")?;
    let is_it = list(&told, "/errors").iter().any(|error| error["code"] == "amendment-earlier");
    hold(is_it, || format!("refused for another reason: {told}"))?;
    play.refused("the buyer moves the hour to a day before", "422 amendment-earlier");
    Ok(())
}
