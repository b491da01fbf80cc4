// What Go's libraries for network namespaces and rtnetlink take. The argument names the measurement.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

const batch = 16

// measurements prepare what they measure and return what takes one sample, in nanoseconds.
var measurements = map[string]func() func() float64{
	"cniDo":         cniDo,
	"cniDoAll":      cniDoAll,
	"netInterfaces": netInterfaces,
	"routeList":     routeList,
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// batches times an operation that is too short to be timed by itself.
func batches(operation func()) func() float64 {
	return func() float64 {
		start := time.Now()
		for i := 0; i < batch; i++ {
			operation()
		}
		return float64(time.Since(start).Nanoseconds()) / batch
	}
}

func main() {
	sample := measurements[os.Args[1]]()
	fmt.Println(`{"ready":true}`)
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		count, err := strconv.Atoi(input.Text())
		check(err)
		samples := make([]float64, count)
		for i := range samples {
			samples[i] = sample()
		}
		check(json.NewEncoder(os.Stdout).Encode(map[string][]float64{"samples": samples}))
	}
}
