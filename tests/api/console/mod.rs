//! The web console, as a browser without JavaScript asks it: pages, forms, cookies.

mod actions;
mod browser;
mod editing;
mod faults;
mod imports;
mod login;
mod longest;
mod pages;
mod previews;
mod security;
mod texts;
mod untranslated;

use super::support::{App, Reply};
use std::cell::RefCell;

/// The password that [`give_passwords`] sets.
pub const PASSWORD: &str = "demo-password";

/// Somebody with a browser.
pub struct Visitor<'a> {
    app: &'a App,
    cookie: RefCell<String>,
    language: &'static str,
}

/// Gives every login of the sample the same password.
pub fn give_passwords(app: &App) {
    let hash = numberd::ops::passwords::hash(PASSWORD).unwrap();
    let connection = rusqlite::Connection::open(app.database.path()).unwrap();
    connection.execute("UPDATE ram_user SET password_hash = ?1", [hash.as_str()]).unwrap();
}

/// A server whose people have passwords.
pub fn app() -> App {
    let app = App::spawn();
    give_passwords(&app);
    app
}

impl<'a> Visitor<'a> {
    /// Nobody yet.
    pub fn stranger(app: &'a App) -> Self {
        Self { app, cookie: RefCell::default(), language: "en" }
    }

    /// Somebody who has logged in.
    pub fn of(app: &'a App, login: &str) -> Self {
        let visitor = Self::stranger(app);
        let reply = visitor.post("/console/login", &[("login", login), ("password", PASSWORD)]);
        assert_eq!(reply.status, 303, "{}", reply.body);
        visitor
    }

    /// The same person with a browser in another language.
    pub fn reading(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    pub fn cookie(&self) -> String {
        self.cookie.borrow().clone()
    }

    pub fn with_cookie(app: &'a App, cookie: &str) -> Self {
        Self { cookie: RefCell::new(cookie.to_owned()), ..Self::stranger(app) }
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[("sec-fetch-site", "none")], None)
    }

    /// Sends a form as a page of the console does.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send("POST", path, &[("sec-fetch-site", "same-origin")], Some(fields))
    }

    /// Any request, with the cookie.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        fields: Option<&[(&str, &str)]>,
    ) -> Reply {
        let body = fields.map(|fields| {
            let pairs =
                fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
            pairs.collect::<Vec<_>>().join("&")
        });
        let cookie = self.cookie();
        let mut all = vec![("accept-language", self.language)];
        if !cookie.is_empty() {
            all.push(("cookie", &cookie));
        }
        all.extend(headers);
        let reply = self.app.send_form(method, path, &all, body.as_deref());
        if let Some(set) = reply.header("set-cookie") {
            let kept = set.split(';').next().unwrap_or_default();
            *self.cookie.borrow_mut() = kept.to_owned();
        }
        reply
    }
}

/// A text as a form or an address carries it.
pub fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    text.bytes()
        .map(
            |byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") },
        )
        .collect()
}

/// The value of a hidden field of a page's form.
pub fn hidden(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let rest = page.split(&marker).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
    rest.split('"').next().unwrap().replace("&#38;", "&")
}
