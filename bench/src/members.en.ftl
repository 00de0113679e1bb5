members = Members
members-email = Contact e-mail
members-why = because you are a member of this company
members-purpose = account
members-basis = performance of a contract
members-others = members of the same company
