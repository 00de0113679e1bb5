//! A seat at the counter: somebody's cookie and form token, sent as they are and never replaced by what comes back.

use super::stage::Sent;
use crate::people::{Applicant, PASSWORD};
use crate::world::{Answer, Browser, World};
use reqwest::Method;
use reqwest::header::{ACCEPT, COOKIE};
use serde_json::Value;

#[derive(Clone)]
pub struct Seat {
    browser: Browser,
    cookie: String,
    token: String,
}

impl Seat {
    /// Nobody's.
    pub async fn visitor(world: &World, address: &str) -> Self {
        Self::with(world.visitor_from(address), String::new()).await
    }

    /// Somebody's, signed in anew.
    pub async fn signed_in(world: &World, address: &str, phone: &str) -> Self {
        let browser = world.visitor_from(address);
        let answer = browser.sign_in(phone, PASSWORD).await.ok();
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        assert!(cookie.starts_with("session="), "{cookie}");
        Self::with(world.visitor_from(address), cookie).await
    }

    /// That of somebody without an account, whose phone stands in a registration that is not confirmed.
    pub async fn guest(world: &World, address: &str) -> Self {
        let who = Applicant::new("buyer");
        world.visitor_from(address).post("/registrations", who.form()).await.ok();
        let browser = world.visitor_from(address);
        let answer = crate::door::enter(world, &browser, &who.phone).await;
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        assert!(cookie.starts_with("visit="), "{cookie}");
        Self::with(world.visitor_from(address), cookie).await
    }

    /// The same browser later, with whatever its session has become.
    pub async fn later(&self) -> Self {
        let session = self.cookie.split("; ").next().unwrap_or_default().to_owned();
        Self::with(self.browser.clone(), session).await
    }

    async fn with(browser: Browser, mut cookie: String) -> Self {
        let request = browser.request(Method::GET, "/session").header(ACCEPT, "application/json");
        let answer = browser.send(request.header(COOKIE, &cookie)).await.ok();
        let form = answer.header("set-cookie").split(';').next().unwrap_or_default();
        if !form.is_empty() {
            cookie = if cookie.is_empty() { form.to_owned() } else { format!("{cookie}; {form}") };
        }
        let token = answer.json()["csrf"].as_str().expect("a form token").to_owned();
        Self { browser, cookie, token }
    }

    /// Asks, as a program with JSON or as a browser with a form.
    pub async fn send(&self, method: &str, sent: &Sent, is_page: bool) -> Answer {
        let method = method.parse::<Method>().expect("a method");
        let accept = if is_page { "text/html" } else { "application/json" };
        let request = self.browser.request(method.clone(), &sent.path).header(ACCEPT, accept);
        let request = request.header(COOKIE, &self.cookie).header("accept-language", "zh-CN");
        let request = match (&sent.file, is_page) {
            _ if method == Method::GET => request,
            // An upload that resumes: its token goes beside the bytes.
            _ if method != Method::POST => request.header("x-csrf-token", &self.token),
            (Some(field), _) => request.multipart(self.multipart(field, &sent.fields)),
            (None, true) => request.form(&self.form(&sent.fields)),
            (None, false) => request.header("x-csrf-token", &self.token).json(&sent.fields),
        };
        self.browser.send(request).await
    }

    fn multipart(&self, field: &'static str, fields: &Value) -> reqwest::multipart::Form {
        let content = match field {
            "pages" => crate::verification::photo(),
            "companies" => crate::company_list::csv(&[crate::company_list::row(&Applicant::new("both"))]),
            "sheet" => crate::roster::csv(&[("nobody@hengchuan.example", "viewer")]),
            _ => b"%PDF-1.7".to_vec(),
        };
        let file = reqwest::multipart::Part::bytes(content).file_name("文件.pdf");
        let field = if field == "companies" { "sheet" } else { field };
        let form = reqwest::multipart::Form::new().part(field, file);
        self.form(fields).into_iter().fold(form, |form, (name, value)| form.text(name, value))
    }

    fn form(&self, fields: &Value) -> Vec<(String, String)> {
        let text = |value: &Value| match value {
            Value::Bool(true) => "1".to_owned(),
            Value::Bool(false) => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let several = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let fields = fields.as_object().expect("flat fields").iter();
        let fields = fields.flat_map(|(name, value)| several(value).into_iter().map(|one| (name.clone(), text(&one))));
        fields.chain([("csrf".to_owned(), self.token.clone())]).collect()
    }
}
