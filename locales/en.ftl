### The console in English. Both files have the same messages with the same arguments; a test compares them.

## The frame
nav-label = Console
skip-to-content = Skip to the content
today = Today
numbers = Numbers
users = People
groups = Groups
changes = Changes
settings = Settings
palette-open = Go to
palette-label = Any number, person, group or page
nothing-found = Nothing found
logout = Log out
shortcuts-off = Switch single-letter keys off
shortcuts-on = Switch single-letter keys on
request-failed = The server could not be reached. What is shown may be out of date.
close = Close
cancel = Cancel
save = Save
saved = Saved.
edit = Edit
show = Show
back = Back
none = (none)
nobody = Nobody
search = Search
action = Action
preview = Preview
reason = Reason
name = Name
what = What
why = Why
from = From
until = Until
otherwise = Or choose again
today-now = now
role-Admin = Admin
role-Manager = Manager
role-Agent = Agent
role-Root = Root

## Logging in
login-title = Log in
login-intro = The call centre's numbers: who has what, what is free.
login-name = Login name
login-password = Password
login-submit = Log in
login-help = No password yet? An administrator sets one on your page in the console, or with numberd password set.
login-refused = The login name or the password is wrong.
login-too-often = Too many failed attempts. Wait a moment and try again.
login-session-ended = Your session ended. Log in, and you can send again what you typed.
login-cookie-lost = The password was right, but your browser did not keep the session: { $host } is not reached over HTTPS. Open the console through HTTPS, or on the server itself at http://127.0.0.1 or http://localhost.
resend-title = Welcome back
resend-detail = What you had typed when the session ended is kept. Nothing has been done with it yet.
resend-submit = Send it again
resend-drop = Discard it and start again
password-change = Change the password
password-reset = Set a new password
password-present = Current password
password-new = New password
password-again = New password, again
password-length = 8 to 64 characters.
password-wrong = The current password is wrong.
password-differs = The two new passwords differ.
password-done = The password is changed. Other sessions have ended.

## Errors
error-home = To the first page
error-request = Request { $id }
error-400 = Something has to be corrected
error-403 = Not allowed
error-403-detail = Your role in this call centre does not allow this.
error-404 = Not found
error-404-detail = There is no page at this address.
error-409 = A rule stands in the way
error-500 = Something went wrong
error-500-detail = The fault is the program's, not yours. Nothing was changed. The server's log has the details under the request's id.
error-503 = The database can't be written just now
error-origin = This form did not come from the console
error-origin-detail = Another page sent it, so nothing was done. Open the console and try again.
error-no-instance = No call centre
error-no-instance-detail = Your login belongs to no call centre yet. An administrator can add you to one. The account's first call centre is made with `numberd instances create ID`.

