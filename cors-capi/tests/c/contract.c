/* What the header promises besides answers: errors, NULL, lengths, memory that is too small. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cors_engine.h"

#include "contract.h"

#include "holds.h"

static unsigned char image[4096];
static size_t image_len;

static void pointers(const cors_engine_policy *open) {
    cors_engine_policy policy;
    cors_engine_decision decision;
    cors_engine_request request;
    memset(&request, 0, sizeof request);
    HOLDS(cors_engine_policy_open(NULL, image, image_len) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_policy_open(&policy, NULL, image_len) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_policy_open(&policy, NULL, 0) == CORS_ENGINE_ERROR_NOT_AN_IMAGE);
    HOLDS(cors_engine_policy_open(&policy, image, (size_t)-1) == CORS_ENGINE_ERROR_LENGTH);
    HOLDS(cors_engine_policy_view(NULL, image, image_len) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_policy_rules(NULL) == 0);
    HOLDS(cors_engine_decide(open, &request, NULL, 0, &decision) == CORS_ENGINE_ERROR_NULL); /* no method */
    request.method = text("GET");
    HOLDS(cors_engine_decide(open, &request, NULL, 0, &decision) == 0);
    HOLDS(cors_engine_decide(NULL, &request, NULL, 0, &decision) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_decide(open, NULL, NULL, 0, &decision) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_decide(open, &request, NULL, 0, NULL) == CORS_ENGINE_ERROR_NULL);
    HOLDS(cors_engine_decide(open, &request, NULL, 1, &decision) == CORS_ENGINE_ERROR_NULL);
    request.origin.len = 1;
    HOLDS(cors_engine_decide(open, &request, NULL, 0, &decision) == CORS_ENGINE_ERROR_NULL);
    request.origin = text("https://app.example");
    request.origin.len = (size_t)-1;
    memset(&decision, 0xff, sizeof decision);
    HOLDS(cors_engine_decide(open, &request, NULL, 0, &decision) == CORS_ENGINE_ERROR_LENGTH);
    HOLDS(decision.headers_len == 0 && decision.kind == CORS_ENGINE_NOT_CORS && decision.rule == CORS_ENGINE_NO_RULE);
    request.origin = text("");
    request.access_control_request_headers_len = 1;
    HOLDS(cors_engine_decide(open, &request, NULL, 0, &decision) == CORS_ENGINE_ERROR_NULL);
    request.access_control_request_headers_len = (size_t)-1 / 8;
    HOLDS(cors_engine_decide(open, &request, NULL, 0, &decision) == CORS_ENGINE_ERROR_LENGTH);
}

static void not_open(void) {
    cors_engine_policy policy;
    cors_engine_decision decision;
    cors_engine_request request;
    memset(&request, 0, sizeof request);
    memset(&policy, 0, sizeof policy);
    request.method = text("GET");
    HOLDS(cors_engine_decide(&policy, &request, NULL, 0, &decision) == CORS_ENGINE_ERROR_NOT_OPEN);
    HOLDS(cors_engine_policy_rules(&policy) == 0);
    /* A policy whose second opening fails is closed. */
    HOLDS(cors_engine_policy_open(&policy, image, image_len) == 0);
    HOLDS(cors_engine_policy_rules(&policy) > 0);
    HOLDS(cors_engine_policy_open(&policy, image, image_len - 1) == CORS_ENGINE_ERROR_WRONG_LENGTH);
    HOLDS(cors_engine_decide(&policy, &request, NULL, 0, &decision) == CORS_ENGINE_ERROR_NOT_OPEN);
}

static void images(void) {
    cors_engine_policy policy;
    static const int errors[] = {CORS_ENGINE_ERROR_NOT_AN_IMAGE, CORS_ENGINE_ERROR_UNKNOWN_VERSION, CORS_ENGINE_ERROR_WRONG_LENGTH,
                                 CORS_ENGINE_ERROR_UNKNOWN_DIALECT, CORS_ENGINE_ERROR_INCONSISTENT, CORS_ENGINE_ERROR_INVALID_TEXT};
    int seen[6] = {0};
    /* Each byte in turn, damaged: an error of this list, or a policy. Unaligned, too. */
    unsigned char *damaged = malloc(image_len + 1);
    if (damaged == NULL) abort();
    for (size_t i = 0; i < image_len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(damaged + 1, image, image_len);
            damaged[1 + i] ^= (unsigned char)(1u << bit);
            int error = cors_engine_policy_open(&policy, damaged + 1, image_len);
            int known = error == 0;
            for (size_t k = 0; k < 6; k++) {
                known |= error == errors[k];
                seen[k] |= error == errors[k];
            }
            HOLDS(known);
        }
    }
    for (size_t k = 0; k < 5; k++) HOLDS(seen[k]);
    free(damaged);
}

