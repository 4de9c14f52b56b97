// The greeter in Go: what conformance/README.md asks of one, with fargo.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type greeter struct {
	registry *registry
	port     int
}

func main() {
	app := os.Getenv("APP")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	registry := newRegistry(os.Getenv("REGISTRY"), app, port, number("RENEW_EVERY_S", 30), number("LEASE_S", 90))
	greeter := &greeter{registry, port}
	passports := newPassports(app, registry.addresses)
	routes := http.NewServeMux()
	routes.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("UP")) })
	routes.Handle("/", inside(passports, greeter.handle))
	server := &http.Server{Handler: routes, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()

	told, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	registry.stay(told)
	// Whoever looked a moment ago still calls; those who poll do so for one more interval at least.
	time.Sleep(500 * time.Millisecond)
	patience, cancel := context.WithTimeout(context.Background(), defaultDeadline)
	defer cancel()
	_ = server.Shutdown(patience)
}

func (g *greeter) handle(request *asked, r *http.Request) (any, error) {
	app := r.URL.Query().Get("app")
	switch path.Base(r.URL.Path) {
	case "hello":
		return g.hello(request, r)
	case "call":
		called, err := g.call(request, app, "/greetings/"+strings.ToLower(app)+"/hello")
		return map[string]any{"language": "go", "called": called}, err
	case "seen":
		return map[string]any{"items": g.registry.seen(app)}, nil
	}
	return nil, refusal{http.StatusNotFound, "not-found"}
}

func (g *greeter) hello(request *asked, r *http.Request) (any, error) {
	// Work, as far as there is time for it.
	work, _ := strconv.Atoi(r.URL.Query().Get("work_ms"))
	select {
	case <-time.After(time.Duration(work) * time.Millisecond):
	case <-request.Done():
		return nil, request.Err()
	}
	return map[string]any{
		"language": "go", "port": g.port, "subject": request.subject, "trace": request.trace,
		"request_id": request.id, "deadline_ms": request.leftMs(),
	}, nil
}

// call asks another service, found by its name.
func (g *greeter) call(request *asked, app, path string) (any, error) {
	found := g.registry.addresses(app)
	if len(found) == 0 {
		return nil, refusal{http.StatusServiceUnavailable, "nobody-there"}
	}
	url := fmt.Sprintf("http://%s%s", found[rand.Intn(len(found))], path)
	outgoing, err := http.NewRequestWithContext(request, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.onward(outgoing)
	answer, err := http.DefaultClient.Do(outgoing)
	if err != nil {
		return nil, refusal{http.StatusBadGateway, "call-failed"}
	}
	defer answer.Body.Close()
	var body any
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil || answer.StatusCode != http.StatusOK {
		return nil, refusal{http.StatusBadGateway, "call-failed"}
	}
	return body, nil
}

func number(name string, otherwise int) int {
	if value, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return value
	}
	return otherwise
}
