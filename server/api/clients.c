/* GET /: the worker's app.  GET /wall, /wall/{campaign}: the wall, which reads the campaign
 * from its own address.  GET /assets/{file}, /static/{file}, /wall/assets/{file}: what the
 * two pages are made of.  Without them the pages say how they are built. */
#include "api/routes.h"

#include "api/files.h"
#include "http/reply.h"

/* Built files under assets/ have a hash of their content in the name. */
static const char for_ever[] = "public, max-age=31536000, immutable";

static const char not_built[] =
    "<!doctype html>\n"
    "<html lang=\"zh-CN\">\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>竞答 jingda</title>\n"
    "<h1>竞答 jingda</h1>\n"
    "<p>这个页面还没有构建。在服务器上安装 Node 和 npm，在项目目录中运行\n"
    "<code>make clients</code>，再重新启动 jingda。\n"
    "接口照常可用，文档在<a href=\"/docs/\">这里</a>。</p>\n"
    "<p lang=\"en\">This page has not been built. Install Node and npm on the server, run\n"
    "<code>make clients</code> in the project's folder and start jingda again.\n"
    "The API works all the same: <a href=\"/docs/\">its documentation</a>.</p>\n"
    "</html>\n";

static void add_headers(struct request *req)
{
    reply_header(req, "Content-Security-Policy",
                 "default-src 'none'; script-src 'self'; style-src 'self';"
                 " img-src 'self' data: blob:; connect-src 'self'; font-src 'self';"
                 " manifest-src 'self'; base-uri 'none'; form-action 'none';"
                 " frame-ancestors 'none'");
    reply_header(req, "X-Content-Type-Options", "nosniff");
    reply_header(req, "Referrer-Policy", "no-referrer");
}

static void reply_page(struct request *req, const char *name)
{
    const struct file *file = files_find(req->app->clients, name);

    add_headers(req);
    if (file) /* its ETag makes it no-cache */
        files_reply(req, file);
    else
        reply_bytes(req, 200, "text/html; charset=utf-8", not_built, sizeof(not_built) - 1);
}

static void reply_part(struct request *req, const char *folder, const char *cache)
{
    const char *name = arena_printf(&req->arena, "%s/%s", folder, req->params[0]);
    const struct file *file = files_find(req->app->clients, name);

    if (!file) {
        error_set(&req->task.error, PROBLEM_NO_ROUTE);
        return;
    }
    add_headers(req);
    if (cache)
        reply_header(req, "Cache-Control", cache);
    files_reply(req, file);
}

static void report_app(struct request *req)
{
    reply_page(req, "app/index.html");
}

static void report_app_asset(struct request *req)
{
    reply_part(req, "app/assets", for_ever);
}

static void report_app_static(struct request *req)
{
    reply_part(req, "app/static", NULL);
}

static void report_wall(struct request *req)
{
    reply_page(req, "wall/index.html");
}

static void report_wall_asset(struct request *req)
{
    reply_part(req, "wall/assets", for_ever);
}

const struct route app_page = {
    .method = "GET",
    .path = "/",
    .serves_early = true,
    .takes_any_query = true,
    .acts = { report_app },
};

const struct route app_assets = {
    .method = "GET",
    .path = "/assets/{rest...}",
    .serves_early = true,
    .takes_any_query = true,
    .acts = { report_app_asset },
};

const struct route app_static = {
    .method = "GET",
    .path = "/static/{rest...}",
    .serves_early = true,
    .takes_any_query = true,
    .acts = { report_app_static },
};

const struct route wall_index = {
    .method = "GET",
    .path = "/wall",
    .serves_early = true,
    .takes_any_query = true,
    .acts = { report_wall },
};

const struct route wall_page = {
    .method = "GET",
    .path = "/wall/{campaign}",
    .serves_early = true,
    .takes_any_query = true,
    .acts = { report_wall },
};

const struct route wall_assets = {
    .method = "GET",
    .path = "/wall/assets/{rest...}",
    .serves_early = true,
    .takes_any_query = true,
    .acts = { report_wall_asset },
};
