//! File systems over a network, which no database may lie on.

use super::error::OpenError;
use std::path::Path;

/// The network file systems by their magic numbers, from statfs(2).
const KINDS: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xfe53_4d42, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0x5346_414f, "AFS"),
    (0x7375_7245, "Coda"),
    (0x564c, "NCP"),
    (0x00c3_6400, "Ceph"),
];

/// SQLite's locks and its shared memory need one kernel that sees every user of the file; over a
/// network they corrupt it.
pub(super) fn refuse(path: &Path) -> Result<(), OpenError> {
    let kind = rustix::fs::statfs(path)
        .map_err(|error| OpenError::new(format!("{} can't be opened: {error}.", path.display())))?
        .f_type;
    // Some architectures hold the magic number as a signed one.
    match u32::try_from(kind & 0xffff_ffff).ok().and_then(name) {
        Some(name) => Err(OpenError::new(format!(
            "{} lies on {name}, a network file system, where SQLite can lose data; move it to a local disk.",
            path.display()
        ))),
        None => Ok(()),
    }
}

/// The name of a network file system, by its magic number.
fn name(magic: u32) -> Option<&'static str> {
    KINDS.iter().find(|(number, _)| *number == magic).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn file_systems_over_a_network_are_told_from_local_ones() {
        assert_eq!(name(0x6969), Some("NFS"));
        assert_eq!(name(0xff53_4d42), Some("CIFS"));
        // ext4, XFS, Btrfs, tmpfs, overlay, ZFS
        for local in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0x2fc1_2fc1] {
            assert_eq!(name(local), None, "{local:x}");
        }
    }
}
