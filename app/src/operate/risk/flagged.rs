//! Red flags (红旗指标) of our own open data, lot by lot: what stands in the records that everybody may read, and nothing else. The
//! indicators are those of the Open Contracting Partnership ([`screens::red_flag`]); a lot is given to them as a process of its own, since
//! prices of different lots compare with nothing.

use crate::reach::ocds;
use schemars::JsonSchema;
use screens::red_flag::{Flags, Indicator, Record, Settings, Values, flags};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A flag.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "RiskRedFlag")]
pub struct RedFlag {
    /// R003, R018, R024, R025, R028, R030, R035, R036, R038, R048 or R058.
    pub indicator: &'static str,
    /// lot, buyer or tenderer.
    pub about: &'static str,
    /// The lot's id, or the organisation's as open data have it.
    pub id: String,
    /// What it is called in the open data.
    pub name: String,
    /// The record that a lot stands in.
    pub ocid: Option<String>,
    /// The value that was compared; 1 where there is nothing to be measured.
    pub value: f64,
}

impl RedFlag {
    /// Key of its name; that of the reason follows with `-reason`.
    pub fn word(&self) -> String {
        format!("risk-flag-{}", self.indicator.to_lowercase())
    }

    /// Key of the word of what it is about.
    pub fn about_word(&self) -> String {
        format!("risk-flag-about-{}", self.about)
    }

    /// The value as it is shown; none where it measures nothing.
    pub fn shown(&self) -> Option<String> {
        ((self.value - 1.0).abs() > f64::EPSILON).then(|| format!("{:.4}", self.value))
    }
}

/// What was looked at, by the ids that the flags have.
#[derive(Default)]
struct Looked {
    records: Vec<Record>,
    /// Title and ocid of each lot.
    lots: BTreeMap<String, (String, String)>,
    /// Names of organisations.
    names: BTreeMap<String, String>,
}

/// The flags of these processes, each with its releases, in the order of the indicators; and how many lots there are.
///
/// # Errors
/// When a release is no JSON.
pub fn of(processes: &[(String, Vec<String>)]) -> serde_json::Result<(Vec<RedFlag>, usize)> {
    let mut looked = Looked::default();
    for (ocid, releases) in processes {
        looked.take(ocid, &ocds::merge(releases)?)?;
    }
    let open = Settings { methods: BTreeSet::from(["open".to_owned()]), ..Settings::default() };
    let Flags { processes, buyers, tenderers, .. } = flags(&looked.records, &Indicator::ALL, &open);
    let mut found: Vec<_> = looked.told("lot", processes).collect();
    found.extend(looked.told("buyer", buyers));
    found.extend(looked.told("tenderer", tenderers));
    found.sort_by(|one, other| (one.indicator, one.about, &one.id).cmp(&(other.indicator, other.about, &other.id)));
    Ok((found, looked.lots.len()))
}

impl Looked {
    fn take(&mut self, ocid: &str, whole: &Value) -> serde_json::Result<()> {
        for party in list(&whole["parties"]) {
            if let (Some(id), Some(name)) = (party["id"].as_str(), party["name"].as_str()) {
                self.names.insert(id.to_owned(), name.to_owned());
            }
        }
        for lot in list(&whole["tender"]["lots"]) {
            let Some(id) = lot["id"].as_str() else { continue };
            let title = [&whole["tender"]["title"], &lot["title"]].map(|text| text.as_str().unwrap_or_default());
            self.lots.insert(id.to_owned(), (title.join(" ").trim().to_owned(), ocid.to_owned()));
            self.records.push(serde_json::from_value(of_lot(whole, lot, id))?);
        }
        Ok(())
    }

    fn told(&self, about: &'static str, flagged: BTreeMap<String, Values>) -> impl Iterator<Item = RedFlag> {
        flagged.into_iter().flat_map(move |(id, values)| {
            let lot = self.lots.get(&id).filter(|_| about == "lot");
            let name = lot.map(|(title, _)| title).or_else(|| self.names.get(&id)).cloned();
            let (name, ocid) = (name.unwrap_or_else(|| id.clone()), lot.map(|(_, ocid)| ocid.clone()));
            values.into_iter().map(move |(indicator, value)| RedFlag {
                indicator,
                about,
                id: id.clone(),
                name: name.clone(),
                ocid: ocid.clone(),
                value,
            })
        })
    }
}

