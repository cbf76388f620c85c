#!/bin/sh
# A register file that others write to while it is read is not taken in: no event says of it that it
# was, under a digest that is not that of its rows. One that is replaced by renaming is: the whole old
# file. A daily file that comes late, or is replaced, is told of: it takes back what a later day said.
. "$(dirname "$0")/lib.sh"
"$ANZHENG" init --store=store --signatures=optional --clock=free --today=2026-01-05 --quiet > "$out" 2> "$err"
now=--now=2026-05-06T09:00:00+08:00
clerks() { # file, NUMBER:NAME...
    file=$1
    shift
    { echo 工号,姓名,部门,部门级别,状态; for clerk; do echo "${clerk%%:*},${clerk#*:},示范窗口,市,在岗"; done; } > "$file"
}

# Rows that are refused fill a pipe, at which the run waits in the middle of the file.
long() { clerks "$1" W1:甲 && { yes 'X9,,示范窗口,市,在岗' | head -4000; echo W2,乙,示范窗口,市,在岗; } >> "$1"; }
mkfifo pipe
exec 3<> pipe
meanwhile() { # the command that comes in between
    "$ANZHENG" import clerks in.csv --rejects=pipe $now --json > "$out" 2> "$err" < /dev/null 3>&- &
    reader=$!
    head -c 10 <&3 > begun
    "$@"
    cat <&3 > rest 3>&- &
    drain=$!
    wait $reader
    status=$?
    kill $drain
    wait $drain 2> /dev/null
}
more() { echo W3,丙,示范窗口,市,在岗 >> in.csv; }
other() { clerks new.csv W4:丁; mv new.csv in.csv; }

long in.csv
before=$(newest)
meanwhile more
status_is 66 "a file that grows while it is read"
err_has '"code":"file_changed"' "is named"
is "nothing of it is in the log" "$(newest)" "$before"
long in.csv
whole=$(sha256sum < in.csv | cut -d' ' -f1)
meanwhile other
is "one that is replaced is read to its end" "$status $(field accepted) $(field sha256)" "1 2 $whole"
run import clerks in.csv $now --json
is "and then the new one" "$status $(field accepted)" "0 1"

# --- daily files
mkdir in
clerks in/05-01.csv A1:甲 A2:乙
clerks in/05-02.csv A1:丙
run import clerks in --daily $now --json
is "two days" "$status $(grep -c 'came behind' "$err")" "0 0"
clerks in/05-03.CSV A3:丁
clerks in/05-04.Csv A4:戊
run import clerks in --daily $now --json
is "two more, whose names end in letters of any size" "$status $(field accepted | tr '\n' ' ')" "0 1 1 "
clerks in/05-01.csv A1:甲 A2:己
run import clerks in --daily $now --lang=zh
is "the first day again, with another content" "$status" 0
err_has '在此前已导入的 in/05-04.Csv 之后才读取' "is told of"
clerks in/05-05.csv A5:庚
clerks in/05-06.csv A5:辛
run import clerks in --daily $now
is "new ones are not" "$status $(grep -c 'came behind' "$err")" "0 0"
done_testing
