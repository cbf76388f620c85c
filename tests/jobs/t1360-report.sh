#!/bin/sh
# t1360-report - the night's report: one page that needs nothing else, whose figures are those of the
# other verbs, and which says what does not hold (CONTRACT 6).
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"

well_formed() { # file: XML, and nothing that is fetched
    python3 - "$1" <<'PY'
import sys, xml.dom.minidom
text = open(sys.argv[1], encoding="utf-8").read()
assert text.startswith("<!DOCTYPE html>\n")
page = xml.dom.minidom.parseString(text.split("\n", 1)[1].encode())
ids = [e.getAttribute("id") for e in page.getElementsByTagName("*") if e.hasAttribute("id")]
assert len(ids) == len(set(ids)), "an id twice"
for e in page.getElementsByTagName("a"):
    assert e.getAttribute("href")[1:] in ids, e.getAttribute("href")
for name in ("script", "link", "img", "iframe", "object", "embed"):
    assert not page.getElementsByTagName(name), name
for svg in page.getElementsByTagName("svg"):
    assert svg.getAttribute("aria-hidden") or svg.getElementsByTagName("title"), "no title"
for head in page.getElementsByTagName("th"):
    assert head.getAttribute("scope"), "a head of nothing"
assert "url(" not in text and "http" not in text and "@import" not in text
PY
    report $? "$2: well-formed, complete in itself, links and heads in order"
}
figure() { # kind of event: its count in the table
    tr -d '\n' < page.html | sed 's/<tr>/\n/g' | grep ">$1<" | sed 's/.*<td class="n">\([0-9,]*\)<.*/\1/' | tr -d ,
}

make_city --signatures=optional
day=--today=2026-01-06

# --- a store in which little happened -------------------------------------------------------------
run report --out=page.html --today=2026-01-05 --now=2026-01-05T20:00:00+08:00 --json
status_is 0 "a report"
is "says where it is" "$(field file)" page.html
is "and of when" "$(field from) $(field to)" "2025-12-06 2026-01-05"
is "all events are in the period" "$(field events)" "$("$ANZHENG" status --json | sed -n 's/^{"events":\([0-9]*\).*/\1/p')"
is "the log holds" "$(field verified)" true
is "one finding: there is no checkpoint" "$(field findings)" 1
well_formed page.html "the page"
grep -q 'no_checkpoint' page.html && grep -q '尚无批量变更' page.html && grep -q 'there are no documents yet' page.html
report $? "what there is not is said, in both languages"
! grep -q '孙三\|310101189912310017\|上海甲建设' page.html
report $? "nobody is named"
cp page.html first.html
run report --out=page.html --today=2026-01-05 --now=2026-01-05T20:00:00+08:00 --lang=zh
status_is 0 "again, to a reader of Chinese"
cmp -s page.html first.html
report $? "the same page: it has both languages"
out_has '日志一致' "the answer is in words"

# --- figures --------------------------------------------------------------------------------------
run exchange --certificate="$paper" --enterprise=$jia --confirmed $day
run checkpoint $day
run report --out=page.html $day
status_is 0 "a day later"
is "one exchange" "$(figure certificate_exchanged || true)$(figure 换证 || true)" "$(figure 换证)"
[ "$(figure 登记企业)" = 2 ] || [ "$(grep -c 'enterprise registered' page.html)" -ge 1 ]
report $? "two enterprises"
grep -q '一切正常\|nothing needs a hand' page.html
report $? "a checkpoint, and nothing is left to do"
root=$("$ANZHENG" status --json | sed -n 's/.*"root":"\([^"]*\)".*/\1/p')
grep -qF "<code>$root</code>" page.html
report $? "the root is that of status"
grep -qF "<code>$(cat store/trust/log.vkey)</code>" page.html
report $? "and the key the log's"
is "classes and states" "$(tr -d '\n' < page.html | grep -o '有效 <span class="en" lang="en">valid</span></th><td class="n zero">0</td><td class="n">1</td>' | wc -l)" 1
run report $day --json
is "its own place" "$(field file | grep -o 'store/reports/report.html')" store/reports/report.html
[ -s store/reports/report.html ] && [ -s store/reports/report.prom ]
report $? "is below reports, with its metrics"

# --- the same figures for machines ----------------------------------------------------------------
run report --out=page.html $day --json
cp "$out" summary
run status $day --json
for name in root log_origin last_checkpoint valid pending ready failed open_waves; do
    is "status says the same: $name" "$(field $name)" \
        "$(sed -n "s/.*\"$name\":\"\{0,1\}\([^,\"}]*\).*/\1/p" summary)"
done

