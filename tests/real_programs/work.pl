# SPDX-License-Identifier: MIT
# Work for an allocator: strings that grow, hashes, sorting, substitution.
use strict;
use warnings;

my $count = shift;
my (%groups, $x);
$x = 1;
for my $i (1 .. $count) {
    $x = ($x * 1103515245 + 12345) & 0x7fffffff;
    push @{ $groups{ $x % 5003 } }, "value $i " . 'p' x ($x % 90);
}
my $all = '';
for my $key (sort { $a <=> $b } keys %groups) {
    my $text = join ',', sort @{ $groups{$key} };
    $text =~ s/value (\d+)/<$1>/g;
    $all .= "$key: $text\n";
    delete $groups{$key} if $key % 3 == 0;
}
print length($all), ' ', scalar(keys %groups), ' ', unpack('%32C*', $all), "\n";
