//! What every page knows: who is there, in which call centre, and what they may do.

use super::address::{is_inside, root};
use super::form::{body, composed, fields};
use super::guard::header;
use super::lists::address;
use super::reply::{self, Failure, FormFault};
use super::session::Person;
use super::texts::{Language, Texts};
use super::{Face, Route};
use crate::domain::history::{Holder, HolderKind};
use crate::domain::run::Run;
use crate::domain::text::LONGEST_REASON;
use crate::domain::{Error, InstanceAccess, InstanceId, PageRequest, Timestamp, text};
use crate::http::Answer;
use crate::http::Request;
use crate::ops::{access, runs};
use crate::store::{ReadTx, WriteTx, instances};
use askama::Template;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// How many call centres the menu lists.
const MENU: u64 = 100;

/// The frame around a page.
#[derive(Debug)]
pub(super) struct Chrome {
    pub(super) t: Texts,
    /// When the page is made.
    pub(super) now: Timestamp,
    pub(super) access: InstanceAccess,
    pub(super) instance_name: String,
    /// Whether no form may be sent without a reason.
    pub(super) reason_required: bool,
    /// The call centres of the person: id and name.
    pub(super) instances: Vec<(String, String)>,
    pub(super) login_name: String,
    pub(super) display_name: String,
    pub(super) shortcuts: bool,
    /// The address that those of the console begin with, such as `/console`.
    pub(super) root: String,
    /// The page's own address with its query, for forms that come back to it.
    pub(super) here: String,
    /// Whether the page answers a form, so that its address alone would show something else.
    pub(super) posted: bool,
    /// Whether only the region that depends on the filter is asked for.
    pub(super) fragment: bool,
}

impl Chrome {
    pub(super) fn new(
        tx: &ReadTx<'_>,
        t: Texts,
        person: &Person,
        access: InstanceAccess,
        request: &Request,
        path: &str,
    ) -> Result<Self, Error> {
        let page = PageRequest::first(MENU);
        let caller = &person.caller;
        let instances = instances::list_of_caller(tx, caller, page)?;
        let instance = instances::find(tx, &access.instance_id)?;
        let query = if request.query.is_empty() { "" } else { "?" };
        let root = root(request);
        Ok(Self {
            t,
            now: tx.now(),
            access,
            instance_name: instance.name,
            reason_required: instance.reason_required,
            instances: instances
                .rows
                .into_iter()
                .map(|i| (i.instance_id.to_string(), i.name))
                .collect(),
            login_name: caller.login_name.clone(),
            display_name: person.display_name.clone(),
            shortcuts: person.shortcuts,
            here: format!("{root}{path}{query}{}", request.query),
            root,
            posted: request.method == "POST",
            fragment: header(request, "x-region").is_some(),
        })
    }

    /// A page, or only its region that depends on the filter where no more is asked for.
    pub(super) fn page_or_region(
        &self,
        page: &impl Template,
        region: &impl Template,
    ) -> Result<Answer, Failure> {
        if self.fragment { reply::page(region) } else { reply::page(page) }
    }

    /// Whether an address that came with a request leads into the console.
    pub(super) fn is_inside(&self, address: &str) -> bool {
        is_inside(&self.root, address)
    }

    /// The address of a page of this call centre.
    pub(super) fn to(&self, page: &str) -> String {
        format!("{}/{}/{page}", self.root, self.access.instance_id)
    }

    pub(super) fn instance_id(&self) -> &InstanceId {
        &self.access.instance_id
    }

    pub(super) fn number(&self, number: &str) -> String {
        self.thing("numbers", number)
    }

    pub(super) fn user(&self, user_id: &str) -> String {
        self.thing("users", user_id)
    }

    pub(super) fn group(&self, skill_group_id: &str) -> String {
        self.thing("groups", skill_group_id)
    }

    pub(super) fn request(&self, request_id: &str) -> String {
        self.thing("requests", request_id)
    }

    fn thing(&self, list: &str, id: &str) -> String {
        let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
        self.to(&format!("{list}/{id}"))
    }

    /// The changes of a number, a person or a group.
    pub(super) fn changes(&self, kind: &str, id: &str) -> String {
        address(&self.to("changes"), &[(kind, id)])
    }

    /// All numbers of a person or a group. The state tells apart those whose ids are the same.
    pub(super) fn numbers_of(&self, state: &str, id: &str) -> String {
        address(&self.to("numbers"), &[("holder", id), ("state", state)])
    }

    /// The page of who holds a number.
    pub(super) fn holder(&self, holder: &Holder) -> String {
        match holder.kind {
            HolderKind::User => self.user(&holder.id),
            HolderKind::SkillGroup => self.group(&holder.id),
        }
    }

    /// An id of this call centre, from an id or from its part before the `@`.
    pub(super) fn whole_id(&self, text: &str) -> String {
        self.instance_id().qualify(text.trim())
    }

    /// What the person is called.
    pub(super) fn name(&self) -> &str {
        if self.display_name.is_empty() { &self.login_name } else { &self.display_name }
    }

