/* Times and periods as clients write them: what is read is written as it was read. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/moment.h"

enum { DAY_MS = 86400000 };

static void check_moment(int64_t ms, int offset_ms)
{
    char text[MOMENT_TEXT];
    int64_t again;

    assert(ms >= 0);
    if (ms + offset_ms < 0 || ms + offset_ms >= 253402300800000)
        return; /* the year would not be one of those that are read */
    moment_format(ms, offset_ms, text);
    assert(moment_parse(text, &again) && again == ms);
}

static void check_periods(int64_t ms)
{
    for (int kind = PERIOD_OVERALL; kind <= PERIOD_MONTH; kind++) {
        period_key period = period_of((enum period_kind)kind, ms, 0), again;
        char text[MOMENT_TEXT];

        assert(period_kind(period) == (enum period_kind)kind);
        period_format(period, text);
        assert(period_parse(text, &again) && again == period);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), back[MOMENT_TEXT];
    period_key period;
    int64_t ms;

    memcpy(text, data, size);
    text[size] = '\0';
    if (moment_parse(text, &ms)) {
        check_moment(ms, 0);
        check_moment(ms, 8 * 3600000);
        check_moment(ms, -(3 * 60 + 30) * 60000);
        if (ms >= 4LL * DAY_MS) /* the week before began in 1969 */
            check_periods(ms);
    }
    if (period_parse(text, &period)) {
        assert(period >= 0);
        period_format(period, back);
        assert(!strcmp(back, text));
    }
    free(text);
    return 0;
}
