//! Messages that are not as they should be: each gets an answer in its dialect, and nothing brings the agent down.

use miandan_protocol::{Command, Dialect, Generation, ID_CHARACTERS, Platform, Problem, Refused};
use proptest::prelude::*;
use serde_json::{Value, json};

fn dialects() -> Vec<Dialect> {
    let mut dialects: Vec<Dialect> = Platform::ALL.iter().map(|&platform| Dialect::of(platform)).collect();
    dialects.push(Dialect { generation: Generation::V0, ..Dialect::of(Platform::Cainiao) });
    dialects
}

/// A print request of Cainiao's with one label, changed at one place.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut message = json!({
        "cmd": "print", "requestID": "r1", "version": "1.0",
        "task": {
            "taskID": "t1", "preview": false, "printer": "", "previewType": "pdf",
            "notifyType": ["render", "print"], "firstDocumentNumber": 1, "totalDocumentCount": 1,
            "documents": [{"documentID": "D1", "contents": [
                {"encryptedData": "MSO1:eyJ2IjoiTVNPMSJ9", "templateURL": "http://example.com/1"},
            ]}],
        },
    });
    change(&mut message);
    message.to_string()
}

fn task(name: &str, value: Value) -> String {
    changed(|message| message["task"][name] = value)
}

fn document(name: &str, value: Value) -> String {
    changed(|message| message["task"]["documents"][0][name] = value)
}

fn content(name: &str, value: Value) -> String {
    changed(|message| message["task"]["documents"][0]["contents"][0][name] = value)
}

const BAD: Problem = Problem::Malformed;

const fn missing(name: &'static str) -> Problem {
    Problem::Missing(name)
}

