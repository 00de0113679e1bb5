use std::os::unix::fs::PermissionsExt;

use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::outbox::{self, Channel};
use super::*;
use crate::random::Random;

const FROM: &str = "资云 <no-reply@example.org>";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_392_000 + second).expect("in range")
}

fn mail(seed: u64, subject: &str, text: &str) -> Mail {
    let random = Random::seeded(seed);
    let (subject, text) = (subject.to_owned(), text.to_owned());
    Mail {
        id: Id::v4(&random),
        at: at(seed as i64),
        to: "buyer@example.org".to_owned(),
        subject,
        text,
        html: None,
        one_click: None,
    }
}

fn short(seed: u64, text: &str) -> ShortMessage {
    let id = Id::v4(&Random::seeded(seed));
    ShortMessage { id, at: at(seed as i64), to: "+8613800138000".to_owned(), text: text.to_owned() }
}

#[tokio::test]
async fn the_outbox_gives_back_what_was_sent_newest_first() -> Result<(), Error> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mailer, sms) = (Mailer::folder(folder.path(), FROM)?, Sms::folder(folder.path()));
    assert_eq!(outbox::list(folder.path(), 9).expect("nothing yet"), []);

    let long = format!("{} {}", "公告标题很长".repeat(20), "plain words");
    let texts = [
        ("Plain", "Hello.\n\n.leading dot\nlast".to_owned()),
        ("您的验证码 code 是", "验证码：483920\n五分钟内有效。".to_owned()),
        (long.as_str(), format!("{} = 无换行", "字".repeat(2000))),
        ("=?utf-8?b?forged?= and  two blanks", "a=b ".repeat(400)),
    ];
    for (seed, (subject, text)) in texts.iter().enumerate() {
        mailer.send(&mail(seed as u64, subject, text)).await?;
    }
    let html = Mail { html: Some("<p>正文</p>".repeat(300)), ..mail(4, "两种", "正文\n--part-\n完") };
    mailer.send(&html).await?;
    sms.send(&short(5, "验证码：112233")).await?;

    let listed = outbox::list(folder.path(), 9).expect("a folder of messages");
    assert_eq!(listed.len(), 6);
    assert_eq!((listed[0].channel, listed[0].to.as_str()), (Channel::Sms, "+8613800138000"));
    assert_eq!(listed[0].text, "验证码：112233");
    assert_eq!((listed[1].subject.as_str(), listed[1].text.as_str()), ("两种", "正文\n--part-\n完"));
    for (sent, got) in texts.iter().rev().zip(&listed[2..]) {
        assert_eq!((got.subject.as_str(), got.text.as_str()), (sent.0, sent.1.trim_end()));
        assert_eq!((got.channel, got.to.as_str()), (Channel::Mail, "buyer@example.org"));
    }
    assert_eq!(listed[5].at, at(0));
    assert_eq!(outbox::list(folder.path(), 2).expect("two"), listed[..2]);
    Ok(())
}

#[tokio::test]
async fn a_mail_says_where_one_post_ends_such_mails() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mailer = Mailer::folder(folder.path(), FROM).expect("a folder");
    let address = "https://ziyun.example/digests/k/withdrawal\r\nBcc: all@example.org";
    let sent = Mail { one_click: Some(address.to_owned()), ..mail(1, "s", "t") };
    mailer.send(&sent).await.expect("sent");
    let file = std::fs::read_to_string(folder.path().join("mail").join(format!("{}.eml", sent.id))).expect("a mail");
    let head = file.split("\r\n\r\n").next().expect("headers").replace("\r\n ", "");
    let lines: Vec<_> = head.lines().filter(|line| line.starts_with("List-") || line.starts_with("Bcc")).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("List-Unsubscribe: <https://ziyun.example/digests/k/withdrawal"), "{lines:?}");
    assert_eq!(lines[1], "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
}

