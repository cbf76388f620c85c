/* help_examples - see help_examples.h. In the order of jobs/verbs.c. */
#include "jobs/help_examples.h"

#include <stddef.h>
#include <string.h>

#define CERTIFICATE "'沪建安B(2019)0000004'"
#define OF          "--certificate=" CERTIFICATE " "
#define BY          "--enterprise=91310101MATEX0002E"
#define CLERK       "--clerk=SH1"
#define DECISION    "--decision=示字1 " CLERK
#define PERSON      "--person-name=张一 --person-id-type=身份证 --person-id-number=310101197102020034 "
#define MONTHS                                                                                     \
    "--notice=示通1 --selection-valid-until-from=2028-01-01 "                                    \
    "--selection-valid-until-to=2028-12-31 "
#define ROOT "--root=root.pem"

static const struct {
    const char *verb, *example;
} examples[] = {
    {"list", "certificates --status=valid --enterprise=91310101MATEX0002E --limit=10"},
    {"show", "certificate " CERTIFICATE},
    {"download", CERTIFICATE " " BY " --out=certificate.pdf"},
    {"deliver", BY " --out=documents"},

    {"exchange", OF "--confirmed " BY},
    {"request-regeneration", OF BY},
    {"issue", "--category=C3 " PERSON "--post=08 --confirmed " BY},
    {"extend", OF "--confirmed " BY},
    {"enter", PERSON "--original-certificate='苏建安B(2020)0000001' --proof=proof.pdf"
                     " --declaration-accepted --confirmed " BY},
    {"change-affiliation", PERSON OF "--confirmed --enterprise=91310104MATEX0002R"},
    {"rename-enterprise", "--confirmed " BY},
    {"cancel", OF "--reason=employment_ended --confirmed " BY},
    {"depart", PERSON OF "--confirmed " BY},

    {"rename-person",
     PERSON "--new-name=张易 --material=id_card --material=police_correction " CLERK},
    {"suspend", OF DECISION},
    {"reinstate", OF DECISION},
    {"revoke", OF DECISION},
    {"withdraw", OF DECISION},
    {"cancel-by-authority", OF DECISION},
    {"withdraw-departure", OF DECISION},
    {"correct-certificate", OF "--valid-until=2027-12-31 " DECISION},
    {"change-id-number", PERSON "--new-id-number=310101197203030055 " DECISION},
    {"change-post", "--certificate='沪建安A(2019)0000001' --post=02 " DECISION},
    {"extend-by-notice", MONTHS "--value=2029-12-31 " CLERK},
    {"convert-category", MONTHS "--selection-category=C1 --value=C3 " CLERK},
    {"block-person", PERSON DECISION},
    {"erase-person", PERSON DECISION},

    {"request-code", PERSON "--phone=13500000001"},
    {"register-phone",
     PERSON "--phone=13500000001 --code=123456 --name=张一 --id-number=310101197102020034"
            " --address=上海市示范路2号 --issuer=示例分局 --valid-from=2016-01-01"
            " --valid-to=长期"},
    {"change-phone", PERSON "--phone=13500000002 --code=123456 " CLERK},
    {"add-record", PERSON "--kind=project --field=项目名称=样板路1号办公楼 "
                          "--field=项目所在地省市=上海市 --field=业绩完成单位所在地省市=上海市"},
    {"edit-record", PERSON "--record=R128 --field=职称=高级工程师"},
    {"delete-record", PERSON "--record=R128"},
    {"attach-scan", PERSON "--record=R128 --file=scan.jpg"},
    {"upload-signature", PERSON "--file=sheet.jpg"},
    {"verify-record",
     "--record=R128 --compared=职称 --compared=专业 --visit=V1 --presenter=本人 " CLERK},
    {"refuse-record", "--record=R128 --reason=scan_unclear --visit=V1 " CLERK},
    {"cancel-verification", "--record=R128 " CLERK},
    {"open-application", "--item=建筑工程施工总承包二级"
                         " --applicant=张一,身份证,310101197102020034,R128 " BY},
    {"accept-application", "--application=A130 " CLERK},
    {"approve-application", "--application=A130 " CLERK},
    {"close-application", "--application=A130 " CLERK},

    {"import", "enterprises enterprises.csv --rejects=rejects.csv"},
    {"submit", "wishes.jsonl --signature=wishes.p7s --results=results.jsonl"},
    {"regenerate", "--dry-run"},
    {"rename plan", "--file=renames.csv --out=plan.csv"},
    {"rename run", "91310101MATEX0002E --expect-count=0"},
    {"rename status", ""},
    {"notice plan", "notice.json --out=plan.csv"},
    {"notice run", "notice.json --plan=plan.csv"},
    {"night", "night.list"},
    {"status", "--check"},
    {"expire", "--within=365 --certificates"},
    {"report", "--out=report.html --from=2026-05-01 --to=2026-05-31"},
    {"export national", "--since=0 --out=national.jsonl"},

    {"audit verify", "--checkpoint=mine/checkpoint"},
    {"audit history", "certificate " CERTIFICATE},
    {"audit replay", "--as-of=2026-05-04 --out=then"},
    {"audit diff", "--from=2026-05-04 --to=2026-05-05"},
    {"audit compare", "--documents=100 --out=summary"},
    {"audit prove", CERTIFICATE " --out=proofs"},
    {"audit check", "proofs certificate.pdf --vkey=log.vkey " ROOT},
    {"audit export", "--tiles=public/log"},
    {"audit witness", "--state=witness --log=public/log --vkey=log.vkey"},
    {"checkpoint", ""},

    {"init", "--store=store --authority=上海市示范管理委员会 --origin=log.example/register"},
    {"trust add", "root.pem"},
    {"trust remove", "root.pem"},
    {"trust issue", "--code=91310101MATEX0002E --out=keys"},
    {"policy list", ""},
    {"policy set", "insurance.months_required 2 --decision=示字1"},
    {"template list", ""},
    {"template show", "certificate --out=certificate.page"},
    {"template check", "certificate.page --out=specimen.pdf"},
    {"template set", "certificate certificate.page --decision=示字1"},
    {"rebuild", "--verify"},
    {"backup", "backup"},
    {"restore", "backup --store=restored"},

    {"sample", "--out=city --persons=300 --enterprises=40 --seed=1"},
    {"help", "policy set"},
    {"version", ""},
};

const char *help_example(const char *verb)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        if (strcmp(examples[i].verb, verb) == 0) {
            return examples[i].example;
        }
    }
    return NULL;
}
