// SPDX-License-Identifier: MIT
// Work for a C++ compiler: templates within templates, some thousands of instantiations.
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

template <unsigned N> struct number {
    static constexpr unsigned long long value = number<N - 1>::value * 31 + N;
    std::array<char, N> room;
};
template <> struct number<0> {
    static constexpr unsigned long long value = 1;
};

template <unsigned... N> auto all(std::integer_sequence<unsigned, N...>)
{
    return std::make_tuple(number<N + 1>::value...);
}

template <unsigned N> struct nested {
    std::map<std::string, std::vector<std::pair<number<N>, std::string>>> groups;
    std::size_t size() const
    {
        std::size_t sum = nested<N - 1>{}.size();
        for (const auto &group : groups)
            sum += group.second.size();
        return sum;
    }
};
template <> struct nested<0> {
    std::size_t size() const
    {
        return 0;
    }
};

std::size_t work()
{
    auto numbers = all(std::make_integer_sequence<unsigned, DEPTH * 4>{});
    return std::get<DEPTH>(numbers) + nested<DEPTH>{}.size();
}
