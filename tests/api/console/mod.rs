//! The web console, as a browser without JavaScript asks it: pages, forms, cookies.

mod actions;
mod addresses;
mod browser;
mod editing;
mod faults;
mod imports;
mod joiners;
mod kept;
mod leavers;
mod login;
mod longest;
mod moves;
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

/// The value of a field of a page's form, as the first one of that name has it.
pub fn hidden(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\"");
    let tags = page.split(&marker).skip(1).map(|rest| rest.split('>').next().unwrap());
    let value = tags.filter_map(|tag| tag.split("value=\"").nth(1)).next();
    let value = value.unwrap_or_else(|| panic!("{name}: {page}"));
    value.split('"').next().unwrap().replace("&#38;", "&")
}

/// The text of a row of a page's tables, cell by cell.
pub fn cells(page: &str, starts: &str) -> Vec<String> {
    let rows = page.split("<tr").skip(1).map(|row| row.split("</tr>").next().unwrap());
    let text = |cell: &str| {
        let pieces = cell.split('<').map(|piece| piece.split_once('>').map_or("", |two| two.1));
        pieces.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let cells = |row: &str| -> Vec<String> {
        row.split("<td").skip(1).map(|cell| text(&format!("<td{cell}"))).collect()
    };
    let mut found = rows.map(cells).filter(|row| row.first().is_some_and(|one| one == starts));
    found.next().unwrap_or_else(|| panic!("{starts}: {page}"))
}