## Why something can't be done
about = { $subject }: { $said }
field-wrong = { $field } can't be { $value }.
form-faults = { $count ->
    [one] { $count } field has to be corrected:
   *[other] { $count } fields have to be corrected:
}
form-unreadable = The form did not arrive complete. Go back, reload the page and send it again.
text-character = It must not contain control or direction characters; it contains { $code }.
text-length = It must have { $least } to { $most } characters, not { $count }.
not-a-phone-number = { $text } is not a phone number: 2 to 32 characters of digits, *, #, -, x and a leading +, with at least one digit.
not-a-login-name = { $text } is not a login name: 1 to 64 ASCII letters, digits, dots, hyphens and underscores.
not-an-e-mail-address = { $text } is not an e-mail address: at most 254 characters, no blanks, and something on both sides of its @.
not-a-skill-group-name = { $text } is not a short name of a group: an ASCII letter, then at most 63 ASCII letters, digits, underscores and hyphens.
not-an-extension = { $text } is not an extension: at most 32 digits.
range-no-digits = { $first } does not end in digits, so there is nothing to count.
range-lengths = { $first } and { $last } differ in length.
range-prefixes = { $first } and { $last } differ before the digits that are counted.
range-backwards = { $last } comes before { $first }.
range-size = A range has 1 to { $most } numbers, not { $count }.
range-overflow = { $count } numbers from { $first } on would need another digit.
missing-instance = There is no call centre { $id }, or you do not belong to it.
missing-user = The call centre has nobody called { $id }.
missing-skill-group = The call centre has no group { $id }.
missing-number = The call centre has no number { $id }.
missing-role = There is no role { $id }.
missing-contact-flow = The call centre has no contact flow { $id }.
missing-credential = There is no credential { $id }.
missing-run = There is no run { $id } here.
missing-change = There is no change { $id } here.
missing-import = The preview { $id } is no longer kept. Send the file again.
missing-holder = No person and no group is called { $name }.
missing-membership = { $user } is not in the group { $group }.
missing-archived = { $what } It may be in the archives of the log, of which the last is { $file }.
existing-instance = There is a call centre { $id } already.
existing-given-up = The call centre { $id } was given up, and its id stays taken; undoing the request { $request } brings it back.
existing-user = { $id } is in the call centre already.
existing-login = The login name { $id } is taken.
existing-skill-group = There is a group { $id } already.
existing-number = The number { $id } is there already.
existing-spelling = The number { $id } is there already, as { $there }.
existing-undo = The request { $id } is being undone already, by the request { $run }: follow that on its page, or stop it there first.
skill-group-in-use = The group { $id } still has numbers or members.
last-admin = The call centre would be left without an admin. Make somebody else an admin first.
same-number = { $number } can't be swapped with itself. Choose another number.
own-user = Nobody can remove themselves. Ask another admin.
unavailable-busy = Another program is writing. Nothing was changed; try again in a moment.
unavailable-disk-full = The disk is full. Nothing was changed; everything can still be read.
unavailable-read-only = The database is read-only. Nothing was changed; everything can still be read.
unavailable-disk = The disk failed. Nothing was changed.
rule-bound-number-is-not-personal = A number is either in a group or personal. Unbind it or take it back first.
rule-personal-number-has-one-holder = Here a number has one holder, and somebody holds it already. Take it back first.
rule-same-instance = It does not belong to this call centre.
rule-service-number-is-inbound = A 400 number is for incoming calls only.
rule-contact-flow-needs-inbound = Only a number for incoming calls can have a contact flow.
rule-number-is-reserved = Only a free number can be kept, and one that is kept goes to nobody else. End that first.
rule-number-exists-once = The same number is there already, in another spelling.
rule-number-has-a-digit = A number needs at least one digit.
rule-holder-is-active = The person is archived or locked and gets no numbers. Make them active first.
rule-history-is-kept = History is added to, never changed.
rule-row-keeps-its-key = It is there already, or its id would change.
rule-referenced-row-is-kept = It is still in use. Take away what uses it first.
rule-state-follows-relations = A number's state follows from who holds it.
rule-counters-follow-rows = Counts follow from what they count.
rule-user-is-a-ram-user = A person's id follows from their login name.
rule-extension-is-unique = Somebody else has this extension.
rule-selected-callback-number-is-personal = The default callback number has to be one of the person's own.
rule-reason-is-required = This call centre requires a reason for every change.
rule-one-root = The account has its root already.

## Numbers
number = Number
state = State
holder = Holder
since = Since
since-label = since
city = City
province = Province
usage = Usage
tags = Tags
active = Can be used
provider = Provider
note = Note
contact-flow = Contact flow
contact_flow = Contact flow
skill_group = Group
tag = Tag
callback-name = Name for callback
usage-Inbound = Incoming
usage-Outbound = Outgoing
usage-Bidirection = Both ways
usage-standard = As the number suggests
state-free = Free
state-bound = In a group
state-personal = Personal
inactive = Out of use
active-true = In use
active-false = Out of use
narrow = Filter
filtered-by = Filtered by
printed-at = printed
filter-clear = Clear all filters
search-numbers = Search numbers
too-many-words = The search must have at most { $most } words, not { $count }.
search-numbers-hint = Number, person, group, city, tag; …88 for numbers that end in 88
numbers-found = { $count ->
    [one] { $count } number
   *[other] { $count } numbers
}
numbers-count = { $count ->
    [one] { $count } number
   *[other] { $count } numbers
}
numbers-in-list = Show them in the list of numbers
numbers-none = There are no numbers here yet. Add some.
numbers-none-match = No number matches. Clear a filter or search for less.
export = Export
export-csv = CSV file
export-xlsx = Excel file, XLSX
select-page = Select this page
with-selected = With the selected numbers
selected-template = 0 selected
all-matching = { $count ->
    [one] the { $count } that matches
   *[other] all { $count } that match
}
selection-clear = Clear
action-assign = Give to
action-release = Take back
action-transfer = Transfer to
action-bind = Bind to group
action-unbind = Unbind
to-whom = Person
to-group = Group
pages = Pages of the list
rows-shown = { $first }–{ $last } of { $total }
page-back = Back
page-on = Next
page-of = Page { $page } of { $pages }
what-to-do = What to do with it
who-had-it = Who had it?
who-had-it-on = At
nobody-then = Nobody had it then.
moment-wrong = "{ $value }" is not a moment, or it is in the future. Write it as 2026-03-03 15:10.
timeline = Timeline
log-archived = Changes 1 to { $last } have left the log and are in archives, the last of them in { $file }. They were made before
timeline-empty = Nothing has happened yet.
given-by = given by { $actor }
taken-by = taken back by { $actor }
edit-number = Edit { $number }
tags-hint = Words separated by spaces.
stale = Somebody else changed this while you were typing. Your input is kept; saving it now overwrites what they did:
add-numbers = Add numbers
add-label = Numbers
add-hint = One to a line, or a range as 02855501000-02855501099.
add-place-hint = Empty: what the area code says, where it is of one city only.
add-none = Enter at least one number.
add-stale = The form says something else than its preview did, so nothing was added. This is what it would add now.
add-too-many = { $count } numbers are more than can be added at once, at most { $most }.
add-would = { $count ->
    [one] { $count } number would be added
   *[other] { $count } numbers would be added
}
add-apply = { $count ->
    [one] Add { $count } number
   *[other] Add { $count } numbers
}

