//! Sets of fields: the query or the body of an operation.

use super::presence::{Field, default};
use super::source::{FaultCode, FieldError, Input, Path, RawValue, quoted};
use super::types::{FieldType, Integer, MAX_PER_PAGE};
use crate::domain::text::LONGEST_REASON;
use crate::domain::{PageRequest, Paging};
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, Object, ObjectBuilder, Schema};

/// Reads the fields of one object and collects what is wrong with them.
pub(in crate::admin) struct ObjectReader<'a> {
    input: Input<'a>,
    pointer: String,
    known: Vec<&'static str>,
    errors: &'a mut Vec<FieldError>,
}

impl<'a> ObjectReader<'a> {
    /// Reads a whole query or body.
    pub(in crate::admin) fn new(input: Input<'a>, errors: &'a mut Vec<FieldError>) -> Self {
        Self::within(input, String::new(), errors)
    }

    /// Reads an object inside a body.
    fn within(input: Input<'a>, pointer: String, errors: &'a mut Vec<FieldError>) -> Self {
        Self { input, pointer, known: Vec::new(), errors }
    }

    /// Reads one field; `None` after an error, which was noted.
    pub(in crate::admin) fn field<F: Field>(
        &mut self,
        name: &'static str,
        field: F,
    ) -> Option<F::Value> {
        let name = field_name(name);
        self.known.push(name);
        let values: Vec<RawValue<'_>> = match self.input {
            Input::Body(object) => object.get(name).map(RawValue::Json).into_iter().collect(),
            Input::Query(pairs) => {
                let named = pairs.iter().filter(|(key, _)| key == name);
                named.map(|(_, value)| RawValue::Text(value)).collect()
            }
        };
        let pointer = format!("{}/{name}", self.pointer);
        let mut path = Path { source: self.input.source(), pointer, errors: self.errors };
        field.read(&values, &mut path)
    }

    /// Notes every field that was given but is not declared.
    fn finish(self) {
        let names: Vec<&String> = match self.input {
            Input::Query(pairs) => pairs.iter().map(|(name, _)| name).collect(),
            Input::Body(object) => object.keys().collect(),
        };
        let known = if self.known.is_empty() {
            "none is expected here".to_owned()
        } else {
            format!("expected are {}", self.known.join(", "))
        };
        // A query may repeat a name, and one sentence about it is enough.
        let mut said = BTreeSet::new();
        let unknown = names.into_iter().filter(|name| !self.known.contains(&name.as_str()));
        for name in unknown.filter(|name| said.insert(*name)) {
            let pointer =
                format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"));
            let detail = format!("{} is not a known field; {known}.", quoted(name));
            let source = self.input.source();
            self.errors.push(FieldError::new(source, pointer, FaultCode::UnknownField, detail));
        }
    }
}

/// For the fields of `F` that were given in a part of the request where they are not known: says
/// that they belong in `place`.
pub(in crate::admin) fn say_where<F: Fields>(errors: &mut [FieldError], place: &str) {
    let mut known = Vec::new();
    F::describe(&mut |name, _, _, _| known.push(name));
    for error in errors.iter_mut().filter(|error| error.code == FaultCode::UnknownField) {
        if let Some(name) = known.iter().find(|name| error.pointer.strip_prefix('/') == Some(name))
        {
            error.code = FaultCode::MisplacedField;
            error.detail = format!("{name} belongs {place}.");
        }
    }
}

/// Takes the description of a field: name, explanation, whether it is required, schema.
pub(in crate::admin) type Describe<'a> =
    dyn FnMut(&'static str, &'static str, bool, RefOr<Schema>) + 'a;

