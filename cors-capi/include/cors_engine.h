/*
 * cors_engine.h - decides CORS requests by the rules of a bucket or a proxy.
 *
 * Link libcors_engine (freestanding: servers, kernels, firmware), or libcors_engine_documents, which has all of this and reads
 * documents too (cors_engine_documents.h). Link one of the two.
 *
 *     cors_engine_policy policy;
 *     if (cors_engine_policy_open(&policy, image, image_len) != 0) ...     // once; `image` stays where it is
 *
 *     cors_engine_decision decision;                                       // for each request
 *     char buffer[CORS_ENGINE_BUFFER_BYTES];
 *     int error = cors_engine_decide(&policy, &request, buffer, sizeof buffer, &decision);
 *
 * An image is made by `cors compile`, or by cors_engine_compile_document(). It is the same on every machine.
 *
 * What holds for every function:
 *
 * - Memory is the caller's. Nothing is allocated, so there is nothing to free. There is no global, no thread-local, no callback and
 *   no errno. Functions may be called in signal handlers and after fork.
 * - Threads: any number may use one policy at the same time, as nothing writes to it after it was opened.
 * - Errors are negative numbers, 0 is success. A refused request is not an error. NULL where memory is needed is
 *   CORS_ENGINE_ERROR_NULL, and a length beyond half of the address space is CORS_ENGINE_ERROR_LENGTH.
 * - What cannot be checked: a length says how many bytes may be read, or written, at its pointer, and what is read does not
 *   change during the call. What is written to overlaps nothing else of the same call.
 * - The functions of this header cannot panic, abort, or recurse. The linker proves it for libcors_engine: see
 *   scripts/check-capi.
 */
#ifndef CORS_ENGINE_H
#define CORS_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The release that this header comes from; cors_engine_version() is the library's. */
#define CORS_ENGINE_VERSION "0.2.0"

/* The binary interface of this header; cors_engine_abi_version() is the library's. Within one version, structs and the meaning of
 * functions stay as they are, and new things are new functions. */
#define CORS_ENGINE_ABI_VERSION 1

/* The policy images that this release reads, from the oldest to the newest. */
#define CORS_ENGINE_IMAGE_VERSION_MIN 2
#define CORS_ENGINE_IMAGE_VERSION 2

/* The headers of a decision are at most this many: the six of the CORS protocol, and Vary. */
#define CORS_ENGINE_MAX_HEADERS 7

/* More field lines of Access-Control-Request-Headers are refused as one that is too long. Pass all of them, or one more than this. */
#define CORS_ENGINE_MAX_FIELD_LINES 32

/* A buffer of this many bytes is large enough for every request: the longest Access-Control-Request-Headers that is granted, with a
 * space after each comma. */
#define CORS_ENGINE_BUFFER_BYTES 16640

/* Large enough for a request whose Access-Control-Request-Headers has that many bytes in that many lines. */
#define CORS_ENGINE_BUFFER_BOUND(bytes, lines) (2 * ((size_t)(bytes) + (size_t)(lines)))

/* What functions return. */
#define CORS_ENGINE_OK 0
#define CORS_ENGINE_ERROR_NULL (-1)             /* a pointer is NULL that must not be */
#define CORS_ENGINE_ERROR_LENGTH (-2)           /* a length is more than half of the address space */
#define CORS_ENGINE_ERROR_ROOM (-3)             /* the caller's memory is too small */
#define CORS_ENGINE_ERROR_NOT_OPEN (-4)         /* the policy was not opened, or opening it failed */
#define CORS_ENGINE_ERROR_NOT_AN_IMAGE (-11)    /* the bytes do not begin like a policy image */
#define CORS_ENGINE_ERROR_UNKNOWN_VERSION (-12) /* an image of a version that this release does not read */
#define CORS_ENGINE_ERROR_WRONG_LENGTH (-13)    /* the image was truncated or extended */
#define CORS_ENGINE_ERROR_UNKNOWN_DIALECT (-14) /* the image holds semantics that this release does not know */
#define CORS_ENGINE_ERROR_INCONSISTENT (-15)    /* the parts of the image contradict each other */
#define CORS_ENGINE_ERROR_INVALID_TEXT (-16)    /* a text of the image is not UTF-8, or has a control character */

/* Kinds of requests: cors_engine_decision.kind. */
#define CORS_ENGINE_NOT_CORS 0  /* no Origin: serve the request */
#define CORS_ENGINE_PREFLIGHT 1 /* answer with `status` and the headers, and do not serve the request */
#define CORS_ENGINE_ACTUAL 2    /* serve the request, granted or not; browsers keep the response from pages that were refused */

/* Why a request was refused: cors_engine_decision.reason. cors_engine_reason_name() returns the words. */
#define CORS_ENGINE_REASON_NONE 0           /* it was granted, or it is not a CORS request */
#define CORS_ENGINE_REASON_MISSING_ORIGIN 1 /* a preflight without Origin */
#define CORS_ENGINE_REASON_MISSING_METHOD 2 /* a preflight without Access-Control-Request-Method */
#define CORS_ENGINE_REASON_BAD_METHOD 3     /* a method that the provider does not have */
#define CORS_ENGINE_REASON_BAD_HEADER 4     /* Access-Control-Request-Headers holds something that is not a header name */
#define CORS_ENGINE_REASON_NOT_ENABLED 5    /* there are no rules */
#define CORS_ENGINE_REASON_ORIGIN 6         /* no rule matches the origin */
#define CORS_ENGINE_REASON_METHOD 7         /* some rules match the origin, none of them the method */
#define CORS_ENGINE_REASON_HEADER 8         /* some match both, none of them every header name; `detail` is the first, from 0 */
#define CORS_ENGINE_REASON_LIMIT 9          /* the request is too large; `detail` says in what */

