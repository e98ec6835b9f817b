//! Small programs, made by chance, of which every value must print as in Node.
#![allow(clippy::disallowed_methods, reason = "the ban of child processes is for the product")]

use std::io::Write;
use std::process::{Command, Stdio};

use miandan_testing::Random;

use super::{Template, evaluate};

const PROGRAMS: usize = 9_000;

/// Inputs made by chance.
struct Dice(Random);

impl Dice {
    fn leaf(&mut self) -> String {
        self.0
            .pick(&[
                "0",
                "1",
                "-2",
                "2.5",
                "0.1",
                "1e21",
                "1e-7",
                "NaN",
                "1.005",
                "123456789",
                "''",
                "'7'",
                "' 12 '",
                "'a-b-c'",
                "'面单打印'",
                "'1.50kg'",
                "'0x1F'",
                "true",
                "false",
                "null",
                "undefined",
                "v",
                "w",
                "[1, 2]",
                "['x']",
                "[]",
                "l",
                "o",
                "l[0]",
                "l[1]",
                "l.length",
                "o.k",
                "o['x y']",
                "l[l.length - 1]",
            ])
            .to_owned()
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let [a, b, c] = [(); 3].map(|()| self.expression(depth - 1));
        let text = format!("String({a})");
        let number = format!("Number({b})");
        match self.0.below(20) {
            0..=3 => {
                let operator = self.0.pick(&[
                    "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "===", "!==", "&&", "||",
                ]);
                format!("({a} {operator} {b})")
            }
            4 => format!("({a} ? {b} : {c})"),
            5 => format!(
                "{text}.{}({number})",
                self.0.pick(&["charAt", "charCodeAt", "slice", "substring", "substr"])
            ),
            6 => format!("{text}.{}({number}, Number({c}))", self.0.pick(&["slice", "substring", "substr"])),
            7 => {
                format!("{text}.{}(String({b}))", self.0.pick(&["indexOf", "lastIndexOf", "concat", "split"]))
            }
            8 => format!("{text}.{}", self.0.pick(&["length", "trim()", "toUpperCase()", "toLowerCase()"])),
            9 => format!("Math.{}({a})", self.0.pick(&["abs", "ceil", "floor", "round"])),
            10 => format!("Math.{}({a}, {b})", self.0.pick(&["max", "min"])),
            11 => format!("{number}.toFixed({})", self.0.below(6)),
            12 => format!("f({a}, {b})"),
            13 => format!("({a} in {})", self.0.pick(&["l", "o", "[1, 2]", "{k: 1}"])),
            14 => format!(
                "{}.{}({a})",
                self.0.pick(&["l", "[1, '1', 2]", "o.k"]),
                self.0.pick(&["indexOf", "lastIndexOf", "concat", "slice", "join", "push"])
            ),
            15 => {
                format!("[{a}, {b}].{}", self.0.pick(&["reverse()", "sort()", "pop()", "shift()", "length"]))
            }
            16 => format!("{{k: {a}, 1: {b}}}{}", self.0.pick(&[".k", "[1]", "['1']", "['z']", ""])),
            17 => format!("{}({a})", self.0.pick(&["parseFloat", "Array.isArray", "isFinite", "Math.sqrt"])),
            18 => format!(
                "{text}.replace({}, '{}')",
                self.0.pick(&["'a'", "'-'", "'1'", "''"]),
                self.0.pick(&["[$&]", "$$", "x$1", "$`|", "$"])
            ),
            19 => self
                .0
                .pick(&["Math.pow(2, 10)", "(255).toString(16)", "(-7).toString(2)", "Object.keys(o)"])
                .to_owned(),
            _ => {
                format!(
                    "{}({a})",
                    self.0.pick(&["parseInt", "isNaN", "typeof ", "!", "+", "String", "Number"])
                )
            }
        }
    }

