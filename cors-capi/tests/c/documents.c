/* What cors_engine_documents.h promises: documents, rules, the operations of a bucket, explanations, and the memory for results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cors_engine_documents.h"

#include "holds.h"

static cors_engine_output output(char *memory, size_t room) {
    cors_engine_output output = {memory, room, 0};
    if (room > 0) memset(memory, 'x', room);
    return output;
}

static int is(cors_engine_text text, const char *chars) {
    return text.len == strlen(chars) && memcmp(text.data, chars, text.len) == 0;
}

static const char XML[] =
    "<CORSConfiguration><CORSRule><AllowedOrigin>https://*.app.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>"
    "<AllowedHeader>x-*</AllowedHeader></CORSRule></CORSConfiguration>";
static const char JSON[] = "{\"CORSRules\": [{\"AllowedOrigins\": [\"https://*.app.example\"], \"AllowedMethods\": [\"PUT\"], \"AllowedHeaders\": [\"x-*\"]}]}";
static const char WRONG[] =
    "<CORSConfiguration><CORSRule>\n<AllowedOrigin>https://*.app.*</AllowedOrigin>\n<AllowedMethod>get</AllowedMethod>\n</CORSRule></CORSConfiguration>";

static char image[4096], second[4096], errors[4096], message[1024], body[4096];

static cors_engine_policy compiled(const char *provider, const char *document) {
    cors_engine_policy policy;
    cors_engine_output out = output(image, sizeof image);
    HOLDS(cors_engine_compile_document(provider, NULL, document, strlen(document), &out, NULL) == 0);
    HOLDS(cors_engine_policy_open(&policy, image, out.len) == 0);
    return policy;
}

static void documents(void) {
    cors_engine_output one = output(image, sizeof image), two = output(second, sizeof second), out = output(errors, sizeof errors);
    HOLDS(cors_engine_compile_document("s3", NULL, XML, strlen(XML), &one, &out) == 0);
    HOLDS(out.len == 0 && errors[0] == '\0');
    /* Another form of the same rules is the same image; a provider's name recognises it, a form's name reads it. */
    HOLDS(cors_engine_compile_document("s3", NULL, JSON, strlen(JSON), &two, NULL) == 0);
    HOLDS(one.len == two.len && memcmp(image, second, one.len) == 0);
    HOLDS(cors_engine_compile_document("s3-json", NULL, JSON, strlen(JSON), &two, NULL) == 0);
    HOLDS(one.len == two.len && memcmp(image, second, one.len) == 0);
    HOLDS(cors_engine_compile_document("s3-json", NULL, XML, strlen(XML), &two, NULL) == CORS_ENGINE_ERROR_DOCUMENT);
    HOLDS(two.len == 0);
    HOLDS(cors_engine_compile_document("strict", NULL, XML, strlen(XML), &two, NULL) == 0);
    HOLDS(cors_engine_compile_document("unknown", NULL, XML, strlen(XML), &two, NULL) == CORS_ENGINE_ERROR_NAME);
    HOLDS(cors_engine_compile_document("\xff", NULL, XML, strlen(XML), &two, NULL) == CORS_ENGINE_ERROR_NAME);
    HOLDS(cors_engine_compile_document(NULL, NULL, XML, strlen(XML), &two, NULL) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_compile_document("s3", NULL, NULL, 1, &two, NULL) == CORS_ENGINE_ERROR_NULL);
    /* Every error has its place, in the order of the document. */
    HOLDS(cors_engine_compile_document("s3", "bucket.xml", WRONG, strlen(WRONG), &one, &out) == CORS_ENGINE_ERROR_DOCUMENT);
    HOLDS(one.len == 0 && out.len == strlen(errors));
    HOLDS(strncmp(errors, "bucket.xml:2:1: rule 1, AllowedOrigin `https://*.app.*`: keep at most one `*`", 70) == 0);
    HOLDS(strstr(errors, "bucket.xml:3:1: rule 1, AllowedMethod `get`: write it as `GET`") != NULL);
}

