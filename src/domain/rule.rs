//! The rules that the schema keeps. The names are those behind `rule:` in the triggers' messages.

use super::word::words;

words! {
    /// A rule of the schema; see `migrations/V3__rules_of_numbers.sql` and those after it.
    Rule {
        /// A number that a skill group holds can't become personal, and a personal number can't be
        /// bound.
        BoundNumberIsNotPersonal = "bound_number_is_not_personal",
        /// In an exclusive instance at most one user holds a number; nobody holds one twice.
        PersonalNumberHasOneHolder = "personal_number_has_one_holder",
        /// The two sides of a relation belong to one instance.
        SameInstance = "same_instance",
        /// A ten-digit number beginning with 400 has usage Inbound.
        ServiceNumberIsInbound = "service_number_is_inbound",
        /// Only an Inbound or Bidirection number has a contact flow.
        ContactFlowNeedsInbound = "contact_flow_needs_inbound",
        /// A number that is cooling down or on hold is neither bound nor given to anybody but the
        /// user it is kept for, and only a free number is reserved.
        NumberIsReserved = "number_is_reserved",
        /// Two spellings of one number are not both in an instance, nor both in the pool.
        NumberExistsOnce = "number_exists_once",
        /// A new number has at least one digit.
        NumberHasADigit = "number_has_a_digit",
        /// An archived or locked user is given no numbers.
        HolderIsActive = "holder_is_active",
        /// Rows of the history are closed or added, never changed or deleted; none is in the
        /// future, and in an exclusive instance no two of one number overlap.
        HistoryIsKept = "history_is_kept",
        /// A row's key is neither taken by another row nor rewritten.
        RowKeepsItsKey = "row_keeps_its_key",
        /// A row that others refer to is not deleted.
        ReferencedRowIsKept = "referenced_row_is_kept",
        /// A number's state follows from who holds it.
        StateFollowsRelations = "state_follows_relations",
        /// Counters follow from the rows they count.
        CountersFollowRows = "counters_follow_rows",
        /// A user's id is made of the RAM user's login name and the instance.
        UserIsARamUser = "user_is_a_ram_user",
        /// Two users of an instance don't share an extension.
        ExtensionIsUnique = "extension_is_unique",
        /// The default callback number of a user is one of their own.
        SelectedCallbackNumberIsPersonal = "selected_callback_number_is_personal",
        /// People of the back office say why they change something, where the instance wants it.
        ReasonIsRequired = "reason_is_required",
        /// The account has one root.
        OneRoot = "one_root",
    }
}