    /// What changes the list `l` and the object `o`.
    fn change(&mut self) -> String {
        let [a, b] = [1, 1].map(|depth| self.expression(depth));
        match self.0.below(18) {
            0 => format!("l.push({a}, {b});"),
            1 => format!("l.unshift({a});"),
            2 => format!("w = l.{};", self.0.pick(&["pop()", "shift()", "slice(1)", "slice(-2, -1)", "concat(l, 1)"])),
            3 => format!("w = l.splice({}, {}, {a});", self.0.pick(&["0", "1", "-1"]), self.0.pick(&["0", "1", "9"])),
            4 => format!("l[{}] = {a};", self.0.pick(&["0", "l.length", "'1'", "l.length - 1"])),
            5 => "l.sort();".to_owned(),
            6 => "l.sort(shorter);".to_owned(),
            7 => "l.sort(function (x, y) { var d = String(y) > String(x); return d ? 1 : String(y) < String(x) ? -1 : 0 });".to_owned(),
            8 => "l.reverse();".to_owned(),
            9 => format!("l.length = {};", self.0.below(4)),
            10 => format!("o.k = {a};"),
            11 => format!("o[{a}] = {b};"),
            12 => format!("o.k += {a}; o['x y']++; --o.k;"),
            13 => format!("delete o[{a}]; delete o.z;"),
            14 => "for (var k in o) { w += k; delete o.k }".to_owned(),
            15 => "for (var k in l) { w += l[k]; l.length = 1 }".to_owned(),
            16 => format!(
                "switch ({a}) {{ case {b}: w = 1; case 'x': w += 2; break; default: w += 3; case 1: w += 4{} }}",
                self.0.pick(&["", "; break"])
            ),
            _ => "var m = l; m.push(m.length); o.l = m; v = o.l[0];".to_owned(),
        }
    }

    fn program(&mut self) -> String {
        let [first, second, inner, result] = [1, 2, 2, 3].map(|depth| self.expression(depth));
        let members = [0, 1, 0, 1].map(|depth| self.expression(depth));
        let changes: String = (0..self.0.below(5)).map(|_| self.change()).collect();
        let loops = self.0.pick(&[
            "for (var i in 'abc') w = w + i;",
            "for (i = 0; i < 3; i++) { if (i == 1) continue; w += i; }",
            "var n = 0; while (n < 4) { n++; if (n > 2) break; } do { n += 2 } while (n < 7); w = n;",
            "",
        ]);
        format!(
            "function f(v, b) {{ if (v > b) return {inner}; var w = b; return w }}
            function shorter(x, y) {{ return String(x).length - String(y).length }}
            var l = [{}], o = {{k: {}, 'x y': {}, 2: 'zwei'}};
            var v = {first}, w = {second}; {loops} {changes} var r = {result};
            r = [r, w, l, l.length]; for (var k in o) r.push(k, o[k]); r = r.join('|');",
            members[..2].join(", "),
            members[2],
            members[3]
        )
    }
}

/// What Node makes of each program; nothing where it throws.
fn node(programs: &[String]) -> Vec<Option<String>> {
    let script = "const programs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const run = p => { try { return String(new Function(p + '; return String(r)')()) } catch (e) { return null } };
        for (const p of programs) { const r = run(p); console.log(r === null ? '!' : '=' + encodeURIComponent(r)) }";
    let mut child = Command::new("node")
        .args(["-e", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is needed");
    let list: Vec<String> =
        programs.iter().map(|program| format!("\"{}\"", program.replace('\n', "\\n"))).collect();
    child.stdin.take().unwrap().write_all(format!("[{}]", list.join(",")).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| line.strip_prefix('=').map(|text| decoded(text.as_bytes())))
        .collect()
}

fn decoded(text: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'%' {
            let digits = std::str::from_utf8(&text[at + 1..at + 3]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            at += 3;
        } else {
            bytes.push(text[at]);
            at += 1;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn programs_print_what_they_print_in_node() {
    let mut dice = Dice(Random(0x9e37_79b9_7f4a_7c15));
    let programs: Vec<String> = (0..PROGRAMS).map(|_| dice.program()).collect();
    let waybill = crate::shipped::sample();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (program, expected) in programs.iter().zip(node(&programs)) {
        let source = format!(
            "<page width='9' height='9'><text><![CDATA[<% {program} %>[<%= String(r) %>]]]></text></page>"
        );
        let template =
            Template::compile(source.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{source}"));
        // A refusal is no guess; a value must be the right one.
        let Ok(scene) = evaluate::evaluate(&template, (&waybill).into()) else { continue };
        compared += 1;
        let expected = expected.map(|text| format!("[{text}]"));
        if expected.as_deref() != Some(scene.text.as_str()) {
            wrong.push(format!("{program}\n  ours {}\n  node {expected:?}", scene.text));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong[..wrong.len().min(6)].join("\n"));
    assert!(compared > PROGRAMS / 3, "{compared} programs ran");
}
