//! Images of templates: where they come from, where they stand, what is refused, and how they look.

use std::fs;
use std::path::Path;
use std::time::Instant;

use miandan_core::Code;
use miandan_core::label::Resolution;
use miandan_core::pipe::LabelWarning;
use miandan_core::waybill::Waybill;
use miandan_render::frame::{Frame, Image, Item, Turn};
use miandan_render::image::{Bounds, PIXELS, PictureError, decode, load};
use miandan_render::pdf::PageEncoder;
use miandan_render::raster::{Bitmap, Rasteriser, png};
use miandan_render::template::{Problem, Template};
use miandan_render::{mark_preview, shipped};

mod support;

use support::{layout, page};

/// A BMP of 24 bits a pixel, which needs no encoder.
fn bmp(width: u32, height: u32, tone: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    for number in [0, 0, 54, 40, width, height, 24 << 16 | 1, 0, 0, 0, 0, 0, 0] {
        bytes.extend(number.to_le_bytes());
    }
    for y in (0..height).rev() {
        (0..width).for_each(|x| bytes.extend([tone(x, y); 3]));
        while !(bytes.len() - 54).is_multiple_of(4) {
            bytes.push(0);
        }
    }
    bytes
}

fn data_url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = "data:image/bmp;base64,".to_owned();
    for three in bytes.chunks(3) {
        let word =
            three.iter().fold(0u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        text.extend((0..=three.len()).map(|at| char::from(LETTERS[(word >> (18 - 6 * at) & 63) as usize])));
    }
    text
}

fn image(attributes: &str) -> String {
    page(&format!("<image left='10' top='10' width='20' height='30' {attributes}/>"))
}

/// The one image of a frame.
fn placed(frame: &Frame) -> Image {
    match frame.items[..] {
        [Item::Image(image)] => image,
        ref items => panic!("{items:?}"),
    }
}

#[test]
fn a_picture_keeps_its_proportions_in_its_box_or_fills_it() {
    let wide = data_url(&bmp(40, 20, |x, _| x as u8));
    for (attributes, place, turn) in [
        ("", [80, 160, 160, 80], Turn::None),
        ("ratioMode='ignoreRatio'", [80, 80, 160, 240], Turn::None),
        ("style='valign:bottom'", [80, 240, 160, 80], Turn::None),
        ("style='rotation:90'", [100, 80, 120, 240], Turn::Quarter),
        ("style='rotation:180'", [80, 160, 160, 80], Turn::Half),
        ("style='padding:1 2'", [96, 164, 128, 64 + 8], Turn::None),
    ] {
        let frame = layout(&image(&format!("{attributes} src='{wide}'")), &Waybill::default()).unwrap();
        let image = placed(&frame);
        if attributes.contains("padding") {
            assert_eq!([image.x, image.width, image.height], [96, 128, 64], "{attributes}");
            continue;
        }
        assert_eq!([image.x, image.y, image.width, image.height], place, "{attributes}");
        assert_eq!(image.turn, turn);
        assert!(!image.computed && frame.warnings.is_empty());
    }
}

#[test]
fn a_row_of_a_table_is_as_tall_as_its_picture() {
    let tall = data_url(&bmp(10, 30, |_, _| 0));
    let table = page(&format!(
        "<table left='0' top='0' width='20'><tr><td width='20'><image src='{tall}'/></td></tr><tr><td height='5'><rect/></td></tr></table>"
    ));
    let frame = layout(&table, &Waybill::default()).unwrap();
    let image = frame.items.iter().find_map(|item| match item {
        Item::Image(image) => Some(*image),
        _ => None,
    });
    let image = image.unwrap();
    assert!(image.height > 440 && (image.height - 3 * image.width).abs() <= 3, "{image:?}");
}

