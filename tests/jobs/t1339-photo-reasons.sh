#!/bin/sh
# t1339-photo-reasons - why a photo was not taken stands in words in the rejects file, in both
# languages: a clerk mends it by them (decision 0055). A photo beyond the limit is told as
# too large, though only its beginning is read, and not as cut off.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"

make_town s
good=photos/01.jpg
size=$(stat -c %s "$good")
frame=$(LC_ALL=C grep -obUaP '\xff\xc0' "$good" | head -1 | cut -d: -f1) # of the header of the picture

# One byte of a copy's frame header.
framed() { # name, offset from the marker, byte in octal
    [ -e "photos/$1.jpg" ] || cp "$good" "photos/$1.jpg"
    printf "\\$3" | dd of="photos/$1.jpg" bs=1 seek=$((frame + $2)) conv=notrunc 2> "$err"
}
: > photos/empty.jpg
{ cat "$good" && echo more; } > photos/behind.jpg
head -c $((size / 2)) "$good" > photos/half.jpg
cp "$good" photos/large.jpg && truncate -s 2097153 photos/large.jpg
cp "$good" photos/limit.jpg && truncate -s 2097152 photos/limit.jpg
framed deep 1 301 && framed deep 4 014       # 0xc1, 12 bits a sample
framed narrow 5 1 && framed narrow 6 364     # 500 high
framed narrow 7 0 && framed narrow 8 144     # 100 wide
framed arithmetic 1 311                      # 0xc9
framed small 5 0 && framed small 6 12 && framed small 7 0 && framed small 8 12

n=0
head -1 identities.csv > photos.csv
for photo in empty behind half large deep narrow arithmetic small limit; do
    n=$((n + 1))
    printf '示范%d,女,汉,1980-01-01,,外国护照,P%07d,,,,photos/%s.jpg,示范区1号窗,2026-05-01,人工,无\n' $n $n $photo >> photos.csv
done
for lang in zh en; do
    run import identities photos.csv --store=s --dry-run --lang=$lang --today=2026-05-06 --rejects=$lang.csv --json
    status_is 1 "$lang: what cannot be printed is not taken"
    is "$lang: exactly at the limit is taken" "$(field accepted) $(field rejected)" "1 8"
done
said() { grep -q "photos/$1.jpg.*photo_invalid.*$3" "$2.csv"; is "$2: $1" "$?" 0; }
said empty zh 文件为空
said behind zh 图像之后还有其他内容
said half zh 文件不完整
said large zh '文件超过2 MB'
said deep zh 每个样本超过8位
said narrow zh 长边超过短边的三倍
said arithmetic zh 不可用的JPEG类型
said small zh 尺寸过小或过大
said large en 'it is larger than 2 MB'
said narrow en 'more than three times'
is "no reason is the name of one" "$(grep -c 'photo_invalid.*：[a-z_]*；' zh.csv)" 0
done_testing
