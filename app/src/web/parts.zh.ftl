# What the common parts say themselves.
part-because = 为什么你能看到：
part-optional = 选填
part-colon = ：
part-wrong = 有{ $n }处需要改，改好后再继续
part-copy = 复制
part-close = 关闭
part-pages = 翻页
part-newer = 较新的
part-older = 较早的
part-now = 当前
part-purpose = 目的
part-basis = 依据
part-others = 还有谁能看到
part-sealed = 未对你公开
part-who-looked = 谁查看过
