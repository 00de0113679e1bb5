//! Log injection: nothing that somebody sends begins a line of the log, or stands in one.

use super::raw;
use crate::command::folder;
use crate::logs::Served;
use serde_json::{Value, json};

/// What a forged line would look like.
const FORGED: &str = "FORGED 4242";

/// Everything that could reach a log, with line ends, colours and quotes around what is forged.
async fn attack(root: &str) -> usize {
    let address = root.strip_prefix("http://").unwrap().parse().unwrap();
    let mut asked = 0;
    for target in [
        format!("/notices?words=%0a{}", FORGED.replace(' ', "%20")),
        format!("/%0d%0a{}", FORGED.replace(' ', "%20")),
        format!("/%1b[31m{}", FORGED.replace(' ', "%20")),
        format!("/policy/%0a{}", FORGED.replace(' ', "%20")),
        "/notices/\u{202e}".to_owned(),
    ] {
        for line in [
            format!("user-agent: x\t{FORGED}"),
            format!("user-agent: \u{9b}31m{FORGED}\u{85}"),
            format!("x-request-id: {FORGED}"),
            format!("traceparent: {FORGED}"),
            format!("x-forwarded-for: {FORGED}\", \"level\":\"ERROR"),
            format!("authorization: Bearer {FORGED}"),
            format!("cookie: session={FORGED}; form={FORGED}"),
        ] {
            let head = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{line}\r\n\r\n");
            let heard = raw(address, head.as_bytes()).await;
            // What HTTP itself refuses reaches no layer of ours, and so no log.
            asked += usize::from(!heard.header("x-request-id").is_empty());
        }
    }
    for method in [FORGED.split(' ').next().unwrap(), "G\u{1b}T"] {
        let head = format!("{method} /notices HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        asked += usize::from(!raw(address, head.as_bytes()).await.header("x-request-id").is_empty());
    }
    asked + typed(root).await
}

/// The same typed into forms.
async fn typed(root: &str) -> usize {
    let client = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let json = |request: reqwest::RequestBuilder| request.header("accept", "application/json");
    let session = json(client.get(format!("{root}/session"))).send().await.unwrap();
    let session: Value = serde_json::from_str(&session.text().await.unwrap()).unwrap();
    let token = session["csrf"].as_str().unwrap();
    let text = format!("x\n{{\"level\":\"ERROR\",\"message\":\"{FORGED}\"}}\n\u{1b}[31m{FORGED}");
    let mut asked = 1;
    for path in ["/session", "/registrations", "/password-resets", "/preferences/theme"] {
        let fields = json!({"account": text, "password": text, "company": text, "theme": text, "next": text});
        let request = json(client.post(format!("{root}{path}"))).header("x-csrf-token", token).json(&fields);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_client_error(), "{path}: {}", answer.status());
        asked += 1;
    }
    asked
}

#[tokio::test]
async fn the_log_has_its_own_lines_and_no_others() {
    for format in ["json", "text"] {
        let here = folder();
        let served = Served::start(here.path(), &["--log-format", format, "--log", "app=debug,info"]);
        let asked = attack(&served.root).await;
        let log = served.end();
        assert!(asked > 30, "{asked}");
        assert!(!log.contains("FORGED"), "{log}");
        assert!(!log.contains('\u{1b}') && !log.contains('\r') && !log.contains('\u{85}'), "{log:?}");
        let lines: Vec<_> = log.lines().collect();
        let of_requests = |line: &&&str| match format {
            "json" => {
                serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("not JSON: {line}"))["target"] == "access"
            }
            _ => line.contains(" access: "),
        };
        assert_eq!(lines.iter().filter(of_requests).count(), asked, "{format}: one line for each request");
    }
}