    pub(super) fn other_languages(&self) -> impl Iterator<Item = Language> {
        let own = self.t.language;
        Language::ALL.into_iter().filter(move |language| *language != own)
    }
}

/// The reason of any form.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    reason: String,
}

/// One request, from a person who was let in.
pub(super) struct Visit<'a> {
    pub(super) face: &'a Face,
    pub(super) chrome: Chrome,
    pub(super) person: Person,
    pub(super) route: &'static Route,
    /// The parameter of the address; empty if it has none.
    pub(super) parameter: String,
    pub(super) request: &'a Request,
}

impl Visit<'_> {
    pub(super) fn instance_id(&self) -> &InstanceId {
        self.chrome.instance_id()
    }

    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        fields(self.chrome.t, self.request.query.as_bytes())
    }

    /// What the form says, or for GET the query.
    pub(super) fn fields<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if self.request.method == "POST" { self.form() } else { self.query() }
    }

    /// What the form says, composed; a form with a password is read by
    /// [`form`](super::form::form), as it was typed.
    pub(super) fn form<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let t = self.chrome.t;
        fields(t, &composed(body(t, self.request)?))
    }

    /// Changes something in one write transaction. Whether the person may is looked at in there
    /// again, since it may have changed while they filled in the form.
    ///
    /// # Errors
    /// [`Failure::BadFields`] for a reason that is too long or holds control characters.
    pub(super) fn write<T: Send + 'static>(
        &self,
        reason: &str,
        act: impl FnOnce(&WriteTx<'_>, &InstanceAccess) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Failure> {
        text::free(reason, 0, LONGEST_REASON).map_err(|fault| {
            let said = self.chrome.t.free_text("reason", fault);
            Failure::BadFields(vec![FormFault { field: "reason", said }])
        })?;
        let author = self.person.author(&self.request.request_id, reason);
        Ok(self.face.store.write(author, self.entering(act))?)
    }

    /// An act, for a person who may do it.
    fn entering<T, A>(
        &self,
        act: A,
    ) -> impl FnOnce(&WriteTx<'_>) -> Result<T, Error> + Send + use<T, A> + 'static
    where
        A: FnOnce(&WriteTx<'_>, &InstanceAccess) -> Result<T, Error> + Send + 'static,
    {
        let (caller, instance_id) = (self.person.caller.clone(), self.instance_id().clone());
        let needed = self.route.act;
        move |tx| act(tx, &access::enter(tx, &caller, &instance_id, needed)?)
    }

    /// Saves what a form says. `act` returns `false` when somebody else has changed it since the
    /// form was opened. Returns the status and the faults with which the form is shown again, if it
    /// is not saved; there are none for what somebody else has changed.
    pub(super) fn save<E: Send + 'static>(
        &self,
        reason: &str,
        edit: Result<E, Failure>,
        act: impl FnOnce(&WriteTx<'_>, &InstanceAccess, E) -> Result<bool, Error> + Send + 'static,
    ) -> Result<Option<(u16, Vec<FormFault>)>, Failure> {
        let saved =
            edit.and_then(|edit| self.write(reason, move |tx, access| act(tx, access, edit)));
        match saved {
            Ok(true) => Ok(None),
            Ok(false) => Ok(Some((412, Vec::new()))),
            Err(failure) => failure.faults(&self.chrome).map(Some),
        }
    }

    /// Lets a run be done in the background, as this person, and shows how far it is.
    pub(super) fn drive(&self, run: &Run, reason: &str) -> Answer {
        let author = self.person.author(&run.request_id, reason);
        runs::in_background(&self.face.store, author, self.person.caller.clone());
        self.see(&format!("requests/{}", run.request_id))
    }

    /// Shows what this request has done, with what `said` adds to the address.
    pub(super) fn done(&self, said: &[(&str, String)]) -> Answer {
        let query = serde_html_form::to_string(said).unwrap_or_default();
        self.see(&format!("requests/{}?{query}", self.request.request_id))
    }

    /// A page that is read from the store, as what became of a form.
    pub(super) fn again(
        &self,
        status: u16,
        page: impl FnOnce(&ReadTx<'_>) -> Result<Answer, Failure>,
    ) -> Result<Answer, Failure> {
        Ok(Answer { status, ..self.face.store.read(page)? })
    }

    /// Like [`Self::write`], but taken back at the end: what a preview shows.
    pub(super) fn rehearse<T: Send + 'static>(
        &self,
        act: impl FnOnce(&WriteTx<'_>, &InstanceAccess) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Failure> {
        // What was not typed is asked for beside the preview.
        let typed = self.fields::<Typed>().unwrap_or_default().reason;
        let reason = match text::check(&typed, 0, LONGEST_REASON) {
            Ok(()) if !typed.trim().is_empty() => typed.as_str(),
            _ if self.chrome.reason_required => "…",
            _ => "",
        };
        let author = self.person.author(&self.request.request_id, reason);
        Ok(self.face.store.rehearse(author, self.entering(act))?)
    }

    /// Sends the browser to a page of this call centre.
    pub(super) fn see(&self, page: &str) -> Answer {
        reply::see(self.chrome.to(page))
    }
}
