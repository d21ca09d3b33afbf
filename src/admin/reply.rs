//! What is answered with success: its status, its body, its headers, and its description.

use super::dry_run::DryRun;
use super::etag::ETag;
use super::receipt::{Deed, Receipt, Written};
use crate::domain::batch::{BatchReport, ItemOutcome};
use crate::domain::csv::CsvRow;
use crate::domain::history::{Changes, History, HistoryEntry};
use crate::domain::sheet::FileFormat;
use crate::domain::undo::UndoReport;
use crate::domain::{Error, InstanceId, Listing};
use crate::http::{Answer, ListFile};
use serde::Serialize;
use std::fmt::Display;
use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, Schema};

/// The content type of everything but problems.
pub(super) const JSON: &str = "application/json";

/// The schemas that the operations refer to, by name.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// What an operation answers with success.
pub(super) trait Respond: Send + 'static {
    const STATUS: u16;

    /// Whether it is a list, which can be had as a file too.
    const IS_LIST: bool = false;

    /// Whether a dry run gets the same kind of body, which says so itself.
    const REPORTS_DRY_RUN: bool = false;

    /// Whether the database file must be rewritten, so that nothing is left of what was erased.
    const ERASES: bool = false;

    fn answer(self) -> Result<Answer, Error>;

    /// The answer to a write.
    fn answer_write(self, _: Receipt) -> Result<Answer, Error>
    where
        Self: Sized,
    {
        self.answer()
    }

    fn answer_dry_run(self, changes: DryRun) -> Result<Answer, Error>
    where
        Self: Sized,
    {
        Ok(Answer::json(200, write(&changes)?))
    }

    /// Adds the rows to a file; whether further pages follow.
    fn write_rows(&self, _: &mut ListFile) -> Result<bool, Error> {
        Ok(false)
    }

    /// The run that is still to be driven, if there is one.
    fn run(&self) -> Option<String> {
        None
    }

    /// The description; schemas that it needs are added.
    fn describe(schemas: &mut Schemas) -> Response;

    /// The description of another success, and its status.
    fn describe_other(_: &mut Schemas) -> Option<(u16, Response)> {
        None
    }
}

/// Done; with what became of the numbers that it concerned.
#[derive(Default)]
pub(super) struct Done(pub(super) Vec<ItemOutcome>);

pub(super) struct Plain<T>(pub(super) T);

/// What became of each part of a request; says itself whether it was a dry run.
pub(super) struct Report<T>(pub(super) T);

pub(super) struct Tagged<T>(pub(super) T, pub(super) ETag);

/// A file of text.
pub(super) struct File {
    pub(super) format: FileFormat,
    /// Its name without the end.
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// Something new.
pub(super) struct Created<T> {
    pub(super) location: String,
    pub(super) body: T,
}

impl<T> Created<T> {
    /// Something new of an instance, by its path there.
    pub(super) fn in_instance(id: &InstanceId, path: impl Display, body: T) -> Self {
        Self { location: format!("{}/instances/{id}/{path}", super::ROOT), body }
    }
}

/// A report that can be of a dry run.
pub(super) trait OfDryRun {
    /// Like [`Respond::ERASES`].
    const ERASES: bool = false;

    /// The report when nothing of it was kept.
    fn of_dry_run(self) -> Self;
}

impl OfDryRun for BatchReport {
    fn of_dry_run(self) -> Self {
        self.of_dry_run()
    }
}

impl OfDryRun for UndoReport {
    fn of_dry_run(self) -> Self {
        self.of_dry_run()
    }
}

/// Room for a page of the usual list, so that a growing body is not reallocated again and again.
const USUAL_LENGTH: usize = 8 * 1024;

pub(super) fn write(body: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut text = Vec::with_capacity(USUAL_LENGTH);
    let written = serde_json::to_writer(&mut text, body);
    written.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(text)
}

/// Adds the schema and all that it needs, and returns its name. A list of users has another name
/// than one of numbers.
pub(super) fn named<T: ToSchema>(schemas: &mut Schemas) -> Ref {
    T::schemas(schemas);
    let parts = std::any::type_name::<T>().split(['<', '>', ',']).filter(|part| !part.is_empty());
    let name = parts
        .map(|part| part.rsplit("::").next().unwrap_or(part).trim())
        .collect::<Vec<_>>()
        .join("_");
    schemas.push((name.clone(), T::schema()));
    Ref::from_schema_name(name)
}

pub(super) fn described<T: ToSchema>(text: &str, schemas: &mut Schemas) -> ResponseBuilder {
    ResponseBuilder::new()
        .description(text)
        .content(JSON, ContentBuilder::new().schema(Some(named::<T>(schemas))).build())
}

/// Says that a list is also there as a file for spreadsheets.
pub(super) fn with_files(response: ResponseBuilder) -> ResponseBuilder {
    let file = || ContentBuilder::new().schema(Some(string())).build();
    let media_types = FileFormat::ALL.map(FileFormat::media_type);
    media_types.iter().fold(response, |response, name| response.content(*name, file()))
}

fn string() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).into()
}

pub(super) fn header(text: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .description(Some(text))
        .schema(Some(ObjectBuilder::new().schema_type(SchemaType::new(Type::String))))
        .build()
}

