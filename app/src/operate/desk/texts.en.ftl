# The desk, and the home page.
desk = Desk
desk-waits = Waiting for you
desk-nothing = Nothing waits for you
desk-nothing-text = What comes up will stand here.
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
desk-due = Due
desk-task = What
desk-no-due = no date
desk-home-all = See all
desk-headline = { $n ->
    [one] One thing waits for you
   *[other] { $n } things wait for you
}
desk-headline-soon = , { $n ->
    [one] one due within three days
   *[other] { $n } due within three days
}
desk-act = Next step
desk-title = Name
desk-state = State
desk-next = Next
desk-news = What is new
desk-news-none = Nothing yet.
desk-fortnight = The next two weeks
desk-day = { $n }
desk-weekday-1 = Mo
desk-weekday-2 = Tu
desk-weekday-3 = We
desk-weekday-4 = Th
desk-weekday-5 = Fr
desk-weekday-6 = Sa
desk-weekday-7 = Su
desk-home-how = How a tender goes
desk-home-publish = Publish
desk-home-publish-text = The buyer says what is wanted, in which lots and until when; the notice is public at once
desk-home-seal = Seal
desk-home-seal-text = A provider’s bid is sealed on receipt; the receipt can be verified offline
desk-home-open = Open
desk-home-open-text = At the deadline the program opens the bids, not a second earlier; until then no page shows that there are any
desk-home-award = Award
desk-home-award-text = The buyer decides and says why; the result is public
desk-home-buyers-three = An award has a reason, which is published with it
desk-home-providers-three = Questions do not name who asks, answers go to all
