/*
 * An HTTP filter for Envoy, as a dynamic module: answers preflights and sets the CORS headers of responses by rules. The engine decides
 * (libcors_engine_documents); this file carries requests to it and answers from it.
 *
 *     cc -O2 -fPIC -shared -fvisibility=hidden cors_engine_envoy.c libcors_engine_documents.a -o libcors_engine_envoy.so
 *
 * README.md shows a configuration, and what each setting means.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cors_engine_documents.h>

/*
 * What is used of Envoy's interface for dynamic modules, source/extensions/dynamic_modules/abi/abi.h, the same from Envoy 1.38 to 1.40.
 * The version is that of the oldest: each release of Envoy serves modules for the release before it, and logs a warning.
 */
#define HOOK __attribute__((visibility("default")))
#define ABI_VERSION "v0.1.0"

typedef cors_engine_text text; /* envoy_dynamic_module_type_envoy_buffer and _module_buffer: a pointer and a length */
typedef cors_engine_header header; /* envoy_dynamic_module_type_module_http_header: two of these */
typedef void envoy_filter;
typedef void envoy_filter_config;

enum { CONTINUE = 0, STOP_ITERATION = 1 };           /* envoy_dynamic_module_type_on_http_filter_request_headers_status */
enum { REQUEST_HEADER = 0, RESPONSE_HEADER = 2 };    /* envoy_dynamic_module_type_http_header_type */
enum { LOG_ERROR = 4 };                              /* envoy_dynamic_module_type_log_level */

void envoy_dynamic_module_callback_log(int level, text message);
int envoy_dynamic_module_callback_http_filter_config_define_counter(envoy_filter_config *, text name, text *labels, size_t labels_len, size_t *id);
int envoy_dynamic_module_callback_http_filter_increment_counter(envoy_filter *, size_t id, text *labels, size_t labels_len, uint64_t value);
const void *envoy_dynamic_module_callback_get_most_specific_route_config(envoy_filter *);
bool envoy_dynamic_module_callback_http_get_header(envoy_filter *, int type, text name, text *value, size_t index, size_t *count);
bool envoy_dynamic_module_callback_http_set_header(envoy_filter *, int type, text name, text value);
bool envoy_dynamic_module_callback_http_add_header(envoy_filter *, int type, text name, text value);
void envoy_dynamic_module_callback_http_send_response(envoy_filter *, uint32_t status, header *, size_t headers_len, text body, text details);
void envoy_dynamic_module_callback_http_set_dynamic_metadata_string(envoy_filter *, text space, text name, text value);
void envoy_dynamic_module_callback_http_set_dynamic_metadata_number(envoy_filter *, text space, text name, double value);

static const text NOTHING = {NULL, 0};

static text chars(const char *chars) {
    return (text){chars, strlen(chars)};
}

/* ---- A configuration: settings, and rules in one of four places ---- */

/* Rules that were compiled or loaded, and what to do by them. */
typedef struct {
    cors_engine_policy policy;
    bool report_only;
    char image[];
} policy;

/* The members of filter_config that are ours; the others are the rules. */
typedef struct {
    char *dialect, *document, *file, *image; /* NULL: not stated */
    size_t document_len, image_len;
    int report_only; /* -1: not stated */
} settings;

/* Logs what is wrong with a configuration; Envoy refuses it then. */
static void *refuse(const char *what, const char *why) {
    size_t room = strlen(what) + strlen(why) + 16;
    char *message = malloc(room);
    if (message == NULL) return NULL;
    snprintf(message, room, "cors: %s%s%s", what, *why == '\0' ? "" : ": ", why);
    envoy_dynamic_module_callback_log(LOG_ERROR, chars(message));
    free(message);
    return NULL;
}

/* Four hexadecimal digits at `at`, or -1. */
static long unit(const char *at, const char *end) {
    char digits[5] = "";
    if (end - at < 4) return -1;
    memcpy(digits, at, 4);
    return strspn(digits, "0123456789abcdefABCDEF") == 4 ? strtol(digits, NULL, 16) : -1;
}

