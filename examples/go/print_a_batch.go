// Prints a batch of sealed orders from Go, through the C ABI:
//
//	go run print_a_batch.go orders.sealed.jsonl station.key issuer.key.pub labels.pdf
//
// cgo finds the library by pkg-config. The program holds sealed orders and finished labels. It has no key and could not use
// one.
package main

/*
#cgo pkg-config: miandan
#include <miandan.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

// Error is a status that is not 0, with the sentence that came with it.
type Error struct {
	Status  int
	Name    string
	Message string
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

// Every call has a message of its own, so a goroutine may move to another thread between two calls.
func call(f func(message *C.miandan_buffer) C.miandan_status) error {
	var message C.miandan_buffer
	defer C.miandan_buffer_free(&message)
	status := f(&message)
	if status == C.MIANDAN_STATUS_OK {
		return nil
	}
	said := C.GoStringN((*C.char)(unsafe.Pointer(message.bytes)), C.int(message.length))
	return &Error{int(status), C.GoString(C.miandan_status_name(C.int32_t(status))), said}
}

func set(component C.uint64_t, name, value string) error {
	cName, cValue := C.CString(name), C.CString(value)
	defer C.free(unsafe.Pointer(cName))
	defer C.free(unsafe.Pointer(cValue))
	return call(func(m *C.miandan_buffer) C.miandan_status { return C.miandan_component_set(component, cName, cValue, m) })
}

func run(orderFile, key, issuer, pdf string) error {
	file, target := C.CString(orderFile), C.CString(pdf)
	name := C.CString("one-part-76x130")
	defer C.free(unsafe.Pointer(file))
	defer C.free(unsafe.Pointer(target))
	defer C.free(unsafe.Pointer(name))

	var component, orders, batch C.uint64_t
	var template C.miandan_buffer
	var summary C.miandan_summary
	defer func() {
		C.miandan_batch_free(batch) // 0 is nothing
		C.miandan_orders_free(orders)
		C.miandan_component_free(component)
		C.miandan_buffer_free(&template)
	}()
	steps := []func() error{
		func() error { return call(func(m *C.miandan_buffer) C.miandan_status { return C.miandan_require(C.MIANDAN_ABI, m) }) },
		func() error { return call(func(m *C.miandan_buffer) C.miandan_status { return C.miandan_component_new(nil, &component, m) }) },
		func() error { return set(component, "key", key) },
		func() error { return set(component, "trust", issuer) },
		func() error { return call(func(m *C.miandan_buffer) C.miandan_status { return C.miandan_orders_open(file, &orders, m) }) },
		func() error { return call(func(m *C.miandan_buffer) C.miandan_status { return C.miandan_template(name, &template, m) }) },
		func() error {
			return call(func(m *C.miandan_buffer) C.miandan_status {
				return C.miandan_batch_new(component, orders, template.bytes, template.length, &batch, m)
			})
		},
		func() error {
			return call(func(m *C.miandan_buffer) C.miandan_status {
				return C.miandan_batch_print_pdf(batch, target, nil, nil, &summary, m)
			})
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	fmt.Printf("%d labels, %d orders failed\n", summary.done, summary.failed)
	return nil
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: print_a_batch ORDERS KEY ISSUER.pub LABELS.pdf")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
