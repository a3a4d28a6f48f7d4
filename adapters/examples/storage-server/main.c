/*
 * A storage server's CORS in C: PUT, GET and DELETE of a bucket's rules, and a decision for every request. One connection at a time and
 * nothing on disk: it shows the calls, and refuses what it does not understand.
 *
 *     cc main.c $(pkg-config --cflags --libs cors_engine_documents) -o storage-server && ./storage-server 8080
 *
 * curl -X PUT --data-binary @cors.xml 'http://127.0.0.1:8080/?cors' sets the rules. Any other GET or HEAD is an object.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <cors_engine_documents.h>

enum { HEAD_BYTES = 65536, BODY_BYTES = 1 << 20, HEADERS = 128 };

/* A request: `head` is cut into texts that end in NUL. */
static struct {
    char head[HEAD_BYTES + 1], body[BODY_BYTES + 1];
    const char *method, *path;
    cors_engine_header headers[HEADERS];
    size_t headers_len, body_len;
} request;

static char image[4 << 20], buffer[CORS_ENGINE_BUFFER_BYTES], message[4096], body[1 << 20];
static cors_engine_policy policy;
static int has_rules;
static unsigned long number;

static cors_engine_text text(const char *chars) {
    return (cors_engine_text){chars, strlen(chars)};
}

/* Sends an answer with the headers of a decision. */
static void send_answer(int socket, unsigned int status, cors_engine_text phrase, cors_engine_text content, const cors_engine_decision *decision) {
    FILE *out = fdopen(dup(socket), "w");
    if (out == NULL) return;
    fprintf(out, "HTTP/1.1 %u %.*s\r\nContent-Length: %zu\r\nConnection: close\r\n", status, (int)phrase.len, phrase.data, content.len);
    for (size_t i = 0; decision != NULL && i < decision->headers_len; i++) {
        fprintf(out, "%s: ", decision->headers[i].name.data);
        fwrite(decision->headers[i].value.data, 1, decision->headers[i].value.len, out);
        fputs("\r\n", out);
    }
    fputs("\r\n", out);
    if (strcmp(request.method, "HEAD") != 0) fwrite(content.data, 1, content.len, out);
    fclose(out);
}

/* Reads a request; returns 0, or the status with which it is refused. */
static int read_request(int socket) {
    size_t len = 0;
    char *end = NULL;
    memset(&request, 0, sizeof request);
    request.method = "";
    while (end == NULL) {
        ssize_t got = len == HEAD_BYTES ? 0 : read(socket, request.head + len, HEAD_BYTES - len);
        if (got <= 0) return len == HEAD_BYTES ? 431 : 400;
        len += (size_t)got;
        if (memchr(request.head, '\0', len) != NULL) return 400;
        end = strstr(request.head, "\r\n\r\n");
    }
    const char *rest = end + 4;
    size_t rest_len = len - (size_t)(rest - request.head), content_length = 0;
    end[2] = '\0';
    char *line_end = strstr(request.head, "\r\n"), *space = strchr(request.head, ' '), *second = space == NULL ? NULL : strchr(space + 1, ' ');
    if (second == NULL || second > line_end || strncmp(second, " HTTP/1.1\r\n", 11) != 0 || space[1] != '/') return 400;
    *space = *second = '\0';
    request.method = request.head;
    request.path = space + 1;
    for (char *line = line_end + 2; *line != '\0'; line = line_end + 2) {
        line_end = strstr(line, "\r\n");
        char *colon = strchr(line, ':'), *value_end = line_end;
        if (colon == NULL || colon > line_end || colon == line || request.headers_len == HEADERS) return 400;
        for (char *byte = line; byte < colon; byte++) {
            if (!isalnum((unsigned char)*byte) && strchr("!#$%&'*+-.^_`|~", *byte) == NULL) return 400;
        }
        char *value = colon + 1;
        while (*value == ' ' || *value == '\t') value++;
        while (value_end > value && (value_end[-1] == ' ' || value_end[-1] == '\t')) value_end--;
        if (value > value_end) value = value_end;
        if (memchr(value, '\r', (size_t)(value_end - value)) != NULL || memchr(value, '\n', (size_t)(value_end - value)) != NULL) return 400;
        *colon = *value_end = '\0';
        request.headers[request.headers_len++] = (cors_engine_header){{line, (size_t)(colon - line)}, {value, (size_t)(value_end - value)}};
        if (strcasecmp(line, "transfer-encoding") == 0) return 501;
        if (strcasecmp(line, "content-length") == 0) {
            if (*value == '\0' || strspn(value, "0123456789") != strlen(value) || content_length > 0) return 400;
            content_length = strlen(value) > 9 ? BODY_BYTES + 1 : strtoul(value, NULL, 10);
        }
    }
    if (content_length > BODY_BYTES) return 413;
    if (rest_len > content_length) return 400;
    memcpy(request.body, rest, rest_len);
    for (request.body_len = rest_len; request.body_len < content_length;) {
        ssize_t got = read(socket, request.body + request.body_len, content_length - request.body_len);
        if (got <= 0) return 400;
        request.body_len += (size_t)got;
    }
    return 0;
}

