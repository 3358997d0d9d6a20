// Go: trust.pem is the bundle as PEM.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"os"
)

// Go finds the very certificate in the pool, before it looks for an issuer.
func trust(*tls.ClientHelloInfo) (*tls.Config, error) {
	pem, err := os.ReadFile("/etc/certway/trust.pem")
	if err != nil {
		return nil, err
	}
	server, err := tls.LoadX509KeyPair("/etc/certway/server.crt", "/etc/certway/server.key")
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return &tls.Config{
		Certificates: []tls.Certificate{server},
		ClientCAs:    pool,
		ClientAuth:   tls.RequireAndVerifyClientCert,
	}, nil
}

func main() {
	hello := http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		io.WriteString(response, "Hello, API Gateway.\n")
	})
	// The files are read for each connection, so that nothing has to be reloaded.
	server := http.Server{Addr: ":8443", Handler: hello, TLSConfig: &tls.Config{GetConfigForClient: trust}}
	log.Fatal(server.ListenAndServeTLS("/etc/certway/server.crt", "/etc/certway/server.key"))
}
