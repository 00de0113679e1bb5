# Prepared registrations: what the platform has from a published source, for the company's own people to register
prepared = Prepared registration
prepared-title = { $company }: prepared registration
prepared-lead = The platform has put together what is public of this company, for you to check and to register. Unless you do, nothing is shown to anybody.
prepared-whence = Your address comes from: { $source }
prepared-whence-text = It was published there as the company’s contact, by law or by the company itself. The platform has used it for one letter, and shows it to nobody.
prepared-facts = What was prepared
prepared-until = Everything is deleted by:
prepared-register = Check and register
prepared-register-text = As you register you read the privacy policy and agree to it yourself, and correct what is wrong; use the mailbox that the letter came to. Address, industry and nature are filed with the company, and can be changed later.
prepared-refuse = Not registering
prepared-refuse-text = This and your address are deleted at once, and nobody writes to it for three years. For that a checksum of the address is kept, no more.
prepared-refuse-now = Refuse and delete
prepared-gone = This prepared registration is not there any more
prepared-gone-text = It was registered, refused, or its time is over; content and address are deleted. A company can register by itself at any time.
prepared-because = You see this by the letter’s link; it is in no list, no search and on no public page.
prepared-mail-subject = { $company }: please check the company’s data and register it
prepared-mail =
    On the Resource Sharing Cloud companies publish what they need, invite tenders and bid. From a published source { $operator } has put together the registered data of { $company }. Please check them:
    { $address }

    Your address comes from: { $source } (a contact that the company published, by law or by itself: PIPL 13(1)(6) and 27). This letter is all that we use it for.

    If you agree, open the link, check, and register. Opening the link changes nothing.
    If you do not, press “Refuse and delete” on the same page: everything and your address are deleted at once, and no other letter comes.
    You may also leave it: everything is deleted after { $until }.

    For questions about personal data: { $contact }
prepared-at-door = The platform has this address, published as the company’s contact, from “{ $source }”, and asks you to register “{ $company }”; deleting it refuses, and no other letter comes
held-prepared-company-email = The letter that asks you to register a company
done-prepared-refused = Refused; content and address are deleted
error-prepared-over = This prepared registration is not there any more
error-prepared-over-way-out = It was registered, refused, or its time is over. The company can register without it.
field-prepared-other-code = The credit code is another company’s than the prepared one. To register another company, register directly.
