//! Who asks: a browser's cookies and forms, or a program's JSON.

use crate::answer::Answer;
use crate::contract;
use crate::world::World;
use reqwest::Client;
use reqwest::header::ACCEPT;
use serde_json::Value;

/// A person's browser, or an integrator's client: the same cookie jar, pages by [`Browser::page`], data by the rest.
#[derive(Clone)]
pub struct Browser {
    /// Who uses it, once they have registered.
    pub phone: String,
    client: Client,
    root: String,
}

impl Browser {
    /// Nobody's yet.
    pub fn new(client: Client, root: String) -> Self {
        Self { phone: String::new(), client, root }
    }

    /// The same person and cookies, at another process.
    pub fn at(&self, world: &World) -> Self {
        self.at_root(&format!("http://{}", world.address()))
    }

    /// The same by that process's address.
    pub fn at_root(&self, root: &str) -> Self {
        Self { root: root.to_owned(), ..self.clone() }
    }

    /// Reads data.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.client.get(self.url(path)).header(ACCEPT, "application/json")).await
    }

    /// Reads a page.
    pub async fn page(&self, path: &str) -> Answer {
        self.send(self.client.get(self.url(path)).header(ACCEPT, "text/html").header("accept-language", "zh-CN")).await
    }

    /// Acts, with JSON; the form token comes along.
    pub async fn post(&self, path: &str, fields: Value) -> Answer {
        let token = self.token().await;
        self.post_with(&token, path, &fields).await
    }

    /// Acts at once: the form token was read before.
    pub async fn post_with(&self, token: &str, path: &str, fields: &Value) -> Answer {
        let request = self.client.post(self.url(path)).header("x-csrf-token", token).json(fields);
        self.send(request.header(ACCEPT, "application/json")).await
    }

    /// Acts as a page's form does.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut fields = fields.to_vec();
        fields.push(("csrf", &token));
        let request = self.client.post(self.url(path)).form(&fields);
        self.send(request.header(ACCEPT, "text/html").header("accept-language", "zh-CN")).await
    }

    /// Acts with files: `(field, file name, content)`.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut form = reqwest::multipart::Form::new().text("csrf", self.token().await);
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        for (field, name, content) in files {
            let part = reqwest::multipart::Part::bytes(content.to_vec()).file_name((*name).to_owned());
            form = form.part((*field).to_owned(), part);
        }
        self.send(self.client.post(self.url(path)).multipart(form).header(ACCEPT, "application/json")).await
    }

    /// A request of any kind, for attacks.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Sends a request of any kind.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.client.execute(request).await.expect("the server answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let answer = Answer { status, headers, text: response.text().await.expect("a body of text") };
        crate::cookies::check(&answer);
        contract::check(method.as_str(), &path, status.as_u16(), answer.header("content-type"), &answer.text);
        answer
    }

    /// The form token of this cookie jar.
    pub async fn token(&self) -> String {
        self.get("/session").await.json()["csrf"].as_str().expect("a token").to_owned()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}
