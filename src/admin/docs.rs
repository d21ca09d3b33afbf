//! The API description as a page for people, made from the same document as `/openapi.json`: no
//! script, nothing loaded but the style sheet.

use super::openapi::described;
use super::problem::ProblemType;
use askama::Template;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// What every operation may answer, which the page says once.
const USUAL: [&str; 10] = ["400", "401", "403", "404", "408", "413", "415", "422", "500", "503"];

/// The whole description.
#[derive(Template)]
#[template(path = "docs.html")]
struct Docs<'a> {
    title: &'a str,
    version: &'a str,
    about: Vec<Part<'a>>,
    tags: Vec<Tag<'a>>,
    usual: Vec<(&'a str, &'a str)>,
    schemas: Vec<Schema<'a>>,
}

/// The operations of one kind of thing.
struct Tag<'a> {
    name: &'a str,
    operations: Vec<Operation<'a>>,
}

struct Operation<'a> {
    id: &'a str,
    method: String,
    path: String,
    summary: Vec<Part<'a>>,
    description: &'a str,
    parameters: Vec<Parameter<'a>>,
    body: Option<Body<'a>>,
    responses: Vec<Response<'a>>,
}

struct Parameter<'a> {
    place: &'a str,
    field: Field<'a>,
}

struct Body<'a> {
    fields: Vec<Field<'a>>,
    example: String,
}

struct Response<'a> {
    status: &'a str,
    text: &'a str,
    kind: Vec<Word>,
    headers: String,
    example: String,
}

struct Field<'a> {
    name: &'a str,
    required: bool,
    kind: Vec<Word>,
    text: Vec<Part<'a>>,
}

struct Schema<'a> {
    name: &'a str,
    text: Vec<Part<'a>>,
    kind: Vec<Word>,
    fields: Vec<Field<'a>>,
}

/// A piece of a type: a word, or the name of a schema.
struct Word {
    text: String,
    is_schema: bool,
}

/// A piece of a text that may have code between backticks.
struct Part<'a> {
    text: &'a str,
    is_code: bool,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct Problems<'a> {
    title: &'a str,
    problems: &'a [ProblemType],
    is_list: bool,
}

/// The page, written once.
pub(super) fn page() -> &'static str {
    static PAGE: LazyLock<String> = LazyLock::new(|| {
        let document = serde_json::to_value(described()).unwrap_or_default();
        Docs::of(&document).render().unwrap_or_default()
    });
    &PAGE
}

pub(super) fn problems() -> Result<String, askama::Error> {
    let (title, problems) = ("Problems of the admin API", &ProblemType::ALL);
    Problems { title, problems, is_list: true }.render()
}

pub(super) fn problem(name: &str) -> Option<Result<String, askama::Error>> {
    let kind = ProblemType::from_name(name)?;
    let (title, problems) = (kind.title(), std::slice::from_ref(&kind));
    Some(Problems { title, problems, is_list: false }.render())
}

impl<'a> Docs<'a> {
    fn of(document: &'a Value) -> Self {
        let mut tags: Vec<Tag<'a>> = Vec::new();
        let mut usual: Vec<(&str, &str)> = Vec::new();
        for (path, item) in entries(&document["paths"]) {
            for (method, value) in entries(item).filter(|(_, value)| value.is_object()) {
                let name = text(&value["tags"][0]);
                let operation = Operation::of(document, path, method, value);
                match tags.iter_mut().find(|tag| tag.name == name) {
                    Some(tag) => tag.operations.push(operation),
                    None => tags.push(Tag { name, operations: vec![operation] }),
                }
                for (status, response) in entries(&value["responses"]) {
                    let known = usual.iter().any(|(known, _)| *known == status);
                    if is_usual(status) && !known {
                        usual.push((status, text(&response["description"])));
                    }
                }
            }
        }
        tags.sort_by_key(|tag| tag.name);
        usual.sort_unstable();
        let schemas = entries(&document["components"]["schemas"])
            .map(|(name, value)| Schema::of(document, name, value))
            .collect();
        let info = &document["info"];
        Self {
            title: text(&info["title"]),
            version: text(&info["version"]),
            about: parts(text(&info["description"])),
            tags,
            usual,
            schemas,
        }
    }
}

fn is_usual(status: &str) -> bool {
    USUAL.contains(&status)
}

