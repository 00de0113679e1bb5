# 公告订阅
subscription = 公告订阅
subscription-lead = 新公告发布后十分钟左右，在收件箱里逐条告诉你。
subscription-off-text = 开启前不收集任何内容，也不发送通知。是否开启由你决定，不影响其他功能；公告对任何人公开，也有 Atom 供稿。
subscription-new = 还没有选
subscription-new-text = 选好类别或地区并保存后，之后发布的公告会逐条出现在收件箱里。
subscription-kinds = 公告种类
subscription-kinds-hint = 一个都不选，就是所有种类。
subscription-categories = 类别
subscription-regions = 地区
subscription-keep = 保存订阅
subscription-consequence = 从保存时起，只告诉你所选范围内新到的公告。要同时收到邮件，请在“通知设置”里打开。
subscription-end-text = 关闭后立即停止，你选的范围和已经告诉你的这类通知随之删除。
subscription-because = 只有你本人能看到自己订阅什么；它们密封保存，只在通知你时和这一页里打开，每次都有记录。
done-subscription-kept = 订阅已保存
opener-subscription-tell = 平台的公告订阅服务
held-subscription-followed = 公告订阅
erased-subscription = 公告订阅选的种类、类别和地区