/* cors_engine_decision.detail if the reason is CORS_ENGINE_REASON_LIMIT. */
#define CORS_ENGINE_LIMIT_ORIGIN_BYTES 1 /* Origin, over 4 KiB */
#define CORS_ENGINE_LIMIT_HEADER_BYTES 2 /* Access-Control-Request-Headers, over 16 KiB */
#define CORS_ENGINE_LIMIT_HEADER_NAMES 3 /* names in it, over 256 */

/* cors_engine_decision.rule if no rule matched. */
#define CORS_ENGINE_NO_RULE 65535

/* Bytes. They need not be UTF-8 and need not end in NUL. `data` is NULL, and `len` 0, if the text was not sent. */
typedef struct cors_engine_text {
    const char *data;
    size_t len;
} cors_engine_text;

/*
 * What CORS reads of an HTTP request, without the white space around values. Start from a zeroed struct.
 *
 * If Origin or Access-Control-Request-Method came in several field lines, which no browser sends, set `origin` to
 * CORS_ENGINE_AMBIGUOUS_ORIGIN, one byte long: no rule matches it. A caller that knows that the policy does not read
 * Access-Control-Request-Method of this request, as most do not unless its method is OPTIONS, may let that one pass.
 */
typedef struct cors_engine_request {
    cors_engine_text method;                                /* must be set; its case counts, as in HTTP */
    cors_engine_text origin;                                /* NULL: not sent */
    cors_engine_text access_control_request_method;         /* NULL: not sent */
    const cors_engine_text *access_control_request_headers; /* a text for each field line, in order */
    size_t access_control_request_headers_len;              /* the number of lines */
} cors_engine_request;

#define CORS_ENGINE_AMBIGUOUS_ORIGIN "\t"

/* A header of a response. Names are in lower case and end in NUL. No byte of a value is below 0x20 or equal to 0x7F. */
typedef struct cors_engine_header {
    cors_engine_text name;
    cors_engine_text value;
} cors_engine_header;

/*
 * The answer to one request. Its headers point into the image, the texts of the request and the buffer: use them before any of
 * these goes away.
 *
 * Set the headers on the response, on errors too, and also when the request was refused or is not a CORS request. Those named
 * access-control-* replace what an origin server set, also where the decision has none of that name. Vary is added to the Vary that
 * there is.
 */
typedef struct cors_engine_decision {
    uint8_t kind;        /* CORS_ENGINE_NOT_CORS, _PREFLIGHT or _ACTUAL */
    uint8_t reason;      /* CORS_ENGINE_REASON_... */
    uint16_t status;     /* of the answer to a preflight: 200, 400 or 403; otherwise 0 */
    uint16_t rule;       /* the rule that matched, from 0, or CORS_ENGINE_NO_RULE */
    uint16_t detail;     /* see reason; otherwise 0 */
    size_t headers_len;  /* how many of the headers are set */
    cors_engine_header headers[CORS_ENGINE_MAX_HEADERS];
} cors_engine_decision;

/* An open policy: a view of an image. What is in it is the library's. It may be copied, and needs no closing. A zeroed one is not open. */
typedef struct cors_engine_policy {
    uint64_t opaque[40];
} cors_engine_policy;

/*
 * Checks an image in full and opens it, in time linear in the image, with less than 4 KiB of stack. The image may come from anywhere: bytes that are not an image are
 * an error. It stays where it is, unchanged, as long as the policy is used, and needs no alignment. After an error the policy is not
 * open. To change the rules while requests are served, open another policy and exchange the pointer to it.
 */
int cors_engine_policy_open(cors_engine_policy *policy, const void *image, size_t image_len);

/*
 * Opens an image that cors_engine_policy_open() has accepted before, or that was compiled here, in constant time: for a server that
 * keeps an image for each of many buckets, and for firmware. An image that was never checked causes no harm to memory, but
 * its answers are unspecified.
 */
int cors_engine_policy_view(cors_engine_policy *policy, const void *image, size_t image_len);

/* The number of rules. 0 if there are none, or if the policy is not open. */
size_t cors_engine_policy_rules(const cors_engine_policy *policy);

/*
 * Decides a request, in time linear in its bytes, with less than 3 KiB of stack.
 *
 * The buffer receives the value of Access-Control-Allow-Headers, if there is one. It may be NULL with a length of 0 if requests do
 * not name headers. If it is too small, the result is CORS_ENGINE_ERROR_ROOM. After an error the decision has no headers and is of
 * the kind CORS_ENGINE_NOT_CORS, so nothing is granted by mistake.
 */
int cors_engine_decide(const cors_engine_policy *policy, const cors_engine_request *request, char *buffer, size_t buffer_len,
                       cors_engine_decision *decision);

/* The word for a reason, the same in logs, metrics and in the JSON of the program `cors`: "origin", "method", "limit", ... Empty for
 * 0; NULL for a number that is not a reason. */
const char *cors_engine_reason_name(unsigned int reason);

/* What an error means and what to do about it. Never NULL. */
const char *cors_engine_error_text(int error);

/* The release of the library, such as "0.2.0". */
const char *cors_engine_version(void);

/* The binary interface of the library. A program compiled with this header needs CORS_ENGINE_ABI_VERSION. */
int cors_engine_abi_version(void);

#ifdef __cplusplus
}
#endif

#endif
