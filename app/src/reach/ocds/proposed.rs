//! What the publication of the candidates makes known. They are no awards: merging takes no supplier away.

use super::making::{Making, told};
use super::party;
use super::release::{Bid, Bids, Document, Release};
use super::value::Stamp;
use crate::sourcing::candidates::Publication;
use crate::sourcing::opening::record::Opened;
use crate::sourcing::profile::Method;
use crate::sourcing::tender;
use crate::web::Error;
use kit::db::Tx;
use kit::money;

impl Making<'_> {
    /// 中标候选人公示: a document with the candidates, whose bids are valid; `has_ended`: the publication stands no more.
    pub fn candidates(
        &self,
        tx: &mut Tx,
        publication: &Publication,
        bids: &[Opened],
        has_ended: bool,
    ) -> Result<Release, Error> {
        let mut release = self.empty(tx, &["tenderUpdate"])?;
        let lots = tender::store::lots(tx, self.tender.id)?;
        let position = lots.iter().find(|lot| lot.id == publication.lot).map_or(0, |lot| lot.position);
        let end = if has_ended { "（已撤回或失效）" } else { "" };
        let mut said = Vec::with_capacity(publication.candidates.len());
        for one in &publication.candidates {
            let of_it = bids.iter().find(|bid| bid.id == one.bid);
            let mut names = Vec::new();
            for company in of_it.map_or_else(|| vec![one.company], Opened::companies) {
                names.push(party::of(tx, company, "", &[])?.name);
            }
            let (rank, price) = (one.rank, money::plain(one.price));
            let names = names.join("、");
            said.push(format!("第{rank}名：{names}，报价{price}元，综合得分{}", one.points()));
        }
        release.tender.documents = vec![Document {
            id: publication.id.to_string(),
            document_type: "evaluationReports",
            title: format!("标段{position}中标候选人公示{end}"),
            description: Some(said.join("；")),
            url: self.app.config().address(&format!("/lots/{}/candidates", publication.lot)),
            date_published: Stamp(publication.published_at),
        }];
        if self.tender.method == Method::Open {
            let status = if has_ended { "pending" } else { "valid" };
            let of_them = bids.iter().filter(|bid| publication.candidates.iter().any(|one| one.bid == bid.id));
            // Who bids was told with the opening: by its id a bid is merged with what was told of it.
            let details =
                of_them.map(|bid| Bid { status: Some(status), description: None, ..told(publication.lot, bid, &[]) });
            release.bids = Some(Bids { details: details.collect() }).filter(|bids| !bids.details.is_empty());
        }
        Ok(release)
    }
}