#[tokio::test]
async fn one_id_is_one_file_however_often_it_is_sent() -> Result<(), Error> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mailer, sms) = (Mailer::folder(folder.path(), FROM)?, Sms::folder(folder.path()));
    let (first, text) = (mail(1, "first", "first"), short(1, "first"));
    let again = Mail { subject: "again".to_owned(), ..first.clone() };
    let sent = futures::future::join_all((0..8).map(|_| mailer.send(&first))).await;
    assert!(sent.iter().all(Result::is_ok));
    mailer.send(&again).await?;
    sms.send(&text).await?;
    sms.send(&text).await?;

    let listed = outbox::list(folder.path(), 9).expect("messages");
    assert_eq!(listed.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["first", ""]);
    let file = folder.path().join("mail").join(format!("{}.eml", first.id));
    assert_eq!(std::fs::read_dir(folder.path().join("mail")).expect("a folder").count(), 1, "no staged file is left");
    assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    let eml = std::fs::read_to_string(file).expect("text");
    assert!(eml.contains(&format!("Message-ID: <{}@example.org>", first.id)) && eml.contains("Date: "), "{eml}");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_sent_says_so_without_naming_anybody() -> Result<(), Error> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mailer = Mailer::folder(folder.path(), FROM)?;
    let nobody = Mail { to: "secret-person".to_owned(), ..mail(1, "s", "t") };
    let refused = mailer.send(&nobody).await.expect_err("no address");
    assert!(matches!(refused, Error::Recipient) && !refused.is_passing());
    let injected = Mail { subject: "a\r\nBcc: all@example.org".to_owned(), ..mail(2, "s", "t") };
    mailer.send(&injected).await?;
    let eml = std::fs::read_to_string(folder.path().join("mail").join(format!("{}.eml", injected.id))).expect("sent");
    assert!(!eml.contains("\nBcc"), "{eml}");

    assert!(matches!(Mailer::folder(folder.path(), "nobody"), Err(Error::Sender(_))));
    assert!(matches!(Mailer::smtp("imap://u:hunter2@host", FROM), Err(Error::Server)));
    std::fs::write(folder.path().join("sms"), "in the way").expect("a file");
    let blocked = Sms::folder(folder.path()).send(&short(3, "t")).await.expect_err("a file is no folder");
    assert!(matches!(&blocked, Error::Folder { .. }) && blocked.is_passing());
    Ok(())
}

#[test]
fn debug_shows_neither_who_nor_what() {
    let shown = format!("{:?} {:?}", mail(1, "subject", "text-of-mail"), short(2, "text-of-sms"));
    for hidden in ["buyer", "subject", "text-of", "138001"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

/// Below the range that outgoing connections draw from.
async fn listen() -> TcpListener {
    for port in 21_000..21_400 {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
            return listener;
        }
    }
    panic!("400 ports of loopback are taken");
}

/// One connection of a server that answers `RCPT` as told and returns what it was sent.
async fn server(listener: TcpListener, rcpt: &'static str) -> String {
    let (stream, _) = listener.accept().await.expect("a client");
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut heard = String::new();
    let mut in_data = false;
    write.write_all(b"220 test\r\n").await.expect("open");
    while let Ok(Some(line)) = lines.next_line().await {
        heard.push_str(&line);
        heard.push('\n');
        let answer = match line.split([' ', ':']).next() {
            _ if in_data && line != "." => continue,
            Some("DATA") => "354 go on",
            Some("RCPT") => rcpt,
            Some("QUIT") => break,
            _ => "250 ok",
        };
        in_data = answer.starts_with("354");
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            break;
        }
    }
    heard
}

#[tokio::test]
async fn a_server_takes_a_mail_or_its_refusal_is_classified() -> Result<(), Error> {
    for (rcpt, expected) in [("250 ok", None), ("550 no buyer@example.org here", Some(550)), ("451 later", Some(451))] {
        let listener = listen().await;
        let url = format!("smtp://127.0.0.1:{}", listener.local_addr().expect("bound").port());
        let heard = tokio::spawn(server(listener, rcpt));
        let sent = Mailer::smtp(&url, FROM)?.send(&mail(1, "验证码", "是 483920")).await;
        match expected {
            None => sent?,
            Some(code) => {
                let refused = sent.expect_err("the server said no");
                assert_eq!(refused.is_passing(), code < 500, "{refused}");
                let shown = format!("{refused} {refused:?}");
                assert!(shown.contains(&code.to_string()) && !shown.contains("buyer"), "{shown}");
            }
        }
        let heard = heard.await.expect("the server ran");
        assert!(heard.contains("RCPT TO:<buyer@example.org>"), "{heard}");
        assert_eq!(heard.contains("Message-ID:"), expected.is_none(), "{heard}");
        assert!(heard.is_ascii(), "this server does not know 8BITMIME");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_takes_the_connection_and_says_nothing_is_left() -> Result<(), Error> {
    let listener = listen().await;
    let url = format!("smtp://127.0.0.1:{}", listener.local_addr().expect("bound").port());
    let hasty = Mailer::smtp(&url, FROM)?.patient(std::time::Duration::from_millis(50));
    let left = hasty.send(&mail(1, "验证码", "是 483920")).await.expect_err("nobody spoke");
    assert!(left.is_passing(), "{left}");
    Ok(())
}
