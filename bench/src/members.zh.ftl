members = 成员
members-email = 联系邮箱
members-why = 因为你是本公司成员
members-purpose = 账户管理
members-basis = 履行合同
members-others = 同公司成员
