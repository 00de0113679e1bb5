//! What a row keeps although it follows from others says what they say: a test calls this where hours, rounds and prices have changed.

use crate::world::World;

/// What must be 0 at any moment.
const DERIVED: [(&str, &str); 4] = [
    (
        "tenders that the clock engine would look at another hour than their lots say",
        "SELECT count(*) FROM tender t WHERE t.state IN ('auction', 'evaluation') AND \
         (coalesce(t.standstill, 0) <> coalesce((SELECT min(l.standstill_until) FROM lot l WHERE l.tender = t.id AND l.state = 'candidates'), 0) \
         OR coalesce(t.auction_check, 0) <> coalesce((SELECT min(a.next_check) FROM auction a WHERE a.tender = t.id), 0) \
         OR coalesce(t.finals, 0) <> coalesce((SELECT min(n.until) FROM negotiation n JOIN lot l ON l.id = n.lot \
         WHERE n.tender = t.id AND n.state = 'invited' AND l.state = 'negotiation'), 0))",
    ),
    (
        "negotiations whose round is not one more than their changes",
        "SELECT count(*) FROM negotiation n WHERE n.round <> 1 + (SELECT count(*) FROM negotiation_change c WHERE c.lot = n.lot)",
    ),
    (
        "bids whose price is not the last offer of their auction, or was not read out as it says",
        "SELECT count(*) FROM auction_bidder a JOIN auction s ON s.lot = a.lot JOIN bid b ON b.id = a.bid WHERE \
         (s.phase = 'ended' AND (coalesce(b.opened_price, -1) <> a.opened OR b.price <> a.price)) \
         OR (s.phase <> 'ended' AND (b.opened_price IS NOT NULL OR b.price <> a.opened))",
    ),
    (
        "bids whose price is not that of their final offer, or without their first",
        "SELECT count(*) FROM final_offer f JOIN bid b ON b.id = f.bid \
         WHERE f.state = 'opened' AND (f.price <> b.price OR f.delivery_days <> b.delivery_days OR b.first_price IS NULL)",
    ),
];

/// Fails where something stored disagrees with what it follows from.
pub async fn agree(world: &World) {
    for (what, sql) in DERIVED {
        assert_eq!(world.count(sql).await, 0, "{what}");
    }
}