/* Asking for the size, memory of exactly that size, and of one byte less: blocks of the heap, for the sanitizer. */
static void sizes(void) {
    cors_engine_output out = {NULL, 0, 0};
    HOLDS(cors_engine_compile_document("s3", NULL, XML, strlen(XML), &out, NULL) == CORS_ENGINE_ERROR_ROOM);
    size_t needed = out.len;
    HOLDS(needed > 64);
    for (int less = 0; less < 2; less++) {
        char *memory = malloc(needed);
        if (memory == NULL) abort();
        out = output(memory, needed - (size_t)less);
        HOLDS(cors_engine_compile_document("s3", NULL, XML, strlen(XML), &out, NULL) == (less ? CORS_ENGINE_ERROR_ROOM : 0));
        HOLDS(out.len == needed);
        free(memory);
    }
    /* A message is cut between characters, ends in NUL, and is not an error. */
    static const char ACCENTS[] = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9</AllowedMethod></CORSRule></CORSConfiguration>";
    out = (cors_engine_output){NULL, 0, 0};
    HOLDS(cors_engine_compile_document("s3", "f", ACCENTS, strlen(ACCENTS), NULL, &out) == CORS_ENGINE_ERROR_DOCUMENT);
    needed = out.len;
    for (size_t room = 1; room <= needed + 1; room++) {
        char *memory = malloc(room);
        if (memory == NULL) abort();
        out = output(memory, room);
        HOLDS(cors_engine_compile_document("s3", "f", ACCENTS, strlen(ACCENTS), NULL, &out) == CORS_ENGINE_ERROR_DOCUMENT);
        HOLDS(out.len == needed);
        size_t len = strlen(memory);
        HOLDS(len < room && len + 2 >= room);
        HOLDS(len == 0 || (memory[len - 1] & 0xc0) != 0xc0);
        free(memory);
    }
}

static void rules(void) {
    cors_engine_text origins[] = {{"https://*.app.example", 21}}, methods[] = {{"PUT", 3}}, headers[] = {{"x-*", 3}};
    cors_engine_rule rule;
    memset(&rule, 0, sizeof rule);
    rule.allowed_origins = origins;
    rule.allowed_origins_len = 1;
    rule.allowed_methods = methods;
    rule.allowed_methods_len = 1;
    rule.allowed_headers = headers;
    rule.allowed_headers_len = 1;
    rule.max_age_seconds = CORS_ENGINE_NO_MAX_AGE;
    cors_engine_configuration configuration = {"s3", &rule, 1, 0};
    cors_engine_output one = output(image, sizeof image), two = output(second, sizeof second), out = output(errors, sizeof errors);
    HOLDS(cors_engine_compile_rules(&configuration, &one, &out) == 0);
    HOLDS(cors_engine_compile_document("s3", NULL, XML, strlen(XML), &two, NULL) == 0);
    HOLDS(one.len == two.len && memcmp(image, second, one.len) == 0);
    origins[0] = text("https://*.*");
    methods[0] = text("get");
    HOLDS(cors_engine_compile_rules(&configuration, &one, &out) == CORS_ENGINE_ERROR_RULES);
    HOLDS(one.len == 0 && strcmp(errors, "rule 1, AllowedOrigin 1: keep at most one `*`\nrule 1, AllowedMethod 1: use a method of this dialect, in upper case\n") == 0);
    origins[0] = text("\xff");
    HOLDS(cors_engine_compile_rules(&configuration, &one, &out) == CORS_ENGINE_ERROR_UTF8);
    rule.allowed_origins = NULL;
    HOLDS(cors_engine_compile_rules(&configuration, &one, &out) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_compile_rules(NULL, &one, &out) == CORS_ENGINE_ERROR_NULL);
    configuration.rules_len = 0;
    HOLDS(cors_engine_compile_rules(&configuration, &one, &out) == 0);
}

static void writing(void) {
    cors_engine_policy policy = compiled("s3", XML);
    cors_engine_output out = output(body, sizeof body);
    HOLDS(cors_engine_write_document("s3-json", &policy, &out) == 0);
    HOLDS(strstr(body, "\"AllowedOrigins\": [\"https://*.app.example\"]") != NULL);
    HOLDS(cors_engine_write_document("gcs", &policy, &out) == 0 && strstr(body, "<Origin>https://*.app.example</Origin>") != NULL);
    out.room = out.len;
    HOLDS(cors_engine_write_document("gcs", &policy, &out) == CORS_ENGINE_ERROR_ROOM && strlen(body) == out.len - 1);
    HOLDS(cors_engine_write_document("s3", NULL, &out) == CORS_ENGINE_ERROR_NULL);
    memset(&policy, 0, sizeof policy);
    HOLDS(cors_engine_write_document("s3", &policy, &out) == CORS_ENGINE_ERROR_NOT_OPEN);
}

