/*
 * cors_engine_documents.h - bucket CORS documents: from text to policy image and back, with the errors of the provider.
 *
 * Link libcors_engine_documents, which also has the functions of cors_engine.h. It needs a C library with threads and an allocator,
 * which it uses during a call only: nothing that it allocates is left when a function returns, and nothing is the caller's to free.
 *
 *     char image[65536], errors[4096];
 *     cors_engine_output image_out = {image, sizeof image, 0}, errors_out = {errors, sizeof errors, 0};
 *     int error = cors_engine_compile_document("s3", "bucket.xml", text, text_len, &image_out, &errors_out);
 *     if (error == CORS_ENGINE_ERROR_DOCUMENT) fputs(errors, stderr);      // bucket.xml:3:5: ...
 *
 * What holds for cors_engine.h holds here too, except that functions allocate: do not call them in signal handlers. A defect in the
 * library is CORS_ENGINE_ERROR_INTERNAL, with a line on standard error, and ends neither process nor thread.
 *
 * A provider is named as on the command line of `cors`: "oss", "s3", "cos", "gcs", "azure", "r2", "b2", "obs", or "strict", which is for
 * proxies. A form is a notation of a provider's documents: "s3" is XML, "s3-json" is JSON; docs/forms.md lists them.
 */
#ifndef CORS_ENGINE_DOCUMENTS_H
#define CORS_ENGINE_DOCUMENTS_H

#include "cors_engine.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CORS_ENGINE_ERROR_NAME (-21)     /* no provider or form has this name */
#define CORS_ENGINE_ERROR_DOCUMENT (-22) /* the document has errors */
#define CORS_ENGINE_ERROR_RULES (-23)    /* the rules have errors */
#define CORS_ENGINE_ERROR_UTF8 (-24)     /* a text is not UTF-8 */
#define CORS_ENGINE_ERROR_PAGE (-25)     /* no page can make this request */
#define CORS_ENGINE_ERROR_INTERNAL (-31) /* a defect of the library */

/* cors_engine_rule.max_age_seconds of a rule without one. */
#define CORS_ENGINE_NO_MAX_AGE (-2147483647 - 1)

/*
 * Memory for a result, as with snprintf: the caller sets `data` and `room`, the function writes what fits and sets `len` to what there
 * is to write. Texts end in NUL if there is room for any byte; `len` does not count it, and a text is cut between
 * characters. An image is written only if all of it fits.
 *
 * If an image, a document or a body does not fit, the function returns CORS_ENGINE_ERROR_ROOM: call it again with `len` bytes, and one
 * for the NUL of a text. Messages are cut without an error. To ask for a size, set `data` to NULL and `room` to 0. Where a function
 * takes a pointer to an output, NULL means that it is not wanted.
 */
typedef struct cors_engine_output {
    char *data;
    size_t room;
    size_t len;
} cors_engine_output;

/* A rule as data. Texts are UTF-8. Start from a zeroed struct, and set max_age_seconds. */
typedef struct cors_engine_rule {
    cors_engine_text id; /* NULL: none */
    const cors_engine_text *allowed_origins;
    size_t allowed_origins_len;
    const cors_engine_text *allowed_methods;
    size_t allowed_methods_len;
    const cors_engine_text *allowed_headers;
    size_t allowed_headers_len;
    const cors_engine_text *expose_headers;
    size_t expose_headers_len;
    int32_t max_age_seconds;    /* or CORS_ENGINE_NO_MAX_AGE */
    uint8_t allow_credentials;  /* 0 or 1; for the providers that have it */
} cors_engine_rule;

typedef struct cors_engine_configuration {
    const char *provider;
    const cors_engine_rule *rules;
    size_t rules_len;
    uint8_t response_vary; /* 0 or 1: ResponseVary of OSS */
} cors_engine_configuration;

/* What a provider's answer names besides the request. Texts are UTF-8; NULL is an empty text. Start from a zeroed struct. */
typedef struct cors_engine_context {
    const char *provider;
    cors_engine_text bucket;
    cors_engine_text request_id;
    cors_engine_text host_id;
    uint8_t bucket_is_missing; /* 1: the bucket does not exist */
    uint8_t target_is_bucket;  /* 1: the request is for the bucket, 0: for an object in it */
} cors_engine_context;

/* A provider's answer. The caller sets `data` and `room` of the two outputs. */
typedef struct cors_engine_answer {
    cors_engine_text code;      /* such as "MalformedXML"; empty for a success, and where the answer has no body. Static */
    cors_engine_text ec;        /* the value of x-oss-ec, if the provider has one. Static */
    cors_engine_output message; /* what the body says in words */
    cors_engine_output body;    /* XML; empty: an answer without a body */
    uint16_t status;            /* 0: there is nothing to answer */
} cors_engine_answer;

