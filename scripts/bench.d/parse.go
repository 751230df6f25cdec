// Parses every certificate of a folder and does nothing else: what an audit is measured beside.
package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
)

func main() {
	folder := os.Args[1]
	entries, err := os.ReadDir(folder)
	if err != nil {
		panic(err)
	}
	names := make(chan string, 1024)
	var parsed int64
	var group sync.WaitGroup
	for worker := 0; worker < runtime.NumCPU(); worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for name := range names {
				text, err := os.ReadFile(filepath.Join(folder, name))
				if err != nil {
					panic(err)
				}
				block, _ := pem.Decode(text)
				if _, err := x509.ParseCertificate(block.Bytes); err != nil {
					panic(err)
				}
				atomic.AddInt64(&parsed, 1)
			}
		}()
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			names <- entry.Name()
		}
	}
	close(names)
	group.Wait()
	fmt.Printf("{\"certificates\": %d}\n", parsed)
}
