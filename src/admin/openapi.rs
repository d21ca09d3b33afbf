//! The description of the face, OpenAPI 3.1, made from the table of routes and the types of their
//! functions.

use super::etag::Guard;
use super::fields::{self, Fields, explained};
use super::path;
use super::problem::{Failure, Problem};
use super::reply::{JSON, Respond, named};
use super::request::{LONGEST_KEY, LONGEST_REASON};
use super::scope::Scope;
use super::{Face, FromPath, ROOT, ROUTES, Route, Writing};
use crate::store::ReadTx;
use std::sync::LazyLock;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, Object, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, HttpMethod, Info, OpenApi, OpenApiBuilder, Paths, Ref, RefOr, Required,
    ResponseBuilder, Schema, ServerBuilder,
};

/// The document, written once.
pub(super) fn document() -> &'static str {
    static DOCUMENT: LazyLock<String> =
        LazyLock::new(|| serde_json::to_string_pretty(&describe()).unwrap_or_default());
    &DOCUMENT
}

const SECURITY: &str = "api_token";

const ABOUT: &str = "The admin API: for whoever runs the call centre. \
Send an API token as `Authorization: Bearer`. \
Lists are pages; `page` and `per_page` are moved into their limits, and the answer says which were used. \
A query or body field that is not known is refused. \
Every change takes a reason, as the header `X-Change-Reason` or as the body's `reason`, and the change log keeps it. \
What is refused answers `application/problem+json`; the `type` is an address on this server that explains it. \
docs/admin-api.md tells more.";

fn describe() -> OpenApi {
    let mut operations = Operations { paths: Paths::new(), schemas: Vec::new() };
    named::<Problem>(&mut operations.schemas);
    for route in ROUTES {
        (route.describe)(&mut operations, route);
    }
    let mut components = ComponentsBuilder::new().security_scheme(
        SECURITY,
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    for (name, schema) in operations.schemas {
        components = components.schema(name, schema);
    }
    let mut info = Info::new("numberd admin API", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(ROOT).build()]))
        .paths(operations.paths)
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new(SECURITY, Vec::<String>::new())]))
        .build()
}

/// The operations that were described so far.
pub(super) struct Operations {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String))
}

