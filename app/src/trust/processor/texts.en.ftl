processors = Entrusted processing
processors-lead = Who processes personal data for the operator (PIPL 21). It follows from how this installation is configured, and anybody reads it on the trust page.
processors-how = How to register
processors-how-text = Say name, contact, region and the day on which the contract ends in the configuration, and start again; renew before it ends. The keys:
processors-because = What PIPL 54 to 56 ask the operator to know; nothing of any person stands here.
processor-machine = The machine that the platform runs on
processor-mail = Delivery of mail
processor-sms = Delivery of short messages
processor-own = The operator's own machine; nobody is entrusted
processor-not-sent = Nobody is entrusted: messages are written to this machine's outbox only
processor-registered = Registered
processor-unsaid = Connected, and the operator has not registered the contract
processor-ended = The registered contract has ended
processor-until = contract until
processor-gets = { $n ->
    [one] 1 kind of data
   *[other] { $n } kinds of data
 }
