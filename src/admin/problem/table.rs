//! Every type of problem that the admin API answers: one row each, with HTTP status and title, as
//! RFC 9457 has them.

use crate::domain::words;

/// Declares the types of problem: variant, status, name in the address, title, and what to do.
macro_rules! problems {
    ($($variant:ident $status:literal $name:tt $title:literal $explanation:literal,)*) => {
        words! {
            /// A type of problem.
            ProblemType { $(#[doc = $title] $variant = $name,)* }
        }

        impl ProblemType {
            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// What it is called; the same every time.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What it means and what to do, for the page at its address.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

problems! {
    MalformedRequest        400 "malformed-request" "The request can't be read" "Its path, query or headers hold something that can't be used, or its body is not valid JSON. `errors` names each place. Unknown query parameters are refused, so that a misspelt filter doesn't silently mean no filter.",
    AuthenticationRequired  401 "authentication-required" "An API token is required" "Send `Authorization: Bearer` and an API token that has neither expired nor been revoked. `numberd token create` makes one.",
    RoleNotAllowed          403 "role-not-allowed" "The role does not allow it" "Your role in the instance does not allow this. docs/roles.md lists who may do what.",
    NoSuchAddress           404 "no-such-address" "No such address" "Nothing is at this address. /docs lists every address.",
    InstanceNotFound        404 "instance-not-found" "No such instance" "The instance does not exist, or you do not belong to it; we do not reveal which.",
    NumberNotFound          404 "number-not-found" "No such number" "The instance does not have the number.",
    UserNotFound            404 "user-not-found" "No such user" "The instance does not have the user.",
    SkillGroupNotFound      404 "skill-group-not-found" "No such skill group" "The instance does not have the skill group.",
    ContactFlowNotFound     404 "contact-flow-not-found" "No such contact flow" "The instance does not have the contact flow.",
    LoginNotFound           404 "login-not-found" "No such login" "The account does not have the RAM user.",
    ChangeNotFound          404 "change-not-found" "No such change" "The change log of the instance does not have the change or the request.",
    ImportNotFound          404 "import-not-found" "No such import" "The instance has no such preview. It may be a day old, or ten newer ones of the same person have taken its place; send the file again.",
    AssignmentNotFound      404 "assignment-not-found" "The user does not hold the number" "Both exist, but the number is not personal to the user.",
    BindingNotFound         404 "binding-not-found" "The skill group does not hold the number" "Both exist, but the number is not bound to the skill group.",
    ReservationNotFound     404 "reservation-not-found" "The number is not reserved" "The number exists, but neither a hold nor a cool-down keeps it.",
    MembershipNotFound      404 "membership-not-found" "The user is not in the skill group" "Both exist, but the user is not a member.",
    MethodNotAllowed        405 "method-not-allowed" "The address does not take this method" "The header `Allow` lists the methods that it takes.",
    BodyTooSlow             408 "body-too-slow" "The body did not arrive in time" "A body must arrive within ten seconds.",
    NumberHeldBySkillGroup  409 "number-held-by-skill-group" "A skill group holds the number" "A bound number can't become personal. `blocked_by` names the skill groups; unbind it from them first.",
    NumberHeldByUser        409 "number-held-by-user" "A user holds the number" "A personal number can't be bound, and in an exclusive instance it has one holder. `blocked_by` names the users; release it from them first.",
    NumberIsReserved        409 "number-is-reserved" "The number is reserved" "It is cooling down since its release, or on hold. `detail` says for whom and until when. Wait until then, end the reservation, or give the number to that user.",
    HolderNotActive         409 "holder-not-active" "The user is archived or locked" "An archived or locked user can't be given numbers. Activate or unlock the user first, or choose another.",
    ServiceNumberIsInbound  409 "service-number-is-inbound" "A service number is Inbound" "A number of ten digits that begins with 400 receives calls and makes none, so its usage is Inbound.",
    ContactFlowNeedsInbound 409 "contact-flow-needs-inbound" "A contact flow needs incoming calls" "Only a number of usage Inbound or Bidirection can have a contact flow.",
    StillReferredTo         409 "still-referred-to" "It is still in use" "Other things still refer to it. Remove them first, or use `force` where the operation has it.",
    SkillGroupInUse         409 "skill-group-in-use" "The skill group is in use" "It holds numbers or has members. Take them out first, or delete it with `force=true`.",
    LastAdmin               409 "last-admin" "The instance needs an Admin" "The last Admin of an instance who is neither archived nor locked can't be removed, archived, locked or given another role. Make another user Admin first.",
    OwnUser                 409 "own-user" "Nobody can remove themselves" "You can't remove your own user. Another Admin, or the account's root, can.",
    InstanceExists          409 "instance-exists" "The instance already exists" "Choose another id. The id of an instance that was given up stays taken.",
    UserExists              409 "user-exists" "The user already exists" "The user already belongs to the instance.",
    LoginExists             409 "login-exists" "The login already exists" "Choose another name.",
    ExtensionTaken          409 "extension-taken" "Another user has the extension" "Users of an instance don't share extensions. Choose another one.",
    SkillGroupExists        409 "skill-group-exists" "The skill group already exists" "Choose another name.",
    NumberExists            409 "number-exists" "The number already exists" "The account already has the number, perhaps in another spelling; the detail says which.",
    IdempotencyKeyInUse     409 "idempotency-key-in-use" "A request with this key is still running" "Wait for its response, then repeat the request to get the same.",
    IdempotencyKeysFull     409 "idempotency-keys-full" "Too many answers are kept for your keys" "The answers to requests with an Idempotency-Key are kept for 24 hours, up to 32 MiB for each login. Nothing was changed. Send the request without a key, in smaller parts, or tomorrow.",
    BatchRefused            409 "batch-refused" "Items of the batch were refused" "The batch was all or nothing, so nothing was changed. `report` lists every item in order, with what blocks each one that was refused. Leave those out, free them, or send `mode` `best_effort`.",
    SelectionChanged        409 "selection-changed" "The selection is not that of the dry run" "The query selects other numbers now, or some of them have changed since the dry run, so nothing was changed. The detail names what changed. Make the dry run again, look at it, and send its `selection`.",
    ImportChanged           409 "import-changed" "Something has changed since the preview" "Something that the file is about has changed since the preview, or `plan` is not that of the preview, so nothing was changed. Send the file again, and look at what it would do now.",
    ImportApplied           409 "import-applied" "The import was applied already" "A preview is applied once. `detail` names the request that did it, by which it can be undone.",
    ImportHasFaults         409 "import-has-faults" "Some lines can't be imported" "Nothing was changed. Correct the lines (`…/bad-lines` has them as a file) and send the file again, or apply it with `best_effort`.",
    UndoRefused             409 "undo-refused" "The undo was refused" "Something newer blocks it, and the undo was all or nothing, so nothing was changed. `report` lists every row, with what blocks each one that was refused. Undo what is newer first, or send `mode` `best_effort`.",
    UndoUnderWay            409 "undo-under-way" "The request is being undone already" "An undo of the request is under way, and a second one, or a dry run of it, would see only what is left. `detail` names the run; follow it, or stop it first.",
    BackupFailed            409 "backup-failed" "The backup failed" "The backup could not be written, or was damaged; the detail says why. No partial file is left behind.",
    VersionIsStale          412 "version-is-stale" "Somebody else changed it" "What you read has a newer version, so nothing was changed. Read it again, look at what is new, and send your change with the new ETag.",
    BodyTooLarge            413 "body-too-large" "The body is too large" "A body has at most 256 KiB, a file 10 MiB.",
    NotAFile                415 "not-a-file" "The body is not a file" "Send the file as the body, labelled `text/csv`, `application/vnd.openxmlformats-officedocument.spreadsheetml.sheet` or `application/octet-stream` and not compressed, or as the one file of a form, `multipart/form-data`.",
    NotJson                 415 "not-json" "The body is not JSON" "Send `Content-Type: application/json`.",
    FileUnreadable          422 "file-unreadable" "The file can't be read" "It is not a spreadsheet of such a list, or it is too large; `detail` says why. Nothing was changed.",
    FieldsInvalid           422 "fields-invalid" "Fields can't be used" "`errors` names every field that is wrong, and why. Unknown fields are refused.",
    ReasonRequired          422 "reason-required" "A reason is required" "The instance requires a reason for every change. Send the header `X-Change-Reason`, or `reason` in the body.",
    IdempotencyKeyReused    422 "idempotency-key-reused" "The key was used for another request" "An Idempotency-Key belongs to one request; use a new key for another.",
    VersionRequired         428 "version-required" "If-Match is required" "Send the ETag of what you read as `If-Match`, so that you don't undo what somebody else has changed since.",
    TooManyAttempts         429 "too-many-attempts" "Too many tokens that can't be used" "Requests with wrong tokens are limited for each address. A valid token is still served; after a wrong one, wait for the time in `Retry-After`.",
    Internal                500 "internal" "The server failed" "The fault is the server's; its log has the reason under this request's id.",
    Unavailable             503 "unavailable" "The database can't be written now" "Nothing was changed. Try again after the time in `Retry-After`.",
}