static char *utf8(char *out, unsigned long code) {
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xC0 | code >> 6);
        *out++ = (char)(0x80 | (code & 0x3F));
    } else {
        if (code < 0x10000) {
            *out++ = (char)(0xE0 | code >> 12);
        } else {
            *out++ = (char)(0xF0 | code >> 18);
            *out++ = (char)(0x80 | (code >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    }
    return out;
}

/* The text of a JSON string, `at` its opening quote and `end` after its closing one; NULL if it is not one. The text ends in NUL. */
static char *unquoted(const char *at, const char *end, size_t *len) {
    if (end - at < 2 || *at != '"' || end[-1] != '"') return NULL;
    char *text = malloc((size_t)(end - at)), *out = text;
    if (text == NULL) return NULL;
    for (at++, end--; at < end; at++) {
        if (*at == '"') return free(text), NULL;
        if (*at != '\\') {
            *out++ = *at;
            continue;
        }
        static const char ESCAPES[] = "\"\\/bfnrt", MEANINGS[] = "\"\\/\b\f\n\r\t";
        const char *escape = ++at < end && *at != '\0' ? strchr(ESCAPES, *at) : NULL;
        if (escape != NULL) {
            *out++ = MEANINGS[escape - ESCAPES];
            continue;
        }
        long code = at < end && *at == 'u' ? unit(at + 1, end) : -1;
        at += 4;
        if (code >= 0xD800 && code < 0xDC00) {
            long low = end - at > 6 && at[1] == '\\' && at[2] == 'u' ? unit(at + 3, end) : -1;
            code = low >= 0xDC00 && low < 0xE000 ? 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00) : -1;
            at += 6;
        } else if (code >= 0xDC00 && code < 0xE000) {
            code = -1;
        }
        if (code < 0) return free(text), NULL;
        out = utf8(out, (unsigned long)code);
    }
    *out = '\0';
    *len = (size_t)(out - text);
    return text;
}

/* The end of the JSON value at `at`: of its string, of its brackets, or before the next comma. NULL if it does not end. */
static const char *value_end(const char *at, const char *end) {
    size_t depth = 0;
    for (bool quoted = false; at < end; at++) {
        if (quoted) {
            if (*at == '\\') at++;
            else if (*at == '"') quoted = false;
        } else if (*at == '"') {
            quoted = true;
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if ((*at == '}' || *at == ']' || *at == ',') && depth == 0) {
            return at;
        } else if (*at == '}' || *at == ']') {
            depth--;
        }
    }
    return NULL;
}

static const char *space_end(const char *at, const char *end) {
    while (at < end && strchr(" \t\r\n", *at) != NULL && *at != '\0') at++;
    return at;
}

static const char *trimmed(const char *start, const char *end) {
    while (end > start && strchr(" \t\r\n", end[-1]) != NULL && end[-1] != '\0') end--;
    return end;
}

/* Keeps a member that is a setting. Returns what is wrong with it, "" if it is not a setting, or NULL. */
static const char *set(settings *settings, const char *name, const char *value, const char *end) {
    char **place;
    size_t ignored, *len = &ignored;
    if (strcmp(name, "report_only") == 0) {
        bool yes = end - value == 4 && memcmp(value, "true", 4) == 0;
        if (!yes && !(end - value == 5 && memcmp(value, "false", 5) == 0)) return "write true or false";
        if (settings->report_only >= 0) return "state it once";
        settings->report_only = yes;
        return NULL;
    }
    if (strcmp(name, "dialect") == 0) place = &settings->dialect;
    else if (strcmp(name, "document") == 0) place = &settings->document, len = &settings->document_len;
    else if (strcmp(name, "file") == 0) place = &settings->file;
    else if (strcmp(name, "image") == 0) place = &settings->image, len = &settings->image_len;
    else return "";
    if (*place != NULL) return "state it once";
    *place = unquoted(value, end, len);
    if (*place == NULL) return "write a string";
    return len == &ignored && strlen(*place) != ignored ? "leave out the NUL" : NULL;
}

/* Takes the settings out of a JSON object, each replaced by spaces, so that columns stay. `rules` says whether a member is left. */
static bool take_settings(char *json, size_t len, settings *settings, bool *rules) {
    const char *const not_json = "filter_config is not a JSON object: write it as a google.protobuf.Struct";
    const char *end = json + len, *at = space_end(json, end);
    char *comma = NULL;
    *rules = false;
    if (at == end || *at != '{') return refuse(not_json, ""), false;
    at = space_end(at + 1, end);
    if (at < end && *at == '}') return space_end(at + 1, end) == end || (refuse(not_json, ""), false);
    for (;;) {
        const char *member = at, *colon = at, *after;
        size_t ignored;
        if (at == end || *at != '"') return refuse(not_json, ""), false;
        for (colon++; colon < end && *colon != '"'; colon++) colon += *colon == '\\';
        char *name = colon < end ? unquoted(member, colon + 1, &ignored) : NULL;
        at = colon < end ? space_end(colon + 1, end) : end;
        after = at < end && *at == ':' ? value_end(at = space_end(at + 1, end), end) : NULL;
        if (name == NULL || after == NULL || *after == ']') return free(name), refuse(not_json, ""), false;
        const char *wrong = set(settings, name, at, trimmed(at, after));
        if (wrong != NULL && *wrong != '\0') refuse(name, wrong);
        free(name);
        if (wrong == NULL) {
            memset(json + (member - json), ' ', (size_t)(after - member));
        } else if (*wrong != '\0') {
            return false;
        } else {
            if (*rules) *comma = ',';
            *rules = true;
        }
        if (*after == '}') return space_end(after + 1, end) == end || (refuse(not_json, ""), false);
        comma = json + (after - json);
        *comma = ' ';
        at = space_end(after + 1, end);
    }
}

/* A policy with room for an image; the rest is the caller's. */
static policy *with_image(const char *image, size_t len) {
    policy *policy = malloc(sizeof *policy + len);
    if (policy == NULL) return refuse("out of memory", "");
    if (image != NULL) memcpy(policy->image, image, len);
    return policy;
}

/* Compiles a document, or logs every error as NAME:LINE:COLUMN: what to change. */
static policy *compiled(const char *dialect, const char *name, const char *document, size_t len) {
    cors_engine_output image = {NULL, 0, 0}, errors = {NULL, 0, 0};
    int error = cors_engine_compile_document(dialect, name, document, len, &image, &errors);
    if (error == CORS_ENGINE_ERROR_DOCUMENT) {
        errors.room = errors.len + 1;
        errors.data = malloc(errors.room);
        if (errors.data == NULL) return refuse("out of memory", "");
        cors_engine_compile_document(dialect, name, document, len, NULL, &errors);
        refuse("the rules are refused, and with them this configuration", errors.data);
        free(errors.data);
        return NULL;
    }
    if (error != CORS_ENGINE_ERROR_ROOM) return refuse(error == CORS_ENGINE_ERROR_NAME ? dialect : name, cors_engine_error_text(error));
    policy *policy = with_image(NULL, image.len);
    if (policy == NULL) return NULL;
    image = (cors_engine_output){policy->image, image.len, 0};
    error = cors_engine_compile_document(dialect, name, document, len, &image, NULL);
    if (error == 0) error = cors_engine_policy_view(&policy->policy, policy->image, image.len);
    if (error == 0) return policy;
    free(policy);
    return refuse(name, cors_engine_error_text(error));
}

/* Opens an image. */
static policy *opened(const char *name, const char *image, size_t len) {
    policy *policy = with_image(image, len);
    int error = policy == NULL ? 0 : cors_engine_policy_open(&policy->policy, policy->image, len);
    if (error == 0) return policy;
    free(policy);
    return refuse(name, cors_engine_error_text(error));
}

/* Decodes base64 in place; returns whether it is base64. */
static bool decode(char *base64, size_t *len) {
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t bytes = 0, padding = 0;
    uint32_t bits = 0;
    if (*len % 4 != 0) return false;
    for (size_t i = 0; i < *len; i++) {
        const char *digit = base64[i] == '\0' ? NULL : strchr(DIGITS, base64[i]);
        if (base64[i] == '=' && i + 2 >= *len) padding++;
        else if (digit == NULL || padding > 0) return false;
        bits = bits << 6 | (digit == NULL ? 0 : (uint32_t)(digit - DIGITS));
        if (i % 4 == 3) {
            base64[bytes++] = (char)(bits >> 16);
            base64[bytes++] = (char)(bits >> 8 & 0xFF);
            base64[bytes++] = (char)(bits & 0xFF);
        }
    }
    *len = bytes - padding;
    return true;
}

/* Reads a file that holds an image or a document: an image begins with bytes that no document has. */
static policy *loaded(const char *dialect, const char *path) {
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t len = 0, room = 0, got = 1;
    while (file != NULL && got > 0) {
        if (len == room) {
            char *more = realloc(bytes, room = room * 2 + 65536);
            if (more == NULL) break;
            bytes = more;
        }
        got = fread(bytes + len, 1, room - len, file);
        len += got;
    }
    bool read = file != NULL && got == 0 && !ferror(file);
    if (file != NULL) fclose(file);
    policy *policy;
    cors_engine_policy ignored;
    if (!read) policy = refuse(path, "this file cannot be read");
    else if (cors_engine_policy_open(&ignored, bytes, len) != CORS_ENGINE_ERROR_NOT_AN_IMAGE) policy = opened(path, bytes, len);
    else policy = compiled(dialect, path, bytes, len);
    free(bytes);
    return policy;
}

/* A configuration, of the filter or of a route. Returns NULL, and logs why, for one that is refused. */
static policy *configured(text config) {
    settings settings = {NULL, NULL, NULL, NULL, 0, 0, -1};
    policy *policy = NULL;
    bool rules;
    char *json = malloc(config.len + 1);
    if (json == NULL) return refuse("out of memory", "");
    if (config.len > 0) memcpy(json, config.data, config.len);
    if (take_settings(json, config.len, &settings, &rules)) {
        const char *dialect = settings.dialect == NULL ? "strict" : settings.dialect;
        int places = rules + (settings.document != NULL) + (settings.file != NULL) + (settings.image != NULL);
        if (places == 0) refuse("there are no rules", "write CORSRules, document, file or image; `CORSRules: []` refuses every origin");
        else if (places > 1) refuse("the rules are in several places", "write one of CORSRules, document, file and image, and no setting that is not in the README");
        else if (rules) policy = compiled(dialect, "filter_config", json, config.len);
        else if (settings.document != NULL) policy = compiled(dialect, "document", settings.document, settings.document_len);
        else if (settings.file != NULL) policy = loaded(dialect, settings.file);
        else if (!decode(settings.image, &settings.image_len)) refuse("image", "this is not base64: base64 -w0 policy.bin");
        else policy = opened("image", settings.image, settings.image_len);
    }
    if (policy != NULL) policy->report_only = settings.report_only == 1;
    free(settings.dialect), free(settings.document), free(settings.file), free(settings.image), free(json);
    return policy;
}

/* ---- The filter, and one request ---- */

#define NOT_CORS_COUNTER (CORS_ENGINE_REASON_LIMIT + 1)

/* The filter of one filter chain. */
typedef struct {
    policy *policy;
    size_t counters[NOT_CORS_COUNTER + 1]; /* by reason; 0 is granted */
} filter;

/* What was decided for a request, with texts of its own, as a route and its policy can go away before the response. */
typedef struct {
    uint8_t kind;
    uint16_t status;
    bool report_only;
    size_t headers_len;
    header headers[CORS_ENGINE_MAX_HEADERS];
    char texts[];
} answer;

typedef struct {
    const filter *filter;
    answer *answer; /* NULL: nothing was decided yet */
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

/* Envoy joins the lines of Origin with a comma, which no origin has. */
static text single(envoy_filter *envoy, const char *name) {
    size_t count = 0;
    text value = line(envoy, REQUEST_HEADER, name, 0, &count);
    return count > 1 ? chars(CORS_ENGINE_AMBIGUOUS_ORIGIN) : value;
}

static answer *copied(const cors_engine_decision *decision, bool report_only) {
    size_t len = 0;
    for (size_t i = 0; i < decision->headers_len; i++) len += decision->headers[i].name.len + 1 + decision->headers[i].value.len;
    answer *answer = malloc(sizeof *answer + len);
    if (answer == NULL) return NULL;
    answer->kind = decision->kind;
    answer->status = decision->status;
    answer->report_only = report_only;
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

/* Decides the request of a stream, counts it, and tells access logs. */
static answer *decide(envoy_filter *envoy, const filter *filter) {
    const policy *policy = envoy_dynamic_module_callback_get_most_specific_route_config(envoy);
    if (policy == NULL) policy = filter->policy;

    cors_engine_text lines[CORS_ENGINE_MAX_FIELD_LINES + 1];
    size_t count = 0, ignored;
    cors_engine_request request;
    memset(&request, 0, sizeof request);
    request.method = line(envoy, REQUEST_HEADER, ":method", 0, &ignored);
    request.origin = single(envoy, "origin");
    request.access_control_request_method = single(envoy, "access-control-request-method");
    if (request.access_control_request_method.data != NULL) {
        lines[0] = line(envoy, REQUEST_HEADER, "access-control-request-headers", 0, &count);
        if (count > CORS_ENGINE_MAX_FIELD_LINES + 1) count = CORS_ENGINE_MAX_FIELD_LINES + 1;
        for (size_t i = 1; i < count; i++) lines[i] = line(envoy, REQUEST_HEADER, "access-control-request-headers", i, &ignored);
        request.access_control_request_headers = lines;
        request.access_control_request_headers_len = count;
    }
#ifdef PLANTED_METHOD_ONLY_WITH_ORIGIN
    if (request.origin.data == NULL) request.access_control_request_method = NOTHING;
#endif

    char buffer[CORS_ENGINE_BUFFER_BYTES];
    cors_engine_decision decision;
    int error = cors_engine_decide(&policy->policy, &request, buffer, sizeof buffer, &decision);
    if (error != 0) refuse("a request cannot be decided", cors_engine_error_text(error));

    const char *result = decision.kind == CORS_ENGINE_NOT_CORS ? "not_cors"
                         : decision.reason == CORS_ENGINE_REASON_NONE ? "granted" : cors_engine_reason_name(decision.reason);
    size_t counter = decision.kind == CORS_ENGINE_NOT_CORS ? NOT_CORS_COUNTER : decision.reason;
    envoy_dynamic_module_callback_http_filter_increment_counter(envoy, filter->counters[counter], NULL, 0, 1);
    envoy_dynamic_module_callback_http_set_dynamic_metadata_string(envoy, chars("cors"), chars("result"), chars(result));
    if (decision.rule != CORS_ENGINE_NO_RULE) {
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

static void decorate(envoy_filter *envoy, const answer *answer) {
    static const char *const SIX[] = {"access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods",
                                      "access-control-allow-headers", "access-control-expose-headers", "access-control-max-age"};
    for (size_t i = 0; i < sizeof SIX / sizeof *SIX; i++) {
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
    for (unsigned int i = 0; i <= NOT_CORS_COUNTER; i++) {
        char counter[64] = "cors.not_cors";
        if (i == 0) strcpy(counter, "cors.granted");
        else if (i < NOT_CORS_COUNTER) snprintf(counter, sizeof counter, "cors.refused.%s", cors_engine_reason_name(i));
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
    if (stream != NULL) stream->filter = config, stream->answer = NULL;
    return stream;
}

HOOK void envoy_dynamic_module_on_http_filter_destroy(const void *module) {
    stream *stream = (void *)(uintptr_t)module;
    free(stream->answer), free(stream);
}

HOOK int envoy_dynamic_module_on_http_filter_request_headers(envoy_filter *envoy, const void *module, bool end_of_stream) {
    (void)end_of_stream;
    stream *stream = (void *)(uintptr_t)module;
    const answer *answer = stream->answer = decide(envoy, stream->filter);
    if (answer == NULL) {
        envoy_dynamic_module_callback_http_send_response(envoy, 500, NULL, 0, NOTHING, chars("cors_out_of_memory"));
        return STOP_ITERATION;
    }
    if (answer->kind != CORS_ENGINE_PREFLIGHT || answer->report_only) return CONTINUE;
    envoy_dynamic_module_callback_http_send_response(envoy, answer->status, stream->answer->headers, answer->headers_len, NOTHING, chars("cors_preflight"));
    return STOP_ITERATION;
}

/* A filter before this one, or Envoy itself, may have answered: then nothing was decided yet. */
HOOK int envoy_dynamic_module_on_http_filter_response_headers(envoy_filter *envoy, const void *module, bool end_of_stream) {
    (void)end_of_stream;
    stream *stream = (void *)(uintptr_t)module;
    if (stream->answer == NULL) stream->answer = decide(envoy, stream->filter);
    if (stream->answer == NULL || !stream->answer->report_only) decorate(envoy, stream->answer);
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
