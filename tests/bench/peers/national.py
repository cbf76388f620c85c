"""The national export read by Python's csv with the checks of our importer, nothing kept.

    national.py FILE.csv     prints how many rows are good and bad
"""
import csv
import datetime
import re
import sys

NUMBER = re.compile(r"^[\u3400-\u9fff]{1,4}建安[A-Z][A-Z0-9]{0,2}\([0-9]{4}\)[0-9]{1,10}$")
CODE = re.compile(r"^[0-9A-HJ-NP-RT-UW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RT-UW-Y]{10}$")
RESIDENT = re.compile(r"^[0-9]{17}[0-9X]$")
CATEGORIES = {"A", "B", "C", "C1", "C2", "C3"}
STATES = {"有效", "暂扣", "注销", "撤销", "吊销", "办理转出", "失效"}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DAMAGE = set("?？\ufffd〓")
NARROW = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}


def plain(text):
    return text.translate(NARROW).replace(" ", "")


def name(text):
    if not text or DAMAGE & set(text):
        raise ValueError("name")
    return text


def identity(text):
    number = plain(text).upper()
    if not RESIDENT.match(number):
        raise ValueError("number")
    datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    right = "10X98765432"[sum(int(c) * w for c, w in zip(number, WEIGHTS)) % 11] == number[17]
    return number, right


def row_of(cells):
    number = plain(cells[0]).upper()
    if not NUMBER.match(number) or cells[4].strip() not in CATEGORIES or cells[11] not in STATES:
        raise ValueError("cell")
    if cells[6] and not CODE.match(plain(cells[6]).upper()):
        raise ValueError("code")
    first, issued, until = (datetime.date.fromisoformat(plain(c)) for c in cells[8:11])
    if not first <= issued <= until:
        raise ValueError("order")
    return number, name(cells[1]), identity(cells[3]), name(cells[5]), first, issued, until


def main():
    good = bad = 0
    with open(sys.argv[1], encoding="gb18030", newline="") as file:
        rows = csv.reader(file, strict=True)
        next(rows)
        for cells in rows:
            try:
                row_of(cells)
                good += 1
            except (ValueError, IndexError):
                bad += 1
    print(good, bad)


main()
