/* Text as teachers type it. */
#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return read_foreign(FORMAT_PLAIN, data, size);
}
