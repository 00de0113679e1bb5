# 隐私政策
policy = 隐私政策
policy-in-force = 现行有效
policy-superseded-version = 已被新版本取代
policy-version = 版本
policy-effective = { $day } 起施行
policy-marked = 加底色的文字请特别留意
policy-marked-why = 它们直接关系到你的权益：要什么、不给会怎样、谁能看到、保存多久。
policy-contact = 个人信息负责人
policy-contents = 目录
policy-hash = 文本的 SHA-256
policy-hash-why = 你同意时，记录里留下的就是你所看到的文本的这个值。
policy-versions = 各版本
policy-because = 隐私政策对任何人公开，不需要账号，也不需要 Cookie。
policy-channel-web-html = 网页
policy-channel-web-json = 接口
policy-channel-command-line = 命令行，由运行者代为声明
