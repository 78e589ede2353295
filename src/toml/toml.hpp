#pragma once

// toml++, the headers alone, as locket uses it: without exceptions and without what writes TOML. All sources include it
// by this file, so that programs that link several of them have one toml++.
//
// Version 3.3 asserts what a document's author decides: "[ü]" ends a debug build, and in a release build, where it turns
// its assertions into promises to the compiler, behaves as it happens to. The checks that follow them refuse such
// documents with an error, so assertions are compiled out here, and NDEBUG, which makes them promises, is not seen.
#include <cassert>

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ASSERT(expression) static_assert(true)
#pragma push_macro("NDEBUG")
#undef NDEBUG
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
