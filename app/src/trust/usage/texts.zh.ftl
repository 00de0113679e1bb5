# 使用记录
usage = 使用记录
usage-lead = 您登录后查看的页面、搜索的内容、来自的地址和时间，保存六个月，到期自动清除。
usage-none = 还没有记录
usage-none-text = 每次使用后几秒钟之内会出现在这里。
usage-searched = 搜索
usage-because = 只有您本人能在这里看到；内容以您自己的密钥加密。依法须留存不少于六个月，因此不能提前删除。
usage-desk = 访客使用记录
usage-desk-lead = 未登录者查看的页面、搜索的内容和地址。按天加密，六个月后连同当天的密钥一起销毁。
usage-day = 日期（协调世界时）
usage-open = 打开这一天
usage-day-none = 这一天没有可读的记录
usage-day-none-text = 没有访客，或保存期已过。
usage-desk-because = 只为保障平台安全、履行法定留存义务而打开；每次打开都先留下记录，写明打开者和目的。
held-use-log-entries = 使用记录
usage-state = { $n } 条加密的记录
