# The weekly digest
digest = Weekly digest
digest-next = The next one goes out
digest-off = This function is off
digest-off-text = Until you switch it on nothing is collected and no mail is sent. It is for you to decide; nothing else depends on it.
digest-to-consent = Read what it does, then decide
digest-to-company = See the company's authorisation
digest-new = You follow nothing yet
digest-new-text = Choose categories or regions and save. Each Monday morning the new notices are mailed to your contact e-mail; in a week without any there is no mail.
digest-categories = Categories to follow
digest-categories-hint = None chosen means all categories.
digest-whole = { $name } (all)
digest-regions = Regions to follow
digest-regions-hint = None chosen means all regions. Choose at least one category or region.
digest-keep = Save what I follow
digest-consequence = Sent each Monday at 08:00 in the platform's time zone, with new notices in your choice only.
digest-end = No longer needed
digest-end-text = Switching it off stops the mails at once, and the categories and regions that you chose are deleted. The link at the end of each mail does the same.
digest-because = Only you see what you follow. It lies sealed and is opened for the mails to you and for this page only, each time on record.
done-digest-kept = Saved
field-nothing-followed = Choose at least one category or one region
digest-mail-subject = { $n ->
    [one] One new notice this week
   *[other] { $n } new notices this week
}
digest-mail-lead = Last week's new notices in the categories and regions that you follow, the newest first.
digest-mail-more = There are more, on the page of notices:
digest-mail-settings = Change what you follow (sign-in needed):
digest-mail-settings-link = Change what you follow
digest-mail-leave = Unsubscribe with one click, without signing in:
digest-mail-leave-link = Unsubscribe
digest-leave = Unsubscribe from the weekly digest
digest-leave-text = Press the button and no weekly digest comes any more; the categories and regions kept for it are deleted. Other notifications are not affected.
digest-leave-do = Unsubscribe
digest-leave-consequence = It takes effect at once and withdraws your consent to this function. You can switch it on again after signing in.
digest-ended = It has ended
digest-ended-text = No weekly digest is sent any more, and what was kept for it is deleted. You can switch it on again under “Additional functions” after signing in.
digest-leave-because = The key in the link can unsubscribe and nothing else. This page shows nothing about whom the mail was sent to.
done-digest-left = Unsubscribed
opener-digest-mail = The platform's weekly digest service
held-digest-followed = weekly digest
erased-digest = categories and regions followed for the digest
