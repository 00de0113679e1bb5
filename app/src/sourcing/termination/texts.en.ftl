termination-new = End a tender
termination-title = Termination
termination-ended-at = Ended
termination-lots = Which lots end
termination-lots-hint = All of them end the whole tender; those not chosen go on. Lots that were awarded or have failed are not listed
termination-reason = Why
termination-reason-hint = 5–2000 characters, published with the notice of termination; state the facts, as that the project was dropped, the budget changed, or the need has changed in substance
termination-binding = What ending means
termination-binding-public = It is public at once, with a notice of termination; companies that have bid or asked are told
termination-binding-bids = Bids that were not opened stay so, and their sealed envelopes are destroyed; of what was opened, the opening record stays
termination-binding-final = It cannot be undone. Who still wants what was to be bought tenders it again, without typing lots, text and documents a second time
termination-act = End
termination-act-hint = At once and publicly; it cannot be undone
termination-because = You end a published tender for the buyer. The termination is public; nobody sees bids that were not opened.
done-termination-published = Ended. The notice of termination is public in a moment.
done-tender-again = A draft to tender again was made. Check its content and dates, then publish it.
field-termination-no-lot = Choose at least one lot
field-termination-lot-over = Some of these lots are over; choose again as they stand now
error-termination-ended = The tender is over: there is nothing to end
error-termination-ended-way-out = A tender that was awarded, has failed or was ended can be tendered again.
error-tender-nothing-again = No lot can be tendered again
error-tender-nothing-again-way-out = Only lots that have failed or were ended can.
dossier-terminate = End
dossier-terminated = This tender was ended
dossier-terminated-text = Its buyer ended it before an award; the reason stands below under “Termination”. Bids that were not opened have been destroyed, and nobody has seen what was in them.
dossier-again-act = Tender again
dossier-again-hint = A new draft of the lots that failed or were ended, with text and documents
dossier-again-of = { $n ->
    [2] Second tender; the one before:
    [3] Third tender; the one before:
   *[other] Tender number { $n }; the one before:
  }
dossier-again-by = Tendered again:
