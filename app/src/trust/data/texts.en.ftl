# Own data: all that the platform keeps of a person, field by field
own-data = My data
own-data-lead = All personal data that the platform keeps of you: each with its content, its place, what it is for, the ground, who gets it, and until when.
own-data-state = { $fields } fields are kept, { $values } values in all
own-data-since = kept since
own-data-until = cleared by itself
own-data-older = { $n } older ones are not opened here
own-data-page = { $n ->
    [one] One record: read it
   *[other] { $n } records: read them line by line
}
own-data-kept = Kept
own-data-uses = What it may be used for ({ $n })
own-data-correct = Correct
own-data-recipient = Who gets it
own-data-beside = Besides
own-data-password = Password: only the result of a one-way calculation is kept. The platform cannot read it either, so there is nothing to show.
own-data-language = Language: the one you registered in, for letters to you.
own-data-records = Records of consents and accesses: times, purposes and ids, no personal content.
own-data-none = In the policy, but nothing of yours is kept
own-data-and = , 
own-data-because = You are signed in, or have proven by a code who you are, and this is your own data. It was opened for the purpose of showing it to you field by field, and that is on record.
held-account-phone = account
held-account-email = account
held-registration-phone = registration not finished
held-registration-email = registration not finished
held-authenticator-secret = secret of an authenticator (compared only, never shown)
held-account-link-identity = linked account with a third party
held-passkey-name = passkey
held-login-session-ip = sign-in log
held-login-session-user-agent = sign-in log
