//! A page that names a form looks as the page drawn whole, whatever stands on it; and a page that cannot is drawn whole.

use miandan_core::label::LabelSize;
use miandan_templates::{Case, LABELS};
use proptest::prelude::*;

use super::*;
use crate::frame::{FaceId, Fill, Ink, Outline, Rect, Shape, Stroke, Turn};
use crate::raster::{Bitmap, Rasteriser};

/// What all frames draw texts with.
const TEXT: &str = "收件人Åg已验视";

fn frame(items: Vec<Item>) -> Frame {
    let cids = TEXT.chars().map(|c| miandan_fonts::BOLD.cid(c).unwrap()).collect();
    Frame { size: LabelSize::millimetres(24, 24), items, cids, ..Frame::default() }
}

/// Forms of labels, as they are made of those of made-up waybills.
fn forms(labels: &[Frame]) -> Forms {
    let mut forms = Forms { forms: Vec::new(), ruler: Some(Ruler::default()) };
    forms.forms.extend(Form::of(labels, forms.ruler.as_ref().unwrap()));
    forms
}

fn content(forms: &Forms, frame: &Frame) -> String {
    let mut deflated = Vec::new();
    PageEncoder::new().encode_with(forms, frame, 0, &mut deflated);
    inflated(&deflated)
}

fn inflated(deflated: &[u8]) -> String {
    let mut text = vec![0; 1 << 20];
    let length = libdeflater::Decompressor::new().zlib_decompress(deflated, &mut text).unwrap();
    text.truncate(length);
    String::from_utf8(text).unwrap()
}

/// The paths of a content stream, each with all that is filled at once.
fn paths(content: &str) -> Vec<Vec<&str>> {
    let (mut paths, mut path) = (Vec::new(), Vec::new());
    for line in content.lines() {
        match line.rsplit(' ').next() {
            Some("re" | "m" | "l" | "c" | "h") => path.push(line),
            Some("f" | "S") => paths.push(std::mem::take(&mut path)),
            _ => {}
        }
    }
    assert!(path.is_empty(), "{content}");
    paths.sort_unstable();
    paths
}

fn bitmap(frame: &Frame) -> Bitmap {
    let mut bitmap = Bitmap::default();
    Rasteriser::new().draw(frame, &mut bitmap);
    bitmap
}

/// Compares a page that names a form with the page drawn whole; answers whether it names one.
fn compare(forms: &Forms, frame: &Frame) -> bool {
    let mut drawn = Vec::new();
    let whole = content(&Forms::default(), frame);
    let cut = content(forms, frame);
    let Some(number) = forms.of_page(frame, 0, &mut drawn) else {
        assert_eq!(cut, whole);
        return false;
    };
    let form = forms.forms.iter().find(|form| form.number == number).unwrap();
    assert!(cut.contains(&format!("/S{number} Do\n")), "{cut}");
    let rest = frame.items.iter().zip(&drawn).filter(|&(_, &drawn)| !drawn).map(|(item, _)| item.clone());
    let first: Vec<Item> =
        frame.items.iter().zip(&drawn).filter(|&(_, &drawn)| drawn).map(|(item, _)| item.clone()).collect();
    assert_eq!(first.len(), form.frame.items.len());
    let swapped = Frame { items: first.into_iter().chain(rest).collect(), ..frame.clone() };
    assert!(bitmap(frame) == bitmap(&swapped), "{:?}\n{drawn:?}", frame.items);
    let mut stream = Vec::new();
    PageEncoder::new().encode_form(&form.frame, &form.breaks(), &mut stream);
    let of_form = inflated(&stream);
    let mut of_both = [paths(&of_form), paths(&cut)].concat();
    of_both.sort_unstable();
    assert_eq!(of_both, paths(&whole), "{:?}\n{drawn:?}", frame.items);
    true
}