## Importing
import = Import
import-what = What is in the file?
import-mode = An empty cell
import-mode-merge = leaves the value as it is
import-mode-overwrite = empties the value
import-duplicates = What is there already
import-duplicates-update = is changed to what the file says
import-duplicates-skip = stays as it is
import-duplicates-fail = is refused
import-file = File
import-hint = XLSX or CSV, with the columns of the export: at most 10 MiB and 50,000 lines. First you see what it would do.
import-templates = No file yet? Take an empty one and fill it in:
import-preview = What the file would do
import-new = { $count ->
    [one] { $count } new
   *[other] { $count } new
}
import-changing = { $count ->
    [one] { $count } would change
   *[other] { $count } would change
}
import-same = { $count ->
    [one] { $count } unchanged
   *[other] { $count } unchanged
}
import-skipped = { $count ->
    [one] { $count } skipped
   *[other] { $count } skipped
}
import-refused = { $count ->
    [one] { $count } line can't be imported
   *[other] { $count } lines can't be imported
}
import-ignored = Columns that are not imported
import-apply = { $count ->
    [one] Import { $count } line
   *[other] Import { $count } lines
}
import-apply-others = { $count ->
    [one] Import the other line
   *[other] Import the { $count } other lines
}
import-again = Send another file
import-applied = It was imported.
import-faults = Lines that can't be imported
import-mend = Correct them in your file, or download the bad lines, correct those and send them.
import-bad-lines = Bad lines as CSV
import-lines = Lines that change something
import-line = Line
import-line-new = new
import-line-changed = changed
import-column = Column
import-value = Value
import-already = It was imported already; nothing was done again.
import-has-faults = { $count ->
    [one] { $count } line can't be imported. Nothing was changed.
   *[other] { $count } lines can't be imported. Nothing was changed.
}
import-other-plan = The form belongs to another preview. Nothing was changed.
import-changed = Something changed since the preview, so nothing was done: { $what }. Send the file again to see what it would do now.

