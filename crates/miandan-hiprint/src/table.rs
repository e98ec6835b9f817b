//! Tables. An order has one list, its goods, so a table either lists them or is left out.

use serde_json::Value;

use crate::design::Options;
use crate::import::{Drawn, Importer};
use crate::item::Item;
use crate::mapping::{Mapping, Meaning};
use crate::names;
use crate::note::Reason;
use crate::text;
use crate::write::{Tag, fixed, millimetres, name, number};

/// Columns of a table, and rows of its head.
const COLUMNS: usize = 64;
const HEAD: usize = 8;

/// Points of a row where a table does not say.
const ROW: f64 = 18.0;

/// Points beside the text of a cell.
const PADDING: f64 = 4.0;

/// Points of the lines of a table.
const LINE: f64 = 0.75;

/// What of its element decides how all cells look.
struct Look {
    size: f64,
    head_size: f64,
    head_bold: bool,
    head_height: f64,
    row_height: f64,
}

/// A cell of the head.
struct Cell<'d> {
    options: Options<'d>,
    columns: usize,
    rows: usize,
}

/// The head, row by row, and for each column the cell that is its heading.
struct Head<'d> {
    rows: Vec<Vec<Cell<'d>>>,
    leaves: Vec<Options<'d>>,
}

/// Whether a table lists the goods.
pub(crate) fn is_of_goods(item: &Item<'_>, mapping: &Mapping) -> bool {
    let field = item.options.text("field");
    match mapping.field(&field, &item.options.text("title")).0 {
        Meaning::Known(target) => target.is_goods(),
        Meaning::NeverPrinted => false,
        Meaning::Unknown => {
            // `table` says nothing; its columns do.
            names::is_table(&field)
                && layers(item.options).into_iter().flatten().any(|column| {
                    let column = Options::of_column(column);
                    let (meaning, _) = mapping.column(&column.text("field"), &column.text("title"));
                    matches!(meaning, Meaning::Known(_))
                })
        }
    }
}

/// The table. Without a place it stands where its layout puts it.
pub(crate) fn draw(importer: &Importer<'_>, item: &mut Item<'_>, placed: bool) -> Option<Drawn> {
    if !is_of_goods(item, importer.mapping) {
        let (meaning, _) = importer.mapping.field(&item.options.text("field"), &item.options.text("title"));
        let never = meaning == Meaning::NeverPrinted;
        item.leave_out(if never { Reason::NeverPrinted } else { Reason::UnknownField });
        return None;
    }
    item.note.target = Some("goods");
    let head = head(item);
    if head.leaves.is_empty() {
        item.leave_out(Reason::NoContent);
        return None;
    }
    remarks(item);
    let mut sizes = Tag::new("text");
    let size = text::font_size(item, &mut sizes, "fontSize", text::SIZE);
    let look = Look {
        size,
        head_size: text::font_size(item, &mut sizes, "tableHeaderFontSize", size),
        head_bold: text::is_bold(&item.options.text("tableHeaderFontWeight")),
        head_height: item.size("tableHeaderRowHeight").unwrap_or(ROW).min(2_000.0),
        row_height: item.size("tableBodyRowHeight").unwrap_or(ROW).min(2_000.0),
    };
    let mut tag = Tag::new("table");
    tag.length("left", item.area.left);
    if placed {
        tag.length("top", item.area.top);
    }
    tag.length("width", item.area.width);
    lines(item, &mut tag);
    item.z_index(&mut tag);

    let mut out = vec![tag.start()];
    let shares = shares(&head.leaves);
    if item.options.word("tableHeaderRepeat") != "none" {
        for (layer, row) in head.rows.iter().enumerate() {
            out.push("  <tr>".to_owned());
            for cell in row {
                let leaf = (layer + cell.rows == head.rows.len()).then(|| head.leaf(cell)).flatten();
                out.push(format!("    {}", heading(item, cell, leaf.map(|leaf| &*shares[leaf]), &look)));
            }
            out.push("  </tr>".to_owned());
        }
    }
    out.push("  <% for (var row = 0; row < _data.packageInfo.items.length; row++) { %>".to_owned());
    out.push("  <tr>".to_owned());
    for (leaf, share) in head.leaves.iter().zip(&shares) {
        out.push(format!("    {}", cell(importer, item, *leaf, share, &look)));
    }
    out.extend(["  </tr>", "  <% } %>", "</table>"].map(str::to_owned));
    Some(Drawn { lines: out, preludes: Vec::new() })
}

/// What the table as a whole has that is not carried over.
fn remarks(item: &mut Item<'_>) {
    let options = item.options;
    if [
        "rowStyler",
        "footerFormatter",
        "rowsColumnsMerge",
        "groupFieldsFormatter",
        "groupFormatter",
        "groupFooterFormatter",
        "gridColumnsFooterFormatter",
    ]
    .iter()
    .any(|name| options.is_set(name))
    {
        item.remark(Reason::ColumnFormatter);
    }
    let many = |name| options.number(name).ok().flatten().is_some_and(|count| count > 1.0);
    if many("gridColumns")
        || many("maxRows")
        || options.is_set("autoCompletion")
        || options.is_set("groupFields")
    {
        item.remark(Reason::TableRows);
    }
}

