//! The description of the face, OpenAPI 3.1, made from the routes and the types of their functions.

use super::ROOT;
use super::describe::parameter;
use super::path;
use super::problem::Problem;
use super::reply::{JSON, Schemas, header, named};
use super::route::Route;
use super::routes::ROUTES;
use serde_json::Value;
use std::sync::LazyLock;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::ComponentsBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    HttpMethod, Info, OpenApi, OpenApiBuilder, Paths, RefOr, Schema, ServerBuilder,
};

/// The document, written once.
pub(super) fn document() -> &'static str {
    static DOCUMENT: LazyLock<String> =
        LazyLock::new(|| serde_json::to_string_pretty(&described()).unwrap_or_default());
    &DOCUMENT
}

const SECURITY: &str = "api_token";

const ABOUT: &str = "The admin API, for whoever runs the call centre. \
Send an API token as `Authorization: Bearer`. \
Lists are paged; `page` and `per_page` are clamped to their limits, and the response says which were used. \
Unknown query parameters and body fields are refused. \
Every change takes a reason, as the header `X-Change-Reason` or as the body's `reason`; the change log keeps it. \
Errors are `application/problem+json`; the `type` is an address on this server that explains it. \
More is in docs/admin-api.md.";

pub(super) fn described() -> OpenApi {
    let mut paths = Paths::new();
    let mut schemas = Schemas::new();
    named::<Problem>(&mut schemas);
    for route in ROUTES.iter() {
        let item = PathItem::new(method(route), operation(route, &mut schemas));
        match paths.paths.get_mut(route.pattern) {
            Some(present) => present.merge_operations(item),
            None => {
                paths.paths.insert(route.pattern.to_owned(), item);
            }
        }
    }
    let mut components = ComponentsBuilder::new().security_scheme(
        SECURITY,
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    for (name, mut schema) in schemas {
        let shown = match &mut schema {
            RefOr::T(Schema::Object(object)) => Some(&mut object.example),
            RefOr::T(Schema::AllOf(all)) => Some(&mut all.example),
            _ => None,
        };
        if let (Some(shown), Some(example)) = (shown, example("schemas", &name)) {
            *shown = Some(example.clone());
        }
        components = components.schema(name, schema);
    }
    let mut info = Info::new("numberd admin API", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(ROOT).build()]))
        .paths(paths)
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new(SECURITY, Vec::<String>::new())]))
        .build()
}

/// The example of an operation's response with this status, or of a schema. `UPDATE_DOCS=1 cargo
/// test examples` takes them from the replies of a server over the sample.
fn example(operation: &str, status: &str) -> Option<&'static Value> {
    static ALL: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());
    ALL.get(operation)?.get(status)
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

fn operation(route: &Route, schemas: &mut Schemas) -> Operation {
    let tag = route.operation.split('.').next().unwrap_or_default().replace('_', " ");
    let mut operation = (route.describe)(route.method, schemas)
        .operation_id(Some(route.operation.as_str()))
        .tag(tag)
        .summary(Some(route.summary))
        .description(Some(format!("Requires a role that allows {:?}.", route.act)));
    for name in path::names(route.pattern) {
        let (text, example, schema) = path::describe(name);
        let schema = RefOr::T(Schema::Object(schema.build()));
        let part = parameter(ParameterIn::Path, name, text, true, schema);
        let part = ParameterBuilder::from(part).example(Some(example));
        operation = operation.parameter(part.build());
    }
    let mut operation = operation.build();
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            for (name, text) in headers(route.method, status) {
                response.headers.insert((*name).to_owned(), RefOr::T(header(text)));
            }
            if let Some(RefOr::T(content)) = response.content.get_mut(JSON) {
                content.example = example(&route.operation, status).cloned();
            }
        }
    }
    operation
}

/// The headers that a response has because of its status, whatever the operation.
fn headers(method: &str, status: &str) -> Vec<&'static (&'static str, &'static str)> {
    const ALWAYS: (&str, &str) =
        ("X-Request-Id", "The id of the request, in the log and in the change log.");
    const REPLAYED: (&str, &str) = (
        "Idempotency-Replayed",
        "`true` if this is the response to an earlier request with the same Idempotency-Key.",
    );
    let special: Option<&(&str, &str)> = match (method, status) {
        (_, "401") => Some(&("WWW-Authenticate", "The scheme, `Bearer`.")),
        (_, "412") => Some(&("ETag", "The current version.")),
        (_, "503") => Some(&("Retry-After", "The seconds to wait before a retry.")),
        ("POST", success) if success.starts_with('2') => Some(&REPLAYED),
        _ => None,
    };
    std::iter::once(&ALWAYS).chain(special).collect()
}
