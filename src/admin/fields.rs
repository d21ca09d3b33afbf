//! What a request is called with: each field of a query or a body is declared once, with its kind,
//! and the declaration is the reader, the check and the description of it.
//!
//! Everything that is wrong is told at once, and a field that is not declared is wrong: a misspelt
//! filter must not be taken for none.

use super::kinds::Field;
use serde_json::{Map, Value};
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, Required};

/// Where in a request something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    /// The address.
    Path,
    /// What follows the question mark.
    Query,
    /// A header.
    Header,
    /// The JSON body.
    Body,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(super) struct Fault {
    /// Where it stands.
    #[serde(rename = "in")]
    pub(super) place: Place,
    /// A JSON pointer into the body, or a slash and the name of the query field, header or part of
    /// the path.
    pub(super) pointer: String,
    /// A word for programs.
    pub(super) code: &'static str,
    /// A sentence for people.
    pub(super) detail: String,
}

/// What was given for a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given<'a> {
    /// Text, in a query.
    Text(&'a str),
    /// A value, in a body.
    Json(&'a Value),
}

/// Where fields are read from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// The decoded pairs of a query.
    Query(&'a [(String, String)]),
    /// A JSON object.
    Body(&'a Map<String, Value>),
}

/// Reads the fields of one object and collects what is wrong with them.
pub(super) struct Reader<'a> {
    source: Source<'a>,
    at: String,
    known: Vec<&'static str>,
    faults: &'a mut Vec<Fault>,
}

/// Where a field is read, and where what is wrong with it is told.
pub(super) struct Spot<'a> {
    /// Query or body.
    pub(super) place: Place,
    /// The pointer to it.
    pub(super) pointer: String,
    /// What is wrong so far.
    pub(super) faults: &'a mut Vec<Fault>,
}

impl Spot<'_> {
    /// Notes what is wrong here.
    pub(super) fn wrong<T>(&mut self, code: &'static str, detail: impl Into<String>) -> Option<T> {
        self.faults.push(Fault {
            place: self.place,
            pointer: self.pointer.clone(),
            code,
            detail: detail.into(),
        });
        None
    }
}

impl<'a> Reader<'a> {
    /// Reads at the top of a query or body.
    pub(super) fn new(source: Source<'a>, faults: &'a mut Vec<Fault>) -> Self {
        Self::within(source, String::new(), faults)
    }

    /// Reads an object inside a body.
    pub(super) fn within(source: Source<'a>, at: String, faults: &'a mut Vec<Fault>) -> Self {
        Self { source, at, known: Vec::new(), faults }
    }

    fn place(&self) -> Place {
        match self.source {
            Source::Query(_) => Place::Query,
            Source::Body(_) => Place::Body,
        }
    }

    /// Reads one field; `None` when it is wrong, which was noted.
    pub(super) fn field<F: Field>(&mut self, name: &'static str, field: &F) -> Option<F::Value> {
        // A field that is a word of Rust's, such as `type`, is declared as `r#type`.
        let name = name.strip_prefix("r#").unwrap_or(name);
        self.known.push(name);
        let place = self.place();
        let mut spot = Spot { place, pointer: format!("{}/{name}", self.at), faults: self.faults };
        let given = match self.source {
            Source::Body(object) => object.get(name).map(Given::Json),
            Source::Query(pairs) => {
                let mut values =
                    pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
                let first = values.next();
                if values.next().is_some() {
                    return spot.wrong("repeated", format!("{name} stands more than once."));
                }
                first.map(Given::Text)
            }
        };
        field.read(given, &mut spot)
    }

    /// Notes every field that was given but is not known.
    pub(super) fn finish(self) {
        let names: Vec<String> = match self.source {
            Source::Query(pairs) => pairs.iter().map(|(name, _)| name.clone()).collect(),
            Source::Body(object) => object.keys().cloned().collect(),
        };
        let known = if self.known.is_empty() {
            "there are none here".to_owned()
        } else {
            format!("known are {}", self.known.join(", "))
        };
        let place = self.place();
        for name in names.iter().filter(|name| !self.known.contains(&name.as_str())) {
            let pointer = format!("{}/{}", self.at, name.replace('~', "~0").replace('/', "~1"));
            let shown: String = name.chars().take(64).collect();
            self.faults.push(Fault {
                place,
                pointer,
                code: "unknown-field",
                detail: format!("There is no field {shown:?}: {known}."),
            });
        }
    }
}

/// A set of fields.
pub(super) trait Fields: Sized + Send + 'static {
    /// The name of its schema.
    const NAME: &'static str;

    /// Reads all of them; `None` when any is wrong, which was noted.
    fn read(reader: Reader<'_>) -> Option<Self>;

    /// Tells all of them: name, explanation, whether it must be there, schema.
    fn describe(each: &mut dyn FnMut(&'static str, &'static str, Required, RefOr<Schema>));

    /// The schema of an object with these fields.
    fn object() -> Object {
        let mut object = ObjectBuilder::new().additional_properties(Some(
            utoipa::openapi::schema::AdditionalProperties::FreeForm(false),
        ));
        Self::describe(&mut |name, text, required, schema| {
            let mut built = std::mem::take(&mut object).property(name, explained(schema, text));
            if required == Required::True {
                built = built.required(name);
            }
            object = built;
        });
        object.build()
    }
}

/// A schema with its explanation.
pub(super) fn explained(schema: RefOr<Schema>, text: &str) -> RefOr<Schema> {
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

/// Declares sets of fields: name, type, kind, and the explanation that the description shows.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident { $($(#[doc = $text:literal])* $field:ident: $type:ty = $kind:expr,)* })*) => {$(
        $(#[$doc])*
        pub(super) struct $name { $($(#[doc = $text])* pub(super) $field: $type,)* }

        impl $crate::admin::fields::Fields for $name {
            const NAME: &'static str = stringify!($name);

            #[allow(unused_mut, reason = "a set may be empty")]
            fn read(mut reader: $crate::admin::fields::Reader<'_>) -> Option<Self> {
                #[allow(unused_imports, reason = "a set may be empty")]
                use $crate::admin::kinds::*;
                $(let $field = reader.field(stringify!($field), &$kind);)*
                reader.finish();
                Some(Self { $($field: $field?,)* })
            }

            #[allow(unused_variables, reason = "a set may be empty")]
            fn describe(each: &mut dyn FnMut(&'static str, &'static str, utoipa::openapi::Required, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)) {
                #[allow(unused_imports, reason = "a set may be empty")]
                use $crate::admin::kinds::*;
                $({
                    let kind = $kind;
                    each(stringify!($field), concat!($($text, "\n"),*), kind.required(), kind.schema());
                })*
            }
        }
    )*};
}
pub(super) use fields;

fields! {
    /// No field at all.
    Nothing {}
}
