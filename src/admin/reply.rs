//! What is answered with success: its shape, its status, its ETag, and its description.

use super::etag::ETag;
use crate::domain::{Error, Listing, Timestamp};
use crate::http::Answer;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, Schema};

/// The content type of everything but problems.
pub(super) const JSON: &str = "application/json";

/// What an operation answers with success.
pub(super) trait Respond: Send + 'static {
    /// Writes it.
    fn answer(self) -> Result<Answer, Error>;

    /// The status and description of it; schemas that it needs go to the second.
    fn describe(schemas: &mut Vec<(String, RefOr<Schema>)>) -> (&'static str, Response);
}

/// Nothing more to say: it is so now, whether or not it was before.
pub(super) struct Done;

/// A body.
pub(super) struct Plain<T>(pub(super) T);

/// A body with an ETag.
pub(super) struct Tagged<T>(pub(super) T, pub(super) ETag);

/// Something that was made: where it is, and as it is.
pub(super) struct Created<T> {
    /// Its address.
    pub(super) location: String,
    /// It.
    pub(super) body: T,
}

/// A moment, in milliseconds, as the replies show it.
pub(super) fn moment(millis: i64) -> String {
    Timestamp::from_millis(millis).to_string()
}

fn write(body: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(body).map_err(|error| Error::Internal(error.to_string()))
}

/// The schema's name, after it and all it needs were added. A list of users has another name than
/// one of numbers.
pub(super) fn named<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) -> Ref {
    T::schemas(schemas);
    let parts = std::any::type_name::<T>().split(['<', '>', ',']).filter(|part| !part.is_empty());
    let name = parts
        .map(|part| part.rsplit("::").next().unwrap_or(part).trim())
        .collect::<Vec<_>>()
        .join("_");
    schemas.push((name.clone(), T::schema()));
    Ref::from_schema_name(name)
}

fn described<T: ToSchema>(
    text: &str,
    schemas: &mut Vec<(String, RefOr<Schema>)>,
) -> ResponseBuilder {
    ResponseBuilder::new()
        .description(text)
        .content(JSON, ContentBuilder::new().schema(Some(named::<T>(schemas))).build())
}

fn header(text: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .description(Some(text))
        .schema(Some(ObjectBuilder::new().schema_type(SchemaType::new(Type::String))))
        .build()
}

impl Respond for Done {
    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(204, Vec::new()))
    }

    fn describe(_: &mut Vec<(String, RefOr<Schema>)>) -> (&'static str, Response) {
        (
            "204",
            ResponseBuilder::new()
                .description("It is so now, whether or not it was before.")
                .build(),
        )
    }
}

impl<T: Serialize + ToSchema + Send + 'static> Respond for Plain<T> {
    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(200, write(&self.0)?))
    }

    fn describe(schemas: &mut Vec<(String, RefOr<Schema>)>) -> (&'static str, Response) {
        ("200", described::<T>("Done.", schemas).build())
    }
}

impl<T: Serialize + ToSchema + Send + 'static> Respond for Listing<T> {
    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(200, write(&self)?))
    }

    fn describe(schemas: &mut Vec<(String, RefOr<Schema>)>) -> (&'static str, Response) {
        // The derived schemas of a generic type do not include those of its argument.
        named::<T>(schemas);
        ("200", described::<Self>("One page.", schemas).build())
    }
}

impl<T: Serialize + ToSchema + Send + 'static> Respond for Tagged<T> {
    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(200, write(&self.0)?).with("etag", self.1.as_str().to_owned()))
    }

    fn describe(schemas: &mut Vec<(String, RefOr<Schema>)>) -> (&'static str, Response) {
        (
            "200",
            described::<T>("As it is now.", schemas)
                .header("ETag", header("The version; send it back as If-Match."))
                .build(),
        )
    }
}

impl<T: Serialize + ToSchema + Send + 'static> Respond for Created<T> {
    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(201, write(&self.body)?).with("location", self.location))
    }

    fn describe(schemas: &mut Vec<(String, RefOr<Schema>)>) -> (&'static str, Response) {
        ("201", described::<T>("Made.", schemas).header("Location", header("Where it is.")).build())
    }
}
