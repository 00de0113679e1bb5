dossier-stages = Progress
dossier-stage-published = Notice published
dossier-stage-bidding = Open for bids
dossier-stage-opening = Opening
dossier-stage-evaluation = Evaluation
dossier-stage-award = Award
dossier-until = until{" "}
dossier-who-providers = Approved providers
dossier-who-system = The program, at the hour
dossier-sign-in-to-bid = Sign in to bid
dossier-sign-in-hint = Approved providers can bid
dossier-choose-lot = Choose a lot to bid for
dossier-own-bid = Our bid
dossier-bid = Bid
dossier-no-bid = Not taking part
dossier-least = Each lot needs { $n } bids; with fewer that lot fails and the others go on. The number of bids is not shown before the opening.
dossier-budget-none = not published
dossier-hidden = Nothing about bids is shown before the opening
dossier-hidden-text = Whether anybody bids, who, and for how much is hidden from you and from the operator alike. The program opens at the deadline.
dossier-failed = Failed
dossier-failed-text = Every lot had fewer than { $n } bids; the envelopes stay shut.
dossier-questions = Clarification
dossier-no-questions = No answers have been published yet.
dossier-answered-to-all = Public for all; who asked is not
dossier-waiting = Waiting for the buyer’s answer.
dossier-answer-act = Answer for all
dossier-own-question = Asked by your company; the buyer cannot see that
dossier-ask = Ask a question
dossier-ask-hint = Do not name your company; the answer is public
dossier-ask-act = Send the question
dossier-no-documents = No documents.
dossier-sealing = How sealing works
dossier-sealing-text = A bid is sealed to this tender’s public key as soon as it is received. The secret key lies in the key store, apart from data and back-ups, and the program releases it at the hour of the opening. Opened this way, you trust the operator to run the program so; a buyer can also have its bids opened by several people.
dossier-because = A published tender is public information. Before the deadline nobody is shown how many bid, or who: not the buyer, not the operator.
tender-lot-state-open = Open for bids
tender-lot-state-closed = Being opened
tender-lot-state-evaluation = In evaluation
tender-lot-state-awarded = Awarded
tender-lot-state-failed = Failed
tender-lot-state-terminated = Ended
dossier-bid-act = Seal a bid
dossier-bid-hint = Until { $time } it can be replaced or withdrawn
dossier-to-own-bids = Our bids
dossier-answer-questions = { $n ->
    [one] Answer one question
   *[other] Answer { $n } questions
}
dossier-answer-hint = Until { $time }; the answer is public at once
dossier-to-opening = Until the opening
dossier-change-bid = Replace or withdraw
dossier-unbid = { $n ->
    [one] No bid for one lot
   *[other] No bid for { $n } lots
}
dossier-unbid-hint = Until you submit, it stays in your browser
dossier-hidden-short = Nobody is shown how many, who, or how much
dossier-opening-now = The hour has come and the program is opening the envelopes. Reload in a few seconds.
dossier-opened-by = The program released the key at the hour; the record is ranked by price
dossier-dates = Add to calendar
dossier-date-questions = Last day for questions: { $title }
dossier-date-deadline = Deadline and opening: { $title }
dossier-amended = Amended, { $n } in all
dossier-lot-amended = Touched by amendment { $n }
dossier-evaluate = Evaluation committee
dossier-evaluate-hint = Nothing is awarded before the committee’s report
dossier-opening-hands = The hour has come and the platform’s layer is off. The envelopes open with the shares of { $k } of { $n } opening officers.
dossier-opening-stuck = If too few officers answer, the bids stay sealed. You can terminate the tender: the envelopes are then destroyed unopened.
dossier-sealing-hands = A bid is sealed in the bidder’s own browser or command line, and the platform receives only the envelope. It opens with the platform’s key and the shares of the set number of opening officers; neither the platform alone nor the officers alone can open it. The operator together with that many officers could open it before the hour; nobody else can.
