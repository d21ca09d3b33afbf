//! `numberd contact-flows …`

use super::paged::{self, Paged};
use super::place::Place;
use super::{Failure, Options, author, names, output};
use crate::domain::contact_flow::{
    ContactFlowEdit, ContactFlowFilter, FlowType, LONGEST_DEFINITION, NewContactFlow,
    WholeContactFlow,
};
use crate::domain::{ContactFlowId, text};
use crate::ops;
use crate::store::contact_flows;
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::Read;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum ContactFlows {
    /// List the contact flows of an instance.
    List(List),
    /// Show a contact flow with its definition and the numbers that use it.
    Show(Show),
    /// Create a contact flow, which calls run through at once.
    Add(Add),
    /// Change a contact flow; what is not named stays as it is.
    Edit(Edit),
    /// Delete a contact flow that no number uses; with --force, any.
    Delete(Delete),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only flows whose name contains this text.
    #[arg(short, long, value_name = "TEXT")]
    query: Option<String>,
    /// Only flows of this type.
    #[arg(long = "type", value_parser = names::word_of::<FlowType>())]
    flow_type: Option<FlowType>,
    #[command(flatten)]
    paged: Paged,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// Its id.
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Debug, Args)]
pub(super) struct Add {
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
}

#[derive(Debug, Args)]
pub(super) struct Edit {
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
}

#[derive(Debug, Args)]
pub(super) struct Delete {
    /// Its id.
    #[arg(value_name = "ID")]
    id: String,
    /// Take it from the numbers that use it first.
    #[arg(long)]
    force: bool,
}

impl ContactFlows {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(options),
            Self::Show(command) => command.run(options),
            Self::Add(command) => command.run(options),
            Self::Edit(command) => command.run(options),
            Self::Delete(command) => command.run(options),
        }
    }
}

/// Reads a definition, without the line end that editors put behind it.
fn definition(path: &PathBuf) -> Result<String, Failure> {
    let name = path.display();
    let unreadable = |error| Failure::Usage(format!("{name} can't be read: {error}."));
    let mut read = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut read).map_err(unreadable)?;
    } else {
        read = std::fs::read_to_string(path).map_err(unreadable)?;
    }
    let definition = read.trim_end_matches(['\r', '\n']);
    text::check(definition, 0, LONGEST_DEFINITION).map_err(|fault| {
        Failure::Usage(format!("The definition in {name} is not valid: {fault}."))
    })?;
    Ok(definition.to_owned())
}

impl List {
    fn run(self, options: &Options) -> Result<(), Failure> {
        let Place { store, instance_id } = options.place()?;
        let filter = ContactFlowFilter {
            search_pattern: self.query,
            flow_type: self.flow_type,
            ..ContactFlowFilter::default()
        };
        let page = store
            .read(|tx| contact_flows::list(tx, &instance_id, &filter, self.paged.request()))?;
        let heading = ["CONTACT FLOW", "NAME", "TYPE", "PUBLISHED", "DESCRIPTION"];
        paged::print(options, self.paged.csv, page, &heading, |flow| {
            vec![
                flow.contact_flow_id.to_string(),
                flow.name.clone(),
                flow.flow_type.to_string(),
                if flow.published { "yes" } else { "no" }.to_owned(),
                flow.description.clone(),
            ]
        })
    }
}

impl Show {
    fn run(self, options: &Options) -> Result<(), Failure> {
        let Place { store, instance_id } = options.place()?;
        let id = ContactFlowId::new(self.id);
        let (flow, numbers) = store.read(|tx| {
            let flow = contact_flows::get(tx, &instance_id, &id)?;
            Ok::<_, Failure>((WholeContactFlow::from(flow), contact_flows::numbers(tx, &id)?))
        })?;
        output::value(options.json, &flow, |flow| {
            let brief = &flow.brief;
            let published = if brief.published { "published" } else { "not published" };
            let used = if numbers.is_empty() { "no number".to_owned() } else { numbers.join(", ") };
            let first = format!(
                "{} ({}), {published}, changed {}, used by {used}.",
                brief.name, brief.flow_type, brief.updated_at
            );
            let lines = [first.as_str(), &brief.description, &flow.definition];
            lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
        })
    }
}

impl Add {
    fn run(self, options: &Options) -> Result<(), Failure> {
        let Place { store, instance_id } = options.place()?;
        let definition = self.definition.as_ref().map(definition).transpose()?.unwrap_or_default();
        let name = self.name;
        let new = NewContactFlow {
            name: name.clone(),
            description: self.description.unwrap_or_default(),
            flow_type: self.flow_type,
            definition,
        };
        let editor = author().actor;
        let written = options
            .write(&store, move |tx| ops::contact_flows::create(tx, &instance_id, &new, &editor))?;
        written.print(
            options,
            |id| (json!({ "contact_flow_id": id }), format!("Contact flow {name} is made: {id}.")),
            &format!("Would make contact flow {name}."),
        )
    }
}

impl Edit {
    fn run(self, options: &Options) -> Result<(), Failure> {
        let Place { store, instance_id } = options.place()?;
        let Self { id, name, description, published, .. } = self;
        let definition = self.definition.as_ref().map(definition).transpose()?;
        let edit = ContactFlowEdit { name, description, definition, published };
        if edit.is_empty() {
            return Err(Failure::Usage(
                "Say what to change: --name, --description, --definition or --published."
                    .to_owned(),
            ));
        }
        let (edited, editor) = (ContactFlowId::new(id.as_str()), author().actor);
        let written = options.write(&store, move |tx| {
            ops::contact_flows::modify(tx, &instance_id, &edited, &edit, &editor)
        })?;
        written.print(
            options,
            |()| (json!({ "contact_flow_id": id }), format!("Contact flow {id} is changed.")),
            &format!("Would change contact flow {id}."),
        )
    }
}

impl Delete {
    fn run(self, options: &Options) -> Result<(), Failure> {
        let Place { store, instance_id } = options.place()?;
        let (id, force) = (self.id, self.force);
        let deleted = ContactFlowId::new(id.as_str());
        let written = options.write(&store, move |tx| {
            ops::contact_flows::delete(tx, &instance_id, &deleted, force)
        })?;
        written.print(
            options,
            |()| (json!({ "contact_flow_id": id }), format!("Contact flow {id} is deleted.")),
            &format!("Would delete contact flow {id}."),
        )
    }
}
