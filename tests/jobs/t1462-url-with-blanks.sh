#!/bin/sh
# CONTRACT 3: file:// is a way to name a file: also one whose name has blanks and characters.
. "$(dirname "$0")/lib.sh"
run init --clock=free --signatures=optional --today=2026-05-01
mkdir '数据 目录'
printf '工号,姓名,部门,部门级别\r\nSH1,钱四,市受理中心,市\r\n' > '数据 目录/窗口 人员.csv'
run import clerks "file://$work/数据 目录/窗口 人员.csv" --today=2026-05-01 --json
status_is 0 "blanks in a URL are blanks"
is "the row is taken" "$(field accepted)" 1
out_has '%20' "and told as a URL has them"
run import clerks "file://$work/%E6%95%B0%E6%8D%AE%20%E7%9B%AE%E5%BD%95/窗口%20人员.csv" --today=2026-05-01 --json
is "the same file, written as a URL" "$(field unchanged)" 1
run import clerks "ftp://127.0.0.1/a b.csv" --today=2026-05-01
status_is 64 "what cannot be fetched"
err_has 'ftp://127.0.0.1/a%20b.csv' "is named"
# decisions/0134: what speaks with nobody does not load what it would speak with.
LD_TRACE_LOADED_OBJECTS=1 "$ANZHENG" > libraries
is "libraries are named" "$(grep -c libcrypto libraries)" 1
is "libcurl is not among those of every command" "$(grep -c libcurl libraries)" 0
done_testing