## Preview and result
preview-assign = { $count ->
    [one] Give { $count } number to { $target }
   *[other] Give { $count } numbers to { $target }
}
preview-release = { $count ->
    [one] Take { $count } number back
   *[other] Take { $count } numbers back
}
preview-transfer = { $count ->
    [one] Transfer { $count } number to { $target }
   *[other] Transfer { $count } numbers to { $target }
}
preview-bind = { $count ->
    [one] Bind { $count } number to { $target }
   *[other] Bind { $count } numbers to { $target }
}
preview-unbind = { $count ->
    [one] Unbind { $count } number
   *[other] Unbind { $count } numbers
}
preview-done = { $count ->
    [one] { $count } would change
   *[other] { $count } would change
}
preview-unchanged = { $count ->
    [one] { $count } already so
   *[other] { $count } already so
}
preview-refused = { $count ->
    [one] { $count } refused
   *[other] { $count } refused
}
preview-stale = { $count ->
    [0] The selection is no longer what you saw. This is how it looks now; nothing has been done.
    [one] { $count } of these numbers changed meanwhile. This is how it looks now; nothing has been done.
   *[other] { $count } of these numbers changed meanwhile. This is how it looks now; nothing has been done.
}
preview-how = What happens to the others?
preview-all-or-nothing = All or nothing
preview-best-effort = { $count ->
    [one] Change the { $count } that can be
   *[other] Change the { $count } that can be
}
preview-apply = Apply
preview-nothing = Nothing would change.
preview-hidden = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
outcome = Outcome
outcome-done = would change
outcome-unchanged = already so
outcome-refused = refused
before = Now
after = Afterwards
result-done = { $count ->
    [0] Nothing changed
    [one] Done: { $count } change
   *[other] Done: { $count } changes
}
preview-untried = { $count ->
    [one] The first { $tried } were tried; { $count } more will be done in steps that you can follow.
   *[other] The first { $tried } were tried; { $count } more will be done in steps that you can follow.
}
run-running = Being done
run-stopped = Stopped
run-ended = Finished
run-done = { $count ->
    [one] { $count } of { $total } done
   *[other] { $count } of { $total } done
}
run-listing = { $count ->
    [one] { $count } change is listed so far, and nothing is done yet
   *[other] { $count } changes are listed so far, and nothing is done yet
}
run-stop = Stop
run-continue = Continue
run-continue-best-effort = Continue, skipping what is refused
run-asked-to-stop = It was asked to stop.
run-batch = A batch of { $count }
run-add = { $count } numbers added
run-remove = { $count } numbers taken out
run-import = An import of { $count } lines
run-adopt = { $count } things taken over from a vendor
run-undone = It was undone.
run-undo = Undoing { $count } changes
run-line = line { $line }
run-change = change { $change }
run-archived = What it was to undo has been archived: it is no longer in the change log.
run-cut-off = It was cut off, for instance because the server was stopped. It can continue where it stopped.
run-may-no-longer = The person who started or continued it may no longer do it. Somebody who may do it can continue it.
run-failed = It failed. The server's log says why.
why-not-found = It is not there.
why-changed-since = It is no longer as it was then: somebody changed it since, or it was undone already.
why-changed-since-held = It is no longer as it was then: { $holders } has it now.
why-still-in-use = It is still in use.
why-already-exists = It is there already.
why-not-in-instance = It does not belong to this call centre.
why-extension-taken = Somebody else has this extension.
why-contact-flow-needs-inbound = Only a number for incoming calls can have a contact flow.
why-selected-number-not-held = The default callback number has to be one of the person's own.
why-history-is-kept = History is added to, never changed.
why-not-undoable = Changes of this kind can't be undone.
why-rule-broken = A rule of the call centre does not allow it.
why-number-is-reserved = It is on hold or cooling down.
why-number-not-found = The call centre does not have this number.
why-user-not-found = The call centre does not have this person.
why-skill-group-not-found = The call centre does not have this group.
why-number-held-by-skill-group = In the group { $holders }
why-number-held-by-user = { $holders } has it
why-number-held-already = Already theirs
why-holder-not-active = The user is archived or locked
why-number-not-held = They do not have it.
why-number-taken = The account has this number elsewhere.
why-number-has-contact-flow = It has a contact flow.
why-service-number-is-inbound = A 400 number is for incoming calls only.
why-credential-not-undone = Credentials and passwords are not undone.

## People
user = Person
login = Login
role = Role
role-any = Any role
extension = Extension
email = E-mail
mobile = Mobile
nickname = Nickname
display-id = Display id
work-mode = Work mode
work-mode-ON-SITE = On site
work-mode-OFF-SITE = Off site
work-mode-OFFICE-PHONE = Office phone
archived = Archived
locked = Locked
search-users = Name, login, extension, e-mail …
users-found = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
users-none = Nobody matches.
add-user = Add a person
login-name-hint = 1 to 64 ASCII letters, digits, dots, hyphens and underscores; it can't be changed later.
joiner-hint = Somebody who has a login already, such as in another call centre, keeps it with its name and addresses.
joiner-count = How many numbers
joiner-count-hint = The preview suggests free numbers near those of the groups, the longest unused first; there you can choose others.
joiner-count-wrong = It must be a whole number from 0 to { $most }.
joiner-new = A login { $login } is made for { $name }, without a password
joiner-known = There is a login { $login } already, of { $name }: it is used as it is
joiner-becomes = { $user } joins as { $role }
joiner-suggested = Numbers that suit them
joiner-stale = Something changed since the preview, so nothing was done. This is how it would be now.
edit-user = Edit { $name }
user-numbers = { $count ->
    [0] No numbers
    [one] { $count } number
   *[other] { $count } numbers
}
user-numbers-all = All { $count } in the list of numbers
timeline-newest = The newest { $count } of { $total }. All changes has the others.
user-numbers-none = This person has no number yet.
user-groups = Groups
user-groups-none = In no group.
level = level { $level }
level-label = Level
level-range = A level is a number from 1, the strongest, to 10.
transfer-selected = Transfer selected
take-back-selected = Take back selected
give-numbers = Give numbers
give-preview = Give: preview
search-candidates = Part of a number
show-blocked = also those that can't be given
candidates-none = No number is free.
candidates-none-match = No number that can be given matches.
free-release = Take back
free-unbind = Unbind
leaver = Leaves …
leaver-title = { $name } leaves
leaver-numbers = { $count ->
    [0] They have no number.
    [one] They have { $count } number.
   *[other] They have { $count } numbers.
}
leaver-groups = { $count ->
    [0] They are in no group.
    [one] They are in { $count } group.
   *[other] They are in { $count } groups.
}
leaver-to = Who gets the numbers?
leaver-to-hint = Leave it empty and the numbers become free.
leaver-several = To give them to several colleagues, first transfer some on the person's page.
leaver-self = The numbers can't go to the person who leaves.
leaver-remove = Remove the person from the call centre
leaver-will-free = { $count ->
    [one] { $count } number becomes free
   *[other] { $count } numbers become free
}
leaver-will-hand-over = { $count ->
    [one] { $count } number goes to { $target }
   *[other] { $count } numbers go to { $target }
}
leaver-will-remove = { $name } is removed; the login and the history stay
leaver-will-leave = They leave the groups: { $groups }
leaver-too-many = They have more than { $most } numbers: hand these over or take them back first, and remove the person afterwards.
leaver-stale = Their numbers changed meanwhile, so nothing was done. This is how it would be now.

