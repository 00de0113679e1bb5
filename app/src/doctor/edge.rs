//! Where the installation meets others: mail, certificate, port.

use super::{Finding, Visit};
use crate::config::{Config, SecondFactor, Tls};
use crate::server;
use kit::mail::Mailer;
use kit::outgoing::Reach;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use x509_cert::der::Decode;

/// How long others may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A certificate that ends within so many days should be renewed now.
const RENEW: i64 = 21;

/// Settings that hold, but that people would meet.
pub(super) fn configuration(visit: &mut Visit<'_>) {
    let config = visit.config;
    let before = visit.found.len();
    let is_public = config.tls.is_some() || config.trusted_proxy;
    if is_public && config.privacy_contact.ends_with("@localhost") {
        let what =
            format!("the policy names {} as the way to the personal information officer", config.privacy_contact);
        visit.note(Finding::warn("configuration", what, "set privacy_contact to an address that somebody reads"));
    }
    if is_public && config.public_url.is_none() {
        let what = "messages would lead people to the address that the program listens on";
        visit.note(Finding::warn("configuration", what, "set public_url to the address that people know"));
    }
    if config.party().is_none() {
        let what = format!("browsers take no passkeys at {}: it is no domain reached by HTTPS", config.address(""));
        visit.note(Finding::warn("configuration", what, "set public_url to https:// and a domain"));
    }
    if config.operator_second_factor == SecondFactor::Offered {
        let what = "a stolen password is enough to act as the operator: no second factor is required";
        visit.note(Finding::warn(
            "configuration",
            what,
            "set operator_second_factor = required, unless this is a demo",
        ));
    }
    if config.webhook_reach == Reach::Anywhere {
        let what = "whoever registers a webhook can make this machine ask its own network";
        visit.note(Finding::warn("configuration", what, "set webhook_reach = public, unless this is a trial"));
    }
    if visit.found.len() == before {
        visit.note(Finding::ok("configuration", "every setting holds"));
    }
}

/// Whether somebody takes mails. The server is greeted; nothing is sent.
pub(super) async fn mail(visit: &mut Visit<'_>) {
    let Config { outbox_dir, smtp_url, mail_from, .. } = visit.config;
    let Some(url) = smtp_url else {
        let what = format!("mails and short messages only go to {}", outbox_dir.display());
        return visit.note(Finding::warn("mail", what, "set smtp_url where people shall receive them"));
    };
    let todo = "see that smtp_url is right and that this machine may reach the server";
    let mailer = match Mailer::smtp(url, mail_from) {
        Ok(mailer) => mailer,
        Err(error) => return visit.note(Finding::fail("mail", error.to_string(), todo)),
    };
    visit.note(match tokio::time::timeout(PATIENCE, mailer.greet()).await {
        Ok(Ok(())) => Finding::ok("mail", format!("the server answers; mails come from {mail_from}")),
        Ok(Err(error)) => Finding::fail("mail", error.to_string(), todo),
        Err(_) => Finding::fail("mail", "the server did not answer within 5 s", todo),
    });
}

/// Certificate and key belong together and are in force.
pub(super) async fn tls(visit: &mut Visit<'_>) {
    let Some(tls) = &visit.config.tls else { return };
    if let Err(error) = server::certificate(tls).await {
        return visit.note(Finding::fail(
            "tls",
            error.to_string(),
            "give PEM files that belong together, the server's certificate first",
        ));
    }
    if tls.key.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
        let what = format!("others can read {}", tls.key.display());
        visit.note(Finding::warn("tls", what, format!("run `chmod 600 {}`", tls.key.display())));
    }
    let days = match days_left(tls, visit.clock.now().as_second()) {
        Some(days) => days,
        None => {
            return visit.note(Finding::warn(
                "tls",
                "the certificate does not say how long it holds",
                "look at it with another program",
            ));
        }
    };
    visit.note(match days {
        ..0 => Finding::fail("tls", format!("the certificate ended {} days ago", -days), "renew it, then restart"),
        0..RENEW => Finding::warn("tls", format!("the certificate ends in {days} days"), "renew it, then restart"),
        _ => Finding::ok("tls", format!("the certificate holds for {days} more days")),
    });
}

fn days_left(tls: &Tls, now: i64) -> Option<i64> {
    let first = CertificateDer::from_pem_file(&tls.cert).ok()?;
    let certificate = x509_cert::Certificate::from_der(&first).ok()?;
    let end = i64::try_from(certificate.tbs_certificate.validity.not_after.to_unix_duration().as_secs()).ok()?;
    Some((end - now).div_euclid(86_400))
}

/// Free, or taken by a program of ours.
pub(super) async fn port(visit: &mut Visit<'_>) {
    let address = visit.config.listen;
    let error = match TcpListener::bind(address) {
        Ok(_) => return visit.note(Finding::ok("port", format!("{address} is free: nothing serves there now"))),
        Err(error) => error,
    };
    if error.kind() != ErrorKind::AddrInUse {
        let todo = "choose another address with `listen`; ports below 1024 need a right of their own";
        return visit.note(Finding::fail("port", format!("{address} cannot be listened on: {error}"), todo));
    }
    let ours = visit.config.tls.is_none() && serves(&format!("http://{address}/health")).await;
    visit.note(if ours {
        Finding::ok("port", format!("ziyun serves on {address}"))
    } else if visit.config.tls.is_some() {
        Finding::ok("port", format!("somebody serves on {address}; over HTTPS it is not asked who"))
    } else {
        Finding::fail(
            "port",
            format!("{address} is taken by another program"),
            "stop that one, or choose another address with `listen`",
        )
    });
}

async fn serves(url: &str) -> bool {
    let Ok(client) = reqwest::Client::builder().timeout(PATIENCE).build() else { return false };
    let Ok(answer) = client.get(url).send().await else { return false };
    answer.text().await.is_ok_and(|text| text.starts_with("ok") || text.starts_with("no database"))
}
