//! Small programs, made by chance, of which every value must print as in Node.
#![allow(clippy::disallowed_methods, reason = "the ban of child processes is for the product")]

use std::io::Write;
use std::process::{Command, Stdio};

use miandan_testing::Random;

use super::{Template, evaluate};

const PROGRAMS: usize = 3_000;

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
        match self.0.below(14) {
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
            _ => {
                format!(
                    "{}({a})",
                    self.0.pick(&["parseInt", "isNaN", "typeof ", "!", "+", "String", "Number"])
                )
            }
        }
    }

    fn program(&mut self) -> String {
        let [first, second, inner, result] = [1, 2, 2, 3].map(|depth| self.expression(depth));
        let loops = self.0.pick(&[
            "for (var i in 'abc') w = w + i;",
            "for (i = 0; i < 3; i++) { if (i == 1) continue; w += i; }",
            "var n = 0; while (n < 4) { n++; if (n > 2) break; } do { n += 2 } while (n < 7); w = n;",
            "",
        ]);
        format!(
            "function f(v, b) {{ if (v > b) return {inner}; var w = b; return w }}
            var v = {first}, w = {second}; {loops} var r = {result};"
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
        let Ok(scene) = evaluate::evaluate(&template, &waybill) else { continue };
        compared += 1;
        let expected = expected.map(|text| format!("[{text}]"));
        if expected.as_deref() != Some(scene.text.as_str()) {
            wrong.push(format!("{program}\n  ours {}\n  node {expected:?}", scene.text));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong[..wrong.len().min(6)].join("\n"));
    assert!(compared > PROGRAMS / 2, "{compared} programs ran");
}