/* A page that wants to read from the bucket. Texts are UTF-8. */
typedef struct cors_engine_page {
    cors_engine_text origin;         /* "https://app.example" */
    cors_engine_text method;         /* of its request, not of the preflight */
    const cors_engine_text *headers; /* of its request, each `NAME` or `NAME: VALUE` */
    size_t headers_len;
    uint8_t credentials; /* 1: the credentials mode is `include` */
} cors_engine_page;

/*
 * Compiles a document. With the name of a provider the form is recognised; with that of a form the text is read in it.
 *
 * If the result is CORS_ENGINE_ERROR_DOCUMENT, `errors` receives every error as `NAME:LINE:COLUMN: what to change`, each with
 * the line of the document and a mark below the column. `name` is the name of the file, or NULL.
 */
int cors_engine_compile_document(const char *provider_or_form, const char *name, const char *text, size_t text_len,
                                 cors_engine_output *image, cors_engine_output *errors);

/*
 * Compiles rules that are data. If the result is CORS_ENGINE_ERROR_RULES, `errors` receives every error on a line of its own, such as
 * `rule 1, AllowedOrigin 2: keep at most one `*``.
 */
int cors_engine_compile_rules(const cors_engine_configuration *configuration, cors_engine_output *image, cors_engine_output *errors);

/* Writes the rules of a policy as a document. With the name of a provider, in its own form. */
int cors_engine_write_document(const char *provider_or_form, const cors_engine_policy *policy, cors_engine_output *document);

/*
 * PutBucketCors: checks the size of a body, its digests, and the document, as the provider does, and compiles it. Pass the headers of
 * the request, all of them or content-md5 and x-amz-checksum-*.
 *
 * The answer is the one to send. If its status is 200, store the image; otherwise it is the provider's error and the image is empty. `errors`
 * receives all that is wrong, for the tenant or a log.
 */
int cors_engine_put_bucket_cors(const cors_engine_context *context, const cors_engine_header *headers, size_t headers_len, const char *body,
                                size_t body_len, cors_engine_output *image, cors_engine_answer *answer, cors_engine_output *errors);

/* GetBucketCors: the answer to send. NULL for the policy is a bucket without rules, for which providers have an error. */
int cors_engine_get_bucket_cors(const cors_engine_context *context, const cors_engine_policy *policy, cors_engine_answer *answer);

/*
 * The provider's answer to a preflight that is refused; the headers are those of cors_engine_decide(). NULL for the policy is a
 * bucket without rules. The status is 0 if the request is not a preflight, or is granted.
 */
int cors_engine_preflight_error(const cors_engine_context *context, const cors_engine_policy *policy, const cors_engine_request *request,
                                cors_engine_answer *answer);

/*
 * Lint: what of a document has no effect, and what allows too much: one JSON object, as `cors lint --json` prints it (docs/lint.md),
 * with the lines and columns of findings and of errors. A document with errors is linted as far as it can be read, and is not an error of
 * this function. Without the Public Suffix List, which the program has: domains under which anyone can register a name are not known here.
 */
int cors_engine_lint_document(const char *provider_or_form, const char *text, size_t text_len, cors_engine_output *json);

/*
 * Writes a document in another form. With the name of a provider, `from` is recognised, and `to` is the provider's own form.
 *
 * `json` receives one object: `differences`, each with `line`, `column` and `message`, which say what means something else now; `rules_left_out`,
 * their number; `errors`; and `more`, how many are not listed. If the text has errors, or the other provider would reject the result, the
 * function returns CORS_ENGINE_ERROR_DOCUMENT, `errors` says why, and nothing is written to `document`.
 */
int cors_engine_convert_document(const char *from, const char *to, const char *text, size_t text_len, cors_engine_output *document,
                                 cors_engine_output *json);

/*
 * Plays the browser for a page, and explains why it can or cannot read, and which change to the rules would help: one JSON object, as
 * `cors explain --json` prints it (docs/explain.md). Takes milliseconds: for people and tools, not for each request.
 */
int cors_engine_explain(const char *provider_or_form, const cors_engine_policy *policy, const cors_engine_page *page,
                        cors_engine_output *json);

/*
 * The same for a document: with the name of a provider its form is recognised, and advice is worded as in the document. If the document has
 * errors, the function returns CORS_ENGINE_ERROR_DOCUMENT and nothing is written; cors_engine_lint_document says which.
 */
int cors_engine_explain_document(const char *provider_or_form, const char *text, size_t text_len, const cors_engine_page *page,
                                 cors_engine_output *json);

#ifdef __cplusplus
}
#endif

#endif