#[test]
fn what_cannot_be_had_refuses_the_template_where_it_stands() {
    let broken = "data:image/png;base64,iVBORw0KGgo=";
    let large = data_url(&{
        let mut bytes = bmp(1, 1, |_, _| 0);
        bytes[18..22].copy_from_slice(&2000u32.to_le_bytes());
        bytes[22..26].copy_from_slice(&2000u32.to_le_bytes());
        bytes
    });
    for (source, problem) in [
        ("http://cdn.example/logo.png", Problem::ImageElsewhere),
        ("//cdn.example/logo.png", Problem::ImageElsewhere),
        ("logo.png", Problem::ImageElsewhere),
        ("", Problem::ImageElsewhere),
        (broken, Problem::ImageBroken),
        ("data:image/svg+xml,x", Problem::ImageBroken),
        (&large, Problem::ImageTooLarge),
    ] {
        let text = image(&format!("src='{source}'"));
        let error = Template::compile(text.as_bytes()).unwrap_err();
        assert_eq!(error.problem, problem, "{source}");
        assert_eq!(error.column as usize, text.find("src='").unwrap() + 6, "{source}");

        // With `allowFailure` it is a remark on the template and a warning of each label.
        let text = image(&format!("src='{source}' allowFailure='true'"));
        let template = Template::compile(text.as_bytes()).unwrap();
        assert_eq!(
            template.remarks().iter().map(|remark| remark.problem).collect::<Vec<_>>(),
            [Problem::ImageLeftOut]
        );
        let frame = layout(&text, &Waybill::default()).unwrap();
        assert_eq!(frame.items, []);
        assert_eq!(frame.warnings.notes().collect::<Vec<_>>(), [LabelWarning::ImageLeftOut]);

        // Computed, it is told label by label.
        let text = image(&format!("src='<%= \"{source}\" %>'"));
        let template = Template::compile(text.as_bytes()).unwrap();
        assert_eq!(
            template.fault(&Waybill::default(), Resolution::Dpi203).map(|fault| fault.problem),
            Some(problem),
            "{source}"
        );
        assert_eq!(layout(&text, &Waybill::default()).unwrap_err().code, Code::TemplateRefused);
        let text = image(&format!("src='<%= \"{source}\" %>' allowFailure='true'"));
        let frame = layout(&text, &Waybill::default()).unwrap();
        assert_eq!(frame.warnings.notes().collect::<Vec<_>>(), [LabelWarning::ImageLeftOut]);
    }
}

#[test]
fn computed_pictures_are_covered_in_a_preview_and_constant_ones_are_not() {
    for (source, covers) in [("parcel", 0), ("<%= \"parcel\" %>", 3)] {
        let mut frame = layout(&image(&format!("src='{source}'")), &Waybill::default()).unwrap();
        mark_preview(&mut frame);
        assert_eq!(frame.items.len(), 1 + covers, "{source}");
    }
}

#[test]
fn a_picture_that_is_shown_twice_is_read_once() {
    let twice = page(
        "<layout id='a' left='0' top='0' width='20' height='20'><image src='parcel'/></layout><layout ref='a' left='30' top='0' width='20' height='20'/>",
    );
    let frame = layout(&twice, &Waybill::default()).unwrap();
    assert_eq!((frame.items.len(), frame.pictures.len()), (2, 1));
}

/// What hostile templates may cost: each is bounded before it is done.
#[test]
fn pictures_are_bounded() {
    // So many pixels in all, however they are spread.
    let half = bmp(256, 200, |x, y| (x ^ y) as u8);
    assert!(half.len() < 190_000);
    assert_eq!(decode(&half, Bounds::of_template(256 * 200 - 1)), Err(PictureError::TooLarge));
    let loops = page("<% for (var i = 0; i < 17; i++) { %><image src='parcel'/><% } %>");
    let template = Template::compile(loops.as_bytes()).unwrap();
    assert_eq!(
        template.fault(&Waybill::default(), Resolution::Dpi203).map(|fault| fault.problem),
        Some(Problem::ElementLimit)
    );

    // A page of pictures: as much as three full labels, and no more.
    let pages = |count: usize| {
        format!(
            "<page width='1000' height='1000'><% for (var i = 0; i < {count}; i++) {{ %><image left='0' top='0' width='1000' height='200' ratioMode='ignoreRatio' src='parcel'/><% }} %></page>"
        )
    };
    let template = Template::compile(pages(1).as_bytes()).unwrap();
    assert_eq!(
        template.fault(&Waybill::default(), Resolution::Dpi203).map(|fault| fault.problem),
        Some(Problem::ImageTooLarge)
    );

    // A PNG that says it is huge is refused before its data is read.
    let mut huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    huge.extend([0x40, 0, 0, 0, 0x40, 0, 0, 0, 8, 6, 0, 0, 0]);
    let start = Instant::now();
    assert!(decode(&huge, Bounds::of_template(PIXELS)).is_err());
    assert!(start.elapsed().as_millis() < 50);

    // Ten megabytes are no template.
    let text = image(&format!("src='data:image/png;base64,{}'", "A".repeat(10 << 20)));
    let start = Instant::now();
    assert_eq!(Template::compile(text.as_bytes()).unwrap_err().problem, Problem::TooLarge);
    assert!(start.elapsed().as_millis() < 50);
}

