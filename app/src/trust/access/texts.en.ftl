# Accesses
access = Who looked
access-lead = Before your data are opened a record is made; if it cannot be made, nothing is opened.
access-others = The platform and others
access-none = Nobody has opened them yet
access-none-text = Who opens your data, or tries to, and why, stands here, your own pages apart.
access-own = Your own pages
access-own-why = When you look at your own data that is on record too; it is put together by the day, for the last thirty days.
access-times = { $n ->
    [one] once
   *[other] { $n } times
 }
access-recipient = Received by
access-request = Request
access-denied = Denied
access-because = Only you see this. A company is named with its role, its person is not. The records do not hold the data themselves.
access-sentence = { $opener } opened your { $fields } for: { $purpose }
access-sentence-denied = { $opener } tried to open your { $fields } for: { $purpose }. Nothing was opened.{" "}
access-of-company = { $role } of { $company }
access-denied-out-of-scope = Reason: beyond its right.
access-denied-not-enrolled = Reason: nobody of this id is enrolled.
access-denied-blocked = Reason: your data are not processed for now.
access-denied-destroyed = Reason: the data are destroyed.
access-denied-no-consent = Reason: you have not agreed.
access-denied-no-case = Reason: no exception case holds for you and these data.
access-denied-no-authorisation = Reason: your company has not authorised it.
access-basis-consent = your consent
access-basis-contract = needed for the user agreement with you
access-basis-hr = human resources management under the law
access-basis-legal-duty = statutory duty
access-basis-emergency = public health or an emergency
access-basis-news = news reporting and supervision by public opinion
access-basis-published = data that you or others lawfully published
access-basis-case = the statutory ground that an exception case names
access-case = Exception case: { $authority }, document { $document }, under { $law }
access-basis-other-law = other laws and administrative regulations
opener-subject = you yourself
opener-other = A program of the platform
access-state = opened by others or the platform { $opened } times in 30 days, refused { $denied } times
access-denied-not-accepted = Reason: the version of the policy that you accepted does not permit it.
access-denied-unknown-version = Reason: this program does not have the version of the policy that you accepted.
opener-security-duty = the operator's security duty
access-reason = Stated reason: { $reason }
