/*
 * An HTTP filter for Envoy, as a dynamic module: answers preflights and sets the CORS headers of responses by rules. The engine decides;
 * this file carries requests to it and answers from it.
 *
 *     cc -O2 -fPIC -shared -fvisibility=hidden cors_engine_envoy.c libcors_engine_documents.a -o libcors_engine_envoy.so
 *
 * README.md shows a configuration, and what each setting means.
 */
#include <strings.h>

#include "configuration.h"

#define NO_ORIGIN_COUNTER (CORS_ENGINE_REASON_LIMIT + 1)

/* The filter of one filter chain. */
typedef struct {
    policy *policy;
    size_t counters[NO_ORIGIN_COUNTER + 1]; /* by reason; 0 is granted */
} filter;

/* What was decided for a request, with texts of its own, as a route and its policy can go away before the response. */
typedef struct {
    uint8_t kind;
    uint16_t status;
    bool changes_nothing;
    size_t headers_len;
    header headers[CORS_ENGINE_MAX_HEADERS];
    char texts[];
} answer;

typedef struct stream {
    const filter *filter;
    answer *answer; /* NULL: nothing was decided yet */
    bool answered;  /* by the module itself */
} stream;

static text trim(text value) {
    while (value.len > 0 && (*value.data == ' ' || *value.data == '\t')) value.data++, value.len--;
    while (value.len > 0 && (value.data[value.len - 1] == ' ' || value.data[value.len - 1] == '\t')) value.len--;
    return value;
}

/* The line of a header at an index, without white space around it, and how many lines there are. */
static text line(envoy_filter *envoy, int type, const char *name, size_t index, size_t *count) {
    text value = NOTHING;
    if (!envoy_dynamic_module_callback_http_get_header(envoy, type, chars(name), &value, index, count)) {
        if (index == 0) *count = 0;
        return NOTHING;
    }
    return value.len == 0 ? (text){"", 0} : trim(value);
}

static answer *copied(const cors_engine_decision *decision, bool changes_nothing) {
    size_t len = 0;
    for (size_t i = 0; i < decision->headers_len; i++) len += decision->headers[i].name.len + 1 + decision->headers[i].value.len;
    answer *answer = malloc(sizeof *answer + len);
    if (answer == NULL) return NULL;
    answer->kind = decision->kind;
    answer->status = decision->status;
    answer->changes_nothing = changes_nothing;
    answer->headers_len = decision->headers_len;
    char *at = answer->texts;
    for (size_t i = 0; i < decision->headers_len; i++) {
        text name = decision->headers[i].name, value = decision->headers[i].value;
        answer->headers[i] = (header){{memcpy(at, name.data, name.len + 1), name.len}, {NULL, value.len}};
        at += name.len + 1;
        answer->headers[i].value.data = memcpy(at, value.data, value.len);
        at += value.len;
    }
    return answer;
}

static void tell(envoy_filter *envoy, const char *result) {
    envoy_dynamic_module_callback_http_set_dynamic_metadata_string(envoy, chars("cors"), chars("result"), chars(result));
}

/* Decides the request of a stream, counts it, and tells access logs. */
static answer *decide(envoy_filter *envoy, const filter *filter) {
    const policy *policy = envoy_dynamic_module_callback_get_most_specific_route_config(envoy);
    if (policy == NULL) policy = filter->policy;
    cors_engine_decision decision;
    memset(&decision, 0, sizeof decision);
    if (policy->off) {
        if (policy->metadata) tell(envoy, "off");
        return copied(&decision, true);
    }

    cors_engine_text lines[CORS_ENGINE_MAX_FIELD_LINES + 1];
    size_t count = 0, ignored, origins = 0, methods = 0;
    cors_engine_request request;
    memset(&request, 0, sizeof request);
    request.method = line(envoy, REQUEST_HEADER, ":method", 0, &ignored);
    if (request.method.data == NULL) return copied(&decision, true); /* Envoy answers before it has a request */
    request.origin = line(envoy, REQUEST_HEADER, "origin", 0, &origins);
    request.access_control_request_method = line(envoy, REQUEST_HEADER, "access-control-request-method", 0, &methods);
    /* Envoy joins the lines of a header that it knows with a comma, which no origin has. */
    bool joined = request.origin.len > 0 && memchr(request.origin.data, ',', request.origin.len) != NULL;
    if (request.origin.data != NULL && (joined || origins > 1 || methods > 1)) request.origin = chars(CORS_ENGINE_AMBIGUOUS_ORIGIN);
    lines[0] = line(envoy, REQUEST_HEADER, "access-control-request-headers", 0, &count);
    if (count > CORS_ENGINE_MAX_FIELD_LINES + 1) count = CORS_ENGINE_MAX_FIELD_LINES + 1;
    for (size_t i = 1; i < count; i++) lines[i] = line(envoy, REQUEST_HEADER, "access-control-request-headers", i, &ignored);
    request.access_control_request_headers = lines;
    request.access_control_request_headers_len = count;
#ifdef PLANTED_METHOD_ONLY_WITH_ORIGIN
    if (request.origin.data == NULL) request.access_control_request_method = NOTHING;
#endif

    char buffer[CORS_ENGINE_BUFFER_BYTES];
    int error = cors_engine_decide(&policy->policy, &request, buffer, sizeof buffer, &decision);
    if (error != 0) refuse("a request cannot be decided", cors_engine_error_text(error));

    size_t counter = decision.kind == CORS_ENGINE_NOT_CORS ? NO_ORIGIN_COUNTER : decision.reason;
    envoy_dynamic_module_callback_http_filter_increment_counter(envoy, filter->counters[counter], NULL, 0, 1);
    /* Metadata costs about as much as the rest of this. */
    if (policy->metadata && decision.kind != CORS_ENGINE_NOT_CORS) {
        tell(envoy, decision.reason == CORS_ENGINE_REASON_NONE ? "granted" : cors_engine_reason_name(decision.reason));
    }
    if (policy->metadata && decision.rule != CORS_ENGINE_NO_RULE) {
        envoy_dynamic_module_callback_http_set_dynamic_metadata_number(envoy, chars("cors"), chars("rule"), decision.rule);
    }
    return copied(&decision, policy->report_only);
}