/// A label with everything that a picture can be. Looked at by a person when it was made; `UPDATE_SNAPSHOTS=1` makes it
/// anew.
#[test]
fn pictures_look_as_they_did() {
    let ramp = data_url(&bmp(128, 24, |x, _| (2 * x) as u8));
    let ball = data_url(&bmp(96, 96, |x, y| {
        let [x, y] = [x, y].map(|at| f64::from(at) - 47.5);
        let far = (x * x + y * y).sqrt() / 47.0;
        if far > 1.0 { 255 } else { (255.0 * (1.0 - (1.0 - far * far).sqrt() * 0.9)) as u8 }
    }));
    let text = format!(
        "<page width='76' height='50'>
           <image left='2' top='2' width='72' height='10' ratioMode='ignoreRatio' src='{ramp}'/>
           <image left='2' top='14' width='22' height='22' src='{ball}'/>
           <image left='27' top='14' width='22' height='22' src='parcel'/>
           <image left='52' top='14' width='22' height='22' src='fragile'/>
           <image left='2' top='38' width='10' height='10' src='fragile' style='rotation:90'/>
           <image left='14' top='38' width='10' height='10' src='fragile' style='rotation:180'/>
           <image left='26' top='38' width='10' height='10' src='parcel' style='rotation:270'/>
           <image left='38' top='38' width='5' height='5' src='parcel'/>
           <image left='46' top='38' width='28' height='10' ratioMode='ignoreRatio' src='parcel' style='borderWidth:1;padding:1'/>
         </page>"
    );
    let template = Template::compile(text.as_bytes()).unwrap();
    let (mut frame, mut bitmap, mut found) = (Frame::default(), Bitmap::default(), Vec::new());
    template.layout(&shipped::sample(), Resolution::Dpi203, &mut frame).unwrap();
    let mut rasteriser = Rasteriser::new();
    rasteriser.draw(&frame, &mut bitmap);
    png(&bitmap, &mut found);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/pictures-203.png");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    // Tones, since an encoder of PNG may change.
    let tones = |bytes: &[u8]| decode(bytes, Bounds::of_template(PIXELS)).unwrap().tones().to_vec();
    assert!(tones(&found) == tones(&fs::read(&path).unwrap()), "{} differs", path.display());

    // What is kept from one label to the next does not show.
    let mut again = Bitmap::default();
    rasteriser.draw(&frame, &mut again);
    assert!(bitmap == again);
    let mut encoder = PageEncoder::new();
    let [mut first, mut second] = [Vec::new(), Vec::new()];
    encoder.encode(&frame, &mut first);
    encoder.encode(&frame, &mut second);
    assert!(first == second && first.len() < 64 << 10, "{}", first.len());
}

/// Sixty-four pages must fit into an answer of 32 MiB, whatever the pictures on them are.
#[test]
fn a_page_full_of_pictures_is_not_large() {
    let noise = |seed: u32, line_art: bool| {
        let mut state = seed | 1;
        let tones: Vec<u8> = (0..128 * 128)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                if line_art { (state & 1) as u8 * 255 } else { state as u8 }
            })
            .collect();
        data_url(&bmp(128, 128, |x, y| tones[(y * 128 + x) as usize]))
    };
    for line_art in [false, true] {
        let content: String = (0..3u32)
            .map(|number| {
                format!(
                    "<% for (var i = 0; i < 5; i++) {{ %><image left='0' top='0' width='90' height='60' ratioMode='ignoreRatio' src='{}'/><% }} %>",
                    noise(number, line_art)
                )
            })
            .collect();
        let text = format!("<page width='90' height='60'>{content}</page>");
        let template = Template::compile(text.as_bytes()).unwrap();
        let (mut frame, mut page) = (Frame::default(), Vec::new());
        template.layout(&Waybill::default(), Resolution::Dpi203, &mut frame).unwrap();
        PageEncoder::new().encode(&frame, &mut page);
        assert!(page.len() * 64 < 30 << 20, "{}", page.len());
    }
}

#[test]
fn bundled_pictures_have_names() {
    assert!(load("parcel", PIXELS).is_ok() && load(" fragile ", PIXELS).is_ok());
    assert_eq!(load("parcel", 100).err(), Some(PictureError::TooLarge));
}
