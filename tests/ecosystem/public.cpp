// SPDX-License-Identifier: MIT
// hakmem.h is a header of C++, too.
#include <cstring>

#include "hakmem.h"

int main()
{
    struct hakmem_stats before{}, after{};
    hakmem_stats(&before, sizeof before);
    char *block = new char[100];
    std::memset(block, 1, 100);
    hakmem_stats(&after, sizeof after);
    delete[] block;
    return after.mallocs == before.mallocs + 1 && hakmem_version()[0] != '\0' ? 0 : 1;
}
