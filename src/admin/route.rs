//! A route: its address, what it requires, its function, and its description.

use super::call::{Call, Resources, Then};
use super::describe;
use super::etag::Guard;
use super::fields::Fields;
use super::path::FromPath;
use super::problem::{Failure, Result};
use super::reply::{Respond, Schemas};
use super::request::Write;
use super::scope::Scope;
use crate::domain::{Act, Author};
use crate::http::{Answer, Upload};
use crate::ops::access::{Reading, Writing};
use utoipa::openapi::path::OperationBuilder;

/// Calls a route's function with what a request carries.
type Run = dyn Fn(Call<'_>) -> Result<Answer> + Send + Sync;

/// A route.
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The pattern of its path below [`ROOT`](super::ROOT).
    pub pattern: &'static str,
    /// What the caller's role must allow.
    pub act: Act,
    /// The name of its function, `module.function`: in the log and in the OpenAPI document.
    pub operation: String,
    /// What it does.
    pub summary: &'static str,
    /// Whether it is a list, which can be had as a file too.
    pub is_list: bool,
    /// Whether it changes anything.
    pub is_write: bool,
    pub(super) run: Box<Run>,
    pub(super) describe: fn(&str, &mut Schemas) -> OperationBuilder,
}

/// A route whose function reads. The address is a method and a path.
pub(super) fn read<S: Scope, P: FromPath, Q: Fields, R: Respond, F>(
    address: &'static str,
    act: Act,
    function: F,
    summary: &'static str,
) -> Route
where
    F: Fn(Reading<'_, S>, P, Q) -> Result<R> + Copy + Send + Sync + 'static,
{
    let run = Box::new(move |call: Call<'_>| call.read(function));
    let route = route::<F>(address, act, summary, describe::read::<Q, R>);
    Route { run, is_list: R::IS_LIST, ..route }
}

/// A route whose function writes: it takes a [`Writing`], which a read does not have.
pub(super) fn write<S: Scope + 'static, P: FromPath, B: Fields, G: Guard, R: Respond, F>(
    address: &'static str,
    act: Act,
    function: F,
    summary: &'static str,
) -> Route
where
    F: Fn(Writing<'_, S>, P, Write<B, G>) -> Result<R> + Copy + Send + Sync + 'static,
{
    let run = Box::new(move |call: Call<'_>| call.change(function));
    let route = route::<F>(address, act, summary, describe::write::<B, G, R>);
    Route { run, is_write: true, ..route }
}

/// A route whose function does long work outside of a transaction.
pub(super) fn job<S: Scope, P: FromPath, B: Fields, R: Respond, F>(
    address: &'static str,
    act: Act,
    function: F,
    summary: &'static str,
) -> Route
where
    F: Fn(&Resources, &S, P, B) -> Result<R> + Copy + Send + Sync + 'static,
{
    let run = Box::new(move |call: Call<'_>| call.job(function));
    let route = route::<F>(address, act, summary, describe::job::<B, R>);
    Route { run, is_write: true, ..route }
}

/// A route whose function looks at a file, outside of a transaction, and says what is then written.
pub(super) fn upload<S: Scope + 'static, P: FromPath, Q: Fields, R: Respond, F>(
    address: &'static str,
    act: Act,
    function: F,
    summary: &'static str,
) -> Route
where
    F: Fn(&Resources, &Author, &S, P, Q, &Upload) -> Result<Then<S, R>>
        + Copy
        + Send
        + Sync
        + 'static,
{
    let run = Box::new(move |call: Call<'_>| call.upload(function));
    let route = route::<F>(address, act, summary, describe::upload::<Q, R>);
    Route { run, is_write: true, ..route }
}

fn route<F>(
    address: &'static str,
    act: Act,
    summary: &'static str,
    describe: fn(&str, &mut Schemas) -> OperationBuilder,
) -> Route {
    let (method, pattern) = address.split_once(' ').unwrap_or(("GET", address));
    Route {
        method,
        pattern,
        act,
        operation: operation_name(std::any::type_name::<F>()),
        summary,
        is_list: false,
        is_write: false,
        run: Box::new(|_| Err(Failure::NoSuchAddress)),
        describe,
    }
}

/// `numbers.list` for the function `numberd::admin::numbers::list`.
fn operation_name(function: &str) -> String {
    let mut parts: Vec<&str> = function.rsplit("::").take(2).collect();
    parts.reverse();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::operation_name;

    #[test]
    fn an_operation_is_named_after_its_function_and_the_module_of_that() {
        assert_eq!(operation_name("numberd::admin::numbers::list"), "numbers.list");
    }
}
