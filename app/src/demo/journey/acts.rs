//! The steps of the journey, in their order.

use super::{Play, Seen};
use super::{
    archive, attempts, award, bidding, circle, enclosed, joint, judged, life, lists, negotiated, open_data, opened,
    people, signup, write,
};
use futures::future::BoxFuture;

/// A step by its name.
pub type Act = (&'static str, for<'a> fn(&'a mut Play) -> BoxFuture<'a, Seen>);

pub const ACTS: &[Act] = &[
    ("the program answers", |play| Box::pin(signup::health(play))),
    ("the operator signs in", |play| Box::pin(signup::operator(play))),
    ("a buyer signs up; a wrong and a reused code are refused", |play| Box::pin(signup::buyer(play))),
    ("three providers sign up", |play| Box::pin(signup::providers(play))),
    ("a company that waits for approval publishes nothing", |play| Box::pin(signup::unapproved(play))),
    ("a provider is verified after one document was refused and mended", |play| Box::pin(signup::verification(play))),
    ("the operator approves the companies", |play| Box::pin(signup::approval(play))),
    ("a provider shows what it does, and anybody reads it", |play| Box::pin(signup::introduction(play))),
    ("the buyer publishes a tender of two lots", |play| Box::pin(bidding::publication(play))),
    ("a question is answered to all, and nobody learns who asked", |play| Box::pin(bidding::clarification(play))),
    ("sealed bids are received, each with a receipt", |play| Box::pin(bidding::bids(play))),
    ("a second bid for a lot and a buyer's bid are refused", |play| Box::pin(bidding::foreign_bids(play))),
    ("a bid is replaced", |play| Box::pin(bidding::replacement(play))),
    ("a bid is withdrawn", |play| Box::pin(bidding::withdrawal(play))),
    ("nobody reads a bid, or learns of one, before the hour", |play| Box::pin(bidding::early(play))),
    ("the clock moves to the deadline", |play| Box::pin(bidding::deadline(play))),
    ("a late bid is refused", |play| Box::pin(bidding::late(play))),
    ("the bids are opened and ranked by price", |play| Box::pin(award::opening(play))),
    ("the lot with too few bids has failed", |play| Box::pin(award::failure(play))),
    ("the best bid is awarded", |play| Box::pin(award::award(play))),
    ("the public finds and reads the notice of the result", |play| Box::pin(award::notice(play))),
    ("a demand is published, and answered with interest", |play| Box::pin(enclosed::demand(play))),
    ("it becomes a tender's draft, nothing is typed twice", |play| Box::pin(enclosed::draft(play))),
    ("three opening officers make keys and prove them", |play| Box::pin(enclosed::officers(play))),
    ("the tender is published: two of three open it, a committee evaluates it", |play| {
        Box::pin(enclosed::publication(play))
    }),
    ("three bidders seal by themselves and submit", |play| Box::pin(enclosed::bids(play))),
    ("nothing opens it before the hour", |play| Box::pin(attempts::early(play))),
    ("the hour comes, and whoever is late is refused", |play| Box::pin(opened::hour(play))),
    ("what is no share, and one share too few, open nothing", |play| Box::pin(opened::too_few(play))),
    ("with the second share all bids are opened", |play| Box::pin(opened::enough(play))),
    ("a committee is drawn, and anybody draws it again", |play| Box::pin(judged::drawn(play))),
    ("each scores alone and signs; the report counts as its rule says", |play| Box::pin(judged::report(play))),
    ("candidates are published, and nothing is awarded while they stand", |play| Box::pin(judged::candidates(play))),
    ("after the standstill the first is awarded, and each bidder has a letter", |play| Box::pin(judged::award(play))),
    ("open data: the releases merge to the record, and keep the rules that the program checks", |play| {
        Box::pin(open_data::check(play))
    }),
    ("every receipt verifies with the published key", |play| Box::pin(award::receipts(play))),
    ("the log proves that it has the newest receipts", |play| Box::pin(award::proofs(play))),
    ("the archive of the tender verifies offline, file by file", |play| Box::pin(archive::check(play))),
    ("a provider keeps a paper, renews it, and nobody else reads it", |play| Box::pin(circle::library(play))),
    ("a pool takes two of three, and an order goes to one of them", |play| Box::pin(circle::pool(play))),
    ("an invited tender is read by those whom it names, and by nobody else", |play| Box::pin(circle::invited(play))),
    ("a consortium bids as one, and nobody else learns of it", |play| Box::pin(joint::bid(play))),
    ("a tender is negotiated: three respond", |play| Box::pin(negotiated::bids(play))),
    ("the invited tender is opened for those who bid", |play| Box::pin(circle::opened(play))),
    ("the consortium's bid is opened in the names of all its members, and wins", |play| Box::pin(joint::opened(play))),
    ("each is negotiated with apart, and a change is told to all", |play| Box::pin(negotiated::talks(play))),
    ("final offers are sealed until their hour", |play| Box::pin(negotiated::finals(play))),
    ("a colleague is invited, joins, takes over a duty and goes", |play| Box::pin(people::colleague(play))),
    ("colleagues come by a spreadsheet, shown before anything happens", |play| Box::pin(lists::colleagues(play))),
    ("the buyer chooses a data centre", |play| Box::pin(write::data_centre(play))),
    ("two companies write to each other, one sends a file", |play| Box::pin(write::correspondence(play))),
    ("companies come by a spreadsheet: one is registered, one refuses", |play| Box::pin(lists::companies(play))),
    ("a person signs up and reads what is kept of them", |play| Box::pin(life::arrival(play))),
    ("they refuse every additional function, and lose nothing else", |play| Box::pin(life::refusal(play))),
    ("they take a signed copy of everything along, once", |play| Box::pin(life::copy(play))),
    ("they leave, and have a certificate", |play| Box::pin(life::departure(play))),
    ("a restore is rehearsed: the erased stay erased", |play| Box::pin(life::rehearsal(play))),
];
