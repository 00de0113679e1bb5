//! What a document of the library is.

use crate::identity::company::part::choices;
use crate::web::Fields;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

choices! {
    /// What a document of the library is.
    Kind, "LibraryKind", "library-kind-", {
        /// 营业执照、行政许可: what the business rests on.
        Licence = "licence",
        /// 资质、体系认证: a certificate of a qualification.
        Certificate = "certificate",
        /// 业绩: a contract that was carried out, or what a customer says of it.
        Reference = "reference",
        /// 财务报表、审计报告: a statement of the company's means.
        Financial = "financial",
        /// 人员证书、社保证明: who would do the work. It holds personal data of theirs.
        Staff = "staff",
        /// 授权: of a maker, or of the company's own representative.
        Authorisation = "authorisation",
        /// Something else.
        Other = "other",
    }
}
