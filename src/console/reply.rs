//! What the console answers: a page, the way to another page, a file, or why not.

use crate::domain::Error;
use crate::http::Answer;
use askama::Template;

pub(super) fn html(status: u16, body: String) -> Answer {
    Answer::new(status, "text/html; charset=utf-8", body.into_bytes())
}

pub(super) fn page(template: &impl Template) -> Result<Answer, Failure> {
    Ok(html(200, template.render()?))
}

/// Sends the browser on to another page, which it fetches with GET.
pub(super) fn see(address: impl Into<String>) -> Answer {
    html(303, String::new()).with("location", address)
}

/// Why a page can't be shown or something not be done.
#[derive(Debug)]
pub(super) enum Failure {
    /// Nothing is at this address.
    NoSuchPage,
    /// Another site sent the form.
    ForeignOrigin,
    /// The person belongs to no call centre.
    NoInstance,
    /// The body of a form can't be read: the reason.
    BadForm(String),
    /// Fields of a form can't be used: which, and why.
    BadFields(Vec<FormFault>),
    /// The call centre's own reasons.
    Domain(Error),
    /// A template failed: a fault of the program.
    Template(askama::Error),
}

/// One thing that is wrong with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FormFault {
    /// The name of the field; empty: the form as a whole.
    pub(super) field: &'static str,
    pub(super) said: String,
}

impl FormFault {
    /// Something that is wrong with the form as a whole.
    pub(super) fn of_all(said: impl ToString) -> Self {
        Self { field: "", said: said.to_string() }
    }
}

/// All that is wrong with a form, where there is no room for a list.
pub(super) fn joined(faults: &[FormFault]) -> String {
    faults.iter().map(|fault| fault.said.as_str()).collect::<Vec<_>>().join(" ")
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self::Template(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuchPage => f.write_str("there is no such page"),
            Self::NoInstance => f.write_str("the person belongs to no instance"),
            Self::ForeignOrigin => f.write_str("another site sent the form"),
            Self::BadForm(reason) => f.write_str(reason),
            Self::BadFields(faults) => f.write_str(&joined(faults)),
            Self::Domain(error) => error.fmt(f),
            Self::Template(error) => error.fmt(f),
        }
    }
}
