//! Approval of a call, where the company asks for approval of its publications.

use super::form::Seen;
use super::list::QualifiedList;
use super::{rule, store};
use crate::app::App;
use crate::identity::approval::{self, Act, Ask, Content as Lines, Done, Line, Shown};
use crate::sourcing::attached;
use crate::sourcing::tender::{category_named, region_named};
use crate::web::{At, Error, Input, Purchaser, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

/// `POST /qualified-lists/{id}/approval`: asks for approval of a draft as its company has just seen it.
pub(super) async fn ask(
    State(app): State<App>,
    buyer: Purchaser,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        let found = store::own_draft(tx, &buyer, id)?;
        let ask = publication(tx, &found, version)?;
        approval::ask(tx, &buyer, &ask)
    };
    Ok(Done::saved(app.db().write(unit).await?, "approval-asked"))
}

/// The publication of a draft as it was seen, if nothing stands against it.
///
/// # Errors
/// 409 `qualified-too-soon` with the earliest deadline, 412.
pub(super) fn publication(tx: &mut Tx, found: &QualifiedList, version: i64) -> Result<Ask, Error> {
    if found.version != version {
        return Err(Error::stale());
    }
    let earliest = rule::earliest_deadline(found.content.regime, tx.now());
    if found.content.applications_until.is_some_and(|until| until < earliest) {
        return Err(Error::conflict("qualified-too-soon").with("earliest", earliest));
    }
    let mut lines = lines(found);
    for file in attached::list(tx, found.id)? {
        let path = format!("/qualified-documents/{}", file.id);
        lines.push(Line::new("qualified-documents", Shown::File { name: file.name, sha256: file.sha256, path }));
    }
    let path = format!("/qualified-lists/{}/publication", found.id);
    let content = Lines { lines, path, fields: vec![("version".to_owned(), version.to_string())] };
    Ok(Ask { act: Act::List, subject: found.id.cast(), title: found.content.title.clone(), amount: None, content })
}

fn lines(found: &QualifiedList) -> Vec<Line> {
    let content = &found.content;
    let (text, named) = (Shown::text, Shown::named);
    let mut lines = vec![
        Line::new("qualified-title", text(&content.title)),
        Line::new("qualified-kind", Shown::Word(content.kind.word())),
        Line::new("qualified-regime", Shown::Word(content.regime.word())),
        Line::new("qualified-category", named(category_named, &content.category)),
        Line::new("qualified-region", named(region_named, &content.region)),
        Line::new("qualified-summary", text(&content.summary)),
        Line::new("qualified-valid_days", text(&content.valid_days.to_string())),
    ];
    lines.extend(content.applications_until.map(|at| Line::new("qualified-applications_until", Shown::Instant(at))));
    lines.extend(content.most.map(|most| Line::new("qualified-most", text(&most.to_string()))));
    lines.extend(content.requirements.iter().map(|one| Line::new("qualified-requirements", text(one))));
    lines
}
