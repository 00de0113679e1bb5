//! The joint bidding agreements that an archive holds: for each member of a consortium that has bid, its own. The buyer reads of them what the
//! opening record says.

use super::gather::Part;
use super::rule::file_name;
use super::store::Making;
use crate::app::App;
use crate::sourcing::bid::joint::{self, Consortium, Key, Lying};
use crate::web::Error;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// An agreement as it lies: of which lot, by its number, of which consortium, and where its file lies as it was signed on paper.
type Sealed = (i64, Id<Consortium>, Vec<u8>, Option<Lying>);

/// The agreements of whoever asked: the text whose hash the receipts of the bid name.
///
/// # Errors
/// 503 while the key database cannot be asked; 500 for one that was changed.
pub async fn parts(app: &App, making: &Making) -> Result<Vec<Part>, Error> {
    if !making.tender.terms.takes_consortia() {
        return Ok(Vec::new());
    }
    let (tender, mark) = (making.tender.id, joint::mark(app, making.tender.id, making.company));
    let read = move |tx: &mut Tx| {
        let sql = "SELECT l.position, c.id, c.agreement, c.region, c.blob FROM consortium c JOIN lot l ON l.id = c.lot WHERE c.tender = $1 \
             AND EXISTS (SELECT 1 FROM bid b WHERE b.consortium = c.id) AND EXISTS (SELECT 1 FROM consortium_member m \
             WHERE m.consortium = c.id AND m.member = $2 AND m.standing = 'accepted') ORDER BY l.position, c.id";
        tx.all(sql, values![tender, mark], |row| {
            let (position, id, agreement) = (row.next()?, row.next()?, row.next()?);
            let place = row.next::<Option<String>>()?.zip(row.next::<Option<String>>()?);
            Ok((position, id, agreement, place.map(|(region, blob)| Lying { region, blob })))
        })
    };
    let sealed: Vec<Sealed> = app.db().read::<_, db::Error>(read).await?;
    let mut parts = Vec::with_capacity(sealed.len());
    for (position, id, sealed, lying) in sealed {
        let key = Key::of(app, id).await?;
        let agreement = key.open(&sealed)?;
        parts.push(Part::bytes(format!("agreements/lot-{position}-{id}.json"), agreement.text()));
        if let Some(lying) = lying {
            let (name, content) = joint::read_signed(app, (&key, &agreement), &lying).await?;
            parts.push(Part::bytes(format!("agreements/lot-{position}-{id}-{}", file_name(&name)), content));
        }
    }
    Ok(parts)
}
