#!/bin/sh
# CONTRACT 1: 78 is a configuration that is wrong. Files that anzheng.conf names lie below the store
# unless they are absolute, from whatever folder a verb is run.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
cp store/anzheng.conf plain.conf
echo 'witnesses = policy.txt' >> store/anzheng.conf
run checkpoint --today=2026-05-06
status_is 78 "a list of witnesses that is not there"
err_has 'store/policy.txt' "is looked for below the store"
err_has witnesses "and told with its key"
run checkpoint --witnesses=policy.txt --today=2026-05-06
status_is 66 "named in the command it is an input, of this folder"

cp plain.conf store/anzheng.conf
echo 'color_profile = colour.icc' >> store/anzheng.conf
run regenerate --today=2026-05-06
status_is 78 "a colour profile that is not there"
err_has 'store/colour.icc' "is looked for below the store too"
cp plain.conf store/anzheng.conf
echo 'fonts = one.ttf, two.ttf#1' >> store/anzheng.conf
run regenerate --today=2026-05-06
status_is 78 "and so are fonts"
err_has 'store/one.ttf' "each of the list"
run template check "$here/../../docs/templates/certificate-landscape.page"
status_is 78 "a page is checked with the fonts that it will be drawn with"
err_has 'store/one.ttf' "which are the store's"

mv store/anzheng.conf conf.away
run status
status_is 78 "a store without its configuration"
err_has 'store/anzheng.conf' "says which file it lacks"
done_testing
