-- People whose accounts are older than the ledger belong to the company that their account acts for.

UPDATE subject SET company = (SELECT account.company FROM account WHERE account.subject = subject.id)
WHERE company IS NULL;
