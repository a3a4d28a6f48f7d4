/* Compiles a document, decides two requests by it, and prints the answers: what a storage server does, without its server. */
#include <stdio.h>
#include <string.h>

#include <cors_engine_documents.h>

static const char DOCUMENT[] =
    "<CORSConfiguration><CORSRule><AllowedOrigin>https://*.app.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>"
    "<AllowedHeader>x-*</AllowedHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule></CORSConfiguration>";

static void answer(const cors_engine_policy *policy, const char *origin) {
    cors_engine_text names = {"x-trace, x-id", 13};
    cors_engine_request request = {{"OPTIONS", 7}, {origin, strlen(origin)}, {"PUT", 3}, &names, 1};
    cors_engine_decision decision;
    char buffer[CORS_ENGINE_BUFFER_BYTES];

    int error = cors_engine_decide(policy, &request, buffer, sizeof buffer, &decision);
    if (error != 0) {
        printf("%s\n", cors_engine_error_text(error));
        return;
    }
    printf("%s: %u %s\n", origin, decision.status, cors_engine_reason_name(decision.reason));
    for (size_t i = 0; i < decision.headers_len; i++) {
        printf("%s: %.*s\n", decision.headers[i].name.data, (int)decision.headers[i].value.len, decision.headers[i].value.data);
    }
}

int main(void) {
    char image[4096], errors[4096];
    cors_engine_output image_out = {image, sizeof image, 0}, errors_out = {errors, sizeof errors, 0};
    int error = cors_engine_compile_document("s3", "bucket.xml", DOCUMENT, strlen(DOCUMENT), &image_out, &errors_out);
    if (error != 0) {
        fprintf(stderr, "%s\n%s", cors_engine_error_text(error), errors);
        return 1;
    }
    cors_engine_policy policy;
    error = cors_engine_policy_open(&policy, image, image_out.len);
    if (error != 0) {
        fprintf(stderr, "%s\n", cors_engine_error_text(error));
        return 1;
    }
    answer(&policy, "https://eu.app.example");
    answer(&policy, "https://evil.example");
    return 0;
}
