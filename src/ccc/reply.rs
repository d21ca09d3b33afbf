//! Replies: one envelope, written as JSON or XML.

use super::error::{Result, Row};
use super::params::is_illegal_in_xml;
use crate::domain::Page;
use serde::Serialize;

/// How a reply is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

impl Format {
    /// The content type. Without a space: the vendor's Python SDK compares the whole string to
    /// choose its parser.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }
}

/// What an operation answers besides the envelope's own fields.
pub(super) struct Reply<T> {
    data: Option<T>,
    has_params: bool,
    workflow_id: Option<String>,
}

impl<T> Reply<T> {
    /// An answer with `Data`.
    pub(super) fn data(data: T) -> Self {
        Self { data: Some(data), has_params: false, workflow_id: None }
    }

    /// With an empty `Params`, for the operations whose page has that field.
    pub(super) fn with_params(self) -> Self {
        Self { has_params: true, ..self }
    }
}

impl Reply<String> {
    /// The answer to what the vendor does in a workflow, and this program at once: the id of a
    /// workflow that is over.
    pub(super) fn workflow() -> Self {
        Self::data(uuid::Uuid::new_v4().to_string())
    }

    /// With the workflow's id in `WorkflowId` too.
    pub(super) fn with_workflow_id(self) -> Self {
        Self { workflow_id: self.data.clone(), ..self }
    }
}

impl Reply<()> {
    /// An answer without `Data`.
    pub(super) fn done() -> Self {
        Self { data: None, has_params: false, workflow_id: None }
    }
}

/// The envelope of every success; the fields in the order of the vendor's samples.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a, T> {
    request_id: &'a str,
    message: &'a str,
    http_status_code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<Params>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_id: Option<String>,
    code: &'a str,
}

/// The parameters that an error speaks of: none with a success. The empty list of JSON would be no
/// element at all in XML, where the vendor's samples have one.
#[derive(Serialize)]
#[serde(untagged)]
enum Params {
    List([(); 0]),
    Element(&'static str),
}

/// `Data` of a list.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Paged<T> {
    total_count: u64,
    page_size: u64,
    page_number: u64,
    list: Vec<T>,
}

impl<T> Paged<T> {
    /// The page's rows, each turned into its wire form.
    pub(super) fn of<R>(page: Page<R>, row: impl FnMut(R) -> T) -> Self {
        page.map(row).into()
    }
}

impl<T> From<Page<T>> for Paged<T> {
    fn from(Page { rows, shown, total }: Page<T>) -> Self {
        Self { total_count: total, page_size: shown.size, page_number: shown.number, list: rows }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorBody<'a> {
    request_id: &'a str,
    host_id: &'a str,
    code: &'a str,
    message: &'a str,
    recommend: &'a str,
}

pub(super) fn write<T: Serialize>(
    format: Format,
    operation: &str,
    request_id: &str,
    reply: Reply<T>,
) -> Result<Vec<u8>> {
    let envelope = Envelope {
        request_id,
        message: "",
        http_status_code: 200,
        params: reply.has_params.then_some(match format {
            Format::Json => Params::List([]),
            Format::Xml => Params::Element(""),
        }),
        data: reply.data,
        workflow_id: reply.workflow_id,
        code: "OK",
    };
    serialize(format, &format!("{operation}Response"), &envelope)
}

pub(super) fn write_error(format: Format, row: &Row, request_id: &str, host_id: &str) -> Vec<u8> {
    let body = ErrorBody {
        request_id,
        host_id,
        code: &row.code,
        message: &row.message,
        recommend: "https://error-center.aliyun.com/status/product/CCC",
    };
    // Five strings can always be written.
    serialize(format, "Error", &body).unwrap_or_default()
}

/// Room for a page of the usual list, so that a growing reply is not reallocated again and again.
const USUAL_LENGTH: usize = 16 * 1024;

fn serialize<T: Serialize>(format: Format, root: &str, value: &T) -> Result<Vec<u8>> {
    let unwritable = |error: &dyn std::fmt::Display| {
        crate::domain::Error::Internal(format!("a reply can't be written: {error}"))
    };
    match format {
        Format::Json => {
            let mut body = Vec::with_capacity(USUAL_LENGTH);
            serde_json::to_writer(&mut body, value).map_err(|error| unwritable(&error))?;
            Ok(body)
        }
        Format::Xml => {
            let body = quick_xml::se::to_string_with_root(root, value)
                .map_err(|error| unwritable(&error))?;
            Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", legal(&body)).into_bytes())
        }
    }
}

/// Text with what XML 1.0 can't carry replaced; input with it is refused, but a hand edit of the
/// database may hold it.
fn legal(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(is_illegal_in_xml) {
        text.replace(is_illegal_in_xml, "\u{fffd}").into()
    } else {
        text.into()
    }
}
