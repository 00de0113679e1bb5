log = Transparency log
log-size = { $n ->
    [one] { $n } entry
   *[other] { $n } entries
 }
log-until = until
log-lead = Whatever happens on this platform, and every look at personal data, is written into this log within half a minute. The log only grows: whoever holds a receipt, every witness, and anybody who has kept a checkpoint would notice if an entry were changed or taken away afterwards.
log-proves = What it proves
log-proves-kept = What was written has not been changed or deleted since.
log-proves-order = There is one entry for every ten seconds, and none can change places.
log-proves-receipt = The event of your bid's receipt is in the log; you can check that offline.
log-hides = What it does not tell
log-hides-growth = An entry of the same length is added every ten seconds, whether anything happened or not. Nobody can see from it how many bids there are before the opening.
log-hides-content = It holds salted commitments only: no content, and no personal data.
log-not = What it cannot prove
log-not-true = Not that what was written is true, nor that the operator has written everything.
log-not-witness = Without witnesses, not that everybody is shown the same log. Keep checkpoints and compare them.
log-verify = Verify it yourself
log-verify-receipt = Check a receipt, offline
log-verify-growth = Check that the log only grows
log-verify-growth-text = Keep today's checkpoint. Later, any tool for C2SP tlog-tiles can read /log/tile and verify that the new checkpoint goes on from it.
log-verify-witness = Sign as a witness
log-verify-witness-text = Having verified that it is consistent, put a cosignature/v1 line under the checkpoint and post it to /log/cosignatures. The operator must have entered your key before.
log-root = Root hash
log-key = Key that signs
log-key-why = It signs checkpoints and receipts. Compare it with another source.
log-verifier = Key in the form of signed notes
log-files = Files
log-witnesses = Witnesses
log-witnesses-none = No witness has been entered yet.
log-because = The transparency log is open to everybody, signed in or not. It sets no cookie and holds no personal data.
log-audit-ok = Own audit: as signed
log-audit-bad = Own audit: not as signed
