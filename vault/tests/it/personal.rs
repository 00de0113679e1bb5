//! Parsing is normalising; nothing shows by accident.

use proptest::prelude::*;
use vault::{Email, Ip, Malformed, Phone, UserAgent};

#[track_caller]
fn phone(text: &str) -> Result<String, Malformed> {
    text.parse::<Phone>().map(|phone| phone.expose().to_owned())
}

#[track_caller]
fn email(text: &str) -> Result<String, Malformed> {
    text.parse::<Email>().map(|email| email.expose().to_owned())
}

#[test]
fn phones_become_e164() {
    for text in ["13800138000", " 138-0013-8000 ", "+86 138 0013 8000", "008613800138000", "１３８００１３８０００"]
    {
        assert_eq!(phone(text).as_deref(), Ok("+8613800138000"), "{text}");
    }
    assert_eq!(phone("+44 (20) 7946-0958").as_deref(), Ok("+442079460958"));
    assert_eq!(phone("+852 9123 4567").as_deref(), Ok("+85291234567"));
    for text in [
        "12345678901",
        "1380013800",
        "138001380000",
        "+8612345678901",
        "+0123456789",
        "+1234567",
        "+1234567890123456",
        "twelve",
        "+",
    ] {
        assert_eq!(phone(text), Err(Malformed::Phone), "{text}");
    }
    assert_eq!(phone("  "), Err(Malformed::Empty));
}

#[test]
fn emails_become_lower_case_with_an_ascii_domain() {
    assert_eq!(email(" Wang.Wei+Tender@Example.COM ").as_deref(), Ok("wang.wei+tender@example.com"));
    assert_eq!(email("li@例子.中国").as_deref(), Ok("li@xn--fsqu00a.xn--fiqs8s"));
    assert_eq!(email("li＠example.cn").as_deref(), Ok("li@example.cn"));
    let long = format!("{}@example.com", "a".repeat(65));
    for text in [
        "plain",
        "@example.com",
        "a@",
        "a@localhost",
        "a b@example.com",
        ".a@example.com",
        "a..b@example.com",
        "a.@example.com",
        "\"a b\"@example.com",
        "a@[192.0.2.1]",
        "a@192.0.2.1",
        "a@exa mple.com",
        "a@-example.com",
        "王@example.com",
        "a@b@example.com",
        "a@example.com\r\nBcc: x@example.com",
        long.as_str(),
    ] {
        assert_eq!(email(text), Err(Malformed::Email), "{text}");
    }
}

#[test]
fn addresses_and_browsers_are_canonical() {
    let ip = |text: &str| text.parse::<Ip>().map(|ip| ip.expose().to_owned());
    assert_eq!(ip("::ffff:192.0.2.1").as_deref(), Ok("192.0.2.1"));
    assert_eq!(ip("2001:DB8:0:0:0:0:0:1").as_deref(), Ok("2001:db8::1"));
    assert_eq!(ip("192.0.2.256"), Err(Malformed::Ip));
    let agent: UserAgent = format!("Mozilla\u{0}\n{}", "x".repeat(1000)).parse().unwrap();
    assert_eq!((agent.expose().chars().count(), &agent.expose()[..8]), (400, "Mozillax"));
}

#[test]
fn debug_and_errors_show_nothing() {
    let phone: Phone = "13800138000".parse().unwrap();
    let email: Email = "wang@example.cn".parse().unwrap();
    let ip: Ip = "192.0.2.1".parse().unwrap();
    let agent: UserAgent = "Mozilla".parse().unwrap();
    assert_eq!(format!("{phone:?} {email:?} {ip:?} {agent:?}"), "Phone(…) Email(…) Ip(…) UserAgent(…)");
    let error = "wang.example.cn".parse::<Email>().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("wang"));
}

proptest! {
    #[test]
    fn what_was_normalised_stays_as_it_is(
        text in "\\PC{0,40}",
        digits in "[+]?[0-9 -]{6,18}",
        mail in "[a-zA-Z0-9.+_-]{1,20}@[a-zA-Z0-9.例-]{1,20}\\.(com|CN|中国)",
    ) {
        for text in [&text, &digits, &mail] {
            if let Ok(once) = phone(text) {
                prop_assert_eq!(phone(&once), Ok(once));
            }
            if let Ok(once) = email(text) {
                prop_assert!(once.is_ascii());
                prop_assert_eq!(email(&once), Ok(once));
            }
            if let Ok(once) = text.parse::<UserAgent>() {
                prop_assert_eq!(once.expose().parse::<UserAgent>(), Ok(once.clone()));
            }
        }
    }
}
