//! Companies that the operator has a list of: one takes up what was prepared for it, one refuses, one row cannot be read.

use super::cast::SOUGHT;
use super::client::Failed;
use super::person::Person;

/// Where the addresses were published, as the letters tell.
const SOURCE: &str = "企业年度报告（虚构）";

/// Who does not want to be asked. Nothing is ever sent there.
pub(super) const UNWILLING: &str = "lianxi@shuyu.example";

impl Person {
    /// Hands a list of companies in, which waits for the administrator's word. Answers its address.
    pub async fn hand_in_companies(&self, id: &str) -> Result<String, Failed> {
        let (company, code) = SOUGHT.company.unwrap_or_default();
        let rows = format!(
            "公司名称,公司类型,公司性质,统一社会信用代码,身份,行业,地区,注册地址,联系邮箱\r\n\
             {company},企业或其他组织,民营,{code},服务商,C40,浙江省,文三路 268 号,{}\r\n\
             疏雨环境工程有限公司,企业或其他组织,国有,91310115MA1K7W3NX5,需求方、服务商,N77,上海市,博霞路 11 号,{UNWILLING}\r\n\
             晚照能源管理有限公司,企业或其他组织,民营,91440300MA5G9D2X80,需求方,D44,深圳市,留仙大道 3370 号,lianxi@wanzhao.example\r\n",
            SOUGHT.email
        );
        let fields = [("id", id), ("source", SOURCE), ("published", "1")];
        let file = ("sheet", "companies.csv", rows.into_bytes());
        self.client.upload("/desk/company-lists", &fields, file).await?.ok()?;
        Ok(format!("/desk/company-lists/{id}"))
    }
}