/* The first value of a header and how often it came; `lines` receives up to `room` of them. */
static size_t find(const char *name, cors_engine_text *lines, size_t room) {
    size_t count = 0;
    for (size_t i = 0; i < request.headers_len && count < room; i++) {
        if (strcasecmp(request.headers[i].name.data, name) == 0) lines[count++] = request.headers[i].value;
    }
    return count;
}

static int decide(cors_engine_decision *decision, cors_engine_request *asked, cors_engine_text *lines) {
    cors_engine_text origin[2], method[2];
    size_t origins = find("origin", origin, 2), methods = find("access-control-request-method", method, 2);
    memset(asked, 0, sizeof *asked);
    asked->method = text(request.method);
    if (origins > 0) asked->origin = origins == 1 && methods < 2 ? origin[0] : text(CORS_ENGINE_AMBIGUOUS_ORIGIN);
    if (methods > 0) asked->access_control_request_method = method[0];
    asked->access_control_request_headers = lines;
    asked->access_control_request_headers_len = find("access-control-request-headers", lines, CORS_ENGINE_MAX_FIELD_LINES + 1);
    return cors_engine_decide(&policy, asked, buffer, sizeof buffer, decision);
}

/* A bucket without rules is an image too. */
static int forget_rules(void) {
    cors_engine_configuration nothing = {"s3", NULL, 0, 0};
    cors_engine_output out = {image, sizeof image, 0};
    has_rules = 0;
    int error = cors_engine_compile_rules(&nothing, &out, NULL);
    return error != 0 ? error : cors_engine_policy_view(&policy, image, out.len);
}

static void serve(int socket) {
    int status = read_request(socket);
    if (status != 0) {
        send_answer(socket, (unsigned int)status, text("Refused"), text(""), NULL);
        return;
    }
    char id[32];
    snprintf(id, sizeof id, "%016lX", ++number);
    cors_engine_context context = {"s3", {"bucket", 6}, text(id), {"", 0}, 0, strcmp(request.path, "/") == 0};
    cors_engine_answer answer = {{NULL, 0}, {NULL, 0}, {message, sizeof message, 0}, {body, sizeof body, 0}, 0};
    cors_engine_text lines[CORS_ENGINE_MAX_FIELD_LINES + 1];
    cors_engine_request asked;
    cors_engine_decision decision;
    int error = decide(&decision, &asked, lines), is_rules = strcmp(request.path, "/?cors") == 0;
    const cors_engine_policy *rules = has_rules ? &policy : NULL;
    if (error == 0 && decision.kind == CORS_ENGINE_PREFLIGHT) {
        if (decision.reason != CORS_ENGINE_REASON_NONE) error = cors_engine_preflight_error(&context, rules, &asked, &answer);
        else answer.status = decision.status;
    } else if (error == 0 && is_rules && strcmp(request.method, "PUT") == 0) {
        static char kept[sizeof image];
        cors_engine_output out = {kept, sizeof kept, 0};
        error = cors_engine_put_bucket_cors(&context, request.headers, request.headers_len, request.body, request.body_len, &out, &answer, NULL);
        /* The headers of this answer are by the old rules, which point into the old image: it is replaced after sending. */
        if (error == 0) send_answer(socket, answer.status, answer.code, (cors_engine_text){body, answer.body.len}, &decision);
        if (error == 0 && answer.status == 200) {
            memcpy(image, kept, out.len);
            error = cors_engine_policy_view(&policy, image, out.len);
            has_rules = error == 0;
        }
        if (error == 0) return;
    } else if (error == 0 && is_rules && strcmp(request.method, "GET") == 0) {
        error = cors_engine_get_bucket_cors(&context, rules, &answer);
    } else if (error == 0 && is_rules && strcmp(request.method, "DELETE") == 0) {
        send_answer(socket, 204, text("No Content"), text(""), &decision);
        error = forget_rules();
        if (error == 0) return;
    } else if (error == 0 && !is_rules && (strcmp(request.method, "GET") == 0 || strcmp(request.method, "HEAD") == 0)) {
        send_answer(socket, 200, text("OK"), text("an object\n"), &decision);
        return;
    } else if (error == 0) {
        send_answer(socket, 405, text("Method Not Allowed"), text(""), &decision);
        return;
    }
    if (error != 0) {
        fprintf(stderr, "%s\n", cors_engine_error_text(error));
        send_answer(socket, 500, text("Internal Server Error"), text(""), NULL);
        return;
    }
    send_answer(socket, answer.status, answer.code, (cors_engine_text){body, answer.body.len}, &decision);
}

int main(int count, char **arguments) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)(count == 2 ? atoi(arguments[1]) : 0))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (count != 2 || address.sin_port == 0 || forget_rules() != 0) return fputs("usage: storage-server PORT\n", stderr), 2;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) return perror("storage-server"), 1;
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection < 0) continue;
        serve(connection);
        shutdown(connection, SHUT_WR);
        close(connection);
    }
}
