# Adds up what the test runners say of themselves and prints the one closing line.
# Each log ends with `status CODE NAME`; a step that failed without a failed test (it did not compile, a server did not
# start) counts as one failure.
{ gsub(/\033\[[0-9;]*m/, "") }

FNR == 1 { failed_here = 0 }

# nextest:  Summary [ 12.3s] 40 tests run: 38 passed (1 slow), 1 failed, 1 timed out, 3 skipped
/^ *Summary \[/ {
    add($0, "passed"); add($0, "failed"); add($0, "timed out"); add($0, "exec failed")
    next
}

# cargo test:  test result: ok. 3 passed; 0 failed; 1 ignored; …
/^test result: / { add($0, "passed"); add($0, "failed"); next }

# node --test:  ℹ pass 3
/^[^ ]+ (pass|fail|cancelled) [0-9]+$/ {
    if ($2 == "pass") passed += $3; else fail($3)
    next
}

/^status [0-9]+ / {
    if ($2 != 0 && failed_here == 0) {
        fail(1)
        sub(/^status [0-9]+ /, "")
        print "failed before or beside its tests: " $0
    }
}

END {
    print passed + 0 " passed, " failed + 0 " failed"
    exit(failed > 0 || passed == 0)
}

# "exec failed" holds "failed" too: the number must stand right before the words.
function add(line, word,    count) {
    if (!match(line, "[0-9]+ " word)) return
    count = substr(line, RSTART, RLENGTH) + 0
    if (word == "passed") passed += count; else fail(count)
}

function fail(count) { failed += count; failed_here += count }
