-- SPDX-License-Identifier: MIT
-- Work for an allocator: every string, table and closure of Lua is realloc's.
local count = tonumber(arg[1])
local x, groups, keys = 1, {}, {}
for i = 1, count do
    x = (x * 16807) % 2147483647
    local key = "key " .. x % 5003
    if not groups[key] then
        groups[key] = {}
        keys[#keys + 1] = key
    end
    table.insert(groups[key], "value " .. i .. string.rep("v", x % 97))
    if i % 1000 == 0 then
        groups[keys[1 + x % #keys]] = {}
    end
end
table.sort(keys)
local sum = 0
for _, key in ipairs(keys) do
    local text = table.concat(groups[key], ","):gsub("value (%d+)", "<%1>")
    for i = 1, #text, 7 do
        sum = (sum * 31 + text:byte(i)) % 2147483647
    end
end
print(#keys, sum)
