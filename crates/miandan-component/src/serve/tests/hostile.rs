//! What a thousand hostile templates can learn of an order is what one label shows: two orders that differ only in
//! what is hidden come out the same, byte for byte, whatever a template does with their fields.

use miandan_testing::Random;

use super::*;

const HOSTILE: usize = 1000;

/// So that copies can be asked for.
const MARK: &str = "<layout id='REPRINT_MARK' left='60' top='122' width='15' height='7'/>";

/// Two orders that differ in every character that a label hides, and in nothing that it shows.
fn twins() -> [String; 2] {
    let order = |name: &str,
                 mobile: &str,
                 phone: &str,
                 unit: &str,
                 room: &str,
                 sender: &str,
                 letters: &str| {
        format!(
            r#"{{"order_id":"2611110000000001","waybill_no":"YT7000000000012","carrier":"YTO",
            "recipient":{{"name":"欧{name}","mobile":"{mobile}4771","phone":"0571-{phone}21","province":"浙江省",
            "city":"杭州市","district":"西湖区","detail":"文三路90号17号楼{unit}单元{room}室"}},
            "sender":{{"name":"谭{sender}","mobile":"{mobile}5510","city":"广州市","detail":"体育西路3号{room}室"}},
            "buyer":{{"account":"{letters}","email":"{letters}@example.com","idcard":"0000001900010{unit}{room}"}},
            "routing":{{"code":"356-01-02 F3"}},"items":[{{"name":"保温杯","count":2}}],
            "memo":"电话{mobile}0000，密码{room}"}}"#
        )
    };
    [
        order("阳明月", "1270918", "083746", "7", "1603", "明", "acct_one"),
        order("甲乙丙", "1281111", "044444", "2", "0944", "庚", "somebody"),
    ]
}

/// Inputs made by chance.
struct Dice(Random);

impl Dice {
    fn field(&mut self) -> &'static str {
        self.0.pick(&[
            "_data.recipient.name",
            "_data.recipient.mobile",
            "_data.recipient.phone",
            "_data.recipient.address.detail",
            "_data.sender.name",
            "_data.sender.mobile",
            "_data.sender.address.detail",
            "_data.memo",
            "_context.runningNumber()",
        ])
    }

    /// An expression that tries to learn something.
    fn probe(&mut self, depth: usize) -> String {
        let field = self.field();
        let (one, two) = (self.0.below(20), self.0.below(20));
        let word = self.0.pick(&["*", "1", "7", "阳", "单元", "", "0571", "6", "甲", "\\u9633"]);
        match self.0.below(if depth == 0 { 9 } else { 13 }) {
            0 => field.to_owned(),
            1 => format!("{field}.length"),
            2 => format!("{field}.charAt({one})"),
            3 => format!("{field}.substring({one}, {two})"),
            4 => format!("{field}.indexOf('{word}')"),
            5 => format!("{field}.split('{word}').length"),
            6 => format!("{field}.replace('{word}', 'x')"),
            7 => format!("{field}.slice(-{one})"),
            8 => format!("({field}.charAt({one}) == '{word}')"),
            9 => {
                format!("({} ? {} : {})", self.probe(depth - 1), self.probe(depth - 1), self.probe(depth - 1))
            }
            10 => format!("({} + {})", self.probe(depth - 1), self.probe(depth - 1)),
            11 => format!("({} > {})", self.probe(depth - 1), self.probe(depth - 1)),
            _ => format!("parseInt({})", self.probe(depth - 1)),
        }
    }

    /// A template that puts what it learns where somebody could read it.
    fn template(&mut self) -> String {
        let place = |content: &str| {
            format!(
                "<layout left='2' top='2' width='70' height='60' style='overflow:visible'>{content}</layout>"
            )
        };
        let probe = self.probe(3);
        let content = match self.0.below(13) {
            0 => place(&format!("<text><![CDATA[<%={probe}%>]]></text>")),
            1 => place(&format!("<barcode type='qrcode'><![CDATA[<%='' + {probe}%>]]></barcode>")),
            2 => place(&format!("<barcode type='code128'><![CDATA[<%='A' + {probe}%>]]></barcode>")),
            3 => format!(
                "<% if ({probe}) {{ %><line startX='1' startY='1' endX='50' endY='1'/><% }} else {{ %>{}<% }} %>",
                place("<text>x</text>")
            ),
            4 => {
                let field = self.field();
                let repeated = place("<rect width='1' height='1'/>");
                format!(
                    "<% for (var i = 0; i < {field}.length; i++) {{ if ({field}.charAt(i) == '*') {{ %>{repeated}<% }} }} %>"
                )
            }
            5 => format!(
                "<layout left='<%={probe}%>' top='<%=('' + {probe}).length%>' width='30' height='20'><text>x</text></layout>"
            ),
            6 => place(&format!(
                "<text style=\"fontSize:<%=('' + {probe}).length + 5%>;fontFamily:'<%={probe}%>'\">面单</text>"
            )),
            7 => {
                // Every character as a number, by asking for each digit.
                let field = self.field();
                let digits = (0..10).map(|digit| format!("n += {field}.split('{digit}').length;"));
                let code: String = digits.collect();
                format!("<% var n = 0; {code} %>{}", place("<text><![CDATA[<%=n%>]]></text>"))
            }
            8 => {
                // A function that looks at every character, and calls itself for the next.
                let field = self.field();
                let word = self.0.pick(&["*", "1", "7", "阳", "甲", "单"]);
                let look = format!(
                    "function look(t, i) {{ return i < t.length ? (t.charAt(i) == '{word}' ? 1 : 0) + look(t, i + 1) : 0 }}"
                );
                format!("<% {look} %>{}", place(&format!("<text><![CDATA[<%=look({field}, 0)%>]]></text>")))
            }
            9 => {
                let field = self.field();
                let order =
                    "function before(a, b) { var n = 0; while (n < a.length && a[n] <= b) n++; return n }";
                format!(
                    "<% {order} %>{}",
                    place(&format!(
                        "<text><![CDATA[<%=before({field}, {field})%><%=before({field}, {probe})%>]]></text>"
                    ))
                )
            }
            10 => {
                let field = self.field();
                let draw = "function draw(n) { %><rect left='<%=n%>' top='1' width='1' height='1'/><% }";
                let at = self.0.below(12);
                format!(
                    "<% {draw} for (var i in {field}) {{ if ({field}[i] != '*' && i > {at}) draw(i) }} %>{}",
                    place("")
                )
            }
            11 => {
                let field = self.field();
                let count = "function count(t) { var n = 0; do { n += parseInt(t.slice(n)) || 1 } while (n < t.length); return typeof t + n }";
                format!("<% {count} %>{}", place(&format!("<text><![CDATA[<%=count({field})%>]]></text>")))
            }
            _ => place(&format!(
                "<text style='fontSize:auto'><![CDATA[<%={probe}%><%={}%>]]></text>",
                self.probe(2)
            )),
        };
        format!(
            "<page xmlns='http://cloudprint.cainiao.com/print' width='76' height='130'>{content}{MARK}</page>"
        )
    }
}

