# 受托处理登记
processors = 受托处理
processors-lead = 谁受运营方委托处理个人信息（个人信息保护法第二十一条）。内容由本次部署的配置得出，任何人都能在信任页看到。
processors-how = 怎样登记
processors-how-text = 在配置中写明名称、联系方式、地区和合同到期日，重新启动后生效；合同到期前续签并更新日期。对应的键：
processors-because = 个人信息保护法第五十四条至第五十六条要求掌握的情况；这里没有任何人的信息。
processor-machine = 运行平台的机器
processor-mail = 邮件送达
processor-sms = 短信送达
processor-own = 运营方自己的机器，没有委托他人
processor-not-sent = 没有委托他人：消息只写入本机的发件箱
processor-registered = 已登记
processor-unsaid = 已连接，运营方尚未登记合同
processor-ended = 登记的合同已到期
processor-until = 合同至
processor-gets = 涉及{ $n }类信息
