# The frame, errors, and rules that any field may break.
brand = Resource Sharing Cloud
done = Done
frame-skip = Skip to content
frame-demo = Demo
frame-demo-people = Accounts
frame-demo-clock = Clock
frame-demo-mailbox = Mailbox
frame-find = Search notices, projects, buyers
frame-tools = Tools
frame-operator = Operator
frame-other-language = 中文
frame-me = My account
frame-account = Account and login sessions
frame-sign-out = Sign out
frame-sign-in = Sign in
frame-menu = Menu
frame-theme = Colours
frame-theme-light = Light
frame-theme-dark = Dark
frame-theme-system = System
frame-places = Places
frame-beside = Pages of this place
frame-operated-by = Operated by { $name }
frame-policy = Privacy policy
frame-log = Transparency log
frame-notices = Notices
time-zoned = { $time } ({ $zone })
time-beijing = Beijing time
time-left-minutes = in { $n } { $n ->
    [one] minute
   *[other] minutes
}
time-left-hours = in { $n } { $n ->
    [one] hour
   *[other] hours
}
time-left-days = in { $n } { $n ->
    [one] day
   *[other] days
}
time-past-minutes = { $n } { $n ->
    [one] minute
   *[other] minutes
} ago
time-past-hours = { $n } { $n ->
    [one] hour
   *[other] hours
} ago
time-past-days = { $n } { $n ->
    [one] day
   *[other] days
} ago

error-title = Not done
error-label-code = Code
error-label-request = Request
error-label-home = Back to the start
error-invalid = A few things need changing
error-invalid-way-out = Change them as shown and send again.
error-malformed = The request cannot be read
error-json = The body is not a JSON object
error-json-nested = A field is a text, a number, true or false, or a list of these
error-multipart = The uploaded form is incomplete
error-utf-8 = Text must be UTF-8
error-too-many-fields = Too many fields
error-too-many-fields-way-out = A form may have 500 values.
error-body-broken = The body broke off
error-too-slow = The body came too slowly
error-too-slow-way-out = Check the line and send again; nothing was saved.
error-cursor = This page address no longer holds
error-cursor-way-out = Start again from the first page.
error-unauthenticated = Sign in first
error-not-found = There is no such page, or it is not yours
error-not-found-way-out = Check the address; if somebody sent it to you, ask them.
error-method-not-allowed = This address does not take that kind of request
error-not-acceptable = There is no such format here
error-not-acceptable-way-out = Ask for text/html or application/json.
error-too-large = Too large
error-too-large-way-out = A form may have 256 KB, a form with files 25 MB.
error-unsupported-media-type = This kind of content is not read here
error-stale = Somebody else changed it meanwhile
error-stale-way-out = Open the page again, read what is new, then change it.
error-limited = Too many tries. Try again in { $seconds } seconds
error-fault = Something broke on our side, and we have noted it
error-fault-way-out = Try again later; if it persists, tell us the request number.
error-busy = The system is busy. Nothing was written
error-busy-way-out = Try again in a moment.
error-outcome-unknown = We cannot tell yet whether it was saved
error-outcome-unknown-way-out = Open the page again to see; if it is not there, sending it once more is safe.
error-csrf = The page was open too long, or the form is not from this site
error-csrf-way-out = Open the page again and send; going back in the browser keeps what you typed.
error-cross-site = The request came from another site and was refused
error-prefetch = This page holds personal data and is not handed out in advance
error-prefetch-way-out = Open the page itself.
error-company-pending = Your company is waiting for the operator’s approval
error-company-pending-way-out = If nothing is handed in yet, upload the documents under “Verification”. We will notify you; until then you can read notices.
error-company-refused = Your company was not approved
error-company-refused-way-out = The reason is on the company page; correct it and hand it in again.
error-buyers-only = Only buyers can do this
error-providers-only = Only providers can do this
error-members-only = An operator’s account cannot act for a company

