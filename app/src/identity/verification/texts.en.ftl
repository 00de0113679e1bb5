# Verification
verification = Verification
verification-case = Verification
verification-lead = The company's level, the level that each function needs, and the way there.
verification-cases = Cases
verification-kind-company = Company verification
verification-kind-company-about = The business licence, and the company's letter that lets you act for it.
verification-begin = Begin
verification-mend = Mend
verification-look = Look
verification-functions = What each function needs
verification-function = Function
verification-needs = Level needed
verification-open-to-you = Your company
verification-yes = Open
verification-not-yet = Not yet
verification-function-ask = Asking questions
verification-levels = The way there
verification-level-contact = Contact confirmed
verification-level-contact-way = Type the codes of the text message and the e-mail when you register.
verification-level-company = Company verified
verification-level-company-way = Upload business licence and letter of authority; a reviewer of the operator compares them. The operator may also approve a company by the public register.
verification-function-own = Your own account and data, requests and complaints, cancellation
verification-function-read = Reading notices, public tenders and results
verification-function-publish = Publishing tenders, answering questions, awarding
verification-function-bid = Bidding, replacing and withdrawing bids
verification-function-profile = The provider's public page
verification-function-contacts = Entering contacts of your own company
verification-function-reach = Seeing a provider’s contacts
verification-function-token = Making tokens and webhooks for programs
verification-because = Levels are company data, and its members see them. Without verification only business with other companies stays shut; the rest goes on.
verification-state-open = Not handed in
verification-state-handed-in = Under review
verification-state-returned = Something to mend
verification-state-accepted = Verified
verification-state-refused = Refused
verification-step-missing = Nothing uploaded
verification-step-given = Uploaded
verification-step-accepted = Accepted
verification-step-refused = Refused
verification-step-licence = Business licence
verification-step-licence-hint = Photo or PDF, six pages at most, 8 MB a file. All four corners, legible, valid.
verification-step-letter = Letter of authority
verification-step-letter-hint = The company's sealed letter: who acts for it here, in which business. Photo or PDF, six pages at most, 8 MB a file. Please cover what is not needed, such as identity numbers.
verification-step-reason = Why it was refused last
verification-pages = Choose files
verification-page = Page { $n }
verification-page-colleague = Uploaded by a colleague: only they and the reviewer open it
verification-pages-gone = The pages were deleted on time. Uploaded:
verification-upload = Upload
verification-replace = Upload anew, in place of these pages
verification-hand-in = Hand in
verification-hand-in-act = Hand in for review
verification-hand-in-consequence = One reviewer compares it; until they begin you can take it back. The pages are kept for 30 days after the decision at most, then deleted.
verification-lacking =
    { $n ->
        [one] One step lacks its pages; then you can hand it in.
       *[other] { $n } steps lack their pages; then you can hand it in.
    }
verification-take-back = Take back
verification-take-back-text = Nobody has begun to review it: you can take it back and change it.
verification-open-title = Upload step by step, then hand everything in
verification-open-text = Files are drawn anew as pictures: place, device, author and whatever else is noted in them does not stay.
verification-handed-in-title = Handed in, waiting for review
verification-handed-in-text = The company's members get the result by e-mail.
verification-with-reviewer = A reviewer is comparing it. The company's members get the result by e-mail.
verification-returned-title =
    { $n ->
        [0] Everything is there again: hand it in
        [one] One step has to be uploaded anew
       *[other] { $n } steps have to be uploaded anew
    }
verification-returned-text = Only what was refused: what was accepted stays so.
verification-accepted-title = Verified
verification-accepted-text = The company may publish tenders and bid.
verification-accepted-register = The operator approved the company by the public register; no documents are needed.
verification-refused-title = Refused
verification-refused-text = First correct name, credit code and the rest on the company's page and hand it in again; what you have uploaded stays.
verification-owners-act = An owner of the company uploads, hands in and appeals
verification-to-company = Correct it on the company's page
verification-case-because = What you have uploaded is opened by you and by the one reviewer who has the case, each time on record, which you read under “Who looked at my data”.
verifications = Verifications
verifications-lead = Claim first, then compare: documents open for the one who has the case, each time on record.
verifications-by-state = By state
verifications-none = No cases
verifications-none-text = There is no case in this state.
verifications-because = You are of the operator. The list has company data only and opens no document.
verification-what = Case
verification-since = Handed in
verification-reviewer = Review
verification-mine = With you
verification-others = With another reviewer
verification-others-text = Only they may decide until
verification-free = Not claimed
verification-claim = Review it
verification-claim-consequence = For 30 minutes only you open the documents and decide. Each page that you open stands in its uploader's list of accesses, and bears your number and the time.
verification-claim-first = Documents open once you have claimed the case
verification-claim-first-text = They are sealed, and open for the one reviewer who has the case.
verification-yours-until = With you for
verification-claim-over = It is back in the queue; claim it again
verification-checks = Compare
verification-check-licence-name = The name is the one registered
verification-check-licence-code = The credit code is the one registered
verification-check-licence-valid = All four corners, legible, valid
verification-check-letter-seal = Sealed by the company, with its name
verification-check-letter-person = Says who acts
verification-check-letter-scope = Says in which business, and is valid
verification-outcome = Outcome
verification-accept = Accept this step
verification-refuse-step = Refuse it; the company uploads it anew
verification-reason = Why it is refused
verification-reason-hint = The company reads this: what is wrong, how to mend it. 5 to 500 characters.
verification-decide = Record the outcome
verification-decide-consequence = All accepted: the company is verified. One refused: that step alone goes back. The company's members get the result and the reasons by e-mail.
verification-other-ways = Other ways
verification-refuse-whole = Why the whole is refused
verification-refuse-whole-hint = For what no upload can mend: a company that was dissolved, another's name used.
verification-refuse-whole-act = Refuse the whole
verification-by-register = Decide by the public register
verification-release = Put it back
verification-recuse = I have to do with this company
verification-recuse-text = If you or somebody close to you has to do with this company, step aside; you will not review it any more.
verification-no-pages = No pages.
verification-sealed-pages =
    { $n ->
        [one] One sealed page.
       *[other] { $n } sealed pages.
    }
