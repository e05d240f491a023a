// SPDX-License-Identifier: MIT

// Work for an allocator: Go's own memory is not malloc's, but what it hands to C is; and goroutines
// move between threads, so most blocks are freed by another than allocated them.
package main

/*
#include <stdlib.h>
#include <string.h>
static char *copy(const char *text, size_t repeats)
{
    size_t length = strlen(text);
    char *p = malloc(length * repeats + 1);
    for (size_t i = 0; i < repeats; i++)
        memcpy(p + i * length, text, length);
    p[length * repeats] = 0;
    return p;
}
*/
import "C"

import (
	"fmt"
	"os"
	"strconv"
	"unsafe"
)

func main() {
	count, _ := strconv.Atoi(os.Args[1])
	blocks := make(chan *C.char, 256)
	sums := make(chan uint64)
	for worker := 0; worker < 4; worker++ {
		go func(seed int) {
			for i := 0; i < count; i++ {
				text := C.CString(fmt.Sprint("value ", seed, i))
				blocks <- C.copy(text, C.size_t(i%97))
				C.free(unsafe.Pointer(text))
			}
		}(worker)
		go func() {
			var sum uint64
			for i := 0; i < count; i++ {
				p := <-blocks
				for _, b := range []byte(C.GoString(p)) {
					sum += uint64(b)
				}
				C.free(unsafe.Pointer(p))
			}
			sums <- sum
		}()
	}
	var sum uint64
	for worker := 0; worker < 4; worker++ {
		sum += <-sums
	}
	fmt.Println(sum)
}
