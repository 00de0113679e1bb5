# Guardians
guardian = Ask your guardian
guardian-order = Under 18, a guardian agrees first
guardian-order-text = Until your guardian has agreed the platform collects and keeps nothing about you. Your guardian gets a mail, reads the policy, agrees, and is given a link for you to register with.
guardian-email = Your guardian's e-mail
guardian-email-hint = Used for this one mail, not kept.
guardian-ask = Mail my guardian
guardian-ask-consequence = The link in the mail can be used for 7 days. Your guardian keeps it, and can take the consent back by it at any time.
guardian-because = Until a guardian has agreed nothing about anybody is kept here.
guardian-page = A guardian's consent
guardian-lead = Somebody wants to register here as a minor and gave your e-mail. Without your consent no account is made and nothing is kept.
guardian-policy = Version of the privacy policy
guardian-guardian = I am this minor's parent or other guardian
guardian-guardian-hint = You declare it; the platform does not verify it yet. If you are not, just close this page.
guardian-agree = I have read and understood the privacy policy and agree that this minor registers
guardian-agree-hint = Version, time, language and a checksum of the text you saw are kept, neither your name nor your e-mail.
guardian-agree-do = Agree
guardian-agree-consequence = You are given a link for the minor to register with; it works once. Keep the address of this page: by it you can take your consent back.
guardian-late = The link has expired
guardian-late-text = Nobody agreed within 7 days, and nothing was kept. If it is still wanted, please have the mail sent again.
guardian-agreed = You have agreed
guardian-agreed-text = Hand this link to the minor; it works once. Do not hand on the address of this page.
guardian-used = Registered with your consent
guardian-used-text = The minor has an account now. You can take your consent back at any time.
guardian-withdraw = Take the consent back
guardian-withdraw-text = It takes effect at once: all login sessions end, nobody can sign in, and the account's personal data are opened no more. A link that has not been used is void. This cannot be undone.
guardian-withdraw-do = Take the consent back
guardian-withdrawn = Taken back
guardian-withdrawn-text = The account is blocked and its personal data are opened no more. To have them deleted, write to the personal information officer.
guardian-page-because = Only who has the link from the mail can open this page; it shows nothing about anybody.
done-guardian-asked = The mail is out; the address was not kept
done-guardian-agreed = Agreed
done-guardian-withdrawn = Taken back, effective at once
guardian-mail-subject = For you to decide: may a minor register
guardian-mail = Somebody wants to register on this platform as a minor and gave your e-mail as the guardian's. It was used to send this one mail and was not kept.
    Please open this link, read and decide. If you do not agree you need do nothing; the link expires after 7 days:
    { $address }
    After you have agreed you can take it back by the same link at any time. Keep it, and do not hand it on.
field-guardian-undeclared = Only a guardian can agree
field-guardian-unknown = This permission is not valid, was used or was taken back; ask your guardian for another
error-guardian-mail = The mail could not be sent
error-guardian-mail-way-out = Nothing was kept. Please try again later.
error-guardian-late = The link has expired
error-guardian-late-way-out = Please have the mail sent to your guardian again.
error-guardian-withdrawn = The guardian has taken the consent back, or the permission was used
error-guardian-withdrawn-way-out = Please ask your guardian to agree again.
