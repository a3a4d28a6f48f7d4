/* Every vector on a Cortex-M3, with the same header and the same functions as on a server: no C library, no heap. */
#include "cors_engine.h"

#include "vectors.h"

/* The emulator's console and exit: semihosting. */
static int semihosting(int operation, const void *argument) {
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void print(const char *text) { semihosting(0x04, text); }

static void print_number(unsigned number) {
    char digits[11];
    char *first = digits + 10;
    *first = '\0';
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    print(first);
}

static int equal(cors_engine_text a, cors_engine_text b) {
    if (a.len != b.len) return 0;
    for (size_t i = 0; i < a.len; i++) {
        if (a.data[i] != b.data[i]) return 0;
    }
    return 1;
}

static int holds(const struct vector *vector) {
    static cors_engine_policy policy;
    static cors_engine_decision decision;
    static char buffer[4096];
    if (cors_engine_policy_open(&policy, vector->image.data, vector->image.len) != 0) return 0;
    if (cors_engine_decide(&policy, &vector->request, buffer, sizeof buffer, &decision) != 0) return 0;
    int same = decision.kind == vector->kind && decision.reason == vector->reason && decision.status == vector->status &&
               decision.rule == vector->rule && decision.detail == vector->detail && decision.headers_len == vector->headers_len;
    for (size_t i = 0; same && i < decision.headers_len; i++) {
        same = equal(decision.headers[i].name, vector->headers[i].name) && equal(decision.headers[i].value, vector->headers[i].value);
    }
    return same;
}

static void run(void) {
    unsigned passed = 0, failed = 0;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct vector vector = vectors[i];
#ifdef WRONG_ANSWER
        if (i == 0) vector.kind = 77;
#endif
        if (holds(&vector)) {
            passed++;
        } else {
            failed++;
            print(vector.name.data);
            print(" failed\n");
        }
    }
    print_number(passed);
    print(" passed, ");
    print_number(failed);
    print(" failed\n");
    /* ADP_Stopped_ApplicationExit, or a run-time error, which is the exit status 1. */
    semihosting(0x18, (const void *)(failed == 0 && passed > 100 ? 0x20026 : 0x20023));
    for (;;) {
    }
}

extern char stack_end[];
extern char bss_start[], bss_end[];

void reset(void);

void reset(void) {
    for (char *byte = bss_start; byte < bss_end; byte++) *byte = 0;
    run();
}

__attribute__((section(".vectors"), used)) static const void *const vector_table[2] = {stack_end, (const void *)reset};
