//! The part of an operation's description that follows from the types of its function: query,
//! headers, body and responses.

use super::dry_run::DryRun;
use super::etag::{Guard, IF_MATCH_PATTERN};
use super::fields::{Fields, WithDryRun, WithReason, string};
use super::reply::{JSON, Respond, Schemas, content, named};
use super::request::LONGEST_KEY;
use crate::domain::sheet::FileFormat;
use crate::domain::text::LONGEST_REASON;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AnyOfBuilder, KnownFormat, ObjectBuilder, SchemaFormat};
use utoipa::openapi::{
    ContentBuilder, OneOfBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
};

/// The problems that any operation may answer, with their statuses.
const ANY: &[(&str, &str)] = &[
    ("400", "The request can't be read."),
    ("401", "An API token is required."),
    ("403", "The caller's role does not allow it."),
    ("404", "Something that the path or the body names does not exist, or not for this caller."),
    ("500", "The server failed."),
    ("503", "The database can't be written now, or not read in time."),
];

/// Those that an operation that changes something may answer too.
const WRITES: &[(&str, &str)] = &[
    ("408", "The body did not arrive in time."),
    ("409", "A rule, a name that is taken, or a holder of the number blocks it."),
    ("413", "The body is too large."),
    ("415", "The body is not JSON."),
    ("422", "Fields of the body can't be used, or the Idempotency-Key belongs to another request."),
];

/// Where an operation that takes a file means something else by them.
const UPLOADS: &[(&str, &str)] = &[
    ("415", "The body is not a file."),
    ("422", "The file can't be read, or the Idempotency-Key belongs to another request."),
];

pub(super) fn parameter(
    place: ParameterIn,
    name: &str,
    text: &str,
    required: bool,
    schema: RefOr<Schema>,
) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .description(Some(text.trim()))
        .required(if required { Required::True } else { Required::False })
        .schema(Some(schema))
        .build()
}

fn header(name: &str, text: &str, required: bool, schema: impl Into<RefOr<Schema>>) -> Parameter {
    parameter(ParameterIn::Header, name, text, required, schema.into())
}

/// `*` is listed beside the pattern that allows it, for programs that can't generate a text from a
/// pattern.
fn if_match() -> AnyOfBuilder {
    AnyOfBuilder::new()
        .item(string().enum_values(Some(["*"])))
        .item(string().pattern(Some(IF_MATCH_PATTERN)))
}

fn problem(text: &str) -> Response {
    let content = content(Ref::from_schema_name("Problem"));
    ResponseBuilder::new().description(text).content("application/problem+json", content).build()
}

fn begin<R: Respond>(schemas: &mut Schemas) -> OperationBuilder {
    let mut operation =
        OperationBuilder::new().response(R::STATUS.to_string(), R::describe(schemas));
    if let Some((status, other)) = R::describe_other(schemas) {
        operation = operation.response(status.to_string(), other);
    }
    with_problems(operation, ANY)
}

fn with_problems(operation: OperationBuilder, problems: &[(&str, &str)]) -> OperationBuilder {
    let with = |operation: OperationBuilder, (status, text): &(&str, &str)| {
        operation.response(*status, problem(text))
    };
    problems.iter().fold(operation, with)
}

fn query<Q: Fields>(mut operation: OperationBuilder) -> OperationBuilder {
    Q::describe(&mut |name, text, required, schema| {
        let field = parameter(ParameterIn::Query, name, text, required, schema);
        operation = std::mem::take(&mut operation).parameter(field);
    });
    operation
}

pub(super) fn read<Q: Fields, R: Respond>(_: &str, schemas: &mut Schemas) -> OperationBuilder {
    let operation = query::<Q>(begin::<R>(schemas));
    if !R::describe(schemas).headers.contains_key("ETag") {
        return operation;
    }
    let text =
        "An ETag that was read before. While it is current, the response is 304 without a body.";
    operation
        .parameter(header("If-None-Match", text, false, string()))
        .response("304", ResponseBuilder::new().description("Not modified.").build())
}

