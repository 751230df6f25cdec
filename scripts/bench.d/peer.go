// The peers of `certkit expiry`, with nothing but Go's standard library.
//
//	peer dates FOLDER          the dates of every certificate in every file, on all processors
//	peer dial LIST CONCURRENCY the chain of every HOST:PORT of a list
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "dates":
		dates(os.Args[2])
	case len(os.Args) == 4 && os.Args[1] == "dial":
		concurrency, err := strconv.Atoi(os.Args[3])
		must(err)
		dial(os.Args[2], concurrency)
	default:
		fmt.Fprintln(os.Stderr, "usage: peer dates FOLDER | peer dial LIST CONCURRENCY")
		os.Exit(3)
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

// inParallel hands the numbers below count to so many workers.
func inParallel(count, workers int, work func(int)) {
	var next int64 = -1
	var all sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for at := atomic.AddInt64(&next, 1); at < int64(count); at = atomic.AddInt64(&next, 1) {
				work(int(at))
			}
		}()
	}
	all.Wait()
}

func dates(folder string) {
	var files []string
	must(filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	}))
	now := time.Now()
	soon := now.AddDate(0, 0, 30)
	var seen, urgent int64
	inParallel(len(files), runtime.NumCPU(), func(at int) {
		data, err := os.ReadFile(files[at])
		must(err)
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			certificate, err := x509.ParseCertificate(block.Bytes)
			must(err)
			atomic.AddInt64(&seen, 1)
			if certificate.NotAfter.Before(soon) {
				atomic.AddInt64(&urgent, 1)
			}
		}
	})
	fmt.Printf("seen %d urgent %d\n", seen, urgent)
}

func dial(list string, concurrency int) {
	text, err := os.ReadFile(list)
	must(err)
	endpoints := strings.Fields(string(text))
	config := &tls.Config{InsecureSkipVerify: true}
	var seen int64
	inParallel(len(endpoints), concurrency, func(at int) {
		dialer := &net.Dialer{Timeout: 10 * time.Second}
		connection, err := tls.DialWithDialer(dialer, "tcp", endpoints[at], config)
		if err != nil {
			return
		}
		if chain := connection.ConnectionState().PeerCertificates; len(chain) > 0 && !chain[0].NotAfter.IsZero() {
			atomic.AddInt64(&seen, 1)
		}
		connection.Close()
	})
	fmt.Printf("seen %d of %d\n", seen, len(endpoints))
}