static bool same(text a, text b) {
    return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

/* The next token of a list; its data is NULL after the last. */
static text token(text *list) {
    while (list->len > 0) {
        const char *comma = memchr(list->data, ',', list->len);
        size_t len = comma == NULL ? list->len : (size_t)(comma - list->data), past = comma == NULL ? len : len + 1;
        text token = trim((text){list->data, len});
        list->data += past;
        list->len -= past;
        if (token.len > 0) return token;
    }
    return NOTHING;
}

static void append(char *to, size_t *len, text from) {
    for (text rest = {to, *len}, one = token(&rest); one.data != NULL; one = token(&rest)) {
        if (same(one, from) || same(one, chars("*"))) return;
    }
    if (*len > 0) to[(*len)++] = ',', to[(*len)++] = ' ';
    memcpy(to + *len, from.data, from.len);
    *len += from.len;
}

/* Makes one Vary of the lines that the response has and of ours, each token once. */
static void merge_vary(envoy_filter *envoy, text ours) {
    size_t count = 0, ignored, room = 2 * ours.len + 2, len = 0;
    text first = line(envoy, RESPONSE_HEADER, "vary", 0, &count), rest, one;
    if (count == 0) {
        envoy_dynamic_module_callback_http_set_header(envoy, RESPONSE_HEADER, chars("vary"), ours);
        return;
    }
    for (size_t i = 0; i < count; i++) room += 2 * (i == 0 ? first : line(envoy, RESPONSE_HEADER, "vary", i, &ignored)).len + 2;
    char *merged = malloc(room);
    if (merged == NULL) {
        envoy_dynamic_module_callback_http_add_header(envoy, RESPONSE_HEADER, chars("vary"), ours);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        for (rest = line(envoy, RESPONSE_HEADER, "vary", i, &ignored); (one = token(&rest)).data != NULL;) append(merged, &len, one);
    }
    for (rest = ours; (one = token(&rest)).data != NULL;) append(merged, &len, one);
    envoy_dynamic_module_callback_http_set_header(envoy, RESPONSE_HEADER, chars("vary"), (text){merged, len});
    free(merged);
}

/* Whether a response may have one of the six. Most have none, and to look through all headers once costs less than to remove six. */
static bool may_have_any(envoy_filter *envoy) {
    header all[64];
    size_t count = envoy_dynamic_module_callback_http_get_headers_size(envoy, RESPONSE_HEADER);
    if (count > sizeof all / sizeof *all || !envoy_dynamic_module_callback_http_get_headers(envoy, RESPONSE_HEADER, all)) return true;
    for (size_t i = 0; i < count; i++) {
        if (all[i].name.len > 15 && memcmp(all[i].name.data, "access-control-", 15) == 0) return true;
    }
    return false;
}

static void decorate(envoy_filter *envoy, const answer *answer) {
    static const char *const SIX[] = {"access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods",
                                      "access-control-allow-headers", "access-control-expose-headers", "access-control-max-age"};
    bool has_any = may_have_any(envoy);
    for (size_t i = 0; has_any && i < sizeof SIX / sizeof *SIX; i++) {
        envoy_dynamic_module_callback_http_set_header(envoy, RESPONSE_HEADER, chars(SIX[i]), NOTHING);
    }
    for (size_t i = 0; answer != NULL && i < answer->headers_len; i++) {
        if (same(answer->headers[i].name, chars("vary"))) merge_vary(envoy, answer->headers[i].value);
        else envoy_dynamic_module_callback_http_set_header(envoy, RESPONSE_HEADER, answer->headers[i].name, answer->headers[i].value);
    }
}

/* ---- What Envoy calls ---- */

HOOK const char *envoy_dynamic_module_on_program_init(void) {
    if (cors_engine_abi_version() == CORS_ENGINE_ABI_VERSION) return ABI_VERSION;
    return refuse("the library of the engine is of another release than cors_engine.h", "build this module again");
}

HOOK const void *envoy_dynamic_module_on_http_filter_config_new(envoy_filter_config *envoy, text name, text config) {
    (void)name;
    filter *filter = malloc(sizeof *filter);
    if (filter == NULL) return refuse("out of memory", "");
    filter->policy = configured(config);
    if (filter->policy == NULL) return free(filter), NULL;
    for (unsigned int i = 0; i <= NO_ORIGIN_COUNTER; i++) {
        char counter[64] = "cors.no-origin";
        if (i == 0) strcpy(counter, "cors.granted");
        else if (i < NO_ORIGIN_COUNTER) snprintf(counter, sizeof counter, "cors.refused.%s", cors_engine_reason_name(i));
        if (envoy_dynamic_module_callback_http_filter_config_define_counter(envoy, chars(counter), NULL, 0, &filter->counters[i]) != 0) {
            free(filter->policy), free(filter);
            return refuse(counter, "Envoy refuses to define this counter");
        }
    }
    return filter;
}

HOOK void envoy_dynamic_module_on_http_filter_config_destroy(const void *config) {
    filter *filter = (void *)(uintptr_t)config;
    free(filter->policy), free(filter);
}

HOOK const void *envoy_dynamic_module_on_http_filter_per_route_config_new(text name, text config) {
    (void)name;
    return configured(config);
}

HOOK void envoy_dynamic_module_on_http_filter_per_route_config_destroy(const void *config) {
    free((void *)(uintptr_t)config);
}

HOOK const void *envoy_dynamic_module_on_http_filter_new(const void *config, envoy_filter *envoy) {
    (void)envoy;
    stream *stream = malloc(sizeof *stream);
    if (stream != NULL) *stream = (struct stream){config, NULL, false};
    return stream;
}

HOOK void envoy_dynamic_module_on_http_filter_destroy(const void *module) {
    stream *stream = (void *)(uintptr_t)module;
    free(stream->answer), free(stream);
}

HOOK int envoy_dynamic_module_on_http_filter_request_headers(envoy_filter *envoy, const void *module, bool end_of_stream) {
    (void)end_of_stream;
    stream *stream = (void *)(uintptr_t)module;
    answer *answer = stream->answer = decide(envoy, stream->filter);
    if (answer == NULL) {
        envoy_dynamic_module_callback_http_send_response(envoy, 500, NULL, 0, NOTHING, chars("cors_out_of_memory"));
        return STOP_ITERATION;
    }
    if (answer->kind != CORS_ENGINE_PREFLIGHT || answer->changes_nothing) return CONTINUE;
    /* Not as a local reply, which costs a tenth of a request more, and to which Envoy adds headers of the route. */
    char status[8];
    snprintf(status, sizeof status, "%u", answer->status);
    header headers[1 + CORS_ENGINE_MAX_HEADERS] = {{chars(":status"), chars(status)}};
    memcpy(headers + 1, answer->headers, answer->headers_len * sizeof *headers);
    stream->answered = true;
    envoy_dynamic_module_callback_http_send_response_headers(envoy, headers, 1 + answer->headers_len, true);
    return STOP_ITERATION;
}

/* A filter before this one, or Envoy itself, may have answered: then nothing was decided yet. */
HOOK int envoy_dynamic_module_on_http_filter_response_headers(envoy_filter *envoy, const void *module, bool end_of_stream) {
    (void)end_of_stream;
    stream *stream = (void *)(uintptr_t)module;
    if (stream->answered) return CONTINUE;
    if (stream->answer == NULL) stream->answer = decide(envoy, stream->filter);
    if (stream->answer == NULL || !stream->answer->changes_nothing) decorate(envoy, stream->answer);
    return CONTINUE;
}

/* Envoy wants the other hooks of a filter too. This one has nothing to do in them: CONTINUE is 0, and what returns nothing is not read. */
#define UNUSED(name) HOOK int envoy_dynamic_module_on_http_filter_##name(void) { return CONTINUE; }
UNUSED(request_body)
UNUSED(request_trailers)
UNUSED(response_body)
UNUSED(response_trailers)
UNUSED(stream_complete)
UNUSED(local_reply)
UNUSED(scheduled)
UNUSED(config_scheduled)
UNUSED(http_callout_done)
UNUSED(http_stream_headers)
UNUSED(http_stream_data)
UNUSED(http_stream_trailers)
UNUSED(http_stream_complete)
UNUSED(http_stream_reset)
UNUSED(config_http_callout_done)
UNUSED(config_http_stream_headers)
UNUSED(config_http_stream_data)
UNUSED(config_http_stream_trailers)
UNUSED(config_http_stream_complete)
UNUSED(config_http_stream_reset)
UNUSED(downstream_above_write_buffer_high_watermark)
UNUSED(downstream_below_write_buffer_low_watermark)