pub(super) trait Body: Serialize + ToSchema + Send + 'static {}

impl<T: Serialize + ToSchema + Send + 'static> Body for T {}

/// A report, with the request that it is about.
fn written(report: impl Serialize, receipt: Option<Receipt>) -> Result<Answer, Error> {
    Ok(Answer::json(200, write(&Written { report, receipt })?))
}

fn describe_written<T: Body>(text: &str, schemas: &mut Schemas) -> ResponseBuilder {
    let report = named::<T>(schemas);
    let (_, name) = report.ref_location.rsplit_once('/').unwrap_or_default();
    let name = format!("Written_{name}");
    let whole = AllOfBuilder::new().item(report).item(named::<Receipt>(schemas)).build();
    schemas.push((name.clone(), RefOr::T(Schema::AllOf(whole))));
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(name))).build();
    ResponseBuilder::new().description(text).content(JSON, content)
}

impl Respond for Done {
    const STATUS: u16 = 200;

    fn answer(self) -> Result<Answer, Error> {
        Err(Error::Internal("a write without a request".to_owned()))
    }

    fn answer_write(self, receipt: Receipt) -> Result<Answer, Error> {
        written(Deed::new(self.0, &receipt), Some(receipt))
    }

    fn describe(schemas: &mut Schemas) -> Response {
        describe_written::<Deed>("Done. Repeating the request is harmless.", schemas).build()
    }
}

impl<T: Body> Respond for Plain<T> {
    const STATUS: u16 = 200;

    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(200, write(&self.0)?))
    }

    fn describe(schemas: &mut Schemas) -> Response {
        described::<T>("Success.", schemas).build()
    }
}

impl<T: Body + OfDryRun> Respond for Report<T> {
    const STATUS: u16 = 200;
    const ERASES: bool = T::ERASES;
    const REPORTS_DRY_RUN: bool = true;

    fn answer(self) -> Result<Answer, Error> {
        written(self.0, None)
    }

    fn answer_write(self, receipt: Receipt) -> Result<Answer, Error> {
        written(self.0, Some(receipt))
    }

    fn answer_dry_run(self, _: DryRun) -> Result<Answer, Error> {
        Ok(Answer::json(200, write(&self.0.of_dry_run())?))
    }

    fn describe(schemas: &mut Schemas) -> Response {
        describe_written::<T>("What became of each part of the request.", schemas).build()
    }
}

impl<T: Body + CsvRow> Respond for Listing<T> {
    const STATUS: u16 = 200;
    const IS_LIST: bool = true;

    fn write_rows(&self, file: &mut ListFile) -> Result<bool, Error> {
        file.push(&self.items)?;
        Ok(self.page < self.pages)
    }

    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(200, write(&self)?))
    }

    fn describe(schemas: &mut Schemas) -> Response {
        // The derived schemas of a generic type do not include those of its argument.
        named::<T>(schemas);
        with_files(described::<Self>("One page.", schemas)).build()
    }
}

/// A part of the change log, which is read in parts of the caller's own size.
impl Respond for Changes {
    const STATUS: u16 = 200;
    const IS_LIST: bool = true;

    fn answer(self) -> Result<Answer, Error> {
        Plain(self).answer()
    }

    fn write_rows(&self, file: &mut ListFile) -> Result<bool, Error> {
        file.push(&self.items)?;
        Ok(false)
    }

    fn describe(schemas: &mut Schemas) -> Response {
        with_files(described::<Self>("Success.", schemas)).build()
    }
}

impl Respond for History {
    const STATUS: u16 = 200;
    const IS_LIST: bool = true;

    fn answer(self) -> Result<Answer, Error> {
        Plain(self).answer()
    }

    fn write_rows(&self, file: &mut ListFile) -> Result<bool, Error> {
        self.listing.write_rows(file)
    }

    fn describe(schemas: &mut Schemas) -> Response {
        named::<HistoryEntry>(schemas);
        with_files(described::<Self>("One page.", schemas)).build()
    }
}

impl Respond for File {
    const STATUS: u16 = 200;

    fn answer(self) -> Result<Answer, Error> {
        Answer::download(self.format, self.name, self.text.into())
    }

    fn describe(_: &mut Schemas) -> Response {
        let content = ContentBuilder::new().schema(Some(string())).build();
        let response = ResponseBuilder::new().description("A file for spreadsheets.");
        response.content(FileFormat::Csv.media_type(), content).build()
    }
}

impl<T: Body> Respond for Tagged<T> {
    const STATUS: u16 = 200;

    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(200, write(&self.0)?).with("etag", self.1.as_str()))
    }

    fn describe(schemas: &mut Schemas) -> Response {
        described::<T>("The current representation.", schemas)
            .header("ETag", header("The version; send it back as If-Match."))
            .build()
    }
}

impl<T: Body> Respond for Created<T> {
    const STATUS: u16 = 201;

    fn answer(self) -> Result<Answer, Error> {
        Ok(Answer::json(201, write(&self.body)?).with("location", self.location))
    }

    fn describe(schemas: &mut Schemas) -> Response {
        described::<T>("Created.", schemas).header("Location", header("Its address.")).build()
    }
}
