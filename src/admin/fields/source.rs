//! Where a value comes from, and what is wrong with it.

use crate::domain::words;
use serde_json::{Map, Value};

/// The part of a request that a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::admin) enum Source {
    /// The path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// The JSON body.
    Body,
}

words! {
    /// What is wrong with a value.
    FaultCode {
        /// There is no such field.
        UnknownField = "unknown-field",
        /// The field belongs in another part of the request.
        MisplacedField = "misplaced-field",
        /// It is not there.
        Required = "required",
        /// It is given more than once.
        Repeated = "repeated",
        /// It is of another type.
        Type = "type",
        /// It is none of a few words.
        Choice = "choice",
        /// It is too small or too large.
        Range = "range",
        /// It has too few or too many characters or entries.
        Length = "length",
        /// It has characters that it can't have.
        Characters = "characters",
        /// It is not UTF-8, or not encoded as it should be.
        Encoding = "encoding",
        /// It is not JSON.
        Json = "json",
        /// It is not a moment.
        Moment = "moment",
        /// It is a moment that has passed.
        Past = "past",
        /// It is a moment to come.
        Future = "future",
        /// It has too many words.
        Words = "words",
        /// It contradicts another field of the body.
        Contradiction = "contradiction",
        /// It contradicts another parameter.
        Conflict = "conflict",
        /// It is the user from whom the numbers come.
        SameUser = "same-user",
        /// It is the number that is to be swapped, perhaps in another spelling.
        SameNumber = "same-number",
        /// It is not a strong ETag.
        ETag = "etag",
        /// It is not a phone number.
        PhoneNumber = "phone-number",
        /// It is not the short name of a skill group.
        Name = "name",
        /// It is not the id of an instance.
        InstanceId = "instance-id",
        /// It is not a login name.
        LoginName = "login-name",
        /// It is not an e-mail address.
        Email = "email",
        /// It is not an extension.
        Extension = "extension",
        /// A number in the path, or one that a query selects, is not a phone number.
        Number = "number",
        /// It is not the id of a change.
        Change = "change",
    }
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(in crate::admin) struct FieldError {
    /// The part of the request.
    #[serde(rename = "in")]
    pub(in crate::admin) source: Source,
    /// A JSON pointer into the body, or a slash and the name of the query parameter, header or
    /// path parameter. Empty for the body as a whole.
    pub(in crate::admin) pointer: String,
    /// What is wrong, for programs.
    pub(in crate::admin) code: FaultCode,
    /// A sentence for people.
    pub(in crate::admin) detail: String,
}

impl FieldError {
    pub(in crate::admin) fn new(
        source: Source,
        pointer: impl Into<String>,
        code: FaultCode,
        detail: impl Into<String>,
    ) -> Self {
        Self { source, pointer: pointer.into(), code, detail: detail.into() }
    }
}

#[derive(Clone, Copy, Debug)]
pub(in crate::admin) enum RawValue<'a> {
    Text(&'a str),
    Json(&'a Value),
}

/// The longest piece of a caller's value that a message repeats, in characters.
const LONGEST_SHOWN: usize = 40;

impl std::fmt::Display for RawValue<'_> {
    /// The value for a message, quoted and cut to a bearable length.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", quoted(text)),
            Self::Json(Value::String(text)) => write!(f, "{}", quoted(text)),
            Self::Json(Value::Array(_)) => f.write_str("a list"),
            Self::Json(Value::Object(_)) => f.write_str("an object"),
            Self::Json(value) => write!(f, "{value}"),
        }
    }
}

/// A caller's text for a message: quoted, escaped, and cut to a bearable length.
pub(in crate::admin) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

/// What the fields of one set are read from.
#[derive(Clone, Copy)]
pub(in crate::admin) enum Input<'a> {
    /// The decoded pairs of a query.
    Query(&'a [(String, String)]),
    /// A JSON object.
    Body(&'a Map<String, Value>),
}

impl Input<'_> {
    /// The part of the request.
    pub(in crate::admin) fn source(&self) -> Source {
        match self {
            Self::Query(_) => Source::Query,
            Self::Body(_) => Source::Body,
        }
    }
}

/// The place of one value in the request; collects what is wrong with it.
pub(in crate::admin) struct Path<'a> {
    /// Query or body.
    pub(in crate::admin) source: Source,
    pub(in crate::admin) pointer: String,
    /// Everything that is wrong with the request so far.
    pub(in crate::admin) errors: &'a mut Vec<FieldError>,
}

impl Path<'_> {
    /// The field's name for a message.
    fn name(&self) -> &str {
        match self.pointer.strip_prefix('/') {
            Some(name) if !name.is_empty() => name,
            _ => "the body",
        }
    }

    /// Notes an error here.
    pub(in crate::admin) fn error<T>(&mut self, code: FaultCode, detail: String) -> Option<T> {
        self.errors.push(FieldError::new(self.source, &self.pointer, code, detail));
        None
    }

    pub(in crate::admin) fn missing<T>(&mut self) -> Option<T> {
        self.error(FaultCode::Required, format!("{} is required.", self.name()))
    }

    /// Notes that the field is given more than once.
    pub(in crate::admin) fn repeated<T>(&mut self) -> Option<T> {
        self.error(FaultCode::Repeated, format!("{} is given more than once.", self.name()))
    }

    /// Notes the rule that a value breaks: what it must do or be, and what was given instead.
    pub(in crate::admin) fn must<T>(
        &mut self,
        code: FaultCode,
        rule: &str,
        instead: impl std::fmt::Display,
    ) -> Option<T> {
        self.error(code, format!("{} must {rule}, not {instead}.", self.name()))
    }

    /// The place of an entry of a list that is read here.
    pub(in crate::admin) fn entry(&mut self, at: usize) -> Path<'_> {
        let pointer = format!("{}/{at}", self.pointer);
        Path { source: self.source, pointer, errors: self.errors }
    }
}
