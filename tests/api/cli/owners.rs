//! What root makes for a service that is another user.

use super::{Place, assert_done};
use crate::support::Program;
use numberd::domain::Clock;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

/// Whom the service's files belong to.
const SERVICE: u32 = 65534;

fn assert_the_services(file: &Path) {
    let found = std::fs::metadata(file).unwrap();
    assert_eq!((found.uid(), found.gid()), (SERVICE, SERVICE), "{}", file.display());
}

#[test]
#[ignore = "needs root"]
fn what_root_makes_belongs_to_the_service() {
    let place = Place::new();
    let directory = place.directory.path();
    chown(directory, Some(SERVICE), Some(SERVICE)).unwrap();
    let to = directory.to_str().unwrap();
    let done = |arguments: &[&str]| {
        let before = place.files();
        assert_done(&place.run(arguments));
        let mut new = place.files();
        new.retain(|file| !before.contains(file));
        new.iter().for_each(|file| assert_the_services(&place.path(file)));
        new.len()
    };
    assert_eq!(done(&["init"]), 2);
    assert_eq!(done(&["backup", "--to", to]), 1);
    let now = Clock::System.now().to_string();
    assert_eq!(done(&["changes", "archive", "--before", &now, "--to", to]), 1);
    done(&["key-file", "rotate"]);
    assert_the_services(&place.key_file());
    std::fs::remove_file(place.key_file()).unwrap();
    assert_eq!(done(&["key-file", "renew"]), 1);
}

#[test]
#[ignore = "needs root"]
fn what_root_restores_belongs_to_whom_it_belonged_to() {
    let place = Place::initialized();
    let backup = place.path("backup.db");
    assert_done(&place.run(&["backup", "--to", backup.to_str().unwrap()]));
    let service = place.path("service");
    std::fs::create_dir(&service).unwrap();
    chown(&service, Some(SERVICE), Some(SERVICE)).unwrap();
    let database = service.join("numberd.db");
    let restore = || {
        let arguments = ["restore", backup.to_str().unwrap()];
        let output = Program::run(
            &[&arguments[..], &["--database", database.to_str().unwrap()]].concat(),
            "",
        );
        assert_done(&output);
        assert_the_services(&database);
    };
    restore();
    // The database that is there counts, not its directory.
    chown(&service, Some(0), Some(0)).unwrap();
    restore();
}
