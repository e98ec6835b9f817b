//! Plain orders from spreadsheets and JSON of other shapes: the labels are those of the JSON Lines original, and what
//! is bad is told by row and column and never by value. The files are those of `fixtures/import`.

mod common;

use std::path::PathBuf;
use std::process::Output;

use common::{Station, events, print_arguments, said, with_input};

/// What the test data would look like in a message: every value of `fixtures/import/bad` that is personal or an id.
const VALUES: [&str; 9] =
    ["穆", "测试", "1250000", "1.25", "易碎", "一本", "Q7", "YT0000000000", "1234567890123456"];

fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name);
    path.canonicalize().unwrap_or_else(|error| panic!("{name}: {error}")).to_string_lossy().into_owned()
}

/// A station with a copy of the inputs of a test, so that messages name them without a folder.
struct Import {
    station: Station,
}

impl Import {
    fn new() -> Self {
        Import { station: Station::new() }
    }

    fn seal(&self, input: &str, options: &[&str]) -> Output {
        let command = ["seal", input, "--issuer", "issuer.key", "--to", "station.key.pub"];
        let target = ["--merchant", "SHOP-1", "-o", "orders.sealed.jsonl"];
        self.station.run(&[&command[..], &target, options].concat())
    }

    /// The labels of an input that must be sealed and printed.
    fn labels(&self, input: &str, options: &[&str]) -> Vec<u8> {
        let output = self.seal(input, options);
        assert!(output.status.success(), "{input}: {}", said(&output));
        self.station.done(&print_arguments(&["--out", "labels.pdf"]));
        self.station.read("labels.pdf")
    }

    /// What is said of a bad input, without its hint. No value is in it, and nothing is sealed.
    fn refused(&self, input: &str, options: &[&str]) -> String {
        let copy = |name: &str| {
            let file = name.rsplit('/').next().unwrap_or_default().to_owned();
            self.station.write(&file, &std::fs::read(fixture(name)).unwrap());
            file
        };
        let file = copy(input);
        let options: Vec<String> = options
            .iter()
            .map(|option| if option.contains('/') { copy(option) } else { (*option).to_owned() })
            .collect();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let output = self.seal(&file, &options);
        let words = said(&output);
        let expected = if words.contains(".toml:") { 2 } else { 3 };
        assert_eq!(output.status.code(), Some(expected), "{input}: {words}");
        assert!(!self.station.path("orders.sealed.jsonl").exists(), "{input}");
        for value in VALUES {
            assert!(!words.contains(value), "{input}: {value} is in: {words}");
        }
        let (message, hint) =
            words.rsplit_once("\nhint: ").unwrap_or_else(|| panic!("{input}: no hint: {words}"));
        assert_eq!(hint.trim_end().lines().count(), 1, "{words}");
        message.to_owned()
    }
}

#[test]
fn every_format_gives_the_labels_of_the_original() {
    let import = Import::new();
    let original = import.labels(&fixture("orders.jsonl"), &[]);
    let map = fixture("import/erp-map.toml");
    let shop_map = fixture("import/shop-map.toml");
    let cases: [(&str, &[&str]); 9] = [
        ("import/orders.csv", &[]),
        ("import/orders.csv", &["--encoding", "utf-8"]),
        ("import/orders-english.csv", &[]),
        ("import/orders-gb18030.csv", &[]),
        ("import/orders-gb18030.csv", &["--encoding", "gb18030"]),
        ("import/orders.xlsx", &[]),
        ("import/orders.json", &[]),
        ("import/erp.xlsx", &["--map", &map]),
        ("import/shop.jsonl", &["--map", &shop_map]),
    ];
    for (name, options) in cases {
        assert!(import.labels(&fixture(name), options) == original, "{name} {options:?}");
    }
}

