/*
 * Every vector, through the C functions: the answer is that of the Rust engine, header for header.
 *
 * On a host, every text is a heap block of exactly its length, so that a sanitizer or valgrind sees each byte that is read beyond it.
 * Arguments of a host: `overlong` plants a length that is one too long, which they must report.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cors_engine.h"

#include "vectors.h"

static int overlong;

static void *block(size_t len) {
    void *memory = malloc(len > 0 ? len : 1);
    if (memory == NULL) abort();
    return memory;
}

static cors_engine_text copy(cors_engine_text text) {
    if (text.data != NULL) {
        char *memory = block(text.len);
        memcpy(memory, text.data, text.len);
        text.data = memory;
    }
    return text;
}

static int equal(cors_engine_text a, cors_engine_text b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* The length of the value that needs the buffer: every other value is stored. */
static size_t room_needed(const struct vector *vector) {
    size_t most = 0;
    for (size_t i = 0; i < vector->headers_len; i++) {
        if (strcmp(vector->headers[i].name.data, "access-control-allow-headers") == 0) most = vector->headers[i].value.len;
    }
    return most;
}

static const char *fault(const struct vector *vector, const cors_engine_decision *decision) {
    if (decision->kind != vector->kind) return "kind";
    if (decision->reason != vector->reason) return "reason";
    if (decision->status != vector->status) return "status";
    if (decision->rule != vector->rule) return "rule";
    if (decision->detail != vector->detail) return "detail";
    if (decision->headers_len != vector->headers_len) return "number of headers";
    for (size_t i = 0; i < decision->headers_len; i++) {
        if (!equal(decision->headers[i].name, vector->headers[i].name)) return "name of a header";
        if (!equal(decision->headers[i].value, vector->headers[i].value)) return "value of a header";
        if (decision->headers[i].name.data[decision->headers[i].name.len] != '\0') return "name without NUL";
    }
    return NULL;
}

static const char *run(const struct vector *vector) {
    cors_engine_text image = copy(vector->image);
    cors_engine_request request = vector->request;
    cors_engine_text *lines = block(request.access_control_request_headers_len * sizeof *lines);
    for (size_t i = 0; i < request.access_control_request_headers_len; i++) {
        lines[i] = copy(vector->request.access_control_request_headers[i]);
    }
    request.method = copy(request.method);
    request.origin = copy(request.origin);
    request.access_control_request_method = copy(request.access_control_request_method);
    request.access_control_request_headers = lines;
    if (overlong && request.origin.data != NULL) request.origin.len++;

    cors_engine_policy *policy = block(sizeof *policy);
    cors_engine_decision *decision = block(sizeof *decision);
    size_t room = room_needed(vector);
    char *buffer = block(room);
    const char *found = NULL;
    for (int view = 0; view < 2 && found == NULL; view++) {
        int (*open)(cors_engine_policy *, const void *, size_t) = view ? cors_engine_policy_view : cors_engine_policy_open;
        memset(policy, 0xff, sizeof *policy);
        memset(decision, 0xff, sizeof *decision);
        if (open(policy, image.data, image.len) != 0) found = "image";
        else if (cors_engine_decide(policy, &request, buffer, room, decision) != 0) found = "error";
        else found = fault(vector, decision);
    }
    if (found == NULL && room > 0) {
        /* Stored values need no buffer: then less room is no error, and the answer the same. */
        int error = cors_engine_decide(policy, &request, buffer, room - 1, decision);
        if (error == 0) found = fault(vector, decision);
        else if (error != CORS_ENGINE_ERROR_ROOM || decision->headers_len != 0 || decision->kind != CORS_ENGINE_NOT_CORS) found = "small buffer";
    }
    free(buffer);
    free(decision);
    free(policy);
    for (size_t i = 0; i < request.access_control_request_headers_len; i++) free((char *)lines[i].data);
    free(lines);
    free((char *)request.method.data);
    free((char *)request.origin.data);
    free((char *)request.access_control_request_method.data);
    free((char *)image.data);
    return found;
}

int main(int argc, char **argv) {
    size_t count = sizeof vectors / sizeof *vectors, failed = 0;
    overlong = argc > 1 && strcmp(argv[1], "overlong") == 0;
    for (size_t i = 0; i < count; i++) {
        const char *found = run(&vectors[i]);
        if (found != NULL) {
            failed++;
            printf("%s: %s\n", vectors[i].name.data, found);
        }
    }
    printf("%u passed, %u failed\n", (unsigned)(count - failed), (unsigned)failed);
    return failed != 0 || count < 100;
}