#[test]
fn a_thousand_hostile_templates_learn_what_one_label_shows() {
    let mut bench = Bench::new();
    let twins = twins();
    let sealed = bench.seal(&[&twins[0].replace('\n', " "), &twins[1].replace('\n', " ")]);
    let mut dice = Dice(Random(0x9e37_79b9_7f4a_7c15));
    let (mut compiled, mut drawn, mut pictures) = (0, 0, std::collections::BTreeSet::new());
    // As copies: what a host tells of a label changes nothing about what is hidden.
    let number = LabelNumber { index: 1, count: 200 };
    let copy = Stamp { running: RunningNumber::new(261_111, 3, 1), copy: 1, ..Stamp::first(number, NOW) };
    while compiled < HOSTILE {
        let source = dice.template();
        bench.server.templates.clear();
        let mut frame = Vec::new();
        bench.server.answer(
            &Request::Template { kind: TemplateKind::Waybill, source: source.as_bytes() },
            &mut frame,
        );
        if !matches!(Answer::decode(frame[4], &frame[5..]), Ok(Answer::Template(_))) {
            continue;
        }
        compiled += 1;
        for format in [Format::Pdf, Format::Png, Format::Frame] {
            let (labels, _) = bench.stamped(format, NOW, &[(copy, &sealed[0]), (copy, &sealed[1])]);
            assert!(labels[0] == labels[1], "{source}");
            if let Ok(label) = &labels[0] {
                drawn += 1;
                pictures.insert(label.clone());
            }
        }
    }
    // The controls: most of them do draw something, and not all the same; and what is shown does make a difference.
    assert!(drawn > HOSTILE, "{drawn} of {compiled} templates draw");
    assert!(pictures.len() > HOSTILE / 4, "{} different labels", pictures.len());
    bench.server.templates.clear();
    bench.template(ONE_PART_76X130);
    let shown =
        bench.seal(&[&twins[0].replace('\n', " "), &twins[0].replace('\n', " ").replace("90号", "91号")]);
    let (labels, _) = bench.labels(Format::Png, NOW, &[&shown[0], &shown[1]]);
    assert!(labels[0].is_ok() && labels[0] != labels[1]);
}
