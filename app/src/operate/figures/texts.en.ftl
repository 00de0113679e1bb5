# Figures of the desk
figures = Figures
figures-lead = How much of the work waits, has been taken up, and is late.
figures-queues = Queues
figures-queue = Queue and duty
figures-waiting = Waiting
figures-claimed = Taken up
figures-overdue = Late
figures-oldest = Oldest
figures-due = Next due
figures-companies = Companies
figures-because = You hold the administrator's duty. There are numbers here and no datum of anybody; a bid moves none of them.
