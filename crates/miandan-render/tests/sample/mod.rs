//! A label with everything on it, built by hand: what the layout would make of a template and a masked waybill.
//! Shared by tests and by `benches/parts.rs`. All people and numbers are made up.
#![allow(dead_code, reason = "each user needs a part of it")]

use miandan_core::label::{LabelSize, Resolution};
use miandan_render::frame::{Bars, FaceId, Fill, Frame, Ink, Item, Matrix, Outline, Rect, Shape, Text, Turn};
use miandan_render::symbol::{code128, qr};

/// Frames of waybills, each different from the last.
pub(crate) struct Sample {
    state: u64,
    resolution: Resolution,
}

/// What a scanner must read on a label.
pub(crate) struct Codes {
    pub(crate) waybill: String,
    pub(crate) matrix: String,
}

impl Sample {
    pub(crate) fn new(resolution: Resolution) -> Self {
        Sample { state: 0x2545_F491_4F6C_DD1D, resolution }
    }

    /// Replaces `frame` by the next label of 76 by 130 mm.
    pub(crate) fn next(&mut self, frame: &mut Frame) -> Codes {
        frame.clear();
        frame.size = LabelSize::millimetres(76, 130);
        frame.resolution = self.resolution;
        let waybill = format!("SF{:013}", self.random() % 10_000_000_000_000);
        let matrix = format!("{waybill}-{:020X}", u128::from(self.random()) << 32);
        let mut paper = Paper { frame };
        paper.rules(self.resolution);

        paper.text(3000, 10_500, 8500, FaceId::Bold, Ink::Black, "顺达速运");
        paper.text(44_000, 9000, 3600, FaceId::Regular, Ink::Black, "标准快递 1/1");
        let route = format!(
            "{}-{:03}-{:02}",
            self.pick("沪京粤浙苏鲁川鄂"),
            self.random() % 1000,
            self.random() % 100
        );
        paper.text(4000, 27_000, 11_000, FaceId::Bold, Ink::Black, &route);
        paper.code128(&waybill, 8000, 31_000, 11_000);
        paper.text(14_000, 46_500, 3600, FaceId::Regular, Ink::Black, &waybill);

        paper.text(4000, 55_000, 5500, FaceId::Bold, Ink::White, "收");
        let recipient = format!("{}**   1{}********", self.pick(SURNAMES), self.random() % 90 + 10);
        paper.text(14_000, 54_000, 4600, FaceId::Bold, Ink::Black, &recipient);
        let address = self.words(14);
        paper.text(14_000, 60_500, 4200, FaceId::Bold, Ink::Black, &address);
        let address = self.words(9);
        paper.text(14_000, 66_000, 4200, FaceId::Bold, Ink::Black, &(address + "***"));
        paper.text(4500, 76_500, 4200, FaceId::Bold, Ink::Black, "寄");
        let sender = format!("{}**   1{}********", self.pick(SURNAMES), self.random() % 90 + 10);
        paper.text(14_000, 74_000, 3200, FaceId::Regular, Ink::Black, &sender);
        let address = self.words(17);
        paper.text(14_000, 78_500, 3000, FaceId::Regular, Ink::Black, &(address + "***"));

        paper.qr(&matrix, 54_000, 90_000);
        for (line, y) in (0..6).map(|line| (line, 87_500 + 4200 * line)) {
            let goods = format!("{} ×{}", self.words(12), 1 + self.random() % 3);
            paper.text(4000, y, if line < 2 { 3000 } else { 2600 }, FaceId::Regular, Ink::Black, &goods);
        }
        let date = format!(
            "2026-11-{:02} {:02}:{:02}",
            self.random() % 30 + 1,
            self.random() % 24,
            self.random() % 60
        );
        paper.text(4000, 124_000, 2600, FaceId::Regular, Ink::Black, &date);
        paper.text(60_000, 124_000, 3200, FaceId::Bold, Ink::Black, "已验视");
        paper.text(36_000, 124_000, 2600, FaceId::Regular, Ink::Black, "小山人一𬬻");
        paper.turned(1500, 120_000, 2400, Turn::ThreeQuarters, "MIANDAN 面单");
        Codes { waybill, matrix }
    }

    fn random(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state >> 16
    }

    fn pick(&mut self, from: &str) -> char {
        let count = from.chars().count() as u64;
        from.chars().nth((self.random() % count) as usize).unwrap_or('无')
    }

