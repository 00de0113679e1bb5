//! The people and companies of the demo. All of them are invented; nothing is ever sent to their numbers.

use super::kept::Account;
use kit::random::Random;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DemoRole")]
pub enum Role {
    /// 运营方: every duty but auditing.
    Operator,
    /// 第二位运营人员: for what two of the operator do together.
    Second,
    /// 审核岗: decides on companies and nothing else.
    Reviewer,
    /// 发布岗: announces, and nothing else.
    Publisher,
    /// 外部审计: reads for a time who could and did open what.
    Auditor,
    /// 需求方: tenders.
    Buyer,
    /// 服务商: bids.
    Provider,
}

impl Role {
    /// Its code, as it is kept; also the end of its word's key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Second => "second",
            Self::Reviewer => "reviewer",
            Self::Publisher => "publisher",
            Self::Auditor => "auditor",
            Self::Buyer => "buyer",
            Self::Provider => "provider",
        }
    }
}

/// Somebody who plays.
pub(super) struct Player {
    pub role: Role,
    /// Name and credit code of the company; none for the operator.
    pub company: Option<(&'static str, &'static str)>,
    pub phone: &'static str,
    pub email: &'static str,
}

/// The operator, the buyer and three providers.
pub(super) const CAST: [Player; 5] = [
    Player { role: Role::Operator, company: None, phone: "13800138001", email: "operator@ziyun.example" },
    Player {
        role: Role::Buyer,
        company: Some(("澜沚精密制造有限公司", "91330106MAAY4CL12W")),
        phone: "13800138002",
        email: "caigou@lanzhi.example",
    },
    Player {
        role: Role::Provider,
        company: Some(("栖木软件技术有限公司", "91320508MA2TH3BJ3K")),
        phone: "13800138003",
        email: "toubiao@qimu.example",
    },
    Player {
        role: Role::Provider,
        company: Some(("远岫数据服务有限公司", "91310115MA1XG6125B")),
        phone: "13800138004",
        email: "toubiao@yuanxiu.example",
    },
    Player {
        role: Role::Provider,
        company: Some(("青砚信息技术有限公司", "91350203MADD272H4J")),
        phone: "13800138005",
        email: "toubiao@qingyan.example",
    },
];

/// The operator's people beside the first: what two must approve can be shown, what one duty opens alone, and what an auditor
/// reads.
pub(super) const STAFF: [Player; 4] = [
    Player { role: Role::Second, company: None, phone: "13800138010", email: "second@ziyun.example" },
    Player { role: Role::Reviewer, company: None, phone: "13800138012", email: "reviewer@ziyun.example" },
    Player { role: Role::Publisher, company: None, phone: "13800138013", email: "publisher@ziyun.example" },
    Player { role: Role::Auditor, company: None, phone: "13800138011", email: "auditor@ziyun.example" },
];

/// Somebody who has applied and waits for the operator, so that its queue is not empty.
pub(super) const APPLICANT: Player = Player {
    role: Role::Provider,
    company: Some(("云岫检测技术有限公司", "91420103MA4KTN2J1D")),
    phone: "13800138006",
    email: "shenqing@yunxiu.example",
};

/// Somebody whose letter of authority was refused, and who has to mend it.
pub(super) const MENDER: Player = Player {
    role: Role::Provider,
    company: Some(("汀兰传感技术有限公司", "91330382MADK4R2P1T")),
    phone: "13800138009",
    email: "renzheng@tinglan.example",
};

/// A buyer that has handed in what shows that it is one, and waits for a reviewer.
pub(super) const SEEKER: Player = Player {
    role: Role::Buyer,
    company: Some(("澄浦食品机械有限公司", "91330110MA28CPQ74U")),
    phone: "13800138014",
    email: "caigou@chengpu.example",
};

/// A colleague of the buyer's, who joins by an invitation.
pub(super) const COLLEAGUE: Player = Player {
    role: Role::Buyer,
    company: Some(("澜沚精密制造有限公司", "91330106MAAY4CL12W")),
    phone: "13800138008",
    email: "xiangmu@lanzhi.example",
};

/// Somebody whom the buyer has invited, and who has not answered yet.
pub(super) const INVITED: &str = "caiwu@lanzhi.example";

/// Two more colleagues of the buyer's, who hold keys for openings and read along.
pub(super) const OFFICERS: [Player; 2] = [
    Player {
        role: Role::Buyer,
        company: Some(("澜沚精密制造有限公司", "91330106MAAY4CL12W")),
        phone: "13800138018",
        email: "kaibiao.yi@lanzhi.example",
    },
    Player {
        role: Role::Buyer,
        company: Some(("澜沚精密制造有限公司", "91330106MAAY4CL12W")),
        phone: "13800138019",
        email: "kaibiao.er@lanzhi.example",
    },
];

/// Two who offer to evaluate for other companies.
pub(super) const EXPERTS: [Player; 2] = [
    Player {
        role: Role::Provider,
        company: Some(("澹怀工程咨询有限公司", "91330110MA2K7PTR03")),
        phone: "13800138016",
        email: "pingshen@danhuai.example",
    },
    Player {
        role: Role::Provider,
        company: Some(("览素信息咨询有限公司", "91310107MA1GU4WYXE")),
        phone: "13800138017",
        email: "pingshen@lansu.example",
    },
];

/// A company that the operator has a list of, and whoever registers it by the letter.
pub(super) const SOUGHT: Player = Player {
    role: Role::Provider,
    company: Some(("霁川仪表有限公司", "91330106MA2H5T8Q6N")),
    phone: "13800138015",
    email: "lianxi@jichuan.example",
};

/// Somebody who signs up, looks around, and leaves for good.
pub(super) const LEAVER: Player = Player {
    role: Role::Provider,
    company: Some(("漱石信息服务有限公司", "91440300MA5FN7T259")),
    phone: "13800138007",
    email: "lixin@shushi.example",
};

/// Who has this address.
pub(super) fn by_email(email: &str) -> Option<&'static Player> {
    const ALL: [&[Player]; 3] = [&CAST, &EXPERTS, &[APPLICANT, MENDER, SEEKER, COLLEAGUE, LEAVER]];
    ALL.into_iter().flatten().find(|player| player.email == email)
}

impl Player {
    /// The account that this player will have, with a password of its own.
    pub fn account(&self, random: &Random) -> Account {
        Account {
            role: self.role,
            company: self.company.map(|(name, _)| name.to_owned()),
            email: self.email.to_owned(),
            phone: self.phone.to_owned(),
            password: password(random),
        }
    }
}

/// Twelve characters that cannot be taken for one another, in three groups: 59 bits.
fn password(random: &Random) -> String {
    const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let group = || (0..4).map(|_| char::from(ALPHABET[random.below(31) as usize])).collect::<String>();
    format!("{}-{}-{}", group(), group(), group())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::identifier::{Mobile, Uscc};

    #[test]
    fn everybody_can_register() {
        for player in
            CAST.iter().chain(&EXPERTS).chain(&OFFICERS).chain([&APPLICANT, &MENDER, &SEEKER, &COLLEAGUE, &SOUGHT])
        {
            assert!(Mobile::parse(player.phone).is_ok());
            assert!(player.company.is_none_or(|(_, code)| Uscc::parse(code).is_ok()));
        }
        let (one, two) = (CAST[0].account(&Random::system()), CAST[0].account(&Random::system()));
        assert_ne!(one.password, two.password);
        assert_eq!(one.password.len(), 14);
    }
}
