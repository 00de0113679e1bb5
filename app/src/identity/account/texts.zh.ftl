session-current = 当前登录会话
session-signed-in = 已登录：
session-visitor = 尚未登录
