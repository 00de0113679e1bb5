# 运营数据
figures = 运营数据
figures-lead = 各项工作有多少在等、由人认领、已经逾期。
figures-queues = 队列
figures-queue = 队列与职责
figures-waiting = 等待
figures-claimed = 已认领
figures-overdue = 逾期
figures-oldest = 最早
figures-due = 最近到期
figures-companies = 企业
figures-because = 你负有管理职责。这里只有数目，没有任何人或企业的资料；投标不会改变这些数目。
