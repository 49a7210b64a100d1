#pragma once
#include <jansson.h>
#include "http/request.h"

/* Answering: exactly once, from an act.  Adds Content-Length, Date, X-Request-Id,
 * Cache-Control unless set (no-store; no-cache beside an ETag), and what HEAD, 204 and 304
 * demand. */
/* A header to go with the reply; a value with control characters is left out. */
void reply_header(struct request *req, const char *name, const char *value);
void reply_json(struct request *req, int status, json_t *json);      /* takes the reference */
void reply_text(struct request *req, int status, struct text *json); /* takes the memory */
void reply_bytes(struct request *req, int status, const char *content_type,
                 const void *bytes, size_t n); /* copied */
void reply_empty(struct request *req, int status);
/* A strong ETag of these 64 bits; answers 304 and is true if a GET's client has it. */
bool reply_if_unchanged(struct request *req, uint64_t tag);
uint64_t reply_tag(const void *bytes, size_t n);
/* 200 with JSON whose ETag is drawn from its bytes; 304 if a GET's client has just that. */
void reply_text_tagged(struct request *req, struct text *json); /* takes the memory */
/* An RFC 9457 problem document in the request's language; adds Retry-After for FAULT_BUSY
 * and FAULT_TOO_MUCH unless set, Allow for 405, WWW-Authenticate for 401.  What is
 * FAULT_BROKEN is logged, and the client is told only the request's id.  `extra` (may be
 * NULL, taken) is an object whose members are added. */
void reply_problem(struct request *req, const struct error *err, json_t *extra);

/* A long reply in chunks, until close for HTTP/1.0; the route's pump goes on with it.  On
 * HEAD it ends here. */
void reply_stream(struct request *req, int status, const char *content_type);
void reply_chunk(struct request *req, struct text *bytes); /* takes the memory */
void reply_finish(struct request *req);