#[test]
fn formats_are_known_by_content_and_by_option() {
    let import = Import::new();
    let original = import.labels(&fixture("orders.jsonl"), &[]);
    for (name, option) in [
        ("orders.jsonl", "jsonl"),
        ("import/orders.csv", "csv"),
        ("import/orders-gb18030.csv", "csv"),
        ("import/orders.xlsx", "xlsx"),
        ("import/orders.json", "json"),
    ] {
        let content = std::fs::read(fixture(name)).unwrap();
        import.station.write("nameless", &content);
        assert!(import.labels("nameless", &[]) == original, "{name} by its content");
        import.station.write("wrong.xyz", &content);
        assert!(import.labels("wrong.xyz", &["--input-format", option]) == original, "{name} by {option}");
        // Standard input has no name.
        let seal = ["seal", "-", "--issuer", "issuer.key", "--to", "station.key.pub", "--merchant", "SHOP-1"];
        let command = import.station.command(&[&seal[..], &["-o", "orders.sealed.jsonl"]].concat());
        let output = with_input(command, &content);
        assert!(output.status.success(), "{name}: {}", said(&output));
        import.station.done(&print_arguments(&["--out", "labels.pdf"]));
        assert!(import.station.read("labels.pdf") == original, "{name} from standard input");
    }
}

#[test]
fn a_long_stream_is_sealed_in_batches() {
    let import = Import::new();
    let mut text = "order_id,waybill_no,carrier,recipient.name,items.name\n".to_owned();
    for number in 0..30_000 {
        text.push_str(&format!("{number},YT{number:013},YTO,穆测试,书\n"));
    }
    import.station.write("long.csv", text.as_bytes());
    let output = import.seal("long.csv", &["--json"]);
    assert_eq!(events(&output)[0]["orders"], 30_000, "{}", said(&output));
    assert_eq!(events(&output)[0]["batches"], 300);
}

#[test]
fn columns_that_are_not_used_are_named_by_letter_only() {
    let import = Import::new();
    import.station.write("orders.csv", "订单号,运单号,快递公司,收件人,穆测试\n1,2,YTO,穆,穆\n".as_bytes());
    let output = import.seal("orders.csv", &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).starts_with("columns that are not used: E\n"), "{}", said(&output));
    assert!(!said(&output).contains('穆'));
}

