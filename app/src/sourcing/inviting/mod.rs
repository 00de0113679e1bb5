//! Inviting further providers (补充邀请) to an invited tender that is published: nobody is taken away, and whoever comes later has the
//! time that everybody had at least, or nobody is added ([`rule`]). The company's approval and letters of authorisation are asked for as
//! with an amendment. Who is invited, and that somebody was, only the buyer reads.

mod handle;
mod page;
pub mod rule;
mod store;

use crate::identity::company::Company;
use crate::identity::{approval, mandate};
use crate::sourcing::tender::{Done, Tender};
use crate::web::{Fields, Op, Parse, Room, Routes, Scope, Texts, Who};
use http::StatusCode;
use kit::event::Fact;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// The room.
pub static ROOM: Room =
    Room::new("inviting", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

/// How inviting may be refused.
const REFUSALS: [&str; 3] = ["inviting-method", "inviting-ended", "inviting-late"];

fn routes() -> Routes {
    let form = "补充邀请的表单 · The form that invites further providers, with who is invited";
    let form = Op::page::<page::FormPage>("inviting.form", form).conflicts(&REFUSALS).token(Scope::Tender).binding();
    let invite = "补充邀请服务商：提问截止之前，并且留够投标时间 · Invites further providers to a published tender";
    let invite = Op::act::<Further, Done>("inviting.invite", invite)
        .conflicts(&REFUSALS)
        .stale()
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
        .token(Scope::Tender)
        .binding();
    let ask = "提交补充邀请的审批 · Asks for approval of inviting them";
    let ask = Op::act::<Further, approval::Done>("inviting.ask-approval", ask)
        .conflicts(&REFUSALS)
        .conflicts(&approval::UNASKED)
        .stale()
        .token(Scope::Tender)
        .binding();
    let path = "/tenders/{id}/invitation";
    Routes::new().get(path, Who::Purchaser, form, handle::new).post(path, Who::Purchaser, invite, handle::invite).post(
        "/tenders/{id}/invitation-approval",
        Who::Purchaser,
        ask,
        handle::ask,
    )
}

/// Further providers were invited. Ids only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invited {
    /// To which tender.
    pub tender: Id<Tender>,
    /// Who.
    pub companies: Vec<Id<Company>>,
}

impl Fact for Invited {
    const KIND: &'static str = "tender.invited";
}

/// Whom a buyer invites further.
pub struct Further {
    /// The tender's version that was seen.
    pub version: i64,
    /// Names or credit codes from the public list of providers, one a line.
    pub named: Vec<String>,
}

impl Parse for Further {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, named) = (fields.version(), fields.passage("named", 2..=8000));
        let named = crate::sourcing::guests::lines(&named?);
        if named.is_empty() {
            return fields.wrong("named", "required");
        }
        Some(Self { version: version?, named })
    }
}
