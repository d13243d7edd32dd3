//! `contingent fmt` through the program.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const MODEL: &str =
    "include \"parts/more.ctg\"\n\n\n\nmodel   \"A case\" {\n    purpose \"To show\"   # why\n}\n";
const MODEL_LAID_OUT: &str =
    "include \"parts/more.ctg\"\n\nmodel \"A case\" {\n  purpose \"To show\"  # why\n}\n";
const PART: &str = "aux x=1\r\naux y=2\r\n";
const PART_LAID_OUT: &str = "aux x = 1\naux y = 2\n";
const FINE: &str = "aux z = 3\n";
const BROKEN: &str = "aux   z = \n";

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
    std::fs::write(path, text).expect("a file can be written");
}

#[expect(clippy::disallowed_methods, reason = "tests read what the program wrote")]
fn read(place: &TempDir, name: &str) -> String {
    std::fs::read_to_string(place.path().join(name)).expect("the file is there")
}

/// A model of two files, a file that is laid out, and one that is no model.
fn place() -> TempDir {
    let place = tempfile::tempdir().expect("a directory can be made");
    for (name, text) in [
        ("case/model.ctg", MODEL),
        ("case/parts/more.ctg", PART),
        ("case/fine.ctg", FINE),
        ("case/notes.txt", "aux   x\n"),
        ("case/.hidden/old.ctg", PART),
    ] {
        write(&place.path().join(name), text);
    }
    place
}