static void operations(void) {
    cors_engine_context context;
    memset(&context, 0, sizeof context);
    context.provider = "s3";
    context.bucket = text("photos");
    context.request_id = text("4442587FB7D0A2F9");
    cors_engine_answer answer;
    memset(&answer, 0, sizeof answer);
    answer.message = output(message, sizeof message);
    answer.body = output(body, sizeof body);
    cors_engine_output out = output(image, sizeof image), found = output(errors, sizeof errors);

    /* Accepted, without a digest and with a wrong one. */
    HOLDS(cors_engine_put_bucket_cors(&context, NULL, 0, XML, strlen(XML), &out, &answer, &found) == 0);
    HOLDS(answer.status == 200 && answer.body.len == 0 && out.len > 64);
    cors_engine_header md5 = {{"Content-MD5", 11}, {"AAAAAAAAAAAAAAAAAAAAAA==", 24}};
    HOLDS(cors_engine_put_bucket_cors(&context, &md5, 1, XML, strlen(XML), &out, &answer, &found) == 0);
    HOLDS(answer.status == 400 && is(answer.code, "BadDigest") && out.len == 0 && found.len > 0);
    cors_engine_header crc = {{"x-amz-checksum-crc32", 20}, {"AAAAAA==", 8}};
    HOLDS(cors_engine_put_bucket_cors(&context, &crc, 1, XML, strlen(XML), &out, &answer, &found) == 0);
    HOLDS(answer.status == 400 && out.len == 0 && strstr(message, "CRC32") != NULL);
    HOLDS(cors_engine_put_bucket_cors(&context, NULL, 0, WRONG, strlen(WRONG), &out, &answer, &found) == 0);
    HOLDS(answer.status == 400 && is(answer.code, "InvalidRequest"));
    HOLDS(strcmp(message, "AllowedOrigin \"https://*.app.*\" can not have more than one wildcard.") == 0);
    HOLDS(strstr(body, "<Code>InvalidRequest</Code>") != NULL && strstr(body, "<RequestId>4442587FB7D0A2F9</RequestId>") != NULL);
    HOLDS(strstr(errors, "line 2, column 1: ") == errors && strstr(errors, "\nline 3, column 1: ") != NULL);
    /* An image that does not fit is an error and not an answer. */
    out.room = 10;
    HOLDS(cors_engine_put_bucket_cors(&context, NULL, 0, XML, strlen(XML), &out, &answer, &found) == CORS_ENGINE_ERROR_ROOM);
    HOLDS(answer.status == 0 && out.len > 64);

    /* GET ?cors: the document, no document, no bucket. */
    cors_engine_policy policy = compiled("s3", XML);
    HOLDS(cors_engine_get_bucket_cors(&context, &policy, &answer) == 0 && answer.status == 200);
    HOLDS(strstr(body, "<AllowedOrigin>https://*.app.example</AllowedOrigin>") != NULL);
    HOLDS(cors_engine_get_bucket_cors(&context, NULL, &answer) == 0 && answer.status == 404 && is(answer.code, "NoSuchCORSConfiguration"));
    context.bucket_is_missing = 1;
    HOLDS(cors_engine_get_bucket_cors(&context, NULL, &answer) == 0 && answer.status == 404 && is(answer.code, "NoSuchBucket"));
    HOLDS(strstr(body, "photos") != NULL);

    /* Preflights: refused by the rules, without rules, without a bucket, granted, and none. */
    cors_engine_request request;
    memset(&request, 0, sizeof request);
    request.method = text("OPTIONS");
    request.origin = text("https://evil.example");
    request.access_control_request_method = text("PUT");
    HOLDS(cors_engine_preflight_error(&context, NULL, &request, &answer) == 0 && answer.status == 403 && strstr(body, "BUCKET") != NULL);
    context.bucket_is_missing = 0;
    HOLDS(cors_engine_preflight_error(&context, &policy, &request, &answer) == 0 && answer.status == 403);
    HOLDS(is(answer.code, "AccessForbidden") && strstr(body, "<ResourceType>OBJECT</ResourceType>") != NULL);
    HOLDS(cors_engine_preflight_error(&context, NULL, &request, &answer) == 0 && answer.status == 403);
    request.access_control_request_method = text("PATCH");
    HOLDS(cors_engine_preflight_error(&context, &policy, &request, &answer) == 0 && answer.status == 400);
    HOLDS(strcmp(message, "Invalid Access-Control-Request-Method: PATCH") == 0);
    request.access_control_request_method = text("PUT");
    request.origin = text("https://eu.app.example");
    HOLDS(cors_engine_preflight_error(&context, &policy, &request, &answer) == 0 && answer.status == 0 && answer.body.len == 0);
    request.method = text("GET");
    HOLDS(cors_engine_preflight_error(&context, &policy, &request, &answer) == 0 && answer.status == 0);
    context.provider = "unknown";
    HOLDS(cors_engine_preflight_error(&context, &policy, &request, &answer) == CORS_ENGINE_ERROR_NAME);
}

