//! The policy's text format, and what its texts must hold.

#[path = "../build/text.rs"]
#[allow(dead_code)]
mod text;

use policy::{Block, Span, Text};

const SOUND: &str = "# T\n\n## 1 One\nplain **weighty** `name` {contact}\n- a\n- b\n";

#[track_caller]
fn refused(old: &str, new: &str, word: &str) {
    let changed = SOUND.replacen(old, new, 1);
    let mistakes = text::parse("t.md", &changed).err().unwrap_or_default();
    assert!(mistakes.iter().any(|mistake| mistake.contains(word)), "{mistakes:?} should speak of {word:?}");
}

#[test]
fn a_text_becomes_structure() {
    let text = text::parse("t.md", SOUND).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let section = &text.sections[0];
    assert_eq!((text.title.as_str(), section.number, section.heading.as_str()), ("T", 1, "One"));
    let text::Block::Paragraph(spans) = &section.blocks[0] else { panic!("a paragraph comes first") };
    let expected = [
        text::Span::Plain("plain ".into()),
        text::Span::Weighty("weighty".into()),
        text::Span::Plain(" ".into()),
        text::Span::Code("name".into()),
        text::Span::Plain(" ".into()),
        text::Span::Contact,
    ];
    assert_eq!(spans[..], expected);
    assert!(matches!(&section.blocks[1], text::Block::List(items) if items.len() == 2));
}

#[test]
fn slips_are_named_with_their_line() {
    refused("## 1", "## 2", "t.md:3: section `2` stands where 1 is due");
    refused("**weighty**", "**weighty", "t.md:4: `**` opens and does not close");
    refused("`name`", "`name", "t.md:4: a backtick opens");
    refused("{contact}", "{contakt}", "the only parameter is {contact}");
    refused("plain", "<b>plain</b>", "HTML has no place here");
    refused("{contact}", "", "names its contact");
    refused("**weighty**", "weighty", "no weighty term");
    refused("# T\n", "", "no `# title`");
    refused("# T\n", "# T\nearly\n", "text before the first");
}

#[test]
fn the_current_version_is_the_newest_and_found_by_its_id() {
    let current = policy::current();
    assert_eq!(policy::version(current.id).map(|version| version.id), Some(current.id));
    assert!(policy::VERSIONS.iter().all(|version| version.id <= current.id));
    assert!(policy::version("1999-01").is_none());
    assert_eq!(
        (current.text("en-GB").lang, current.text("zh-CN").lang, current.text("fr").lang),
        ("en", "zh-CN", "zh-CN")
    );
}

#[test]
fn what_is_agreed_to_is_the_text_as_shown() {
    let text = &policy::current().zh;
    assert!(text.source.contains("{contact}"));
    assert!(!text.shown("dpo@example.cn").contains("{contact}"));
    assert_ne!(text.shown_sha256("dpo@example.cn"), text.sha256());
    assert_ne!(text.shown_sha256("dpo@example.cn"), text.shown_sha256("other@example.cn"));
    assert_ne!(text.sha256(), policy::current().en.sha256());
}

fn codes(text: &Text) -> Vec<&'static str> {
    let blocks = text.sections.iter().flat_map(|section| section.blocks);
    let spans = blocks.flat_map(|block| match block {
        Block::Paragraph(spans) => spans.iter().collect::<Vec<_>>(),
        Block::List(items) => items.iter().copied().flatten().collect(),
    });
    spans.filter_map(|span| if let Span::Code(name) = span { Some(*name) } else { None }).collect()
}

#[test]
fn both_languages_name_the_same_cookies() {
    assert_eq!(codes(&policy::current().zh), ["session", "form", "visit", "device", "choice", "lang", "theme"]);
    assert_eq!(codes(&policy::current().en), ["session", "form", "visit", "device", "choice", "lang", "theme"]);
}

#[test]
fn every_field_of_the_matrix_is_announced_in_the_text() {
    let words = [
        ("phone", "手机号", "mobile number"),
        ("email", "联系邮箱", "contact e-mail"),
        ("ip", "IP 地址", "IP address"),
        ("user-agent", "浏览器标识", "browser calls itself"),
        ("followed", "关注的类别和地区", "categories and regions you follow"),
        ("authenticator", "验证器的密钥", "secret of your authenticator"),
        ("passkey-name", "通行密钥的名称", "names of your passkeys"),
        ("linked-identity", "第三方账号的编号", "identifier of your account with a third party"),
        ("use", "搜索词、页面、IP 地址、时间", "words searched for, pages, IP address, time"),
        ("export-key", "一次性密钥", "one-off key"),
        ("verification-page", "认证材料的图片", "pages that you hand in for verification"),
        ("id-name", "身份证件上的姓名", "name on your identity document"),
        ("id-number", "身份证件号码（敏感个人信息）", "number of your identity document (sensitive personal data)"),
        ("request-text", "请求和投诉的内容", "texts of your requests and complaints"),
        ("representative", "法定代表人或经营者的姓名", "name of your legal representative or operator"),
        ("contact-name", "公司联系人的姓名", "Name, number, e-mail"),
        ("contact-phone", "手机号、邮箱、部门", "Name, number, e-mail"),
        ("contact-email", "手机号、邮箱、部门", "number, e-mail, department"),
        ("contact-department", "部门、职务", "department, title"),
        ("contact-title", "职务和其他联系信息", "department, title"),
        ("contact-other", "其他联系信息", "other ways to reach a company’s contact"),
        ("shared-name", "在会话里分享的**姓名", "name, mobile number or e-mail that you share"),
        ("shared-phone", "在会话里分享的姓名、手机号和邮箱", "mobile number and e-mail that you share in a thread"),
        ("shared-email", "在会话里分享的姓名、手机号和邮箱", "mobile number and e-mail that you share in a thread"),
        ("search", "搜索条件和显示偏好", "searches and how you like them shown"),
    ];
    for field in policy::FIELDS {
        let (_, zh, en) =
            words.iter().find(|(id, ..)| *id == field.id).unwrap_or_else(|| panic!("field {} is in no text", field.id));
        assert!(policy::current().zh.source.contains(zh), "{zh}");
        assert!(policy::current().en.source.contains(en), "{en}");
    }
}

#[test]
fn the_policy_takes_over_no_unfair_term() {
    for term in ["最终解释权", "解释权归", "概不负责", "不承担任何责任", "final interpretation", "no liability"]
    {
        for version in policy::VERSIONS {
            assert!(!version.zh.source.contains(term) && !version.en.source.contains(term), "{term}");
        }
    }
}
