/* What the tests in C share: a condition that must hold, and a text. */
#ifndef HOLDS_H
#define HOLDS_H

#include <stdio.h>
#include <string.h>

#include "cors_engine.h"

static int failed;

#define HOLDS(condition) \
    do { \
        if (!(condition)) { \
            failed = 1; \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
        } \
    } while (0)

static cors_engine_text text(const char *chars) {
    cors_engine_text text = {chars, strlen(chars)};
    return text;
}

#endif
