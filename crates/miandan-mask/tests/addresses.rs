//! Addresses from a grammar that knows which of their parts lead to the door.

use miandan_core::masking::ShownAddress;
use miandan_mask::address;
use proptest::prelude::*;
use proptest::sample::select;

/// Whether the part must stay readable, must not, or may be either.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Must {
    Stay,
    Hide,
    Either,
}

type Part = (String, Must);

fn stay(text: impl Into<String>) -> Part {
    (text.into(), Must::Stay)
}

fn hide(text: impl Into<String>) -> Part {
    (text.into(), Must::Hide)
}

fn either(text: impl Into<String>) -> Part {
    (text.into(), Must::Either)
}

fn chinese(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        0..=9 => DIGITS[number as usize].to_owned(),
        10..=19 => format!("十{}", DIGITS[number as usize - 10]),
        _ => format!("{}十{}", DIGITS[number as usize / 10 % 10], DIGITS[number as usize % 10]),
    }
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c })
        .collect()
}

fn small() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        6 => (1_u32..40).prop_map(|n| n.to_string()),
        1 => (1_u32..40).prop_map(chinese),
        1 => (1_u32..40).prop_map(|n| wide(&n.to_string())),
        1 => select(vec!["A", "B", "甲", "乙"]).prop_map(str::to_owned),
    ]
}

fn room() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        6 => (1_u32..40, 1_u32..20).prop_map(|(floor, room)| format!("{floor}{room:02}")),
        1 => (1_u32..40, 1_u32..20).prop_map(|(floor, room)| wide(&format!("{floor}{room:02}"))),
        1 => (1_u32..40, 1_u32..20).prop_map(|(floor, room)| format!("{floor}{room:02}A")),
        1 => (1_u32..40, 1_u32..20).prop_map(|(floor, room)| format!("B{floor}{room:02}")),
        1 => "[一二三四五六七八九]〇[一二三四五六七八九]",
    ]
}

fn street() -> impl Strategy<Value = Vec<Part>> {
    let name = select(vec![
        "海棠路",
        "五一路",
        "丁香街",
        "百子湾路",
        "海棠大道",
        "三元巷",
        "四眼胡同",
        "第3大街",
        "海棠路中段",
        "海棠一路",
    ]);
    prop_oneof![
        4 => (name, 1_u32..2000).prop_map(|(name, number)| vec![stay(name), stay(number.to_string()), stay("号")]),
        1 => (1_u32..3000, 1_u32..99).prop_map(|(lane, number)| vec![stay(format!("海棠路{lane}弄")), stay(format!("{number}号"))]),
        1 => Just(vec![]),
    ]
}

fn estate() -> impl Strategy<Value = Vec<Part>> {
    select(vec![
        "幸福小区",
        "八一小区",
        "三里花园",
        "海棠苑二期",
        "798艺术区",
        "SOHO现代城",
        "海棠大厦",
        "五洲公寓",
        "百合家园",
        "海棠苑3区",
        "",
    ])
    .prop_map(|name| if name.is_empty() { vec![] } else { vec![stay(name)] })
}

/// From the building to the door.
fn door() -> impl Strategy<Value = Vec<Part>> {
    let gap = select(vec!["", "", "", " ", "-", "，"]);
    let building = (small(), select(vec!["栋", "幢", "座", "号楼", "#楼", "棟", "號樓"]));
    let unit = (small(), select(vec!["单元", "单元", "門", "單元"]));
    let word = select(vec!["室", "", "房", "号", "户", "号房", "號室", "房间"]);
    prop_oneof![
        (building.clone(), gap.clone(), unit.clone(), gap.clone(), room(), word.clone()).prop_map(
            |((b, bw), g1, (u, uw), g2, r, rw)| {
                vec![stay(b + bw), stay(g1), hide(u), stay(uw), stay(g2), hide(r), either(rw)]
            }
        ),
        (building.clone(), gap.clone(), room(), word.clone()).prop_map(|((b, bw), g, r, rw)| vec![
            stay(b + bw),
            stay(g),
            hide(r),
            either(rw)
        ]),
        (building, 1_u32..60, select(vec!["层", "楼", "F "]), gap, room(), word.clone()).prop_map(
            |((b, bw), f, fw, g, r, rw)| vec![
                stay(b + bw),
                stay(format!("{f}{fw}")),
                stay(g),
                hide(r),
                either(rw)
            ]
        ),
        (1_u32..40, 1_u32..9, 100_u32..3500, select(vec!["-", "－", "#", "/", "—"]), select(vec!["", "室"]))
            .prop_map(|(b, u, r, j, rw)| {
                vec![
                    stay(b.to_string()),
                    stay(j),
                    hide(u.to_string()),
                    stay(j),
                    hide(r.to_string()),
                    stay(rw),
                ]
            }),
        // Of two elements the first may be a building or a unit, which the place decides.
        (1_u32..9, 100_u32..3500, select(vec!["-", "—", "#", "/"])).prop_map(|(u, r, j)| vec![
            either(u.to_string()),
            stay(j),
            hide(r.to_string())
        ]),
        (1_u32..9, 100_u32..3500).prop_map(|(u, r)| vec![
            hide(u.to_string()),
            stay("单元"),
            hide(r.to_string())
        ]),
        (100_u32..3500, select(vec!["室", "房", "号铺", "号室", "房间"]))
            .prop_map(|(r, rw)| vec![hide(r.to_string()), stay(rw)]),
    ]
}

fn end() -> impl Strategy<Value = Vec<Part>> {
    prop_oneof![
        6 => Just(vec![]),
        1 => select(vec!["放门口", " 前台", "(东门)"]).prop_map(|text| vec![stay(text)]),
        1 => "1[0-2][0-9]{9}".prop_map(|phone| vec![stay(" "), hide(phone)]),
        1 => Just(vec![stay("（"), hide("张三"), stay("）")]),
        1 => Just(vec![either(" "), stay("李"), hide("四"), stay("收")]),
        1 => "[0-9]{4}".prop_map(|code| vec![stay(" 门禁密码"), hide(code), either("#")]),
    ]
}

fn whole() -> impl Strategy<Value = Vec<Part>> {
    (street(), estate(), door(), end())
        .prop_map(|(street, estate, door, end)| [street, estate, door, end].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5000) })]

    #[test]
    fn doors_are_hidden_and_nothing_else(parts in whole()) {
        let source: String = parts.iter().map(|(text, _)| text.as_str()).collect();
        let outcome = address(&source, ShownAddress::Unit);
        let mut at = 0;
        for (text, must) in &parts {
            let range = at..at + text.len();
            at = range.end;
            let covered: usize =
                outcome.hidden.iter().map(|h| h.end.min(range.end).saturating_sub(h.start.max(range.start))).sum();
            match must {
                Must::Hide => prop_assert_eq!(covered, text.len(), "{:?} shows {:?}: {}", source, text, outcome.text.as_str()),
                Must::Stay => prop_assert_eq!(covered, 0, "{:?} hides {:?}: {}", source, text, outcome.text.as_str()),
                Must::Either => {}
            }
        }
        prop_assert_eq!(outcome.warning, None, "{}", source);
        // Masking what is masked already changes nothing.
        let again = address(outcome.text.as_str(), ShownAddress::Unit);
        prop_assert_eq!(again.text.as_str(), outcome.text.as_str(), "{}", source);
    }
}