verification-review-because = You are of the operator. Documents are open while you have the case; each page that you open stands in its uploader's list of accesses, and bears your number and the time.
verification-twins = Companies much alike
verification-twins-text = A hint and no more: see whether one company has registered twice, or somebody uses a name like another's.
verification-twin-organisation = The same organisation code
verification-twin-name = All but the same name
verification-appeal-title = The company appeals against the last refusal
verification-appeal-head = If the refusal is wrong
verification-appeal = Why it is wrong
verification-appeal-hint = What was misjudged, in 10 to 1000 characters. Please leave other people's data out.
verification-appeal-consequence = Once only. Another reviewer decides anew; who refused takes no part.
verification-appeal-act = Appeal
done-verification-appealed = Appealed; another reviewer decides
error-verification-not-refused = The case was not refused
error-verification-not-refused-way-out = See on its page where it stands.
error-verification-appealed = There was an appeal already
error-verification-appealed-way-out = You can still turn to the personal information officer, or to the law.
error-verification-own-decision = The last decision was yours; another reviewer decides on the appeal
error-verification-own-decision-way-out = Leave it to another reviewer.
verification-licence = Business licence
verification-licence_checks = Business licence: compared
verification-licence_reason = Business licence: why refused
verification-letter = Letter of authority
verification-letter_checks = Letter of authority: compared
verification-letter_reason = Letter of authority: why refused
verification-waiting-returned =
    { $n ->
        [one] A step of the verification has to be uploaded anew
       *[other] { $n } steps of the verification have to be uploaded anew
    }
verification-waiting-complete = The verification is complete and not handed in
verification-waiting-act = Go there
verification-waiting-queue =
    { $n ->
        [one] One verification waits for review
       *[other] { $n } verifications wait for review
    }
verification-waiting-queue-act = Review
done-verification-given = Uploaded
done-verification-handed-in = Handed in; the result comes by e-mail
done-verification-taken-back = Taken back
done-verification-claimed = With you; the documents are open
done-verification-released = Put back
done-verification-recused = You have stepped aside
done-verification-decided = Recorded; the company gets an e-mail
field-file-kind = Neither JPEG nor PNG nor PDF: { $file }
field-file-heic = A HEIC photo; choose “Most compatible” on the phone, or save it as JPEG: { $file }
field-file-two = Another file is hidden in it; take or export it anew: { $file }
field-file-broken = It cannot be opened; take or export it anew: { $file }
field-file-too-large = More than 8 MB; make it smaller: { $file }
field-file-too-small = Too small to be read; 240 pixels at least on the short side: { $file }
field-file-too-many-pixels = Too many pixels; make it smaller: { $file }
field-file-too-many-pages = Too many pages; six at most a step: { $file }
field-file-encrypted = The PDF has a password or restrictions; save it without: { $file }
field-file-packed = The PDF unpacks to too much; export it anew, or take photos: { $file }
field-file-virus = It holds malicious software and was not kept: { $file }
error-scanner-silent = The check for malicious software does not answer; nothing was kept
error-scanner-silent-way-out = Upload it again in a few minutes.
field-all-checks = Compare and tick each line before you accept it
field-reason = Say why, in 5 to 500 characters
error-company-pending-way = See the levels, and verify
error-company-refused-way = See the levels, and verify
error-verification-not-open = The case is under review or decided; it cannot be changed
error-verification-not-open-way-out = See where it stands; until the review begins you can take it back.
error-verification-step-accepted = This step was accepted already
error-verification-step-accepted-way-out = See the other steps.
error-verification-incomplete = A step lacks its pages
error-verification-incomplete-way-out = Complete each step, then hand it in.
error-verification-not-handed-in = The case does not wait for review
error-verification-not-handed-in-way-out = Load the page anew to see where it stands.
error-verification-claimed = A reviewer has the case
error-verification-claimed-way-out = Wait until they decide or put it back.
error-verification-not-claimed = You have not claimed the case, or your time is over
error-verification-not-claimed-way-out = Claim it first, then open the documents and decide.
error-verification-unjudged = Each step that was uploaded needs an outcome
error-verification-unjudged-way-out = Accept or refuse each of them.
error-verification-company-changed = The company has changed its name, credit code or sides since you claimed it
error-verification-company-changed-way-out = Claim it once more and compare with what it says now.
error-verification-tied = You have to do with this company, and do not review it
error-verification-tied-way-out = Leave it to another reviewer.
error-verification-returned = The company was asked to mend its documents
error-verification-returned-way-out = Wait for them, then decide under Verifications.
letter-verification-returned-subject = { $company }: something to mend in the verification
letter-verification-returned = A step of the verification of { $company } was refused. Why: { $reason } Please sign in and upload that step anew under “Company › Verification”; what was accepted stays so.
opener-reviewer = A reviewer of the operator
erased-verification-pages = Documents that you had uploaded to be verified
held-verification-page-page-key = One-off key of a page handed in for verification
