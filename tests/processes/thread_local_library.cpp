// SPDX-License-Identifier: MIT
// A library with thread_local objects and a static one, whose destructors free and allocate.
#include <map>
#include <string>
#include <vector>

namespace {

struct journal {
    std::vector<std::string> lines;
    ~journal()
    {
        for (int i = 0; i < 20; i++)
            lines.push_back(std::string(100 + 100 * i, 'e'));
        std::vector<std::string> copy(lines);
        lines.swap(copy);
    }
};

thread_local journal mine;
thread_local std::map<int, std::string> names;
journal everybodys;

} // namespace

extern "C" unsigned long write_journal(unsigned long lines)
{
    for (unsigned long i = 0; i < lines; i++) {
        mine.lines.push_back(std::string(1 + i * 37 % 5000, 'l'));
        names[static_cast<int>(i % 50)] = mine.lines.back();
    }
    return mine.lines.size();
}

extern "C" void write_for_all(void)
{
    everybodys.lines.push_back("once");
}
