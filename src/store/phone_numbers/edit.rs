//! Changing a number.

use crate::domain::phone_number::NumberEdit;
use crate::domain::{Error, InstanceId};
use crate::store::WriteTx;
use rusqlite::params;

/// Changes a number. A field that has the value already is not written, so that an edit without a
/// change neither raises the version nor reaches the log.
///
/// # Errors
/// [`Error::Rule`] for a usage or contact flow that the number can't have.
pub fn update(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    edit: &NumberEdit,
) -> Result<(), Error> {
    let sql = "UPDATE phone_number
                  SET usage = coalesce(?3, usage), active = coalesce(?4, active), province = coalesce(?5, province), city = coalesce(?6, city),
                      contact_flow_id = CASE WHEN ?7 THEN ?8 ELSE contact_flow_id END, provider = coalesce(?9, provider),
                      corp_name = coalesce(?10, corp_name), tags = coalesce(?11, tags), note = coalesce(?12, note),
                      callback_number_name = CASE WHEN ?13 THEN ?14 ELSE callback_number_name END
                WHERE instance_id = ?1 AND number = ?2
                  AND (usage <> ?3 OR active <> ?4 OR province <> ?5 OR city <> ?6 OR (?7 AND contact_flow_id IS NOT ?8) OR provider <> ?9
                       OR corp_name <> ?10 OR tags <> ?11 OR note <> ?12 OR (?13 AND callback_number_name IS NOT ?14))";
    let flow = edit.contact_flow_id.as_ref();
    let name = edit.callback_number_name.as_ref();
    let values = params![
        instance_id,
        number,
        edit.usage,
        edit.active,
        edit.province,
        edit.city,
        flow.is_some(),
        flow.and_then(|flow| flow.as_ref()),
        edit.provider,
        edit.corp_name,
        edit.tags.as_ref().map(|tags| serde_json::Value::from(tags.clone()).to_string()),
        edit.note,
        name.is_some(),
        name.and_then(|name| name.as_deref())
    ];
    tx.run(number, sql, values)
}
