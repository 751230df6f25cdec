// Says how many certificates crypto/x509 takes of each file that is named on standard input.
package main

import (
	"bufio"
	"crypto/x509"
	"fmt"
	"os"
)

func main() {
	names := bufio.NewScanner(os.Stdin)
	for names.Scan() {
		pool := x509.NewCertPool()
		if text, err := os.ReadFile(names.Text()); err == nil {
			pool.AppendCertsFromPEM(text)
		}
		fmt.Println(len(pool.Subjects()))
	}
}
