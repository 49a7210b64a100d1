/* GET /docs, /docs/{file}: the API's reader.  GET /openapi.yaml: the document itself. */
#include "api/routes.h"

#include "api/files.h"
#include "http/reply.h"

static void reply_file(struct request *req, const char *name)
{
    const struct file *file = files_find(req->app->docs, name);

    if (!file) {
        error_set(&req->task.error, PROBLEM_NO_ROUTE);
        return;
    }
    /* the reader sets its styles by script, one by one, which needs no more than this */
    reply_header(req, "Content-Security-Policy",
                 "default-src 'none'; script-src 'self'; style-src 'self';"
                 " img-src 'self' data:; connect-src 'self'; base-uri 'none';"
                 " form-action 'none'; frame-ancestors 'none'");
    reply_header(req, "X-Content-Type-Options", "nosniff");
    reply_header(req, "Cache-Control", "no-cache");
    reply_bytes(req, 200, file->content_type, file->plain.bytes, file->plain.size);
}

static void go_to_docs(struct request *req)
{
    reply_header(req, "Location", "/docs/");
    reply_empty(req, 302);
}

static void report_file(struct request *req)
{
    reply_file(req, *req->params[0] ? req->params[0] : "index.html");
}

static void report_document(struct request *req)
{
    reply_file(req, "openapi.yaml");
}

const struct route docs_index = {
    .method = "GET",
    .path = "/docs",
    .serves_early = true,
    .takes_any_query = true,
    .acts = { go_to_docs },
};

const struct route docs_file = {
    .method = "GET",
    .path = "/docs/{rest...}",
    .serves_early = true,
    .takes_any_query = true,
    .acts = { report_file },
};

const struct route openapi_get = {
    .method = "GET",
    .path = "/openapi.yaml",
    .serves_early = true,
    .acts = { report_document },
};
