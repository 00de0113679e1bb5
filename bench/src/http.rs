//! A client of HTTP/1.1 that does no more than a load needs: one connection kept alive, one request at a time, the body
//! counted and not looked at. (A full client would need more of the two cores than the server.)

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long any answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection.
pub struct Client {
    address: SocketAddr,
    head: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Bytes of the body.
    pub length: usize,
}

impl Client {
    /// A client of this server; it connects with its first request.
    pub fn new(address: SocketAddr) -> Self {
        Self::with(address, "accept: text/html\r\naccept-language: zh-CN\r\n")
    }

    /// The same with these lines in the head of every request, each with its end.
    pub fn with(address: SocketAddr, lines: &str) -> Self {
        let head = format!("host: {address}\r\n{lines}");
        Self { address, head, stream: None, buffer: Vec::with_capacity(128 * 1024) }
    }

    /// Reads a page.
    ///
    /// # Errors
    /// What went wrong, in words: the connection, or an answer without a length.
    pub async fn get(&mut self, path: &str) -> Result<Answer, String> {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head);
        self.within(request.as_bytes()).await.map_err(|why| format!("GET {path}: {why}"))
    }

    /// Acts, with JSON; `lines` come into the head of this request alone.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn post(&mut self, path: &str, lines: &str, json: &str) -> Result<Answer, String> {
        let (head, length) = (&self.head, json.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\n{head}{lines}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{json}"
        );
        self.within(request.as_bytes()).await.map_err(|why| format!("POST {path}: {why}"))
    }

    /// Acts, with a form that has a file; the body's parts are parted by this line.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn upload(&mut self, path: &str, boundary: &str, body: &[u8]) -> Result<Answer, String> {
        let (head, length) = (&self.head, body.len());
        let lines = format!("content-type: multipart/form-data; boundary={boundary}\r\ncontent-length: {length}");
        let request = [format!("POST {path} HTTP/1.1\r\n{head}{lines}\r\n\r\n").as_bytes(), body].concat();
        self.within(&request).await.map_err(|why| format!("POST {path}: {why}"))
    }

    /// What came back last, for a message.
    pub fn told(&self) -> String {
        String::from_utf8_lossy(&self.buffer[..self.buffer.len().min(2_000)]).into_owned()
    }

    async fn within(&mut self, request: &[u8]) -> Result<Answer, String> {
        let asked = tokio::time::timeout(PATIENCE, self.ask(request)).await;
        let answer = asked.unwrap_or_else(|_| Err(format!("no answer within {PATIENCE:?}")));
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    async fn ask(&mut self, request: &[u8]) -> Result<Answer, String> {
        let text = |error: std::io::Error| error.to_string();
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(self.address).await.map_err(text)?;
                stream.set_nodelay(true).map_err(text)?;
                none.insert(stream)
            }
        };
        stream.write_all(request).await.map_err(text)?;
        self.buffer.clear();
        loop {
            if stream.read_buf(&mut self.buffer).await.map_err(text)? == 0 {
                return Err("the server closed the connection".into());
            }
            if let Some(head) = Head::of(&self.buffer)? {
                let missing = (head.bytes + head.length).saturating_sub(self.buffer.len());
                let begun = self.buffer.len();
                self.buffer.resize(begun + missing, 0);
                stream.read_exact(&mut self.buffer[begun..]).await.map_err(text)?;
                return Ok(Answer { status: head.status, length: head.length });
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Of the head itself, with the empty line.
    bytes: usize,
    /// Of the body.
    length: usize,
}

impl Head {
    /// The head of an answer, or `None` while its end has not come.
    fn of(bytes: &[u8]) -> Result<Option<Self>, String> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
        let head = std::str::from_utf8(&bytes[..end]).map_err(|error| error.to_string())?;
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = lengths.next().and_then(|(_, value)| value.trim().parse().ok());
        match (status, length) {
            (Some(status), Some(length)) => Ok(Some(Self { status, bytes: end + 4, length })),
            _ => Err(format!("an answer without status or length: {head}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_has_come() {
        let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\n\r\nhello";
        assert_eq!(Head::of(&answer[..30]), Ok(None));
        assert_eq!(Head::of(answer), Ok(Some(Head { status: 404, bytes: 46, length: 12 })));
        assert!(Head::of(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn one_connection_serves_many_requests() {
        let server = crate::bare::serve(axum::Router::new().route("/", axum::routing::get(async || "hello")));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        runtime.block_on(async {
            let mut client = Client::new(server.address);
            for _ in 0..3 {
                assert_eq!(client.get("/").await, Ok(Answer { status: 200, length: 5 }));
            }
            assert_eq!(client.get("/missing").await.map(|answer| answer.status), Ok(404));
        });
    }
}
