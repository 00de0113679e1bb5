# The desk, and the home page.
desk = Desk
desk-waits = Waiting for you
desk-nothing = Nothing waits for you
desk-nothing-text = What comes up will stand here.
desk-company-pending = Your company waits for the operator’s approval
desk-company-refused = Your company was not approved: read why, and correct it
desk-companies-pending = { $n ->
    [one] One company waits for approval
   *[other] { $n } companies wait for approval
}
desk-because = Only what concerns you and your company is listed here.
desk-home = Tenders and quotation requests
desk-home-title = Open tenders, sealed bids, opened on the hour
desk-home-lead = Buyers publish tenders and quotation requests, providers place sealed bids; at the opening hour the program opens them, and the result is public.
desk-home-register = Register a company
desk-home-sign-in = Sign in
desk-home-free = Reading notices takes no account
desk-home-seek = Search notices: project, buyer, words
desk-home-seek-button = Search notices
desk-home-notices = Latest notices
desk-home-buyers = Buyers
desk-home-buyers-one = Run an open tender or ask for quotations, lot by lot
desk-home-buyers-two = Before the opening nobody sees whether there are bids
desk-home-providers = Providers
desk-home-providers-one = Replace or withdraw a bid until the deadline
desk-home-providers-two = A receipt for each, and an opening record ranked by price
desk-home-because = Public information is open to everybody. It takes no account and no cookie.
