// An HTTPS server that exchanges its certificate, key and client CAs on SIGHUP.
//
//	server -certs DIRECTORY -port PORT -pidfile FILE
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

func readGeneration(certs string) (*tls.Config, error) {
	// current is followed once, so that the three files are of one generation.
	generation, err := filepath.EvalSymlinks(filepath.Join(certs, "current"))
	if err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(
		filepath.Join(generation, "tls.crt"), filepath.Join(generation, "tls.key"))
	if err != nil {
		return nil, err
	}
	bundle, err := os.ReadFile(filepath.Join(generation, "ca.crt"))
	if err != nil {
		return nil, err
	}
	clients := x509.NewCertPool()
	if !clients.AppendCertsFromPEM(bundle) {
		return nil, errors.New("ca.crt holds no certificate")
	}
	return &tls.Config{
		Certificates: []tls.Certificate{pair},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    clients,
		NextProtos:   []string{"h2", "http/1.1"},
	}, nil
}

func main() {
	certs := flag.String("certs", "", "directory that certpivot publishes in")
	port := flag.Int("port", 443, "port to listen on")
	pidfile := flag.String("pidfile", "", "file to write the process's number to")
	flag.Parse()

	first, err := readGeneration(*certs)
	if err != nil {
		log.Fatal(err)
	}
	var current atomic.Pointer[tls.Config]
	current.Store(first)

	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		for range hangups {
			next, err := readGeneration(*certs)
			if err != nil {
				// The old one stays. certpivot's probe notices, and goes back.
				log.Print("keeping the old certificate: ", err)
				continue
			}
			current.Store(next)
			log.Print("serving the new certificate")
		}
	}()
	if err := os.WriteFile(*pidfile, []byte(fmt.Sprintln(os.Getpid())), 0o644); err != nil {
		log.Fatal(err)
	}

	server := http.Server{
		Addr: fmt.Sprintf(":%d", *port),
		TLSConfig: &tls.Config{
			// Asked for each connection: the pair and the CAs of clients together.
			GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
				return current.Load(), nil
			},
			// ListenAndServeTLS wants one; it is never served.
			Certificates: first.Certificates,
		},
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(response, "served")
		}),
	}
	log.Fatal(server.ListenAndServeTLS("", ""))
}
