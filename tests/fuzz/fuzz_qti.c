/* QTI items, alone and in an archive. */
#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return read_foreign(FORMAT_QTI, data, size);
}
