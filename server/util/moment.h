#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "util/text.h"

/* Times are milliseconds since 1970-01-01T00:00Z.  Days, weeks (from Monday) and months are
 * those of a zone without daylight saving, given as its offset in ms east of Greenwich. */
enum { MOMENT_TEXT = 32 };

/* RFC 3339 with a zone, 1970 to 9999, fractions up to ms kept. */
bool moment_parse(const char *rfc3339, int64_t *out);
/* "2026-05-01T09:00:00.000+08:00", and without fraction when it is zero. */
void moment_format(int64_t ms, int offset_ms, char out[MOMENT_TEXT]);
void moment_json(struct text *text, int64_t ms, int offset_ms); /* quoted; 0 writes null */

/* A period of a board: what it is, and which one. */
enum period_kind { PERIOD_OVERALL, PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_STAGE };

/* Packed into one int, as the table `standing` keys it: kind << 24 | number.  A day and a
 * week count days since 1970-01-01 (a week by its Monday), a month is year * 12 + month - 1,
 * a stage its place in the rules from 1; overall is 0.  schema/ has the same in SQL. */
typedef int32_t period_key;

period_key period_of(enum period_kind kind, int64_t ms, int offset_ms);
enum period_kind period_kind(period_key period);
/* "overall", "2026-05-01", "2026-W18", "2026-05", "stage-1". */
void period_format(period_key period, char out[MOMENT_TEXT]);
bool period_parse(const char *text, period_key *out);
