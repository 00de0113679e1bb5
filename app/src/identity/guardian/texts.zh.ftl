# 监护人
guardian = 请监护人同意
guardian-order = 未满 18 周岁，先请监护人同意
guardian-order-text = 监护人同意之前，平台不收集也不保存你的任何信息。监护人收到邮件，读过政策并同意后，会得到一个注册链接转交给你。
guardian-email = 监护人的邮箱
guardian-email-hint = 只用来发这一封邮件，不保存。
guardian-ask = 给监护人发邮件
guardian-ask-consequence = 邮件里的链接 7 天内有效；链接由监护人保管，以后凭它随时撤回。
guardian-because = 监护人同意之前，这里不保存任何人的信息。
guardian-page = 监护人的同意
guardian-lead = 有人想以未成年人的身份在本平台注册，并写下了你的邮箱。没有你的同意，不会建立账号，也不会保存任何信息。
guardian-policy = 隐私政策版本
guardian-guardian = 我是这名未成年人的父母或其他监护人
guardian-guardian-hint = 由你声明，平台目前不核实。如果不是，请直接关闭本页。
guardian-agree = 我已读懂隐私政策，同意这名未成年人注册
guardian-agree-hint = 会记下版本、时间、语言和你看到的文本的校验值，不记你的姓名和邮箱。
guardian-agree-do = 同意
guardian-agree-consequence = 同意后得到一个注册链接，请转交给未成年人；它只能用一次。请保存本页的地址，以后凭它撤回。
guardian-late = 链接已过期
guardian-late-text = 7 天内没有同意，没有保存任何信息。如仍需要，请重新发送邮件。
guardian-agreed = 已同意
guardian-agreed-text = 请把下面的注册链接转交给未成年人，它只能用一次。不要转交本页的地址。
guardian-used = 已凭你的同意注册
guardian-used-text = 未成年人已经建立账号。你随时可以撤回同意。
guardian-withdraw = 撤回同意
guardian-withdraw-text = 撤回后立即生效：登录全部结束，不能再登录，账号的个人信息不再打开。还没有注册的，注册链接作废。撤回不能取消。
guardian-withdraw-do = 撤回同意
guardian-withdrawn = 已撤回
guardian-withdrawn-text = 账号已停用，个人信息不再打开。需要删除的，请联系个人信息保护负责人。
guardian-page-because = 只有持有邮件里的链接的人能打开本页；这里不显示任何人的信息。
done-guardian-asked = 邮件已发出，地址没有保存
done-guardian-agreed = 已同意
done-guardian-withdrawn = 已撤回，立即生效
guardian-mail-subject = 请你决定：是否同意一名未成年人注册
guardian-mail = 有人想以未成年人的身份在本平台注册，并写下了你的邮箱，作为监护人的联系方式。你的邮箱只用来发这一封邮件，没有保存。
    请打开下面的链接，读过说明后决定；不同意的，不必做任何事，7 天后链接失效：
    { $address }
    同意之后，凭同一个链接随时可以撤回，请妥善保管，不要转交。
field-guardian-undeclared = 只有监护人可以同意
field-guardian-unknown = 这个监护人许可无效、已用过或已撤回；请监护人重新取得
error-guardian-mail = 邮件没有发出
error-guardian-mail-way-out = 没有保存任何信息，请稍后再试。
error-guardian-late = 链接已过期，不能再同意
error-guardian-late-way-out = 请重新给监护人发邮件。
error-guardian-withdrawn = 监护人已撤回同意，或许可已用过
error-guardian-withdrawn-way-out = 请监护人重新同意。
