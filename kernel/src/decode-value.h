// Types and constants of a program, read from their bytes (src/core/fragment/type-code.ts, value-code.ts).
#pragma once
#include "reader.h"
#include "vec.h"

// Null, with a reason, where it is malformed or a type that this kernel lacks.
const Type *readType(Reader &in, Arena &arena);
// `n` values, NULLs among them.
bool readValues(Reader &in, Arena &arena, const Type *type, uint32_t n, Vec &out);
// Ascending and without NULLs, to be searched.
bool sortValues(Arena &arena, Vec &values, bool &nullAmong);