static void explanations(void) {
    cors_engine_policy policy = compiled("s3", XML);
    cors_engine_output out = output(body, sizeof body);
    cors_engine_page page;
    memset(&page, 0, sizeof page);
    page.origin = text("https://eu.app.example");
    page.method = text("PUT");
    cors_engine_text headers[] = {{"content-type: application/json", 30}};
    page.headers = headers;
    page.headers_len = 1;
    HOLDS(cors_engine_explain("s3", &policy, &page, &out) == 0);
    HOLDS(strncmp(body, "{\"dialect\":\"s3\"", 15) == 0 && strstr(body, "<AllowedHeader>content-type</AllowedHeader>") != NULL);
    page.method = text("CONNECT");
    HOLDS(cors_engine_explain("s3", &policy, &page, &out) == CORS_ENGINE_ERROR_PAGE && out.len == 0);
    HOLDS(cors_engine_explain("s3", &policy, NULL, &out) == CORS_ENGINE_ERROR_NULL);

    /* In the words of the document. */
    static const char json[] = "{\"CORSRules\": [{\"AllowedOrigins\": [\"https://eu.app.example\"], \"AllowedMethods\": [\"GET\"]}]}";
    page.method = text("GET");
    HOLDS(cors_engine_explain_document("s3", json, strlen(json), &page, &out) == 0);
    HOLDS(strncmp(body, "{\"dialect\":\"s3\"", 15) == 0 && strstr(body, "AllowedHeaders") != NULL);
    HOLDS(cors_engine_explain_document("s3", "{", 1, &page, &out) == CORS_ENGINE_ERROR_DOCUMENT && out.len == 0);
    HOLDS(cors_engine_explain_document("s3", NULL, 1, &page, &out) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_explain_document("s3", json, strlen(json), NULL, &out) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_explain_document("unknown", json, strlen(json), &page, &out) == CORS_ENGINE_ERROR_NAME);
}

static void reports(void) {
    static const char twice[] = "{\"CORSRules\": [{\"AllowedOrigins\": [\"https://a.example\", \"https://a.example\"], \"AllowedMethods\": [\"GET\"]}]}";
    cors_engine_output json = output(body, sizeof body);
    HOLDS(cors_engine_lint_document("s3", twice, strlen(twice), &json) == 0);
    HOLDS(strstr(body, "\"column\":57,") != NULL && strstr(body, "\"errors\":[],") != NULL && strstr(body, "\"line\":1,") != NULL);
    HOLDS(cors_engine_lint_document("s3-json", "{", 1, &json) == 0);
    HOLDS(strstr(body, "\"errors\":[{\"advice\":") != NULL && strstr(body, "\"findings\":[]") != NULL);
    HOLDS(cors_engine_lint_document("unknown", twice, strlen(twice), &json) == CORS_ENGINE_ERROR_NAME && json.len == 0);
    HOLDS(cors_engine_lint_document("s3", NULL, 1, &json) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_lint_document("s3", twice, strlen(twice), NULL) == CORS_ENGINE_ERROR_NULL);

    char text_of[4096];
    cors_engine_output document = output(text_of, sizeof text_of);
    HOLDS(cors_engine_convert_document("s3", "oss", twice, strlen(twice), &document, &json) == 0);
    HOLDS(strstr(text_of, "<AllowedOrigin>https://a.example</AllowedOrigin>") != NULL && strstr(body, "\"differences\":[") != NULL);
    cors_engine_policy policy = compiled("oss", text_of);
    HOLDS(cors_engine_policy_rules(&policy) == 1);
    HOLDS(cors_engine_convert_document("s3", "gcs-json", XML, strlen(XML), &document, &json) == 0);
    HOLDS(strstr(body, "\"line\":1,\"message\":\"rule 1, AllowedOrigin `https://*.app.example`: left out") != NULL);
    HOLDS(cors_engine_convert_document("s3", "gcs-json", "<a/>", 4, &document, &json) == CORS_ENGINE_ERROR_DOCUMENT && document.len == 0);
    HOLDS(strstr(body, "\"errors\":[{\"advice\":") != NULL);
    static const char wildcard[] = "{\"CORSRules\": [{\"AllowedOrigins\": [\"https://*.a.example\"], \"AllowedMethods\": [\"GET\"]}]}";
    HOLDS(cors_engine_convert_document("s3", "gcs-json", wildcard, strlen(wildcard), &document, &json) == 0);
    HOLDS(strcmp(text_of, "[]\n") == 0 && strstr(body, "\"rules_left_out\":1") != NULL);
    HOLDS(cors_engine_convert_document("s3", "unknown", twice, strlen(twice), &document, &json) == CORS_ENGINE_ERROR_NAME);
    HOLDS(cors_engine_convert_document("s3", "oss", twice, strlen(twice), NULL, &json) == 0 && json.len > 0);
    HOLDS(cors_engine_convert_document("s3", "oss", twice, strlen(twice), &document, NULL) == CORS_ENGINE_ERROR_NULL);
}

int main(void) {
    documents();
    sizes();
    rules();
    writing();
    operations();
    explanations();
    reports();
    puts(failed ? "failed" : "holds");
    return failed;
}
