jobs = Background jobs
jobs-lead = What waits, what does not succeed and why, and how to try it again.
jobs-dead = Given up
jobs-dead-none = Nothing was given up
jobs-dead-none-text = A job that has failed eight times stands here, with what it said.
jobs-wake = Try again
jobs-troubled = Keep failing
jobs-troubled-text = These are never given up and go on being tried; the log says why they fail.
jobs-failures = { $n ->
    [one] failed once
   *[other] failed { $n } times
 }
jobs-deaths = { $n ->
    [one] 1 process ended at it
   *[other] { $n } processes in a row ended at it
 }
jobs-standings = Queue
jobs-nothing = Nothing
jobs-name = Job
jobs-due = Due
jobs-running = Running
jobs-waiting = Later
jobs-failed = To be tried again
jobs-given-up = Given up
jobs-oldest = due since
jobs-because = You are an administrator. What members' acts leave behind is counted together, so that nobody is told by it; jobs hold no personal value.
done-jobs-woken = It is tried again
error-jobs-not-dead = This job was not given up
error-jobs-not-dead-way-out = It waits, is done, or somebody has it tried again already.
