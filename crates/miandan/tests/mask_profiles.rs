//! `miandan mask` with every type and profile, as it is typed.

mod common;

use common::{events, miandan, said, with_input};

fn masked(arguments: &[&str], input: &str) -> (String, String) {
    let mut command = miandan();
    command.arg("mask").args(arguments);
    let output = with_input(command, input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn every_profile_masks_as_documented() {
    for (kind, profile, line, expected) in [
        ("mobile", "gbt41833", "12000001234", "*******1234"),
        ("mobile", "taobao", "12000001234", "*******1234"),
        ("mobile", "douyin", "12000001234", "1********34"),
        ("mobile", "pinduoduo", "12000001234", "1*********4"),
        ("mobile", "keep:3,4", "12000001234", "120****1234"),
        ("mobile", "keep:3,4", "1200000", "*******"),
        ("name", "pinduoduo", "林小坤", "林*坤"),
        ("address", "taobao", "云杉路88号2栋301室", "云*路**号*栋***室"),
        ("account", "gbt41833", "淘宝达人001", "淘*****1"),
        ("email", "gbt41833", "username@example.com", "u*******@example.com"),
        ("idcard", "gbt41833", "11010119000101123X", "1****************X"),
        ("idcard", "keep:6,4", "11010119000101123X", "110101********123X"),
    ] {
        let (out, talk) = masked(&["--type", kind, "--profile", profile], &format!("{line}\n"));
        assert_eq!((out.trim_end(), talk.as_str()), (expected, ""), "{kind} {profile}");
    }
}

#[test]
fn what_is_not_documented_is_said() {
    let (out, talk) = masked(&["--type", "landline", "--profile", "douyin"], "010-12345678\n");
    assert_eq!(out, "010-******78\n");
    assert_eq!(talk, "how douyin masks --type landline is not documented; it is masked as by gbt41833\n");
    let (_, talk) = masked(&["--lang", "zh", "--type", "email", "--profile", "taobao"], "a@example.com\n");
    assert_eq!(talk, "没有资料说明 taobao 如何处理 --type email，已按 gbt41833 脱敏\n");
}

#[test]
fn settings_of_the_standard_still_work() {
    for (arguments, line, expected) in [
        (&["--type", "name", "--name", "none"][..], "张三", "**"),
        (&["--type", "mobile", "--phone", "tail2"], "12000001234", "*********34"),
        (&["--type", "address", "--address", "digits"], "云杉路8号", "云杉路*号"),
        (&["--type", "address"], "云杉路8号2栋301室", "云杉路8号2栋***室"),
        (&["--type", "mobile", "--profile", "gbt41833", "--phone", "none"], "12000001234", "***********"),
    ] {
        assert_eq!(masked(arguments, &format!("{line}\n")).0.trim_end(), expected, "{arguments:?}");
    }
}

#[test]
fn a_line_that_is_not_understood_is_hidden_and_named() {
    for (kind, line) in [("email", "张三"), ("idcard", "问张三"), ("mobile", "问张三")] {
        let (out, talk) = masked(&["--type", kind], &format!("\n{line}\n"));
        assert!(!out.contains('张') && !talk.contains('张'), "{kind}: {out}{talk}");
        assert_eq!(talk, "line 2: not understood, so hidden whole\n", "{kind}");
        let mut command = miandan();
        command.args(["mask", "--json", "--type", kind]);
        let output = with_input(command, line.as_bytes());
        assert_eq!(events(&output)[0]["warning"], "not understood, so hidden whole");
    }
}