/// The lines between cells and around the table.
fn lines(item: &mut Item<'_>, tag: &mut Tag) {
    let line = number(LINE);
    let line = &*line;
    // Lines along the rows, and those between the cells of a row.
    for (row, cell, property) in [
        ("tableBodyRowBorder", "tableBodyCellBorder", "cellBorderWidth"),
        ("tableHeaderBorder", "tableHeaderCellBorder", "headerBorderWidth"),
    ] {
        let along = match item.options.word(row) {
            "" | "border" | "topBottomBorder" => line,
            "noBorder" => "0",
            word => {
                item.remark(Reason::TableBorder);
                if matches!(word, "topBorder" | "bottomBorder") { line } else { "0" }
            }
        };
        let between = if item.options.word(cell) == "noBorder" { "0" } else { line };
        tag.style(property, &if along == between { along.to_owned() } else { format!("{along} {between}") });
    }
    tag.style("borderWidth", if item.options.word("tableBorder") == "noBorder" { "0" } else { line });
}

/// The columns as the design has them: rows of headings.
fn layers(options: Options<'_>) -> Vec<&[Value]> {
    let Some(Value::Array(columns)) = options.get("columns") else { return Vec::new() };
    match columns.first() {
        Some(Value::Array(_)) => {
            columns.iter().filter_map(Value::as_array).map(Vec::as_slice).take(HEAD).collect()
        }
        Some(_) => vec![columns],
        None => Vec::new(),
    }
}

/// The head as a grid in which every place is taken once; if it is none, its last row alone.
fn head<'d>(item: &mut Item<'d>) -> Head<'d> {
    let mut layers: Vec<Vec<Cell<'d>>> = layers(item.options).into_iter().map(cells).collect();
    layers.retain(|row| !row.is_empty());
    if let Some(leaves) = leaves(&layers) {
        return Head { rows: layers, leaves };
    }
    let mut last = layers.pop().unwrap_or_default();
    if !last.is_empty() {
        item.remark(Reason::TableHead);
    }
    last.truncate(COLUMNS);
    for cell in &mut last {
        (cell.columns, cell.rows) = (1, 1);
    }
    let leaves = last.iter().map(|cell| cell.options).collect();
    Head { rows: vec![last], leaves }
}

/// The cells of a row that are shown.
fn cells(row: &[Value]) -> Vec<Cell<'_>> {
    let span = |options: Options<'_>, name| match options.number(name) {
        Ok(Some(span)) if (1.0..=64.0).contains(&span) => span as usize,
        _ => 1,
    };
    row.iter()
        .filter(|column| column.is_object() && column.get("checked") != Some(&Value::Bool(false)))
        .take(COLUMNS)
        .map(Options::of_column)
        .map(|options| Cell { options, columns: span(options, "colspan"), rows: span(options, "rowspan") })
        .collect()
}

/// For each column the cell that reaches the last row and no further to the side; nothing if there are gaps.
fn leaves<'d>(layers: &[Vec<Cell<'d>>]) -> Option<Vec<Options<'d>>> {
    let mut grid: Vec<[Option<Option<Options<'d>>>; COLUMNS]> = vec![[None; COLUMNS]; layers.len()];
    let mut width = 0;
    for (top, row) in layers.iter().enumerate() {
        for cell in row {
            let left = grid[top].iter().position(Option::is_none)?;
            let (right, bottom) = (left + cell.columns, top + cell.rows);
            if right > COLUMNS || bottom > layers.len() {
                return None;
            }
            for places in &mut grid[top..bottom] {
                for place in &mut places[left..right] {
                    // Something may hang into the row from above.
                    if place.replace((cell.columns == 1).then_some(cell.options)).is_some() {
                        return None;
                    }
                }
            }
            width = width.max(right);
        }
    }
    if width == 0 || grid.iter().any(|row| row[..width].iter().any(Option::is_none)) {
        return None;
    }
    grid.last()?[..width].iter().map(|place| place.flatten()).collect()
}

impl Head<'_> {
    /// Which column a cell is the heading of.
    fn leaf(&self, cell: &Cell<'_>) -> Option<usize> {
        self.leaves.iter().position(|leaf| leaf.is_same(cell.options))
    }
}

/// The widths of the columns in percent of the table, which they fill.
fn shares(leaves: &[Options<'_>]) -> Vec<String> {
    let width = |leaf: &Options<'_>| {
        leaf.number("width").ok().flatten().filter(|width| *width > 0.0).unwrap_or(100.0)
    };
    let all: f64 = leaves.iter().map(width).sum();
    // Rounded down, so that they are never more than the whole.
    leaves.iter().map(|leaf| number((width(leaf) / all * 10_000.0).floor() / 100.0)).collect()
}

