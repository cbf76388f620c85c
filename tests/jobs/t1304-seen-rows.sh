#!/bin/sh
# t1304-seen-rows - night after night of the national export, in a store that remembers the rows of
# the last one and in its twin that does not: answers, work lists, log and views are the same,
# whatever was changed in the export or in the store since (a row of another file, a corrected number,
# a person who is left alone, an erasure). What is remembered goes with the views.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
content=$here/../../build/${BUILD_NAME:-gcc}/tests/faults/small_batches
make_city --signatures=optional
today=--today=2026-01-06
add_clerk K01
mv store with
cp -a with without
memory=views/national.seen

# Mostly good rows, and of everything some: warnings, refusals, masked numbers, quotes, line breaks,
# characters of older editions, contradictions within the file.
rows() { # night
    awk -v night="$1" 'function odd(n, good, bad) { return (i * 7 + n) % 41 == 0 ? bad : good }
    BEGIN {
        for (i = 1; i <= 700; i++) {
            later = (i + night * 13) % 50 == 0 ? night : 0
            if (night > 0 && (i + night) % 97 == 0) continue
            print "京建安" odd(1, "B", "b") odd(2, "（", "(") "2019" odd(2, "）", ")") sprintf("%07d", i % 90 == 0 ? i - 3 : i) "," \
                odd(3, "示范" i, odd(4, "李?", "\"王\n五\"")) "," odd(5, "外国护照", "身份证") "," \
                odd(6, sprintf("E%07d", i), i % 2 ? "3101**********00" i % 10 i % 7 : "110101196001010003") "," odd(7, "B", "Z") "," \
                odd(8, "北京示例公司", "\"甲,乙\"\"丙\"\"\"") (later % 3 == 1 ? later : "") "," odd(9, "", "91310107MATEX00026") "," \
                odd(10, "示例厅", "㐂") ",," odd(11, "2019-04-27", "43265") "," (later % 3 == 2 ? "2025-04-0" later : "2025-04-26") "," \
                (later > 0 && later % 3 == 0 ? "注销" : odd(13, "有效", "胡说"))
            if (i % 211 == 0) print ""
            if (i % 60 == 0) # the same record twice: each night the first is an event, and so is the second
                for (k = 0; k < 2; k++)
                    print "京建安C2（2019）" sprintf("%07d", i) ",重复,外国护照," sprintf("D%07d", i) ",C2,北京示例公司,,,,2019-04-27,2025-04-26," (k ? "注销" : "有效")
        }
        print "京建安C1（2024）0000005,孙三,身份证,310101189912310017,C1,北京甲建设有限公司,91310107MATEX00025,北京示例厅,2021-03-01,2024-03-01,2027-02-28,有效"
        for (i = 0; i < 300 && night > 0; i++)
            printf "沪建安A（2020）%07d,新人,其他,N%d,A,上海示例公司,,,,2020-01-01,2026-01-01,有效\n", night * 1000 + i, i
    }'
}
header='证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,初次领证日期,发证日期,有效期至,状态'
export_of() { # night, more awk
    { echo "$header"; rows "$1"; } | iconv -f UTF-8 -t GB18030
    printf '\263\254\377\326,\n'
}
both() { # what, the program's arguments
    what=$1
    shift
    rm -f without/$memory
    for twin in with without; do
        export ANZHENG_STORE=$twin
        rm -f rejects.csv
        run "$@"
        sed "s|$twin/reports/import-national-[0-9]*||g" "$out" > $twin.out
        sed 's/20[0-9T:.+-]*//g' "$err" > $twin.err
        [ ! -e rejects.csv ] || mv rejects.csv $twin.rejects
        echo "$status" >> $twin.out
    done
    is "$what: the same answer" "$(cmp with.out without.out && cmp with.err without.err && sed -n 's/.*\("accepted".*warnings":[0-9]*\).*/\1/p' with.out)" \
        "$(sed -n 's/.*\("accepted".*warnings":[0-9]*\).*/\1/p' without.out)"
}
night() { # what, file, options
    what=$1 file=$2
    shift 2
    rm -f with.rejects without.rejects
    both "$what" import national "$file" --rejects=rejects.csv $today --json "$@"
    is "$what: the same work list" "$(cat with.rejects | cksum)" "$(cat without.rejects | cksum)"
}
remembered() { # rows, by the header of the file
    od -An -tu8 -j24 -N8 with/$memory | tr -d ' '
}
for night in 0 1 2 3; do export_of $night > night-$night.csv; done
{ echo "$header"; rows 1 | grep '00000[0-9][0-9]' | sed 's/示例厅/另一厅/'; } | iconv -f UTF-8 -t GB18030 > some.csv
{ echo "$header" | tr , ';'; rows 3 | grep -v '"' | tr , ';'; } > semicolons.csv
awk -F, -v OFS=, 'NF == 12 && !/"/ { t = $2; $2 = $6; $6 = t; print }' night-3.csv > exchanged.csv

night "a first night" night-0.csv
is "it is remembered" "$(remembered)" "$(sed -n 's/.*"rows":\([0-9]*\).*/\1/p' with.out)"
night "the same again" night-0.csv
night "a night later" night-1.csv
night "two nights later" night-2.csv
cp with/$memory before
night "a file with some of the rows, changed" some.csv
is "a small file does not take the place of a large one" "$(cmp before with/$memory && echo same)" same
night "the export again: they are changed back" night-2.csv
is "and that is something" "$(grep -c '"accepted":0,' with.out)" 0
cp with/$memory before
night "tried only" night-3.csv --dry-run
is "a try changes no memory" "$(cmp before with/$memory && echo same)" same
night "as a full export" night-3.csv --full
is "as a full export: the same rows vanished" "$(cat with/reports/*.vanished.csv)" "$(cat without/reports/*.vanished.csv)"
night "under other delimiters" semicolons.csv
night "in two files" night-3.csv semicolons.csv
is "both are remembered" "$(remembered)" "$(sed -n 's/.*"rows":\([0-9]*\).*/\1/p' with.out | awk '{ n += $1 } END { print n }')"
for file in night-2.csv semicolons.csv; do night "each of them again" $file; done
night "with other columns" exchanged.csv

