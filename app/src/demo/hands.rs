//! What opening officers do, and who bids to them: keys made and proved, envelopes sealed by their bidders, shares given. By the
//! library that `ziyun officer` and `ziyun seal` use, so that the program gets what it would get from them.

use super::client::{Answer, Failed, text};
use super::person::Person;
use super::trade::{Ids, Tender};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use sealing::sheet::{Given, Sheet};
use sealing::{Commitment, File, Hands, Identity, content, keeping, one};
use serde_json::{Value, json};

/// The least work that is taken for a passphrase: this one stands in the code.
const WORK: u8 = 15;
const PASSPHRASE: &str = "演示口令 四个 随便的 词语 horse";

/// Somebody with a key of their own.
pub(super) struct Officer {
    pub person: Person,
    /// The secret half, as they have it while they work.
    pub key: Identity,
    /// The same, as it lies in their file.
    kept: Vec<u8>,
    /// The public half.
    pub recipient: String,
}

/// A bid that its bidder has sealed.
pub(super) struct Enclosed {
    pub envelope: Vec<u8>,
    /// The line that binds it.
    pub commitment: String,
}

/// What is inside of a bid.
pub(super) struct Content<'a> {
    /// Which version of the bid it will be.
    pub version: i64,
    /// Fen.
    pub price: i64,
    pub days: i64,
    pub note: &'a str,
}

impl Officer {
    /// Makes a key, enrols it, and proves that they can use it. They have just signed in.
    pub async fn enrol(person: &Person, ids: &Ids<'_>) -> Result<Self, Failed> {
        let key = sealing::new_key();
        let (recipient, mine) = (key.to_public().to_string(), key.clone());
        let kept = apart(move || keeping::keep(&mine, PASSPHRASE, WORK)).await?.map_err(Failed::because)?;
        let (id, file) = (ids.next(), STANDARD.encode(&kept));
        let fields = [("id", id.as_str()), ("recipient", &recipient), ("kept", &file)];
        let line = person.client.post("/me/opening-key", &fields).await?.ok()?;
        let challenge = STANDARD.decode(text(&line, "/challenge")?).map_err(Failed::because)?;
        let answer = STANDARD.encode(one::open(&challenge, &key)?);
        let proof = format!("/me/opening-key/{id}/proof");
        person.client.post(&proof, &[("answer", &answer)]).await?.ok()?;
        Ok(Self { person: person.clone(), key, kept, recipient })
    }

    /// The secret half, out of its file with the passphrase.
    pub async fn unlocked(&self) -> Result<Identity, Failed> {
        let kept = self.kept.clone();
        Ok(apart(move || keeping::take(&kept, PASSPHRASE)).await??)
    }

    /// What this officer is asked for, made of it with their key.
    pub async fn answer(&self, tender: &str, key: &Identity) -> Result<Vec<Given>, Failed> {
        let page = self.person.client.get(&format!("/me/openings/{tender}")).await?.ok()?;
        let sheet: Sheet = serde_json::from_value(page["sheet"].clone()).map_err(Failed::because)?;
        Ok(sheet.answer(key)?)
    }

    /// Gives shares.
    pub async fn give(&self, tender: &str, parts: &[Given]) -> Result<Answer, Failed> {
        let parts = serde_json::to_string(parts).map_err(Failed::because)?;
        self.person.client.post(&format!("/me/openings/{tender}"), &[("answer", &parts)]).await
    }
}

/// What takes a processor for a while.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failed> {
    tokio::task::spawn_blocking(work).await.map_err(Failed::because)
}

impl Person {
    /// Completes a draft that was made of a demand: the method and the hours, nothing else.
    pub async fn complete(
        &self,
        id: &str,
        method: &str,
        now: Timestamp,
        bidding: SignedDuration,
    ) -> Result<Tender, Failed> {
        let path = format!("/tenders/{id}/draft");
        let draft = self.client.get(&path).await?.ok()?;
        let deadline = super::trade::ten_o_clock(now + bidding);
        let questions_until = deadline - SignedDuration::from_hours(25);
        let was = |name: &str| draft["tender"][name].clone();
        let fields = json!({
            "version": was("version"), "title": was("title"), "category": was("category"), "region": was("region"),
            "summary": was("summary"), "budget_shown": if was("budget_shown") == true { "1" } else { "" },
            "method": method, "questions_until": questions_until.to_string(), "deadline": deadline.to_string(),
        });
        self.client.send(&path, &fields).await?.ok()?;
        let lots = draft["lots"].as_array().into_iter().flatten().map(|lot| text(lot, "/id"));
        Ok(Tender { id: id.to_owned(), lots: lots.collect::<Result<_, _>>()?, deadline })
    }

    /// Has all its officers whose keys are proved open a draft's bids, two of them at least.
    pub async fn choose_hands(&self, tender: &Tender) -> Result<usize, Failed> {
        let draft = self.client.get(&format!("/tenders/{}/draft", tender.id)).await?.ok()?;
        let officers = draft["officers"].as_array().into_iter().flatten();
        let holders = officers.map(|one| text(one, "/recipient")).collect::<Result<Vec<_>, _>>()?;
        let fields = json!({ "version": draft["tender"]["version"], "k": "2", "holders": holders });
        self.client.send(&format!("/tenders/{}/hands", tender.id), &fields).await?.ok()?;
        Ok(holders.len())
    }

    /// Seals a bid by a form, with a file: nothing is sent.
    pub async fn enclose(&self, form: &str, inside: &Content<'_>) -> Result<Enclosed, Failed> {
        let form = self.client.get(form).await?.ok()?;
        let hands = &form["tender"]["hands"];
        let holders: Vec<String> = serde_json::from_value(hands["holders"].clone()).map_err(Failed::because)?;
        let k = hands["k"].as_u64().and_then(|k| usize::try_from(k).ok()).unwrap_or_default();
        let hands = Hands::new(&text(&form, "/tender/recipient")?, &holders, k).map_err(Failed::because)?;
        let mut offer: Value = form["blank"].clone();
        let (tender, lot) = (text(&offer, "/tender")?, text(&offer, "/lot")?);
        (offer["price"], offer["delivery_days"]) = (inside.price.into(), inside.days.into());
        offer["note"] = inside.note.into();
        let plan = format!("{}\n{}\n", self.company(), inside.note);
        let file = File { name: "技术方案.txt".into(), content: plan.into_bytes().into() };
        let envelope = hands.seal(&content::pack(&offer, &[file])).map_err(Failed::because)?;
        let commitment = Commitment::to(&envelope, (&tender, &lot, inside.version))?.line();
        Ok(Enclosed { envelope, commitment })
    }

    /// Hands a sealed bid in. `place`: the id of a new bid, or the version of one that it replaces.
    pub async fn submit(&self, path: &str, place: (&str, &str), bid: &Enclosed) -> Result<Answer, Failed> {
        let fields = [place, ("commitment", bid.commitment.as_str())];
        let file = ("envelope", "envelope.ziyun", bid.envelope.clone());
        self.client.upload(path, &fields, file).await
    }
}
