//! Which number a text means: numbers are found by any spelling.

use super::ReadTx;
use crate::domain::instance::CountryCode;
use crate::domain::spelling::Forms;
use crate::domain::{Error, InstanceId};
use rusqlite::params;
use std::collections::BTreeSet;

/// The country whose national numbers the instance reads as its international ones; none when there
/// is no such instance.
pub fn country_code(tx: &ReadTx<'_>, id: &InstanceId) -> Result<CountryCode, Error> {
    let sql = "SELECT country_code FROM instance WHERE instance_id = ?1";
    Ok(tx.value(sql, [id])?.unwrap_or_default())
}

/// The stored spelling of a number of the instance. There is one at most.
pub fn find(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    text: &str,
) -> Result<Option<String>, Error> {
    let forms = Forms::of(text);
    let sql = "SELECT n.number FROM spelling AS s
                CROSS JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = s.number
                WHERE s.comparable_86 = ?2
                  AND (s.comparable = ?3 OR EXISTS (SELECT 1 FROM instance
                                                    WHERE instance_id = ?1 AND country_code = '86'))";
    let values = params![instance_id, forms.comparable_86, forms.comparable];
    tx.value(sql, values)
}

/// Like [`find`], but the text itself when the instance has no such number: a caller that needs one
/// finds that out from the row that is missing.
pub fn stored_or_given(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    text: &str,
) -> Result<String, Error> {
    Ok(find(tx, instance_id, text)?.unwrap_or_else(|| text.to_owned()))
}

/// The number of the pool that is spelled so for an instance, which may take two numbers of the
/// pool for one: the one that is spelled most like the text.
pub fn find_in_pool(
    tx: &ReadTx<'_>,
    country_code: CountryCode,
    text: &str,
) -> Result<Option<String>, Error> {
    let forms = Forms::of(text);
    let sql = "SELECT n.number FROM spelling AS s
                CROSS JOIN phone_number AS n ON n.instance_id IS NULL AND n.number = s.number
                WHERE s.comparable_86 = ?1 AND (s.comparable = ?2 OR ?3 = '86')
                ORDER BY n.number = ?4 DESC, s.comparable = ?2 DESC, n.number LIMIT 1";
    let values = params![forms.comparable_86, forms.comparable, country_code, text];
    tx.value(sql, values)
}

/// A number of the account, of the pool or of any instance, that is spelled so.
pub fn find_anywhere(tx: &ReadTx<'_>, text: &str) -> Result<Option<String>, Error> {
    if let Some(number) = find_in_pool(tx, CountryCode::None, text)? {
        return Ok(Some(number));
    }
    let forms = Forms::of(text);
    // No index begins with the number alone, so each instance is asked.
    let sql = "SELECT n.number FROM spelling AS s CROSS JOIN instance AS i
                CROSS JOIN phone_number AS n ON n.instance_id = i.instance_id
                AND n.number = s.number
                WHERE s.comparable_86 = ?1 AND (s.comparable = ?2 OR i.country_code = '86')
                ORDER BY i.instance_id LIMIT 1";
    tx.value(sql, params![forms.comparable_86, forms.comparable])
}

/// Every text by which the instance may have had the number, now or once: its history is kept under
/// these.
pub fn ever(tx: &ReadTx<'_>, instance_id: &InstanceId, text: &str) -> Result<Vec<String>, Error> {
    let forms = Forms::of(text);
    let sql = "SELECT number FROM spelling
                WHERE comparable_86 = ?2
                  AND (comparable = ?3 OR EXISTS (SELECT 1 FROM instance
                                                  WHERE instance_id = ?1 AND country_code = '86'))
                ORDER BY number";
    tx.column(sql, params![instance_id, forms.comparable_86, forms.comparable])
}

/// The texts of a list without those that spell a number of it again.
pub fn distinct<'a>(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    texts: &'a [impl AsRef<str>],
) -> Result<Vec<&'a str>, Error> {
    let country_code = country_code(tx, instance_id)?;
    let mut seen = BTreeSet::new();
    let mut is_new = |text: &&str| seen.insert(Forms::of(text).within(country_code).to_owned());
    Ok(texts.iter().map(AsRef::as_ref).filter(|text| is_new(text)).collect())
}

/// Numbers of an instance that would be one with country code 86, as `one and another`; the first
/// `limit`.
pub fn clashes(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    limit: u64,
) -> Result<Vec<String>, Error> {
    let sql = "SELECT group_concat(number, ' and ') AS numbers
                 FROM (SELECT n.number, s.comparable_86 FROM phone_number AS n
                        CROSS JOIN spelling AS s ON s.number = n.number
                        WHERE n.instance_id = ?1 ORDER BY n.number)
                GROUP BY comparable_86 HAVING count(*) > 1 ORDER BY min(number) LIMIT ?2";
    tx.column(sql, params![instance_id, limit])
}

/// Numbers of an instance that would be 400 numbers with country code 86 and are not Inbound; the
/// first `limit`.
pub fn service_numbers_to_be(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    limit: u64,
) -> Result<Vec<String>, Error> {
    let sql =
        "SELECT n.number FROM phone_number AS n CROSS JOIN spelling AS s ON s.number = n.number
                WHERE n.instance_id = ?1 AND n.usage <> 'Inbound'
                  AND s.comparable_86 GLOB '+86400[0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x]'
                ORDER BY n.number LIMIT ?2";
    tx.column(sql, params![instance_id, limit])
}
