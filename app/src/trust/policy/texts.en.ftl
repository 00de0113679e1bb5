# The privacy policy.
policy = Privacy policy
policy-in-force = In force
policy-superseded-version = Superseded by a newer version
policy-version = Version
policy-effective = In force from { $day }
policy-marked = Read the highlighted words with care
policy-marked-why = They weigh on your rights: what is asked, what refusing means, who can see it, how long it is kept.
policy-contact = Personal information officer
policy-contents = Contents
policy-hash = SHA-256 of the text
policy-hash-why = When you agree, the record keeps this value of the text that you saw.
policy-versions = Versions
policy-because = The policy is open to everybody. It takes no account and no cookie to read it.
policy-channel-web-html = Web page
policy-channel-web-json = Programs’ interface
policy-channel-command-line = Command line, declared by who ran it