fn fmt(place: &TempDir, arguments: &[&str], input: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contingent"));
    command.current_dir(place.path()).arg("fmt").args(arguments).env("NO_COLOR", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it has an input");
    // A program that refuses its arguments closes its input.
    let _ = stdin.write_all(input.unwrap_or("").as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

#[track_caller]
fn ends(output: &Output, code: i32) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("what is printed is UTF-8");
    let (said, noted) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{said}\n{noted}");
    assert!(!noted.contains("panicked"), "{noted}");
    (said, noted)
}

#[test]
fn a_directory_means_every_model_file_below() {
    let place = place();
    let (said, noted) = ends(&fmt(&place, &["case"], None), 0);
    assert_eq!((said.as_str(), noted.as_str()), ("", "2 of 3 files changed\n"));
    assert_eq!(read(&place, "case/model.ctg"), MODEL_LAID_OUT);
    assert_eq!(read(&place, "case/parts/more.ctg"), PART_LAID_OUT);
    assert_eq!(read(&place, "case/notes.txt"), "aux   x\n");
    assert_eq!(read(&place, "case/.hidden/old.ctg"), PART);
    let (_, noted) = ends(&fmt(&place, &["case", "--check"], None), 0);
    assert_eq!(noted, "3 files: nothing to change\n");
}

#[test]
fn a_file_means_what_it_includes_too_and_nothing_else() {
    let place = place();
    write(&place.path().join("case/other.ctg"), PART);
    let (_, noted) = ends(&fmt(&place, &["case/model.ctg", "case/parts/more.ctg"], None), 0);
    assert_eq!(noted, "2 of 2 files changed\n");
    assert_eq!(read(&place, "case/parts/more.ctg"), PART_LAID_OUT);
    assert_eq!(read(&place, "case/other.ctg"), PART);
}

#[test]
fn files_that_are_laid_out_are_not_written() {
    let place = place();
    let path = place.path().join("case/fine.ctg");
    let changed = || std::fs::metadata(&path).and_then(|about| about.modified()).expect("times are known");
    let before = changed();
    ends(&fmt(&place, &["case"], None), 0);
    assert_eq!(changed(), before);
}

#[cfg(unix)]
#[test]
fn who_may_read_a_file_stays_and_links_are_followed() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let place = place();
    let real = place.path().join("case/parts/more.ctg");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("permissions can be set");
    let link = place.path().join("link.ctg");
    symlink(&real, &link).expect("a link can be made");
    ends(&fmt(&place, &["link.ctg"], None), 0);
    assert_eq!(read(&place, "case/parts/more.ctg"), PART_LAID_OUT);
    assert!(link.symlink_metadata().expect("the link is there").is_symlink());
    let mode = std::fs::metadata(&real).expect("the file is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn check_lists_the_files_with_their_first_difference_and_writes_nothing() {
    let place = place();
    let (said, noted) = ends(&fmt(&place, &["--check", "case"], None), 1);
    assert_eq!(
        said,
        "case/model.ctg:3\n  is         \n  would be   model \"A case\" {\n\
         case/parts/more.ctg:1\n  is         aux x=1\\r\n  would be   aux x = 1\n"
    );
    assert_eq!(noted, "2 of 3 files would change; `contingent fmt` changes them\n");
    assert_eq!(read(&place, "case/model.ctg"), MODEL);
}

#[test]
fn diff_shows_what_would_change_and_writes_nothing() {
    let place = place();
    let (said, _) = ends(&fmt(&place, &["--diff", "case/parts"], None), 0);
    assert_eq!(
        said.replace('\r', ""),
        "--- case/parts/more.ctg as it is\n+++ case/parts/more.ctg laid out\n@@ -1,2 +1,2 @@\n\
         -aux x=1\n-aux y=2\n+aux x = 1\n+aux y = 2\n"
    );
    assert_eq!(read(&place, "case/parts/more.ctg"), PART);
    let (said, _) = ends(&fmt(&place, &["--diff", "--check", "case"], None), 1);
    assert!(said.contains("+  purpose \"To show\"  # why\n"), "{said}");
    assert_eq!(read(&place, "case/model.ctg"), MODEL);
}

#[test]
fn a_broken_file_is_left_alone_and_the_others_are_laid_out() {
    let place = place();
    write(&place.path().join("case/broken.ctg"), BROKEN);
    for arguments in [&["--check", "case"], &["case", "case"]] {
        let (_, noted) = ends(&fmt(&place, arguments, None), 1);
        assert!(noted.contains("syntax-error") && noted.contains("case/broken.ctg:1"), "{noted}");
    }
    assert_eq!(read(&place, "case/broken.ctg"), BROKEN);
    assert_eq!(read(&place, "case/parts/more.ctg"), PART_LAID_OUT);
}

#[test]
fn an_include_that_cannot_be_read_is_said() {
    let place = place();
    write(&place.path().join("case/alone.ctg"), "include   \"nowhere.ctg\"\n");
    let (_, noted) = ends(&fmt(&place, &["case/alone.ctg"], None), 1);
    assert!(noted.contains("include-failed"), "{noted}");
    assert_eq!(read(&place, "case/alone.ctg"), "include \"nowhere.ctg\"\n");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let place = place();
    assert_eq!(ends(&fmt(&place, &["-"], Some(MODEL)), 0).0, MODEL_LAID_OUT);
    assert_eq!(ends(&fmt(&place, &["-"], Some("")), 0).0, "");
    let (said, noted) = ends(&fmt(&place, &["-"], Some(BROKEN)), 1);
    assert!(said.is_empty() && noted.contains("standard input:1"), "{said}{noted}");
    assert_eq!(ends(&fmt(&place, &["--check", "-"], Some(FINE)), 0).0, "");
    assert!(ends(&fmt(&place, &["--check", "-"], Some(PART)), 1).0.contains("standard input:1"));
    assert!(ends(&fmt(&place, &["--diff", "-"], Some(PART)), 0).0.contains("+aux x = 1\n"));
}

#[test]
fn wrong_paths_are_refused() {
    let place = place();
    std::fs::create_dir(place.path().join("empty")).expect("a folder can be made");
    let (_, noted) = ends(&fmt(&place, &["empty"], None), 1);
    assert!(noted.contains("no `.ctg` file"), "{noted}");
    let (_, noted) = ends(&fmt(&place, &["nowhere.ctg"], None), 1);
    assert!(noted.contains("nowhere.ctg"), "{noted}");
    ends(&fmt(&place, &[], None), 2);
    ends(&fmt(&place, &["-", "case"], None), 2);
}
