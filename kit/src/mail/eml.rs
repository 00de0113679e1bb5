//! A mail as RFC 5322 text, and the way back for the mails that this program wrote itself.

use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};

use super::{Error, Mail};

/// How texts beyond ASCII are written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Transfer {
    /// As they are, so that a person can read the file.
    Readable,
    /// Encoded, for servers that know nothing else.
    AnyServer,
}

/// The whole mail with its headers.
pub(super) fn compose(mail: &Mail, from: &Mailbox, transfer: Transfer) -> Result<Message, Error> {
    let to = Mailbox::new(None, mail.to.parse().map_err(|_| Error::Recipient)?);
    let date = SystemTime::try_from(mail.at).expect("stored times lie within the machine's range");
    let mut message = Message::builder()
        .from(from.clone())
        .to(to)
        .date(date)
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .subject(mail.subject.replace(['\r', '\n'], " "));
    if let Some(address) = &mail.one_click {
        let address = address.replace(['\r', '\n', '>'], "");
        message = message
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("List-Unsubscribe"), format!("<{address}>")))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("List-Unsubscribe-Post"),
                "List-Unsubscribe=One-Click".to_owned(),
            ));
    }
    let plain = part(ContentType::TEXT_PLAIN, &mail.text, transfer);
    let composed = match &mail.html {
        None => message.singlepart(plain),
        Some(html) => {
            let both = MultiPart::alternative().boundary(format!("part-{}", mail.id));
            message.multipart(both.singlepart(plain).singlepart(part(ContentType::TEXT_HTML, html, transfer)))
        }
    };
    Ok(composed?)
}

fn part(kind: ContentType, text: &str, transfer: Transfer) -> SinglePart {
    let text = text.to_owned();
    let body = match transfer {
        Transfer::AnyServer => Body::new(text),
        // Lines of more than 998 octets cannot stay as they are.
        Transfer::Readable => {
            Body::new_with_encoding(text, ContentTransferEncoding::EightBit).unwrap_or_else(Body::new)
        }
    };
    SinglePart::builder().header(kind).body(body)
}

/// What a mailbox page shows of a mail.
pub(super) struct Read {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub at: Timestamp,
}

/// Reads a mail made by [`compose`]; `None` for any other file.
pub(super) fn read(content: &str) -> Option<Read> {
    let (head, body) = content.split_once("\r\n\r\n")?;
    let headers = head.replace("\r\n ", " ");
    let text = match header(&headers, "Content-Type")?.split_once("boundary=\"") {
        None => decode(&headers, body)?,
        Some((_, rest)) => {
            let mark = format!("--{}", rest.split_once('"')?.0);
            let (head, body) = body.split(&mark).nth(1)?.trim_start().split_once("\r\n\r\n")?;
            decode(&head.replace("\r\n ", " "), body)?
        }
    };
    Some(Read {
        to: header(&headers, "To")?.to_owned(),
        subject: words(header(&headers, "Subject")?),
        text: text.replace("\r\n", "\n").trim_end().to_owned(),
        at: jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(header(&headers, "Date")?).ok()?,
    })
}

fn header<'a>(headers: &'a str, name: &str) -> Option<&'a str> {
    headers.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn decode(headers: &str, body: &str) -> Option<String> {
    let bytes = match header(headers, "Content-Transfer-Encoding")? {
        "base64" => STANDARD.decode(body.replace("\r\n", "")).ok()?,
        "quoted-printable" => quoted_printable(body)?,
        _ => return Some(body.to_owned()),
    };
    String::from_utf8(bytes).ok()
}

fn quoted_printable(body: &str) -> Option<Vec<u8>> {
    let joined = body.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        bytes.extend(hex::decode(part.get(..2)?).ok()?);
        bytes.extend(part[2..].bytes());
    }
    Some(bytes)
}

/// RFC 2047 words as lettre writes them, `=?utf-8?b?…?=`; the blank between two of them is none of the text.
fn words(subject: &str) -> String {
    let mut text = String::new();
    let mut encoded_before = None;
    for word in subject.split(' ') {
        let decoded = word
            .strip_prefix("=?utf-8?b?")
            .and_then(|word| STANDARD.decode(word.strip_suffix("?=")?).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        if encoded_before.is_some_and(|encoded| !(encoded && decoded.is_some())) {
            text.push(' ');
        }
        encoded_before = Some(decoded.is_some());
        text.push_str(decoded.as_deref().unwrap_or(word));
    }
    text
}