static void words(void) {
    HOLDS(strcmp(cors_engine_reason_name(CORS_ENGINE_REASON_NONE), "") == 0);
    HOLDS(strcmp(cors_engine_reason_name(CORS_ENGINE_REASON_MISSING_ORIGIN), "missing_origin") == 0);
    HOLDS(strcmp(cors_engine_reason_name(CORS_ENGINE_REASON_ORIGIN), "origin") == 0);
    HOLDS(strcmp(cors_engine_reason_name(CORS_ENGINE_REASON_METHOD), "method") == 0);
    HOLDS(strcmp(cors_engine_reason_name(CORS_ENGINE_REASON_HEADER), "header") == 0);
    HOLDS(strcmp(cors_engine_reason_name(CORS_ENGINE_REASON_LIMIT), "limit") == 0);
    HOLDS(cors_engine_reason_name(CORS_ENGINE_REASON_LIMIT + 1) == NULL);
    HOLDS(cors_engine_reason_name((unsigned)-1) == NULL);
    HOLDS(strcmp(cors_engine_version(), CORS_ENGINE_VERSION) == 0);
    HOLDS(cors_engine_abi_version() == CORS_ENGINE_ABI_VERSION);
    for (int error = -40; error <= 1; error++) HOLDS(cors_engine_error_text(error) != NULL);
    HOLDS(strstr(cors_engine_error_text(CORS_ENGINE_ERROR_NOT_AN_IMAGE), "compile the rules") != NULL);
}

static size_t length_of(const cors_engine_decision *decision, const char *name) {
    for (size_t i = 0; i < decision->headers_len; i++) {
        if (strcmp(decision->headers[i].name.data, name) == 0) return decision->headers[i].value.len;
    }
    return 0;
}

/* The first macro that the header offers is enough for the largest request that is granted, and the second for any. */
static void buffers(const cors_engine_policy *policy) {
    static char names[CORS_ENGINE_BUFFER_BYTES], buffer[CORS_ENGINE_BUFFER_BYTES];
    cors_engine_text lines[CORS_ENGINE_MAX_FIELD_LINES + 1];
    cors_engine_decision decision;
    cors_engine_request request;
    memset(&request, 0, sizeof request);
    request.method = text("OPTIONS");
    request.origin = text("https://app.example");
    request.access_control_request_method = text("PUT");
    request.access_control_request_headers = lines;

    /* 256 names of 63 bytes and 255 commas: 16 383 bytes. */
    size_t len = 0;
    for (int i = 0; i < 256; i++) {
        if (i > 0) names[len++] = ',';
        memset(names + len, 'x', 63);
        names[len + 1] = '-';
        len += 63;
    }
    lines[0].data = names;
    lines[0].len = len;
    request.access_control_request_headers_len = 1;
    HOLDS(cors_engine_decide(policy, &request, buffer, sizeof buffer, &decision) == 0);
    HOLDS(decision.kind == CORS_ENGINE_PREFLIGHT && decision.status == 200);
    HOLDS(length_of(&decision, "access-control-allow-headers") == len + 255);
    HOLDS(len + 255 <= CORS_ENGINE_BUFFER_BOUND(len, 1));
    HOLDS(cors_engine_decide(policy, &request, buffer, len + 254, &decision) == CORS_ENGINE_ERROR_ROOM);

    for (size_t i = 0; i < CORS_ENGINE_MAX_FIELD_LINES + 1; i++) lines[i] = text("x-a");
    request.access_control_request_headers_len = CORS_ENGINE_MAX_FIELD_LINES;
    HOLDS(cors_engine_decide(policy, &request, buffer, CORS_ENGINE_BUFFER_BOUND(3 * 32, 32), &decision) == 0);
    HOLDS(decision.status == 200);
    request.access_control_request_headers_len = CORS_ENGINE_MAX_FIELD_LINES + 1;
    HOLDS(cors_engine_decide(policy, &request, buffer, sizeof buffer, &decision) == 0);
    HOLDS(decision.status == 403 && decision.reason == CORS_ENGINE_REASON_LIMIT && decision.detail == CORS_ENGINE_LIMIT_HEADER_BYTES);

    request.access_control_request_headers_len = 0;
    request.origin = text(CORS_ENGINE_AMBIGUOUS_ORIGIN);
    HOLDS(cors_engine_decide(policy, &request, buffer, sizeof buffer, &decision) == 0);
    HOLDS(decision.status == 403 && decision.reason == CORS_ENGINE_REASON_ORIGIN);
}

int main(void) {
    cors_engine_policy policy, copied;
    image_len = contract.len;
    HOLDS(image_len > 64 && image_len <= sizeof image);
    memcpy(image, contract.data, image_len);
    HOLDS(cors_engine_policy_open(&policy, image, image_len) == 0);
    copied = policy;
    memset(&policy, 0, sizeof policy);
    pointers(&copied);
    not_open();
    images();
    words();
    buffers(&copied);
    puts(failed ? "failed" : "holds");
    return failed;
}
