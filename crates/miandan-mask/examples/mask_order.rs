//! Masks the fields of one order, and says how long an order takes: `cargo run --release --example mask_order`.

use std::hint::black_box;
use std::time::Instant;

use miandan_core::field::FieldType;
use miandan_core::masking::Masking;
use miandan_mask::{field, free_text};

const ORDER: [(FieldType, &str); 14] = [
    (FieldType::Name, "欧阳娜娜"),
    (FieldType::Mobile, "12000001234"),
    (FieldType::Region, "海棠省"),
    (FieldType::Region, "丁香市"),
    (FieldType::Region, "百合区"),
    (FieldType::Region, "水仙街道"),
    (FieldType::Address, "海棠路88号幸福小区17号楼2单元1501室"),
    (FieldType::Org, "山海小店"),
    (FieldType::Landline, "010-12345678转8001"),
    (FieldType::Region, "玉兰省"),
    (FieldType::Region, "茉莉市"),
    (FieldType::Region, "芙蓉区"),
    (FieldType::Region, "牡丹镇"),
    (FieldType::Address, "丁香大道1288号海棠科技园8号楼3层"),
];
const MEMO: &str = "加急，送前打12000005678";

fn main() -> Result<(), std::fmt::Error> {
    use std::fmt::Write as _;

    let mut report = String::new();
    for (kind, text) in ORDER {
        if let Some(outcome) = field(kind, text, &Masking::DEFAULT) {
            writeln!(report, "{kind:8} {}", outcome.text.as_str())?;
        }
    }
    writeln!(report, "memo     {}", free_text(MEMO).text.as_str())?;

    let rounds = 200_000;
    let start = Instant::now();
    for _ in 0..rounds {
        for (kind, text) in black_box(ORDER) {
            black_box(field(kind, text, &Masking::DEFAULT));
        }
        black_box(free_text(black_box(MEMO)));
    }
    writeln!(report, "{} ns an order", start.elapsed().as_nanos() / rounds)?;
    std::io::Write::write_all(&mut std::io::stdout(), report.as_bytes()).map_err(|_| std::fmt::Error)
}
