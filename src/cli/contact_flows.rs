//! `numberd contact-flows …`

use super::paged::Paged;
use super::place::Place;
use super::{Failure, Options, author, names, open, output};
use crate::domain::ContactFlowId;
use crate::domain::contact_flow::{
    ContactFlowEdit, ContactFlowFilter, FlowType, LONGEST_DEFINITION, NewContactFlow,
    WholeContactFlow,
};
use crate::domain::text::free;
use crate::ops;
use crate::store::contact_flows;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum ContactFlows {
    /// List the contact flows of an instance.
    List {
        /// Only flows whose name contains this text.
        #[arg(short, long, value_name = "TEXT")]
        query: Option<String>,
        /// Only flows of this type.
        #[arg(long = "type", value_parser = names::word_of::<FlowType>())]
        flow_type: Option<FlowType>,
        #[command(flatten)]
        paged: Paged,
    },
    /// Show a contact flow with its definition and the numbers that use it.
    Show {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Create a contact flow, which calls run through at once.
    Add {
        /// What people call it.
        #[arg(value_parser = names::display_name)]
        name: String,
        /// What it is for.
        #[arg(long, value_name = "TEXT", value_parser = names::description)]
        description: Option<String>,
        /// The type of the flow.
        #[arg(
            long = "type",
            default_value = FlowType::Main.name(),
            value_parser = names::word_of::<FlowType>()
        )]
        flow_type: FlowType,
        /// The file with its definition, in the vendor's notation; `-` for standard input.
        #[arg(long, value_name = "FILE")]
        definition: Option<PathBuf>,
    },
    /// Change a contact flow; what is not named stays as it is.
    Edit {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
        /// The new display name.
        #[arg(long, value_parser = names::display_name)]
        name: Option<String>,
        /// What it is for.
        #[arg(long, value_name = "TEXT", value_parser = names::description)]
        description: Option<String>,
        /// The file with its definition, in the vendor's notation; `-` for standard input.
        #[arg(long, value_name = "FILE")]
        definition: Option<PathBuf>,
        /// Whether calls run through it.
        #[arg(long, value_name = "YES_OR_NO")]
        published: Option<bool>,
    },
    /// Delete a contact flow that no number uses; with --force, any.
    Delete {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
        /// Take it from the numbers that use it first.
        #[arg(long)]
        force: bool,
    },
}

impl ContactFlows {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        match self {
            Self::List { query, flow_type, paged } => {
                let filter = ContactFlowFilter {
                    search_pattern: query,
                    flow_type,
                    ..ContactFlowFilter::default()
                };
                list(&place, &filter, &paged)
            }
            Self::Show { id } => show(&place, ContactFlowId::new(id)),
            Self::Add { name, description, flow_type, definition } => {
                let new = NewContactFlow {
                    name,
                    definition: read(definition)?.unwrap_or_default(),
                    description: description.unwrap_or_default(),
                    flow_type,
                };
                add(&place, new)
            }
            Self::Edit { id, name, description, definition, published } => {
                let definition = read(definition)?;
                let edit = ContactFlowEdit { name, description, definition, published };
                self::edit(&place, &id, edit)
            }
            Self::Delete { id, force } => delete(&place, &id, force),
        }
    }
}

fn list(place: &Place<'_>, filter: &ContactFlowFilter, paged: &Paged) -> Result<(), Failure> {
    place.list(
        paged,
        |tx, of, page| contact_flows::list(tx, of, filter, page),
        &["CONTACT FLOW", "NAME", "TYPE", "PUBLISHED", "DESCRIPTION"],
        |flow| {
            vec![
                flow.contact_flow_id.to_string(),
                flow.name.clone(),
                flow.flow_type.to_string(),
                if flow.published { "yes" } else { "no" }.to_owned(),
                flow.description.clone(),
            ]
        },
    )
}

fn show(place: &Place<'_>, id: ContactFlowId) -> Result<(), Failure> {
    let (flow, numbers) = place.read(|tx, of| {
        let flow = contact_flows::get(tx, of, &id)?;
        Ok((WholeContactFlow::from(flow), contact_flows::numbers(tx, &id)?))
    })?;
    output::value(place.options.json, &flow, |flow| text(flow, &numbers))
}

fn add(place: &Place<'_>, new: NewContactFlow) -> Result<(), Failure> {
    let (name, editor) = (new.name.clone(), author().actor);
    let written = place.write(move |tx, of| ops::contact_flows::create(tx, of, &new, &editor))?;
    written.print(
        place.options,
        |id| {
            let value = json!({ "contact_flow_id": id });
            (value, format!("Contact flow {name} is created: {id}."))
        },
        &format!("Would create contact flow {name}."),
    )
}

fn edit(place: &Place<'_>, id: &str, edit: ContactFlowEdit) -> Result<(), Failure> {
    if edit.is_empty() {
        return Err(Failure::usage(
            "Say what to change: --name, --description, --definition or --published.",
        ));
    }
    let (edited, editor) = (ContactFlowId::new(id), author().actor);
    let written =
        place.write(move |tx, of| ops::contact_flows::modify(tx, of, &edited, &edit, &editor))?;
    written.print(
        place.options,
        |()| (json!({ "contact_flow_id": id }), format!("Contact flow {id} is changed.")),
        &format!("Would change contact flow {id}."),
    )
}

fn delete(place: &Place<'_>, id: &str, force: bool) -> Result<(), Failure> {
    let deleted = ContactFlowId::new(id);
    let written = place.write(move |tx, of| ops::contact_flows::delete(tx, of, &deleted, force))?;
    written.print(
        place.options,
        |()| (json!({ "contact_flow_id": id }), format!("Contact flow {id} is deleted.")),
        &format!("Would delete contact flow {id}."),
    )
}

fn text(flow: &WholeContactFlow, numbers: &[String]) -> String {
    let brief = &flow.brief;
    let published = if brief.published { "published" } else { "not published" };
    let used = if numbers.is_empty() { "no number".to_owned() } else { numbers.join(", ") };
    let first = format!(
        "{} ({}), {published}, changed {}, used by {used}.",
        brief.name, brief.flow_type, brief.updated_at
    );
    let lines = [first.as_str(), &brief.description, &flow.definition];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Reads a definition, without the line end that editors put behind it.
fn read(definition: Option<PathBuf>) -> Result<Option<String>, Failure> {
    let Some(path) = definition else { return Ok(None) };
    let name = path.display();
    let unreadable = |error| Failure::usage(format!("{name} can't be read: {error}."));
    let read = open(&path).and_then(std::io::read_to_string).map_err(unreadable)?;
    let definition = read.trim_end_matches(['\r', '\n']);
    let read = free(definition, 0, LONGEST_DEFINITION);
    read.map(Some)
        .map_err(|fault| Failure::usage(format!("The definition in {name} is not valid: {fault}.")))
}
