/* nearest - see nearest.h. Optimal string alignment over three rows. */
#include "jobs/nearest.h"

#include <string.h>

enum { WORD_MAX = 63, FAR_AWAY = 1000 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

int nearest_distance(str a, str b)
{
    int rows[3][WORD_MAX + 1] = {{0}};
    if (a.size > WORD_MAX || b.size > WORD_MAX) {
        return FAR_AWAY;
    }
    for (size_t j = 0; j <= b.size; j++) {
        rows[0][j] = (int)j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i + 2) % 3];
        const int *two_above = rows[(i + 1) % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= b.size; j++) {
            bool same = a.data[i - 1] == b.data[j - 1];
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + (same ? 0 : 1));
            bool swapped =
                i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1];
            if (swapped) {
                row[j] = least(row[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a.size % 3][b.size];
}

const char *nearest_word(str word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    int best = FAR_AWAY + 1;
    for (size_t i = 0; i < count; i++) {
        int distance = nearest_distance(word, str_of(words[i]));
        if (distance < best) {
            best = distance;
            nearest = words[i];
        }
    }
    return nearest;
}