## Groups
group = Group
members = Members
short-name = Short name
short-name-hint = An ASCII letter, then ASCII letters, digits, underscores and hyphens. It is part of the id and can't be changed later.
description = Description
search-groups = Name
groups-found = { $count ->
    [one] { $count } group
   *[other] { $count } groups
}
groups-none = No group matches.
add-group = Add a group
group-numbers = { $count ->
    [0] No numbers
    [one] { $count } number
   *[other] { $count } numbers
}
group-numbers-none = No number is bound to this group.
group-members = { $count ->
    [0] No members
    [one] { $count } member
   *[other] { $count } members
}
group-members-none = Nobody is in this group.
bind-one = Bind
bind-more = Bind several …
unbind-selected = Unbind selected
member-add = Person
member-add-button = Add
member-remove = Remove selected
members-nobody = Name at least one person.

## Today and changes
free-by-city = Numbers by city
as-table = As a table
last-changes = Last changes
all-changes = All changes
changes-none = No changes.
changes-none-match = No change fits. A number has to be whole: take it from the list while you type.
day-wrong = { $value } is not a day. Write it as 2026-03-03.
changes-newest = Newest
changes-older = Older
deed-more-at-least = and at least { $count } more
request-nothing = Nothing was changed
actor = By
via = Through
via-any = Any way
via-console = Console
via-cli = Command line
via-admin = Admin API
via-ccc = Alibaba client
via-vcc = Vonage client
via-sql = Edited by hand
deed-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
deed-open = Details
undo = Undo …
undo-title = { $count ->
    [one] Undo { $count } change?
   *[other] Undo { $count } changes?
}
undo-was = What was done
undo-by = What takes it back
undo-refused = { $count ->
    [one] { $count } can't be undone; the reason is beside it.
   *[other] { $count } can't be undone; the reasons are beside them.
}
undo-apply = { $count ->
    [one] Undo { $count }
   *[other] Undo { $count }
}
change-personal-assignment-insert = { $number } given to { $user }
change-personal-assignment-update = { $number } taken back from { $user }
change-skill-group-number-insert = { $number } bound to { $group }
change-skill-group-number-delete = { $number } unbound from { $group }
change-skill-group-member-insert = { $user } joined { $group }
change-skill-group-member-update = { $user } in { $group }: { $fields }
change-skill-group-member-delete = { $user } left { $group }
change-phone-number-insert = { $number } added
change-phone-number-update = { $number }: { $fields }
change-phone-number-delete = { $number } removed
change-user-insert = { $user } added
change-user-update = { $user }: { $fields }
change-user-delete = { $user } removed
change-skill-group-insert = Group { $group } created
change-skill-group-update = Group { $group }: { $fields }
change-skill-group-delete = Group { $group } deleted
change-instance-insert = Call centre { $name } created
change-instance-update = Call centre: { $fields }
change-instance-delete = Call centre { $name } removed
change-low-water-mark-insert = Low-water mark of { $name } set to { $value }
change-low-water-mark-update = Low-water mark of { $name }: { $fields }
change-low-water-mark-delete = Low-water mark of { $name } taken away
column-least = at least
change-contact-flow-insert = Contact flow { $name } created
change-contact-flow-update = Contact flow { $name }: { $fields }
change-contact-flow-delete = Contact flow { $name } deleted
change-ram-user-insert = Login { $name } created
change-ram-user-update = Login { $name }: { $fields }
change-ram-user-delete = Login { $name } removed
change-access-key-insert = AccessKey { $name } created
change-access-key-update = AccessKey { $name }: { $fields }
change-access-key-delete = AccessKey { $name } removed
change-api-token-insert = API token { $name } created
change-api-token-update = API token { $name }: { $fields }
change-api-token-delete = API token { $name } removed
change-oauth-client-insert = OAuth2 client { $name } created
change-oauth-client-update = OAuth2 client { $name }: { $fields }
change-oauth-client-delete = OAuth2 client { $name } removed
change-oauth-token-insert = OAuth2 token of { $name } put in by hand
change-key-file-check-update = Key file replaced
change-key-file-check-delete = Key file forgotten
change-forgotten-person-insert = Data of a person erased; the history calls them { $name }
differences-erased = personal data that was erased since
change-change-archive-insert = Oldest changes archived in { $name }
column-reason-required = reason for every change
column-access-key-id = AccessKey id
column-added-at = added at
column-assigned-at = given at
column-callback-number-id = callback number id
column-client-id = client id
column-created-at = made at
column-definition = definition
column-draft-id = draft
column-editor = editor
column-ended-at = ended at
column-for-user-id = for
column-is-root = root
column-kind = kind
column-login-name = login
column-made-by = made by
column-number = number
column-published = published
column-ram-id = login id
column-read-only = for reading only
column-reason = reason
column-released-at = taken back at
column-reservation-id = reservation
column-reserved-at = kept from
column-scopes = scopes
column-secret-changed-at = secret set at
column-skill-group-guid = Vonage group id
column-skill-group-id = group
column-token-id = token
column-type = type
column-updated-at = changed at
column-user-guid = Vonage user id
column-user-id = person
column-usage = usage
column-active = in use
column-city = city
column-province = province
column-contact-flow-id = contact flow
column-provider = provider
column-corp-name = company
column-tags = tags
column-note = note
column-callback-number-name = name for callback
column-display-name = name
column-role = role
column-nickname = nickname
column-mobile = mobile
column-email = e-mail
column-extension = extension
column-display-id = display id
column-work-mode = work mode
column-locked = locked
column-skill-level = level
column-name = name
column-description = description
column-media-type = media
column-status = status
column-personal-numbers = sharing
column-country-code = country code
column-instance-id = call centre
column-avatar-url = picture
column-selected-callback-number-id = default callback number
column-prevent-auto-callback-number = no automatic callback number
column-revoked-at = ended at
column-expires-at = ends at
column-password-changed-at = password set at
column-password-hash = password replaced
column-secret-ciphertext = secret replaced
column-secret-hash = secret replaced
column-token-hash = token replaced