/// One lot of a compiled release as a record of its own. A bid that no committee judged counts as valid once its lot is awarded.
fn of_lot(whole: &Value, lot: &Value, id: &str) -> Value {
    let is_of = |one: &&Value| list(&one["relatedLots"]).iter().any(|of| of.as_str() == Some(id));
    let items: Vec<&Value> = list(&whole["tender"]["items"]).iter().filter(|one| one["relatedLot"] == id).collect();
    let awards: Vec<Value> = list(&whole["awards"])
        .iter()
        .filter(is_of)
        .map(|award| json!({"status": award["status"], "suppliers": award["suppliers"], "items": items}))
        .collect();
    let mut bids: Vec<Value> = list(&whole["bids"]["details"]).iter().filter(is_of).cloned().collect();
    let is_judged = awards.is_empty() || bids.iter().any(|bid| bid["status"] == "valid");
    for bid in bids.iter_mut().filter(|bid| !is_judged && bid["status"] == "pending") {
        bid["status"] = "valid".into();
    }
    let tenderers: BTreeSet<_> =
        bids.iter().flat_map(|bid| list(&bid["tenderers"])).filter_map(|one| one["id"].as_str()).collect();
    let count = (!bids.is_empty()).then_some(tenderers.len());
    let tender = &whole["tender"];
    json!({
        "ocid": id,
        "buyer": whole["buyer"],
        "tender": {
            "status": lot["status"],
            "procurementMethod": tender["procurementMethod"],
            "procurementMethodDetails": tender["procurementMethodDetails"],
            "procuringEntity": tender["procuringEntity"],
            "tenderPeriod": tender["tenderPeriod"],
            "numberOfTenderers": count,
        },
        "bids": { "details": bids },
        "awards": awards,
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bid(lot: &str, company: &str, amount: f64) -> Value {
        json!({"id": format!("{lot}{company}"), "status": "pending", "relatedLots": [lot], "date": "2026-12-01T00:00:00Z",
            "tenderers": [{"id": company, "name": company}], "value": {"amount": amount, "currency": "CNY"}})
    }

    fn process(bids: &[Value]) -> Vec<(String, Vec<String>)> {
        let release = json!({
            "ocid": "o", "id": "1", "date": "2026-12-01T00:00:00Z", "tag": ["tender"], "buyer": {"id": "b", "name": "b"},
            "parties": [{"id": "c1", "name": "一号公司"}, {"id": "c2", "name": "二号公司"}],
            "tender": {
                "id": "t", "title": "机房维保", "status": "active", "procurementMethod": "open",
                "tenderPeriod": {"startDate": "2026-11-01T00:00:00Z", "endDate": "2026-12-01T00:00:00Z"},
                "lots": [{"id": "l1", "title": "一期", "status": "active"}, {"id": "l2", "title": "二期", "status": "active"}],
            },
            "bids": {"details": bids},
        });
        vec![("o".to_owned(), vec![release.to_string()])]
    }

    #[test]
    fn equal_prices_of_a_lot_are_flagged_and_those_of_different_lots_are_not() {
        let apart =
            process(&[bid("l1", "c1", 10.5), bid("l1", "c2", 11.0), bid("l2", "c2", 10.5), bid("l2", "c1", 12.0)]);
        assert_eq!(of(&apart).unwrap(), (Vec::new(), 2));
        let (found, _) = of(&process(&[bid("l1", "c1", 10.5), bid("l1", "c2", 10.5)])).unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.indicator, one.about, one.name.as_str())).collect();
        assert_eq!(
            told,
            [("R028", "lot", "机房维保 一期"), ("R028", "tenderer", "一号公司"), ("R028", "tenderer", "二号公司")]
        );
        assert_eq!((found[0].ocid.as_deref(), found[0].shown()), (Some("o"), None));
    }

    #[test]
    fn one_bid_for_a_lot_that_is_open_to_all_is_flagged() {
        let (found, lots) = of(&process(&[bid("l2", "c1", 10.5)])).unwrap();
        assert_eq!((found.len(), found[0].indicator, found[0].id.as_str(), lots), (1, "R018", "l2", 2));
        assert_eq!(of(&[]).unwrap(), (Vec::new(), 0));
    }
}
