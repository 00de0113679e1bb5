opening-record = Opening record
opening-at = Opened
opening-rank = Place by price
opening-bidder = Bidder
opening-received = Received
opening-days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
opening-none = none
opening-failed = Failed, not opened
opening-failed-text = There were too few bids; the envelopes stay shut.
opening-unopened = Ended, not opened
opening-unopened-text = The buyer ended this lot before the opening; its envelopes were not opened.
opening-because-open = Anybody may read the opening record of an open tender; files and remarks are for the buyer and for the bidder itself.
opening-because-closed = The opening record of a request for quotations is for the buyer and the bidders.
opening-over = CNY { $sum } above the lowest
opening-share = { $n }% of the budget