impl<'a> Operation<'a> {
    fn of(document: &'a Value, path: &str, method: &str, value: &'a Value) -> Self {
        let parameters = list(&value["parameters"]).map(|parameter| Parameter {
            place: text(&parameter["in"]),
            field: Field {
                name: text(&parameter["name"]),
                required: parameter["required"] == true,
                kind: kind(&parameter["schema"]),
                text: parts(text(&parameter["description"])),
            },
        });
        let content = &value["requestBody"]["content"]["application/json"];
        let body = content.is_object().then(|| Body {
            fields: fields(document, &content["schema"]),
            example: serde_json::to_string_pretty(&content["example"]).unwrap_or_default(),
        });
        let responses = entries(&value["responses"])
            .filter(|(status, _)| !is_usual(status))
            .map(|(status, response)| Response::of(status, response));
        Self {
            id: text(&value["operationId"]),
            method: method.to_uppercase(),
            path: format!("{}{path}", super::ROOT),
            summary: parts(text(&value["summary"])),
            description: text(&value["description"]),
            parameters: parameters.collect(),
            body,
            responses: responses.collect(),
        }
    }
}

impl<'a> Response<'a> {
    fn of(status: &'a str, response: &'a Value) -> Self {
        let content = entries(&response["content"]).next();
        let example = &response["content"]["application/json"]["example"];
        let example = if example.is_null() {
            String::new()
        } else {
            serde_json::to_string_pretty(example).unwrap_or_default()
        };
        let headers: Vec<&str> = entries(&response["headers"]).map(|(name, _)| name).collect();
        Self {
            status,
            text: text(&response["description"]),
            kind: content.map(|(_, content)| kind(&content["schema"])).unwrap_or_default(),
            headers: headers.join(", "),
            example,
        }
    }
}

impl<'a> Schema<'a> {
    fn of(document: &'a Value, name: &'a str, value: &'a Value) -> Self {
        let fields = fields(document, value);
        let kind = if fields.is_empty() { kind(value) } else { Vec::new() };
        Self { name, text: parts(text(&value["description"])), kind, fields }
    }
}

/// The fields of an object, also of one that is put together from others.
fn fields<'a>(document: &'a Value, schema: &'a Value) -> Vec<Field<'a>> {
    if let Some(name) = schema["$ref"].as_str() {
        let found = document.pointer(name.trim_start_matches('#'));
        return found.map(|schema| fields(document, schema)).unwrap_or_default();
    }
    let required: Vec<&str> = list(&schema["required"]).map(text).collect();
    let own = entries(&schema["properties"]).map(|(name, value)| Field {
        name,
        required: required.contains(&name),
        kind: kind(value),
        text: parts(description(value)),
    });
    let inherited = list(&schema["allOf"]).flat_map(|part| fields(document, part));
    inherited.chain(own).collect()
}

/// A field's text; where it may be null, that of what it is otherwise.
fn description(schema: &Value) -> &str {
    let choices = || list(&schema["oneOf"]).map(|choice| text(&choice["description"]));
    let own = text(&schema["description"]);
    if own.is_empty() { choices().find(|text| !text.is_empty()).unwrap_or_default() } else { own }
}

fn kind(schema: &Value) -> Vec<Word> {
    let plain = |text: String| vec![Word { text, is_schema: false }];
    if let Some(name) = schema["$ref"].as_str() {
        let text = name.rsplit('/').next().unwrap_or_default().to_owned();
        return vec![Word { text, is_schema: true }];
    }
    for choice in ["oneOf", "anyOf"] {
        if schema[choice].is_array() {
            return joined(list(&schema[choice]).map(kind), " or ");
        }
    }
    if schema["enum"].is_array() {
        let words = list(&schema["enum"]).map(Value::to_string).collect::<Vec<_>>();
        return plain(words.join(", "));
    }
    if schema["type"] == "array" {
        return joined([plain("list of".to_owned()), kind(&schema["items"])].into_iter(), " ");
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
        one => text(one).to_owned(),
    };
    plain(format!("{types}{}", limits(schema)))
}

fn joined(kinds: impl Iterator<Item = Vec<Word>>, between: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for kind in kinds {
        if !words.is_empty() {
            words.push(Word { text: between.to_owned(), is_schema: false });
        }
        words.extend(kind);
    }
    words
}

/// The limits of a value: ` (1–64 characters)`.
fn limits(schema: &Value) -> String {
    let [shortest, longest] = ["minLength", "maxLength"].map(|name| schema[name].as_u64());
    let [least, most] = ["minimum", "maximum"].map(|name| schema[name].as_i64());
    match (shortest, longest, least, most) {
        (_, Some(longest), ..) => {
            format!(" ({}–{longest} characters)", shortest.unwrap_or_default())
        }
        (.., Some(least), Some(most)) => format!(" ({least}–{most})"),
        (.., Some(least), None) if least > 0 => format!(" (at least {least})"),
        _ => String::new(),
    }
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let pieces = text.trim().split('`').enumerate();
    pieces.map(|(at, text)| Part { text, is_code: at % 2 == 1 }).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> std::slice::Iter<'_, Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}
