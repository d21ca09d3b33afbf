//! What is answered with success: its status, its body, its headers, and its description.

use super::dry_run::DryRun;
use super::etag::{ETag, Versioned};
use super::fields::string;
use super::receipt::{Deed, Receipt, Written};
use crate::domain::batch::{BatchReport, ItemOutcome};
use crate::domain::csv::CsvRow;
use crate::domain::history::{Change, Changes, History, HistoryEntry};
use crate::domain::sheet::FileFormat;
use crate::domain::undo::UndoReport;
use crate::domain::{Error, InstanceId, Listing};
use crate::http::{Answer, ListFile};
use serde::Serialize;
use std::fmt::Display;
use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::AllOfBuilder;
use utoipa::openapi::{
    Content, ContentBuilder, Header, Ref, RefOr, Response, ResponseBuilder, Schema,
};

/// The content type of everything but problems.
pub(super) const JSON: &str = "application/json";

/// The schemas that the operations refer to, by name.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// What an operation answers with success.
pub(super) trait Respond: Send + 'static {
    const STATUS: u16 = 200;

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
        json(200, &changes)
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

impl<T: Versioned> Tagged<T> {
    pub(super) fn of(row: T) -> Self {
        let tag = row.tag();
        Self(row, tag)
    }
}

/// A file of text, CSV.
pub(super) struct File {
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

pub(super) fn json(status: u16, body: &impl Serialize) -> Result<Answer, Error> {
    let mut text = Vec::with_capacity(USUAL_LENGTH);
    let written = serde_json::to_writer(&mut text, body);
    written.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Answer::json(status, text))
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
    ResponseBuilder::new().description(text).content(JSON, content(named::<T>(schemas)))
}

pub(super) fn content(schema: impl Into<RefOr<Schema>>) -> Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

pub(super) fn header(text: &str) -> Header {
    HeaderBuilder::new().description(Some(text)).schema(Some(string())).build()
}

pub(super) trait Body: Serialize + ToSchema + Send + 'static {}

impl<T: Serialize + ToSchema + Send + 'static> Body for T {}

/// A report, with the request that it is about.
fn written(report: impl Serialize, receipt: Option<Receipt>) -> Result<Answer, Error> {
    json(200, &Written { report, receipt })
}

fn describe_written<T: Body>(text: &str, schemas: &mut Schemas) -> ResponseBuilder {
    let report = named::<T>(schemas);
    let (_, name) = report.ref_location.rsplit_once('/').unwrap_or_default();
    let name = format!("Written_{name}");
    let whole = AllOfBuilder::new().item(report).item(named::<Receipt>(schemas)).build();
    schemas.push((name.clone(), RefOr::T(Schema::AllOf(whole))));
    ResponseBuilder::new().description(text).content(JSON, content(Ref::from_schema_name(name)))
}

impl Respond for Done {
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
    fn answer(self) -> Result<Answer, Error> {
        json(200, &self.0)
    }

    fn describe(schemas: &mut Schemas) -> Response {
        described::<T>("Success.", schemas).build()
    }
}

impl<T: Body + OfDryRun> Respond for Report<T> {
    const ERASES: bool = T::ERASES;
    const REPORTS_DRY_RUN: bool = true;

    fn answer(self) -> Result<Answer, Error> {
        written(self.0, None)
    }

    fn answer_write(self, receipt: Receipt) -> Result<Answer, Error> {
        written(self.0, Some(receipt))
    }

    fn answer_dry_run(self, _: DryRun) -> Result<Answer, Error> {
        json(200, &self.0.of_dry_run())
    }

    fn describe(schemas: &mut Schemas) -> Response {
        describe_written::<T>("What became of each part of the request.", schemas).build()
    }
}

/// A page of a list. (The derived schemas of a generic type do not include those of its argument,
/// so the rows are named.)
pub(super) trait Rows: Body {
    type Row: ToSchema;
    const TEXT: &'static str = "One page.";

    /// Adds the rows to a file; whether further pages follow.
    fn write(&self, file: &mut ListFile) -> Result<bool, Error>;
}

impl<T: Body + CsvRow> Rows for Listing<T> {
    type Row = T;

    fn write(&self, file: &mut ListFile) -> Result<bool, Error> {
        file.push(&self.items)?;
        Ok(self.page < self.pages)
    }
}

impl Rows for History {
    type Row = HistoryEntry;

    fn write(&self, file: &mut ListFile) -> Result<bool, Error> {
        self.listing.write(file)
    }
}

/// A part of the change log, which is read in parts of the caller's own size.
impl Rows for Changes {
    type Row = Change;
    const TEXT: &'static str = "Success.";

    fn write(&self, file: &mut ListFile) -> Result<bool, Error> {
        file.push(&self.items)?;
        Ok(false)
    }
}

impl<L: Rows> Respond for L {
    const IS_LIST: bool = true;

    fn answer(self) -> Result<Answer, Error> {
        json(200, &self)
    }

    fn write_rows(&self, file: &mut ListFile) -> Result<bool, Error> {
        self.write(file)
    }

    fn describe(schemas: &mut Schemas) -> Response {
        named::<L::Row>(schemas);
        let mut response = described::<L>(L::TEXT, schemas);
        for format in FileFormat::ALL {
            response = response.content(format.media_type(), content(string()));
        }
        response.build()
    }
}

impl Respond for File {
    fn answer(self) -> Result<Answer, Error> {
        Answer::download(FileFormat::Csv, self.name, self.text.into())
    }

    fn describe(_: &mut Schemas) -> Response {
        let response = ResponseBuilder::new().description("A file for spreadsheets.");
        response.content(FileFormat::Csv.media_type(), content(string())).build()
    }
}

impl<T: Body> Respond for Tagged<T> {
    fn answer(self) -> Result<Answer, Error> {
        Ok(json(200, &self.0)?.with("etag", self.1.as_str()))
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
        Ok(json(201, &self.body)?.with("location", self.location))
    }

    fn describe(schemas: &mut Schemas) -> Response {
        described::<T>("Created.", schemas).header("Location", header("Its address.")).build()
    }
}