field-stale = Somebody has changed it since you opened it; this is how it is now, read it and send again
field-required = Fill this in
field-too-short = Too short: at least { $least } characters
field-too-long = Too long: at most { $most } characters, now { $given }
field-control-character = Contains invisible control characters; delete them and type again
field-hidden-character = Contains characters that nobody sees or that turn the direction of writing; delete them and type again
field-repeated = May be given only once
field-unknown-field = There is no such field here; leave it out
field-too-many-files = Too many files: at most { $most }
field-instant = Not a date and time; for example 2026-12-07T09:30
field-id = The number is not valid; open the page again
field-version = The version is not valid; open the page again
field-money-not-a-number = An amount is digits only, such as 869000 or 869,000.00
field-money-too-fine = An amount has at most two decimals
field-money-zero = The amount must be more than 0
field-money-too-large = The amount is too large: at most CNY 100 billion
field-choice = Choose one of the list
error-token-invalid = The token is not valid, has expired or was revoked
error-token-invalid-way-out = See “API tokens” on the company’s page, or make another.
error-token-and-cookie = A request with a token has no cookies
error-token-not-here = A token does not reach this
error-token-not-here-way-out = Personal data, accounts and tokens are for people who have signed in.
error-token-scope-read = The token is not for reading
error-token-scope-message = The token is not for correspondence
error-token-scope-message-way-out = Ask an owner of the company for a token with that scope.
error-token-scope-tender = The token is not for tendering
error-token-scope-bid = The token is not for bidding
error-idempotency-key = Idempotency-Key has 1 to 255 ASCII characters and stands once
error-idempotency-mismatch = Another request came under this Idempotency-Key
error-idempotency-mismatch-way-out = Give each new act a key of its own.
error-idempotency-in-flight = The request under this Idempotency-Key is still being done
error-idempotency-in-flight-way-out = Send the same request again in a moment.

# Duties of the operator's people
operator-duty-reviewer = reviewer
operator-duty-reviewer-does = decides on companies and what they hand in
operator-duty-support = support
operator-duty-support-does = answers who needs help; there is no page of its own yet
operator-duty-risk = risk
operator-duty-risk-does = judges what looks like abuse; there is no page of its own yet
operator-duty-security = security
operator-duty-security-does = reads the use log, with a stated reason, each time on record
operator-duty-privacy = personal information officer
operator-duty-privacy-does = answers requests, handles exception cases and cancellations asked by letter, reads the records of processing
operator-duty-auditor = auditor
operator-duty-auditor-does = for a time and read-only: who can reach personal data, and who has
operator-duty-publisher = publisher
operator-duty-publisher-does = announces policies, agreements and platform rules, and tells everybody what they should know
operator-duty-administrator = administrator
operator-duty-administrator-does = invites people, grants duties, looks after background jobs
error-operator-duty-reviewer-missing = This page needs the duty “reviewer”
error-operator-duty-reviewer-missing-way-out = Another administrator grants it under “The operator's people”; the first administrator is appointed by whoever runs the program, with ziyun operator grant.
error-operator-duty-support-missing = This page needs the duty “support”
error-operator-duty-support-missing-way-out = Another administrator grants it under “The operator's people”; the first administrator is appointed by whoever runs the program, with ziyun operator grant.
error-operator-duty-risk-missing = This page needs the duty “risk”
error-operator-duty-risk-missing-way-out = Another administrator grants it under “The operator's people”; the first administrator is appointed by whoever runs the program, with ziyun operator grant.
error-operator-duty-security-missing = This page needs the duty “security”
error-operator-duty-security-missing-way-out = Another administrator grants it under “The operator's people”; the first administrator is appointed by whoever runs the program, with ziyun operator grant.
error-operator-duty-privacy-missing = This page needs the duty “personal information officer”
error-operator-duty-privacy-missing-way-out = Another administrator grants it under “The operator's people”; the first administrator is appointed by whoever runs the program, with ziyun operator grant.
error-operator-duty-auditor-missing = This page needs the duty “auditor”
error-operator-duty-auditor-missing-way-out = Another administrator grants it under “The operator's people”; the first administrator is appointed by whoever runs the program, with ziyun operator grant.
error-operator-duty-publisher-missing = This page needs the duty “publisher”
error-operator-duty-publisher-missing-way-out = Another administrator grants it under “The operator's people”; the first administrator is appointed by whoever runs the program, with ziyun operator grant.
error-operator-duty-administrator-missing = This page needs the duty “administrator”
error-operator-duty-administrator-missing-way-out = Another administrator grants it under “The operator's people”; the first administrator is appointed by whoever runs the program, with ziyun operator grant.