new=310101189912310033
both "a corrected number" change-id-number --id=c1 --clerk=K01 --person-name=孙三 --person-id-type=身份证 \
    --person-id-number="$holder" --new-id-number=$new --decision=更2026-1 $today --json
night "the row of the old number" night-3.csv --full
cat > block.jsonl <<END
{"id":"b1","action":"block_person","clerk":"K01","person":{"name":"孙三","id_type":"身份证","id_number":"$new"},"decision":"停2026-1"}
{"id":"b2","action":"block_person","clerk":"K01","person":{"name":"示范9","id_type":"外国护照","id_number":"E0000009"},"decision":"停2026-2"}
END
both "two who are to be left alone" submit block.jsonl $today
night "their rows" night-3.csv
has with.rejects person_blocked "their rows: refused"

cat > erase.jsonl <<END
{"id":"e1","action":"erase_person","clerk":"K01","person":{"name":"孙三","id_type":"身份证","id_number":"$new"},"decision":"删2026-1"}
END
both "an erasure" submit erase.jsonl $today
has with.out '"id":"e1","action":"erase_person","outcome":"accepted"' "an erasure: done"
is "an erasure leaves no memory" "$(ls with/views)" "$(printf 'data.mdb\nlock.mdb')"
night "after an erasure" night-3.csv
night "and again" night-3.csv
for twin in with without; do
    "$content" log $twin | sed 's/_blob":"[0-9a-f]*//g' > $twin.log # sealed: others each time
    ANZHENG_STORE=$twin run rebuild --verify
    status_is 0 "$twin: the views equal a replay"
done
is "the logs say the same" "$(cmp with.log without.log && echo same)" same

# A run that was stopped goes on, and remembers what holds after both of its parts.
for batches in 1 3 9; do
    cp -a with goes-with && cp -a without goes-without
    for step in "night-0.csv 0" "night-1.csv $batches" "night-1.csv 0" "night-1.csv 0" "night-2.csv 0"; do
        rm -f goes-without/$memory
        for twin in with without; do
            # shellcheck disable=SC2086 # two arguments
            "$content" remember goes-$twin national ${step% *} rejects.csv 60 ${step#* } >> $twin.steps 2> "$err" || cat "$err"
        done
    done
    is "stopped behind $batches batches, and gone on: the same steps" "$(cat with.steps)" "$(cat without.steps)"
    for twin in with without; do
        "$content" log goes-$twin | sed 's/_blob":"[0-9a-f]*//g' > $twin.log
    done
    is "and the same log" "$(cmp with.log without.log && echo same)" same
    rm -rf goes-with goes-without
done
is "they were steps" "$(grep -c 'accepted [1-9]' with.steps)" 15

# A run of several files that was broken off goes on: one that was done is not judged anew, but the
# one before it is another now, and says something else of its rows.
printf 'import national a.csv night-1.csv --rejects=rejects.csv\nimport national missing.csv\n' > list.night
for twin in with without; do
    cp -a $twin goes-$twin
    export ANZHENG_STORE=goes-$twin
    forget() { [ $twin = with ] || rm -f goes-without/$memory; }
    run import national night-1.csv --rejects=rejects.csv $today --json
    cp night-0.csv a.csv
    forget
    run night list.night $today --json
    cp some.csv a.csv
    forget
    run night list.night $today --json
    status_is 66 "$twin: it ends where it did"
    forget
    run import national night-1.csv --rejects=rejects.csv $today --json
    sed 's/.*\("accepted.*warnings":[0-9]*\).*/\1/' "$out" > $twin.counts
    rm -rf goes-$twin
done
is "gone on behind another file: what that changed is changed back" "$(cat with.counts)" "$(cat without.counts)"
is "and that is something" "$(grep -c '"accepted":[1-9][0-9][0-9]' with.counts)" 1

# A log that was put back, and went another way since: what is remembered is of no use to it.
for twin in newer back plain; do cp -a with $twin; done
ANZHENG_STORE=newer run import national night-0.csv --rejects=rejects.csv $today --json
for twin in back plain; do
    export ANZHENG_STORE=$twin
    for file in semicolons.csv some.csv; do run import national $file --rejects=rejects.csv $today --json; done
    rm $twin/$memory
    [ $twin = plain ] || cp newer/$memory $twin/$memory
    run import national night-0.csv --rejects=rejects.csv $today --json
    sed 's/.*\("accepted.*warnings":[0-9]*\).*/\1/' "$out" > $twin.counts
done
is "a log put back: its own rows are what is compared" "$(cat back.counts)" "$(cat plain.counts)"
export ANZHENG_STORE=with
counts() { sed 's/"first_event.*//' "$out"; }
run import national night-3.csv --rejects=rejects.csv $today --json
sound=$(counts)
printf 'a torn file' | dd of=with/$memory bs=1 seek=300 conv=notrunc 2> "$err"
run import national night-3.csv --rejects=rejects.csv $today --json
is "a torn memory costs nothing but time" "$(counts)" "$sound"
: > with/$memory.tmp # of an import that was killed
run rebuild
is "a rebuild leaves no memory" "$(ls with/views)" "$(printf 'data.mdb\nlock.mdb')"
is "nor the views before" "$(ls with | grep -c '^views')" 1
run rebuild
status_is 0 "and can be run again"
done_testing
