/* A configuration of the module: its settings and its rules, which are in one of four places. */
#ifndef CORS_ENGINE_ENVOY_CONFIGURATION_H
#define CORS_ENGINE_ENVOY_CONFIGURATION_H

#include <stdio.h>
#include <stdlib.h>

#include "abi.h"

/* Rules that were compiled or loaded, and what to do by them. */
typedef struct {
    cors_engine_policy policy; /* not open if `off` */
    bool report_only, metadata, off;
    char image[];
} policy;

/* The members of filter_config that are ours; the others are the rules. */
typedef struct {
    char *dialect, *document, *file, *image; /* NULL: not stated */
    size_t document_len, image_len;
    int report_only, metadata, off; /* -1: not stated */
} settings;

/* Logs what is wrong with a configuration; Envoy refuses it then. */
static void *refuse(const char *what, const char *why) {
    size_t room = strlen(what) + strlen(why) + 16;
    char *message = malloc(room);
    if (message == NULL) return NULL;
    size_t len = (size_t)snprintf(message, room, "cors: %s%s%s", what, *why == '\0' ? "" : ": ", why);
    while (len > 0 && message[len - 1] == '\n') len--;
    envoy_dynamic_module_callback_log(LOG_ERROR, (text){message, len});
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
    int *flag = NULL;
    if (strcmp(name, "report_only") == 0) flag = &settings->report_only;
    else if (strcmp(name, "metadata") == 0) flag = &settings->metadata;
    else if (strcmp(name, "off") == 0) flag = &settings->off;
    if (flag != NULL) {
        bool yes = end - value == 4 && memcmp(value, "true", 4) == 0;
        if (!yes && !(end - value == 5 && memcmp(value, "false", 5) == 0)) return "write true or false";
        if (*flag >= 0) return "state it once";
        *flag = yes;
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
    const char *const not_json = "filter_config is not a JSON object: write it as a google.protobuf.Struct or StringValue";
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
    settings settings = {NULL, NULL, NULL, NULL, 0, 0, -1, -1, -1};
    policy *policy = NULL;
    bool rules;
    char *json = malloc(config.len + 1);
    if (json == NULL) return refuse("out of memory", "");
    if (config.len > 0) memcpy(json, config.data, config.len);
    if (take_settings(json, config.len, &settings, &rules)) {
        const char *dialect = settings.dialect == NULL ? "strict" : settings.dialect;
        int places = rules + (settings.document != NULL) + (settings.file != NULL) + (settings.image != NULL) + (settings.off == 1);
        if (places == 0) refuse("there are no rules", "write CORSRules, document, file or image, or `off: true`");
        else if (places > 1) refuse("the rules are in several places",
                                    "write one of CORSRules, document, file, image and `off: true`, and no other member");
        else if (settings.off == 1) policy = with_image(NULL, 0);
        else if (rules) policy = compiled(dialect, "filter_config", json, config.len);
        else if (settings.document != NULL) policy = compiled(dialect, "document", settings.document, settings.document_len);
        else if (settings.file != NULL) policy = loaded(dialect, settings.file);
        else if (!decode(settings.image, &settings.image_len)) refuse("image", "this is not base64: base64 -w0 policy.bin");
        else policy = opened("image", settings.image, settings.image_len);
    }
    if (policy != NULL) {
        policy->report_only = settings.report_only == 1;
        policy->metadata = settings.metadata == 1;
        policy->off = settings.off == 1;
    }
    free(settings.dialect), free(settings.document), free(settings.file), free(settings.image), free(json);
    return policy;
}

#endif
