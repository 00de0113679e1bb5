//! The parts as routes, and as operations of the API.

use super::addresses::Addresses;
use super::bank::Bank;
use super::file::{self, Seen};
use super::group::{Called, Group, Related};
use super::identity::Identity;
use super::page::{History, PartPage, Stood};
use super::permits::{Document, Permits, Stated};
use super::representative::Stands;
use super::{history, listed};
use crate::web::{Nothing, Op, Routes, Scope, Who};
use http::StatusCode;

/// Adds the parts' routes to the room's.
pub fn routes(routes: Routes) -> Routes {
    let prefetch = |op: Op| op.fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let part = |id, summary| Op::page::<PartPage>(id, summary);
    let whose = "谁代表公司（查看会被记录）· Who stands for the company, on record";
    let history =
        Op::page::<History>("company.history", "变更记录，以及某日的状态 · What was filed, and the company on a day")
            .query(history::PARAMETERS)
            .fails(StatusCode::BAD_REQUEST, &["company-day"]);
    let routes = routes
        .get("/company/history", Who::Member, prefetch(history), history::show)
        .get(
            "/company/identity",
            Who::Member,
            part("company.identity", "主体 · What the company is").token(Scope::Read),
            file::show::<Identity>,
        )
        .post(
            "/company/identity",
            Who::Owner,
            filed::<Identity>("company.file-identity", "提交主体信息 · Files what the company is"),
            file::file::<Identity>,
        )
        .get(
            "/company/representative",
            Who::Member,
            prefetch(part("company.representative", whose)),
            file::show_representative,
        )
        .post(
            "/company/representative",
            Who::Owner,
            filed::<Stands>("company.file-representative", "提交法定代表人或经营者 · Files who stands for the company")
                .missing(),
            file::file_representative,
        )
        .get(
            "/company/addresses",
            Who::Member,
            part("company.addresses", "地址 · Registered and postal address").token(Scope::Read),
            file::show::<Addresses>,
        )
        .post(
            "/company/addresses",
            Who::Owner,
            filed::<Addresses>("company.file-addresses", "提交地址 · Files the addresses"),
            file::file::<Addresses>,
        );
    lists(accounts(routes))
}

fn accounts(routes: Routes) -> Routes {
    let page = Op::page::<PartPage>("company.bank", "对公账户 · The company's bank account");
    let file = filed::<Bank>("company.file-bank", "提交对公账户 · Files the bank account");
    routes.get("/company/bank", Who::Member, page, file::show::<Bank>).post(
        "/company/bank",
        Who::Owner,
        file,
        file::file::<Bank>,
    )
}

fn lists(routes: Routes) -> Routes {
    let part = |id, summary| Op::page::<PartPage>(id, summary).token(Scope::Read);
    let add = Op::act::<Document, Stood>("company.list-document", "登记证照 · Lists a document")
        .conflicts(&["company-documents-full"])
        .missing();
    let remove = Op::act::<Nothing, Stood>("company.remove-document", "删除证照 · Takes a document from the list");
    let relate = Op::act::<Related, Stood>("company.list-relation", "登记关联公司 · Lists another company")
        .conflicts(&["company-relations-full"])
        .missing();
    let part_with =
        Op::act::<Nothing, Stood>("company.remove-relation", "删除关联公司 · Takes a company from the list");
    routes
        .get(
            "/company/permits",
            Who::Member,
            part("company.permits", "许可与证照 · Permits and documents"),
            file::show::<Permits>,
        )
        .post(
            "/company/permits",
            Who::Owner,
            filed::<Stated>("company.file-permits", "提交许可声明 · Files whether permits are needed"),
            file::file::<Stated>,
        )
        .post("/company/permits/documents", Who::Owner, add, listed::add_document)
        .post("/company/permits/documents/{id}/removal", Who::Owner, remove, listed::remove_document)
        .get(
            "/company/group",
            Who::Member,
            part("company.group", "集团与控制关系 · Group and control"),
            file::show::<Group>,
        )
        .post(
            "/company/group",
            Who::Owner,
            filed::<Called>("company.file-group", "提交集团名称 · Files the group's name"),
            file::file::<Called>,
        )
        .post("/company/group/relations", Who::Owner, relate, listed::add_relation)
        .post("/company/group/relations/{id}/removal", Who::Owner, part_with, listed::remove_relation)
}

fn filed<F: crate::web::Parse>(id: &'static str, summary: &'static str) -> Op {
    Op::act::<Seen<F>, Stood>(id, summary).stale().conflicts(&["credit-code-taken"]).missing()
}