## Settings
instance-id = Id
sharing = Personal numbers
sharing-exclusive = One person holds a number
sharing-shared = Several people may hold a number
country-code = Numbers without a country
country-code-none = Read as they are
country-code-86 = Belong to China, +86

## Keys
keys-title = Keys
key-search = Search
key-move = Next and previous row
key-select = Select the row
key-range = Select a range
key-open = Open the row
key-give = Give the selected
key-take = Take the selected back
key-bind = Bind the selected
key-delete = Preview taking back the selected; changes nothing
key-clear = Clear the selection
key-palette = Go to anything
key-list = Show the keys

## Kept numbers: holds and cool-downs
kept = Kept
kept-hold-one = On hold for { $user }
kept-hold-all = On hold
kept-cool-down-one = Cooling down; { $user } may have it back
kept-cool-down-all = Cooling down
kept-by = by { $actor }
until-label = until
action-hold = Hold for
action-end-reservation = End hold or cool-down
hold-until = Hold until
hold-until-wrong = "{ $value }" is not a moment in the future.
selection-none = No number is selected.
selection-count = { $count ->
    [one] 1 number:
   *[other] { $count } numbers:
}
target-none = Name the person.
target-group-none = Name the group.
target-several = Several are called "{ $name }". Take one from the list while you type.
hold-until-none = Say until when.
days-wrong = "{ $value }" is not a number of days from 0 to { $most }.
cool-down = Cool-down
cool-down-days = Days of cool-down
cool-down-is = { $count ->
    [0] A number that is taken back is free at once.
    [one] A number that is taken back is kept for { $count } day for its last holder.
   *[other] A number that is taken back is kept for { $count } days for its last holder.
}
yes = yes
no = no
reason-required = Reason for every change
cool-down-hint = A number that is taken back goes to nobody but its last holder for this many days. With 0 anybody can be given it at once.
preview-hold = { $count ->
    [one] Keep { $count } number for { $target }
   *[other] Keep { $count } numbers for { $target }
}
preview-hold-from-all = { $count ->
    [one] Keep { $count } number from everybody
   *[other] Keep { $count } numbers from everybody
}
preview-end-reservation = { $count ->
    [one] End the hold or cool-down of { $count } number
   *[other] End the holds or cool-downs of { $count } numbers
}
free-end-reservation = End it
change-reservation-hold = { $number } put on hold for { $user } until { $until }
change-reservation-hold-all = { $number } put on hold until { $until }
change-reservation-cool-down = { $number } cools down until { $until }
change-reservation-ended = { $number } is no longer kept
change-reservation-again = { $number } is kept again until { $until }
change-reservation-update = { $number } is kept: { $fields }
column-until-at = until
column-cool-down-days = days of cool-down
kept-numbers = Kept numbers
kept-for = Why and for whom
kept-none = No number cools down or is on hold.

