//! Places: real divisions, made-up streets and estates, and doors of which it is known that they are doors.

use super::Labelled;
use super::random::Random;

/// A town with everything above it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) province: &'static str,
    pub(super) city: &'static str,
    pub(super) district: &'static str,
    pub(super) town: &'static str,
    pub(super) area_code: &'static str,
}

const fn at(
    province: &'static str,
    city: &'static str,
    district: &'static str,
    town: &'static str,
    area_code: &'static str,
) -> Place {
    Place { province, city, district, town, area_code }
}

const PLACES: [Place; 20] = [
    at("浙江省", "杭州市", "西湖区", "古荡街道", "0571"),
    at("浙江省", "宁波市", "鄞州区", "下应街道", "0574"),
    at("浙江省", "金华市", "义乌市", "北苑街道", "0579"),
    at("广东省", "广州市", "天河区", "石牌街道", "020"),
    at("广东省", "深圳市", "宝安区", "西乡街道", "0755"),
    at("广东省", "佛山市", "南海区", "桂城街道", "0757"),
    at("江苏省", "南京市", "江宁区", "东山街道", "025"),
    at("江苏省", "苏州市", "昆山市", "玉山镇", "0512"),
    at("北京市", "北京市", "朝阳区", "望京街道", "010"),
    at("上海市", "上海市", "浦东新区", "张江镇", "021"),
    at("四川省", "成都市", "武侯区", "簇桥街道", "028"),
    at("湖北省", "武汉市", "洪山区", "关山街道", "027"),
    at("陕西省", "西安市", "雁塔区", "小寨路街道", "029"),
    at("山东省", "青岛市", "市北区", "台东街道", "0532"),
    at("河南省", "郑州市", "金水区", "经八路街道", "0371"),
    at("福建省", "泉州市", "晋江市", "陈埭镇", "0595"),
    at("湖南省", "长沙市", "岳麓区", "望月湖街道", "0731"),
    at("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "和平路街道", "0991"),
    at("黑龙江省", "哈尔滨市", "南岗区", "革新街道", "0451"),
    at("云南省", "昆明市", "官渡区", "官渡街道", "0871"),
];

const ROADS: [&str; 10] =
    ["望春路", "锦绣大道", "晴川街", "云帆路", "学府路", "青禾路", "长亭街", "揽月路", "工业路", "滨河路"];

const ESTATES: [&str; 10] = [
    "栖霞花园",
    "东篱雅苑",
    "和风小区",
    "金桂家园",
    "听涛名邸",
    "星河湾畔",
    "梧桐新村",
    "翠微里",
    "阳光公寓",
    "紫竹苑",
];

pub(super) fn place(random: &mut Random) -> Place {
    random.pick(&PLACES)
}

/// The detail line: a street number or an estate that the courier needs, and a door that nobody else does.
pub(super) fn detail(random: &mut Random) -> Labelled {
    let road = random.pick(&ROADS);
    let number = random.between(1, 999);
    let estate = random.pick(&ESTATES);
    let building = random.between(1, 36);
    let unit = random.between(1, 6).to_string();
    let room = format!("{}{:02}", random.between(1, 32), random.between(1, 8));
    let street = Labelled::default().shown(&format!("{road}{number}号{estate}"));
    match random.below(8) {
        0 | 1 => {
            street.shown(&format!("{building}号楼")).hidden(&unit).shown("单元").hidden(&room).shown("室")
        }
        2 => street.shown(&format!("{building}栋")).hidden(&unit).shown("单元").hidden(&room),
        3 => street.shown(&format!("{building}幢")).hidden(&room).shown("室"),
        4 => street.shown(&format!("{building}座")).hidden(&room),
        5 => {
            let lane = Labelled::default().shown(&format!("{road}{number}弄{building}号"));
            lane.hidden(&room).shown("室")
        }
        6 => street.shown(&format!("{building}号楼{}层", random.between(1, 20))).hidden(&room).shown("房"),
        _ => {
            let tower = random.pick(&["A", "B", "C"]);
            street.shown(&format!("{tower}座")).hidden(&room).shown("室")
        }
    }
}
