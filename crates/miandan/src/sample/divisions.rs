//! Real administrative divisions with their area codes, read from `divisions.txt`.

use std::sync::OnceLock;

use super::Mix;
use super::random::Random;

/// A town with everything above it. District and town are empty where there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) province: &'static str,
    pub(super) city: &'static str,
    pub(super) district: &'static str,
    pub(super) town: &'static str,
    pub(super) area_code: &'static str,
}

/// A district with its towns.
struct District {
    name: &'static str,
    towns: Vec<&'static str>,
}

struct City {
    province: &'static str,
    name: &'static str,
    area_code: &'static str,
    districts: Vec<District>,
}

impl City {
    fn is_mainland(&self) -> bool {
        self.area_code.starts_with('0')
    }
}

/// Where half of all parcels go: most of the country's districts are rural counties, most of its parcels are not.
const BUSY: [&str; 24] = [
    "上海市",
    "北京市",
    "广州市",
    "深圳市",
    "东莞市",
    "杭州市",
    "金华市",
    "苏州市",
    "成都市",
    "重庆市",
    "武汉市",
    "佛山市",
    "宁波市",
    "温州市",
    "泉州市",
    "郑州市",
    "南京市",
    "西安市",
    "青岛市",
    "长沙市",
    "天津市",
    "石家庄市",
    "沈阳市",
    "哈尔滨市",
];

struct Divisions {
    cities: Vec<City>,
    /// Where the busy cities stand in the list.
    busy: Vec<usize>,
    mainland: usize,
}

fn divisions() -> &'static Divisions {
    static DIVISIONS: OnceLock<Divisions> = OnceLock::new();
    DIVISIONS.get_or_init(|| read(include_str!("divisions.txt")))
}

/// The form of the file stands in `divisions.py`, which makes it.
fn read(text: &'static str) -> Divisions {
    let mut province = "";
    let mut cities: Vec<City> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("> ") {
            province = name;
        } else if let Some(city) = line.strip_prefix("= ") {
            let (name, area_code) = city.split_once('\t').unwrap_or((city, ""));
            cities.push(City { province, name, area_code, districts: Vec::new() });
        } else if let Some(city) = cities.last_mut() {
            let mut cells = line.split('\t');
            let name = cells.next().unwrap_or_default();
            city.districts.push(District { name, towns: cells.collect() });
        }
    }
    // Hong Kong and Macau stand last.
    let mainland = cities.iter().take_while(|city| city.is_mainland()).count();
    let busy = (0..mainland).filter(|&at| BUSY.contains(&cities[at].name)).collect();
    Divisions { cities, busy, mainland }
}

pub(super) fn place(random: &mut Random, mix: Mix) -> Place {
    let all = divisions();
    let at = match mix {
        Mix::Realistic if random.one_in(2) => random.pick(&all.busy),
        Mix::Realistic => random.below(all.mainland as u64) as usize,
        Mix::Hostile if random.one_in(20) => all.mainland + random.below(2) as usize,
        Mix::Hostile => random.below(all.mainland as u64) as usize,
    };
    let city = &all.cities[at];
    let district = &city.districts[random.below(city.districts.len() as u64) as usize];
    let town = if district.towns.is_empty() { "" } else { random.pick(&district.towns) };
    Place {
        province: city.province,
        city: city.name,
        district: district.name,
        town,
        area_code: city.area_code,
    }
}

impl Place {
    pub(super) fn is_mainland(&self) -> bool {
        self.area_code.starts_with('0')
    }

    /// The name that people say, and that a courier writes on a bag.
    pub(super) fn short_city(&self) -> &'static str {
        self.city.strip_suffix('市').unwrap_or(self.city)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        let all = divisions();
        assert_eq!(all.cities.len() - all.mainland, 2);
        assert_eq!(all.busy.len(), BUSY.len());
        assert!(all.cities.len() > 340);
        let districts: usize = all.cities.iter().map(|city| city.districts.len()).sum();
        assert!(districts > 2850, "{districts}");
        for city in &all.cities {
            assert!(!city.districts.is_empty() && !city.province.is_empty(), "{}", city.name);
            assert!((3..=4).contains(&city.area_code.len()), "{}", city.name);
            // Only a city without districts has one without a name.
            assert!(
                city.districts.len() == 1 || city.districts.iter().all(|d| !d.name.is_empty()),
                "{}",
                city.name
            );
        }
    }

    #[test]
    fn special_cases_read_as_people_write_them() {
        let find = |name| divisions().cities.iter().find(|city| city.name == name).unwrap();
        assert_eq!(find("仙桃市").districts[0].name, "");
        assert_eq!(find("东莞市").districts[0].towns.len(), 4);
        assert!(find("重庆市").districts.iter().any(|district| district.name == "云阳县"));
        assert_eq!((find("上海市").province, find("上海市").area_code), ("上海市", "021"));
    }
}
