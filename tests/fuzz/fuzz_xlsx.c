/* XLSX: the archive and the XML in it. */
#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return read_foreign(FORMAT_XLSX, data, size);
}