pub(super) fn write<B: Fields, G: Guard, R: Respond>(
    method: &str,
    schemas: &mut Schemas,
) -> OperationBuilder {
    let mut operation = body::<B, R>(method, schemas);
    if let Some(needed) = G::NEEDED {
        let text = "The ETag that was read. If it is no longer current, nothing is changed.";
        operation = operation
            .parameter(header("If-Match", text, needed, if_match()))
            .response("412", problem("Somebody else changed it."));
        if needed {
            operation = operation.response("428", problem("If-Match is required."));
        }
    }
    if method == "POST" {
        operation = operation.parameter(idempotency_key());
    }
    operation
}

/// An operation that works outside of a transaction.
pub(super) fn job<B: Fields, R: Respond>(method: &str, schemas: &mut Schemas) -> OperationBuilder {
    body::<B, R>(method, schemas).parameter(idempotency_key())
}

fn idempotency_key() -> Parameter {
    let text = "Makes the request safe to repeat: with the same key within 24 hours, it gets the same response and is not carried out again.";
    let schema =
        string().min_length(Some(1)).max_length(Some(LONGEST_KEY)).pattern(Some("^[!#-~]+$"));
    header("Idempotency-Key", text, false, schema)
}

/// An operation that takes a file, whose fields are in the query.
pub(super) fn upload<Q: Fields, R: Respond>(_: &str, schemas: &mut Schemas) -> OperationBuilder {
    let operation = query::<WithDryRun<Q>>(begin::<R>(schemas)).parameter(idempotency_key());
    let operation = with_problems(with_problems(operation, WRITES), UPLOADS);
    let binary = || string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
    let text = "number,city,user_ids,note\r\n083366660001,乐山,lina,\r\n";
    let csv = ContentBuilder::new().schema(Some(string())).example(Some(text.into())).build();
    let form = ObjectBuilder::new().property("file", binary()).required("file");
    let body = RequestBodyBuilder::new()
        .description(Some("The file, CSV or XLSX: at most 10 MiB, 50,000 lines and 100 columns."))
        .content(FileFormat::Csv.media_type(), csv)
        .content(FileFormat::Xlsx.media_type(), content(binary()))
        .content("multipart/form-data", content(form))
        .required(Some(Required::True));
    operation.request_body(Some(body.build()))
}

/// The response to a dry run, beside or instead of the real one.
fn with_dry_run<R: Respond>(
    operation: OperationBuilder,
    schemas: &mut Schemas,
) -> OperationBuilder {
    if R::REPORTS_DRY_RUN {
        return operation;
    }
    let dry_run = named::<DryRun>(schemas);
    let text = "Of a dry run: what would be changed.";
    let response = if R::STATUS == 200 {
        let mut real = R::describe(schemas);
        for content in real.content.values_mut() {
            if let RefOr::T(content) = content
                && let Some(schema) = content.schema.take()
            {
                let both = OneOfBuilder::new().item(schema).item(dry_run.clone());
                content.schema = Some(RefOr::T(Schema::OneOf(both.build())));
            }
        }
        real.description = format!("{} {text}", real.description);
        real
    } else {
        ResponseBuilder::new().description(text).content(JSON, content(dry_run)).build()
    };
    operation.response("200", response)
}

/// The body, and what every change takes: its reason, and whether it is only tried.
fn body<B: Fields, R: Respond>(method: &str, schemas: &mut Schemas) -> OperationBuilder {
    let operation = with_dry_run::<R>(begin::<R>(schemas), schemas);
    let text =
        "Why it is changed, for the change log. Percent-encoded UTF-8 if it is more than ASCII.";
    let schema = string().pattern(Some("^[ -~]*$")).max_length(Some(LONGEST_REASON));
    let operation =
        with_problems(operation, WRITES).parameter(header("X-Change-Reason", text, false, schema));
    if method == "DELETE" {
        return query::<WithDryRun<B>>(operation);
    }
    let object = WithReason::<WithDryRun<B>>::schema();
    let name = if B::NAME == "Nothing" { "NoFields" } else { B::NAME };
    let required = if object.required.is_empty() { Required::False } else { Required::True };
    schemas.push((name.to_owned(), RefOr::T(Schema::Object(object))));
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(name)))
        .example(serde_json::from_str(B::EXAMPLE).ok())
        .build();
    let body = RequestBodyBuilder::new().content(JSON, content).required(Some(required));
    operation.request_body(Some(body.build()))
}