    /// Ideographs as they come in addresses and goods: a few hundred make up most of a text.
    fn words(&mut self, count: usize) -> String {
        let common = |sample: &mut Self| sample.pick(COMMON);
        let rare =
            |sample: &mut Self| char::from_u32(0x4E00 + (sample.random() % 0x5000) as u32).unwrap_or('一');
        (0..count).map(|_| if self.random().is_multiple_of(10) { rare(self) } else { common(self) }).collect()
    }
}

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾";
const COMMON: &str = "省市区县镇乡村路街道号栋单元室小花园城南北东西中山人民解放建设新华大学工业科技\
    广场中心国际商务金融公寓别墅家园苑庭湾江河湖海桥门站口商场超市服装鞋帽衬衫长裤短袖棉质男女儿童春夏秋冬季\
    手机壳膜充电器数据线耳机音响键盘鼠标显示屏电视冰箱洗衣空调食品零食坚果饼干茶叶咖啡牛奶面包红蓝绿黑白灰色\
    浙江苏广东福建安徽湖南四川重庆上海北京天津河杭州宁波温嘉兴绍金华衢舟台丽水深圳珠汕头佛韶关惠";

/// Adds things to a frame.
pub(crate) struct Paper<'f> {
    pub(crate) frame: &'f mut Frame,
}

impl Paper<'_> {
    pub(crate) fn text(&mut self, x: i32, y: i32, size: i32, face: FaceId, ink: Ink, text: &str) {
        let start = self.frame.cids.len() as u32;
        let of_face = self.frame.faces.get(face).expect("a bundled face");
        self.frame
            .cids
            .extend(text.chars().map(|character| of_face.cid(character).expect("in the typeface")));
        let length = self.frame.cids.len() as u32 - start;
        let text = Text { x, y, face, size, ink, start, length, ..Text::default() };
        self.frame.items.push(Item::Text(text));
    }

    pub(crate) fn turned(&mut self, x: i32, y: i32, size: i32, turn: Turn, text: &str) {
        self.text(x, y, size, FaceId::Regular, Ink::Black, text);
        if let Some(Item::Text(text)) = self.frame.items.last_mut() {
            text.turn = turn;
            text.spacing = 150;
        }
    }

    pub(crate) fn code128(&mut self, text: &str, x: i32, y: i32, length: i32) {
        let resolution = self.frame.resolution;
        let start = self.frame.widths.len() as u32;
        code128::encode(text, &mut self.frame.widths).expect("ASCII");
        let count = self.frame.widths.len() as u32 - start;
        let [x, y, length] = [x, y, length].map(|length| resolution.dots(length));
        let bars = Bars { x, y, module: 3, length, turn: Turn::None, start, count, rows: 1 };
        self.frame.items.push(Item::Bars(bars));
    }

    pub(crate) fn qr(&mut self, text: &str, x: i32, y: i32) {
        let resolution = self.frame.resolution;
        let start = self.frame.rows.len() as u32;
        let side = qr::encode(text, qr::Level::M, &mut self.frame.rows).expect("short");
        let [x, y] = [x, y].map(|length| resolution.dots(length));
        self.frame.items.push(Item::Matrix(Matrix { x, y, module: 5, side, start }));
    }

    pub(crate) fn fill(&mut self, rect: Rect, shape: Shape, ink: Ink) {
        self.frame.items.push(Item::Fill(Fill { rect, shape, ink }));
    }

    pub(crate) fn outline(&mut self, rect: Rect, shape: Shape, line: i32, dash: i32) {
        self.frame.items.push(Item::Outline(Outline { rect, shape, line, dash }));
    }

    fn rules(&mut self, resolution: Resolution) {
        let rect = |x: i32, y: i32, width: i32, height: i32| {
            let [x, y, width, height] = [x, y, width, height].map(|length| resolution.snap(length));
            Rect { x, y, width, height }
        };
        self.outline(rect(2000, 2000, 72_000, 126_000), Shape::Square, 375, 0);
        for y in [14_000, 29_000, 48_500, 70_000, 82_000, 112_000] {
            self.fill(rect(2000, y, 72_000, 250), Shape::Square, Ink::Black);
        }
        self.fill(rect(12_000, 48_500, 250, 33_500), Shape::Square, Ink::Black);
        self.fill(rect(2500, 49_000, 8500, 8500), Shape::Rounded(1500), Ink::Black);
        self.outline(rect(2500, 71_000, 8000, 8000), Shape::Ellipse, 250, 0);
        self.outline(rect(58_500, 119_500, 13_000, 7000), Shape::Rounded(1250), 250, 1000);
        self.outline(rect(2000, 118_000, 72_000, 125), Shape::Square, 125, 1500);
    }
}