fn item() -> impl Strategy<Value = Item> {
    let ink = || prop_oneof![3 => Just(Ink::Black), 1 => Just(Ink::White)];
    let rect = || {
        (0..20, 0..20, 0..16, 0..16).prop_map(|(x, y, width, height)| {
            let [x, y, width, height] = [x, y, width, height].map(|length| length * 1000);
            Rect { x, y, width, height }
        })
    };
    let shape =
        || prop_oneof![3 => Just(Shape::Square), 1 => Just(Shape::Ellipse), 1 => Just(Shape::Rounded(1000))];
    let turn = prop_oneof![3 => Just(Turn::None), 1 => Just(Turn::Quarter), 1 => Just(Turn::Half)];
    let text = (0..24, 0..24, 0..9_u32, 1..4_u32, 0..6, turn, ink(), any::<bool>());
    prop_oneof![
        4 => (rect(), shape(), ink()).prop_map(|(rect, shape, ink)| Item::Fill(Fill { rect, shape, ink })),
        3 => (rect(), shape(), 0..3, 0..2).prop_map(|(rect, shape, line, dash)| {
            Item::Outline(Outline { rect, shape, line: line * 250, dash: dash * 1000 })
        }),
        1 => ([0..24, 0..24], [0..24, 0..24], ink()).prop_map(|(from, to, ink)| {
            let [from, to] = [from, to].map(|point| point.map(|length| length * 1000));
            Item::Stroke(Stroke { from, to, line: 500, dash: 0, ink })
        }),
        4 => text.prop_map(|(x, y, start, length, size, turn, ink, slant)| {
            let [x, y, size] = [x, y, size].map(|length| length * 1000);
            let length = length.min(9 - start);
            Item::Text(Text { x, y, turn, slant, face: FaceId::Bold, size, ink, start, length, ..Text::default() })
        }),
    ]
}

/// Labels that have some items in common, and others in between.
fn labels() -> impl Strategy<Value = Vec<Frame>> {
    let rest = prop::collection::vec((any::<prop::sample::Index>(), item()), 0..5);
    (prop::collection::vec(item(), 1..9), prop::collection::vec(rest, 3)).prop_map(|(shared, rests)| {
        let label = |rest: Vec<(prop::sample::Index, Item)>| {
            let mut items = shared.clone();
            for (place, item) in rest {
                items.insert(place.index(items.len() + 1), item);
            }
            frame(items)
        };
        rests.into_iter().map(label).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 400 } else { 4000 }))]

    #[test]
    fn a_page_that_names_a_form_looks_as_if_drawn_whole(labels in labels()) {
        // Made of the first two; the third has never been seen.
        let forms = forms(&labels[..2]);
        for (place, label) in labels.iter().enumerate() {
            let named = compare(&forms, label);
            prop_assert!(named || place == 2 || forms.forms.is_empty(), "made of this label, and not for it");
        }
    }
}

fn square(x: i32, y: i32, ink: Ink) -> Item {
    let rect = Rect { x, y, width: 3000, height: 3000 };
    Item::Fill(Fill { rect, shape: Shape::Square, ink })
}

fn word(x: i32, y: i32, ink: Ink) -> Item {
    Item::Text(Text { x, y, face: FaceId::Bold, size: 3000, length: 2, ink, ..Text::default() })
}

#[test]
fn white_is_not_moved_over_what_it_would_not_have_covered() {
    let shared = [square(0, 0, Ink::Black), word(0, 3000, Ink::White), word(0, 20_000, Ink::Black)];
    let forms = forms(&[frame(shared.to_vec()), frame(shared.to_vec())]);
    assert_eq!(forms.forms[0].frame.items, shared);
    let with = |item: Item, at: usize| {
        let mut items = shared.to_vec();
        items.insert(at, item);
        frame(items)
    };
    // Elsewhere, or after the white word: the form is named.
    assert!(compare(&forms, &with(word(12_000, 3000, Ink::Black), 0)));
    assert!(compare(&forms, &with(word(12_000, 3000, Ink::White), 0)));
    assert!(compare(&forms, &with(word(1000, 3000, Ink::Black), 2)));
    assert!(compare(&forms, &with(word(0, 20_000, Ink::White), 3)));
    // Black that the white word was laid over, and white that black was laid over.
    assert!(!compare(&forms, &with(word(1000, 3000, Ink::Black), 1)));
    assert!(!compare(&forms, &with(word(0, 20_000, Ink::White), 2)));
}

#[test]
fn a_path_of_rectangles_stays_one_path() {
    let (one, two) = (square(0, 0, Ink::Black), square(10_000, 0, Ink::Black));
    let text = word(0, 20_000, Ink::Black);
    let label = |items: &[&Item]| frame(items.iter().map(|&item| item.clone()).collect());
    let joined = forms(&[label(&[&one, &two, &text]), label(&[&one, &two, &text])]);
    assert_eq!(
        joined.forms[0].parts.iter().map(|part| part.joined).collect::<Vec<_>>(),
        [false, true, false]
    );
    assert!(compare(&joined, &label(&[&one, &two, &text])));
    assert!(!compare(&joined, &label(&[&one, &text, &two, &text])));
    // A rectangle of one label alone takes those with it that share its path.
    let other = square(0, 10_000, Ink::Black);
    let cut = forms(&[label(&[&one, &text, &two]), label(&[&one, &text, &two, &other])]);
    assert_eq!(cut.forms[0].frame.items, [one, text]);
}

