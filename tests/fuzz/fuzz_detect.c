/* Any bytes: what they look like is what they are read as. */
#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return read_foreign(FORMAT_AUTO, data, size);
}
