//! Counts that must be nothing: half of a unit of work, an event too many or too few, a bid too late.

use crate::ledger::Ledger;
use crate::place::Place;
use kit::db::Error;

/// What must be 0 at any moment, and the sentence for when it is not. A unit of work stands whole or not at all.
const ALWAYS: [(&str, &str); 23] = [
    (
        "acts on bids without a receipt, or without an event",
        "SELECT (SELECT count(*) FROM bid_receipt) - (SELECT count(*) FROM event WHERE kind = 'bid.acted')",
    ),
    (
        "versions of bids without a receipt",
        "SELECT (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM bid) - (SELECT count(*) FROM bid_receipt)",
    ),
    (
        "sealed bids without an envelope, or with two",
        "SELECT count(*) FROM bid WHERE (state = 'withdrawn') = (envelope IS NOT NULL OR blob IS NOT NULL) \
      OR (envelope IS NOT NULL AND blob IS NOT NULL)",
    ),
    (
        "bids that came after the deadline",
        "SELECT count(*) FROM bid b JOIN tender t ON t.id = b.tender WHERE b.received_at >= t.deadline",
    ),
    (
        "bids that were opened before their hour, or beside their tender",
        "SELECT count(*) FROM bid b JOIN tender t ON t.id = b.tender WHERE (b.state = 'opened' OR b.price IS NOT NULL \
      OR b.company IS NOT NULL) AND (t.state NOT IN ('auction', 'evaluation', 'awarded') OR t.opened_at < t.deadline)",
    ),
    ("envelopes that could not be read", "SELECT count(*) FROM bid WHERE state = 'unreadable'"),
    (
        // One that waits for officers has the job that reminds them.
        "closed tenders without a job that opens them",
        "SELECT count(*) FROM tender t WHERE t.state = 'closed' AND NOT EXISTS \
      (SELECT 1 FROM job j WHERE j.kind = 'opening.open' AND substr(j.payload, 1, 16) = t.id AND j.dead = 0)",
    ),
    (
        "tenders opened with fewer shares than they need",
        "SELECT count(*) FROM tender t WHERE t.hands IS NOT NULL AND t.opened_at IS NOT NULL AND 2 > \
      (SELECT count(*) FROM event e WHERE e.kind = 'opening.share-given' AND e.tender = t.id)",
    ),
    (
        "shares without their event, or events without a share",
        "SELECT (SELECT count(*) FROM opening_share) - (SELECT count(*) FROM event e JOIN tender t ON t.id = e.tender \
      WHERE e.kind = 'opening.share-given' AND t.state = 'closed')",
    ),
    (
        "boxes or shares of tenders that are opened",
        "SELECT (SELECT count(*) FROM opening_box b JOIN tender t ON t.id = b.tender WHERE t.state <> 'closed') \
      + (SELECT count(*) FROM opening_share s JOIN tender t ON t.id = s.tender WHERE t.state <> 'closed')",
    ),
    (
        "tenders past their hour without the event, or closed twice",
        "SELECT (SELECT count(*) FROM tender WHERE state NOT IN ('draft', 'published')) \
      - (SELECT count(*) FROM event WHERE kind = 'tender.closed')",
    ),
    (
        "tenders opened without the event, or twice",
        "SELECT (SELECT count(*) FROM tender WHERE opened_at IS NOT NULL) \
      - (SELECT count(*) FROM event WHERE kind = 'tender.opened')",
    ),
    (
        "tenders failed without the event, or twice",
        "SELECT (SELECT count(*) FROM tender WHERE state = 'failed') - (SELECT count(*) FROM event WHERE kind = 'tender.failed')",
    ),
    (
        "tenders published without the event, or twice",
        "SELECT (SELECT count(*) FROM tender WHERE published_at IS NOT NULL) \
      - (SELECT count(*) FROM event WHERE kind = 'tender.published')",
    ),
    (
        "notices without their event, or events without a notice",
        "SELECT (SELECT count(*) FROM notice) - (SELECT count(*) FROM event WHERE kind = 'notice.published')",
    ),
    (
        "companies without an account, or without an event; colleagues have joined one that is there",
        "SELECT 2 * (SELECT count(*) FROM company) - (SELECT count(*) FROM event WHERE kind = 'company.applied') \
      - (SELECT count(*) FROM account WHERE operator = 0) + (SELECT count(*) FROM invitation WHERE state = 'accepted')",
    ),
    (
        "accounts without an agreement, or without an event",
        "SELECT 2 * (SELECT count(*) FROM account) - (SELECT count(*) FROM event WHERE kind = 'account.registered') \
      - (SELECT count(*) FROM agreement)",
    ),
    (
        "registrations without codes, or beside the account that they became",
        "SELECT (SELECT count(*) FROM registration r WHERE NOT EXISTS (SELECT 1 FROM code_pair c WHERE c.id = r.id)) \
      + (SELECT count(*) FROM registration r JOIN account a ON a.id = r.id)",
    ),
    (
        "reports of committees without their event, or twice",
        "SELECT (SELECT count(*) FROM committee WHERE concluded_at IS NOT NULL) \
      - (SELECT count(*) FROM event WHERE kind = 'evaluation.concluded')",
    ),
    (
        "publications of candidates without their event, or twice",
        "SELECT (SELECT count(*) FROM candidates_publication) - (SELECT count(*) FROM event WHERE kind = 'candidates.published')",
    ),
    (
        "awards without their event, or twice",
        "SELECT (SELECT count(*) FROM award) - (SELECT count(*) FROM event WHERE kind = 'tender.lot-awarded')",
    ),
    (
        "awards before their standstill was over, or without a report",
        "SELECT count(*) FROM award a WHERE NOT EXISTS (SELECT 1 FROM candidates_publication p JOIN committee c ON c.lot = p.lot \
      WHERE p.lot = a.lot AND p.state = 'published' AND p.until <= a.decided_at AND c.concluded_at IS NOT NULL)",
    ),
    ("jobs that were given up", "SELECT count(*) FROM job WHERE dead = 1"),
];

