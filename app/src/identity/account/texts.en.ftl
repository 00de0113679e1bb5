session-current = Current login session
session-signed-in = Signed in:
session-visitor = Not signed in
