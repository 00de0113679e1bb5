processors = Entrusted processing
processors-lead = Who processes personal data for the operator (PIPL 21). It follows from how this installation is configured, and anybody reads it on the trust page.
processors-how = How to register
processors-how-text = Say name, contact, region and the day on which the contract ends in the configuration, and start again; renew before it ends. The keys:
processors-because = What PIPL 54 to 56 ask the operator to know; nothing of any person stands here.
processor-machine = The machine that the platform runs on
processor-storage = Storing files
processor-stored-here = Nobody is entrusted: files lie on the machine that runs the platform.
processor-mail = Delivery of mail
processor-sms = Delivery of short messages
processor-own = The operator's own machine.
processor-not-sent = Messages are written to this machine's outbox only.
processor-registered = Registered
processor-unsaid = Contract not registered
processor-ended = Contract has ended
processor-until = contract until
processor-gets = { $n ->
    [one] 1 kind of data
   *[other] { $n } kinds of data
 }
processor-nobody = Nobody entrusted
processor-registered-text = Name, contact, region and end of the contract are registered.
processor-unsaid-text = Connected; the operator has not said who runs it.
processor-ended-text = The registered contract is over: renew it, or end the entrusting.
processor-attestation = Confirming what companies have registered
processor-not-asked = Nobody is entrusted; reviewers compare documents.
processor-ended-attestation = The contract is over and nothing is sent; reviewers compare documents.
