# 恢复演练
drill = 恢复演练
drill-lead = 用真实备份在别处恢复一次：已注销者不可再读，其他人仍可读。
drill-none = 还没有演练过
drill-none-text = 第一次演练之后，时间和结果会出现在这里，最近一次的结果也公开在信任页。
drill-held = 成立：已注销者不可读，其他人可读
drill-erased-back = 不成立：已注销者又可读了
drill-living-lost = 不成立：在册者读不出来
drill-failed = 没有完成
drill-seconds = { $n }秒
drill-rows = 恢复{ $n }行
drill-next = 下一步
drill-next-text = 至少每三个月演练一次；结果不成立或没有完成时，先排除原因再演练。在运行平台的机器上执行：
drill-keys = 密钥备份最多保留{ $n }天。
drill-because = 只有运营方能看到明细。演练只读取运行中的数据，不写入，也不打开任何真实的人的信息。
drill-last = 最近一次
drill-outcome = 结果
drill-overdue = 超过三个月没有演练