/// What is wrong, the message, the problem, and whether the mark of the request can be read.
fn malformed() -> Vec<(&'static str, String, Problem, bool)> {
    let label = |place: usize| json!({"documentID": format!("D{place}"), "contents": [{"data": {}, "templateURL": "x"}]});
    let long = "x".repeat(ID_CHARACTERS + 1);
    vec![
        ("empty", String::new(), BAD, false),
        ("only a space", " ".into(), BAD, false),
        ("no JSON", "hello".into(), BAD, false),
        ("a list", "[1,2]".into(), BAD, false),
        ("a number", "17".into(), BAD, false),
        ("null", "null".into(), BAD, false),
        ("truncated", changed(|_| ())[..150].into(), BAD, false),
        ("something after the end", changed(|_| ()) + "{}", BAD, false),
        ("a comma too many", r#"{"cmd":"getPrinters","requestID":"r1",}"#.into(), BAD, false),
        ("a lone surrogate", r#"{"cmd":"getPrinters","requestID":"\ud83d"}"#.into(), BAD, false),
        ("a lone surrogate in data that is handed on", content("data", json!("X")).replace("\"X\"", r#"{"a":"\udc00"}"#), BAD, false),
        ("an escape that is none", r#"{"cmd":"getPrinters","requestID":"\q"}"#.into(), BAD, false),
        ("a line break in a text", "{\"cmd\":\"getPrinters\",\"requestID\":\"a\nb\"}".into(), BAD, false),
        ("a number that is too large for any", task("extra", json!(7)).replace(":7", ":1e999"), BAD, false),
        ("nested too deep", changed(|_| ()).replace("\"pdf\"", &("[".repeat(200) + &"]".repeat(200))), BAD, false),
        ("nested much too deep", "[".repeat(500_000), BAD, false),
        ("no command", r#"{"requestID":"r1"}"#.into(), BAD, true),
        ("a command that is a number", r#"{"cmd":1,"requestID":"r1"}"#.into(), BAD, true),
        ("a command that is null", r#"{"cmd":null,"requestID":"r1"}"#.into(), BAD, true),
        ("a command that is not known", r#"{"cmd":"fly","requestID":"r1"}"#.into(), Problem::UnknownCommand, true),
        ("a command in other letters", r#"{"cmd":"PRINT","requestID":"r1"}"#.into(), Problem::UnknownCommand, true),
        ("a mark that is an object", r#"{"cmd":"getPrinters","requestID":{}}"#.into(), missing("requestID"), false),
        ("a mark that is true", r#"{"cmd":"getPrinters","requestID":true}"#.into(), missing("requestID"), false),
        ("a mark that is too long", json!({"cmd": "getPrinters", "requestID": long}).to_string(), missing("requestID"), false),
        ("a mark with a control character", r#"{"cmd":"getPrinters","requestID":"a\u0000"}"#.into(), missing("requestID"), false),
        ("a task that is null", changed(|message| message["task"] = Value::Null), missing("task"), true),
        ("a task that is a list", changed(|message| message["task"] = json!([])), missing("task"), true),
        ("a task that is a text", changed(|message| message["task"] = json!("t1")), missing("task"), true),
        ("an empty task", changed(|message| message["task"] = json!({})), missing("taskID"), true),
        ("no id of the task", task("taskID", Value::Null), missing("taskID"), true),
        ("an empty id of the task", task("taskID", json!("")), missing("taskID"), true),
        ("an id of the task that is a list", task("taskID", json!(["t1"])), missing("taskID"), true),
        ("an id of the task that is too long", task("taskID", json!(long)), missing("taskID"), true),
        ("an id of the task with a line break", task("taskID", json!("a\nb")), missing("taskID"), true),
        ("no documents", task("documents", json!([])), Problem::NoDocuments, true),
        ("documents that are null", task("documents", Value::Null), Problem::NoDocuments, true),
        ("documents that are an object", task("documents", json!({})), missing("documents"), true),
        ("documents that are numbers", task("documents", json!([1])), missing("documents"), true),
        ("too many documents", task("documents", (0..201).map(label).collect()), Problem::TooManyDocuments { most: 200 }, true),
        ("documents with one id", task("documents", json!([label(1), label(2), label(1)])), missing("documentID"), true),
        ("no id of a document", document("documentID", Value::Null), missing("documentID"), true),
        ("an id of a document with a control character", document("documentID", json!("D\u{7f}")), missing("documentID"), true),
        ("an id of a document that is too long", document("documentID", json!(long)), missing("documentID"), true),
        ("no contents", document("contents", Value::Null), missing("contents"), true),
        ("empty contents", document("contents", json!([])), missing("contents"), true),
        ("contents that are an object", document("contents", json!({})), missing("contents"), true),
        ("contents that are numbers", document("contents", json!([7])), missing("contents"), true),
        ("contents that are a text and no JSON", document("contents", json!(["x"])), missing("contents"), true),
        ("two labels in one", document("contents", json!([{"encryptedData": "A", "templateURL": "x"}, {"encryptedData": "B", "templateURL": "x"}])), missing("contents"), true),
        ("six contents", document("contents", json!(vec![json!({"data": {}, "templateURL": "x"}); 6])), missing("contents"), true),
        ("nothing to print", content("encryptedData", Value::Null), missing("encryptedData"), true),
        ("a ciphertext that is a number", content("encryptedData", json!(7)), missing("encryptedData"), true),
        ("a ciphertext that is an object", content("encryptedData", json!({})), missing("encryptedData"), true),
        ("bad base64", content("encryptedData", json!("MSO1:***")), BAD, true),
        ("base64 with padding", content("encryptedData", json!("MSO1:e30=")), BAD, true),
        ("base64 with bits that mean nothing", content("encryptedData", json!("MSO1:e31")), BAD, true),
        ("no template", content("templateURL", Value::Null), missing("templateURL"), true),
        ("a template that is a list", content("templateURL", json!([])), missing("templateURL"), true),
        ("a template with a line break", content("templateURL", json!("http://a\nb")), missing("templateURL"), true),
        ("data that is a number", document("contents", json!([{"data": 7, "templateURL": "x"}])), missing("data"), true),
        ("a sender that is a text", content("addData", json!("somebody")), missing("addData"), true),
        ("no copies to speak of", document("copy", json!(-1)), missing("copy"), true),
        ("a thousand copies", document("copy", json!(1000)), missing("copy"), true),
        ("a negative number of the first", task("firstDocumentNumber", json!(-1)), missing("firstDocumentNumber"), true),
        ("a count with a fraction", task("totalDocumentCount", json!(1.5)), missing("totalDocumentCount"), true),
        ("an enormous count", task("totalDocumentCount", json!(1e300)), missing("totalDocumentCount"), true),
        ("a count in words", task("totalDocumentCount", json!("three")), missing("totalDocumentCount"), true),
        ("preview that is neither yes nor no", task("preview", json!("maybe")), missing("preview"), true),
        ("preview that is a list", task("preview", json!([])), missing("preview"), true),
        ("a form that is a list", task("previewType", json!(["pdf"])), missing("previewType"), true),
        ("told of nothing", task("notifyType", json!([])), missing("notifyType"), true),
        ("told of something else", task("notifyType", json!(["weather"])), missing("notifyType"), true),
        ("told of numbers in a list", task("notifyType", json!([[]])), missing("notifyType"), true),
        ("a printer that is a list", task("printer", json!(["P"])), missing("printer"), true),
        ("a printer with a very long name", task("printer", json!("P".repeat(300))), missing("printer"), true),
        ("tasks that are objects", json!({"cmd": "getTaskStatus", "requestID": "r1", "taskID": [{}]}).to_string(), missing("taskID"), true),
        ("no tasks", json!({"cmd": "getTaskStatus", "requestID": "r1"}).to_string(), missing("taskID"), true),
        ("very many tasks", json!({"cmd": "getTaskStatus", "requestID": "r1", "taskID": vec!["t"; 1001]}).to_string(), missing("taskID"), true),
        ("an offset in words", json!({"cmd": "setPrinterConfig", "requestID": "r1", "printer": {"horizontalOffset": "far"}}).to_string(), missing("horizontalOffset"), true),
        ("an offset without end", json!({"cmd": "setPrinterConfig", "requestID": "r1", "printer": {"horizontalOffset": "inf"}}).to_string(), missing("horizontalOffset"), true),
        ("paper of a negative size", json!({"cmd": "setPrinterConfig", "requestID": "r1", "printer": {"paperSize": {"width": -1, "height": 2}}}).to_string(), missing("paperSize"), true),
        ("an orientation that is neither", json!({"cmd": "setPrinterConfig", "requestID": "r1", "printer": {"orientation": 2}}).to_string(), missing("orientation"), true),
    ]
}

#[test]
fn each_kind_of_malformed_message_is_answered() {
    for generation in [Generation::V0, Generation::V1] {
        let dialect = Dialect { generation, ..Dialect::of(Platform::Cainiao) };
        for (name, message, problem, readable) in malformed() {
            let refused = dialect.read(&message).expect_err(name);
            assert_eq!(refused.problem, problem, "{name}");
            let answer: Value = serde_json::from_str(&dialect.refuse(&refused)).unwrap();
            assert_eq!(answer["status"], "failed", "{name}");
            assert_eq!(answer["errorCode"], problem.number(), "{name}");
            let id = if readable { json!("r1") } else { Value::Null };
            assert_eq!(answer["requestID"], id, "{name}");
        }
    }
}

#[test]
fn what_is_malformed_for_one_is_answered_by_all() {
    for dialect in dialects() {
        for (name, message, ..) in malformed() {
            answered(dialect, &message).unwrap_or_else(|| panic!("{name}"));
        }
    }
}

#[test]
fn jd_and_wechat_have_malformed_messages_of_their_own() {
    let jd =
        |parameters: Value| json!({"orderType": "PRINT", "key": "r1", "parameters": parameters}).to_string();
    let contents = |content: Value| jd(json!({"contents": [content]}));
    let wechat = |list: Value| json!({"command": "print", "requestID": "r1", "taskList": list}).to_string();
    let task = |task: Value| wechat(json!([task]));
    let cases = [
        (Platform::Jd, json!({"orderType": 1, "key": "r1"}).to_string(), BAD),
        (Platform::Jd, json!({"orderType": "FLY", "key": "r1"}).to_string(), Problem::UnknownCommand),
        (Platform::Jd, jd(Value::Null), missing("parameters")),
        (Platform::Jd, jd(json!({})), Problem::NoDocuments),
        (Platform::Jd, jd(json!({"contents": {}})), missing("contents")),
        (Platform::Jd, jd(json!({"contents": [1]})), missing("contents")),
        (Platform::Jd, jd(json!({"contents": vec![1; 201]})), Problem::TooManyDocuments { most: 200 }),
        (Platform::Jd, contents(json!({})), missing("printData")),
        (Platform::Jd, contents(json!({"printData": 1, "tempUrl": "x"})), missing("printData")),
        (Platform::Jd, contents(json!({"printData": "MSO1:?", "tempUrl": "x"})), BAD),
        (Platform::Jd, contents(json!({"printData": "{}"})), missing("tempUrl")),
        (Platform::Jd, contents(json!({"printData": "x", "dataType": "app"})), missing("printData")),
        (Platform::Wechat, json!({"command": [], "requestID": "r1"}).to_string(), BAD),
        (Platform::Wechat, wechat(Value::Null), Problem::NoDocuments),
        (Platform::Wechat, wechat(json!({})), missing("taskList")),
        (Platform::Wechat, wechat(json!(["x"])), missing("taskList")),
        (Platform::Wechat, wechat(json!(vec![1; 201])), Problem::TooManyDocuments { most: 200 }),
        (Platform::Wechat, task(json!({"taskID": "T1"})), missing("printInfo")),
        (Platform::Wechat, task(json!({"printInfo": "x"})), missing("taskID")),
        (Platform::Wechat, task(json!({"taskID": "T1", "printInfo": []})), Problem::PlainRefused),
        (Platform::Wechat, task(json!({"taskID": "T1", "printInfo": "MSO1:?"})), BAD),
        (
            Platform::Wechat,
            task(json!({"taskID": "T1", "printInfo": "x", "printNum": 1})),
            missing("printNum"),
        ),
        (
            Platform::Wechat,
            task(json!({"taskID": "T1", "printInfo": "x", "extendData": 1})),
            missing("extendData"),
        ),
    ];
    for (platform, message, problem) in cases {
        let dialect = Dialect::of(platform);
        if problem == Problem::PlainRefused {
            // Not malformed: JSON is data in clear.
            assert!(dialect.read(&message).is_ok(), "{message}");
            continue;
        }
        let refused = dialect.read(&message).expect_err(&message);
        assert_eq!(refused.problem, problem, "{message}");
        assert_eq!(refused.id.0, "r1", "{message}");
        answered(dialect, &message).unwrap();
    }
}

#[test]
fn nothing_of_a_client_is_in_the_text_of_a_problem() {
    let message = changed(|message| {
        message["task"]["documents"][0]["contents"][0]["encryptedData"] = json!(12_000_001_234_u64);
        message["task"]["documents"][0]["contents"][0]["addData"] = json!({"sender": {"name": "测试甲"}});
    });
    for dialect in dialects() {
        let Err(refused) = dialect.read(&message) else { panic!("{:?}", dialect.platform) };
        let answer = dialect.refuse(&refused);
        assert!(!answer.contains("测试甲") && !answer.contains("12000001234"), "{answer}");
    }
}

#[test]
fn of_a_member_that_stands_twice_the_last_counts() {
    let dialect = Dialect::of(Platform::Cainiao);
    let request =
        dialect.read(r#"{"cmd":"print","requestID":"r1","cmd":"getPrinters","requestID":"r2"}"#).unwrap();
    assert_eq!((request.id.0, request.command), (json!("r2"), Command::Printers));
}

#[test]
fn what_ends_a_line_in_scripts_is_escaped() {
    let dialect = Dialect::of(Platform::Cainiao);
    let refused = dialect.read("{\"cmd\":\"a\u{2028}b\",\"requestID\":\"c\u{2029}d\"}").unwrap_err();
    let answer = dialect.refuse(&refused);
    assert!(answer.contains(r"a\u2028b") && answer.contains(r"c\u2029d"), "{answer}");
}

/// Reads a message in a dialect and looks at the answer, if it is one at once: one line of strict JSON.
fn answered(dialect: Dialect, message: &str) -> Option<()> {
    let answer = match dialect.read(message) {
        Ok(request) => dialect.refuse(&dialect.refusal(&request, Problem::Busy)),
        Err(refused) => {
            let Refused { id, command, .. } = &refused;
            assert!(command.chars().count() <= ID_CHARACTERS && (id.0.is_null() || !id.0.is_object()));
            dialect.refuse(&refused)
        }
    };
    assert!(!answer.contains(['\n', '\r', '\u{2028}', '\u{2029}']), "{answer}");
    serde_json::from_str::<Value>(&answer).ok()?.is_object().then_some(())
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["MSO1:e30", "AES:x", "print", "{}", "[]", "app", "P1", "1"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..8).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Names that mean something, so that what is read gets deep.
fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "cmd",
        "command",
        "orderType",
        "requestID",
        "requestId",
        "key",
        "task",
        "taskID",
        "taskList",
        "documents",
        "documentID",
        "contents",
        "encryptedData",
        "data",
        "customData",
        "templateURL",
        "templateUrl",
        "tempUrl",
        "addData",
        "extendData",
        "printer",
        "name",
        "preview",
        "previewType",
        "notifyType",
        "notifyMode",
        "copy",
        "printData",
        "printInfo",
        "printNum",
        "curNum",
        "parameters",
        "paperSize",
        "width",
        "firstDocumentNumber",
    ])
    .prop_map(str::to_owned)
}

fn command() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "getPrinters",
        "getPrinterConfig",
        "setPrinterConfig",
        "printerConfig",
        "print",
        "getTaskStatus",
        "getDocumentStatus",
        "getGlobalConfig",
        "setGlobalConfig",
        "getAgentInfo",
        "PRINT",
        "GET_Printers",
        "PRE_View",
        "PRE_View:multi",
        "preview",
        "getPrinterList",
        "getAppInfo",
    ])
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".{0,200}") {
        for dialect in dialects() {
            prop_assert!(answered(dialect, &text).is_some());
        }
    }

    #[test]
    fn any_json_is_answered(mut value in any_json(), command in command()) {
        let text = value.to_string();
        for dialect in dialects() {
            prop_assert!(answered(dialect, &text).is_some());
        }
        if let Some(members) = value.as_object_mut() {
            for name in ["cmd", "command", "orderType"] {
                members.insert(name.to_owned(), command.into());
            }
        }
        let text = value.to_string();
        for dialect in dialects() {
            prop_assert!(answered(dialect, &text).is_some());
        }
    }

    #[test]
    fn a_message_that_is_damaged_is_answered(place in 0usize..400, byte in any::<u8>()) {
        let mut bytes = changed(|_| ()).into_bytes();
        let place = place % bytes.len();
        bytes[place] = byte;
        let text = String::from_utf8_lossy(&bytes);
        for dialect in dialects() {
            prop_assert!(answered(dialect, &text).is_some());
        }
    }

    #[test]
    fn marks_come_back_with_their_type(number in any::<f64>(), text in "[^\\p{C}]{0,128}") {
        let dialect = Dialect::of(Platform::Cainiao);
        for mark in [json!(number), json!(text)] {
            let message = json!({"cmd": "getPrinters", "requestID": mark}).to_string();
            let request = dialect.read(&message).unwrap();
            let answer: Value = serde_json::from_str(&dialect.printers(&request.id, &[], None)).unwrap();
            match (mark.as_f64(), answer["requestID"].as_f64()) {
                // Reading back is not exact in this reader, so what is written is compared.
                (Some(_), Some(_)) => prop_assert_eq!(request.id.0.to_string(), mark.to_string()),
                _ => prop_assert_eq!(&answer["requestID"], &mark),
            }
        }
    }
}
