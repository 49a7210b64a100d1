#pragma once
#include <stdbool.h>
#include <xlsxwriter.h>
#include "util/text.h"

/* A workbook on its way to be written by libxlsxwriter, which writes to a file: here
 * one that is only memory. */
struct xlsx_file {
    lxw_workbook *book;
    int fd;
};

/* False when it cannot be made; it is to be closed all the same. */
bool xlsx_open(struct xlsx_file *file) __attribute__((warn_unused_result));
/* Appends the whole to `out`; false when it could not be written. */
bool xlsx_close(struct xlsx_file *file, struct text *out)
    __attribute__((warn_unused_result));