/// What must be 0 once the program has had time to do what follows.
const AT_REST: [(&str, &str); 6] = [
    // The transparency log's next audit waits for its night, and what would remind officers for its day.
    (
        "jobs left",
        "SELECT count(*) FROM job WHERE kind <> 'log.audit' AND NOT (kind = 'opening.open' AND length(payload) = 17)",
    ),
    ("events without a number", "SELECT count(*) FROM event WHERE seq IS NULL"),
    ("numbers of events that are missing", "SELECT coalesce(max(seq), 0) - count(*) FROM event"),
    (
        "tenders whose hour has passed without its consequence",
        "SELECT count(*) FROM tender WHERE state = 'closed' OR (state = 'published' AND next_check <= \
      (SELECT max(at) FROM event) - 60000000)",
    ),
    (
        "publications without a notice, or with two",
        "SELECT (SELECT count(*) FROM tender WHERE published_at IS NOT NULL) \
      - (SELECT count(*) FROM notice WHERE tender IS NOT NULL AND kind = 'tender')",
    ),
    (
        "failures without a notice, or with two",
        "SELECT (SELECT count(*) FROM tender WHERE state = 'failed') \
      - (SELECT count(*) FROM notice n JOIN tender t ON t.id = n.tender WHERE n.kind = 'result' AND t.state = 'failed')",
    ),
];

/// Looks at what must hold at any moment, on one snapshot.
///
/// # Errors
/// [`Error`] of the database.
pub async fn always(place: &Place, ledger: &Ledger) -> Result<(), Error> {
    for broken in counts(place, &ALWAYS).await? {
        ledger.violation(broken);
    }
    Ok(())
}

/// What is not at rest yet: sentences, none when all is.
///
/// # Errors
/// [`Error`] of the database.
pub async fn at_rest(place: &Place) -> Result<Vec<String>, Error> {
    counts(place, &AT_REST).await
}

async fn counts(place: &Place, checks: &'static [(&'static str, &'static str)]) -> Result<Vec<String>, Error> {
    place
        .read(move |tx| {
            let mut broken = Vec::new();
            for (what, sql) in checks {
                let count: i64 = tx.one(sql, &[], |row| row.next())?;
                if count != 0 {
                    broken.push(format!("{count} {what}"));
                }
            }
            Ok(broken)
        })
        .await
}
