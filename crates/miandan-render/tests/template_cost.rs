//! A thousand templates that mean harm, made by chance of what makes code run long and data grow: each is refused or
//! finished within 50 ms of the processor and 64 MiB of memory.

#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, reason = "the figures are worth seeing")]

mod support;

use std::fs;

use miandan_core::label::Resolution;
use miandan_render::frame::Frame;
use miandan_render::shipped;
use miandan_render::template::Template;
use miandan_testing::Random;
use support::{page, text};

const TEMPLATES: usize = 1_000;

/// Milliseconds of the processor for one template.
const MOST_TIME: u64 = 50;

/// KiB of memory for one template.
const MOST_MEMORY: u64 = 64 << 10;

const GROW: &[&str] = &[
    "l.push(s, l);",
    "l.unshift(s, o);",
    "l = l.concat(l);",
    "l = l.concat([l, l], s);",
    "l.splice(0, 1, l, l, s);",
    "l = l.slice();",
    "l = [l, l, o];",
    "l.sort();",
    "l.sort(order);",
    "l.sort(function (a, b) { l.push(1); return a < b ? 1 : -1 });",
    "l.reverse();",
    "l[l.length] = s + i;",
    "l.length = 0;",
    "s += s;",
    "s = s + l;",
    "s = l.join(s);",
    "s = s.replace('x', '$&$&' + s);",
    "s = s.replace('x', '$`$`');",
    "s = s.split('x').join('xx');",
    "l = s.split('');",
    "s = s.toUpperCase() + 'ŉﬃ';",
    "s.lastIndexOf(s + 'y');",
    "l.indexOf(s);",
    "l.lastIndexOf(l);",
    "o[s] = o;",
    "o[i] = l;",
    "o[s + i] = s;",
    "o[l] = 1;",
    "o = {a: o, b: l, c: s};",
    "delete o[i];",
    "for (k in o) o[k + 'x'] = k;",
    "for (k in l) l.push(k);",
    "for (k in s) s += k;",
    "l = Object.keys(o);",
    "t = s == l || l < l || s < s + 1;",
    "switch (s) { case s + 1: case l + '': case o: i++ }",
    "i++;",
    "t = Math.pow(3, i % 30) + parseFloat(s) + parseInt(s, 36);",
    "t = new Date(); t = _context.formatStartTime('yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy');",
    "t = typeof l + (s in o);",
];

const PRINT: &[&str] = &["%>面单<%", "%><%= s %><%", "%><%= l %><%", "%><%= i %> <%", ""];

const DRAW: &[&str] = &[
    "%><rect left='1' top='1' width='1' height='1'/><%",
    "%><text left='1' top='<%= i %>' width='9' height='9'><%= s %></text><%",
    "%><text style='fontSize:auto' left='1' top='1' width='90' height='90'><%= l %></text><%",
    "%><barcode type='qrcode' left='1' top='1' width='40' height='40'><%= i %></barcode><%",
    "%><table width='90'><tr><td><text><%= s %></text></td><td colspan='2'/></tr></table><%",
    "",
];

/// Statements, and what stands around them.
fn code(random: &mut Random, output: &[&'static str]) -> String {
    let body: String = (0..1 + random.below(5)).map(|_| random.pick(GROW)).collect();
    let body = body + random.pick(output);
    let looped = match random.below(7) {
        0 => format!("for (;;) {{ {body} }}"),
        1 => format!("while (true) {{ {body} }}"),
        2 => format!("do {{ {body} }} while (s != l)"),
        3 => format!("for (i = 0; i < 9999; i++) {{ {body} }}"),
        4 => format!("for (n = 0; n < 99; n++) {{ for (m = 0; m < 99; m++) {{ {body} }} }}"),
        5 => format!("for (n in 'abcdefghijklmnop') {{ {body} }} for (;;) {{ {body} }}"),
        _ => format!(
            "again(40); for (;;) {{ again(3) }} function again(n) {{ {body} if (n) {{ again(n - 1); again(n - 1) }} }}"
        ),
    };
    format!(
        "<% var l = ['x'], o = {{}}, s = 'x', i = 0, t, k; {looped} function order(a, b) {{ s += 'x'; return b }} %>"
    )
}

/// Nanoseconds of the processor that this thread has had.
fn processor() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// KiB that this process has at most had in memory.
fn peak() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_thousand_hostile_templates_cost_little() {
    let mut random = Random(0x5851_f42d_4c95_7f2d);
    let waybill = shipped::sample();
    let mut frame = Frame::default();
    // Faces and the like are read once.
    let first = Template::compile(shipped::ONE_PART_76X130.as_bytes()).unwrap();
    first.layout(&waybill, Resolution::Dpi203, &mut frame).unwrap();
    let (mut longest, mut largest, mut refused, mut compiled) = (0, 0, 0, 0);
    // What the allocator keeps is not given back, so this is what all of them needed, and each no more.
    let before = peak();
    for number in 0..TEMPLATES {
        let source = match number % 2 {
            0 => text(&code(&mut random, PRINT)),
            _ => page(&code(&mut random, DRAW)),
        };
        let time = processor();
        let mut frame = Frame::default();
        match Template::compile(source.as_bytes()) {
            Ok(template) => {
                compiled += 1;
                refused += usize::from(template.layout(&waybill, Resolution::Dpi300, &mut frame).is_err());
            }
            Err(_) => refused += 1,
        }
        let (time, memory) = ((processor() - time) / 1_000_000, peak() - before);
        assert!(time <= MOST_TIME, "{time} ms\n{source}");
        assert!(memory <= MOST_MEMORY, "{memory} KiB\n{source}");
        (longest, largest) = (longest.max(time), largest.max(memory));
    }
    println!("{refused} of {TEMPLATES} refused; at most {longest} ms and {largest} KiB");
    assert!(
        refused > TEMPLATES / 2 && compiled > TEMPLATES * 9 / 10,
        "{refused} refused, {compiled} compiled"
    );
}
