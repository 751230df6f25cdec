// Judges chains as crypto/tls does: a line `DIRECTORY SECONDS server|client HOST` each (HOST `-` for none).
package main

import (
	"bufio"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func read(directory, prefix string) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for at := 0; ; at++ {
		der, err := os.ReadFile(filepath.Join(directory, prefix+strconv.Itoa(at)+".der"))
		if err != nil {
			return found, nil
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		found = append(found, certificate)
	}
}

func judge(directory string, seconds int64, client bool, host string) error {
	presented, err := read(directory, "presented")
	if err != nil {
		return err
	}
	trusted, err := read(directory, "trust")
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{
		Roots:         x509.NewCertPool(),
		Intermediates: x509.NewCertPool(),
		CurrentTime:   time.Unix(seconds, 0),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if client {
		options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if host != "-" {
		options.DNSName = host
	}
	for _, anchor := range trusted {
		options.Roots.AddCert(anchor)
	}
	for _, other := range presented[1:] {
		options.Intermediates.AddCert(other)
	}
	_, err = presented[0].Verify(options)
	return err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Split(lines.Text(), " ")
		seconds, _ := strconv.ParseInt(words[1], 10, 64)
		if err := judge(words[0], seconds, words[2] == "client", words[3]); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("accepts")
		}
	}
}