# --- what a file left undone ----------------------------------------------------------------------
cp -r store rows
printf '姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式\n周八,男,1990-13-41,身份证,310101199001010017,,2025-12-01,在线\n' > bad.csv
run import identities bad.csv --store=rows $day --json
status_is 1 "a row that is refused"
event=$("$ANZHENG" status --store=rows --json | sed -n 's/^{"events":\([0-9]*\).*/\1/p')
run report --store=rows --out=rows.html $day --json
is "is a finding; that no checkpoint covers it yet is none" "$(field findings)" 1
is "and counted" "$(field rejected)" 1
grep -q "<a href=\"#files\"><code>report_file_refused</code></a>.*事件 $event " rows.html
report $? "it leads to the section, and names the event"
grep -q '<code>bad_date</code>' rows.html
report $? "the reason is told"
tr -d '\n' < rows.html | grep -q '<code>bad_date</code></th><td class="n">1</td><td class="n">[0-9]*</td><td class="text">.*不是日期.*class="en"'
report $? "in words too, in both languages"
well_formed rows.html "its page"
tr -d '\n' < rows.html | grep -q '<th scope="row">2026-01-06</th>'
report $? "the day's events are in a table, too"
run report --store=rows --from=2027-01-01 --to=2027-01-01 --out=rows.html $day --json
is "not of another period" "$(field findings)" 0

# --- periods --------------------------------------------------------------------------------------
run report --out=page.html --from=2026-01-06 --to=2026-01-06 $day --json
is "one day" "$(field events)" "$("$ANZHENG" audit history certificate "$paper" --json $day | grep -c '"business_date":"2026-01-06"')"
run report --out=page.html --from=2020-01-01 --to=2026-01-06 $day --json
is "six years" "$(field verified)" true
grep -q '>2025<' page.html && grep -q '>2020<' page.html && grep -q '<th scope="col">年份 ' page.html
report $? "are told by year"
run report --out=page.html --from=2025-01-01 --to=2026-01-06 $day
grep -q '>2025-06<' page.html && grep -q '<th scope="col">月份 <span class="en" lang="en">Month</span></th><th scope="col" class="n">登记' page.html
report $? "one is told by month"
run report --out=page.html --from=2020-01-01 --to=2020-02-01 $day --json
is "a month in which nothing was" "$status $(field events)" "0 0"
grep -q '本期间无记录' page.html
report $? "says so"
well_formed page.html "that page"

# --- a night --------------------------------------------------------------------------------------
printf 'report --out=night.html\ncheckpoint\n' > night.txt
run night night.txt $day --json
status_is 0 "a step of a night"
[ -s night.html ]
report $? "makes the page"

# --- bad wishes -----------------------------------------------------------------------------------
rm -f page.html
run report --from=2026-01-07 --to=2026-01-06 --out=page.html $day
status_is 64 "an end before its beginning"
err_has 2026-01-07 "both are named"
run report --from=2026-01-07 --to=2026-01-06 --out=page.html $day --lang=zh
err_has "期间" "in Chinese too"
run report --from=yesterday --out=page.html $day
status_is 64 "no day"
run report --from=1800-01-01 --out=page.html $day
status_is 64 "two hundred years"
[ ! -e page.html ]
report $? "none of them leaves a page"
run report --out=none/page.html $day
status_is 73 "a folder that is not there"
run report more $day
status_is 64 "a word too many"
run report --store=nowhere
status_is 66 "no store"

# --- a log that does not hold ---------------------------------------------------------------------
sed 's/^\(.*\)$/\1/' store/checkpoints/latest > kept
size=$(sed -n 2p kept)
sed "3s/.*/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=/" kept > "store/checkpoints/$size.txt"
run report --out=page.html $day --json
status_is 79 "an altered checkpoint"
is "is told" "$(field verified)" false
err_has checkpoint "with its name"
grep -q 'class="bad"' page.html && grep -q '不一致' page.html
report $? "and stands on the page"
well_formed page.html "that page, too"

# --- pages that are damaged -----------------------------------------------------------------------
for part in log views; do
    cp -r store torn
    at=$((4096 * 2))
    size=$(wc -c < torn/$part/data.mdb)
    while [ "$at" -lt "$size" ]; do # what each page says of itself
        printf '\377\376\375\374' | dd of=torn/$part/data.mdb bs=1 seek="$((at + 10))" conv=notrunc 2> "$err"
        at=$((at + 4096))
    done
    run report --store=torn --out=torn.html $day
    status_is 79 "damaged pages of $part"
    [ ! -e torn.html ]
    report $? "are named before anything is drawn"
    rm -r torn
done

done_testing
