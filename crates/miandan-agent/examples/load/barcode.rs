//! Which label came out: the waybill number, from the Code 128 (ISO/IEC 15417) on it. A line through an even picture is enough,
//! so a reader of photographs is not needed, and this takes microseconds.

use miandan_testing::printer::Sheet;

/// The widths of bars and spaces of each value, from 0.
const WIDTHS: [&[u8; 6]; 106] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312", b"132212",
    b"221213", b"221312", b"231212", b"112232", b"122132", b"122231", b"113222", b"123122", b"123221",
    b"223211", b"221132", b"221231", b"213212", b"223112", b"312131", b"311222", b"321122", b"321221",
    b"312212", b"322112", b"322211", b"212123", b"212321", b"232121", b"111323", b"131123", b"131321",
    b"112313", b"132113", b"132311", b"211313", b"231113", b"231311", b"112133", b"112331", b"132131",
    b"113123", b"113321", b"133121", b"313121", b"211331", b"231131", b"213113", b"213311", b"213131",
    b"311123", b"311321", b"331121", b"312113", b"312311", b"332111", b"314111", b"221411", b"431111",
    b"111224", b"111422", b"121124", b"121421", b"141122", b"141221", b"112214", b"112412", b"122114",
    b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111", b"111242",
    b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112", b"421211", b"212141",
    b"214121", b"412121", b"111143", b"111341", b"131141", b"114113", b"114311", b"411113", b"411311",
    b"113141", b"114131", b"311141", b"411131", b"211412", b"211214", b"211232",
];

/// Values that are no characters.
const TO_C: usize = 99;
const TO_B: usize = 100;
const START_B: usize = 104;
const START_C: usize = 105;

/// The text of the first barcode from the top, its check character right.
pub(crate) fn read(sheet: &Sheet) -> Option<String> {
    (0..sheet.height).step_by(8).find_map(|y| read_line(sheet, y))
}

fn read_line(sheet: &Sheet, y: usize) -> Option<String> {
    let mut runs = Vec::new();
    let (mut is_ink, mut length) = (false, 0);
    for x in 0..sheet.width {
        if sheet.dot(x, y) == is_ink {
            length += 1;
        } else {
            runs.push(length);
            (is_ink, length) = (!is_ink, 1);
        }
    }
    // The paper before it; then six for each value, and the last bar of the end.
    let bars = runs.get(1..)?;
    if bars.len() < 3 * 6 + 7 {
        return None;
    }
    let module = bars[..6].iter().sum::<usize>() as f64 / 11.0;
    let value = |six: &[usize]| {
        let widths: Vec<u8> =
            six.iter().map(|&run| b'0' + (run as f64 / module).round().clamp(0.0, 9.0) as u8).collect();
        WIDTHS.iter().position(|known| known[..] == widths[..])
    };
    let values: Vec<usize> = bars.chunks_exact(6).map_while(value).collect();
    let (&check, data) = values.split_last()?;
    let (&start, data) = data.split_first()?;
    let sum: usize = (1..).zip(data).map(|(place, value)| place * value).sum();
    if (start + sum) % 103 != check || data.is_empty() {
        return None;
    }
    let mut pairs = match start {
        START_B => false,
        START_C => true,
        _ => return None,
    };
    let mut text = String::new();
    for &value in data {
        match value {
            TO_B if pairs => pairs = false,
            TO_C if !pairs => pairs = true,
            _ if pairs => text.push_str(&format!("{value:02}")),
            0..=94 => text.push(char::from(b' ' + value as u8)),
            _ => return None,
        }
    }
    Some(text)
}