#[test]
fn bad_inputs_are_told_by_place() {
    let import = Import::new();
    let mut wrong = Vec::new();
    for (input, options, expected) in BAD {
        let said = import.refused(&format!("import/bad/{input}"), options);
        if said != *expected {
            wrong.push(format!("(\"{input}\", &{options:?}, \"{}\"),", said.replace('\n', "\\n")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn twenty_bad_rows_are_told_and_no_more_are_looked_for() {
    let import = Import::new();
    let rows = (2..=21)
        .map(|row| format!("row {row}, column G (数量): is not a whole number from 0 to 4294967295\n"));
    let expected =
        rows.collect::<String>() + "error: bad orders in many.csv: 20, and the rest was not looked at";
    assert_eq!(import.refused("import/bad/many.csv", &[]), expected);
}

#[test]
fn bad_rows_are_events_in_json() {
    let import = Import::new();
    let output = import.seal(&fixture("import/bad/mixed.csv"), &["--json"]);
    let events = events(&output);
    let place = |event: &serde_json::Value| {
        (event["event"].as_str().map(str::to_owned), event["row"].as_u64(), event["column"].clone())
    };
    let bad = Some("bad_order".to_owned());
    assert_eq!(
        events.iter().map(place).collect::<Vec<_>>(),
        [
            (bad.clone(), Some(2), "C".into()),
            (bad.clone(), Some(3), "A".into()),
            (bad, Some(4), "H".into()),
            (Some("error".to_owned()), None, serde_json::Value::Null),
        ],
    );
    assert_eq!(events[0]["header"], "快递公司");
    assert_eq!(events[3]["exit"], 3);
}

#[test]
fn a_member_given_twice_is_refused_at_its_place_with_a_map_and_without() {
    let import = Import::new();
    import
        .station
        .write("map.toml", b"[columns]\nrecipient.name = \"to.name\"\nitems.name = \"goods.title\"\n");
    let order =
        |rest: &str| format!("{{\"order_id\":\"1\",\"waybill_no\":\"2\",\"carrier\":\"YTO\",{rest}}}");
    let refused = |name: &str, text: &str, options: &[&str]| {
        import.station.write(name, text.as_bytes());
        let output = import.seal(name, options);
        assert_eq!(output.status.code(), Some(3), "{text}: {}", said(&output));
        assert!(!said(&output).contains('穆') && !import.station.path("orders.sealed.jsonl").exists());
        said(&output).lines().next().unwrap().to_owned()
    };
    let map = &["--map", "map.toml"][..];
    let plain = order("\"recipient\":{\"name\":\"穆\",\"name\":\"测\"}");
    assert!(refused("plain.jsonl", &plain, &[]).starts_with("error: line 1, byte "), "the control");
    for (rest, second) in [
        // In an object that no column names as well: who writes it twice means something else.
        ("\"x\":1,\"x\":1", "\"x\""),
        ("\"carrier\":\"ZTO\"", "\"carrier\""),
        ("\"to\":{\"name\":\"穆\",\"name\":\"测\"}", "\"name\""),
        ("\"goods\":[{\"title\":\"a\"},{\"title\":\"b\",\"title\":\"c\"}]", "\"title\""),
        ("\"a\":[[{\"b\":{\"c\":null,\"\\u0063\":true}}]]", "\"\\u0063\""),
    ] {
        let line = order(rest);
        let byte = line.rfind(second).unwrap() + second.len();
        let said = refused("mapped.jsonl", &format!("\n{line}\n"), map);
        assert_eq!(said, format!("error: line 2, byte {byte}: a member is given twice"), "{line}");
        let said = refused("mapped.json", &format!("[\n{line}]"), map);
        assert_eq!(said, format!("error: order 1, line 2, byte {byte}: a member is given twice"), "{line}");
    }
    // The control: the same name in two objects is none.
    import
        .station
        .write("right.jsonl", order("\"to\":{\"name\":\"穆\"},\"from\":{\"name\":\"穆\"}").as_bytes());
    let output = import.seal("right.jsonl", map);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn what_went_to_standard_output_before_a_bad_row_is_called_incomplete() {
    let import = Import::new();
    let row = |number: u32, count: &str| format!("{number},{number},YTO,书,{count}\n");
    let mut text = "order_id,waybill_no,carrier,items.name,items.count\n".to_owned();
    text.extend((1..=20).map(|number| row(number, if number == 15 { "many" } else { "1" })));
    import.station.write("orders.csv", text.as_bytes());
    let seal =
        ["seal", "orders.csv", "--issuer", "issuer.key", "--to", "station.key.pub", "--merchant", "SHOP-1"];
    let output = import.station.run(&[&seal[..], &["-o", "-", "--batch-size", "10"]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(output.stdout.iter().filter(|&&byte| byte == b'\n').count(), 10);
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("error: row 16, column E (items.count): is not a whole number"), "{words}");
    assert!(words.contains("hint: what stands on standard output already is not all"), "{words}");
}

#[test]
fn chinese_messages_name_row_and_column_too() {
    let import = Import::new();
    let output = import.seal(&fixture("import/bad/count.csv"), &["--lang", "zh"]);
    assert_eq!(
        said(&output),
        "错误: 第 2 行 G 列（数量）：不是 0 至 4294967295 的整数\n提示: 未密封任何订单；请修正后重试\n"
    );
}

/// File, options (a name with a slash is a fixture), and what is said before the hint.
const BAD: &[(&str, &[&str], &str)] = &[
    ("comma-in-row.csv", &[], "error: row 2: 10 cells where the header has 9"),
    ("control-character.csv", &[], "error: row 2, column A (订单号): is empty or has control characters"),
    ("count.csv", &[], "error: row 2, column G (数量): is not a whole number from 0 to 4294967295"),
    (
        "cut-number.csv",
        &[],
        "error: row 2, column E (收件人手机): the spreadsheet program has cut the digits of a long number; format the column as text and enter it again",
    ),
    ("cut.json", &[], "error: line 3, byte 21: not JSON"),
    ("damaged-gb18030.csv", &[], "error: row 3: the text is not GB18030"),
    ("damaged-utf-8.csv", &[], "error: row 3: the text is not UTF-8"),
    ("differs.csv", &[], "error: row 3, column E (收件人手机): is not what row 2 of the same order says"),
    ("empty-waybill.csv", &[], "error: row 3, column B (运单号): is empty"),
    ("empty-waybill.xlsx", &[], "error: row 3, column B (运单号): is empty"),
    ("empty.csv", &[], "error: there are no orders in empty.csv"),
    ("error-cell.xlsx", &[], "error: row 2, column G (数量): is an error of the spreadsheet"),
    ("no-goods-twice.csv", &[], "error: row 3: the same order and waybill number stand in row 2 already"),
    ("long-field.csv", &[], "error: row 2, column D (收件人): is longer than 4062 bytes"),
    (
        "long-number.xlsx",
        &[],
        "error: row 2, column A (订单号): the spreadsheet program has cut the digits of a long number; format the column as text and enter it again",
    ),
    (
        "member.json",
        &[],
        "error: order 2, line 4, byte 8: a member is unknown, given twice, missing or of the wrong type",
    ),
    (
        "mixed.csv",
        &[],
        "row 2, column C (快递公司): is empty\nrow 3, column A (订单号): is empty or has control characters\nrow 4, column H (重量): is not a weight in whole grams, such as 640, 640g or 0.64kg\nerror: bad orders in mixed.csv: 3",
    ),
    (
        "no-header.csv",
        &[],
        "error: no-header.csv, row 1: there is no column for order_id (order_id, 订单号, 订单编号)",
    ),
    (
        "no-order-column.csv",
        &[],
        "error: no-order-column.csv, row 1: there is no column for order_id (order_id, 订单号, 订单编号)",
    ),
    (
        "short-row.csv",
        &["--map", "import/bad/no-such-column.toml"],
        "error: short-row.csv, row 1: there is no column for memo (留言)",
    ),
    (
        "empty-waybill.xlsx",
        &["--map", "import/bad/no-such-sheet.toml"],
        "error: empty-waybill.xlsx has no sheet 一月",
    ),
    ("not-a-workbook.xlsx", &[], "error: not-a-workbook.xlsx is not a whole XLSX workbook"),
    ("numbers.json", &[], "error: line 1, byte 2: not a JSON array of objects"),
    (
        "object.json",
        &[],
        "error: line 1, byte 9: a member is unknown, given twice, missing or of the wrong type",
    ),
    ("old.xls", &[], "error: old.xls is an XLS workbook or one under a password"),
    ("only-header.csv", &[], "error: there are no orders in only-header.csv"),
    ("open-quote.csv", &[], "error: row 3: a quotation mark is never closed; what follows cannot be read"),
    ("order-twice.csv", &[], "error: row 4: the same order and waybill number stand in row 2 already"),
    ("short-row.csv", &[], "error: row 3: 4 cells where the header has 9"),
    (
        "short-row.csv",
        &["--map", "import/bad/syntax.toml"],
        "error: syntax.toml:2: string values must be quoted, expected literal string",
    ),
    (
        "text-after-quote.csv",
        &[],
        "error: row 2: text follows a closing quotation mark; what follows cannot be read",
    ),
    ("text-after.json", &[], "error: line 2, byte 1: not JSON"),
    ("two-columns.csv", &[], "error: two-columns.csv, row 1: columns B and I both stand for waybill_no"),
    (
        "short-row.csv",
        &["--map", "import/bad/unknown-field.toml"],
        "error: unknown-field.toml:3: there is no field or setting recipient.nmae",
    ),
    (
        "short-row.csv",
        &["--map", "import/bad/unknown-setting.toml"],
        "error: unknown-setting.toml:2: there is no field or setting colums",
    ),
    ("utf-16.csv", &[], "error: utf-16.csv is UTF-16"),
    ("web-page.xls", &[], "error: web-page.xls is a web page, whatever its name says"),
    (
        "weight.csv",
        &[],
        "error: row 2, column H (重量): is not a weight in whole grams, such as 640, 640g or 0.64kg",
    ),
    ("../orders-gb18030.csv", &["--encoding", "utf-8"], "error: row 1: the text is not UTF-8"),
    ("../orders.csv", &["--input-format", "xlsx"], "error: orders.csv is not a whole XLSX workbook"),
    ("../orders.csv", &["--input-format", "json"], "error: line 1, byte 1: not a JSON array of objects"),
    (
        "../orders.csv",
        &["--map", "import/erp-map.toml"],
        "error: orders.csv, row 2: there is no column for order_id (交易号)",
    ),
    (
        "../erp.xlsx",
        &[],
        "error: erp.xlsx, row 1: there is no column for order_id (order_id, 订单号, 订单编号)",
    ),
];