## Capacity
capacity = Capacity
all-cities = all cities
all-dialling-out = able to dial out
capacity-places = Numbers by city and usage
capacity-more = When they run out, whole blocks, numbers per person
capacity-course = Free numbers: { $place }
capacity-runs-out = Runs out
low-water-mark = Low-water mark
low-water-marks = Low-water marks
low-water-hint = How many numbers should be free at least. When there are fewer, the first page and the capacity page say so.
at-least = At least
bars-cut = A bar that is cut off is far longer than the others; go by the number beside it.
low-water-picture = How many are free; the line is how many there should be at least.
mark-nowhere = there is no active number
mark-passed = { $place }: { $free } free, at least { $least } wanted
mark-is-passed = too few
mark-set = Set
mark-take-away = Take away
mark-wrong = "{ $value }" is not a number from 0 to { $most }.
marks-passed = { $count ->
    [one] Too few numbers are free for { $count } low-water mark
   *[other] Too few numbers are free for { $count } low-water marks
}
outlook-unknown = too little to say
outlook-none-free = none is free
outlook-lasts = not within a year
outlook-from = { $count ->
    [one] in { $count } week or later
   *[other] in { $count } weeks or later
}
outlook-one = { $count ->
    [one] in { $count } week
   *[other] in { $count } weeks
}
outlook-range = { $count ->
   *[other] in { $from }–{ $count } weeks
}
forecast-basis = From
forecast-basis-of = { $count ->
    [one] { $count } taken or given back in { $weeks } weeks
   *[other] { $count } taken or given back in { $weeks } weeks
}
forecast-hint = The shaded range holds in eight cases of ten. It is drawn from the weeks before; with fewer than four weeks, or eight numbers taken or given back, nothing is said.
week-ends = Week ends
block = Block
blocks = Blocks of a hundred
blocks-hint = The darker, the more of the block is free. A click shows its numbers.
blocks-table = Free / all of each block: a line for each thousand, a column for each next digit.
blocks-left-out = { $count ->
    [one] { $count } more line is in the table only.
   *[other] { $count } more lines are in the table only.
}
people-left-out = { $count ->
    [one] { $count } more person is in the list of people.
   *[other] { $count } more people are in the list of people.
}
numbers-per-person = Numbers per person
numbers-median = The line is the median: { $median }.
near-kept = kept for them
near-city = same city
near-province = same province
near-elsewhere = elsewhere
warning-inactive = out of use: nobody can dial out with it
warning-inbound-only = for incoming calls only
near-unusable = can't dial out
idle-since = idle since