pub(in crate::admin) trait Fields: Sized + Send + 'static {
    const NAME: &'static str;

    /// A body with them, as JSON, for the OpenAPI document.
    const EXAMPLE: &'static str;

    /// Reads all of them; `None` after an error, which was noted.
    fn read(reader: &mut ObjectReader<'_>) -> Option<Self>;

    /// Reads an object that has these fields and no others.
    fn read_all(mut reader: ObjectReader<'_>) -> Option<Self> {
        let fields = Self::read(&mut reader);
        reader.finish();
        fields
    }

    /// Turns to another page of a list; its size is in rows.
    fn turn_to(&mut self, _page: u64, _rows: u64) {}

    fn describe(each: &mut Describe<'_>);

    fn schema() -> Object {
        let mut object =
            ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
        Self::describe(&mut |name, text, required, schema| {
            let mut built = std::mem::take(&mut object).property(name, explained(schema, text));
            if required {
                built = built.required(name);
            }
            object = built;
        });
        object.build()
    }
}

fn explained(schema: RefOr<Schema>, text: &str) -> RefOr<Schema> {
    let text = Some(text.trim().to_owned());
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            object.description = text;
            RefOr::T(Schema::Object(object))
        }
        RefOr::T(Schema::Array(mut array)) => {
            array.description = text;
            RefOr::T(Schema::Array(array))
        }
        other => other,
    }
}

