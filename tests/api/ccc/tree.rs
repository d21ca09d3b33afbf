//! A reply as a tree, the same whether it was read from JSON or from XML.

use super::ordered::Node;
use super::redacted;
use crate::support::{App, Reply};
use quick_xml::events::Event;

/// An element with what is in it; a leaf has no children, and its text.
#[derive(Debug, Default, PartialEq)]
pub struct Tree {
    pub name: String,
    pub text: String,
    pub children: Vec<Tree>,
}

impl Tree {
    /// An object's keys are elements, a list is as many elements of its key's name; one without
    /// items is no element at all.
    fn of_json(name: &str, node: Node) -> Vec<Self> {
        let name = name.to_owned();
        let leaf = |text| vec![Self { name: name.clone(), text, children: Vec::new() }];
        match node {
            // Of the lists only this one has an element in XML when it is empty.
            Node::List(items) if items.is_empty() && name == "Params" => leaf(String::new()),
            Node::List(items) => {
                items.into_iter().flat_map(|item| Self::of_json(&name, item)).collect()
            }
            Node::Object(pairs) => {
                let children =
                    pairs.into_iter().flat_map(|(key, value)| Self::of_json(&key, value)).collect();
                vec![Self { name, text: String::new(), children }]
            }
            Node::Text(text) => leaf(text),
            Node::Number(number) => leaf(number.to_string()),
            Node::Flag(flag) => leaf(flag.to_string()),
        }
    }

    /// The root element of a document.
    pub fn of_xml(xml: &str) -> Self {
        let mut reader = quick_xml::Reader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{error} in {xml}")) {
                Event::Start(start) => open.push(Self::named(start.name().as_ref())),
                Event::Empty(empty) => {
                    open.last_mut().unwrap().children.push(Self::named(empty.name().as_ref()));
                }
                Event::End(_) => {
                    let done = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(part) => open.last_mut().unwrap().text += part.as_ref(),
                Event::GeneralRef(name) => open.last_mut().unwrap().text.push(meant(name.as_ref())),
                Event::Eof => break,
                Event::Decl(_) => {}
                other => panic!("{other:?} in {xml}"),
            }
        }
        let mut document = open.pop().unwrap();
        assert_eq!(document.children.len(), 1, "one root in {xml}");
        document.children.remove(0)
    }

    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The text of the first element of this name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        if self.name == name {
            return Some(&self.text);
        }
        self.children.iter().find_map(|child| child.text_of(name))
    }
}

/// The character that a reference means.
fn meant(name: &str) -> char {
    match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "#13" | "#xD" => '\r',
        "#10" | "#xA" => '\n',
        "#9" | "#x9" => '\t',
        other => panic!("&{other};"),
    }
}

/// That a reply in XML says the same as one in JSON, in the same order, below this root; both name
/// their types. Ids that are made at random don't count.
#[track_caller]
pub fn assert_same(json: (&App, &Reply), xml: (&App, &Reply), root: &str, what: &str) {
    assert_eq!(json.1.status, xml.1.status, "{what}");
    assert_eq!(json.1.header("content-type"), Some("application/json;charset=utf-8"), "{what}");
    assert_eq!(xml.1.header("content-type"), Some("text/xml;charset=utf-8"), "{what}");
    let plain = |(app, reply): (&App, &Reply)| without_guids(&redacted(app, reply));
    let (json, xml) = (plain(json), plain(xml));
    assert!(xml.starts_with(r#"<?xml version="1.0" encoding="UTF-8"?><"#), "{what}: {xml}");
    let expected = Tree::of_json(root, Node::parse(&json)).remove(0);
    let found = Tree::of_xml(&xml);
    assert_eq!(found, expected, "{what}:\n{json}\n{xml}");
}

/// Every GUID in lower case, as those of workflows, which no two replies share.
fn without_guids(text: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split_inclusive(['"', '<', '>']) {
        let (word, end) = part.split_at(part.len().saturating_sub(1));
        let is_guid = word.len() == 36
            && word.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
            && word.matches('-').count() == 4;
        parts.push(format!("{}{end}", if is_guid { "[guid]" } else { word }));
    }
    parts.concat()
}

#[test]
fn the_same_reply_is_the_same_tree_and_another_one_is_not() {
    let json = |text: &str| Tree::of_json("R", Node::parse(text)).remove(0);
    let ours = json(r#"{"A":"<","L":[{"B":1},{"B":2}],"N":[],"E":""}"#);
    let same = "<R><A>&lt;</A><L><B>1</B></L><L><B>2</B></L><E/></R>";
    assert_eq!(Tree::of_xml(same), ours);
    for other in [
        "<R><A>&lt;</A><L><B>1</B></L><E/></R>",
        "<R><L><B>1</B></L><L><B>2</B></L><A>&lt;</A><E/></R>",
        "<R><A>&gt;</A><L><B>1</B></L><L><B>2</B></L><E/></R>",
        "<R><A>&lt;</A><L><B>1</B><B>2</B></L><E/></R>",
        "<R><A>&lt;</A><L><B>1</B></L><L><B>2</B></L><N/><E/></R>",
    ] {
        assert_ne!(Tree::of_xml(other), ours, "{other}");
    }
}