fn parameter(
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

fn header(name: &str, text: &str, required: bool, schema: ObjectBuilder) -> Parameter {
    parameter(ParameterIn::Header, name, text, required, RefOr::T(Schema::Object(schema.build())))
}

fn method(route: &Route) -> HttpMethod {
    match route.method {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

/// The problems that any route may answer, with their statuses.
const ANY: &[(&str, &str)] = &[
    ("400", "The request can't be read."),
    ("401", "An API token is needed."),
    ("403", "The role does not allow it."),
    ("404", "Something that the address or the body names does not exist, or not for this caller."),
    ("500", "The server failed."),
    ("503", "The database can't be written now, or not read in time."),
];

/// Those that a route that changes something may answer too.
const WRITES: &[(&str, &str)] = &[
    ("408", "The body did not arrive in time."),
    ("409", "A rule, a name that is taken, or somebody who holds the number stands in the way."),
    ("413", "The body is too large."),
    ("415", "The body is not JSON."),
    (
        "422",
        "Fields of the body can't be used, or the Idempotency-Key was used for another request.",
    ),
];

impl Operations {
    /// Describes an operation that reads.
    pub(super) fn read<S: Scope, P: FromPath, Q: Fields, R: Respond>(
        &mut self,
        route: &'static Route,
        _: fn(&ReadTx<'_>, &S, P, Q) -> Result<R, Failure>,
    ) {
        let mut operation = self.begin::<R>(route);
        let mut parameters = Vec::new();
        Q::describe(&mut |name, text, required, schema| {
            parameters.push(parameter(
                ParameterIn::Query,
                name.trim_start_matches("r#"),
                text,
                required,
                schema,
            ))
        });
        for parameter in parameters {
            operation = operation.parameter(parameter);
        }
        let (_, answer) = R::describe(&mut self.schemas);
        if answer.headers.contains_key("ETag") {
            let text = "An ETag that was read before; if it is still so, the answer is 304 without a body.";
            operation = operation.parameter(header("If-None-Match", text, false, string()));
            operation = operation
                .response("304", ResponseBuilder::new().description("It is still so.").build());
        }
        self.end(route, operation);
    }

    /// Describes an operation that writes.
    pub(super) fn write<S: Scope, P: FromPath, B: Fields, G: Guard, R: Respond>(
        &mut self,
        route: &'static Route,
        _: Writing<S, P, B, G, R>,
    ) {
        let mut operation = self.begin::<R>(route);
        if let Some(needed) = G::NEEDED {
            let text = "The ETag of what was read; when it is another by now, nothing is changed.";
            operation = operation.parameter(header("If-Match", text, needed, string()));
            operation = operation.response("412", problem("Somebody else changed it."));
            if needed {
                operation = operation.response("428", problem("If-Match is needed."));
            }
        }
        if route.method == "POST" {
            let text = "The same request with the same key within 24 hours is answered the same and not done again.";
            let schema = string()
                .min_length(Some(1))
                .max_length(Some(LONGEST_KEY))
                .pattern(Some("^[!#-~]+$"));
            operation = operation.parameter(header("Idempotency-Key", text, false, schema));
        }
        operation = self.body::<B>(route, operation);
        self.end(route, operation);
    }

    /// Describes long work.
    pub(super) fn job<S: Scope, P: FromPath, B: Fields, R: Respond>(
        &mut self,
        route: &'static Route,
        _: fn(&Face, &S, P, B) -> Result<R, Failure>,
    ) {
        let operation = self.begin::<R>(route);
        let operation = self.body::<B>(route, operation);
        self.end(route, operation);
    }

    fn begin<R: Respond>(&mut self, route: &'static Route) -> OperationBuilder {
        let (status, answer) = R::describe(&mut self.schemas);
        let tag = route.operation.split('.').next().unwrap_or_default().replace('_', " ");
        let mut operation = OperationBuilder::new()
            .operation_id(Some(route.operation))
            .tag(tag)
            .summary(Some(route.summary.trim()))
            .description(Some(format!("Needs a role that may {:?}.", route.act)))
            .response(status, answer);
        for name in path::names(route.pattern) {
            let (text, schema) = path::describe(name);
            operation = operation.parameter(parameter(
                ParameterIn::Path,
                name,
                text,
                true,
                RefOr::T(Schema::Object(schema.build())),
            ));
        }
        for (status, text) in ANY {
            operation = operation.response(*status, problem(text));
        }
        operation
    }

    /// The body, and the reason that every change takes.
    fn body<B: Fields>(
        &mut self,
        route: &'static Route,
        mut operation: OperationBuilder,
    ) -> OperationBuilder {
        for (status, text) in WRITES {
            operation = operation.response(*status, problem(text));
        }
        let text = "Why it is changed; the change log keeps it. Percent-encoded UTF-8 if it is more than ASCII.";
        operation = operation.parameter(header(
            "X-Change-Reason",
            text,
            false,
            string().pattern(Some("^[ -~]*$")).max_length(Some(LONGEST_REASON)),
        ));
        if route.method == "DELETE" {
            B::describe(&mut |name, text, required, schema| {
                operation = std::mem::take(&mut operation).parameter(parameter(
                    ParameterIn::Query,
                    name,
                    text,
                    required,
                    schema,
                ));
            });
            return operation;
        }
        let object = with_reason(B::schema());
        let name = if B::NAME == fields::Nothing::NAME { "OnlyReason" } else { B::NAME };
        let required = if object.required.is_empty() { Required::False } else { Required::True };
        self.schemas.push((name.to_owned(), RefOr::T(Schema::Object(object))));
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(name))).build();
        operation.request_body(Some(
            RequestBodyBuilder::new().content(JSON, content).required(Some(required)).build(),
        ))
    }

    fn end(&mut self, route: &'static Route, operation: OperationBuilder) {
        let item = PathItem::new(method(route), operation);
        match self.paths.paths.get_mut(route.pattern) {
            Some(present) => present.merge_operations(item),
            None => {
                self.paths.paths.insert(route.pattern.to_owned(), item);
            }
        }
    }
}

fn with_reason(mut object: Object) -> Object {
    let schema =
        string().max_length(Some(LONGEST_REASON)).pattern(Some(fields::NO_CONTROL)).build();
    let schema = explained(
        RefOr::T(Schema::Object(schema)),
        "Why it is changed; the change log keeps it. Instead of the header X-Change-Reason.",
    );
    object.properties.insert("reason".to_owned(), schema);
    object
}

fn problem(text: &str) -> utoipa::openapi::Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(text).content("application/problem+json", content).build()
}
