# SPDX-License-Identifier: MIT
# Work for an allocator: strings, hashes, arrays, sorting, threads, and the collector that frees them.
require 'digest'

count = ARGV[0].to_i
threads = (1..3).map do |seed|
  Thread.new do
    x = seed
    groups = Hash.new { |hash, key| hash[key] = [] }
    count.times do |i|
      x = (x * 1103515245 + 12345) & 0x7fffffff
      groups["key #{x % 5003}"] << "value #{i} #{'v' * (x % 97)}"
    end
    GC.start if seed == 2
    text = groups.keys.sort.map { |key| "#{key}: #{groups[key].sort.join(',').gsub(/value (\d+)/, '<\1>')}" }.join("\n")
    Digest::SHA256.hexdigest(text)
  end
end
threads.each { |thread| puts thread.value }