/// A cell of the head.
fn heading(item: &mut Item<'_>, cell: &Cell<'_>, share: Option<&str>, look: &Look) -> String {
    let mut tag = Tag::new("th");
    if cell.columns > 1 {
        tag.attribute("colspan", &cell.columns.to_string());
    }
    if cell.rows > 1 {
        tag.attribute("rowspan", &cell.rows.to_string());
    }
    if let Some(share) = share {
        tag.attribute("width", &format!("{share}%"));
    }
    let title = fixed(&cell.options.text("title"), item);
    height(&mut tag, cell.rows, look.head_height, look.head_size, title.is_empty());
    let align = match cell.options.word("halign") {
        "" => cell.options.word("align"),
        align => align,
    };
    tag.around(&set(item, title, align, look.head_size, look.head_bold))
}

/// A cell of a row of goods.
fn cell(
    importer: &Importer<'_>,
    item: &mut Item<'_>,
    column: Options<'_>,
    share: &str,
    look: &Look,
) -> String {
    let mut tag = Tag::new("td");
    tag.attribute("width", &format!("{share}%"));
    let field = column.text("field");
    let told = Some(name(if field.is_empty() { column.word("title") } else { &field }))
        .filter(|name| !name.is_empty());
    if [
        "formatter2",
        "styler2",
        "renderFormatter",
        "stylerHeader",
        "formatter",
        "styler",
        "tableSummaryFormatter",
    ]
    .iter()
    .any(|name| column.is_set(name))
    {
        item.remark_column(Reason::ColumnFormatter, told.clone());
    }
    if column.is_set("tableSummary") {
        item.remark_column(Reason::Summary, told.clone());
    }
    let sequence = column.word("tableTextType") == "sequence";
    if matches!(column.word("tableTextType"), "barcode" | "qrcode" | "image") {
        item.remark_column(Reason::ColumnCode, told.clone());
    }
    let (meaning, by_title) = importer.mapping.column(&field, &column.text("title"));
    let content = match meaning {
        _ if sequence => "<%=row + 1%>".to_owned(),
        Meaning::Known(target) => {
            if by_title {
                item.remark_column(Reason::ByTitle, told);
            }
            format!("<%={}%>", target.expression())
        }
        Meaning::NeverPrinted => {
            item.remark_column(Reason::NeverPrinted, told);
            String::new()
        }
        Meaning::Unknown => {
            item.remark_column(Reason::UnknownColumn, told);
            String::new()
        }
    };
    height(&mut tag, 1, look.row_height, look.size, content.is_empty());
    tag.around(&set(item, content, column.word("align"), look.size, false))
}

/// The height of a cell: that of its row if it has one line, and more if it has more, as in HTML. So it is the room around the
/// text that is fixed.
fn height(tag: &mut Tag, rows: usize, row: f64, size: f64, empty: bool) {
    let around = if empty || rows > 1 { 0.0 } else { ((row - size - LINE) / 2.0).max(0.0) };
    if empty && rows == 1 {
        tag.length("height", row);
    }
    tag.style("padding", &format!("{} {}", millimetres(around), millimetres(PADDING)));
}

/// The text of a cell; nothing where there is none.
fn set(item: &mut Item<'_>, content: String, align: &str, size: f64, bold: bool) -> String {
    if content.is_empty() {
        return content;
    }
    let mut tag = Tag::new("text");
    tag.style("fontSize", &number(size));
    if bold {
        tag.style("fontWeight", "bold");
    }
    match align {
        "center" | "right" => tag.style("align", align),
        "justify" => item.remark(Reason::Justified),
        "" => text::align(item, &mut tag, "textAlign"),
        _ => {}
    }
    tag.style("valign", "middle");
    tag.around(&content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn titles(columns: &Value) -> Option<Vec<String>> {
        let layers: Vec<_> =
            columns.as_array().unwrap().iter().map(|row| cells(row.as_array().unwrap())).collect();
        let leaves = leaves(&layers)?;
        Some(leaves.iter().map(|leaf| leaf.text("title")).collect())
    }

    #[test]
    fn heads_are_grids() {
        let flat = json!([[{"title": "a"}, {"title": "hidden", "checked": false}, {"title": "b"}]]);
        assert_eq!(titles(&flat).unwrap(), ["a", "b"]);
        let high = json!([[{"title": "a", "rowspan": 2}, {"title": "both", "colspan": 2}], [{"title": "b"}, {"title": "c"}]]);
        assert_eq!(titles(&high).unwrap(), ["a", "b", "c"]);
        let gap = json!([[{"title": "a"}], [{"title": "b"}, {"title": "c"}]]);
        assert_eq!(titles(&gap), None);
        let wide = json!([[{"title": "both", "colspan": 2}]]);
        assert_eq!(titles(&wide), None);
        let long = json!([[{"title": "a", "rowspan": 2}]]);
        assert_eq!(titles(&long), None);
        assert_eq!(titles(&json!([])), None);
    }

    #[test]
    fn shares_are_no_more_than_the_whole() {
        let columns = json!([{"width": 100}, {"width": "100"}, {"width": 100}, {"width": -3}]);
        let leaves: Vec<_> = columns.as_array().unwrap().iter().map(Options::of_column).collect();
        assert_eq!(shares(&leaves), ["25", "25", "25", "25"]);
        assert_eq!(shares(&leaves[..3]), ["33.33", "33.33", "33.33"]);
    }
}
