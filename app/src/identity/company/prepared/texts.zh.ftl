# 预登记：平台从公开来源整理了企业信息，请企业的人来登记
prepared = 企业预登记
prepared-title = { $company }：预登记
prepared-lead = 平台整理了这家企业公开的登记信息，等你核对后登记。你不登记，就什么也不会公开。
prepared-whence = 你的邮箱来自：{ $source }
prepared-whence-text = 那里依法公示或由企业自己公开了这个联系邮箱。平台只用它发过一封信，不给任何人看。
prepared-facts = 整理好的企业信息
prepared-until = 到此时全部删除：
prepared-register = 核对并登记
prepared-register-text = 登记时由你阅读并同意隐私政策，信息有误可以更正；须用收到信的邮箱。地址、行业和性质在登记后随公司一起提交，之后可以更改。
prepared-refuse = 不登记
prepared-refuse-text = 立即删除这份预登记和你的邮箱，三年内不再向这个邮箱发信。为此只留下邮箱的校验值。
prepared-refuse-now = 拒绝并删除
prepared-gone = 这份预登记已经不在
prepared-gone-text = 它已被登记、拒绝或者到期，其中的内容和邮箱都已删除。企业随时可以自己注册。
prepared-because = 凭信里的链接看到这份预登记；它不在任何列表、搜索或公开页面里。
prepared-mail-subject = { $company }：请核对企业信息，在资源共享云登记
prepared-mail =
    资源共享云是企业之间发布需求、招标和投标的平台。{ $operator } 从公开来源整理了 { $company } 的登记信息，请你核对：
    { $address }

    你的邮箱来自：{ $source }（企业依法公示或自行公开的联系方式，个人信息保护法第十三条第一款第六项、第二十七条）。我们只用它发这一封信。

    同意：打开链接，核对后由你登记。打开链接不会改变任何事情。
    不同意：在同一页点“拒绝并删除”，全部内容和你的邮箱立即删除，以后不再来信。
    不必理会也可以：{ $until } 之后全部删除。

    对个人信息有疑问，请联系：{ $contact }
prepared-at-door = 平台从“{ $source }”得到企业公开的这个联系邮箱，请你登记“{ $company }”；删除即为拒绝，以后不再来信
held-prepared-company-email = 请你登记企业的那封信
done-prepared-refused = 已拒绝，内容和邮箱已删除
error-prepared-over = 这份预登记已经不在
error-prepared-over-way-out = 它已被登记、拒绝或者到期。企业可以不经预登记，直接注册。
field-prepared-other-code = 信用代码与预登记的企业不同。要登记别的企业，请直接注册。
