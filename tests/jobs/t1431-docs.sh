#!/bin/sh
# t1431-docs - the commands that README and docs show are ones the program takes, verb by verb and
# option by option; the two READMEs show the same ones; the files they name are there.
. "$(dirname "$0")/lib.sh"
root=$(cd "$here/../.." && pwd)

python3 - "$root" "$ANZHENG" > found <<'PY'
import glob, os, re, shlex, subprocess, sys
root, program = sys.argv[1:]
helps = {}


def help_of(verb):
    if verb not in helps:
        helps[verb] = subprocess.run([program, *verb.split(), "--help"], capture_output=True, text=True).stdout
    return helps[verb]


verbs = set()
for line in subprocess.run([program, "help"], capture_output=True, text=True).stdout.split("\n"):
    words = re.match(r"  ([a-z-]+(?: [a-z-]+)?)(?= |$)", line)
    if words:
        verbs.add(words.group(1))


def commands(path):
    """Fenced lines and `quoted` words that begin with the program's name; comments taken off."""
    text = open(path, encoding="utf-8").read()
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M):
        for line in block.replace("\\\n", " ").split("\n"):
            line = re.sub(r"\s+#.*", "", line)
            for part in re.split(r" && |(?<==)(?=/\S+/anzheng )", line):
                if re.match(r"(build/|/usr/local/bin/)?anzheng ", part):
                    yield part
    for part in re.findall(r"`(anzheng [a-z][^`]*)`", text):
        yield part
    for part in re.findall(r"`([a-z][^`\n]* \[?--[^`\n]*)`", text):  # `rebuild --verify`
        if part.split()[0] in {verb.split()[0] for verb in verbs}:
            yield "anzheng " + re.sub(r"[][]|\\\|", " ", part).replace(" .", ".")


def complaint(command):
    try:
        words = shlex.split(re.sub(r"[<>|…].*", "", command))[1:]
    except ValueError:
        return "quotes"
    if words[0] == "VERB" or words[0] == "help" or words[0].startswith("--"):
        return None
    plain = [word for word in words if not word.startswith("--")]  # options may stand between
    verb = " ".join(plain[:2]) if " ".join(plain[:2]) in verbs else words[0]
    if len(words) == 1 and any(known.startswith(verb + " ") for known in verbs):
        return None  # a family: template, trust
    if verb in ("log", "keys") and words[1:] in (["1"], ["2"]):
        return None  # the first line of such a file
    if verb not in verbs:
        return f"no verb {verb}"
    for word in words:
        option = re.match(r"--([a-z-]+)", word)
        if option and option.group(1) != "help" and f"--{option.group(1)}" not in re.findall(r"--[a-z-]+", help_of(verb)):
            return f"{verb} has no {option.group(0)}"
    return None


count = 0
for path in [root + "/README.md", *sorted(glob.glob(root + "/docs/*.md"))]:
    for command in commands(path):
        count += 1
        wrong = complaint(command)
        if wrong:
            print(f"{os.path.relpath(path, root)}: {command}: {wrong}")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", open(path, encoding="utf-8").read()):
        if not os.path.exists(os.path.join(os.path.dirname(path), target)):
            print(f"{os.path.relpath(path, root)}: {target} is not there")
with open("count", "w") as file:
    print(count, file=file)
PY
is "every command shown is one, every file linked is there" "$(cat found)" ""
[ "$(cat count)" -ge 60 ]
report $? "and there are many of them"

# The unit lets the night write wherever its list writes to.
page=$root/docs/operations.md
sed -n 's/^ReadWritePaths=//p' "$page" | tr ' ' '\n' | sort -u > writable
sed -n '/^# registers first/,/^```/p' "$page" | grep -oE '(=| )/[a-z]+/[a-zA-Z/._-]+' | tr -d '= ' > written
is "the night's list writes to several places" "$([ "$(wc -l < written)" -ge 3 ] && echo yes)" yes
is "all of them are in ReadWritePaths" "$(while read -r path; do
    while read -r open; do case $path in "$open" | "$open"/*) continue 2 ;; esac; done < writable
    echo "$path"
done < written)" ""

# Pasted as it stands, on a machine that has the folders of the page and no others, it is a whole night.
sed -n '/^# registers first/,/^```/p' "$page" | sed "/^\`\`\`/d; s| /backup/| $work/backup/|; s|=/srv/|=$work/srv/|" > pasted.list
sed -n 's/^install -d [-a-z0-9 ]* \(\/.*\)/\1/p' "$page" | tr ' ' '\n' | sed "s|^|$work|" > folders
is "the page makes folders" "$([ "$(wc -l < folders)" -ge 5 ] && echo yes)" yes
mkdir srv
while read -r folder; do mkdir "$folder"; done < folders
run init --store="$work/srv/anzheng" --quiet
status_is 0 "a store"
cp pasted.list srv/anzheng-night/night.list
run night srv/anzheng-night/night.list --store="$work/srv/anzheng"
status_is 0 "the night of the page runs to its end"
is "and makes a backup" "$([ -s backup/anzheng/manifest.json ] && echo yes)" yes
is "before what others look at" "$(grep -oE '^(backup|audit export|report) ' pasted.list | tr -d '\n')" "backup audit export report "
while read -r folder; do
    case $folder in */srv/public | */srv/reports) rmdir "$folder" 2> "$err" || rm -r "$folder" ;; esac
done < folders
rm -r backup/anzheng
run night srv/anzheng-night/night.list --store="$work/srv/anzheng"
is "a folder that somebody forgot does not take the backup away" "$status $([ -s backup/anzheng/manifest.json ] && echo yes)" "73 yes"
if command -v systemd-analyze > "$out"; then
    python3 - "$page" "$ANZHENG" << 'PY'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
block = [b for b in re.findall(r"^```\n(.*?)^```", text, re.S | re.M) if "anzheng-night.timer" in b][0]
for name, body in re.findall(r"^# /etc/systemd/system/([\w.@-]+)[^\n]*\n(.*?)(?=^# /etc/systemd|\Z)", block, re.S | re.M):
    with open(name, "w", encoding="utf-8") as file:
        file.write(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", body))
PY
    for unit in anzheng-night.service anzheng-night.timer anzheng-alarm@.service; do
        systemd-analyze verify "./$unit" > "$err" 2>&1
        is "$unit: systemd takes it" "$? $(cat "$err")" "0 "
    done
    systemd-analyze security --offline=yes ./anzheng-night.service > "$out" 2>&1
    is "the night has few rights" "$(grep -c 'Overall exposure level .*: [012]\.' "$out")" 1
else
    report 0 "units # SKIP no systemd-analyze"
fi

plain() { sed -n '/^export ANZHENG_STORE/,/^```/p' "$1" | sed 's/ *#.*//; s/ --lang=zh//; s/ *$//'; }
plain "$root/README.md" > english
plain "$root/docs/README.zh-CN.md" > chinese
is "both languages show the same commands" "$(diff english chinese)" ""
is "a newcomer is shown some" "$([ "$(wc -l < english)" -gt 10 ] && echo yes)" yes
places() { grep -oE '`[a-z]+/[a-z_/.-]*`|`make[^`]*`|\| `[^|]*`' "$1" | sed 's/、/, /' | sort -u; }
places "$root/README.md" | grep -v zh-CN > english
places "$root/docs/README.zh-CN.md" > chinese
is "and the same folders and files" "$(diff english chinese)" ""
done_testing