#[test]
fn every_shipped_label_has_a_form_that_ordinary_orders_name() {
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        for label in LABELS {
            let template = Template::compile(label.template.as_bytes()).unwrap();
            let forms = Forms::new(&template, 3, resolution, &Faces::default());
            let numbers: Vec<u16> = forms.streams().map(|form| form.number).collect();
            assert!(matches!(numbers[..], [6] | [6, 7]), "{}: {numbers:?}", label.name);
            for case in Case::ALL {
                let mut frame = Frame::default();
                template.layout(&label.sample().waybill(case), resolution, &mut frame).unwrap();
                let named = forms.of_page(&frame, 0, &mut Vec::new());
                if case == Case::Ordinary {
                    assert_eq!(named, Some(6), "{}", label.name);
                }
            }
        }
    }
}

#[test]
fn forms_are_the_same_bytes_whoever_makes_them() {
    let template = Template::compile(LABELS[0].template.as_bytes()).unwrap();
    let make = || Forms::new(&template, 0, Resolution::Dpi203, &Faces::default());
    let (one, other) = (make(), make());
    assert!(one.streams().eq(other.streams()));
    assert!(one.streams().next().is_some_and(|form| inflated(form.stream).contains("Tj\n")));
}

#[test]
fn a_template_that_draws_nothing_by_itself_has_no_form() {
    let source = "<page width='76' height='40'><text left='2' top='2' width='70' height='8'><%=_data.waybillCode%></text></page>";
    let template = Template::compile(source.as_bytes()).unwrap();
    assert_eq!(Forms::new(&template, 0, Resolution::Dpi203, &Faces::default()).streams().count(), 0);
}

#[test]
fn a_picture_of_the_template_is_in_the_form_once() {
    let page = |pictures: usize| {
        let picture =
            |at: usize| format!("<image left='{}' top='2' width='8' height='8' src='parcel'/>", 2 + 10 * at);
        let pictures: String = (0..pictures).map(picture).collect();
        let code = "<text left='2' top='20' width='70' height='8'><%=_data.waybillCode%></text>";
        format!("<page width='76' height='40'>{code}{pictures}</page>")
    };
    let label = |source: &str| {
        let template = Template::compile(source.as_bytes()).unwrap();
        let forms = Forms::new(&template, 0, Resolution::Dpi203, &Faces::default());
        let mut frame = Frame::default();
        template.layout(&crate::shipped::sample(), Resolution::Dpi203, &mut frame).unwrap();
        (compare(&forms, &frame), content(&forms, &frame), forms)
    };
    let (named, content, forms) = label(&page(2));
    assert!(named && !content.contains("BI\n"), "{content}");
    assert_eq!(inflated(forms.streams().next().unwrap().stream).matches("BI\n").count(), 2);
    // So many share the samples that a few may have: they stand on the page, which knows how many there are.
    let (named, content, _) = label(&page(WHOLE + 1));
    assert!(!named && content.matches("BI\n").count() == WHOLE + 1);
}

#[test]
fn a_later_page_and_a_preview_are_as_if_drawn_whole() {
    let rows =
        "<% for (var i = 0; i < 40; i++) { %><tr><td><text><%=_data.waybillCode%></text></td></tr><% } %>";
    let source = format!(
        "<page width='76' height='60' splitable='true'><header height='10'><text left='2' top='1' width='40' height='8'>\
         装箱单</text></header><table left='2' top='12' width='70'>{rows}</table>\
         <barcode left='2' top='12' width='20' height='20' type='qrcode'><%=_data.waybillCode%></barcode></page>"
    );
    let template = Template::compile(source.as_bytes()).unwrap();
    let forms = Forms::new(&template, 0, Resolution::Dpi203, &Faces::default());
    let mut frame = Frame::default();
    template.layout(&crate::shipped::sample(), Resolution::Dpi203, &mut frame).unwrap();
    assert!(frame.pages() > 2);
    crate::mark_preview(&mut frame);
    for page in 0..frame.pages() {
        compare(&forms, &Frame { items: frame.page(page).to_vec(), breaks: Vec::new(), ..frame.clone() });
    }
}