/// A field named like a keyword of Rust, such as `type`, is declared as `r#type`.
pub(in crate::admin) fn field_name(declared: &'static str) -> &'static str {
    declared.strip_prefix("r#").unwrap_or(declared)
}

/// Declares sets of fields: name, Rust type, field type, and the explanation that the OpenAPI
/// document shows. A set that is a body has an example. It may have another set's fields too: that
/// follows behind two dots.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident $(= $example:literal)? {
        $($(#[doc = $text:literal])* $field:ident: $type:ty = $declared:expr,)*
        $(.. $rest:ident: $others:ty,)?
    })*) => {$(
        $(#[$doc])*
        pub(in crate::admin) struct $name {
            $($(#[doc = $text])* pub(in crate::admin) $field: $type,)*
            $(pub(in crate::admin) $rest: $others,)?
        }

        $crate::admin::fields::read_fields! {
            $name, $name, [$($example)?], [$($(#[doc = $text])* $field = $declared,)*],
            [$($rest: $others)?], []
        }
    )*};
}
pub(in crate::admin) use fields;

/// Declares how an existing type is read, and its name in the OpenAPI document. It may have more
/// fields than these: what they hold then follows behind two dots.
macro_rules! fields_of {
    ($($name:ident for $made:ty $(= $example:literal)? {
        $($(#[doc = $text:literal])* $field:ident = $declared:expr,)*
        $(..$others:expr)?
    })*) => {$(
        $crate::admin::fields::read_fields! {
            $made, $name, [$($example)?], [$($(#[doc = $text])* $field = $declared,)*],
            [], [$($others)?]
        }
    )*};
}
pub(in crate::admin) use fields_of;

macro_rules! read_fields {
    (
        $made:ty, $name:ident, [$($example:literal)?],
        [$($(#[doc = $text:literal])* $field:ident = $declared:expr,)*],
        [$($rest:ident: $others:ty)?], [$($default:expr)?]
    ) => {
        impl $crate::admin::fields::Fields for $made {
            const NAME: &'static str = stringify!($name);
            const EXAMPLE: &'static str = concat!($($example)?);

            fn read(reader: &mut $crate::admin::fields::ObjectReader<'_>) -> Option<Self> {
                #[allow(unused_imports, reason = "not every set has every type")]
                use $crate::admin::fields::*;
                $(let $field = reader.field(stringify!($field), $declared);)*
                $(let $rest = <$others as Fields>::read(reader);)?
                Some(Self { $($field: $field?,)* $($rest: $rest?,)? $(..$default)? })
            }

            fn describe(each: &mut $crate::admin::fields::Describe<'_>) {
                #[allow(unused_imports, reason = "not every set has every type")]
                use $crate::admin::fields::*;
                $({
                    let field = $declared;
                    let text = concat!($($text, "\n"),*);
                    each(field_name(stringify!($field)), text, field.is_required(), field.schema());
                })*
                $(<$others as Fields>::describe(each);)?
            }
        }
    };
}
pub(in crate::admin) use read_fields;

pub(in crate::admin) struct Nothing;

impl Fields for Nothing {
    const NAME: &'static str = "Nothing";
    const EXAMPLE: &'static str = r#"{"reason": "asked for by sales"}"#;

    fn read(_: &mut ObjectReader<'_>) -> Option<Self> {
        Some(Self)
    }

    fn describe(_: &mut Describe<'_>) {}
}

/// The query of a list: its filters, and which page of it is asked for.
pub(in crate::admin) struct Paged<F> {
    pub(in crate::admin) page: PageRequest,
    pub(in crate::admin) filters: F,
}

/// The number of the page, clamped to what can be counted.
const PAGE: Integer<u64> = Integer { least: 1, most: u32::MAX as u64, clamped: true };

/// The length of the page, clamped to its limits.
const PER_PAGE: Integer<u64> = Integer { least: 1, most: MAX_PER_PAGE, clamped: true };

impl<F: Fields> Fields for Paged<F> {
    const NAME: &'static str = F::NAME;
    const EXAMPLE: &'static str = F::EXAMPLE;

    fn read(reader: &mut ObjectReader<'_>) -> Option<Self> {
        let number = reader.field("page", default(PAGE, 1));
        let size = reader.field("per_page", default(PER_PAGE, 50));
        let filters = F::read(reader)?;
        let page = PageRequest { number: number?, size: size?, paging: Paging::Clamp };
        Some(Self { page, filters })
    }

    fn turn_to(&mut self, page: u64, rows: u64) {
        self.page.number = page;
        self.page.size = rows;
    }

    fn describe(each: &mut Describe<'_>) {
        let text = "The page, counted from 1; a page past the end becomes the last one.";
        each("page", text, false, PAGE.schema());
        each("per_page", "Rows per page, clamped to 1–500.", false, PER_PAGE.schema());
        F::describe(each);
    }
}

/// The fields of an operation, and those that every change has.
pub(in crate::admin) struct With<M, F> {
    pub(in crate::admin) more: M,
    /// The operation's own.
    pub(in crate::admin) fields: F,
}

impl<M: Fields, F: Fields> Fields for With<M, F> {
    const NAME: &'static str = F::NAME;
    const EXAMPLE: &'static str = F::EXAMPLE;

    fn read(reader: &mut ObjectReader<'_>) -> Option<Self> {
        let more = M::read(reader);
        let fields = F::read(reader)?;
        Some(Self { more: more?, fields })
    }

    fn describe(each: &mut Describe<'_>) {
        F::describe(each);
        M::describe(each);
    }
}

fields! {
    /// Whether a change is only tried.
    Tried {
        /// Only show what would be done; nothing is changed.
        dry_run: bool = default(flag(), false),
    }
    /// Why something is changed.
    Reason {
        /// Why it is changed, for the change log; the same as the header X-Change-Reason.
        reason: Option<String> = optional(text(0, LONGEST_REASON)),
    }
}

/// The fields of an operation that changes something, which can be tried without changing it.
pub(in crate::admin) type WithDryRun<F> = With<Tried, F>;

/// The fields of a body that may say why something is changed.
pub(in crate::admin) type WithReason<F> = With<Reason, F>;

/// An object with fields of its own.
pub(in crate::admin) struct Nested<F>(std::marker::PhantomData<F>);

pub(in crate::admin) fn object<F: Fields>() -> Nested<F> {
    Nested(std::marker::PhantomData)
}

impl<F: Fields> FieldType for Nested<F> {
    type Value = F;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<F> {
        let RawValue::Json(Value::Object(object)) = value else {
            return path.must(FaultCode::Type, "be an object", value);
        };
        let input = Input::Body(object);
        F::read_all(ObjectReader::within(input, path.pointer.clone(), path.errors))
    }

    fn schema(&self) -> RefOr<Schema> {
        RefOr::T(Schema::Object(F::schema()))
    }
}
