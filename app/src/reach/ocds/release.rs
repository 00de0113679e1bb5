//! A release (发布记录): what one public event made known of a tender, in the fields of OCDS 1.1.5 and of the extensions for
//! lots, bids and enquiries. Companies only, no people.

use super::value::{Stamp, Value};
use serde::Serialize;

/// A release. A later one names what is new and the ids of what it belongs to; merged they give the record.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The process.
    pub ocid: String,
    /// Its own id.
    pub id: String,
    /// When it was made known.
    pub date: Stamp,
    /// What it is.
    pub tag: Vec<&'static str>,
    /// Always `tender`.
    pub initiation_type: &'static str,
    /// Of its texts.
    pub language: &'static str,
    /// Every organisation that it names.
    pub parties: Vec<Party>,
    /// Who buys.
    pub buyer: Named,
    /// The tender, as far as it is told here.
    pub tender: Tender,
    /// The bids that the opening disclosed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bids: Option<Bids>,
    /// The awards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<Award>,
}

/// An organisation.
#[derive(Clone, Serialize)]
pub struct Party {
    /// Its id within our releases.
    pub id: String,
    /// Its registered name.
    pub name: String,
    /// Where it is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    /// All that it is in the process so far, since merging replaces the list.
    pub roles: Vec<&'static str>,
}

/// A registered organisation's number.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identifier {
    /// The register.
    pub scheme: &'static str,
    /// The number there.
    pub id: String,
    /// The name there.
    pub legal_name: String,
}

/// An organisation that is referred to.
#[derive(Clone, Serialize)]
pub struct Named {
    /// As in [`Party`].
    pub id: String,
    /// As in [`Party`].
    pub name: String,
}

/// A tender, as far as a release tells it.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tender {
    /// Its id.
    pub id: String,
    /// What is wanted, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is wanted, in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `active`, `cancelled`, `unsuccessful` or `complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Who runs the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procuring_entity: Option<Named>,
    /// `open`: every provider may take part; `limited`: whom the buyer has invited; `direct`: one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procurement_method: Option<&'static str>,
    /// The method in our words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procurement_method_details: Option<&'static str>,
    /// Why the buyer asks one provider alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procurement_method_rationale: Option<String>,
    /// `ratedCriteria`: a committee scores the bids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award_criteria: Option<&'static str>,
    /// The criteria with their points, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award_criteria_details: Option<String>,
    /// How bids are handed in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub submission_method: Vec<&'static str>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission_method_details: Option<String>,
    /// The budget, where the buyer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// When bids are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tender_period: Option<Period>,
    /// When questions are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enquiry_period: Option<Period>,
    /// Whether a question was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_enquiries: Option<bool>,
    /// The answered questions (extension).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enquiries: Vec<Enquiry>,
    /// How many have bid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_of_tenderers: Option<usize>,
    /// Who has bid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tenderers: Vec<Named>,
    /// The lots (extension).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<Lot>,
    /// What the lots are for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// The documents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// The amendments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<Amendment>,
}

/// A lot.
#[derive(Default, Serialize)]
pub struct Lot {
    /// Its id.
    pub id: String,
    /// What it is, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is, in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// As of a tender.
    pub status: &'static str,
    /// The budget, where the buyer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// What a lot is for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The lot's id.
    pub id: String,
    /// The lot's title.
    pub description: String,
    /// The category.
    pub classification: Classification,
    /// The lot's id.
    pub related_lot: String,
}

/// A category.
#[derive(Serialize)]
pub struct Classification {
    /// Whose list.
    pub scheme: &'static str,
    /// The code.
    pub id: String,
    /// Its word.
    pub description: String,
}

/// A document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Its id.
    pub id: String,
    /// What it is.
    pub document_type: &'static str,
    /// Its file name.
    pub title: String,
    /// What it says, in short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is.
    pub url: String,
    /// When it was made known.
    pub date_published: Stamp,
}

/// An amendment.
#[derive(Serialize)]
pub struct Amendment {
    /// Its id.
    pub id: String,
    /// When.
    pub date: Stamp,
    /// Why.
    pub rationale: String,
    /// What was amended, and which lots it touches.
    pub description: String,
    /// The release before.
    #[serde(rename = "amendsReleaseID", skip_serializing_if = "Option::is_none")]
    pub amends: Option<String>,
    /// This release.
    #[serde(rename = "releaseID")]
    pub release: String,
}

/// An answered question. Nobody learns who asked.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Enquiry {
    /// Its id.
    pub id: String,
    /// When it was asked.
    pub date: Stamp,
    /// The question.
    pub description: String,
    /// The answer.
    pub answer: String,
    /// When it was answered.
    pub date_answered: Stamp,
}

/// What an opening disclosed (extension).
#[derive(Serialize)]
pub struct Bids {
    /// The bids.
    pub details: Vec<Bid>,
}

/// A bid, after the opening.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bid {
    /// Its id.
    pub id: String,
    /// When it was received.
    pub date: Stamp,
    /// `pending`: opened, not evaluated yet; `valid`: evaluated, and a published candidate; `disqualified`: void. None where the envelope could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Why there is no more of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'static str>,
    /// Who bids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tenderers: Vec<Named>,
    /// The price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The lot.
    pub related_lots: Vec<String>,
}

/// An award.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Award {
    /// Its id: the lot's, which has one award.
    pub id: String,
    /// The lot's title.
    pub title: String,
    /// Why this one.
    pub description: String,
    /// Always `active`.
    pub status: &'static str,
    /// When it was decided.
    pub date: Stamp,
    /// For how much.
    pub value: Value,
    /// To whom.
    pub suppliers: Vec<Named>,
    /// The lot.
    pub related_lots: Vec<String>,
    /// The bid, where the opening was public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related_bid: Option<String>,
}

/// A time from and until.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Stamp>,
    /// Until when.
    pub end_date: Stamp,
}