## What is wrong with a spreadsheet
file-header = Line { $line } ({ $format }) is not a valid header for this list. { $faults }
file-too-large = The file is larger than { $most } MiB. Divide it.
file-too-slow = The file did not arrive in time. Send it again.
file-no-room = There is no room for the file on the server's disk. Nothing was changed.
file-no-place = Other files are still being read. Send this one again.
file-old-excel = This is an old Excel file (.xls) or one with a password. Save it as .xlsx or CSV.
file-empty = The file has no lines.
file-too-many-lines = The file has more than { $most } lines. Divide it.
file-too-many-columns = Line { $line } has more than { $most } columns.
file-not-utf-8 = The file is UTF-8, but not in line { $line }. Save it again, as CSV UTF-8 or XLSX.
file-not-utf-16 = The file begins like UTF-16 but is not UTF-16. Save it again as CSV UTF-8 or XLSX.
file-no-encoding = The file is not text in UTF-8, UTF-16 or GB18030. Save it as CSV UTF-8 or XLSX.
file-zero-bytes = The file is not text. Save it as CSV UTF-8 or XLSX.
file-not-csv = The file is not CSV.
file-quotes = Line { $line }: the quotes don't match. Put a cell that contains quotes in quotes and double each of them: "like ""this""".
file-not-xlsx = The file is not an XLSX workbook, or it is damaged. Open it in a spreadsheet program and save it again.
file-password = The workbook has a password. Save it without.
file-too-many-sheets = The workbook has { $count } sheets, which are too large together. Keep one.
file-several-sheets = The workbook has several sheets with something in them: { $names }. Keep one.
file-too-many-merged = Too many cells of the workbook are merged. Split them.
file-unordered = The rows of the workbook are not in order. Open it in a spreadsheet program and save it again.
file-too-much = The workbook is too large when unpacked. Divide it.
delimiter-commas = commas
delimiter-semicolons = semicolons
delimiter-tabs = tabs
fault-odd-number = The cell is a number, which keeps neither leading zeros nor +. Format the column as text and enter it again.
fault-odd-formula = The cell is a formula. Put its value in its place, as text.
fault-odd-date = The cell is a date. Format the column as text and enter it again.
fault-odd-truth = The cell is TRUE or FALSE. Enter it as text.
fault-odd-error = The cell holds an error of the spreadsheet.
fault-odd-merged = The cell is merged with others. Split them and fill in each.
fault-odd-scientific = A spreadsheet has rounded it (scientific notation), and digits are lost. Format the column as text and enter it again.
fault-odd-fraction = A spreadsheet turned it into a decimal number. Format the column as text and enter it again.
fault-odd-rounded = A spreadsheet keeps 15 digits, and the rest are zeros here. Format the column as text and enter it again.
fault-empty = It is missing.
fault-blank = It must not be blank.
fault-none-of = It must be one of { $words }.
fault-no-flag = It must be yes or no.
fault-no-version = A version is a whole number.
fault-no-guid = A Vonage id is 32 hexadecimal digits in five groups.
fault-tags = There are { $count } tags; at most { $most } are kept.
fault-line-again = It is in line { $line } too.
fault-beside = The line has more cells than the header.
fault-column-again = The column is there more than once.
fault-column-unnamed = Column { $column } has no name.
fault-column-unknown = This list has no such column. It has { $all }.
fault-other-kind = These columns belong to the list { $kind }, not to { $said }. Choose it above and send the file again.
fault-column-missing = The column is missing.
fault-emptied = Some cells can't be emptied: { $held }.
fault-stale = { $key } is at version { $version } now, but the file has version { $wanted }.
fault-stale-gone = { $key } is not there, and the file has version { $wanted } of it.
fault-since-gone = { $key } is gone since the preview
fault-since-new = { $key } is new since the preview
fault-since-changed = { $key } has changed since the preview
fault-again = { $key } is there already.
fault-two-kinds-of-holders = The line names people and groups. A number is held by one or the other, not both.
fault-several-holders = The line names several people. A number of this call centre has one holder.
fault-beginning-lost = This may be { $whole }: a spreadsheet may have removed the leading zeros or the +.
fault-beginning-lost-there = The call centre has { $whole }: a spreadsheet may have removed the leading zeros or the +.
fault-nameless = { $login } is new, and display_name is missing.
fault-media-stays = The media type of the group { $group } can't be changed; it is { $media }.

## Two numbers change hands
swap = Swap …
swap-title = Swap { $number } with another number
swap-with = The other number
swap-hint = Each of the two goes to whoever has the other.
swap-stale = One of the two was changed meanwhile, so nothing was done. This is how it would be now.

## Credentials
credentials = Credentials of programs
credentials-hint = Credentials are created and ended at the command line. Their secrets are shown only once, and every change is in the log.
credentials-none = No program has a credential for this call centre.
credentials-none-here = No credential is limited to this call centre. Only the account's root sees AccessKeys and tokens for the whole account.
credential = What
credential-access-key = AccessKey
credential-api-token = API token
credential-oauth-client = OAuth2 client
credential-made = Created
credential-used = Last used
credential-unused = never
credential-ended = Ended
